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

/// How much of a pin's reach skin that gives before it breaks leaves over: the pin enters the more of its way, the more
/// of the rim is seated, the faster it comes and the better the skin under it is supported.
struct Tenting {
    double seat = 0.5, rate = 0.25, support = 0.25;  ///< weights, together 1
    double full_rate_hz = 100;                       ///< from which a faster pin gains nothing
    double half_stiffness = 60e3;                    ///< Pa: tissue that supports half as well as a rigid one would

    /// 0..1, between a device's least and greatest share. `seat`: share of the rim that presses; `taut`: stretch by traction
    /// over what helps in full, at most 1; `stiffness`: the tissue's at the strain under the tip, Pa. Skin that is firm by
    /// itself needs no traction: support = 1 − (1 − taut)(1 − firm), firm = E/(E + E_half).
    double ease(double seat_share, double hz, double taut, double stiffness) const;
};

/// Figures and their tags: content/skins/skin.toml.
struct SkinModel {
    LayerKernel kernel;
    static constexpr size_t kMostRelaxations = 4;
    std::vector<Relaxation> relaxation;  ///< at most so many; shares add up to less than 1
    double stiffening_rise = 0, stiffening_most = 1;
    double membrane_modulus = 150e3;  ///< Pa
    double membrane_poisson = 0.45;
    double natural_tension = 10e3;    ///< Pa, of skin left alone: holds it flat over an opening (opening.h)
    double friction_dry = 0, friction_medium = 0, friction_finger = 0;
    double finger_force = 4;    ///< N, with which a finger holds
    double medium_lasts = 240;  ///< s after which a glide medium has dried up
    double full_stretch = 0.05; ///< strain from which traction helps in full
    Tenting tenting;

    /// Share of the answer that comes at once.
    double instant_share() const;
    /// Secant modulus over that of small strain: 1 at none, bounded by `stiffening_most`, rising.
    double stiffening(double strain) const;

    /// Of a tip on skin on which a glide medium was put `age` s ago.
    double friction(double age) const;

    std::string text;  ///< the file it was read from
    base::Hash hash;   ///< over text and kernel

    /// Reads content/skins, or the kernel there and the figures of another `file`. Errors name file, line and column.
    static base::Result<SkinModel> load(const base::Places& places, const base::fs::path& file = {});
};

}  // namespace skin
