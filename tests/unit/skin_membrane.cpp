#include "engine/skin/membrane.h"

#include "engine/base/deterministic_math.h"
#include "tests/unit/skin_stage.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using skin::Grip;
using skin::Membrane;

constexpr double kModulus = 150e3, kPoisson = 0.45, kThickness = 1.2e-3, kFoundation = 4e5;

Membrane sheet() {
    return Membrane(kModulus, kPoisson, kThickness, kFoundation);
}

TEST(BesselK, AgreesWithTheStandardLibrary) {
    for (double x = 1e-4; x < 50; x *= 1.07) {
        base::det::BesselK k = base::det::bessel_k(x);
        EXPECT_NEAR(k.k0 / std::cyl_bessel_k(0.0, x), 1.0, 1e-12) << x;
        EXPECT_NEAR(k.k1 / std::cyl_bessel_k(1.0, x), 1.0, 1e-12) << x;
    }
}

TEST(Membrane, DecayLengthIsThatOfTheSheetOnItsFoundation) {
    // design.md 4: λ = sqrt(E t h / (G (1−ν²))), G/h the foundation.
    EXPECT_NEAR(sheet().decay_length(),
                std::sqrt(kModulus * kThickness / (kFoundation * (1 - kPoisson * kPoisson))), 1e-15);
}

/// Answer at distance x from a line of loads along y, 1 N per metre, each pulling along `direction`.
glm::dvec2 line_load(double x, glm::dvec2 direction) {
    glm::dvec2 sum{0};
    const double step = 0.1e-3;
    for (int i = -4000; i <= 4000; ++i)
        sum += sheet().displacement({x, i * step}, step * direction, 0.05e-3);
    return sum;
}

TEST(Membrane, AStripAnswersWithItsStiffnessAndDecayLength) {
    // A line load of F' per metre: u = F' λ/(2 A) exp(−|x|/λ) across the line (stretch), with B along it (shear).
    double a = kModulus * kThickness / (1 - kPoisson * kPoisson), b = kModulus * kThickness / (2 * (1 + kPoisson));
    double stretch = std::sqrt(a / kFoundation), shear = std::sqrt(b / kFoundation);
    for (double x : {1e-3, 5e-3, 15e-3, 40e-3}) {
        EXPECT_NEAR(line_load(x, {1, 0}).x / (stretch / (2 * a) * std::exp(-x / stretch)), 1.0, 2e-3) << x;
        EXPECT_NEAR(line_load(x, {0, 1}).y / (shear / (2 * b) * std::exp(-x / shear)), 1.0, 2e-3) << x;
        EXPECT_NEAR(line_load(x, {1, 0}).y, 0, 1e-12);
    }
    // Tension in the sheet beside the line is half its load: A du/dx.
    double h = 0.5e-3, at = 4e-3;
    double strain = (line_load(at + h, {1, 0}).x - line_load(at - h, {1, 0}).x) / (2 * h);
    EXPECT_NEAR(-a * strain, 0.5 * std::exp(-at / stretch), 2e-3);
}

TEST(Membrane, SatisfiesItsEquationAwayFromTheLoad) {
    // A ∂x(div u) + B ∂y(curl u) = k u for any force, by central differences.
    double a = kModulus * kThickness / (1 - kPoisson * kPoisson), b = kModulus * kThickness / (2 * (1 + kPoisson));
    glm::dvec2 force{0.3, -0.7};
    double h = 0.04e-3;
    auto u = [&](double x, double y) { return sheet().displacement({x, y}, force, 0.0); };
    for (glm::dvec2 p : {glm::dvec2(6e-3, 2e-3), {-3e-3, 9e-3}, {15e-3, -12e-3}}) {
        auto divergence = [&](double x, double y) {
            return (u(x + h, y).x - u(x - h, y).x + u(x, y + h).y - u(x, y - h).y) / (2 * h);
        };
        auto curl = [&](double x, double y) {
            return (u(x + h, y).y - u(x - h, y).y - u(x, y + h).x + u(x, y - h).x) / (2 * h);
        };
        double left_x = a * (divergence(p.x + h, p.y) - divergence(p.x - h, p.y)) / (2 * h) -
                        b * (curl(p.x, p.y + h) - curl(p.x, p.y - h)) / (2 * h);
        double left_y = a * (divergence(p.x, p.y + h) - divergence(p.x, p.y - h)) / (2 * h) +
                        b * (curl(p.x + h, p.y) - curl(p.x - h, p.y)) / (2 * h);
        glm::dvec2 right = kFoundation * u(p.x, p.y);
        double size = std::sqrt(glm::dot(right, right));
        EXPECT_NEAR(left_x, right.x, 0.01 * size);
        EXPECT_NEAR(left_y, right.y, 0.01 * size);
    }
}

TEST(Grip, IsSymmetricPositiveAndStifferAlongTensionLines) {
    Grip plain{.membrane = sheet()};
    Grip lined = plain;
    lined.tension = {1, 0, 0};
    lined.anisotropy = 2;
    Grip apart = lined;
    apart.place = {14e-3, 9e-3, 0};
    for (const Grip& grip : {plain, lined}) {
        double along = grip.mean_displacement(grip, {1, 0, 0}).x, across = grip.mean_displacement(grip, {0, 1, 0}).y;
        EXPECT_GT(along, 0);
        EXPECT_GT(across, 0);
        if (grip.anisotropy > 1) EXPECT_NEAR(across / along, std::sqrt(2.0), 0.25);
        else EXPECT_NEAR(across, along, 1e-6 * along);
        EXPECT_NEAR(grip.self_compliance(), std::sqrt(along * across), 0.02 * along);
    }
    // Betti: what a pull here does there, the same pull there does here.
    glm::dvec3 f{0.4, 0.1, 0}, g{-0.2, 0.9, 0};
    double there = glm::dot(g, lined.mean_displacement(apart, f)), here = glm::dot(f, apart.mean_displacement(lined, g));
    EXPECT_NEAR(there, here, 1e-9 * std::fabs(there));
}

}  // namespace
