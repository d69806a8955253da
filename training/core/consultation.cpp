#include "training/core/consultation.h"

#include "engine/base/toml.h"
#include "engine/base/units.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

namespace training {
namespace {

constexpr std::array kActions = {"proceed", "caution", "avoid", "defer", "refer", "refuse"};
constexpr double kDeepest_mm = 3;  // no pen goes deeper (clinical.md 1.2)

/// The first mistake found in any table of a case.
struct Reading {
    std::string file;
    base::Status status;

    void keep(const base::TomlReader& reader) {
        if (base::Status found = reader.status(); status && !found) status = found;
    }
};

WholeSpan read_span(base::TomlReader& in, const char* key, int low, int high) {
    const std::vector<double> both = in.numbers(key, 2, low, high);
    if (both[0] > both[1]) in.refuse(key, "the second must not be less than the first");
    for (double one : both)
        if (one != static_cast<double>(static_cast<int>(one))) in.refuse(key, "must be whole numbers");
    return {static_cast<int>(both[0]), static_cast<int>(both[1])};
}

PatientRecord read_record(const toml::table& table, Reading& reading) {
    base::TomlReader in(table, reading.file);
    PatientRecord record;
    record.age = static_cast<int>(in.integer("age", 0, 120));
    record.sex = in.text("sex");
    record.occupation = in.text_or("occupation", "");
    record.wish = in.text("wish");
    record.allergies = in.text_or("allergies", "");
    record.medicines = in.text_or("medicines", "");
    record.history = in.text_or("history", "");
    record.treatments = in.text_or("treatments", "");
    record.pregnancy = in.text_or("pregnancy", "");
    reading.keep(in);
    return record;
}

/// An id in a procedure event's value: one word.
std::string read_id(base::TomlReader& in, std::set<std::string>& taken) {
    std::string id = in.text("id");
    const bool plain = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!plain) in.refuse("id", "must be made of a-z, 0-9, - and _");
    if (!taken.insert(id).second) in.refuse("id", "'{}' is taken", id);
    return id;
}

CaseQuestion read_question(const toml::table& table, Reading& reading, std::set<std::string>& taken) {
    base::TomlReader in(table, reading.file);
    CaseQuestion question;
    question.id = read_id(in, taken);
    question.ask = in.text_or("ask", "");
    question.answer = in.text("answer");
    question.flag = in.text_or("flag", "");
    question.at = in.where(in.has("flag") ? "flag" : "id");
    reading.keep(in);
    return question;
}

CaseFinding read_finding(const toml::table& table, Reading& reading, std::set<std::string>& taken) {
    base::TomlReader in(table, reading.file);
    CaseFinding finding;
    finding.id = read_id(in, taken);
    finding.zone = in.text_or("zone", "");
    finding.condition = in.text_or("condition", "");
    finding.words = in.text("words");
    finding.flag = in.text_or("flag", "");
    finding.at = in.where(in.has("flag") ? "flag" : "id");
    finding.zone_at = in.where("zone");
    if (finding.zone.empty() && finding.condition.empty()) in.refuse("zone", "missing; give a zone, a condition or both");
    reading.keep(in);
    return finding;
}

RightDecision read_decision(const toml::table& table, Reading& reading) {
    base::TomlReader in(table, reading.file);
    RightDecision decision;
    std::istringstream words(in.text("actions"));
    for (std::string action; words >> action;) {
        if (!is_action(action))
            in.refuse("actions", "no action '{}'; there are {}", action, action_words());
        decision.actions.push_back(action);
    }
    if (decision.actions.empty()) in.refuse("actions", "needs at least one action");
    if (in.has("wait_days")) {
        decision.wait_days = read_span(in, "wait_days", 1, 3650);
        decision.wait_basis = in.text("wait_basis");
    } else {
        decision.wait_basis = in.text_or("wait_basis", "");
    }
    decision.explain = in.text("explain");
    decision.source = in.text("source");
    decision.tag = in.text("tag");
    reading.keep(in);
    return decision;
}

std::vector<PlannedDepth> read_depths(const toml::table& table, Reading& reading) {
    base::TomlReader in(table, reading.file);
    std::vector<PlannedDepth> depths;
    for (const auto& [kind, node] : table) {
        const std::vector<double> band = in.numbers(kind.str(), 2, 0, kDeepest_mm);
        if (band[0] > band[1]) in.refuse(kind.str(), "the second must not be less than the first");
        depths.push_back({std::string(kind.str()), static_cast<uint16_t>(base::round_to_integer(band[0] * 1e3)),
                          static_cast<uint16_t>(base::round_to_integer(band[1] * 1e3))});
    }
    reading.keep(in);
    return depths;
}

CasePlan read_plan(const toml::table& table, Reading& reading) {
    base::TomlReader in(table, reading.file);
    CasePlan plan;
    plan.indication = in.text("indication");
    plan.at = in.where("indication");
    plan.cartridge = in.text("cartridge");
    plan.passes = static_cast<int>(in.integer("passes", 1, 20));
    plan.sessions = read_span(in, "sessions", 1, 12);
    plan.weeks = read_span(in, "weeks", 1, 52);
    plan.depths = read_depths(in.table("depth_mm"), reading);
    if (plan.depths.empty()) in.refuse("depth_mm", "give [least, most] for each kind of zone that is treated");
    plan.source = in.text("source");
    plan.tag = in.text("tag");
    reading.keep(in);
    return plan;
}

std::string read_follow_up(const toml::table& table, Reading& reading) {
    base::TomlReader in(table, reading.file);
    std::string words = in.text("words");
    reading.keep(in);
    return words;
}

/// What belongs together.
void check_whole(base::TomlReader& reader, const Consultation& read) {
    if (!read.decision) return;
    if (!read.record) reader.refuse("record", "missing; a case with [decision] tells of its patient");
    if (read.decision->treats() && !read.plan)
        reader.refuse("plan", "missing; a case that is treated says how");
}

}  // namespace

