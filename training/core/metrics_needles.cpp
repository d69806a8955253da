// Measures of the single punctures: depth, its steadiness, tilt, and no-go areas.

#include "training/core/decimal.h"
#include "training/core/metrics_support.h"

#include <algorithm>

namespace training {
namespace {

/// Per zone of the face: its depth band when it is prescribed and the rubric has one for its kind.
std::vector<const DepthBand*> depth_bands(const MeasureInput& input) {
    std::vector<const DepthBand*> bands(input.face.zones.size(), nullptr);
    for (size_t zone = 0; zone < bands.size(); ++zone) {
        auto band = input.rubric.depth.find(input.face.zones[zone].kind);
        if (input.prescribed[zone] && band != input.rubric.depth.end()) bands[zone] = &band->second;
    }
    return bands;
}

/// How many punctures were made with the needles set deeper than `limit_um`. A law's limit speaks of the set
/// depth, which holds from one sample to the next.
int64_t punctures_set_deeper(const MeasureInput& input, uint32_t limit_um) {
    auto too_deep = [&](const input::PenSample& sample) { return sample.depth_um > limit_um; };
    if (std::none_of(input.samples.begin(), input.samples.end(), too_deep)) return 0;
    int64_t count = 0;
    for (const shared::Puncture& puncture : input.punctures) {
        auto later =
            std::upper_bound(input.samples.begin(), input.samples.end(), puncture.time_us,
                             [](uint32_t time_us, const input::PenSample& s) { return time_us < s.time_us; });
        count += later != input.samples.begin() && too_deep(*std::prev(later));
    }
    return count;
}

void judge_scope(const MeasureInput& input, Measurement& result) {
    const Scope& scope = input.scope;
    int64_t forgiven = input.rubric.depth_critical_punctures;
    int64_t over = scope.depth_cap_um == kNoDepthCap ? 0 : punctures_set_deeper(input, scope.depth_cap_um);
    if (over > forgiven) {
        result.critical = true;
        result.critical_reason =
            input.phrases("reason.beyond_scope", fmt::arg("count", over), fmt::arg("limit", scope.depth_cap_um),
                          fmt::arg("scope", scope.id));
        return;
    }
    int64_t warned = punctures_set_deeper(input, scope.depth_warn_um);
    if (warned > forgiven)
        result.warning_reason =
            input.phrases("reason.set_deep", fmt::arg("count", warned), fmt::arg("limit", scope.depth_warn_um));
}

constexpr int64_t kTellingPunctures = 1000;  // fewer in a zone say nothing of how it was needled (A)

/// How many punctures have which tilt.
class TiltHistogram {
  public:
    TiltHistogram() : counts_(65536, 0) {}
    explicit TiltHistogram(const MeasureInput& input) : TiltHistogram() {
        for (const shared::Puncture& puncture : input.punctures) add(puncture);
    }
    void add(const shared::Puncture& puncture) {
        ++counts_[shared::puncture_tilt_cdeg(puncture)];
        ++count_;
    }
    int64_t count() const { return count_; }
    /// The least tilt that `percent` of the punctures do not exceed; there must be some.
    int64_t quantile_cdeg(int64_t percent) const {
        int64_t tilt = 0;
        for (int64_t seen = counts_[0]; seen * 100 < count_ * percent; seen += counts_[static_cast<size_t>(tilt)]) ++tilt;
        return tilt;
    }
    int64_t above(uint32_t tilt_cdeg) const {
        int64_t sum = 0;
        for (size_t tilt = tilt_cdeg + 1; tilt < counts_.size(); ++tilt) sum += counts_[tilt];
        return sum;
    }

