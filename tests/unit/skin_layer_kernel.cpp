#include "engine/skin/layer_kernel.h"

#include "tests/scenarios/layer_theory.h"
#include "tests/unit/skin_places.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

skin::LayerKernel shipped() {
    base::Result<skin::LayerKernel> kernel = skin::LayerKernel::load(skin_test::places());
    EXPECT_TRUE(kernel) << kernel.error().message;
    return *kernel;
}

/// J0 by its integral (1/π)∫ cos(x sin θ) dθ: the trapezoid rule on a period converges beyond any power.
double bessel_j0(double x) {
    double sum = 0;
    for (int i = 0; i < 64; ++i) sum += std::cos(x * std::sin(std::numbers::pi * (i + 0.5) / 64));
    return sum / 64;
}

/// The table's integral again: other rule (Simpson), other Bessel function, N(s) as design.md writes it.
double integral_by_simpson(double rho, double nu) {
    auto deficit = [&](double s) {
        double n = (3 - 4 * nu) * std::sinh(2 * s) - 2 * s;
        double d = (3 - 4 * nu) * std::cosh(2 * s) + 2 * s * s + 5 - 12 * nu + 8 * nu * nu;
        return 1 - n / d;
    };
    constexpr int kSteps = 3000;
    constexpr double kEnd = 18.0;  // the deficit is below 1e-12 there
    double sum = 0;
    for (int i = 0; i <= kSteps; ++i) {
        double s = kEnd * i / kSteps;
        sum += (i == 0 || i == kSteps ? 1 : i % 2 ? 4 : 2) * deficit(s) * bessel_j0(s * rho);
    }
    return sum * kEnd / kSteps / 3;
}

TEST(LayerKernel, ShippedTableIsTheIntegralOfTheLayersKernel) {
    skin::LayerKernel kernel = shipped();
    for (double nu : {0.30, 0.45, 0.475, 0.49})
        for (double rho : {0.0, 0.05, 0.7, 1.0, 2.35, 5.0})
            EXPECT_NEAR(kernel.integral(rho, nu), integral_by_simpson(rho, nu), 1e-9) << rho << ' ' << nu;
}

TEST(LayerKernel, BetweenNodesTheCubicIsGoodToAMillionth) {
    skin::LayerKernel kernel = shipped();
    for (double nu : {0.30, 0.45, 0.49})
        for (double rho = 0.013; rho < 15.9; rho += 0.111)
            EXPECT_NEAR(kernel.integral(rho, nu), scenarios::layer_integral(rho, nu), 1e-6)
                << rho << ' ' << nu;
}

TEST(LayerKernel, BetweenPoissonsRatiosTheTableErrsByLessThanAThousandth) {
    skin::LayerKernel kernel = shipped();
    for (double nu : {0.3125, 0.36, 0.4321, 0.455, 0.4725, 0.4875})
        for (double rho = 0; rho < 6; rho += 0.25)
            EXPECT_NEAR(kernel.integral(rho, nu), scenarios::layer_integral(rho, nu), 1e-3)
                << rho << ' ' << nu;
}

TEST(LayerKernel, HasNoKinkAtNodesAndFadesOutFarAway) {
    skin::LayerKernel kernel = shipped();
    for (double rho : {0.05, 1.0, 3.2, 11.95}) {
        double left = kernel.integral(rho, 0.45) - kernel.integral(rho - 1e-6, 0.45);
        double right = kernel.integral(rho + 1e-6, 0.45) - kernel.integral(rho, 0.45);
        EXPECT_NEAR(left, right, 1e-10) << rho;
    }
    double h = 12.5e-3;
    EXPECT_NEAR(kernel.displacement(16.5 * h, h, 20e3, 0.45), 0.0, 1e-16);
    double near = kernel.displacement(0.2 * h, h, 20e3, 0.45);
    EXPECT_LT(std::fabs(kernel.displacement(15.99 * h, h, 20e3, 0.45)), 1e-6 * near);
}

TEST(LayerKernel, DeepLayerAnswersLikeAHalfSpace) {
    // Boussinesq: u = (1−ν²) P / (π E r); the base adds a part of order r/h.
    skin::LayerKernel kernel = shipped();
    double half_space = (1 - 0.45 * 0.45) / (std::numbers::pi * 20e3 * 1e-3);
    EXPECT_NEAR(kernel.displacement(1e-3, 10.0, 20e3, 0.45) / half_space, 1.0, 2e-4);
}

