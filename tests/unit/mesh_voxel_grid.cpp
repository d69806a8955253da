#include "engine/base/random.h"
#include "engine/mesh/voxel_grid.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>

namespace {

std::vector<glm::dvec3> scattered(size_t count, uint64_t seed) {
    base::Random random(seed);
    std::vector<glm::dvec3> points;
    for (size_t i = 0; i < count; ++i)
        points.emplace_back(random.uniform(-0.02, 0.02), random.uniform(0, 0.01), random.uniform(0.1, 0.13));
    return points;
}

TEST(VoxelGrid, FindsExactlyThePointsWithinTheRadius) {
    std::vector<glm::dvec3> points = scattered(2000, 1);
    base::Random random(2);
    for (double voxel : {0.5e-3, 2e-3, 50e-3}) {
        mesh::VoxelGrid grid(points, voxel);
        for (int i = 0; i < 300; ++i) {
            glm::dvec3 p{random.uniform(-0.025, 0.025), random.uniform(-0.005, 0.015),
                         random.uniform(0.09, 0.14)};
            double radius = random.uniform(0, 6e-3), limit2 = radius * radius;
            std::vector<uint32_t> found, expected;
            grid.near(p, limit2, [&](uint32_t k, double) { found.push_back(k); });
            for (uint32_t k = 0; k < points.size(); ++k)
                if (glm::dot(points[k] - p, points[k] - p) <= limit2) expected.push_back(k);
            std::sort(found.begin(), found.end());
            EXPECT_EQ(found, expected);
        }
    }
}

TEST(VoxelGrid, FindsTheNearestWhenTheLimitShrinks) {
    std::vector<glm::dvec3> points = scattered(2000, 3);
    mesh::VoxelGrid grid(points, 1e-3);
    base::Random random(4);
    for (int i = 0; i < 2000; ++i) {
        glm::dvec3 p{random.uniform(-0.025, 0.025), random.uniform(-0.005, 0.015),
                     random.uniform(0.09, 0.14)};
        double limit2 = 1, expected = 1;
        grid.near(p, limit2, [&](uint32_t, double d2) { limit2 = d2; });
        for (glm::dvec3 q : points) expected = std::min(expected, glm::dot(q - p, q - p));
        EXPECT_EQ(limit2, expected);
    }
}

TEST(VoxelGrid, PointsOnVoxelBordersAreNotMissed) {
    std::vector<glm::dvec3> points;
    for (int i = 0; i <= 20; ++i)
        for (int j = 0; j <= 20; ++j) points.emplace_back(1e-3 * i, 1e-3 * j, 0);
    mesh::VoxelGrid grid(points, 1e-3);
    for (glm::dvec3 p : points) {
        int found = 0;
        double limit2 = 1e-3 * 1e-3 * (1 + 1e-12);
        grid.near(p, limit2, [&](uint32_t, double) { ++found; });
        bool edge_x = p.x == 0 || p.x == 1e-3 * 20, edge_y = p.y == 0 || p.y == 1e-3 * 20;
        EXPECT_EQ(found, 5 - edge_x - edge_y);
    }
}

TEST(VoxelGrid, FarAndUndefinedPlacesFindNothing) {
    std::vector<glm::dvec3> points = scattered(100, 5);
    mesh::VoxelGrid grid(points, 1e-3);
    for (double far : {1.0, -1.0, 1e300, -1e300, std::nan("")}) {
        double limit2 = 1e-6;
        grid.near({far, 0.005, 0.11}, limit2, [&](uint32_t, double) { ADD_FAILURE() << far; });
    }
    double limit2 = 1;
    mesh::VoxelGrid().near({0, 0, 0}, limit2, [&](uint32_t, double) { ADD_FAILURE(); });
}

TEST(VoxelGrid, AWideSpreadDoesNotExhaustMemory) {
    std::vector<glm::dvec3> points = {{-1e3, -1e3, -1e3}, {1e3, 1e3, 1e3}, {0, 0, 0}};
    mesh::VoxelGrid grid(points, 1e-3);
    double limit2 = 1e-6;
    int found = 0;
    grid.near({0, 0, 0}, limit2, [&](uint32_t k, double) { found += k == 2; });
    EXPECT_EQ(found, 1);
}

}  // namespace
