#include "tests/fuzz/fuzz_target.h"
#include "tests/scenarios/stamping_authority.h"
#include "training/core/time_stamp.h"

namespace fuzz {

namespace {

const scenario::StampingAuthority& authority() {
    static const scenario::StampingAuthority made;
    return made;
}
const training::StampRequest& request() {
    static const training::StampRequest made = training::stamp_request(base::sha256(std::string_view("a closing document")));
    return made;
}
const std::vector<training::Authority>& trusted() {
    static const std::vector<training::Authority> made = {*training::parse_authority(authority().root_pem(), "root.pem")};
    return made;
}

bool is_sentence(const std::string& words) {
    return !words.empty() && words.find('\n') == std::string::npos;
}

/// Any bytes as an authority's answer, and as the stamp in a recording. What is taken was signed by the authority for our hash.
bool accepts(std::span<const uint8_t> bytes) {
    const auto kept = training::read_stamp(as_text(bytes), request().hash, trusted());
    CHECK(kept ? is_sentence(kept->by) && kept->time.size() == 20 : is_sentence(kept.error().message));
    const auto token = training::accept_stamp(bytes, request(), trusted());
    if (!token) {
        CHECK(is_sentence(token.error().message));
        return kept && kept->trusted;
    }
    const auto stamp = training::read_stamp(*token, request().hash, trusted());
    CHECK(stamp && stamp->trusted && stamp->by == "Test Time");
    return true;
}

}  // namespace

Target time_stamp() {
    const std::string answer = authority().answer({reinterpret_cast<const char*>(request().bytes.data()), request().bytes.size()});
    const auto token = training::accept_stamp(as_bytes(answer), request(), trusted());
    CHECK(static_cast<bool>(token));
    return {"time_stamp", {as_bytes(answer), as_bytes(*token)}, accepts, 1000, false};
}

}  // namespace fuzz

FUZZ_PROGRAM(time_stamp)
