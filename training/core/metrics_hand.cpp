// Measures of the hand, from the contact log and the pen's path: force, its steadiness, glide speed,
// directions.

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"
#include "training/core/metrics_support.h"

#include <glm/glm.hpp>

#include <algorithm>
#include <array>

namespace training {
namespace {

constexpr uint32_t kMoving_um_s = 2000;  // slower is standing still (shared::kNoDirection)
constexpr uint32_t kFastest_um_s = 10'000'000;  // a pointer's jump counts no more: sums stay in 64 bits

/// Rounded down; deterministic.
int64_t integer_root(int64_t value) {
    return static_cast<int64_t>(shared::integer_sqrt(static_cast<uint64_t>(value)));
}

/// Watches for what no total can buy off: a hard push held, or a peak.
struct ForceLimits {
    const Rubric& rubric;
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
            reason = fmt::format("pressed with {}.{:02} N", peak_mn / 1000, peak_mn % 1000 / 10);
        else if (longest_us >= rubric.force_held_ms * 1000 && longest_us > 0)
            reason = fmt::format("pressed with more than {}.{} N for {} ms without a break",
                                 rubric.force_held_mn / 1000, rubric.force_held_mn % 1000 / 100,
                                 longest_us / 1000);
        result.critical = !reason.empty();
        result.critical_reason = reason;
        result.note = fmt::format("peak {}.{:02} N", peak_mn / 1000, peak_mn % 1000 / 10);
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

/// The tip at a time between samples, m, as the simulation interpolates it.
class TipPath {
  public:
    explicit TipPath(std::span<const input::PenSample> samples) : samples_(samples) {}

    std::optional<glm::dvec3> at(uint32_t time_us) const {
        auto after = std::lower_bound(samples_.begin(), samples_.end(), time_us,
                                      [](const input::PenSample& s, uint32_t t) { return s.time_us < t; });
        if (after == samples_.end()) return std::nullopt;
        if (after == samples_.begin())
            return after->time_us == time_us ? std::optional(after->tip()) : std::nullopt;
        const input::PenSample& a = *std::prev(after);
        double share = static_cast<double>(time_us - a.time_us) / (after->time_us - a.time_us);
        return a.tip() + (after->tip() - a.tip()) * share;
    }

