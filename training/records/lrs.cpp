#include "training/records/lrs.h"

#include "engine/base/freed.h"

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace records {

namespace {

using Json = nlohmann::json;

using base::Freed;
using Curl = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Url = std::unique_ptr<CURLU, Freed<curl_url_cleanup>>;
using Headers = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;

/// libcurl prepares itself once.
void make_ready() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    CHECK(ready);
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    const std::unique_ptr<char, Freed<curl_free>> owned(text);
    return text;
}

bool is_this_machine(const std::string& host) {
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

/// The beginning of what the store says, on one line.
constexpr size_t kMostAnswer = 300;
size_t take_answer(char* data, size_t size, size_t count, void* into) {
    std::string& answer = *static_cast<std::string*>(into);
    for (size_t i = 0; i < size * count && answer.size() < kMostAnswer; ++i)
        answer += static_cast<uint8_t>(data[i]) < 0x20 ? ' ' : data[i];
    return size * count;
}

/// What a status says of a statement; `told`: "the learning record store … answered 400: …".
Receipt receipt_for(long status, const std::string& told) {
    if ((status >= 200 && status < 300) || status == 409) return {status == 409 ? Kept::known : Kept::added, {}};
    if (status == 401 || status == 403) return {Kept::forbidden, told + "; check name and password"};
    if (status == 404 || (status >= 300 && status < 400)) return {Kept::forbidden, told + "; check its address"};
    if (status == 408 || status == 425 || status == 429 || status >= 500) return {Kept::interrupted, told + "; it is tried again"};
    return {Kept::refused, told};
}

}  // namespace

OutboxEntry statement_entry(const std::string& id, const std::string& content_type, const std::string& body) {
    return {id, kStatementKind, Json{{"content_type", content_type}, {"body", body}}.dump()};
}

base::Result<LrsPlace> parse_lrs(const std::string& text, Patience patience) {
    make_ready();
    const Url url(curl_url());
    const bool read = text.find_first_of(" \t\r\n") == std::string::npos && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
    const std::string scheme = part_of(url.get(), CURLUPART_SCHEME), host = part_of(url.get(), CURLUPART_HOST);
    if (!read || host.empty() || (scheme != "https" && scheme != "http"))
        return base::error("the learning record store's address cannot be read; give it as https://NAME:PASSWORD@HOST/PATH, with %40 for @ and %2F for / in name and password");
    if (scheme == "http" && !is_this_machine(host))
        return base::error("the learning record store at {} is asked for without encryption; give an address that begins with https://", host);
    LrsPlace place{.endpoint = {}, .user = part_of(url.get(), CURLUPART_USER, CURLU_URLDECODE), .password = part_of(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE), .patience = patience};
    for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) curl_url_set(url.get(), part, nullptr, 0);
    place.endpoint = part_of(url.get(), CURLUPART_URL);
    while (place.endpoint.ends_with('/')) place.endpoint.pop_back();
    return place;
}

struct LrsTransport::State {
    LrsPlace place;
    Curl curl;
};

LrsTransport::LrsTransport(LrsPlace place) {
    make_ready();
    state_ = std::make_unique<State>(State{std::move(place), Curl(curl_easy_init())});
    CHECK(state_->curl != nullptr);
}
LrsTransport::~LrsTransport() = default;

Receipt LrsTransport::deliver(const OutboxEntry& entry) {
    const LrsPlace& place = state_->place;
    CURL* curl = state_->curl.get();
    const Json payload = Json::parse(entry.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("content_type") || !payload.contains("body") || !payload["content_type"].is_string() || !payload["body"].is_string())
        return {Kept::refused, fmt::format("the outbox's entry {} is no statement", entry.id)};
    const std::string body = payload["body"], type = "Content-Type: " + payload["content_type"].get<std::string>();
    curl_easy_reset(curl);  // keeps the connection
    const std::unique_ptr<char, Freed<curl_free>> id(curl_easy_escape(curl, entry.id.c_str(), static_cast<int>(entry.id.size())));
    const std::string url = fmt::format("{}/statements?statementId={}", place.endpoint, id.get());
    Headers headers(curl_slist_append(nullptr, type.c_str()));
    for (const char* more : {"X-Experience-API-Version: 1.0.3", "Expect:"}) headers.reset(curl_slist_append(headers.release(), more));
    std::string answer;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(place.patience.connect_s));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, std::lround(1e3 * (place.patience.connect_s + place.patience.answer_s)));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (!place.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, place.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, place.password.c_str());
    }
    const CURLcode done = curl_easy_perform(curl);
    if (done != CURLE_OK) {
        const bool nobody = done == CURLE_COULDNT_CONNECT || done == CURLE_COULDNT_RESOLVE_HOST || done == CURLE_COULDNT_RESOLVE_PROXY;
        const bool wrong_certificate = done == CURLE_PEER_FAILED_VERIFICATION;
        return {nobody ? Kept::unreachable : wrong_certificate ? Kept::forbidden : Kept::interrupted,
                fmt::format("the learning record store at {} cannot be reached: {}; nothing is lost, it is sent later", place.endpoint, curl_easy_strerror(done))};
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return receipt_for(status, fmt::format("the learning record store at {} answered {} to statement {}{}{}", place.endpoint, status, entry.id,
                                           answer.empty() ? "" : ": ", answer));
}

}  // namespace records
