// Measures of the hand, from the contact log: force, its steadiness, glide speed, traction.

#include "training/core/decimal.h"
#include "training/core/joined.h"
#include "training/core/metrics_support.h"

#include <algorithm>

namespace training {
namespace {

constexpr size_t kTouchOrLift = 12;    // records, 0.1 s: to touch and to lift is no unsteadiness (A)
constexpr uint32_t kSkip_us = 50'000;  // a shorter lift does not end a stroke (A)

/// Rounded down; deterministic.
int64_t integer_root(int64_t value) {
    return static_cast<int64_t>(shared::integer_sqrt(static_cast<uint64_t>(value)));
}

std::string newtons(const Phrases& phrases, uint32_t force_mn) {
    return with_unit_word(phrases, hundredths_text(force_mn / 10), "N");
}

/// "; median 0.70 N over bone", or nothing where there was no contact.
std::string median_words(const Phrases& phrases, std::vector<uint32_t> forces_mn, const char* key) {
    if (forces_mn.empty()) return "";
    auto middle = forces_mn.begin() + static_cast<ptrdiff_t>((forces_mn.size() - 1) / 2);
    std::nth_element(forces_mn.begin(), middle, forces_mn.end());
    return phrases(key, fmt::arg("force", newtons(phrases, *middle)));
}

/// Watches for what no total can buy off: a hard push held, or a peak.
struct ForceLimits {
    const Rubric& rubric;
    const Phrases& phrases;
    uint32_t held_since_us = 0;
    bool holding = false;
    uint32_t peak_mn = 0, longest_us = 0;

    void add(const shared::ContactRecord& record) {
        bool touching = (record.flags & shared::kContactTouching) != 0;
        if (touching) peak_mn = std::max(peak_mn, record.force_mn);
        bool hard = touching && record.force_mn > rubric.force_held_mn;
        if (hard && !holding) held_since_us = record.time_us - std::min(record.time_us, skin::step_end_us(1));
        if (hard) longest_us = std::max(longest_us, record.time_us - held_since_us);
        holding = hard;
    }

    void judge(Measurement& result) const {
        std::string reason;
        if (peak_mn > rubric.force_peak_mn)
            reason = phrases("reason.peak", fmt::arg("force", newtons(phrases, peak_mn)));
        else if (longest_us >= rubric.force_held_ms * 1000 && longest_us > 0)
            reason = phrases("reason.held",
                             fmt::arg("force", with_unit_word(phrases, fmt::format("{}.{}", rubric.force_held_mn / 1000,
                                                                               rubric.force_held_mn % 1000 / 100), "N")),
                             fmt::arg("ms", longest_us / 1000));
        result.critical = !reason.empty();
        result.critical_reason = reason;
        result.note = phrases("note.peak", fmt::arg("force", newtons(phrases, peak_mn)));
    }
};

/// Force statistics of one zone over its working contact records. Bounds: 2^19 records (71 minutes), forces
/// of 16 bits; more than 65 N counts as 65 N.
struct ForceSums {
    int64_t count = 0, sum = 0, squares = 0;

