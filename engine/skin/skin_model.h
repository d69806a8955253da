#pragma once

// What is the same for skin everywhere: the layer's kernel and how skin creeps, stiffens, stretches and rubs
// (content/skins). What differs from place to place is the face's own (face::TissueAt).

#include "engine/skin/layer_kernel.h"

#include <vector>

namespace skin {

/// A part of the skin's answer that comes late: it follows the load with a lag.
struct Relaxation {
    double share;  ///< of the whole answer, 0..1
    double time;   ///< s
};

/// Figures and their tags: content/skins/skin.toml.
struct SkinModel {
    LayerKernel kernel;
    static constexpr size_t kMostRelaxations = 4;
    std::vector<Relaxation> relaxation;  ///< at most so many; shares add up to less than 1
    double stiffening_rise = 0, stiffening_most = 1;
    double membrane_modulus = 150e3;  ///< Pa
    double membrane_poisson = 0.45;
    double friction_dry = 0, friction_medium = 0, friction_finger = 0;
    double finger_force = 4;    ///< N, with which a finger holds
    double medium_lasts = 240;  ///< s after which a glide medium has dried up
    double full_stretch = 0.05; ///< strain from which traction helps in full

    /// Share of the answer that comes at once.
    double instant_share() const;
    /// Secant modulus over that of small strain: 1 at none, bounded by `stiffening_most`, rising.
    double stiffening(double strain) const;

    /// Of a tip on skin on which a glide medium was put `age` s ago.
    double friction(double age) const;

    /// Reads content/skins. Errors name file, line and column.
    static base::Result<SkinModel> load(const base::Places& places);
};

}  // namespace skin
