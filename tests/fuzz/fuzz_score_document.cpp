#include "tests/fuzz/fuzz_target.h"
#include "training/serve/pages.h"

// The score of a session as a station sent it, on the pages that show it: whatever stands there, it is shown as text.

namespace fuzz {

namespace {

constexpr const char* kMark = "<x-";  // no page of ours has such an element

constexpr const char* kDocument = R"({"total":6000,"pass":false,"finished":false,"pass_mark":8000,"failures":["the total of 60.00 is below the pass mark of 80.00","the total of 60.00 <x-a> is below"],"criteria":[
  {"id":"coverage","value":97.125,"unit":"%","points":1800,"max":1800,"verdict":"target","reason":"","note":"<x-b>","below_floor":false},
  {"id":"<x-c>","value":14.2,"unit":"<x-d>","points":300,"max":1200,"verdict":"<x-e>","reason":"periorbital: <x-f>","note":"","below_floor":true},
  {"id":"depth","value":null,"unit":"%","points":null,"max":1000,"verdict":"not_assessed","reason":"","note":"","below_floor":false}]})";

const serve::Tongue& tongue() {
    static const serve::Tongue spanish = [] {
        base::Places places;
        places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
        places.language = "es";
        return serve::Tongue{"es", training::Phrases::load(places, "es").value(), {}, training::Retelling::load(places).value()};
    }();
    return spanish;
}

records::SessionResult result_with(std::string_view document) {
    const std::string hash(64, 'a');
    return {{hash, "demo", "pen-12", hash, "2026-11-21T09:30:05Z", "mouse", "A-17", "room 2", 1, records::SessionKind::exam, "/x.evh"},
            {hash, "provisional", "1", ""},
            {hash, hash, hash, 6000, 8000, false, std::string(document)}};
}

/// Whether a table of its lines came of it.
bool accepts(std::span<const uint8_t> bytes) {
    const records::SessionResult result = result_with(as_text(bytes)), sound = result_with(kDocument);
    serve::Page session{tongue()}, beside{tongue()};
    serve::add_session(session, std::vector{result}, {}, false, false);
    serve::add_comparison(beside, result, sound);
    serve::add_comparison(beside, sound, result);
    for (const std::string& html : {session.body, beside.body}) {
        CHECK(html.find(kMark) == std::string::npos, html);
        CHECK(html.find('\0') == std::string::npos);
    }
    return session.body.find("<table>") != std::string::npos;
}

}  // namespace

Target score_document() {
    return {"score_document", {as_bytes(kDocument), as_bytes(R"({"criteria":[],"failures":[],"finished":true})")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(score_document)
