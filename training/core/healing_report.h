#pragma once

// What to tell of a face that heals: what is normal at this age, what is gained, and what harm was done and
// where. Words are the screen's; here are the signs, their size and their places. By provisional curves
// (track::HealingCurves), for teaching.

#include "engine/track/healing.h"

#include <string>
#include <vector>

namespace training {

enum class SignKind : uint8_t { expected, gained, harm };

struct HealingSign {
    SignKind kind = SignKind::expected;
    /// expected: redness, swelling, dryness, peeling, marks. gained: collagen, texture, wrinkles, scars.
    /// harm: too_dense, too_deep, too_hard, red_still, swollen_still, peeling_still, scabs_still, vessels,
    /// pigment, tracks.
    std::string id;
    double value =
        0;  ///< mean over `cells`: a share, mm (swelling), times (collagen), grades; harm: share of the worst
    double area_cm2 = 0;
    uint8_t zone = 0;             ///< of harm: where it lies
    std::vector<uint32_t> cells;  ///< rising; of harm alone
};

/// Expected and gained signs over all treated skin, then harm by zone, the largest first. Harm on less than
/// `least_mm2` of a zone is not told: one square millimetre is no finding.
std::vector<HealingSign> signs_at(const track::HealingCourse& course, const track::HealingPlan& plan,
                                  std::span<const track::HealedCell> cells, double least_mm2 = 10);

}  // namespace training
