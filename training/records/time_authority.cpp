#include "training/records/time_authority.h"

#include "training/core/recording.h"
#include "training/records/http.h"

namespace records {

namespace {

std::string words_for(const training::Stamp& stamp) {
    return fmt::format("stamped at {} by {}{}", stamp.time, stamp.by, stamp.trusted ? "" : ", whom nobody here trusts");
}

/// The authority's answer to a request, as it came.
base::Result<std::string> ask(const std::string& url, const training::StampRequest& request, Patience patience) {
    Http http;
    HttpAnswer answer = http.send({.method = "POST",
                                   .url = url,
                                   .body = std::string(request.bytes.begin(), request.bytes.end()),
                                   .headers = {"Content-Type: application/timestamp-query", "Accept: application/timestamp-reply"},
                                   .patience = patience,
                                   .most_answer = training::kMostStamp});
    if (answer.reach != HttpAnswer::Reach::answered) return base::error("cannot be reached: {}", answer.trouble);
    if (answer.status != 200) return base::error("answered {}", answer.status);
    if (!answer.whole) return base::error("answered more than a time stamp may be");
    return std::move(answer.body);
}

}  // namespace

base::Result<std::string> stamp_recording(const base::fs::path& file, const std::string& url, const training::Trust& trust, Patience patience) {
    const base::Result<training::Recording> recording = training::load_recording(file);
    if (!recording) return recording.error();
    if (!recording->seal || recording->seal->closing.empty())
        return base::error("{}: is no sealed session that was closed; there is nothing to stamp", file.string());
    const base::Hash hash = base::sha256(recording->seal->closing);
    if (const std::string& there = recording->seal->stamp; !there.empty())
        if (const auto stamp = training::read_stamp(there, hash, trust.authorities)) return words_for(*stamp) + " before";
    const std::optional<HttpAddress> address = parse_address(url);
    if (!address) return base::error("the time-stamping authority's address cannot be read; give it as https://HOST/PATH");
    const auto refused = [&](const base::Error& why) {
        return base::error("{}: is not stamped: the time-stamping authority at {}: {}; nothing is lost, try again with `evenhand stamp`", file.string(), address->plain, why);
    };
    const training::StampRequest request = training::stamp_request(hash);
    const auto answer = ask(url, request, patience);
    if (!answer) return refused(answer.error());
    const auto token = training::accept_stamp(std::span(reinterpret_cast<const uint8_t*>(answer->data()), answer->size()), request, trust.authorities);
    if (!token) return refused(token.error());
    if (base::Status kept = training::keep_stamp(file, *token); !kept) return kept.error();
    return words_for(*training::read_stamp(*token, hash, trust.authorities));
}

}  // namespace records