  private:
    std::vector<int64_t> counts_;
    int64_t count_ = 0;
};

Evidence tilted_beyond(const MeasureInput& input, int64_t limit_e3) {
    EvidenceBuilder evidence(input);
    for (const shared::Puncture& puncture : input.punctures)
        evidence.puncture(puncture, shared::puncture_tilt_cdeg(puncture) * int64_t{10} > limit_e3);
    return evidence.finish();
}

}  // namespace

Measurement measure_depth_in_band(const MeasureInput& input) {
    Measurement result;
    EvidenceBuilder evidence(input);
    std::vector<const DepthBand*> bands = depth_bands(input);
    std::vector<int64_t> too_deep(bands.size(), 0), deep(bands.size(), 0), all(bands.size(), 0);
    uint32_t tolerance = input.rubric.depth_tolerance_um;
    int64_t judged = 0, inside = 0;
    for (const shared::Puncture& puncture : input.punctures) {
        uint32_t zone = zone_of(input, puncture.cell), depth = shared::puncture_depth_um(puncture);
        const DepthBand* band = bands[zone];
        if (!band) continue;
        bool good = depth + tolerance >= band->low_um && depth <= band->high_um + tolerance;
        ++judged;
        ++all[zone];
        inside += good;
        deep[zone] += depth > band->warn_um + tolerance;
        too_deep[zone] += depth > band->critical_um + tolerance;
        evidence.puncture(puncture, !good);
    }
    if (judged > 0) result.value = ratio(inside, judged, 100'000);
    for (size_t zone = 0; zone < bands.size(); ++zone) {
        if (too_deep[zone] <= input.rubric.depth_critical_punctures) continue;
        result.critical = true;
        result.critical_reason =
            input.phrases("reason.too_deep", fmt::arg("count", too_deep[zone]), fmt::arg("zone", zone_name(input, zone)),
                          fmt::arg("limit", bands[zone]->critical_um));
        break;
    }
    if (!result.critical) judge_scope(input, result);
    for (size_t zone = 0; zone < bands.size() && result.warning_reason.empty(); ++zone)
        if (all[zone] > 0 && ratio(deep[zone], all[zone], 10'000) > input.rubric.depth_warn_share_e4)
            result.warning_reason =
                input.phrases("reason.deep", fmt::arg("count", deep[zone]), fmt::arg("all", all[zone]),
                              fmt::arg("zone", zone_name(input, zone)), fmt::arg("limit", bands[zone]->warn_um));
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_depth_cv(const MeasureInput& input) {
    Measurement result;
    std::vector<shared::ZoneStats> zones = zone_statistics(input);
    int64_t sum = 0, punctures = 0;
    for (size_t zone = 0; zone < zones.size(); ++zone) {
        if (!input.prescribed[zone]) continue;
        sum += static_cast<int64_t>(zones[zone].depth_cv_e4) * zones[zone].punctures;
        punctures += zones[zone].punctures;
    }
    if (punctures == 0) return result;
    result.value = ratio(sum, punctures * 10, 1);

    // Evidence: punctures that lie further from their zone's mean than the warning band's end, as a share of
    // it.
    EvidenceBuilder evidence(input);
    int64_t limit = warn_high(input, "depth_cv", 250);
    for (const shared::Puncture& puncture : input.punctures) {
        uint32_t zone = zone_of(input, puncture.cell);
        if (!input.prescribed[zone]) continue;
        int64_t mean = zones[zone].depth_mean_um, off = std::abs(shared::puncture_depth_um(puncture) - mean);
        evidence.puncture(puncture, off * 1000 > mean * limit);
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_tilt_median(const MeasureInput& input) {
    Measurement result;
    if (input.punctures.empty()) return result;
    TiltHistogram tilts(input);
    result.value = tilts.quantile_cdeg(50) * 10;
    int64_t most = tilts.quantile_cdeg(95), beyond = tilts.above(input.rubric.tilt_critical_cdeg);
    result.note = input.phrases("note.tilts", fmt::arg("tilt", hundredths_text(most)));
    if (ratio(beyond, tilts.count(), 10'000) > input.rubric.tilt_critical_share_e4) {
        result.critical = true;
        result.critical_reason = input.phrases("reason.tilted", fmt::arg("count", beyond), fmt::arg("all", tilts.count()),
                                               fmt::arg("limit", input.rubric.tilt_critical_cdeg / 100));
    }
    result.evidence = tilted_beyond(input, warn_high(input, "tilt_median", 10'000));
    return result;
}

Measurement measure_tilt_p95(const MeasureInput& input) {
    Measurement result;
    if (input.punctures.empty()) return result;
    result.value = TiltHistogram(input).quantile_cdeg(95) * 10;
    std::vector<TiltHistogram> zones(input.face.zones.size());
    for (const shared::Puncture& puncture : input.punctures) zones[zone_of(input, puncture.cell)].add(puncture);
    std::optional<int64_t> worst;
    for (size_t zone = 0; zone < zones.size(); ++zone) {
        if (!input.prescribed[zone] || zones[zone].count() < kTellingPunctures) continue;
        worst = std::max(worst.value_or(0), zones[zone].quantile_cdeg(95) * 10);
    }
    result.value = worst.value_or(*result.value);
    result.evidence = tilted_beyond(input, warn_high(input, "tilt_p95", 25'000));
    return result;
}

Measurement measure_no_go(const MeasureInput& input) {
    Measurement result;
    const std::vector<face::Zone>& zones = input.face.zones;
    bool has_no_go =
        std::any_of(zones.begin(), zones.end(), [](const face::Zone& zone) { return zone.no_go; });
    if (input.punctures.empty() || !has_no_go) return result;
    EvidenceBuilder evidence(input);
    int64_t near = 0, inside = 0;
    for (const shared::Puncture& puncture : input.punctures) {
        if (puncture.cell == shared::kNoCell) continue;
        bool forbidden = zones[zone_of(input, puncture.cell)].no_go;
        bool too_near =
            forbidden || input.face.cells.no_go_distance_um[puncture.cell] < input.rubric.no_go_margin_um;
        near += too_near;
        inside += forbidden;
        evidence.puncture(puncture, too_near);
    }
    result.value = near * 1000;
    if (inside > 0) {
        result.critical = true;
        result.critical_reason = input.phrases("reason.no_go", fmt::arg("count", inside));
    }
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
