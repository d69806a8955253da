#pragma once

// The score: a pure function of evidence, rubric, scope, face and device, in integer hundredths, with the evidence for
// each line. A practice score is never a certificate.

#include "training/core/metrics.h"

namespace training {

enum class Verdict : uint8_t { target, warning, beyond, critical, not_assessed };
const char* verdict_name(Verdict verdict);

/// What a line's override by zone came to: the measure over the prescribed zones of one kind, judged by its own bands.
struct PartScore {
    std::string zone;              ///< zone kind; empty = all that no override names
    Band band;
    std::optional<int64_t> value;  ///< thousandths of the unit
    std::optional<int32_t> points; ///< hundredths, of the line's whole weight
    Verdict verdict = Verdict::not_assessed;
    int64_t area_um2 = 0;          ///< prescribed skin of it: what its points weigh in the line's
};

/// A line with overrides by zone keeps its value over all zones; its points are the mean of its parts', weighted with
/// their prescribed area, its verdict is the worst of theirs. A measure's own critical rule looks at the whole session.
struct CriterionScore {
    Criterion criterion;           ///< with the bands of a device's override where one applied (Criterion::bands_for)
    std::optional<int64_t> value;  ///< thousandths of the unit
    std::optional<int32_t> points; ///< hundredths
    int32_t max = 0;               ///< hundredths
    Verdict verdict = Verdict::not_assessed;
    bool below_floor = false;      ///< fewer points than the line's floor: the session fails. Never when not assessed
    std::string reason;            ///< why critical or warned, else empty
    std::string note;              ///< a figure beside the value, else empty
    Evidence evidence;             ///< of the kind that the rubric shows
    std::vector<PartScore> parts;  ///< empty without overrides by zone
    bool own_critical = false;     ///< the measure's own rule was broken, which no band can mend
    std::string own_critical_reason, own_warning_reason;
};

struct ZoneScore {
    std::string id;
    bool prescribed;
    shared::ZoneStats stats;
};

struct Score {
    int32_t total = 0;      ///< hundredths of 100, over the assessed lines scaled to 100
    bool pass = false;
    int32_t pass_mark = 0;  ///< hundredths
    std::vector<std::string> gates;     ///< what no total makes up for, a sentence each: a pen that is not asked for, critical lines, floors
    std::vector<std::string> failures;  ///< why it did not pass: the gates, then the total
    int32_t attempt = 1;
    /// Ended by a decision not to needle, and no needle went in: screening alone is assessed (screening.h).
    bool held_off = false;
    std::string explain;    ///< what is right for this patient and why, in the case's words; empty where it says nothing
    std::vector<std::string> pens;  ///< kinds that led it (pen_kinds.h)
    std::vector<CriterionScore> criteria;
    std::vector<ZoneScore> zones;
    bool finished = true;   ///< the session was closed in order; else it was scored on what was kept, which `evidence` names
    base::Hash evidence, rubric, face, device, scope;
    std::optional<base::Hash> response, procedure;  ///< of the figures for end points and for preparation and aftercare, if any
};

/// Records that name places which the face does not have (see check_fits) are left out. `phrases`: of reasons, notes and
/// failures; all else is the same in every language.
Score score(const Recording& recording, const Stage& stage, const Rubric& rubric, const Scope& scope,
            const Phrases& phrases = Phrases::english());

/// Judges a session again by other bands, weights, limits and pass mark, from the values that were measured: what score()
/// would say, but for evidence, wherever the two rubrics have the same measures, [general] figures, depth bands and zones with
/// overrides. `rubric`: as rubric_for() gives it. A line that was not measured before is not assessed.
Score judge_again(const Score& before, const Rubric& rubric, const Phrases& phrases = Phrases::english());

/// Points of a value, in hundredths of `weight`: full in the target band, linear to 0 across the warning band, rounded to
/// the nearest.
int32_t points(const Band& band, int32_t weight, int64_t value);

/// Whether there is something to show: the line lost points, or the session by it.
bool is_fault(const CriterionScore& line);

/// Hundredths of points that a line needs, rounded up; none without a floor.
std::optional<int32_t> floor_points(const Criterion& criterion);

/// `score --json` of design.md 6, and beside its keys for each line: reason, note, floor, bands_for, parts, evidence (the 32
/// worst spans in seconds, how many cells, the first 16 of them); for the session finished, pass_mark, failures, held_off and
/// explain; among the hashes response and procedure. Zones: all but "outside"; what no puncture tells is null.
std::string score_json(const Score& score);
/// The middle of a span: at its very beginning a fault is hardly to be seen.
uint32_t telling_moment(TimeSpan span);
/// The command that shows what was done at a moment: "evenhand replay demo.evh --at 192.4".
std::string replay_command(const std::string& file, uint32_t time_us);
/// A short table for the terminal. `file`: the recording, for the commands that show a fault's moment; may be empty.
std::string score_text(const Score& score, const std::string& file = {});

}  // namespace training
