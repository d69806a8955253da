#include "training/records/record.h"

#include "engine/base/hash.h"
#include "engine/base/utf8.h"
#include "training/core/json_text.h"
#include "training/core/recording.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace records {

namespace {

using nlohmann::json;

constexpr size_t kHashDigits = 64;

bool is_hash(std::string_view text) {
    return text.size() == kHashDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// One field and what it may hold.
struct Field {
    const char* name;
    std::string_view text;
    size_t most;
    bool needed = true;
};

base::Status check_text(const Field& field) {
    if (field.needed && field.text.empty()) return base::error("the {} is empty; give one", field.name);
    if (field.text.size() > field.most)
        return base::error("the {} has {} bytes, more than the {} that are kept; shorten it", field.name, field.text.size(), field.most);
    if (field.text.find('\0') != std::string_view::npos) return base::error("the {} holds a zero byte; leave it out", field.name);
    if (const auto offset = base::first_invalid_utf8(field.text))
        return base::error("the {}'s byte {} is not UTF-8 text; give it as UTF-8", field.name, *offset);
    return {};
}

/// A text of one line that is shown as it is.
base::Status check_name(const Field& field) {
    if (base::Status text = check_text(field); !text) return text;
    if (!base::is_plain(field.text)) return base::error("the {} holds control letters; give letters, digits and signs", field.name);
    return {};
}

base::Status check_hash(const char* name, std::string_view text) {
    if (is_hash(text)) return {};
    return base::error("the {} is not a hash of {} small hexadecimal digits; take it from `evenhand score --json`", name, kHashDigits);
}

base::Status check_number(const char* name, int64_t value, int64_t low, int64_t high) {
    if (value >= low && value <= high) return {};
    return base::error("the {} is {}, outside {} to {}", name, value, low, high);
}

base::Status first_fault(std::initializer_list<base::Status> checks) {
    const auto fault = std::find_if(checks.begin(), checks.end(), [](const base::Status& status) { return !status; });
    return fault == checks.end() ? base::Status() : *fault;
}

base::Status check_code(std::string_view code, bool needed) {
    if (base::Status text = check_text({"candidate's code", code, kMostCode, needed}); !text) return text;
    return training::check_trainee(code);
}

base::Status check_session(const Session& session) {
    return first_fault({
        check_hash("evidence", session.evidence), check_hash("session's rubric", session.rubric),
        check_name({"case", session.case_id, kMostName}), check_name({"device", session.device_id, kMostName}),
        check_name({"start", session.started, kMostName}), check_name({"source", session.source, kMostSource}),
        check_code(session.candidate, session.kind == SessionKind::exam),
        check_name({"station", session.station, kMostName, false}), check_number("attempt", session.attempt, 1, kMostAttempts),
        check_text({"recording's place", session.recording, kMostPath, false})});
}

base::Status check_rubric(const RubricVersion& rubric) {
    const base::Status texts = first_fault({
        check_name({"rubric's id", rubric.id, kMostName}), check_name({"rubric's version", rubric.version, kMostName, false}),
        check_text({"rubric's text", rubric.text, kMostRubric})});
    if (!texts) return texts;
    if (base::sha256(std::string_view(rubric.text)).hex() != rubric.hash)
        return base::error("the rubric's text is not the one of its hash {}; hand it in as it was", rubric.hash);
    return {};
}

base::Status check_score(const ScoreRow& score) {
    return first_fault({check_hash("scope", score.scope), check_number("total", score.total, 0, kMostPoints),
                        check_number("pass mark", score.pass_mark, 0, kMostPoints),
                        check_text({"score's document", score.document, kMostDocument})});
}

json json_of(const Session& s) {
    return {{"evidence", s.evidence},   {"case", s.case_id},         {"device", s.device_id}, {"rubric", s.rubric},
            {"started", s.started},     {"source", s.source},        {"candidate", s.candidate}, {"station", s.station},
            {"attempt", s.attempt},     {"kind", kind_name(s.kind)}, {"recording", s.recording}};
}

json json_of(const RubricVersion& r) {
    return {{"hash", r.hash}, {"id", r.id}, {"version", r.version}, {"text", r.text}};
}

json json_of(const ScoreRow& s) {
    return {{"evidence", s.evidence}, {"rubric", s.rubric}, {"scope", s.scope},      {"total", s.total},
            {"pass_mark", s.pass_mark}, {"pass", s.pass},   {"document", s.document}};
}

/// A number with a fraction, or in another form, is none of ours.
int64_t whole(const json& number) {
    if (!number.is_number_integer()) throw json::other_error::create(501, "a whole number is needed", nullptr);
    return number.get<int64_t>();
}

SessionKind kind_of(const std::string& name) {
    if (name == "exam") return SessionKind::exam;
    if (name != "practice") throw json::other_error::create(501, "kind", nullptr);
    return SessionKind::practice;
}

Session session_of(const json& j) {
    return {j.at("evidence"), j.at("case"),      j.at("device"),  j.at("rubric"),  j.at("started"),
            j.at("source"),   j.at("candidate"), j.at("station"), whole(j.at("attempt")), kind_of(j.at("kind")),
            j.at("recording")};
}

/// What `read` makes of the JSON, checked.
template <typename Read>
auto parse(std::string_view text, Read read) -> base::Result<decltype(read(json()))> {
    try {
        auto value = read(json::parse(text));
        if (base::Status fit = check(value); !fit) return fit.error();
        return value;
    } catch (const json::exception&) {
        return base::error("what was handed in is not of the form of docs/records.md; hand it in anew");
    }
}

}  // namespace

const char* kind_name(SessionKind kind) {
    return kind == SessionKind::exam ? "exam" : "practice";
}

base::Status check(const Candidate& candidate) {
    return first_fault({check_code(candidate.code, true), check_name({"cohort", candidate.cohort, kMostName, false})});
}

base::Status check(const SessionResult& result) {
    const base::Status parts = first_fault({check_session(result.session), check_rubric(result.rubric), check_score(result.score)});
    if (!parts) return parts;
    if (result.score.evidence != result.session.evidence || result.score.rubric != result.rubric.hash)
        return base::error("session, rubric and score speak of different sessions; hand in what belongs together");
    if (result.session.rubric != result.rubric.hash)
        return base::error("the session names another rubric than its score; hand in what belongs together");
    return {};
}

base::Status check(const Decision& decision) {
    const base::Status texts = first_fault({
        check_hash("session", decision.evidence), check_name({"examiner's name", decision.examiner, kMostName}),
        check_text({"reason", decision.reason, kMostReason}), check_text({"time of decision", decision.decided, kMostName}),
        check_text({"decision that is replaced", decision.replaces, kMostName, false})});
    if (!texts) return texts;
    if (decision.verdict != "pass" && decision.verdict != "fail" && decision.verdict != "void")
        return base::error("a decision is pass, fail or void; give one of them");
    if (decision.id != decision_id(decision)) return base::error("the decision's id does not follow from what it says; make it anew");
    return {};
}

std::string digest_of(const Session& s) {
    return base::Hasher().text("session").text(s.evidence).text(s.case_id).text(s.device_id).text(s.started).text(s.source)
        .text(s.candidate).value(s.attempt).text(kind_name(s.kind)).finish().hex();
}

std::string digest_of(const ScoreRow& s) {
    return base::Hasher().text("score").text(s.evidence).text(s.rubric).text(s.scope).value(s.total).value(s.pass_mark)
        .text(s.pass ? "pass" : "fail").text(s.document).finish().hex();
}

std::string digest_of(const Decision& d) {
    return base::Hasher().text("decision").text(d.evidence).text(d.examiner).text(d.verdict).text(d.reason).text(d.replaces).finish().hex();
}

std::string id_of(std::string_view kind, std::string_view name) {
    base::Hash hash = base::Hasher().text("evenhand id").text(kind).text(name).finish();
    // Marked as version 5, by name: the nearest that validators know, though the hash is SHA-256.
    hash.bytes[6] = static_cast<uint8_t>((hash.bytes[6] & 0x0f) | 0x50);
    hash.bytes[8] = static_cast<uint8_t>((hash.bytes[8] & 0x3f) | 0x80);
    const std::string h = hash.hex();
    return fmt::format("{}-{}-{}-{}-{}", h.substr(0, 8), h.substr(8, 4), h.substr(12, 4), h.substr(16, 4), h.substr(20, 12));
}

std::string decision_id(const Decision& decision) {
    return id_of("decision", digest_of(decision));
}

std::string to_json(const SessionResult& result) {
    return training::json_text(json{{"session", json_of(result.session)}, {"rubric", json_of(result.rubric)}, {"score", json_of(result.score)}});
}

std::string to_json(const Decision& d) {
    return training::json_text(json{{"id", d.id}, {"evidence", d.evidence}, {"examiner", d.examiner}, {"verdict", d.verdict},
                {"reason", d.reason}, {"decided", d.decided}, {"replaces", d.replaces}});
}

base::Result<SessionResult> result_from_json(std::string_view text) {
    return parse(text, [](const json& j) {
        const json &r = j.at("rubric"), &s = j.at("score");
        return SessionResult{session_of(j.at("session")),
                             {r.at("hash"), r.at("id"), r.at("version"), r.at("text")},
                             {s.at("evidence"), s.at("rubric"), s.at("scope"), whole(s.at("total")), whole(s.at("pass_mark")), s.at("pass"), s.at("document")}};
    });
}

base::Result<Decision> decision_from_json(std::string_view text) {
    return parse(text, [](const json& j) {
        return Decision{j.at("id"), j.at("evidence"), j.at("examiner"), j.at("verdict"), j.at("reason"), j.at("decided"), j.at("replaces")};
    });
}

}  // namespace records
