#pragma once

// The score: a pure function of evidence, rubric, scope, face and device, in integer hundredths, with the evidence for
// each line. A practice score is never a certificate.

#include "training/core/metrics.h"

namespace training {

enum class Verdict : uint8_t { target, warning, beyond, critical, not_assessed };
const char* verdict_name(Verdict verdict);

struct CriterionScore {
    Criterion criterion;
    std::optional<int64_t> value;  ///< thousandths of the unit
    std::optional<int32_t> points; ///< hundredths
    int32_t max = 0;               ///< hundredths
    Verdict verdict = Verdict::not_assessed;
    std::string reason;            ///< why critical or warned, else empty
    std::string note;              ///< a figure beside the value, else empty
    Evidence evidence;
};

struct ZoneScore {
    std::string id;
    bool prescribed;
    shared::ZoneStats stats;
};

struct Score {
    int32_t total = 0;      ///< hundredths of 100, over the assessed lines scaled to 100
    bool pass = false;
    int32_t attempt = 1;
    std::vector<CriterionScore> criteria;
    std::vector<ZoneScore> zones;
    base::Hash evidence, rubric, face, device, scope;
};

/// Records that name places which the face does not have (see check_fits) are left out.
Score score(const Recording& recording, const Stage& stage, const Rubric& rubric, const Scope& scope);

/// Points of a value, in hundredths of `weight`: full in the target band, linear to 0 across the warning band, rounded to
/// the nearest.
int32_t points(const Band& band, int32_t weight, int64_t value);

/// `score --json` of design.md 6. Zones: all but "outside"; what no puncture tells is null.
std::string score_json(const Score& score);
/// A short table for the terminal.
std::string score_text(const Score& score);

}  // namespace training
