#include "training/records/http.h"

#include "engine/base/freed.h"
#include "engine/base/result.h"

#include <curl/curl.h>

#include <algorithm>
#include <cmath>

namespace records {

namespace {

using base::Freed;
using Curl = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Url = std::unique_ptr<CURLU, Freed<curl_url_cleanup>>;
using Headers = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;
using CurlText = std::unique_ptr<char, Freed<curl_free>>;

/// libcurl prepares itself once.
void make_ready() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    CHECK(ready);
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    const CurlText owned(text);
    return text;
}

struct Taking {
    HttpAnswer& answer;
    size_t most;
};
size_t take_answer(char* data, size_t size, size_t count, void* into) {
    Taking& taking = *static_cast<Taking*>(into);
    const size_t room = taking.most - taking.answer.body.size(), bytes = size * count;
    taking.answer.body.append(data, std::min(room, bytes));
    if (bytes > room) taking.answer.whole = false;
    return bytes <= room ? bytes : CURL_WRITEFUNC_ERROR;
}

HttpAnswer::Reach reach_of(CURLcode code) {
    using enum HttpAnswer::Reach;
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) return nobody;
    return code == CURLE_PEER_FAILED_VERIFICATION ? stranger : broke_off;
}

}  // namespace

struct Http::State {
    Curl curl;
};

Http::Http() {
    make_ready();
    state_ = std::make_unique<State>(State{Curl(curl_easy_init())});
    CHECK(state_->curl != nullptr);
}
Http::~Http() = default;

HttpAnswer Http::send(const HttpRequest& request) {
    CURL* curl = state_->curl.get();
    curl_easy_reset(curl);  // keeps the connection
    Headers headers(curl_slist_append(nullptr, "Expect:"));
    for (const std::string& more : request.headers) headers.reset(curl_slist_append(headers.release(), more.c_str()));
    HttpAnswer answer;
    Taking taking{answer, request.most_answer};
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(request.patience.connect_s));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, std::lround(1e3 * (request.patience.connect_s + request.patience.answer_s)));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &taking);
    if (!request.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, request.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, request.password.c_str());
    }
    const CURLcode done = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (done == CURLE_OK || (done == CURLE_WRITE_ERROR && !answer.whole)) return answer;
    answer.reach = reach_of(done);
    answer.trouble = curl_easy_strerror(done);
    return answer;
}

std::string url_escaped(const std::string& text) {
    const CurlText escaped(curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())));
    CHECK(escaped != nullptr);
    return escaped.get();
}

bool HttpAddress::is_this_machine() const {
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

std::optional<HttpAddress> parse_address(const std::string& text) {
    make_ready();
    const Url url(curl_url());
    if (text.find_first_of(" \t\r\n") != std::string::npos || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
    HttpAddress address{part_of(url.get(), CURLUPART_SCHEME), part_of(url.get(), CURLUPART_HOST), part_of(url.get(), CURLUPART_USER, CURLU_URLDECODE),
                        part_of(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE), {}};
    if (address.host.empty() || (address.scheme != "https" && address.scheme != "http")) return std::nullopt;
    for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) curl_url_set(url.get(), part, nullptr, 0);
    address.plain = part_of(url.get(), CURLUPART_URL);
    while (address.plain.ends_with('/')) address.plain.pop_back();
    return address;
}

}  // namespace records
