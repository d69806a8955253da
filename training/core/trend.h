#pragma once

// What a row of attempts says: where it lies, how far it spreads and whether it moves. Robust: a wild attempt or two change
// little. For reading alone; no score depends on it.

#include <cstdint>
#include <span>

namespace training {

/// Theil and Sen's line through values in their order: the median of the slopes of all pairs (Theil 1950; Sen 1968, J Am
/// Stat Assoc 63:1379), with an interval from the exact distribution of Kendall's statistic, so that it holds for few values.
struct Trend {
    enum class Says : uint8_t { too_few, none, rising, falling };

    Says says = Says::too_few;  ///< rising and falling only where the interval leaves out 0
    double slope = 0;           ///< of the value, per attempt
    double start = 0;           ///< of the line at the first attempt: the median of what is left of each value without the slope
    double low = 0, high = 0;   ///< interval of the slope; 0 where there are too few
};
/// `false_alarm`: how often, at most, values in random order without ties are said to rise or fall (two-sided). Fewer values
/// than could ever say so are too few: 5 at 0.05, 6 at 0.01.
Trend trend_of(std::span<const double> values, double false_alarm);
/// The least number of values that can show a trend.
size_t fewest_for_trend(double false_alarm);

/// Median, quartiles (linear between neighbours, as R's type 7) and median absolute deviation from the median.
struct Spread {
    double median = 0, low = 0, high = 0, mad = 0;
};
/// At least one value.
Spread spread_of(std::span<const double> values);

}  // namespace training
