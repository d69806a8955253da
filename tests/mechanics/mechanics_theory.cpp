// The contact against theory for every tip, layer, stiffness and Poisson's ratio of the issue, with the worst
// told.

#include "engine/skin/contact.h"
#include "tests/scenarios/layer_theory.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace {

using skin_test::elastic_skin;
using Answer = skin::ContactSolver::Answer;

constexpr double kRadii[] = {3e-3, 5e-3, 8e-3};
constexpr double kLayers[] = {2.5e-3, 3.5e-3, 5e-3, 8.333e-3, 12.5e-3, 18e-3, 25e-3};
constexpr double kStiffnesses[] = {8e3, 15e3, 25e3, 40e3};
constexpr double kPoissons[] = {0.30, 0.35, 0.40, 0.45, 0.47, 0.49};
constexpr double kThick = 5.0;  // m: a half-space

skin::ContactSolver solver(double radius) {
    return skin::ContactSolver(skin::tip_points(radius, 0), elastic_skin().kernel);
}

double flat_force(skin::ContactSolver& contact, double thickness, double stiffness, double poisson,
                  double dent) {
    contact.set_layer(thickness, poisson);
    std::vector<double> gap(contact.points().size(), -dent);
    return contact.hold(gap, stiffness).force;
}

/// Dent by the last answer at a place of the tip's plane.
double dent_at(const skin::ContactSolver& contact, const Answer& answer, glm::dvec2 place) {
    double dent = 0;
    for (size_t i = 0; i < contact.points().size(); ++i) {
        glm::dvec2 apart = contact.points()[i].place - place;
        dent += contact.displacement(i, apart.x * apart.x + apart.y * apart.y, answer.point_force[i]);
    }
    return dent;
}

/// The greatest deviation met, and where.
struct Worst {
    double deviation = 0;
    std::string where;
    void see(double ratio, std::string place) {
        if (std::fabs(ratio - 1) <= std::fabs(deviation)) return;
        deviation = ratio - 1;
        where = std::move(place);
    }
    void print(const char* what) const {
        fmt::print("{}: {:+.2f} % at worst ({})\n", what, 100 * deviation, where);
    }
};

TEST(Theory, FlatTipsOnAllLayersAreHayes) {
    Worst worst, thick;
    for (double a : kRadii) {
        skin::ContactSolver contact = solver(a);
        for (double nu : kPoissons) {
            for (double h : kLayers) {
                double kappa = scenarios::flat_disc_kappa(a / h, nu);
                for (double stiffness : kStiffnesses)
                    worst.see(flat_force(contact, h, stiffness, nu, 0.2e-3) /
                                  (2 * stiffness * a * kappa * 0.2e-3 / (1 - nu * nu)),
                              fmt::format("a {} mm, h {} mm, E {} kPa, nu {}", 1e3 * a, 1e3 * h,
                                          1e-3 * stiffness, nu));
            }
            for (double stiffness : kStiffnesses)
                thick.see(flat_force(contact, kThick, stiffness, nu, 0.2e-3) /
                              (2 * stiffness * a * 0.2e-3 / (1 - nu * nu)),
                          fmt::format("a {} mm, E {} kPa, nu {}", 1e3 * a, 1e-3 * stiffness, nu));
        }
    }
    worst.print("force of a flat tip on a bonded layer against Hayes 1972");
    thick.print("on a thick pad against 2Ea/(1-nu^2)");
    EXPECT_LT(std::fabs(worst.deviation), 0.02);
    EXPECT_LT(std::fabs(thick.deviation), 0.02);
}

TEST(Theory, TiltAndSphereOnAThickPadAreTheHalfSpaces) {
    Worst tilted, sphere;
    for (double a : kRadii)
        for (double nu : kPoissons) {
            skin::ContactSolver contact = solver(a);
            contact.set_layer(kThick, nu);
            double modulus = 20e3 / (1 - nu * nu);
            for (double tilt : {0.01, 0.05}) {
                std::vector<double> gap;
                for (const skin::TipPoint& p : contact.points()) gap.push_back(-2e-3 + tilt * p.place.x);
                const Answer& answer = contact.hold(gap, 20e3);
                if (answer.pressing < gap.size()) continue;
                double moment = 0;
                for (size_t i = 0; i < gap.size(); ++i)
                    moment -= answer.point_force[i] * contact.points()[i].place.x;
                // Johnson, Contact Mechanics 1985, 3.7.
                tilted.see(moment / (4 * modulus * a * a * a * tilt / 3),
                           fmt::format("a {} mm, nu {}, {} rad", 1e3 * a, nu, tilt));
            }
            for (double patch : {0.5, 0.65, 0.8, 0.9}) {
                double radius = 8 * a, dent = patch * a * patch * a / radius;
                std::vector<double> gap;
                for (const skin::TipPoint& p : contact.points())
                    gap.push_back((p.place.x * p.place.x + p.place.y * p.place.y) / (2 * radius) - dent);
                double hertz = 4.0 / 3 * modulus * std::sqrt(radius) * std::pow(dent, 1.5);
                sphere.see(contact.hold(gap, 20e3).force / hertz,
                           fmt::format("a {} mm, nu {}, patch {} a", 1e3 * a, nu, patch));
            }
        }
    tilted.print("moment of a tilted flat tip on a thick pad");
    sphere.print("force of a sphere on a thick pad against Hertz");
    EXPECT_LT(std::fabs(tilted.deviation), 0.05);
    EXPECT_LT(std::fabs(sphere.deviation), 0.05);
}

