#include "engine/skin/membrane.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

using base::det::kPi;

const double kRing = std::sqrt(4.0 / 7.0);   // of the radius: where six sevenths of a disc lie, half within, half without
constexpr double kThinnestBase = 0.5e-3;  // m of shear layer where a table leaves none
constexpr double kMeanLog = 0.6065306597126334;  // exp(−1/2): a disc's mean distance, seen from its centre by a logarithm

}  // namespace

Membrane::Membrane(double modulus, double poisson, double thickness, double foundation)
    : a_(modulus * thickness / (1.0 - poisson * poisson)),
      b_(modulus * thickness / (2.0 * (1.0 + poisson))),
      k_(foundation),
      lambda_l_(std::sqrt(a_ / k_)),
      lambda_t_(std::sqrt(b_ / k_)) {}

Membrane::Membrane(const SkinModel& skin, const face::TissueAt& tissue)
    : Membrane(skin.membrane_modulus, skin.membrane_poisson, tissue.epidermis + tissue.dermis,
               tissue.stiffness / (2.0 * (1.0 + tissue.poisson)) /
                   std::max(kThinnestBase, tissue.depth - tissue.epidermis - tissue.dermis)) {}

Membrane::Answer Membrane::answer(double r) const {
    base::det::BesselK t = base::det::bessel_k(r / lambda_t_), l = base::det::bessel_k(r / lambda_l_);
    double k2_t = (t.k0 + 2.0 * t.k1 * lambda_t_ / r) / (lambda_t_ * lambda_t_);
    double k2_l = (l.k0 + 2.0 * l.k1 * lambda_l_ / r) / (lambda_l_ * lambda_l_);
    return {t.k0 / (2.0 * kPi * b_) + (t.k1 / lambda_t_ - l.k1 / lambda_l_) / (2.0 * kPi * k_ * r),
            (k2_t - k2_l) / (2.0 * kPi * k_)};
}

glm::dvec2 Membrane::displacement(glm::dvec2 apart, glm::dvec2 force, double radius) const {
    double near = kMeanLog * radius;
    double r = std::sqrt(glm::dot(apart, apart) + near * near);
    glm::dvec2 direction = apart / r;
    Answer by = answer(r);
    // Half of what a smoothed disc loses in its middle along r̂ stays in every direction: the mean of r̂ r̂.
    double blunt = 0.5 * near * near / (r * r);
    return (by.across - by.turned * blunt) * force - by.turned * glm::dot(direction, force) * direction;
}

double Membrane::mean_compliance(double r, double radius) const {
    double near = kMeanLog * radius;
    Answer by = answer(std::sqrt(r * r + near * near));
    return by.across - 0.5 * by.turned;
}

glm::dvec3 Grip::point(int i) const {
    if (i == 0) return place;
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal, along, across);
    double angle = (i - 1) * kPi / 3.0;
    return place + kRing * radius * (base::det::cos(angle) * along + base::det::sin(angle) * across);
}

glm::dvec3 Grip::displacement(glm::dvec3 at, glm::dvec3 force) const {
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal, along, across);
    double stiff = 1;
    if (glm::dvec3 line = tension - normal * glm::dot(tension, normal); glm::dot(line, line) > 0.25) {
        along = line / std::sqrt(glm::dot(line, line));
        across = glm::cross(normal, along);
        stiff = std::sqrt(std::sqrt(anisotropy));
    }
    double root = std::sqrt(stiff);
    glm::dvec2 pull(glm::dot(force, along) / root, glm::dot(force, across) * root);
    glm::dvec2 sum{0};
    for (int i = 0; i < kPoints; ++i) {
        glm::dvec3 apart = at - point(i);
        glm::dvec2 flat(glm::dot(apart, along), glm::dot(apart, across));
        double length2 = glm::dot(flat, flat);
        if (length2 > 0.0) flat *= std::sqrt(glm::dot(apart, apart) / length2);
        glm::dvec2 scaled(flat.x / stiff, flat.y * stiff);
        sum += membrane.displacement(scaled, pull, radius / std::sqrt(double(kPoints)));
    }
    sum /= double(kPoints);
    return along * (sum.x / root) + across * (sum.y * root);
}

glm::dvec3 Grip::mean_displacement(const Grip& over, glm::dvec3 force) const {
    glm::dvec3 sum{0};
    for (int i = 0; i < kPoints; ++i) sum += displacement(over.point(i), force);
    return sum / double(kPoints);
}

double Grip::self_compliance() const {
    double ring = kRing * radius, part = radius / std::sqrt(double(kPoints));
    // 49 pairs of points: itself, neighbours on the hexagon or with the middle, next but one, opposite.
    return (7.0 * membrane.mean_compliance(0.0, part) + 24.0 * membrane.mean_compliance(ring, part) +
            12.0 * membrane.mean_compliance(std::sqrt(3.0) * ring, part) +
            6.0 * membrane.mean_compliance(2.0 * ring, part)) /
           49.0;
}

}  // namespace skin
