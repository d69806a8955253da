#include "engine/face/curve.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <cmath>

namespace face {
namespace {

std::vector<glm::dvec2> circle_knots(int n) {
    std::vector<glm::dvec2> knots;
    for (int i = 0; i < n; ++i)
        knots.push_back({10 * std::cos(2 * M_PI * i / n), 10 * std::sin(2 * M_PI * i / n)});
    return knots;
}

TEST(Curve, OpenCurvePassesThroughItsKnots) {
    std::vector<glm::dvec2> knots{{0, 0}, {3, 4}, {7, 1}, {12, 2}};
    std::vector<glm::dvec2> line = open_curve(knots, 2001);
    EXPECT_EQ(line.size(), 2001u);
    for (glm::dvec2 knot : knots) EXPECT_LT(nearest_on_line(line, knot).distance, 1e-3);
    EXPECT_LT(glm::length(line.front() - knots.front()), 1e-12);
    EXPECT_LT(glm::length(line.back() - knots.back()), 1e-9);
}

TEST(Curve, OpenCurveOfCollinearKnotsIsStraight) {
    std::vector<glm::dvec2> knots{{0, 0}, {1, 2}, {3, 6}, {4, 8}};
    for (glm::dvec2 p : open_curve(knots, 50)) EXPECT_NEAR(p.y, 2 * p.x, 1e-12);
}

TEST(Curve, ClosedCurveThroughACircleStaysOnIt) {
    std::vector<glm::dvec2> line = closed_curve(circle_knots(12), 240);
    for (glm::dvec2 p : line) EXPECT_NEAR(glm::length(p), 10, 0.02);
    // It closes as smoothly as it runs: the step over the seam is as long as the others.
    double step = glm::length(line[1] - line[0]);
    EXPECT_NEAR(glm::length(line.front() - line.back()), step, 0.02 * step);
}

TEST(Curve, MonotoneCubicDoesNotOvershoot) {
    std::vector<glm::dvec2> knots{{0, 0}, {1, 0}, {2, 5}, {3, 5}, {5, 9}};
    double before = -1;
    for (double x = -1; x <= 6; x += 0.01) {
        double y = monotone_cubic(knots, x);
        EXPECT_GE(y, before - 1e-12);
        EXPECT_TRUE(y >= -1e-12 && y <= 9 + 1e-12);
        before = y;
    }
    for (glm::dvec2 knot : knots) EXPECT_NEAR(monotone_cubic(knots, knot.x), knot.y, 1e-12);
}

TEST(Curve, InsideAndDistanceOfACircle) {
    std::vector<glm::dvec2> line = closed_curve(circle_knots(16), 400);
    EXPECT_TRUE(inside_polygon(line, {0, 0}));
    EXPECT_TRUE(inside_polygon(line, {6.9, 6.9}));
    EXPECT_FALSE(inside_polygon(line, {7.2, 7.2}));
    EXPECT_FALSE(inside_polygon(line, {-11, 0}));
    EXPECT_NEAR(nearest_on_line(line, {0, 13}, true).distance, 3, 0.02);
    EXPECT_NEAR(nearest_on_line(line, {0, 4}, true).distance, 6, 0.02);
}

TEST(Curve, NearestPointTellsItsPlaceAlongTheLine) {
    std::vector<glm::dvec3> line{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {3, 0, 0}, {4, 0, 0}};
    NearestOnLine nearest = nearest_on_line(line, glm::dvec3(3, 2, 0));
    EXPECT_NEAR(nearest.distance, 2, 1e-12);
    EXPECT_NEAR(nearest.share, 0.75, 1e-12);
    EXPECT_NEAR(nearest_on_line(line, glm::dvec3(-5, 0, 0)).share, 0, 1e-12);
}

}  // namespace
}  // namespace face
