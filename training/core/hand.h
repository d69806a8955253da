#pragma once

// What tells one simulated hand from another: how it plans, and how steadily it does what it planned. The figures are
// assumptions (tag A) from clinical.md 3 and 9, chosen to lie well inside (expert) or well outside (novice) the bands
// named there; they are not measurements of people.

#include "engine/base/random.h"
#include "training/core/population.h"
#include "training/core/stroke_plan.h"

#include <array>
#include <optional>

namespace training {

struct Hand {
    PlanSettings plan;
    double force_bone = 0.7, force_soft = 0.95;   ///< N
    double force_cv = 0.12;
    double force_skew = 0;         ///< 0 = symmetric about the mean, 1 = lognormal: now and then far too hard
    double speed_cv = 0.1;
    double jerk = 0;               ///< share of the speed by which it halts and hurries, some times a second
    double tremor = 0.2e-3;        ///< m, standard deviation of the tip's place along each axis
    double tilt_bias = 1.2;        ///< degrees, the way this hand always leans
    double tilt_sd = 1.7;          ///< degrees, along each of two axes
    double follow = 1;             ///< 0..1: how far the pen turns with the skin's normal; the rest stays with the zone's mean
    double dwell = 0;              ///< s, longest rest at a stroke's end with the needles running
    double same_depth = 0;         ///< 0..1: how far the needles are set to the cheek's depth in place of the zone's (clinical.md 2.3)
    double traction = 1;           ///< share of the mobile zones whose skin it holds taut
    double glide_medium = 1;       ///< share of the zones that it wets before needling
    double tilt_round_nose = 0;    ///< 0..1: how far the pen points straight back on the nose and beside it
    double section = 11e-3;        ///< m from between its fingers within which it works before it holds the skin anew
    double hold_error = 0.08;      ///< by how much it draws too far or too little, of the logarithm of the way
    double hold_turn = 0;          ///< degrees that the line of the two fingertips is turned from straight across
    std::optional<double> lean;    ///< degrees from the head's +X, where the pen leans to; none = drawn for each session
    double mirror = 1;             ///< -1: a left hand; lean, hold, tremor and the order of strokes are mirrored
};

/// Between novice (0), intermediate (0.5) and expert (1) all figures go in straight lines.
Hand make_hand(double skill);
/// With this operator's manner, faults and side.
Hand make_hand(const Operator& who);

/// Band-limited noise of mean 0 and standard deviation 1, as a hand's drift is: a sum of sinusoids with seeded
/// frequencies and phases, so any instant can be asked for. Never beyond ±3.8.
class Wander {
  public:
    Wander(base::Random& random, double low_hz, double high_hz);
    double at(double time) const;

  private:
    static constexpr size_t kTones = 7;
    std::array<double, kTones> hz_, phase_;
};

}  // namespace training
