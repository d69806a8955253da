#include "training/core/trend.h"

#include "engine/base/result.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace training {

namespace {

/// Of sorted values.
double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(place);
    const size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return quantile(values, 0.5);
}

/// How many of the outermost slopes on each side the interval leaves out: the greatest r with P(fewer than r discordant pairs)
/// of values in random order at most `tail`. Discordant pairs are a permutation's inversions, counted by Mahonian numbers.
size_t left_out(size_t count, double tail) {
    std::vector<double> chance = {1};  // of so many inversions
    for (size_t n = 2; n <= count; ++n) {
        std::vector<double> next(chance.size() + n - 1, 0);
        for (size_t i = 0; i < chance.size(); ++i)
            for (size_t more = 0; more < n; ++more) next[i + more] += chance[i] / static_cast<double>(n);
        chance = std::move(next);
    }
    double sum = 0;
    size_t r = 0;
    while (r < chance.size() && sum + chance[r] <= tail) sum += chance[r++];
    return r;
}

/// Later attempts say nothing more of what was asked, and pairs grow with their square.
constexpr size_t kMost = 200;

}  // namespace

size_t fewest_for_trend(double false_alarm) {
    CHECK(false_alarm > 1e-6 && false_alarm < 1, false_alarm);
    size_t count = 2;
    while (left_out(count, false_alarm / 2) == 0) ++count;
    return count;
}

Trend trend_of(std::span<const double> values, double false_alarm) {
    if (values.size() > kMost) values = values.last(kMost);
    Trend trend;
    const size_t count = values.size();
    if (count < 2) {
        trend.start = count == 1 ? values[0] : 0;
        return trend;
    }
    std::vector<double> slopes, starts;
    for (size_t i = 0; i < count; ++i)
        for (size_t j = i + 1; j < count; ++j) slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
    std::sort(slopes.begin(), slopes.end());
    trend.slope = quantile(slopes, 0.5);
    for (size_t i = 0; i < count; ++i) starts.push_back(values[i] - trend.slope * static_cast<double>(i));
    trend.start = median(std::move(starts));
    const size_t out = left_out(count, false_alarm / 2);
    if (out == 0) return trend;
    trend.low = slopes[out - 1];
    trend.high = slopes[slopes.size() - out];
    trend.says = trend.low > 0 ? Trend::Says::rising : trend.high < 0 ? Trend::Says::falling : Trend::Says::none;
    return trend;
}

Spread spread_of(std::span<const double> values) {
    CHECK(!values.empty());
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    Spread spread{quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), 0};
    std::vector<double> off;
    for (const double value : sorted) off.push_back(std::fabs(value - spread.median));
    spread.mad = median(std::move(off));
    return spread;
}

}  // namespace training
