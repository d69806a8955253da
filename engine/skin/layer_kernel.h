#pragma once

// Surface displacement of a soft elastic layer bonded to a rigid base under a point load: the Green's
// function G(r) of design.md 4, from a table over r/h that ships in content/skins/layer_kernel.csv (nothing
// here calls libm's transcendental functions). tests/scenarios/make_layer_kernel.cpp makes the table.

#include "engine/base/bytes.h"
#include "engine/base/deterministic_math.h"
#include "engine/base/files.h"
#include "engine/base/hash.h"

#include <cmath>
#include <span>
#include <vector>

namespace skin {

class LayerKernel {
  public:
    /// Reads the table. Errors name file and line.
    static base::Result<LayerKernel> load(const base::Places& places);
    /// The same over text in memory; `name` is what errors call it.
    static base::Result<LayerKernel> parse(std::string_view text, const std::string& name);

    /// (1/h)·∫ part times h, i.e. K(ρ, ν) = ∫₀^∞ (1−N(s)) J₀(sρ) ds with ρ = r/h; cubic in ρ, C¹; linear in ν
    /// between tabulated values; 0.3 <= ν <= 0.49 (clamped). Equals 1/ρ beyond the table (ρ = 16), where the
    /// layer's answer has died out below 1e-6.
    double integral(double rho, double poisson) const;

    /// Displacement in m at distance r (m) for 1 N: (1−ν²)/(πE)·[1/r − K(r/h)/h]. r > 0.
    double displacement(double r, double thickness, double stiffness, double poisson) const;

    /// Mean displacement of a small loaded patch of area A (m²) under its own unit force: 3.5255·d/A in place
    /// of 1/r, d = sqrt(A).
    double self_displacement(double area, double thickness, double stiffness, double poisson) const;

    /// Over the whole table.
    base::Hash hash() const;

    /// ν values of the table, rising.
    std::span<const double> poisson_values() const { return poisson_; }

  private:
    friend class LayerField;
    struct Between {
        size_t low;    ///< index of the tabulated ν below
        double share;  ///< of the next one
    };
    Between find_poisson(double poisson) const;

    std::vector<double> poisson_;  ///< tabulated ν, rising
    double rho_step_ = 0, rho_max_ = 0;
    std::vector<std::vector<double>> value_, slope_;  ///< [ν][ρ]; slope per step
};

/// The answer of one layer (thickness h, Poisson's ratio ν) to the load on a small patch, made ready for
/// thousands of distances. Finite everywhere: inside the patch the load counts as spread over a disc of the
/// same area, so the field can be asked for at any place, also under the tip.
class LayerField {
  public:
    LayerField() = default;
    /// `kernel` must outlive it.
    LayerField(const LayerKernel& kernel, double thickness, double poisson);

    bool is_for(double thickness, double poisson) const {
        return thickness == thickness_ && poisson == poisson_;
    }

    /// Displacement at distance sqrt(r2) (m²) from the centre of a patch of the given size (m, root of its
    /// area) that bears a unit force, in 1/m: times compliance(E) it is m/N. About 5 ns.
    double unit_displacement(double r2, double size) const {
        double r = std::sqrt(r2);
        return spread_inverse(r, size) - bonded(r);
    }

    /// What the bond takes off the half-space's 1/r at a distance r >= 0 (m), 1/m.
    double bonded(double r) const {
        double at = r * nodes_per_metre_;
        if (!(at < last_)) return 1.0 / r;
        size_t i = static_cast<size_t>(at);
        const Cubic& c = bond_[i];
        double t = at - static_cast<double>(i);
        return c.v0 + t * (c.v1 + t * (c.v2 + t * c.v3));
    }

    /// (1−ν²)/(πE), m²/N per 1/m.
    double compliance(double stiffness) const;

    /// Gives back its table's memory; until made_again() only that may be asked of it.
    void shed() { bond_ = std::vector<Cubic>(); }
    /// As it was before shed(), to the last bit.
    LayerField made_again(const LayerKernel& kernel) const { return thickness_ > 0.0 ? LayerField(kernel, thickness_, poisson_) : LayerField(); }
    size_t heap_bytes() const { return base::heap_bytes(bond_); }

  private:
    struct Cubic {
        double v0, v1, v2, v3;  ///< 1/m, of t from 0 to 1
    };
    /// disc_potential sampled once; linear between nodes (its slope has a logarithmic peak at the rim of the disc, which
    /// no higher order would follow better).
    static constexpr double kDiscNodesPerSize = 256;
    static constexpr size_t kDiscNodes = 3 * 256 + 2;  // to t = 3, where three terms of the series are good to 2e-6
    static const double* disc_table();

    /// 1/r spread over a disc of area size²: multipole series outside, table near and inside.
    double spread_inverse(double r, double size) const {
        if (r >= 3.0 * size) {
            double inverse = 1.0 / r, q = size * inverse * (size * inverse);
            return (1.0 + q * (1.0 / (8.0 * base::det::kPi) + q * (3.0 / (64.0 * base::det::kPi * base::det::kPi)))) * inverse;
        }
        double shrunk = 1.0 / size, at = r * shrunk * kDiscNodesPerSize;
        size_t i = static_cast<size_t>(at);
        return (disc_[i] + (at - static_cast<double>(i)) * (disc_[i + 1] - disc_[i])) * shrunk;
    }

    double thickness_ = 0, poisson_ = 0, nodes_per_metre_ = 0, last_ = 0;
    std::vector<Cubic> bond_;  ///< K/h at this ν, node to node; the last node's is not used
    const double* disc_ = nullptr;
};

/// Mean of d/|x| over a disc of area d², seen from its own plane at distance t·d from the centre: 2·sqrt(π)
/// at t = 0, 1/t far away. Complete elliptic integrals by the arithmetic-geometric mean (only sqrt): the
/// potential of a charged disc.
double disc_potential(double t);

}  // namespace skin
