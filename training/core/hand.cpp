#include "training/core/hand.h"

#include "engine/base/deterministic_math.h"

#include <cmath>

namespace training {

base::Result<Skill> parse_skill(const std::string& name) {
    if (name == "expert") return Skill::expert;
    if (name == "intermediate") return Skill::intermediate;
    if (name == "novice") return Skill::novice;
    return base::error("operator '{}' is not known; use expert, intermediate or novice", name);
}

Hand make_hand(Skill skill) {
    Hand hand;  // the defaults are the expert's
    if (skill == Skill::expert) return hand;

    const bool novice = skill == Skill::novice;
    hand.plan.spacing = novice ? 6.6e-3 : 6.2e-3;
    hand.plan.speed = novice ? 0.045 : 0.028;
    hand.plan.margin = novice ? 0.3e-3 : 2.2e-3;  // 2 mm is the ring to keep clear
    hand.plan.border_passes = novice ? 0 : 1;
    hand.plan.evening = novice ? 0 : 0.3;
    hand.plan.missed = novice ? 0.20 : 0.06;
    hand.plan.fewest_passes = novice ? 1 : 2;
    hand.force_bone = novice ? 1.6 : 0.95;
    hand.force_soft = novice ? 1.6 : 1.15;
    hand.force_cv = novice ? 0.45 : 0.25;
    hand.force_skew = novice ? 1 : 0.3;
    hand.speed_cv = novice ? 0.4 : 0.2;
    hand.tremor = novice ? 0.8e-3 : 0.4e-3;
    hand.tilt_bias = novice ? 7 : 3.5;
    hand.tilt_sd = novice ? 6 : 3;
    hand.follow = novice ? 0.8 : 0.95;
    hand.dwell = novice ? 0.4 : 0.05;
    hand.depth = novice ? 0.75e-3 : 0;
    hand.traction = !novice;
    hand.glide_medium = !novice;
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
