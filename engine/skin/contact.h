#pragma once

// A flat tip pressed on a soft layer, without time: which parts of the tip bear on the skin and how hard.
// Pressure points ride on the tip, so nothing jumps as it crosses triangles; the layer's Green's function
// couples them; the answer is the one with p >= 0 and no penetration (the Signorini conditions, a linear
// complementarity problem).
//
// Measured against the theory of flat discs on a bonded layer (Hayes, Keer, Herrmann & Mockros 1972): force
// per dent within 2 % for radii of 3 to 8 mm on layers of 2.5 to 25 mm, ν = 0.30 to 0.49
// (tests/unit/skin_contact.cpp).

#include "engine/skin/device_profile.h"
#include "engine/skin/layer_kernel.h"

#include <glm/vec2.hpp>

#include <limits>
#include <span>
#include <vector>

namespace skin {

/// The gap of a point that has no skin under it.
inline constexpr double kNoSkin = std::numeric_limits<double>::infinity();

/// One annular sector of the tip's face.
struct TipPoint {
    glm::dvec2 place;  ///< m, in the rim's plane from its centre; where the sector's pressure acts
    double area;       ///< m², exact area of the sector; all together the whole face
    double size;  ///< m, side of the square that answers its own load as the sector does (near root of area)
};

/// Sectors on rings about 1 mm apart between the opening and the edge, finer where the rim is narrow. The
/// pressure under a sharp edge rises as the inverse root of the distance to it, so a ring at an edge acts a
/// third of its width from it.
/// `fineness` times as many rings, and points along them, show how much the number matters.
/// Mirror images of one another in the tip's x and y axes.
std::vector<TipPoint> tip_points(double tip_radius, double opening_radius, size_t fineness = 1);
/// Sectors of the opening itself, in three rings: where what spans it bears on the skin.
std::vector<TipPoint> opening_points(double opening_radius, size_t fineness = 1);

/// Cells of a rectangle about 2 mm apart: the part of a drum that soft skin can reach, `width` along its axle (x) and to 0.8 of
/// its radius on either side of its lowest line (y). The drum's ends are edges.
std::vector<TipPoint> drum_points(double width, double radius, size_t fineness = 1);
/// m by which a drum's face stands back at y from the plane that touches its lowest line.
double drum_rise(double y, double radius);

class ContactSolver {
  public:
    struct Answer {
        double approach = 0;              ///< m along the axis beyond the position to which the gaps refer
        double force = 0;                 ///< N, sum of point forces
        std::vector<double> point_force;  ///< N per point, >= 0; all zero without contact
        std::vector<double> clearance;    ///< m per point between tip and deformed skin, 0 where it presses,
                                          ///< kNoSkin without skin
        size_t pressing = 0;              ///< points with force
    };

    /// `kernel` must outlive it.
    ContactSolver(std::vector<TipPoint> points, const LayerKernel& kernel);

    /// The layer that the next answers are for. Its field stays valid until the next call.
    const LayerField& set_layer(double thickness, double poisson);
    const LayerField& layer() const { return field_; }  ///< the last one set
    /// Something softer than the tip lies between it and the skin at the last points (opening.h): it gives by
    /// `compliance` (m/N, of those points by each other) where the layer's modulus is `stiffness`, and stiffens with it.
    /// `depth` per point, m along the axis: where the skin is, if not at the gap.
    void set_sheet(std::span<const double> compliance, double stiffness, std::span<const double> depth);

    /// The skin that the next answers are for. `gap` per point: from the tip's plane along its axis to the rest
    /// skin, m; kNoSkin where there is none. At least one gap must be finite. `sunk` per point: m that the skin lies
    /// deeper than at rest without these forces; empty = nowhere. What an answer costs is mostly done once here.
    void lay(std::span<const double> gap, std::span<const double> sunk = {});
    /// Presses until the points bear `force` > 0 (N).
    const Answer& press(double stiffness, double force);
    /// The tip is where it is: only the force is unknown.
    const Answer& hold(double stiffness);
    const Answer& press(std::span<const double> gap, double stiffness, double force, std::span<const double> sunk = {}) {
        lay(gap, sunk);
        return press(stiffness, force);
    }
    const Answer& hold(std::span<const double> gap, double stiffness, std::span<const double> sunk = {}) {
        lay(gap, sunk);
        return hold(stiffness);
    }

    std::span<const TipPoint> points() const { return points_; }
    /// Points that pressed in the last answer: where the next search starts.
    std::span<const size_t> pressing() const { return active_; }
    /// Forgets it: the next search starts with all points.
    void release();
    const Answer& answer() const { return answer_; }  ///< the last one
    /// Gives back the memory of what the next answer finds again, which is most of it; that answer takes longer and is the
    /// same to the last bit.
    void shed();
    /// After shed(), before anything else is asked of it.
    void make_again() { field_ = field_.made_again(*kernel_); }
    size_t heap_bytes() const;

    /// Displacement in m at squared distances r2 (m²) from point i under `force` N on it, with the stiffness of the
    /// last answer.
    double displacement(size_t i, double r2, double force) const;

  private:
    void make_matrix();
    void update_matrix(std::span<const double> gap);
    void factor();
    void solve(std::vector<double>& x, std::vector<double>& y) const;
    void solve_active();
    void forces_at(double approach);
    double penetration(double approach, size_t point) const;
    bool settle(double approach);
    double total() const;
    void start();
    const Answer& finish(double approach);

    std::vector<TipPoint> points_;
    const LayerKernel* kernel_;
    LayerField field_;
    double compliance_ = 0;
    std::vector<double> apart2_;     ///< m² in the tip's plane, point to point, as in matrix_
    std::vector<double> distance2_;  ///< m² on the skin, likewise; negative = entry not made
    std::vector<double> matrix_;     ///< unit displacement of row by column, 1/m
    std::vector<size_t> active_;     ///< rising
    std::vector<char> is_active_;
    std::vector<size_t> factored_;  ///< the set that factor_ belongs to
    bool factor_valid_ = false, solved_ = false;  ///< solved_: by_one_ and by_gap_ are of factored_ and gap_
    std::vector<double> factor_;  ///< L and 1/D of LDLᵀ, column by column over factored_
    std::vector<double> by_one_, by_gap_,
        load_;  ///< over active_: solutions for unit approach, for the gaps, and their sum
    std::vector<size_t> wrong_;
    std::vector<double> gap_;    ///< to the skin as the past left it
    std::vector<double> sheet_;  ///< 1/m, what it adds to the matrix over the last points
    size_t sheet_points_ = 0;
    std::vector<double> depth_;  ///< m per point; empty = the gaps
    Answer answer_;
};

}  // namespace skin