    void add(uint32_t record_force_mn) {
        int64_t force_mn = std::min(record_force_mn, 65535u);
        ++count;
        sum += force_mn;
        squares += force_mn * force_mn;
    }
    /// Standard deviation over mean in 1e-4. n·Σx² does not fit into 64 bits, so deviations are taken from
    /// the whole part of the mean: Σ(x−q)² < 2^51.
    int64_t cv_e4() const {
        if (sum == 0) return 0;
        int64_t q = sum / count;
        int64_t deviations = squares - 2 * q * sum + count * q * q;  // Σ(x−q)²
        int64_t rest = sum - q * count;                              // Σ(x−q) < count
        int64_t variance_e6 = deviations * 1000 / count * 1000 - rest * 1000 / count * (rest * 1000 / count);
        return ratio(integer_root(std::max<int64_t>(variance_e6, 0)) * count, sum * 1000, 10'000);
    }
};

/// Per contact record: the hand works and neither touches nor lifts; all that work where a hand never does anything else.
std::vector<uint8_t> pressed_records(const MeasureInput& input) {
    std::vector<uint8_t> working(input.contacts.size()), pressed;
    for (size_t i = 0; i < working.size(); ++i) working[i] = is_working(input.contacts[i]);
    pressed = working;
    size_t first = 0, count = input.contacts.size();
    auto begins = [&](size_t i) {  // a stroke
        return i == 0 || (input.contacts[i].flags & shared::kContactTouching) == 0 ||
               input.contacts[i].time_us - input.contacts[i - 1].time_us > kSkip_us ||
               (input.contacts[i - 1].flags & shared::kContactTouching) == 0;
    };
    for (size_t end = 1; end <= count; ++end) {
        if (end < count && !begins(end)) continue;
        for (size_t i = first; i < end; ++i)
            if (i < first + kTouchOrLift || i + kTouchOrLift >= end) pressed[i] = 0;
        first = end;
    }
    return std::find(pressed.begin(), pressed.end(), 1) == pressed.end() ? working : pressed;
}

}  // namespace

Measurement measure_force_in_band(const MeasureInput& input) {
    Measurement result;
    EvidenceBuilder evidence(input);
    ForceLimits limits{input.rubric, input.phrases};
    int64_t working = 0, inside = 0;
    std::vector<uint32_t> over_bone, over_soft;
    for (const shared::ContactRecord& record : input.contacts) {
        limits.add(record);
        if (!is_working(record)) continue;
        const Rubric& rubric = input.rubric;
        bool bone = input.face.zones[record.zone].bone;
        uint32_t low = bone ? rubric.force_bone_low_mn : rubric.force_soft_low_mn;
        uint32_t high = bone ? rubric.force_bone_high_mn : rubric.force_soft_high_mn;
        bool good = record.force_mn >= low && record.force_mn <= high;
        ++working;
        inside += good;
        (bone ? over_bone : over_soft).push_back(record.force_mn);
        evidence.contact(record, !good);
    }
    if (working > 0) result.value = ratio(inside, working, 100'000);
    limits.judge(result);
    result.note += median_words(input.phrases, std::move(over_bone), "note.median_bone") +
                   median_words(input.phrases, std::move(over_soft), "note.median_soft");
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_force_cv(const MeasureInput& input) {
    Measurement result;
    std::vector<ForceSums> zones(input.face.zones.size());
    const std::vector<uint8_t> pressed = pressed_records(input);
    for (size_t i = 0; i < pressed.size(); ++i)
        if (pressed[i]) zones[input.contacts[i].zone].add(input.contacts[i].force_mn);
    int64_t sum = 0, count = 0;
    for (const ForceSums& zone : zones) {
        sum += zone.cv_e4() * zone.count;
        count += zone.count;
    }
    if (count == 0) return result;
    result.value = ratio(sum, count * 10, 1);

    // Evidence: records that lie further from their zone's mean than the warning band's end, as a share of
    // it.
    EvidenceBuilder evidence(input);
    int64_t limit = warn_high(input, "force_cv", 500);
    for (size_t i = 0; i < pressed.size(); ++i) {
        if (!pressed[i]) continue;
        const shared::ContactRecord& record = input.contacts[i];
        int64_t mean = zones[record.zone].sum / zones[record.zone].count;
        int64_t off = std::abs(static_cast<int64_t>(record.force_mn) - mean);
        evidence.contact(record, off * 1000 > mean * limit);
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_glide_speed(const MeasureInput& input) {
    Measurement result;
    if (input.device.kind == skin::DeviceKind::stamp) return result;  // it does not glide
    EvidenceBuilder evidence(input);
    std::vector<uint32_t> speeds;
    int64_t path = 0, fast_path = 0;
    for (const shared::ContactRecord& record : input.contacts) {
        if (!is_working(record) || record.speed_um_s <= kMoving_um_s) continue;
        bool fast = record.speed_um_s > input.rubric.speed_critical_um_s;
        speeds.push_back(record.speed_um_s);
        int64_t way = std::min(record.speed_um_s, kFastest_um_s);  // every record stands for one step
        path += way;
        fast_path += fast ? way : 0;
        evidence.contact(record, fast);
    }
    if (speeds.empty()) return result;
    auto middle = speeds.begin() + static_cast<ptrdiff_t>((speeds.size() - 1) / 2);
    std::nth_element(speeds.begin(), middle, speeds.end());
    result.value = ratio(*middle, 10, 1);
    int64_t share_e4 = ratio(fast_path, path, 10'000);
    if (share_e4 > input.rubric.speed_critical_share_e4) {
        result.critical = true;
        const uint32_t limit_um_s = input.rubric.speed_critical_um_s;
        result.critical_reason =
            input.phrases("reason.fast", fmt::arg("share", hundredths_text(share_e4)),
                          fmt::arg("limit", fmt::format("{}.{}", limit_um_s / 10'000, limit_um_s % 10'000 / 1000)));
    } else {
        result.note = input.phrases("note.fast", fmt::arg("share", hundredths_text(share_e4)));
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_traction(const MeasureInput& input) {
    Measurement result;
    const Rubric& rubric = input.rubric;
    struct Held {
        int64_t records = 0, taut = 0;
    };
    std::vector<Held> zones(input.face.zones.size());
    EvidenceBuilder evidence(input);
    Held all;
    for (const shared::ContactRecord& record : input.contacts) {
        if (!is_working(record) || !input.face.zones[record.zone].mobile) continue;
        uint32_t stretch = shared::contact_stretch_permille(record);
        bool taut = stretch >= rubric.stretch_low_permille && stretch <= rubric.stretch_high_permille;
        for (Held* held : {&zones[record.zone], &all}) {
            ++held->records;
            held->taut += taut;
        }
        evidence.contact(record, !taut);
    }
    if (all.records == 0) return result;
    result.value = ratio(all.taut, all.records, 100'000);
    for (size_t zone = 0; zone < zones.size(); ++zone) {
        const std::string& kind = input.face.zones[zone].kind;
        bool delicate = kind == "periorbital" || kind == "neck";  // clinical.md 9 row 16
        if (!delicate || zones[zone].records < skin::kStepsPerSecond) continue;
        int64_t share_e4 = ratio(zones[zone].taut, zones[zone].records, 10'000);
        if (share_e4 >= rubric.traction_critical_share_e4) continue;
        result.critical = true;
        result.critical_reason = input.phrases("reason.slack", fmt::arg("zone", zone_name(input, zone)),
                                               fmt::arg("share", share_e4 / 100));
        break;
    }
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
