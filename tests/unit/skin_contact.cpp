#include "engine/skin/contact.h"

#include "engine/base/random.h"
#include "tests/scenarios/layer_theory.h"
#include "tests/unit/skin_places.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

namespace {

const skin::LayerKernel& kernel() {
    static const skin::LayerKernel shipped = *skin::LayerKernel::load(skin_test::places());
    return shipped;
}

skin::ContactSolver solver(double radius, double opening = 0) {
    return skin::ContactSolver(skin::tip_points(radius, opening), kernel());
}

using Answer = skin::ContactSolver::Answer;

const Answer& hold(skin::ContactSolver& contact, std::span<const double> gap, double thickness, double stiffness,
                   double poisson) {
    contact.set_layer(thickness, poisson);
    return contact.hold(gap, stiffness);
}

const Answer& press(skin::ContactSolver& contact, std::span<const double> gap, double thickness, double stiffness,
                    double poisson, double force) {
    contact.set_layer(thickness, poisson);
    return contact.press(gap, stiffness, force);
}

TEST(TipPoints, SectorsCoverTheRimExactly) {
    for (auto [outer, inner] :
         {std::pair(5e-3, 0.0), {3e-3, 0.0}, {8e-3, 0.0}, {5e-3, 4e-3}, {6e-3, 1e-3}, {4e-3, 3.8e-3}}) {
        double area = 0;
        glm::dvec2 centre{0};
        for (const skin::TipPoint& point : skin::tip_points(outer, inner)) {
            double r = std::hypot(point.place.x, point.place.y);
            EXPECT_LE(r, outer);
            EXPECT_GE(r, inner);
            area += point.area;
            centre += point.place * point.area;
        }
        EXPECT_NEAR(area, std::numbers::pi * (outer * outer - inner * inner), 1e-15);
        EXPECT_LT(std::hypot(centre.x, centre.y), 1e-15);
    }
    EXPECT_LE(skin::tip_points(5e-3, 0).size(), 80u);
    EXPECT_LE(skin::tip_points(5e-3, 4e-3).size(), 60u);
}

TEST(Contact, IndependentTheoryAgreesWithThePublishedTable) {
    EXPECT_NEAR(scenarios::flat_disc_kappa(0.2, 0.45), 1.252, 1e-3);
    EXPECT_NEAR(scenarios::flat_disc_kappa(0.6, 0.45), 2.033, 1e-3);
    EXPECT_NEAR(scenarios::flat_disc_kappa(1.0, 0.45), 3.091, 1e-3);
    EXPECT_NEAR(scenarios::flat_disc_kappa(0.2, 0.5), 1.281, 1e-3);
    EXPECT_NEAR(scenarios::flat_disc_kappa(1.0, 0.5), 3.619, 1e-3);
}

TEST(Contact, FlatDiscBearsTheForceOfHayesAndOthers) {
    double worst = 0;
    for (double nu : {0.30, 0.45, 0.49})
        for (double a : {3e-3, 5e-3, 8e-3})
            for (double h : {2.5e-3, 5e-3, 8.333e-3, 12.5e-3, 25e-3})
                for (double stiffness : {8e3, 40e3}) {
                    skin::ContactSolver contact = solver(a);
                    double dent = 0.4e-3;
                    std::vector<double> gap(contact.points().size(), -dent);
                    double force = hold(contact, gap, h, stiffness, nu).force;
                    double theory =
                        2 * stiffness * a * scenarios::flat_disc_kappa(a / h, nu) * dent / (1 - nu * nu);
                    worst = std::max(worst, std::fabs(force / theory - 1));
                    EXPECT_NEAR(force / theory, 1.0, 0.02) << "a " << a << " h " << h << " nu " << nu;
                }
    RecordProperty("worst_relative_error", std::to_string(worst));
}

TEST(Contact, ThickPadBearsTheForceOfAHalfSpace) {
    skin::ContactSolver contact = solver(5e-3);
    std::vector<double> gap(contact.points().size(), -1e-3);
    double force = hold(contact, gap, 5.0, 20e3, 0.45).force;
    EXPECT_NEAR(force, 2 * 20e3 * 5e-3 * 1e-3 / (1 - 0.45 * 0.45), 0.015 * force);
}

TEST(Contact, PressingToAForceAndHoldingAtThatDentAreOneAnswer) {
    for (double opening : {0.0, 4e-3}) {
        skin::ContactSolver contact = solver(5e-3, opening);
        base::Random random(7);
        std::vector<double> gap(contact.points().size());
        for (int round = 0; round < 200; ++round) {
            double slope_x = random.uniform(-0.3, 0.3), slope_y = random.uniform(-0.3, 0.3),
                   bend = random.uniform(-20, 20);
            for (size_t i = 0; i < gap.size(); ++i) {
                glm::dvec2 p = contact.points()[i].place;
                gap[i] = slope_x * p.x + slope_y * p.y + bend * (p.x * p.x + 0.3 * p.y * p.y);
            }
            double h = random.uniform(2e-3, 20e-3), nu = random.uniform(0.3, 0.49),
                   force = random.uniform(0.001, 3);
            skin::ContactSolver::Answer pressed = press(contact, gap, h, 20e3, nu, force);
            EXPECT_NEAR(pressed.force, force, 1e-9 * force);
            for (size_t i = 0; i < gap.size(); ++i) {
                EXPECT_GE(pressed.point_force[i], 0.0);
                EXPECT_GE(pressed.clearance[i], 0.0);
                EXPECT_EQ(pressed.point_force[i] * pressed.clearance[i], 0.0);
            }
            for (double& g : gap) g -= pressed.approach;
            skin::ContactSolver fresh = solver(5e-3, opening);
            skin::ContactSolver::Answer held = hold(fresh, gap, h, 20e3, nu);
            EXPECT_NEAR(held.force, force, 1e-6 * force);
            for (size_t i = 0; i < gap.size(); ++i)
                EXPECT_NEAR(held.point_force[i], pressed.point_force[i], 1e-6 * force);
        }
    }
}

/// Displacement at every point by the plain sum over all points, without the solver's own bookkeeping.
std::vector<double> displaced(const skin::ContactSolver& contact, std::span<const double> gap,
                              const std::vector<double>& point_force) {
    std::vector<double> u(gap.size(), 0.0);
    for (size_t i = 0; i < gap.size(); ++i)
        for (size_t j = 0; j < gap.size(); ++j) {
            glm::dvec2 apart = contact.points()[i].place - contact.points()[j].place;
            double depth = gap[i] - gap[j];
            u[i] += contact.displacement(j, apart.x * apart.x + apart.y * apart.y + depth * depth,
                                         point_force[j]);
        }
    return u;
}

TEST(Contact, TheFieldReproducesTheTipWhereItPresses) {
    // What needles and picture read between the points is the field that was solved, to the symmetrised patch
    // sizes.
    for (double opening : {0.0, 4e-3}) {
        skin::ContactSolver contact = solver(5e-3, opening);
        std::vector<double> gap(contact.points().size(), 0.0);
        const skin::ContactSolver::Answer& answer = press(contact, gap, 12.5e-3, 20e3, 0.45, 0.7);
        for (double u : displaced(contact, gap, answer.point_force))
            EXPECT_NEAR(u / answer.approach, 1.0, 0.01);
    }
}

TEST(Contact, TwoLoadsSuperpose) {
    // With every point pressing the answer is linear: forces for two gap shapes add up.
    skin::ContactSolver contact = solver(5e-3);
    size_t n = contact.points().size();
    std::vector<double> flat(n, -1e-3), tilted(n), both(n);
    for (size_t i = 0; i < n; ++i) {
        tilted[i] = -0.5e-3 + 0.02 * contact.points()[i].place.x;
        both[i] = flat[i] + tilted[i];
    }
    skin::ContactSolver::Answer one = hold(contact, flat, 10e-3, 20e3, 0.45),
                                two = hold(contact, tilted, 10e-3, 20e3, 0.45),
                                sum = hold(contact, both, 10e-3, 20e3, 0.45);
    ASSERT_EQ(one.pressing, n);
    ASSERT_EQ(two.pressing, n);
    ASSERT_EQ(sum.pressing, n);
    for (size_t i = 0; i < n; ++i)
        EXPECT_NEAR(sum.point_force[i], one.point_force[i] + two.point_force[i],
                    2e-3 * sum.force / static_cast<double>(n));
}

TEST(Contact, ForceIsProportionalToStiffnessAndPointsWithoutSkinAreFree) {
    skin::ContactSolver contact = solver(5e-3);
    std::vector<double> gap(contact.points().size(), -1e-3);
    double soft = hold(contact, gap, 10e-3, 10e3, 0.45).force,
           hard = hold(contact, gap, 10e-3, 30e3, 0.45).force;
    EXPECT_NEAR(hard, 3 * soft, 1e-12 * hard);
    for (size_t i = 0; i < gap.size(); ++i)
        if (contact.points()[i].place.x > 0) gap[i] = skin::kNoSkin;
    skin::ContactSolver::Answer half = hold(contact, gap, 10e-3, 10e3, 0.45);
    EXPECT_LT(half.force, 0.8 * soft);
    EXPECT_GT(half.force, 0.4 * soft);
    for (size_t i = 0; i < gap.size(); ++i)
        if (gap[i] == skin::kNoSkin) {
            EXPECT_EQ(half.point_force[i], 0.0);
            EXPECT_EQ(half.clearance[i], skin::kNoSkin);
        }
}

TEST(Contact, RoundSkinTouchesInAPatchThatGrowsWithForce) {
    // A ball of radius R under a flat tip on a deep layer is Hertz's contact: P = 4/3 E* sqrt(R) d^1.5.
    skin::ContactSolver contact = solver(8e-3);
    double R = 30e-3, stiffness = 20e3, nu = 0.45;
    std::vector<double> gap;
    for (const skin::TipPoint& p : contact.points())
        gap.push_back((p.place.x * p.place.x + p.place.y * p.place.y) / (2 * R));
    size_t before = 0;
    for (double force : {0.02, 0.1, 0.25}) {
        skin::ContactSolver::Answer answer = press(contact, gap, 10.0, stiffness, nu, force);
        double hertz = 4.0 / 3.0 * stiffness / (1 - nu * nu) * std::sqrt(R) * std::pow(answer.approach, 1.5);
        EXPECT_NEAR(hertz / force, 1.0, 0.1) << force;
        EXPECT_GT(answer.pressing, before);
        before = answer.pressing;
    }
    EXPECT_LT(before, contact.points().size());
}

TEST(Contact, ATiltedFlatDiscBearsTheMomentOfAHalfSpace) {
    // Johnson, Contact Mechanics 1985, 3.7: M = 4 E a³ θ / (3 (1−ν²)) while the whole face presses; the force is as without.
    double nu = 0.45, stiffness = 20e3, dent = 1.5e-3;
    for (double a : {3e-3, 5e-3, 8e-3})
        for (double tilt : {0.01, 0.03}) {
            skin::ContactSolver contact = solver(a);
            std::vector<double> gap;
            for (const skin::TipPoint& p : contact.points()) gap.push_back(-dent + tilt * p.place.x);
            Answer answer = hold(contact, gap, 5.0, stiffness, nu);
            ASSERT_EQ(answer.pressing, gap.size());
            double moment = 0;
            for (size_t i = 0; i < gap.size(); ++i) moment -= answer.point_force[i] * contact.points()[i].place.x;
            EXPECT_NEAR(moment / (4 * stiffness * a * a * a * tilt / (3 * (1 - nu * nu))), 1.0, 0.05) << a;
            EXPECT_NEAR(answer.force / (2 * stiffness * a * dent / (1 - nu * nu)), 1.0, 0.02) << a;
        }
}

TEST(Contact, ASphereIsHertz) {
    // P = 4/3 E* sqrt(R) d^1.5, a = sqrt(R d): a ball on a thick pad, from a patch of a third of the points to nearly all.
    double nu = 0.45, stiffness = 20e3;
    for (double a : {4e-3, 5e-3, 6e-3, 7e-3}) {
        skin::ContactSolver contact = solver(8e-3);
        double radius = 40e-3, dent = a * a / radius;
        std::vector<double> gap;
        for (const skin::TipPoint& p : contact.points())
            gap.push_back((p.place.x * p.place.x + p.place.y * p.place.y) / (2 * radius) - dent);
        double force = hold(contact, gap, 5.0, stiffness, nu).force;
        double hertz = 4.0 / 3 * stiffness / (1 - nu * nu) * std::sqrt(radius) * std::pow(dent, 1.5);
        EXPECT_NEAR(force / hertz, 1.0, 0.05) << a;
    }
}

TEST(Contact, TheDentBesideAFlatDiscIsTheAnalyticField) {
    // Half-space: u(r) = 2 δ/π asin(a/r) (Johnson 1985, 3.66).
    skin::ContactSolver contact = solver(5e-3);
    std::vector<double> gap(contact.points().size(), -1e-3);
    Answer answer = hold(contact, gap, 5.0, 20e3, 0.45);
    for (double r : {6e-3, 8e-3, 12e-3, 20e-3, 40e-3}) {
        double dent = 0;
        for (size_t i = 0; i < gap.size(); ++i) {
            glm::dvec2 apart = contact.points()[i].place - glm::dvec2(r * 0.8, r * 0.6);
            dent += contact.displacement(i, apart.x * apart.x + apart.y * apart.y, answer.point_force[i]);
        }
        EXPECT_NEAR(dent / (2e-3 / std::numbers::pi * std::asin(5e-3 / r)), 1.0, 0.02) << r;
    }
}

TEST(Contact, TwiceAsFinePointsChangeForceAndDentByLessThanTwoPercent) {
    for (auto [outer, inner] : {std::pair(5e-3, 0.0), {3e-3, 0.0}, {8e-3, 0.0}, {5e-3, 4e-3}, {6e-3, 4.5e-3}})
        for (double h : {2.5e-3, 12.5e-3})
            for (double tilt : {0.0, 0.05}) {
                double dents[2];
                for (size_t fineness : {1, 2}) {
                    skin::ContactSolver contact(skin::tip_points(outer, inner, fineness), kernel());
                    std::vector<double> gap;
                    for (const skin::TipPoint& p : contact.points()) gap.push_back(tilt * p.place.x);
                    dents[fineness - 1] = press(contact, gap, h, 20e3, 0.45, 0.7).approach;
                }
                EXPECT_NEAR(dents[1] / dents[0], 1.0, 0.02) << outer << ' ' << inner << ' ' << h << ' ' << tilt;
            }
}

TEST(Contact, TheSetFromWhichTheSearchStartsDoesNotShow) {
    base::Random random(11);
    skin::ContactSolver warm = solver(5e-3, 4e-3);
    std::vector<double> gap(warm.points().size());
    for (int round = 0; round < 300; ++round) {
        for (double& g : gap) g = random.uniform(-1e-3, 1e-3);
        if (round % 3 == 0)
            for (size_t i = 0; i < gap.size(); i += 2) gap[i] = skin::kNoSkin;
        skin::ContactSolver cold = solver(5e-3, 4e-3);
        double force = random.uniform(1e-4, 5);
        skin::ContactSolver::Answer a = press(warm, gap, 4e-3, 12e3, 0.49, force),
                                    b = press(cold, gap, 4e-3, 12e3, 0.49, force);
        EXPECT_NEAR(a.approach, b.approach, 1e-9);
        EXPECT_NEAR(a.force, force, 1e-6 * force);
        EXPECT_EQ(a.pressing, b.pressing);
    }
}

}  // namespace
