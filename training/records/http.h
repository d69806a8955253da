#pragma once

// One request over HTTP (libcurl), and what came of it.

#include "training/records/place.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace records {

/// Only http and https; nobody is followed to another address.
struct HttpRequest {
    std::string method = "POST", url = {}, body = {};
    std::vector<std::string> headers = {};      ///< "Content-Type: application/json"
    std::string user = {}, password = {};  ///< HTTP Basic; empty = none
    Patience patience = {};
    size_t most_answer = 300;  ///< bytes kept of the answer; what is more is not read on
};
struct HttpAnswer {
    enum class Reach : uint8_t {
        answered,
        nobody,    ///< nobody answered; nothing was under way
        stranger,  ///< somebody whose certificate does not hold
        broke_off  ///< broke off, or came too late
    };
    Reach reach = Reach::answered;
    long status = 0;   ///< answered
    std::string body;  ///< its beginning
    bool whole = true;  ///< `body` is all of it
    std::string trouble;  ///< otherwise, in libcurl's words
};

/// Keeps the connection for the next request. One thread.
class Http {
  public:
    Http();
    ~Http();
    HttpAnswer send(const HttpRequest& request);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A text as part of a URL.
std::string url_escaped(const std::string& text);

/// An address that was taken apart; `plain` is it without name, password, query, fragment and slash at its end.
struct HttpAddress {
    std::string scheme, host, user, password, plain;
    bool is_this_machine() const;
};
/// None where it cannot be read, or is neither http nor https.
std::optional<HttpAddress> parse_address(const std::string& url);

}  // namespace records