bool is_action(std::string_view word) {
    return std::find(kActions.begin(), kActions.end(), word) != kActions.end();
}

std::string action_words() {
    return fmt::format("{}", fmt::join(kActions, ", "));
}

bool goes_on(std::string_view action) {
    return action == "proceed" || action == "caution" || action == "avoid";
}

bool RightDecision::allows(std::string_view action) const {
    return std::find(actions.begin(), actions.end(), action) != actions.end();
}

bool RightDecision::treats() const {
    return std::any_of(actions.begin(), actions.end(), [](const std::string& action) { return goes_on(action); });
}

const PlannedDepth* CasePlan::depth(std::string_view kind) const {
    auto found = std::find_if(depths.begin(), depths.end(), [&](const PlannedDepth& one) { return one.kind == kind; });
    return found == depths.end() ? nullptr : &*found;
}

std::vector<std::string> Consultation::flags() const {
    std::vector<std::string> all;
    auto add = [&](const std::string& flag) {
        if (!flag.empty() && std::find(all.begin(), all.end(), flag) == all.end()) all.push_back(flag);
    };
    for (const CaseQuestion& question : questions) add(question.flag);
    for (const CaseFinding& finding : findings) add(finding.flag);
    return all;
}

const CaseQuestion* Consultation::question(std::string_view id) const {
    auto found = std::find_if(questions.begin(), questions.end(), [&](const CaseQuestion& one) { return one.id == id; });
    return found == questions.end() ? nullptr : &*found;
}

const CaseFinding* Consultation::finding(std::string_view id) const {
    auto found = std::find_if(findings.begin(), findings.end(), [&](const CaseFinding& one) { return one.id == id; });
    return found == findings.end() ? nullptr : &*found;
}

const CaseFinding* Consultation::finding_at(std::string_view zone, std::string_view condition) const {
    auto first = [&](auto fits) -> const CaseFinding* {
        auto found = std::find_if(findings.begin(), findings.end(), fits);
        return found == findings.end() ? nullptr : &*found;
    };
    if (condition.empty())
        return first([&](const CaseFinding& one) { return one.condition.empty() && one.zone == zone; });
    if (const CaseFinding* here =
            first([&](const CaseFinding& one) { return one.condition == condition && one.zone == zone; }))
        return here;
    return first([&](const CaseFinding& one) { return one.condition == condition && one.zone.empty(); });
}

base::Result<Consultation> read_consultation(base::TomlReader& reader, const std::string& file) {
    Reading reading{file, {}};
    Consultation read;
    std::set<std::string> questions, findings;
    auto one = [&](const char* key, auto into) {
        if (!reader.has(key)) return;
        const toml::table& table = reader.table(key);
        if (!table.empty()) into(table);
    };
    one("record", [&](const toml::table& table) { read.record = read_record(table, reading); });
    for (const toml::table* table : reader.tables("question"))
        read.questions.push_back(read_question(*table, reading, questions));
    for (const toml::table* table : reader.tables("finding"))
        read.findings.push_back(read_finding(*table, reading, findings));
    one("decision", [&](const toml::table& table) { read.decision = read_decision(table, reading); });
    one("plan", [&](const toml::table& table) { read.plan = read_plan(table, reading); });
    one("follow_up", [&](const toml::table& table) { read.follow_up = read_follow_up(table, reading); });
    if (!reading.status) return reading.status.error();
    check_whole(reader, read);
    return read;
}

}  // namespace training
