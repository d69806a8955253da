#pragma once

// Sets a rubric's bands and its pass mark from recordings of people (`evenhand rubric fit`). Bands come from experts alone,
// the pass mark from experts and novices. Nothing is dropped in silence: what cannot be used, what lies far off and what
// could not be fitted is told, and the new rubric names all that it came from.
//
// A line's band. m: median of the experts' values; s: 1.4826 x their median absolute deviation from it, which is the
// standard deviation where values are normal and does not care for a few that are far off (Rousseeuw & Croux 1993, J Am
// Stat Assoc 88:1273). The target ends at m ± 2 s: an expert of such a group stays inside 19 times in 20. The warning band
// ends 2 s beyond. Experts who agree too well, as simulated ones do, make neither a needle's eye nor a cliff: s counts as at
// least an eighth of the base's target, and the warning band is at least half as wide as the base's (A). Only the sides that the base rubric leaves open are set: tilt has no lower warning. Values are held within what the
// unit allows, and critical limits stay: they are there for safety, not for skill.
//
// Too few: less than kFewest experts with a value. The spread of n values is then known no better than to
// 1.17 / sqrt(n) of itself (37 % at 10; asymptotic, normal values), and a band would be set by chance. Such lines keep the
// base rubric's band and are marked "not refitted".
//
// The pass mark: the total at which the fewest sessions fall on the wrong side (contrasting groups, Livingston & Zieky 1982);
// of a run of equally good totals its middle. Both groups need kFewest sessions. The same sessions set the bands and the
// mark, so the errors told are a lower bound of what other people would show.

#include "training/core/recordings.h"
#include "training/core/score.h"

#include <functional>

namespace training {

inline constexpr size_t kFewest = 10;
/// Modified z-score beyond which a value is told as an outlier (Iglewicz & Hoaglin 1993: 0.6745 |x - m| / MAD > 3.5).
inline constexpr int64_t kOutlier_e3 = 3500;

struct FittedBand {
    Band band;
    int64_t median = 0, spread = 0;  ///< thousandths of the unit
    std::vector<size_t> outliers;    ///< indices of `values`, rising; they count like all others
    std::string not_refitted;        ///< why the band is the base rubric's; empty = it was fitted
};
FittedBand fit_band(const Criterion& base, const std::vector<int64_t>& values);

struct PassMark {
    int32_t mark = 0;  ///< hundredths
    size_t false_passes = 0, false_fails = 0;
    std::string not_refitted;
};
/// Of totals in hundredths. `base`: the mark that is kept when there are too few.
PassMark fit_pass_mark(const std::vector<int32_t>& experts, const std::vector<int32_t>& novices, int32_t base);

/// One person's session as the fit sees it.
struct FitSession {
    std::string file;  ///< its name without folders
    Score score;       ///< by the base rubric
};

/// Scores a session again by another rubric: `group` 0 = experts, 1 = novices.
using Rescore = std::function<base::Result<Score>(size_t group, size_t index, const Rubric& rubric)>;

struct FittedRubric {
    std::string text;                 ///< the new rubric, sound
    std::vector<std::string> report;  ///< lines for people: what was set from what, outliers, what was not refitted
};
/// `base_text`: the base rubric's file, whose comments and figures stay where they are.
base::Result<FittedRubric> fit_rubric(const base::Places& places, const std::string& base_text,
                                      const std::vector<FitSession>& experts, const std::vector<FitSession>& novices,
                                      const Rescore& rescore);

/// The usable recordings (*.evh, by name) of a folder and, for each other one, a sentence why not: unreadable, interrupted, of a
/// lesson, of another face or device than there is now, the same evidence again.
class FitGroup {
  public:
    /// Without a session.
    explicit FitGroup(const base::Places& places) : stages_(places) {}
    /// `taken`: hashes of evidence seen before, in this group or another; grows.
    static base::Result<FitGroup> read(const base::Places& places, const base::fs::path& folder, const Rubric& rubric,
                                       std::vector<base::Hash>& taken, const face::Progress& progress = {});
    base::Result<Score> rescore(const base::Places& places, size_t index, const Rubric& rubric);

    std::vector<FitSession> sessions;
    std::vector<std::string> unusable;

  private:
    base::Result<Score> score_file(const base::Places& places, const base::fs::path& file, const Rubric& rubric);

    std::vector<base::fs::path> files_;
    Stages stages_;
};

}  // namespace training
