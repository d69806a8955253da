#include "training/core/screening.h"

#include "training/core/joined.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace training {
namespace {

/// "FLAG ACTION" in two; the second empty where there is one word.
std::pair<std::string, std::string> two_words(const std::string& value) {
    size_t gap = value.find(' ');
    return gap == std::string::npos ? std::pair(value, std::string())
                                    : std::pair(value.substr(0, gap), value.substr(gap + 1));
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string names_of(std::span<const ScreeningFlag* const> flags, const Phrases& phrases) {
    std::string names;
    for (const ScreeningFlag* flag : flags) add_to_list(phrases, names, flag->name);
    return names;
}

/// Whether needles fail a session on which a case decides.
std::string unsafe_by_case(const RightDecision& right, std::span<const ScreeningFlag* const> flags,
                           const std::string& session, const Phrases& phrases) {
    if (!right.treats()) return phrases("reason.must_not", fmt::arg("flags", names_of(flags, phrases)));
    if (right.allows("proceed") || right.allows(session)) return {};
    return phrases("reason.without_care", fmt::arg("flags", names_of(flags, phrases)));
}

std::string unsafe_by_list(std::span<const ScreeningFlag* const> flags, const Phrases& phrases) {
    for (const ScreeningFlag* flag : flags)
        if (flag->gravity == Gravity::absolute)
            return phrases("reason.needled_with", fmt::arg("flag", phrases.for_programs() ? flag->id : flag->name));
    return {};
}

/// A reason is right where it is one of the patient's flags, and all that are given must be.
bool reasons_are_right(std::span<const ScreeningFlag* const> flags, const std::vector<std::string>& because) {
    return !because.empty() && std::all_of(because.begin(), because.end(), [&](const std::string& id) {
        return std::any_of(flags.begin(), flags.end(), [&](const ScreeningFlag* flag) { return flag->id == id; });
    });
}

}  // namespace

std::string Decided::session() const {
    auto found = actions.find(kWholeSession);
    return found == actions.end() ? std::string() : found->second;
}

Decided decided(std::span<const input::ProcedureEvent> events, uint32_t until_us) {
    Decided all;
    for (const input::ProcedureEvent& event : events) {
        if (event.time_us > until_us) continue;
        if (event.name == kDecide) {
            auto [subject, action] = two_words(event.value);
            all.actions.insert_or_assign(subject, action);
        } else if (event.name == kDecideBecause && !contains(all.because, event.value)) {
            all.because.push_back(event.value);
        } else if (event.name == kDecideNotBecause) {
            std::erase(all.because, event.value);
        } else if (event.name == kDecideWait) {
            int64_t days = 0;
            auto [end, error] = std::from_chars(event.value.data(), event.value.data() + event.value.size(), days);
            const bool whole = error == std::errc() && end == event.value.data() + event.value.size();
            all.wait_days = whole ? std::optional(days) : std::nullopt;
        }
    }
    return all;
}

std::vector<const ScreeningFlag*> flags_of(const Procedure& procedure, const Consultation* consultation,
                                           std::span<const input::ProcedureEvent> events) {
    std::vector<const ScreeningFlag*> flags;
    auto add = [&](const std::string& id) {
        const ScreeningFlag* flag = procedure.find_flag(id);
        if (flag && std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
    };
    if (consultation)
        for (const std::string& id : consultation->flags()) add(id);
    for (const input::ProcedureEvent& event : events)
        if (event.name == kConsultFlag) add(event.value);
    std::sort(flags.begin(), flags.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
    return flags;
}

bool session_is_right(std::span<const ScreeningFlag* const> flags, std::string_view action) {
    auto is = [&](Gravity gravity) {
        return std::any_of(flags.begin(), flags.end(), [&](const ScreeningFlag* flag) { return flag->gravity == gravity; });
    };
    if (is(Gravity::absolute) || is(Gravity::relative)) return is_action(action) && !goes_on(action);
    if (is(Gravity::caution)) return action == "caution";
    return action == "proceed" || (is(Gravity::local) && action == "avoid");
}

Screening screen(const Procedure& procedure, const Consultation* consultation,
                 std::span<const input::ProcedureEvent> events, std::optional<uint32_t> first_needle_us,
                 const Phrases& phrases) {
    Screening result;
    const RightDecision* right = consultation && consultation->decision ? &*consultation->decision : nullptr;
    const std::vector<const ScreeningFlag*> flags = flags_of(procedure, consultation, events);
    const Decided answers = decided(events, first_needle_us.value_or(UINT32_MAX));
    const std::string session = answers.session();
    result.assessed = std::any_of(events.begin(), events.end(),
                                  [](const input::ProcedureEvent& event) { return event.name == kConsultBegin; });
    auto count = [&](bool good, const std::string& what) {
        ++result.wanted;
        result.right += good;
        if (!good) result.wrong.push_back(what);
    };
    for (const ScreeningFlag* flag : flags) {
        auto answer = answers.actions.find(flag->id);
        count(answer != answers.actions.end() && contains(flag->actions, answer->second), flag->id);
    }
    count(right ? right->allows(session) : session_is_right(flags, session), kWholeSession);
    if (right && !flags.empty()) count(reasons_are_right(flags, answers.because), "reason");
    if (right && right->wait_days && session == "defer")
        count(answers.wait_days && right->wait_days->holds(*answers.wait_days), "wait");
    if (!first_needle_us) return result;
    if (right) result.unsafe = unsafe_by_case(*right, flags, session, phrases);
    else if (result.assessed) result.unsafe = unsafe_by_list(flags, phrases);
    return result;
}

bool held_off(std::span<const input::ProcedureEvent> events, bool needled) {
    const std::string session = decided(events).session();
    return !needled && is_action(session) && !goes_on(session);
}

base::Status check_consultation(const Consultation& consultation, const Procedure& procedure) {
    auto known = [](const auto& list) {
        std::vector<std::string> ids;
        for (const auto& one : list) ids.push_back(one.id);
        return fmt::format("{}", fmt::join(ids, ", "));
    };
    auto check_flag = [&](const std::string& flag, const std::string& at) -> base::Status {
        if (flag.empty() || procedure.find_flag(flag)) return {};
        return base::error("{}: flag: no flag '{}' in procedure.toml; there are {}", at, flag, known(procedure.flags));
    };
    for (const CaseQuestion& question : consultation.questions) {
        if (base::Status flag = check_flag(question.flag, question.at); !flag) return flag;
        if (question.ask.empty() && !procedure.find_question(question.id))
            return base::error("{}: question '{}' is none of the standard ones, so it needs its words: give ask; the standard ones are {}",
                               question.at, question.id, known(procedure.questions));
    }
    for (const CaseFinding& finding : consultation.findings)
        if (base::Status flag = check_flag(finding.flag, finding.at); !flag) return flag;
    if (!consultation.plan) return {};
    auto choose = [&](const char* what, const std::string& id, const std::vector<PlanChoice>& list) -> base::Status {
        if (std::any_of(list.begin(), list.end(), [&](const PlanChoice& one) { return one.id == id; })) return {};
        return base::error("{}: {}: no '{}' in procedure.toml; there are {}", consultation.plan->at, what, id, known(list));
    };
    if (base::Status one = choose("indication", consultation.plan->indication, procedure.indications); !one) return one;
    return choose("cartridge", consultation.plan->cartridge, procedure.cartridges);
}

}  // namespace training
