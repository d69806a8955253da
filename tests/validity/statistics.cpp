#include "tests/validity/statistics.h"

#include "engine/base/result.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace validity {

namespace {

std::vector<double> ranks_of(std::span<const double> values) {
    std::vector<size_t> order(values.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (size_t begin = 0; begin < order.size();) {
        size_t end = begin;
        while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
        const double shared = 0.5 * static_cast<double>(begin + 1 + end);
        for (; begin < end; ++begin) ranks[order[begin]] = shared;
    }
    return ranks;
}

double average(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Chance that Student's t lies within ±t: the density summed by Simpson's rule after x = sqrt(n) tan(angle),
/// which makes it cos^(n−1) over a finite range.
double chance_within(double t, double freedom) {
    const double end = std::atan(t / std::sqrt(freedom));
    constexpr int kParts = 2000;
    double sum = 0;
    for (int i = 0; i <= kParts; ++i) {
        const double weight = i == 0 || i == kParts ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * std::pow(std::cos(end * i / kParts), freedom - 1);
    }
    const double scale =
        std::exp(std::lgamma((freedom + 1) / 2) - std::lgamma(freedom / 2)) / std::sqrt(std::acos(-1.0));
    return 2 * scale * sum * end / kParts / 3;
}

}  // namespace

double spearman(std::span<const double> a, std::span<const double> b) {
    CHECK(a.size() == b.size() && a.size() >= 2, a.size(), b.size());
    const std::vector<double> x = ranks_of(a), y = ranks_of(b);
    const double mean = 0.5 * static_cast<double>(a.size() + 1);
    double xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean) * (x[i] - mean), xy += (x[i] - mean) * (y[i] - mean),
            yy += (y[i] - mean) * (y[i] - mean);
    }
    return xy / std::sqrt(xx * yy);
}

double area_under_curve(std::span<const double> low, std::span<const double> high) {
    double won = 0;
    for (double a : low) {
        for (double b : high) won += a < b ? 1 : a == b ? 0.5 : 0;
    }
    return won / static_cast<double>(low.size() * high.size());
}

Intraclass intraclass(const std::vector<std::vector<double>>& rows) {
    const double n = static_cast<double>(rows.size()), k = static_cast<double>(rows.at(0).size());
    std::vector<double> columns(rows[0].size(), 0);
    double grand = 0, squares = 0, between_rows = 0, between_columns = 0;
    for (const std::vector<double>& row : rows) {
        CHECK(row.size() == columns.size(), row.size());
        for (size_t j = 0; j < row.size(); ++j) columns[j] += row[j] / n, grand += row[j] / (n * k);
    }
    for (const std::vector<double>& row : rows) {
        const double mean = average(row);
        between_rows += k * (mean - grand) * (mean - grand);
        for (double value : row) squares += (value - grand) * (value - grand);
    }
    for (double mean : columns) between_columns += n * (mean - grand) * (mean - grand);
    const double of_rows = between_rows / (n - 1), of_columns = between_columns / (k - 1);
    const double left = (squares - between_rows - between_columns) / ((n - 1) * (k - 1));
    return {(of_rows - left) / (of_rows + (k - 1) * left + k * (of_columns - left) / n),
            (of_rows - left) / (of_rows + (k - 1) * left)};
}

double student_975(double freedom) {
    double low = 0, high = 20;
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (chance_within(middle, freedom) < 0.95 ? low : high) = middle;
    }
    return low;
}

Mean mean_of(std::span<const double> values) {
    CHECK(values.size() >= 2, values.size());
    const double n = static_cast<double>(values.size()), mean = average(values);
    double squares = 0;
    for (double value : values) squares += (value - mean) * (value - mean);
    const double reach = student_975(n - 1) * std::sqrt(squares / (n - 1) / n);
    return {mean, mean - reach, mean + reach};
}

}  // namespace validity
