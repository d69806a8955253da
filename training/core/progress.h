#pragma once

// What a trainee's attempts say: each line over time, whether it moves, and what to practise next. Pure functions of scores;
// session_shelf.h reads them from a folder. One attempt proves little: clinical.md 9 averages at least three, and a trend
// is named only where chance would hardly make it.

#include "training/core/session_shelf.h"
#include "training/core/trend.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace training {

/// Chance says "rises" or "falls" of a total that does not move at most so often, and of one line at most so often: with
/// some twenty lines on the screen one in five such screens has one by chance (A).
inline constexpr double kTotalFalseAlarm = 0.05, kLineFalseAlarm = 0.01;
/// What to practise next looks at so many attempts, the newest (A).
inline constexpr size_t kLately = 5;

/// One line of the rubric, or the total, over the attempts that assessed it.
struct Course {
    std::string id, name;          ///< of the criterion; empty for the total
    int32_t max = 10'000;          ///< hundredths of points
    std::vector<size_t> attempts;  ///< of Progress::attempts, rising
    std::vector<double> shares;    ///< of the most points there are, 0..1
    Trend trend;
    Spread spread;                 ///< of the shares; of what is left without the trend where there is one, but for the median
};

/// What to practise next, and why.
struct Suggestion {
    std::string criterion, name;
    double gain = 0;       ///< points of 100 to win, weighted by how certain the loss is
    double lost = 0;       ///< points of 100 that were lost in the mean
    size_t times = 0;      ///< attempts of those looked at that lost points here
    size_t of = 0;         ///< attempts looked at that assessed the line
    bool unsafe = false;   ///< one of them failed by this line alone
};

struct Progress {
    std::vector<Attempt> attempts;  ///< oldest first
    Course total;                   ///< of whole treatments: without those that ended by a decision not to needle
    std::vector<Course> lines;      ///< in the order in which rubrics name them
    std::vector<Suggestion> advice;     ///< most to gain first; empty where nothing was lost
};

/// Of attempts that were closed in order; others are left out.
///
/// What to practise next (A): of each line, over the newest kLately attempts that assessed it, the mean of the points lost,
/// times (k + 1) / (n + 2) where k of n lost any: Laplace's rule of succession, so that a loss seen once weighs less than
/// one seen each time. An attempt that failed by the line alone (critical, or below its floor) counts as having lost all of
/// the line's points. Equal gains keep the rubric's order.
Progress progress_of(std::span<const Attempt> attempts);

/// The trainees of these attempts, each once, in order; "" where some have no code.
std::vector<std::string> trainees_of(std::span<const Attempt> attempts);
std::vector<Attempt> attempts_of(std::span<const Attempt> attempts, const std::string& trainee);

/// One row per attempt and criterion (RFC 4180, decimal points whatever the locale; texts that a spreadsheet would run as a
/// formula are disarmed): trainee,attempt,started,case,device,source,file,finished,total,pass,criterion,name,value,unit,
/// points,max,verdict. Attempts are numbered per trainee from 1; what was not assessed is empty.
std::string progress_csv(std::span<const Attempt> attempts);

}  // namespace training
