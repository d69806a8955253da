#pragma once

// Small charts as inline SVG: no script, no fonts of their own, colours by CSS class so that the page sets the tone.

#include "training/core/rubric.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace training {

/// A ruler with the target and warning bands of a criterion and a marker at the value; a value off the ruler is drawn as
/// an arrow at its end. `tone`: CSS class of the marker; `label`: what it shows, for who cannot see it.
std::string band_chart(const Band& band, std::optional<int64_t> value, std::string_view tone, const std::string& label = {});

/// What happened in one slice of time; slices without contact are gaps.
struct TimeBin {
    bool touched = false;
    double low = 0, mean = 0, high = 0;
    double band_low = 0, band_high = 0;  ///< target band in force then; equal = none
};

struct TimeChart {
    std::string title, unit;         ///< title: also for who cannot see the chart
    double duration = 0;         ///< s
    double top = 1;              ///< greatest value of the axis; more is drawn at the top edge
    std::vector<TimeBin> bins;   ///< of equal length
    std::string decimal_mark = ".";
};
std::string time_chart(const TimeChart& chart);

/// One row per zone: when the tip was on it.
struct TimelineRow {
    std::string label;
    std::vector<std::pair<double, double>> spans;  ///< s
};
/// `label`: what it shows, for who cannot see it.
std::string timeline(std::span<const TimelineRow> rows, double duration, const std::string& label);

struct Histogram {
    std::vector<uint32_t> counts;
    double low = 0, high = 1;              ///< range of the counts, equal bins
    double band_low = 0, band_high = 0;    ///< equal = none
    std::optional<double> mean;
    std::string label = {};                ///< what it shows, for who cannot see it
    std::string decimal_mark = ".";
};
std::string histogram(const Histogram& histogram);

/// Shares (1e-4) of the six directions of strokes, as spokes of 30 degrees.
std::string direction_rose(const std::array<uint32_t, 6>& share_e4, const std::string& label = {});

/// Least of 1, 2, 5 x 10^n (or 3 where that fits better) steps that divides `range` into at most `most` parts.
double axis_step(double range, int most);

}  // namespace training
