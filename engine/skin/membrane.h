#pragma once

// Skin drawn along itself: dermis and epidermis as an elastic sheet on a layer that shears under it (design.md 4).
//     A grad div u − B curl curl u − k u = −f,    A = E t/(1−ν²),  B = E t/(2(1+ν)),  k = G/h,
// whose Green's tensor is known: with λ_L = sqrt(A/k), λ_T = sqrt(B/k), x_L = r/λ_L, x_T = r/λ_T
//     u = [K₀(x_T)/(2πB) + (K₁(x_T)/λ_T − K₁(x_L)/λ_L)/(2πk r)] f − [K₂(x_T)/λ_T² − K₂(x_L)/λ_L²]/(2πk) (f·r̂) r̂
// (Fourier transform of plane stress on an elastic foundation; K₂ = K₀ + 2K₁/x). A line load is answered by
// exp(−|x|/λ_L). Along tension lines skin is stiffer: distances and displacements are scaled by roots of the anisotropy,
// which keeps the tensor symmetric and positive; an approximation (A).

#include "engine/face/face_asset.h"
#include "engine/skin/skin_model.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <vector>

namespace skin {

class Membrane {
  public:
    Membrane() = default;
    /// E (Pa), ν, t (m) of the sheet; k (N/m³) of what it lies on.
    Membrane(double modulus, double poisson, double thickness, double foundation);
    /// That of a place of the face: sheet = dermis and epidermis, shear layer = what lies under it.
    Membrane(const SkinModel& skin, const face::TissueAt& tissue);

    /// Displacement (m) at `apart` (m, in the plane, from the load) by `force` (N) spread over a disc of `radius` m:
    /// across·force − along·(apart·force)·apart.
    glm::dvec2 displacement(glm::dvec2 apart, glm::dvec2 force, double radius) const;
    struct Share {
        double across, along;  ///< m/N, 1/(m·N)
    };
    /// The two at softened(|apart|²).
    Share share(double softened_distance, double radius) const;
    /// Distance that a load spread over a disc seems to have at the squared distance r2, m.
    static double softened(double r2, double radius);

    /// Mean over directions of the displacement (m/N) along a force, at a distance r (m).
    double mean_compliance(double r, double radius) const;

    double decay_length() const { return lambda_l_; }  ///< m, of a line load across its direction

  private:
    struct Answer {
        double across, turned;  ///< m/N: u = across f − turned (f·r̂) r̂
    };
    Answer answer(double r) const;

    double a_ = 0, b_ = 0, k_ = 1, lambda_l_ = 1, lambda_t_ = 1;
};

/// Something that holds on to skin over a disc: a fingertip, or the rim of a gliding tip.
struct Grip {
    glm::dvec3 place{0}, normal{0, 0, 1};  ///< m, on the rest skin; unit, outwards
    double radius = 8e-3;                  ///< m
    Membrane membrane;                     ///< under it
    glm::dvec3 tension{0};                 ///< unit line of greatest stiffness in its plane; 0 = none
    double anisotropy = 1;
    glm::dvec3 load{0};                    ///< N, tangential, with what the skin has not forgotten
    glm::dvec3 first{0};                   ///< unit tangent towards the first of its points; 0 = the head's x

    /// Where the disc's load acts: a middle and six round it, each a seventh on a disc of part_radius().
    static constexpr int kPoints = 7;
    glm::dvec3 point(int i) const;
    double part_radius() const;

    /// The disc's plane with the tension line along `along`: distances there count 1/stiff and those across stiff times,
    /// forces and displacements 1/sqrt(stiff) and sqrt(stiff) times.
    struct Plane {
        glm::dvec3 along, across;
        double stiff;  ///< fourth root of the anisotropy
    };
    Plane plane() const;

    /// m at a place on the rest skin by `force` (N, tangential) on the disc, along the disc's plane. On curved skin the
    /// distance is the chord's, its direction that in the disc's plane.
    glm::dvec3 displacement(glm::dvec3 at, glm::dvec3 force) const;
    /// Relative growth in area at a place by the load, of the isotropic sheet that the anisotropic one is scaled from:
    /// its sign is that of the mean tension. Differences over `reach` m to either side.
    double growth(glm::dvec3 at, double reach) const;
    /// Mean over another disc.
    glm::dvec3 mean_displacement(const Grip& over, glm::dvec3 force) const;
    /// m/N over itself, mean over directions: what mean_displacement says on flat skin.
    double self_compliance() const;
};

}  // namespace skin
