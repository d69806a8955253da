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
    Share by = share(softened(glm::dot(apart, apart), radius), radius);
    return by.across * force - by.along * glm::dot(apart, force) * apart;
}

double Membrane::softened(double r2, double radius) {
    return std::sqrt(r2 + kMeanLog * radius * kMeanLog * radius);
}

Membrane::Share Membrane::share(double r, double radius) const {
    Answer by = answer(r);
    double near = kMeanLog * radius, along = by.turned / (r * r);
    // Half of what a smoothed disc loses in its middle along r̂ stays in every direction: the mean of r̂ r̂.
    return {by.across - 0.5 * near * near * along, along};
}

double Membrane::mean_compliance(double r, double radius) const {
    Answer by = answer(softened(r * r, radius));
    return by.across - 0.5 * by.turned;
}

glm::dvec3 Grip::point(int i) const {
    if (i == 0) return place;
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal, along, across);
    if (glm::dot(first, first) > 0.0) along = first, across = glm::cross(normal, first);
    double angle = (i - 1) * kPi / 3.0;
    return place + kRing * radius * (base::det::cos(angle) * along + base::det::sin(angle) * across);
}

double Grip::part_radius() const {
    return radius / std::sqrt(double(kPoints));
}

Grip::Plane Grip::plane() const {
    Plane plane{{}, {}, 1};
    face::FaceAsset::tangent_frame(normal, plane.along, plane.across);
    if (glm::dvec3 line = tension - normal * glm::dot(tension, normal); glm::dot(line, line) > 0.25) {
        plane.along = line / std::sqrt(glm::dot(line, line));
        plane.across = glm::cross(normal, plane.along);
        plane.stiff = std::sqrt(std::sqrt(anisotropy));
    }
    return plane;
}

double Grip::growth(glm::dvec3 at, double reach) const {
    const auto [along, across, stiff] = plane();
    double scale = stiff * std::sqrt(stiff);
    auto slope = [&](glm::dvec3 direction) {
        glm::dvec3 way = reach * direction;
        return glm::dot(displacement(at + way, load) - displacement(at - way, load), direction) / (2.0 * reach);
    };
    return slope(along) * scale + slope(across) / scale;
}

glm::dvec3 Grip::displacement(glm::dvec3 at, glm::dvec3 force) const {
    const auto [along, across, stiff] = plane();
    double root = std::sqrt(stiff);
    glm::dvec2 pull(glm::dot(force, along) / root, glm::dot(force, across) * root);
    glm::dvec2 sum{0};
    for (int i = 0; i < kPoints; ++i) {
        glm::dvec3 apart = at - point(i);
        glm::dvec2 flat(glm::dot(apart, along), glm::dot(apart, across));
        double length2 = glm::dot(flat, flat);
        if (length2 > 0.0) flat *= std::sqrt(glm::dot(apart, apart) / length2);
        glm::dvec2 scaled(flat.x / stiff, flat.y * stiff);
        sum += membrane.displacement(scaled, pull, part_radius());
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
    double ring = kRing * radius, part = part_radius();
    // 49 pairs of points: itself, neighbours on the hexagon or with the middle, next but one, opposite.
    return (7.0 * membrane.mean_compliance(0.0, part) + 24.0 * membrane.mean_compliance(ring, part) +
            12.0 * membrane.mean_compliance(std::sqrt(3.0) * ring, part) +
            6.0 * membrane.mean_compliance(2.0 * ring, part)) /
           49.0;
}

}  // namespace skin
