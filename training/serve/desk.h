#pragma once

// The desk in a browser: which page there is at which address, who may see it, and what it says. Knows of requests and answers,
// not of sockets (server.h). It reads the store and changes nothing in it.
//
//   /                     cohorts
//   /cohort?name=         its candidates: sort, order, part, page
//   /candidate?code=      sessions, scores over time: page
//   /unnamed              sessions that name no candidate: page
//   /session?id=          scores line by line, faults, decisions and their history
//   /report?id=           the report with its pictures, where the recording lies here
//   /compare?a=&b=        two sessions side by side
//   /results.csv?cohort=|candidate=|unnamed=1      instructors and examiners
//   /audit, /audit.csv    all decisions; auditors
//   /scene?id=            the same recording's face and punctures for scene.js (scene.h): no page, bytes
//   /sign-in, /sign-out, /desk.css, /scene.js, /three.js
//
// What comes back is called training evidence, never a certificate.

#include "training/records/store.h"
#include "training/serve/address.h"
#include "training/serve/sign_in.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace serve {

/// What a browser asks for.
struct Asked {
    std::string method;        ///< "GET", "HEAD", "POST", …
    std::string path;          ///< as it was sent, without what stands behind the question mark; not decoded
    std::string query, body;   ///< still encoded
    std::string host, origin, cookie, content_type, accept_language, fetch_site, accept_encoding;  ///< headers; empty where there is none
    std::string address;       ///< of the other end
};

struct Answer {
    int status = 200;
    std::string type = "text/html; charset=utf-8", body;
    std::vector<std::pair<std::string, std::string>> headers;

    /// The first of this name; empty where there is none.
    std::string header(std::string_view name) const;
};

/// Which report, or which scene, is wanted; `evidence`: hash that the recording must have.
struct ReportWish {
    base::fs::path recording;
    std::string evidence, language;
};
using ReportMaker = std::function<base::Result<std::string>(const ReportWish&)>;

/// Where Debian's libjs-three has the library that draws scenes.
inline constexpr const char* kThree = "/usr/share/javascript/three/three.min.js";

struct DeskSettings {
    base::Places places;          ///< content: words, rubrics, the style sheet
    records::Place store;
    base::fs::path accounts;
    base::fs::path sessions;      ///< folder of recordings; empty = no reports
    ReportMaker report;           ///< makes a report's page; may take long; called one at a time
    bool tls = false;             ///< cookies only travel encrypted, and any host's name is good
    SignInLimits limits = {};
    Clock clock = steady_seconds;
    ReportMaker scene = {};       ///< makes scene()'s bytes; one at a time with reports
    base::fs::path three = {};    ///< three.js; empty or missing = sessions are shown without a scene
};

/// From any thread.
class Desk {
  public:
    /// Reads words and styles, and looks whether the store answers.
    static base::Result<std::unique_ptr<Desk>> open(DeskSettings settings);
    ~Desk();

    Answer answer(const Asked& asked);
    /// Statements put to the store so far.
    int64_t statements() const;

  private:
    struct Inside;
    explicit Desk(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace serve
