#include "training/core/xapi.h"

#include "training/core/json_text.h"

#include "training/core/jws.h"
#include "training/core/utc.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace training {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kVerbs = "http://adlnet.gov/expapi/verbs/";
constexpr const char* kTerms = "urn:evenhand:xapi:";  // of the extensions

std::string text_of(const Json& json) {
    return json_text(json);
}

base::Hash hash_of(std::initializer_list<std::string_view> parts) {
    base::Hasher hasher;
    for (const std::string_view part : parts) hasher.text(part);
    return hasher.finish();
}

/// `total`: hundredths.
Json score_of(int32_t total) {
    return {{"scaled", total / 1e4}, {"raw", total / 1e2}, {"min", 0}, {"max", 100}};
}

Json actor_of(const XapiFrame& frame) {
    return {{"objectType", "Agent"}, {"account", {{"homePage", frame.home}, {"name", frame.actor}}}};
}

Json verb_of(const char* verb) {
    return {{"id", fmt::format("{}{}", kVerbs, verb)}, {"display", {{"en", verb}}}};
}

/// What all statements of a session have in common.
std::string registration_of(const base::Hash& evidence) {
    return uuid_of(hash_of({"registration", evidence.hex()}));
}

/// Each attempt with the registration of its own statements.
Json attempts_of(const ExamResult& result) {
    Json attempts = Json::array();
    for (const ExamAttempt& attempt : result.attempts)
        attempts.push_back({{"attempt", attempt.number}, {"registration", registration_of(attempt.evidence)}, {"raw", attempt.total / 1e2}, {"gates", attempt.gates.size()}});
    return attempts;
}

/// Points and measured values by criterion; what was not assessed is absent, as nothing is known of it.
Json criteria_of(const Score& score) {
    Json criteria = Json::object();
    for (const CriterionScore& line : score.criteria) {
        if (!line.points) continue;
        Json told = {{"points", *line.points / 1e2}, {"max", line.max / 1e2}, {"verdict", verdict_name(line.verdict)}};
        if (line.value) {
            told["value"] = static_cast<double>(*line.value) / 1e3;
            told["unit"] = line.criterion.unit;
        }
        criteria[line.criterion.id] = std::move(told);
    }
    return criteria;
}

/// What is the same in all statements of a session.
class Teller {
  public:
    Teller(const Recording& recording, const Score& score, const XapiFrame& frame) : recording_(recording), score_(score), frame_(frame) {}

    /// `result`: null = none. At the session's end, or its start.
    XapiStatement statement(const char* verb, Json result, bool at_end) const {
        const std::string id = uuid_of(hash_of({verb, score_.evidence.hex(), score_.rubric.hex(), frame_.home, frame_.actor}));
        const std::string& practice = recording_.header.case_id;
        Json json = {{"id", id},
                     {"actor", actor_of(frame_)},
                     {"verb", verb_of(verb)},
                     {"object",
                      {{"objectType", "Activity"},
                       {"id", "urn:evenhand:case:" + practice},
                       {"definition",
                        {{"type", "http://adlnet.gov/expapi/activities/simulation"}, {"name", {{"en", "Microneedling: " + practice}}}}}}}};
        if (!result.is_null()) json["result"] = std::move(result);
        json["context"] = context();
        if (const auto started = seconds_of(recording_.header.started))
            json["timestamp"] = utc_of(*started + (at_end ? static_cast<int64_t>(recording_.duration()) : 0));
        json["version"] = "1.0.3";
        return {id, text_of(json)};
    }

  private:
    Json context() const {
        const RecordingHeader& header = recording_.header;
        return {{"registration", registration_of(score_.evidence)},
                {"platform", frame_.platform},
                {"language", frame_.language},
                {"extensions",
                 {{fmt::format("{}evidence", kTerms), score_.evidence.hex()},
                  {fmt::format("{}rubric", kTerms), score_.rubric.hex()},
                  {fmt::format("{}face", kTerms), score_.face.hex()},
                  {fmt::format("{}device", kTerms), score_.device.hex()},
                  {fmt::format("{}source", kTerms), header.source}}}};
    }

    const Recording& recording_;
    const Score& score_;
    const XapiFrame& frame_;
};

