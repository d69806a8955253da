#pragma once

// A population of simulated operators: skill as a continuum, single faults of a given size, either hand, and
// a manner of one's own. For demonstrations and validity work. Every figure behind it is an assumption (A):
// no published motion data of people who needle were found (clinical.md 11). Simulated, and always called so.

#include "engine/base/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace training {

/// Points on the continuum.
enum class Skill : uint8_t { expert, intermediate, novice };
base::Result<Skill> parse_skill(const std::string& name);
double skill_value(Skill skill);  ///< 1, 0.5, 0

/// What one may do wrong whatever one's skill (clinical.md 3.2). At size 1:
enum class Fault : uint8_t {
    heavy_hand,       ///< presses 2.6 times as hard
    tilt_round_nose,  ///< on the nose and beside it the pen points straight back, as it does on the forehead
    one_direction,    ///< all passes go the same way
    missed_strips,    ///< at one side of each zone nearly a third of its width is left out
    same_depth,       ///< the cheek's depth everywhere
    dwell,            ///< rests up to 1.2 s at a stroke's end with the needles running
    dry_glide,        ///< no zone is wetted
    no_go,  ///< strokes go on until needles stand 2 mm inside the lid, lip or nostril; at 0.5 they enter the
            ///< ring
    unsteady_speed,  ///< halts and hurries: speed wanders by over half its mean, slowly and 2 to 4 times a second
    no_traction,     ///< mobile skin is not held
};
inline constexpr size_t kFaults = 10;
const char* fault_name(Fault fault);

struct Operator {
    double skill = 1;                      ///< 0 = first day, 1 = expert
    std::array<double, kFaults> faults{};  ///< size of each, 0..1, by Fault
    bool left_handed = false;              ///< all that a hand's side decides is mirrored
    bool treats_anyway = false;            ///< goes on to needles whatever the consultation showed
    /// Who it is: how this one differs from others of the same skill, the same in all sessions. 0 = the mean
    /// of them.
    uint64_t manner = 0;

    double fault(Fault which) const { return faults[static_cast<size_t>(which)]; }
    void set(Fault which, double size) { faults[static_cast<size_t>(which)] = size; }
};

/// `skill`: expert, intermediate, novice or a number from 0 to 1. `faults`: NAME=SIZE each, 0 to 1.
base::Result<Operator> parse_operator(const std::string& skill, std::span<const std::string> faults,
                                      bool left_handed);
/// As parse_operator reads it, in few words: "expert", "0.62 heavy_hand=0.8 left-handed".
std::string operator_words(const std::string& skill, const Operator& who);

/// Zones in the order in which a hand treats them: a left one takes the other side of each pair first.
std::vector<std::string> in_order_of(bool left_handed, std::vector<std::string> zones);

}  // namespace training
