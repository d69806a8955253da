#include "engine/mesh/self_intersection.h"
#include "tests/unit/mesh_shapes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using mesh::self_intersections;
using mesh::SurfaceMesh;
using mesh::TrianglePair;

/// Triangles that share no vertex.
SurfaceMesh loose(const std::vector<std::array<glm::dvec3, 3>>& triangles) {
    SurfaceMesh mesh;
    for (const auto& corners : triangles) {
        uint32_t first = static_cast<uint32_t>(mesh.positions.size());
        mesh.positions.insert(mesh.positions.end(), corners.begin(), corners.end());
        mesh.triangles.emplace_back(first, first + 1, first + 2);
    }
    return mesh;
}

const std::array<glm::dvec3, 3> kFloor = {{{0, 0, 0}, {0.01, 0, 0}, {0, 0.01, 0}}};

/// An upright triangle standing on z = `foot` over the floor's middle.
std::array<glm::dvec3, 3> upright(double foot, double top = 0.005) {
    return {{{0.003, 0.003, foot}, {0.003, 0.003, top}, {0.0035, 0.0035, top}}};
}

SurfaceMesh appended(SurfaceMesh a, const SurfaceMesh& b) {
    uint32_t shift = static_cast<uint32_t>(a.positions.size());
    a.positions.insert(a.positions.end(), b.positions.begin(), b.positions.end());
    for (glm::uvec3 t : b.triangles) a.triangles.push_back(t + glm::uvec3(shift));
    return a;
}

TEST(SelfIntersections, ATriangleStuckThroughAnotherIsFound) {
    EXPECT_EQ(self_intersections(loose({kFloor, upright(-0.002)})), (std::vector<TrianglePair>{{0, 1}}));
    EXPECT_TRUE(self_intersections(loose({kFloor, upright(0.0001)})).empty());
}

TEST(SelfIntersections, AMicrometreIsTheBorderBetweenTouchingAndCrossing) {
    EXPECT_TRUE(self_intersections(loose({kFloor, upright(0)})).empty());
    EXPECT_TRUE(self_intersections(loose({kFloor, upright(-0.9e-6)})).empty());
    EXPECT_EQ(self_intersections(loose({kFloor, upright(-1.1e-6)})).size(), 1u);
}

TEST(SelfIntersections, APlaneThatIsCrossedBesideTheTriangleIsNoCrossing) {
    auto beside = upright(-0.002);
    for (glm::dvec3& p : beside) p += glm::dvec3(0.01, 0.01, 0);
    EXPECT_TRUE(self_intersections(loose({kFloor, beside})).empty());
}

TEST(SelfIntersections, TrianglesOfOnePlaneCrossWhereTheyOverlap) {
    auto shifted = [](glm::dvec3 by) {
        auto t = kFloor;
        for (glm::dvec3& p : t) p += by;
        return t;
    };
    EXPECT_EQ(self_intersections(loose({kFloor, shifted({0.001, 0.001, 0})})).size(), 1u);
    EXPECT_EQ(self_intersections(loose({kFloor, kFloor})).size(), 1u) << "one on the other";
    EXPECT_TRUE(self_intersections(loose({kFloor, shifted({0.01, 0, 0})})).empty()) << "corner to corner";
    EXPECT_TRUE(self_intersections(loose({kFloor, shifted({0.001, 0.001, 2e-6})})).empty()) << "above";
}

TEST(SelfIntersections, NeighboursNeverCross) {
    EXPECT_TRUE(self_intersections(shapes::sphere(0.1, 60)).empty());
    EXPECT_TRUE(self_intersections(shapes::sheet(0.1, 50)).empty());
}

TEST(SelfIntersections, TwoSpheresCrossInACircle) {
    SurfaceMesh one = shapes::sphere(0.05, 40), two = one;
    for (glm::dvec3& p : two.positions) p += glm::dvec3(0.06, 0.0003, 0.0002);
    SurfaceMesh both = appended(one, two);
    std::vector<TrianglePair> pairs = self_intersections(both);
    ASSERT_GT(pairs.size(), 100u);
    EXPECT_TRUE(std::is_sorted(pairs.begin(), pairs.end(),
                               [](auto s, auto t) { return s.a < t.a || (s.a == t.a && s.b < t.b); }));
    for (TrianglePair pair : pairs) {
        EXPECT_LT(pair.a, one.triangle_count());
        EXPECT_GE(pair.b, one.triangle_count());
        glm::dvec3 p = both.positions[both.triangles[pair.a].x];
        EXPECT_NEAR(p.x, 0.03, 0.006);
    }
}

TEST(SelfIntersections, TheHierarchyFindsWhatTryingEveryPairFinds) {
    SurfaceMesh one = shapes::sphere(0.05, 12), two = one;
    for (glm::dvec3& p : two.positions) p += glm::dvec3(0.031, 0.007, 0.003);
    SurfaceMesh both = appended(one, two);
    std::vector<TrianglePair> tried;
    for (uint32_t a = 0; a < both.triangle_count(); ++a)
        for (uint32_t b = a + 1; b < both.triangle_count(); ++b) {
            SurfaceMesh pair;
            pair.positions = both.positions;
            pair.triangles = {both.triangles[a], both.triangles[b]};
            if (!self_intersections(pair).empty()) tried.push_back({a, b});
        }
    EXPECT_GT(tried.size(), 20u);
    EXPECT_EQ(self_intersections(both), tried);
}

TEST(SelfIntersections, TheOrderOfTrianglesAndTheSideTheyFaceDoNotMatter) {
    SurfaceMesh one = shapes::sphere(0.05, 12), two = one;
    for (glm::dvec3& p : two.positions) p += glm::dvec3(0.031, 0.007, 0.003);
    SurfaceMesh both = appended(one, two), turned = both;
    std::reverse(turned.triangles.begin(), turned.triangles.end());
    for (glm::uvec3& t : turned.triangles) std::swap(t.y, t.z);
    EXPECT_EQ(self_intersections(both).size(), self_intersections(turned).size());
}

TEST(SelfIntersections, StopsAtTheLimit) {
    std::vector<std::array<glm::dvec3, 3>> pile(200, kFloor);
    EXPECT_EQ(self_intersections(loose(pile)).size(), 200u * 199u / 2);
    EXPECT_EQ(self_intersections(loose(pile), 10).size(), 10u);
}

TEST(SelfIntersections, ATriangleWithoutAreaTakesPartByItsEdges) {
    std::array<glm::dvec3, 3> needle = {
        {{0.003, 0.003, -0.002}, {0.003, 0.003, 0.002}, {0.003, 0.003, 0.004}}};
    EXPECT_EQ(self_intersections(loose({kFloor, needle})).size(), 1u);
    EXPECT_TRUE(self_intersections(loose({needle, needle})).empty());
    EXPECT_TRUE(self_intersections({}).empty());
}

}  // namespace