/// RFC 3987, as far as an account's home page may be: a scheme and something behind it, no blanks.
bool is_absolute_iri(std::string_view text) {
    const size_t colon = text.find(':');
    const auto of_scheme = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
    return colon != std::string_view::npos && colon > 0 && colon + 1 < text.size() && std::ranges::all_of(text.substr(0, colon), of_scheme) &&
           std::ranges::none_of(text, [](char c) { return static_cast<uint8_t>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>' || c == '"'; });
}

}  // namespace

base::Status check_frame(const XapiFrame& frame) {
    if (!is_absolute_iri(frame.home))
        return base::error("xAPI: \"{}\" is no address; give the school's, as https://school.example", frame.home);
    if (frame.actor.empty()) return base::error("xAPI: no code for the trainee; give one");
    return {};
}

std::string uuid_of(const base::Hash& hash) {
    std::string hex = hash.hex().substr(0, 32);
    hex[12] = '5';
    hex[16] = "89ab"[hash.bytes[8] >> 2 & 3];
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4), hex.substr(20, 12));
}

std::vector<XapiStatement> xapi_statements(const Recording& recording, const Score& score, const XapiFrame& frame) {
    CHECK(static_cast<bool>(check_frame(frame)));
    const Teller session(recording, score, frame);
    const std::string lasted = fmt::format("PT{:.2f}S", recording.duration());
    std::vector<XapiStatement> statements = {session.statement("attempted", nullptr, false)};
    statements.push_back(session.statement(
        "scored", {{"score", score_of(score.total)}, {"duration", lasted}, {"extensions", {{fmt::format("{}criteria", kTerms), criteria_of(score)}}}}, true));
    if (!recording.finished) return statements;
    const Json ended = {{"score", score_of(score.total)}, {"success", score.pass}, {"completion", true}, {"duration", lasted}};
    statements.push_back(session.statement(score.pass ? "passed" : "failed", ended, true));
    statements.push_back(session.statement("completed", ended, true));
    return statements;
}

std::optional<XapiStatement> xapi_statement(const ExamPackage& package, const ExamResult& result, const XapiFrame& frame) {
    CHECK(static_cast<bool>(check_frame(frame)));
    if (!result.holds() || result.attempts.empty()) return std::nullopt;
    const char* verb = result.pass ? "passed" : "failed";
    const base::Hash evidence = result.evidence();
    const std::string id = uuid_of(hash_of({"exam", verb, evidence.hex(), result.rubric.hex(), package.hash.hex(), frame.home, frame.actor}));
    const ExamAttempt& last = result.attempts.back();
    const Json group = {{"objectType", "Activity"}, {"id", fmt::format("urn:evenhand:package:{}:{}", package.id, package.hash.hex())}};
    const Json statement = {
        {"id", id},
        {"actor", actor_of(frame)},
        {"verb", verb_of(verb)},
        {"object",
         {{"objectType", "Activity"},
          {"id", "urn:evenhand:exam:" + package.id},
          {"definition", {{"type", "http://adlnet.gov/expapi/activities/assessment"}, {"name", {{"en", package.title}}}}}}},
        {"result",
         {{"score", score_of(result.mean)}, {"success", result.pass}, {"completion", std::ranges::none_of(result.attempts, &ExamAttempt::cut_off)}}},
        {"context",
         {{"registration", registration_of(evidence)},
          {"contextActivities", {{"grouping", Json::array({group})}}},
          {"platform", frame.platform},
          {"language", frame.language},
          {"extensions",
           {{fmt::format("{}evidence", kTerms), evidence.hex()},
            {fmt::format("{}rubric", kTerms), result.rubric.hex()},
            {fmt::format("{}package", kTerms), package.hash.hex()},
            {fmt::format("{}attempts", kTerms), attempts_of(result)}}}}},
        {"timestamp", last.ended.empty() ? last.started : last.ended},
        {"version", "1.0.3"}};
    return XapiStatement{id, text_of(statement)};
}

SignedXapi signed_xapi(const XapiStatement& statement, const RsaKey& key) {
    const std::string signature = key.sign({{"alg", "RS256"}, {"jwk", key.jwk()}}, statement.json);
    const std::string hash = base::sha256(std::string_view(signature)).hex();
    Json with = Json::parse(statement.json);
    with["attachments"] = Json::array({{{"usageType", "http://adlnet.gov/expapi/attachments/signature"},
                                        {"display", {{"en", "Signature"}}},
                                        {"contentType", "application/octet-stream"},
                                        {"length", signature.size()},
                                        {"sha2", hash}}});
    const std::string boundary = "evenhand-" + hash.substr(0, 32);
    SignedXapi sent;
    sent.content_type = "multipart/mixed; boundary=" + boundary;
    sent.body = fmt::format("--{0}\r\nContent-Type: application/json\r\n\r\n{1}\r\n--{0}\r\nContent-Type: application/octet-stream\r\n"
                            "Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {2}\r\n\r\n{3}\r\n--{0}--\r\n",
                            boundary, text_of(with), hash, signature);
    return sent;
}

}  // namespace training
