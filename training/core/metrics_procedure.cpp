// Measures of what surrounds needling: screening, preparation, aftercare. From procedure events; where a session has none of
// a part, that part is not assessed.

#include "training/core/metrics_support.h"
#include "training/core/checklist.h"
#include "training/core/joined.h"
#include "training/core/screening.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace training {
namespace {

bool has_event(const MeasureInput& input, std::string_view name) {
    return std::any_of(input.events.begin(), input.events.end(),
                       [&](const input::ProcedureEvent& event) { return event.name == name; });
}

void judge(const MeasureInput& input, const Checked& checked, bool counts, Measurement& result) {
    if (checked.wanted > 0) result.value = ratio(checked.right, checked.wanted, 100'000);
    if (!checked.missing.empty()) result.note = input.phrases("note.missing", fmt::arg("what", listed(input.phrases, checked.missing)));
    if (checked.critical.empty() || !counts) return;
    result.critical = true;
    result.critical_reason = checked.critical;
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

/// Answers by their ids for programs, by their names for people.
std::string wrong_words(const MeasureInput& input, const Screening& screening) {
    if (input.phrases.for_programs()) return fmt::format("{}", fmt::join(screening.wrong, ", "));
    std::string words;
    for (const std::string& id : screening.wrong) {
        const ScreeningFlag* flag = input.procedure->find_flag(id);
        add_to_list(input.phrases, words, flag ? flag->name : input.phrases.name("answer", id));
    }
    return words;
}

}  // namespace

Measurement measure_screening(const MeasureInput& input) {
    Measurement result;
    if (!input.procedure) return result;
    std::optional<uint32_t> first_us;
    for (const shared::Puncture& puncture : input.punctures)
        first_us = std::min(first_us.value_or(UINT32_MAX), puncture.time_us);
    const Screening screening = screen(*input.procedure, input.consultation, input.events, first_us, input.phrases);
    result.critical = !screening.unsafe.empty();
    result.critical_reason = screening.unsafe;
    if (!screening.assessed) return result;
    result.value = ratio(screening.right, screening.wanted, 100'000);
    if (!screening.wrong.empty()) result.note = input.phrases("note.open", fmt::arg("what", wrong_words(input, screening)));
    return result;
}

Measurement measure_preparation(const MeasureInput& input) {
    Measurement result;
    if (!input.procedure || !has_event(input, kPrepBegin)) return result;
    uint32_t first_us = UINT32_MAX;
    for (const shared::Puncture& puncture : input.punctures) first_us = std::min(first_us, puncture.time_us);
    bool needled = !input.punctures.empty();
    judge(input, check_items(input.procedure->preparation, last_of_each(input.events, first_us)), needled, result);
    int64_t dry_e4 = dry_share_e4(input);
    if (dry_e4 <= input.rubric.dry_critical_share_e4 || result.critical) return result;
    result.critical = true;
    result.critical_reason = input.phrases("reason.dry", fmt::arg("share", dry_e4 / 100));
    EvidenceBuilder evidence(input);
    for (const shared::ContactRecord& record : input.contacts)
        evidence.contact(record, is_working(record) && (record.flags & shared::kContactMedium) == 0);
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_aftercare(const MeasureInput& input) {
    Measurement result;
    if (!input.procedure || !has_event(input, kAdviseBegin)) return result;
    judge(input, check_items(input.procedure->aftercare, last_of_each(input.events, UINT32_MAX)), !input.punctures.empty(), result);
    return result;
}

}  // namespace training
