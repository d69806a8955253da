#pragma once

// What the measures of metrics.h are made of, and what they share. Seen by metrics*.cpp only.

#include "training/core/metrics.h"

#include <functional>

namespace training {

Measurement measure_depth_in_band(const MeasureInput& input);
Measurement measure_depth_cv(const MeasureInput& input);
Measurement measure_tilt_median(const MeasureInput& input);
Measurement measure_force_in_band(const MeasureInput& input);
Measurement measure_force_cv(const MeasureInput& input);
Measurement measure_glide_speed(const MeasureInput& input);
Measurement measure_coverage(const MeasureInput& input);
Measurement measure_density_in_band(const MeasureInput& input);
Measurement measure_evenness(const MeasureInput& input);
Measurement measure_directions(const MeasureInput& input);
Measurement measure_no_go(const MeasureInput& input);
Measurement measure_tilt_p95(const MeasureInput& input);
Measurement measure_drag_path(const MeasureInput& input);
Measurement measure_stroke_overlap(const MeasureInput& input);
Measurement measure_traction(const MeasureInput& input);
Measurement measure_end_point(const MeasureInput& input);
Measurement measure_sparc_gap(const MeasureInput& input);
Measurement measure_path_ratio(const MeasureInput& input);
Measurement measure_idle_share(const MeasureInput& input);
Measurement measure_needling_time(const MeasureInput& input);
Measurement measure_screening(const MeasureInput& input);
Measurement measure_preparation(const MeasureInput& input);
Measurement measure_aftercare(const MeasureInput& input);

inline constexpr uint32_t kMoving_um_s = 2000;         ///< slower is standing still (shared::kNoDirection)
inline constexpr uint32_t kFastest_um_s = 10'000'000;  ///< a pointer's jump counts no more: sums stay in 64 bits

/// part x scale / whole to the nearest, halves up; whole > 0, part >= 0, part x scale < 2^63.
int64_t ratio(int64_t part, int64_t whole, int64_t scale);

/// Index of the zone that a puncture or cell belongs to; 0 (outside) for kNoCell.
uint32_t zone_of(const MeasureInput& input, uint32_t cell);
/// A zone's name as it stands within a sentence.
std::string zone_name(const MeasureInput& input, size_t zone);
/// The rim is on treatable or no-go skin and the motor runs: what the measures of the hand look at.
bool is_working(const shared::ContactRecord& record);
/// The warning band's far end of the criterion that uses `measure`, thousandths; `fallback` where no
/// criterion does.
int64_t warn_high(const MeasureInput& input, const std::string& measure, int64_t fallback);
/// Statistics of every zone with the rubric's floor scaled to the device.
std::vector<shared::ZoneStats> zone_statistics(const MeasureInput& input);
/// Mean of `value(zone)` over the prescribed zones, weighted with their true area; none when they have no
/// area.
std::optional<int64_t> mean_over_area(const MeasureInput& input,
                                      const std::function<int64_t(size_t zone)>& value);

/// Collects where something went wrong and trims it to what Evidence holds.
class EvidenceBuilder {
  public:
    explicit EvidenceBuilder(const MeasureInput& input);

    /// One puncture; time counts as bad in windows of 0.1 s where at least half of the punctures are.
    void puncture(const shared::Puncture& puncture, bool bad);
    /// One contact record; bad ones less than 0.1 s apart make one span. In rising order of time.
    void contact(const shared::ContactRecord& record, bool bad);
    /// A stretch of time that is as bad as `weight`; without one as it is long.
    void span(uint32_t begin_us, uint32_t end_us, uint64_t weight = 0);
    /// A whole cell; of too many cells those with the greatest weight are kept.
    void cell(uint32_t cell, uint32_t weight = 1);

    Evidence finish() const;

  private:
    struct Window {
        uint32_t punctures = 0, bad = 0;
    };
    struct BadSpan {
        TimeSpan span;
        uint64_t weight;  ///< 0 = its length
    };
    void add_span(uint32_t begin_us, uint32_t end_us);

    std::vector<uint32_t> weight_;
    std::vector<Window> windows_;
    std::vector<BadSpan> spans_;
};

}  // namespace training