TEST(LayerKernel, SelfTermIsThatOfASquare) {
    skin::LayerKernel kernel = shipped();
    double d = 1e-3, h = 10.0, compliance = (1 - 0.45 * 0.45) / (std::numbers::pi * 20e3);
    EXPECT_NEAR(kernel.self_displacement(d * d, h, 20e3, 0.45), compliance * 4 * std::asinh(1.0) / d,
                2e-4 * compliance / d);
}

TEST(LayerKernel, PoissonsRatioIsClampedToTheTable) {
    skin::LayerKernel kernel = shipped();
    EXPECT_EQ(kernel.integral(1.3, 0.2), kernel.integral(1.3, 0.30));
    EXPECT_EQ(kernel.integral(1.3, 0.499), kernel.integral(1.3, 0.49));
}

TEST(LayerField, IsTheKernelFarFromThePatchAndFiniteInIt) {
    skin::LayerKernel kernel = shipped();
    double h = 7e-3, nu = 0.437, stiffness = 15e3;
    skin::LayerField field(kernel, h, nu);
    for (double r : {8e-3, 15e-3, 60e-3})
        EXPECT_NEAR(field.compliance(stiffness) * field.unit_displacement(r * r, 1e-3),
                    kernel.displacement(r, h, stiffness, nu),
                    3e-3 * kernel.displacement(3e-3, h, stiffness, nu));
    EXPECT_NEAR(field.unit_displacement(0.0, 1e-3),
                2 * std::sqrt(std::numbers::pi) / 1e-3 - kernel.integral(0, nu) / h, 1e-6);
}

TEST(LayerField, FallsSteadilyThroughThePatchsRim) {
    skin::LayerKernel kernel = shipped();
    skin::LayerField field(kernel, 12.5e-3, 0.45);
    double before = field.unit_displacement(0.0, 1e-3);
    for (double r = 5e-6; r < 8e-3; r += 5e-6) {
        double now = field.unit_displacement(r * r, 1e-3);
        EXPECT_LT(now, before) << r;
        EXPECT_LT(before - now, 0.02 * field.unit_displacement(0.0, 1e-3)) << r;
        before = now;
    }
}

TEST(LayerField, DiscPotentialIsThatOfAChargedDisc) {
    // Direct sum over the disc in polar coordinates about the field point at its centre, and far outside.
    EXPECT_NEAR(skin::disc_potential(0.0), 2 * std::sqrt(std::numbers::pi), 1e-12);
    EXPECT_NEAR(skin::disc_potential(1.0 / std::sqrt(std::numbers::pi)), 4 / std::sqrt(std::numbers::pi),
                1e-9);
    double t = 1.7, radius = 1 / std::sqrt(std::numbers::pi), sum = 0;
    constexpr int kRings = 200, kSectors = 200;
    for (int i = 0; i < kRings; ++i)
        for (int j = 0; j < kSectors; ++j) {
            double r = radius * std::sqrt((i + 0.5) / kRings),
                   a = 2 * std::numbers::pi * (j + 0.5) / kSectors;
            sum += 1 / std::hypot(t - r * std::cos(a), r * std::sin(a));
        }
    EXPECT_NEAR(skin::disc_potential(t), sum / (kRings * kSectors), 1e-6);
}

TEST(LayerKernel, BadTablesAreRefusedWithFileAndLine) {
    auto message = [](std::string_view text) {
        base::Result<skin::LayerKernel> kernel = skin::LayerKernel::parse(text, "k.csv");
        return kernel ? std::string("accepted") : kernel.error().message;
    };
    std::string rows;
    for (int i = 0; i < 10; ++i) rows += fmt::format("{},1,1\n", i);
    EXPECT_EQ(message("rho,0.3,0.4\n" + rows), "accepted");
    EXPECT_TRUE(message("").starts_with("k.csv:0:"));
    EXPECT_TRUE(message("r,0.3,0.4\n" + rows).starts_with("k.csv:1:"));
    EXPECT_TRUE(message("rho,0.3,0.4\n0,1,1\n1,1\n").starts_with("k.csv:3:"));
    EXPECT_TRUE(message("rho,0.3,0.4\n0,1,nan\n").starts_with("k.csv:2:"));
    EXPECT_TRUE(message("rho,0.3,0.4\n0,1,1\n1,1,1\n3,1,1\n").starts_with("k.csv:4:"));
    EXPECT_TRUE(message("rho,0.4,0.3\n" + rows).starts_with("k.csv:"));
    EXPECT_TRUE(message("rho,0.3,0.4\n0,1,1\n").starts_with("k.csv:2:"));
}

}  // namespace
