#pragma once

// What keeps skin from bulging freely into the hole of a tip's rim: dermis and epidermis span it as a sheet
// that the rim holds. The layer of design.md 4 has no dermis of its own; without the sheet a homogeneous
// layer of 20 kPa rises 1 mm into a hole of 4 mm under 0.7 N; with it 0.3 to 0.6 (tests/mechanics/mechanics_rim.cpp).
//
// A sheet with natural tension T and bending stiffness D, soft in shear across its thickness t (Timoshenko &
// Woinowsky-Krieger 1959; Reissner 1945 for C, without which a sheet over a hole no wider than its thickness
// would be far too stiff), resists a wave of wave number s by the pressure
//     k(s) w,    k = T s² + D s⁴/(1 + D s²/C),    D = E_d t³/(12 (1−ν_d²)),    C = 5/6 E_d t/(2(1+ν_d)).
// Over a hole of radius b, held by the rim but free to turn there, its modes are J_n(λ_nk r/b) cos nθ and sin
// nθ with s = λ_nk/b, λ_nk the zeros of J_n; the modes' norms give the sheet's compliance between places i
// and j of the hole,
//     S_ij = Σ_m φ_m(i) φ_m(j) / (k(s_m) ∫φ_m²).
// The waves finer than the modes kept act each place for itself with k of the first one left out.
//
// In the contact problem (contact.h) each place of the hole is one more pressure point, which gives by S
// besides what the layer gives: u_i + Σ_j S_ij p_j A_j = approach − gap. The gap is that of the rim's
// inner ring, continued over the hole by harmonic polynomials to the second order: where skin keeps its own
// shape the sheet is at rest. So rim and hole together bear the force, the sheet's load on the layer belongs to the one
// field that is seen and scored, and p >= 0: the sheet pushes where skin stands above the rim, and never
// pulls. No sheet (S endless) is the free layer; a stiff one (S = 0) is a closed face; so is a hole of no
// width, as S falls with b. Of the first mode alone, the bulge that is left of a free layer's is about
// 1/(1+ρ), ρ = 2 N(sh) k(s)/(s E*), s = 2.405/b: a surface wave's own compliance 2 N(sh)/(E* s) against the
// sheet's. One mode is too poor for pins near the rim: a free bulge is flat in the middle and steep at the
// rim, and what one mode takes away is not.
//
// Limits: linear, so beyond a bulge of about t it gives more than skin would, which stretches. A rim that is
// half in the air counts as if it held the sheet in its plane all round. The sheet stiffens with strain as
// the layer does, and does not creep. Outside the rim it is left in the layer's effective modulus.

#include "engine/face/face_asset.h"
#include "engine/skin/contact.h"
#include "engine/skin/skin_model.h"

#include <memory>

namespace skin {

class Sheet {
  public:
    /// Over a hole of `radius` m; 0 = a closed face, which has none. `fineness` as in tip_points.
    explicit Sheet(double radius, size_t fineness = 1);

    /// Places in the hole where it bears on the skin.
    std::span<const TipPoint> patches() const { return patches_; }
    /// S of a place's skin, m/N at small strain, patch by patch; empty where there is no sheet (t = 0).
    std::span<const double> compliance(const SkinModel& skin, const face::TissueAt& tissue);
    /// Gives back the memory of what compliance() finds again.
    void shed() { compliance_ = std::vector<double>(); }
    size_t heap_bytes() const { return base::heap_bytes(patches_, compliance_); }

  private:
    struct Mode {
        double wave;                ///< s, 1/m
        double norm;                ///< ∫φ², m²
        std::vector<double> value;  ///< φ per patch
    };
    Mode mode_of(int order, double zero, bool sine) const;

    double radius_, tail_wave_ = 0;
    std::vector<TipPoint> patches_;
    std::shared_ptr<const std::vector<Mode>> modes_;  ///< the same in all copies
    std::vector<double> compliance_;
};

/// k(s) of the sheet of a place's skin, Pa/m.
double sheet_stiffness(const SkinModel& skin, const face::TissueAt& tissue, double wave);

}  // namespace skin