  private:
    std::span<const input::PenSample> samples_;
};

constexpr size_t kDegrees = 180;  // a stroke and its return are one direction

/// Path length in µm by direction, whole degrees, of one zone.
using Rose = std::array<int64_t, kDegrees>;

/// Adds the way from one contact record to the next, laid on the skin of the cell it ends on.
void add_stroke(const MeasureInput& input, glm::dvec3 way, uint32_t cell, Rose& rose) {
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(input.face.cells.normal[cell], along, across);
    double x = glm::dot(way, along), y = glm::dot(way, across);
    double degrees = base::det::atan2(y, x) * (180.0 / base::det::kPi);
    int64_t bin = static_cast<int64_t>(std::floor(degrees + 360.0)) % static_cast<int64_t>(kDegrees);
    rose[static_cast<size_t>(bin)] += base::round_to_integer(std::sqrt(x * x + y * y) * 1e6);
}

/// Directions by zone from consecutive working records. Computed from the path and not from the six bins of
/// the records: strokes along a bin's edge would count as two directions, or three directions as none.
std::vector<Rose> stroke_roses(const MeasureInput& input) {
    std::vector<Rose> roses(input.face.zones.size(), Rose{});
    TipPath path(input.samples);
    for (size_t i = 1; i < input.contacts.size(); ++i) {
        const shared::ContactRecord &from = input.contacts[i - 1], &to = input.contacts[i];
        bool stroke = is_working(from) && is_working(to) && to.speed_um_s > kMoving_um_s &&
                      to.cell != shared::kNoCell && to.time_us - from.time_us < 2 * skin::step_end_us(1);
        if (!stroke) continue;
        std::optional<glm::dvec3> begin = path.at(from.time_us), end = path.at(to.time_us);
        if (begin && end) add_stroke(input, *end - *begin, to.cell, roses[to.zone]);
    }
    return roses;
}

/// Takes the heaviest 30-degree window, then the heaviest that keeps clear of it, and so on while they hold
/// the share.
int64_t count_directions(Rose rose, uint32_t share_e4) {
    constexpr size_t kWide = 30;
    int64_t total = 0, found = 0;
    for (int64_t length : rose) total += length;
    std::array<bool, kDegrees> taken{};
    while (total > 0) {
        int64_t best = -1;
        size_t best_begin = 0;
        for (size_t begin = 0; begin < kDegrees; ++begin) {
            int64_t sum = 0;
            bool clear = true;
            for (size_t k = 0; k < kWide; ++k) {
                sum += rose[(begin + k) % kDegrees];
                clear = clear && !taken[(begin + k) % kDegrees];
            }
            if (clear && sum > best) best = sum, best_begin = begin;
        }
        if (best < 0 || ratio(best, total, 10'000) < share_e4) break;
        ++found;
        for (size_t k = 0; k < kWide; ++k) taken[(best_begin + k) % kDegrees] = true;
    }
    return found;
}

}  // namespace

Measurement measure_force_in_band(const MeasureInput& input) {
    Measurement result;
    EvidenceBuilder evidence(input);
    ForceLimits limits{input.rubric};
    int64_t working = 0, inside = 0;
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
        evidence.contact(record, !good);
    }
    if (working > 0) result.value = ratio(inside, working, 100'000);
    limits.judge(result);
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_force_cv(const MeasureInput& input) {
    Measurement result;
    std::vector<ForceSums> zones(input.face.zones.size());
    for (const shared::ContactRecord& record : input.contacts)
        if (is_working(record)) zones[record.zone].add(record.force_mn);
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
    for (const shared::ContactRecord& record : input.contacts) {
        if (!is_working(record)) continue;
        int64_t mean = zones[record.zone].sum / zones[record.zone].count;
        int64_t off = std::abs(static_cast<int64_t>(record.force_mn) - mean);
        evidence.contact(record, off * 1000 > mean * limit);
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_glide_speed(const MeasureInput& input) {
    Measurement result;
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
    result.note = fmt::format("{}.{:02} % of the path too fast", share_e4 / 100, share_e4 % 100);
    if (share_e4 > input.rubric.speed_critical_share_e4) {
        result.critical = true;
        result.critical_reason = fmt::format("{}.{:02} % of the path faster than {}.{} cm/s", share_e4 / 100,
                                             share_e4 % 100, input.rubric.speed_critical_um_s / 10'000,
                                             input.rubric.speed_critical_um_s % 10'000 / 1000);
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_directions(const MeasureInput& input) {
    Measurement result;
    std::vector<Rose> roses = stroke_roses(input);
    std::vector<int64_t> directions(roses.size(), 0);
    bool any = false;
    for (size_t zone = 0; zone < roses.size(); ++zone) {
        directions[zone] = count_directions(roses[zone], input.rubric.direction_share_e4);
        any = any || (input.prescribed[zone] && directions[zone] > 0);
    }
    if (!any) return result;
    result.value = mean_over_area(input, [&](size_t zone) { return directions[zone] * 1000; });
    std::optional<int64_t> single_e4 =
        mean_over_area(input, [&](size_t zone) { return directions[zone] == 1 ? 10'000 : 0; });
    if (single_e4 && *single_e4 > input.rubric.single_direction_area_e4) {
        result.critical = true;
        result.critical_reason =
            fmt::format("{} % of the area worked in one direction only", *single_e4 / 100);
    }
    EvidenceBuilder evidence(input);
    for (uint32_t cell = 0; cell < input.face.cells.size(); ++cell) {
        uint32_t zone = input.face.cells.zone[cell];
        if (input.prescribed[zone] && directions[zone] < 2) evidence.cell(cell);
    }
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
