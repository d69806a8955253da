// Measures of what surrounds needling: screening, preparation, aftercare. From procedure events; where a session has none of
// a part, that part is not assessed.

#include "training/core/metrics_support.h"
#include "training/core/procedure.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace training {
namespace {

/// "FLAG ACTION" in two; the second empty where there is one word.
std::pair<std::string, std::string> two_words(const std::string& value) {
    size_t gap = value.find(' ');
    return gap == std::string::npos ? std::pair(value, std::string()) : std::pair(value.substr(0, gap), value.substr(gap + 1));
}

bool has_event(const MeasureInput& input, std::string_view name) {
    return std::any_of(input.events.begin(), input.events.end(),
                       [&](const input::ProcedureEvent& event) { return event.name == name; });
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// A figure without a value is wrong where the list asks for one.
bool value_is_right(const ProcedureItem& item, const std::string& value) {
    if (!item.values.empty() && !contains(item.values, value)) return false;
    if (!item.least && !item.most) return true;
    int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return false;
    return number >= item.least.value_or(number) && number <= item.most.value_or(number);
}

/// The last time that each event came until then: its place among the events, and its value.
struct Done {
    size_t place;
    std::string value;
};
std::map<std::string, Done> last_of_each(const MeasureInput& input, uint32_t until_us) {
    std::map<std::string, Done> done;
    for (size_t i = 0; i < input.events.size(); ++i)
        if (input.events[i].time_us <= until_us) done[input.events[i].name] = {i, input.events[i].value};
    return done;
}

struct Checked {
    int64_t wanted = 0, right = 0;
    std::string missing;   ///< names of what is wrong or not there
    std::string critical;  ///< the first reason to fail
};

Checked check_items(const std::vector<ProcedureItem>& items, const std::map<std::string, Done>& done) {
    Checked checked;
    for (const ProcedureItem& item : items) {
        if (!item.only_with.empty() && !done.contains(item.only_with)) continue;
        auto found = done.find(item.event);
        bool right = found != done.end() && value_is_right(item, found->second.value);
        for (const std::string& before : item.after) {
            auto earlier = done.find(before);
            right = right && (earlier == done.end() || earlier->second.place < found->second.place);
        }
        ++checked.wanted;
        checked.right += right;
        if (!right) checked.missing += (checked.missing.empty() ? "" : "; ") + item.name;
        if (found == done.end() && checked.critical.empty()) checked.critical = item.critical;
    }
    return checked;
}

void judge(const Checked& checked, bool counts, Measurement& result) {
    if (checked.wanted > 0) result.value = ratio(checked.right, checked.wanted, 100'000);
    if (!checked.missing.empty()) result.note = "wrong or missing: " + checked.missing;
    if (checked.critical.empty() || !counts) return;
    result.critical = true;
    result.critical_reason = checked.critical;
}

/// The program names the patient's flags; only those of the list are asked for.
std::set<std::string> flags_of_patient(const MeasureInput& input) {
    std::set<std::string> flags;
    for (const input::ProcedureEvent& event : input.events)
        if (event.name == kConsultFlag && input.procedure->find_flag(event.value)) flags.insert(event.value);
    return flags;
}

/// What the trainee may do with the patient as a whole: all that no flag speaks against.
bool session_is_right(const std::vector<const ScreeningFlag*>& flags, const std::string& action) {
    auto is = [&](Gravity gravity) {
        return std::any_of(flags.begin(), flags.end(), [&](const ScreeningFlag* flag) { return flag->gravity == gravity; });
    };
    bool holds_off = action == "defer" || action == "refer" || action == "refuse";
    if (is(Gravity::absolute) || is(Gravity::relative)) return holds_off;
    if (is(Gravity::caution)) return action == "caution";
    return action == "proceed" || (is(Gravity::local) && action == "avoid");
}

/// Share of the working contact on skin without glide medium, 1e-4.
int64_t dry_share_e4(const MeasureInput& input) {
    int64_t working = 0, dry = 0;
    for (const shared::ContactRecord& record : input.contacts) {
        if (!is_working(record)) continue;
        ++working;
        dry += (record.flags & shared::kContactMedium) == 0;
    }
    return working == 0 ? 0 : ratio(dry, working, 10'000);
}

}  // namespace

Measurement measure_screening(const MeasureInput& input) {
    Measurement result;
    if (!input.procedure || !has_event(input, kConsultBegin)) return result;
    std::map<std::string, std::string> answers;
    for (const input::ProcedureEvent& event : input.events)
        if (event.name == kDecide) answers.insert_or_assign(two_words(event.value).first, two_words(event.value).second);
    std::vector<const ScreeningFlag*> flags;
    int64_t right = 0;
    std::string wrong;
    for (const std::string& id : flags_of_patient(input)) {
        flags.push_back(input.procedure->find_flag(id));
        bool good = contains(flags.back()->actions, answers[id]);
        right += good;
        if (!good) wrong += (wrong.empty() ? "" : ", ") + id;
        if (flags.back()->gravity != Gravity::absolute || input.punctures.empty() || result.critical) continue;
        result.critical = true;
        result.critical_reason = fmt::format("needled a patient with {}", id);
    }
    bool session = session_is_right(flags, answers[kWholeSession]);
    right += session;
    if (!session) wrong += (wrong.empty() ? "" : ", ") + std::string(kWholeSession);
    result.value = ratio(right, static_cast<int64_t>(flags.size()) + 1, 100'000);
    if (!wrong.empty()) result.note = "wrong or open: " + wrong;
    return result;
}

Measurement measure_preparation(const MeasureInput& input) {
    Measurement result;
    if (!input.procedure || !has_event(input, kPrepBegin)) return result;
    uint32_t first_us = UINT32_MAX;
    for (const shared::Puncture& puncture : input.punctures) first_us = std::min(first_us, puncture.time_us);
    bool needled = !input.punctures.empty();
    judge(check_items(input.procedure->preparation, last_of_each(input, first_us)), needled, result);
    int64_t dry_e4 = dry_share_e4(input);
    if (dry_e4 <= input.rubric.dry_critical_share_e4 || result.critical) return result;
    result.critical = true;
    result.critical_reason = fmt::format("{} % of the time on skin without glide medium", dry_e4 / 100);
    EvidenceBuilder evidence(input);
    for (const shared::ContactRecord& record : input.contacts)
        evidence.contact(record, is_working(record) && (record.flags & shared::kContactMedium) == 0);
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_aftercare(const MeasureInput& input) {
    Measurement result;
    if (!input.procedure || !has_event(input, kAdviseBegin)) return result;
    judge(check_items(input.procedure->aftercare, last_of_each(input, UINT32_MAX)), !input.punctures.empty(), result);
    return result;
}

}  // namespace training
