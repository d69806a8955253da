#include "engine/base/random.h"
#include "engine/mesh/surface_mesh.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace {

/// One triangle on z = f(x, y) with the surface's own normals.
template <typename Height, typename Slope>
mesh::SurfaceMesh triangle_on(const Height& height, const Slope& slope,
                              const std::array<glm::dvec2, 3>& corners) {
    mesh::SurfaceMesh mesh;
    for (glm::dvec2 at : corners) {
        glm::dvec2 rise = slope(at);
        mesh.positions.emplace_back(at.x, at.y, height(at));
        mesh.normals.push_back(glm::normalize(glm::dvec3(-rise.x, -rise.y, 1)));
    }
    mesh.triangles = {{0, 1, 2}};
    return mesh;
}

TEST(CurvedOffset, LeavesCornersAndFlatTrianglesWhereTheyAre) {
    auto flat = triangle_on([](glm::dvec2 p) { return 0.2 * p.x - 0.1 * p.y; },
                            [](glm::dvec2) { return glm::dvec2(0.2, -0.1); },
                            {glm::dvec2(0, 0), {2e-3, 0}, {0.4e-3, 1.7e-3}});
    EXPECT_LT(glm::length(mesh::curved_offset(flat, {0, {0.2, 0.5, 0.3}})), 1e-18);
    auto bowl =
        triangle_on([](glm::dvec2 p) { return 30 * glm::dot(p, p); }, [](glm::dvec2 p) { return 60.0 * p; },
                    {glm::dvec2(0, 0), {2e-3, 0}, {0.4e-3, 1.7e-3}});
    for (glm::dvec3 corner : {glm::dvec3(1, 0, 0), {0, 1, 0}, {0, 0, 1}})
        EXPECT_LT(glm::length(mesh::curved_offset(bowl, {0, corner})), 1e-18);
}

TEST(CurvedOffset, IsThatOfAShallowParaboloidAndOfASphere) {
    // Bent by 25 to 100 mm over triangles of 2 mm, as a face is; saddles too. The flat triangle lies up to 30
    // µm off.
    base::Random random(3);
    double worst = 0, flat = 0;
    for (int round = 0; round < 200; ++round) {
        double xx = random.uniform(-20, 20), yy = random.uniform(-20, 20), xy = random.uniform(-10, 10);
        auto height = [&](glm::dvec2 p) { return xx * p.x * p.x + yy * p.y * p.y + xy * p.x * p.y; };
        auto slope = [&](glm::dvec2 p) {
            return glm::dvec2(2 * xx * p.x + xy * p.y, 2 * yy * p.y + xy * p.x);
        };
        auto mesh = triangle_on(
            height, slope,
            {glm::dvec2(-1e-3, -0.8e-3), {1e-3, -0.6e-3}, {random.uniform(-0.5e-3, 0.5e-3), 1e-3}});
        glm::dvec3 weights{random.uniform(0, 1), random.uniform(0, 1), random.uniform(0, 1)};
        weights /= weights.x + weights.y + weights.z;
        glm::dvec3 place = mesh::position_at(mesh, {0, weights}),
                   curved = place + mesh::curved_offset(mesh, {0, weights});
        flat = std::max(flat, std::fabs(place.z - height({place.x, place.y})));
        worst = std::max(worst, std::fabs(curved.z - height({curved.x, curved.y})));
    }
    EXPECT_GT(flat, 10e-6);
    EXPECT_LT(worst, 0.02 * flat);
}

}  // namespace
