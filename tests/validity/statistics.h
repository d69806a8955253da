#pragma once

// The statistics of a validity study, as textbooks define them. Not on the evidence path: doubles and libm
// serve.

#include <span>
#include <vector>

namespace validity {

/// Spearman's rank correlation, ties at their mean rank: Pearson's correlation of the ranks. Equal lengths,
/// at least 2.
double spearman(std::span<const double> a, std::span<const double> b);

/// Chance that one of `high` lies above one of `low`, ties counted half (Mann & Whitney 1947): the area under
/// the curve.
double area_under_curve(std::span<const double> low, std::span<const double> high);

/// Intraclass correlation of single sessions, one row per operator with equally many sessions (Shrout &
/// Fleiss 1979).
struct Intraclass {
    double agreement;    ///< ICC(2,1): sessions drawn at random, absolute agreement
    double consistency;  ///< ICC(3,1): the same sessions for all, whose means may differ
};
Intraclass intraclass(const std::vector<std::vector<double>>& rows);

/// Mean with its 95 % interval by Student's t. At least 2 values.
struct Mean {
    double value, low, high;
};
Mean mean_of(std::span<const double> values);

/// What Student's t with `freedom` degrees of freedom stays below with a chance of 97.5 %.
double student_975(double freedom);

}  // namespace validity