TEST(Theory, TheDentBesideATipIsTheLayersField) {
    // As a share of the dent under the tip: a thin layer bulges up beside it.
    double worst = 0, least = 0;
    std::string where;
    for (double a : kRadii)
        for (double h : kLayers)
            for (double nu : {0.30, 0.45, 0.49}) {
                skin::ContactSolver contact = solver(a);
                contact.set_layer(h, nu);
                std::vector<double> gap(contact.points().size(), -0.2e-3);
                Answer answer = contact.hold(gap, 20e3);
                std::vector<scenarios::DiscNode> disc = scenarios::flat_disc(a / h, nu);
                for (double r : {1.3, 1.6, 2.0, 3.0, 5.0}) {
                    double theory = scenarios::flat_disc_dent(disc, a / h, nu, r), found = 0;
                    for (int k = 0; k < 5; ++k)
                        found += dent_at(contact, answer,
                                         r * a * glm::dvec2(std::cos(1.1 * k), std::sin(1.1 * k))) /
                                 0.2e-3 / 5;
                    least = std::min(least, theory);
                    if (std::fabs(found - theory) <= worst) continue;
                    worst = std::fabs(found - theory);
                    where = fmt::format("a {} mm, h {} mm, nu {}, r {} a: {:.4f}, theory {:.4f}", 1e3 * a,
                                        1e3 * h, nu, r, found, theory);
                }
            }
    fmt::print(
        "dent beside a flat tip: {:.2f} % of the dent under it off at worst ({}); highest bulge {:.1f} %\n",
        100 * worst, where, -100 * least);
    EXPECT_LT(worst, 0.02);
}

TEST(Theory, TwoTipsSuperpose) {
    // Both at once is one contact problem over all their points: each alone on the skin that the other has
    // left, in turn, comes to the same, and the field is the sum of the two.
    for (double apart : {11e-3, 14e-3, 25e-3})
        for (double h : {3e-3, 12.5e-3, 25e-3}) {
            std::vector<skin::TipPoint> one = skin::tip_points(5e-3, 0), other = skin::tip_points(4e-3, 3e-3),
                                        both = one;
            for (skin::TipPoint& point : other) point.place.x += apart;
            both.insert(both.end(), other.begin(), other.end());
            std::vector<double> gap_one(one.size(), -0.3e-3), gap_other(other.size(), -0.5e-3), gap = gap_one;
            gap.insert(gap.end(), gap_other.begin(), gap_other.end());
            skin::ContactSolver a(one, elastic_skin().kernel), b(other, elastic_skin().kernel),
                all(both, elastic_skin().kernel);
            for (skin::ContactSolver* contact : {&a, &b, &all}) contact->set_layer(h, 0.45);
            Answer by_all = all.hold(gap, 20e3), by_a, by_b;
            std::vector<double> sunk_a(one.size(), 0.0), sunk_b(other.size(), 0.0);
            for (int round = 0; round < 60; ++round) {
                by_a = a.hold(gap_one, 20e3, sunk_a);
                for (size_t i = 0; i < other.size(); ++i) sunk_b[i] = dent_at(a, by_a, other[i].place);
                by_b = b.hold(gap_other, 20e3, sunk_b);
                for (size_t i = 0; i < one.size(); ++i) sunk_a[i] = dent_at(b, by_b, one[i].place);
            }
            EXPECT_NEAR((by_a.force + by_b.force) / by_all.force, 1.0, 0.005) << apart << ' ' << h;
            for (glm::dvec2 place : {glm::dvec2(0.5 * apart, 0),
                                     {0.5 * apart, 5e-3},
                                     {-8e-3, 2e-3},
                                     {apart + 7e-3, 1e-3},
                                     {apart, 0}}) {
                double sum = dent_at(a, by_a, place) + dent_at(b, by_b, place);
                EXPECT_NEAR(sum, dent_at(all, by_all, place), 0.005 * 0.5e-3)
                    << apart << ' ' << h << ' ' << place.x;
            }
        }
}

}  // namespace
