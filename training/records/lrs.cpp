#include "training/records/lrs.h"

#include "training/records/http.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace records {

namespace {

using Json = nlohmann::json;

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
    const std::optional<HttpAddress> address = parse_address(text);
    if (!address)
        return base::error("the learning record store's address cannot be read; give it as https://NAME:PASSWORD@HOST/PATH, with %40 for @ and %2F for / in name and password");
    if (address->scheme == "http" && !address->is_this_machine())
        return base::error("the learning record store at {} is asked for without encryption; give an address that begins with https://", address->host);
    return LrsPlace{.endpoint = address->plain, .user = address->user, .password = address->password, .patience = patience};
}

struct LrsTransport::State {
    explicit State(LrsPlace where) : place(std::move(where)) {}
    LrsPlace place;
    Http http;
};

LrsTransport::LrsTransport(LrsPlace place) : state_(std::make_unique<State>(std::move(place))) {}
LrsTransport::~LrsTransport() = default;

Receipt LrsTransport::deliver(const OutboxEntry& entry) {
    const LrsPlace& place = state_->place;
    const Json payload = Json::parse(entry.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("content_type") || !payload.contains("body") || !payload["content_type"].is_string() || !payload["body"].is_string())
        return {Kept::refused, fmt::format("the outbox's entry {} is no statement", entry.id)};
    HttpAnswer answer = state_->http.send({.method = "PUT",
                                           .url = fmt::format("{}/statements?statementId={}", place.endpoint, url_escaped(entry.id)),
                                           .body = payload["body"],
                                           .headers = {"Content-Type: " + payload["content_type"].get<std::string>(), "X-Experience-API-Version: 1.0.3"},
                                           .user = place.user,
                                           .password = place.password,
                                           .patience = place.patience});
    if (answer.reach != HttpAnswer::Reach::answered) {
        const bool nobody = answer.reach == HttpAnswer::Reach::nobody, stranger = answer.reach == HttpAnswer::Reach::stranger;
        return {nobody ? Kept::unreachable : stranger ? Kept::forbidden : Kept::interrupted,
                fmt::format("the learning record store at {} cannot be reached: {}; nothing is lost, it is sent later", place.endpoint, answer.trouble)};
    }
    std::ranges::replace_if(answer.body, [](char c) { return static_cast<uint8_t>(c) < 0x20; }, ' ');
    return receipt_for(answer.status, fmt::format("the learning record store at {} answered {} to statement {}{}{}", place.endpoint, answer.status, entry.id,
                                                  answer.body.empty() ? "" : ": ", answer.body));
}

}  // namespace records
