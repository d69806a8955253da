#include "training/core/hand.h"

#include "engine/base/deterministic_math.h"

#include <algorithm>
#include <cmath>

namespace training {

namespace {

constexpr double kMannerSpread = 0.15;    // of a figure, one standard deviation between operators of one skill
constexpr double kHeavy = 1.6, kLongDwell = 1.2, kUnsteady = 0.3, kJerk = 0.5, kForgotten = 0.3, kInside = 2e-3;  // at size 1 (all A)
constexpr double kHoldTurn = 20;          // degrees: the free hand comes from its own side (A)
constexpr double kLeanSpread = 40;        // degrees round the hand's own side (A)

/// Figures at 0, 0.5 and 1; straight lines between, exact at all three.
struct Line {
    double novice, intermediate, expert;

    double at(double skill) const {
        const double t = skill < 0.5 ? 2 * skill : 2 * skill - 1;
        return skill < 0.5 ? novice * (1 - t) + intermediate * t : intermediate * (1 - t) + expert * t;
    }
    int whole_at(double skill) const { return static_cast<int>(std::floor(at(skill) + 0.5)); }
};

/// A person of some skill has a heavier hand than another and a steadier one: factors about 1, never beyond two deviations.
void add_manner(Hand& hand, uint64_t manner) {
    base::Random random(manner);
    const auto own = [&] { return base::det::exp(kMannerSpread * std::clamp(random.normal(), -2.0, 2.0)); };
    const double heavy = own();
    for (double* force : {&hand.force_bone, &hand.force_soft}) *force *= heavy;
    for (double* figure : {&hand.plan.speed, &hand.plan.missed, &hand.force_cv, &hand.speed_cv, &hand.tremor, &hand.tilt_bias,
                           &hand.tilt_sd, &hand.dwell}) {
        *figure *= own();
    }
    hand.lean = kLeanSpread * std::clamp(random.normal(), -2.0, 2.0);
    hand.hold_turn = kHoldTurn;
}

void add_faults(Hand& hand, const Operator& who) {
    const auto size = [&](Fault fault) { return who.fault(fault); };
    for (double* force : {&hand.force_bone, &hand.force_soft}) *force *= 1 + kHeavy * size(Fault::heavy_hand);
    hand.tilt_round_nose = size(Fault::tilt_round_nose);
    for (double& direction : hand.plan.directions) {
        direction += (hand.plan.directions.front() - direction) * size(Fault::one_direction);
    }
    hand.plan.forgotten = kForgotten * size(Fault::missed_strips);
    hand.same_depth = std::max(hand.same_depth, size(Fault::same_depth));
    hand.dwell += kLongDwell * size(Fault::dwell);
    hand.glide_medium *= 1 - size(Fault::dry_glide);
    hand.plan.margin -= (hand.plan.margin + kInside) * size(Fault::no_go);
    hand.speed_cv += kUnsteady * size(Fault::unsteady_speed);
    hand.jerk = kJerk * size(Fault::unsteady_speed);
    hand.traction *= 1 - size(Fault::no_traction);
}

}  // namespace

Hand make_hand(double skill) {
    Hand hand;
    const PlanSettings expert = hand.plan;
    hand.plan.spacing = Line{6.6e-3, 6.2e-3, expert.spacing}.at(skill);
    hand.plan.speed = Line{0.045, 0.028, expert.speed}.at(skill);
    hand.plan.margin = Line{0.3e-3, 2.2e-3, expert.margin}.at(skill);  // 2 mm is the ring to keep clear
    hand.plan.border_passes = Line{0, 1, 3}.whole_at(skill);
    hand.plan.evening = Line{0, 0.3, 1}.at(skill);
    hand.plan.missed = Line{0.20, 0.06, 0}.at(skill);
    hand.plan.fewest_passes = Line{1, 2, 3}.whole_at(skill);
    hand.force_bone = Line{1.6, 0.95, hand.force_bone}.at(skill);
    hand.force_soft = Line{1.6, 1.15, hand.force_soft}.at(skill);
    hand.force_cv = Line{0.45, 0.25, hand.force_cv}.at(skill);
    hand.force_skew = Line{1, 0.3, 0}.at(skill);
    hand.speed_cv = Line{0.4, 0.2, hand.speed_cv}.at(skill);
    hand.tremor = Line{0.8e-3, 0.4e-3, hand.tremor}.at(skill);
    hand.tilt_bias = Line{7, 3.5, hand.tilt_bias}.at(skill);
    hand.tilt_sd = Line{6, 3, hand.tilt_sd}.at(skill);
    hand.follow = Line{0.8, 0.95, 1}.at(skill);
    hand.dwell = Line{0.4, 0.05, 0}.at(skill);
    hand.same_depth = Line{1, 0, 0}.at(skill);
    hand.traction = Line{0, 1, 1}.at(skill);
    hand.section = Line{30e-3, 16e-3, hand.section}.at(skill);
    hand.hold_error = Line{0.5, 0.3, hand.hold_error}.at(skill);
    hand.glide_medium = Line{0, 1, 1}.at(skill);
    return hand;
}

Hand make_hand(const Operator& who) {
    Hand hand = make_hand(who.skill);
    if (who.manner != 0) add_manner(hand, who.manner);
    add_faults(hand, who);
    hand.mirror = who.left_handed ? -1 : 1;
    hand.plan.mirrored = who.left_handed;
    return hand;
}

Wander::Wander(base::Random& random, double low_hz, double high_hz) {
    // One tone in each of equal parts of the band on a log scale: the slow drift is as strong as the fast.
    const double octaves = base::det::log(high_hz / low_hz);
    for (size_t i = 0; i < kTones; ++i) {
        hz_[i] = low_hz * base::det::exp(octaves * (static_cast<double>(i) + random.uniform()) / kTones);
        phase_[i] = random.uniform();
    }
}

double Wander::at(double time) const {
    double sum = 0;
    for (size_t i = 0; i < kTones; ++i) {
        const double turns = time * hz_[i] + phase_[i];
        sum += base::det::sin(2 * base::det::kPi * (turns - std::floor(turns)));
    }
    return sum * std::sqrt(2.0 / kTones);
}

}  // namespace training
