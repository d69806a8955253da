#include "engine/base/random.h"
#include "engine/mesh/surface_index.h"
#include "tests/unit/mesh_shapes.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <cmath>

namespace {

using mesh::SurfaceHit;
using mesh::SurfaceIndex;
using mesh::SurfaceMesh;

glm::dvec3 random_point(base::Random& random, double size) {
    return {random.uniform(-size, size), random.uniform(-size, size), random.uniform(-size, size)};
}

glm::dvec3 random_direction(base::Random& random) {
    glm::dvec3 d;
    do d = random_point(random, 1);
    while (glm::dot(d, d) > 1 || glm::dot(d, d) < 0.01);
    return glm::normalize(d);
}

/// A sphere with random bumps, so that no two triangles are alike.
SurfaceMesh potato(uint32_t rings) {
    SurfaceMesh mesh = shapes::sphere(0.1, rings);
    base::Random random(7);
    for (glm::dvec3& p : mesh.positions) p = shapes::whole_micrometres(p * random.uniform(0.9, 1.1));
    mesh::compute_normals(mesh);
    return mesh;
}

/// Each triangle as a mesh of its own: an index over one triangle walks no hierarchy.
std::vector<SurfaceMesh> singles(const SurfaceMesh& mesh) {
    std::vector<SurfaceMesh> parts;
    for (glm::uvec3 t : mesh.triangles) {
        SurfaceMesh part;
        part.positions = {mesh.positions[t.x], mesh.positions[t.y], mesh.positions[t.z]};
        part.triangles = {{0, 1, 2}};
        part.normals.assign(3, glm::dvec3(0, 0, 1));
        parts.push_back(part);
    }
    return parts;
}

TEST(SurfaceIndex, ClosestPointOnASheetIsItsFoot) {
    SurfaceMesh mesh = shapes::sheet(0.1, 100);
    SurfaceIndex index(mesh);
    base::Random random(1);
    for (int i = 0; i < 2000; ++i) {
        glm::dvec3 p{random.uniform(-0.05, 0.05), random.uniform(-0.05, 0.05), random.uniform(-0.02, 0.02)};
        auto hit = index.closest(p, 0.03);
        ASSERT_TRUE(hit);
        EXPECT_NEAR(hit->distance, std::fabs(p.z), 1e-15);
        EXPECT_NEAR(glm::length(hit->position - glm::dvec3(p.x, p.y, 0)), 0, 1e-15);
        EXPECT_NEAR(glm::length(mesh::position_at(mesh, hit->point) - hit->position), 0, 1e-15);
    }
}

TEST(SurfaceIndex, ClosestPointBesideASheetIsOnItsRimAndAtItsCorner) {
    SurfaceMesh mesh = shapes::sheet(0.1, 10);
    SurfaceIndex index(mesh);
    auto rim = index.closest({0.053, 0.0123, 0.004}, 0.03);
    ASSERT_TRUE(rim);
    EXPECT_NEAR(rim->distance, 0.005, 1e-15);
    auto corner = index.closest({0.053, -0.054, 0}, 0.03);
    ASSERT_TRUE(corner);
    EXPECT_EQ(corner->position, glm::dvec3(shapes::whole_micrometres({0.05, -0.05, 0})));
    EXPECT_NEAR(corner->distance, 0.005, 1e-15);
}

TEST(SurfaceIndex, NothingIsClosestBeyondTheGivenDistance) {
    SurfaceMesh mesh = shapes::sheet(0.1, 10);
    SurfaceIndex index(mesh);
    EXPECT_FALSE(index.closest({0, 0, 0.0101}, 0.01));
    EXPECT_TRUE(index.closest({0, 0, 0.01}, 0.01)) << "exactly at the distance counts";
    EXPECT_FALSE(index.closest({0, 0, std::nan("")}, 0.01));
    SurfaceMesh nothing;
    EXPECT_FALSE(SurfaceIndex(nothing).closest({0, 0, 0}, 1));
}

TEST(SurfaceIndex, EquallyNearTrianglesGoToTheLowerNumber) {
    SurfaceMesh mesh = shapes::sheet(0.1, 10);
    SurfaceIndex index(mesh);
    // Over the vertex in the middle six triangles are equally near, with the same corner as foot.
    uint32_t lowest = 0;
    while (true) {
        glm::uvec3 t = mesh.triangles[lowest];
        if (mesh.positions[t.x] == glm::dvec3(0) || mesh.positions[t.y] == glm::dvec3(0) ||
            mesh.positions[t.z] == glm::dvec3(0))
            break;
        ++lowest;
    }
    EXPECT_EQ(index.closest({0, 0, 0.01}, 0.02)->point.triangle, lowest);
    EXPECT_EQ(index.cast({0, 0, 0.01}, {0, 0, -1}, 0, 1)->point.triangle, lowest);
}

TEST(SurfaceIndex, ClosestPointIsTheOneThatTryingEveryTriangleFinds) {
    SurfaceMesh mesh = potato(12);
    SurfaceIndex index(mesh);
    std::vector<SurfaceMesh> parts = singles(mesh);
    std::vector<SurfaceIndex> alone(parts.begin(), parts.end());
    base::Random random(2);
    for (int i = 0; i < 500; ++i) {
        glm::dvec3 p = random_point(random, 0.15);
        double best = 1;
        for (const SurfaceIndex& one : alone) best = std::min(best, one.closest(p, 1)->distance);
        auto hit = index.closest(p, 1);
        ASSERT_TRUE(hit);
        EXPECT_EQ(hit->distance, best);
        EXPECT_EQ(alone[hit->point.triangle].closest(p, 1)->distance, best);
    }
}

TEST(SurfaceIndex, RaysHitASheetWhereTheyMust) {
    SurfaceMesh mesh = shapes::sheet(0.1, 100);
    SurfaceIndex index(mesh);
    base::Random random(3);
    for (int i = 0; i < 2000; ++i) {
        glm::dvec3 target{random.uniform(-0.05, 0.05), random.uniform(-0.05, 0.05), 0};
        glm::dvec3 direction = random_direction(random);
        if (std::fabs(direction.z) < 0.05) continue;
        double distance = random.uniform(0.001, 0.2);
        auto hit = index.cast(target - distance * direction, direction, 0, 1);
        ASSERT_TRUE(hit);
        EXPECT_NEAR(hit->distance, distance, 1e-14);
        EXPECT_NEAR(glm::length(hit->position - target), 0, 1e-14);
        auto front = index.cast_front(target - distance * direction, direction, 0, 1);
        EXPECT_EQ(front.has_value(), direction.z < 0) << "a sheet facing +z is met from above only";
    }
}

TEST(SurfaceIndex, RaysRespectTheirRange) {
    SurfaceMesh mesh = shapes::sheet(0.1, 10);
    SurfaceIndex index(mesh);
    EXPECT_FALSE(index.cast({0, 0, 0.01}, {0, 0, -1}, 0, 0.0099));
    EXPECT_FALSE(index.cast({0, 0, 0.01}, {0, 0, -1}, 0.0101, 1));
    EXPECT_FALSE(index.cast({0, 0, -0.01}, {0, 0, -1}, 0, 1));
    auto behind = index.cast({0, 0, -0.01}, {0, 0, -1}, -0.02, 0.02);
    ASSERT_TRUE(behind);
    EXPECT_DOUBLE_EQ(behind->distance, -0.01);
    EXPECT_FALSE(index.cast({0, 0, 0.01}, {1, 0, 0}, 0, 1)) << "along the sheet";
    EXPECT_FALSE(index.cast({0.06, 0, 0.01}, {0, 0, -1}, 0, 1)) << "beside the sheet";
}

TEST(SurfaceIndex, NoRayFromInsideSlipsBetweenTriangles) {
    SurfaceMesh mesh = shapes::sphere(0.1, 24);
    SurfaceIndex index(mesh);
    base::Random random(4);
    for (int i = 0; i < 20000; ++i) {
        glm::dvec3 d = random_direction(random);
        ASSERT_TRUE(index.cast({0, 0, 0}, d, 0, 1)) << i;
        ASSERT_FALSE(index.cast_front({0, 0, 0}, d, 0, 1)) << i;
    }
    for (glm::uvec3 t : mesh.triangles)
        for (int k = 0; k < 3; ++k) {
            glm::dvec3 a = mesh.positions[t[k]], b = mesh.positions[t[(k + 1) % 3]];
            ASSERT_TRUE(index.cast({0, 0, 0}, glm::normalize(a), 0, 1)) << "at a vertex";
            ASSERT_TRUE(index.cast({0, 0, 0}, glm::normalize(a + b), 0, 1)) << "at the middle of an edge";
        }
}

TEST(SurfaceIndex, FirstHitIsTheOneThatTryingEveryTriangleFinds) {
    SurfaceMesh mesh = potato(12);
    SurfaceIndex index(mesh);
    std::vector<SurfaceMesh> parts = singles(mesh);
    std::vector<SurfaceIndex> alone(parts.begin(), parts.end());
    base::Random random(5);
    int hits = 0;
    for (int i = 0; i < 500; ++i) {
        glm::dvec3 origin = random_point(random, 0.2), direction = random_direction(random);
        for (bool front : {false, true}) {
            auto cast = [&](const SurfaceIndex& in) {
                return front ? in.cast_front(origin, direction, -0.1, 0.3)
                             : in.cast(origin, direction, -0.1, 0.3);
            };
            std::optional<SurfaceHit> best;
            for (uint32_t t = 0; t < alone.size(); ++t) {
                auto hit = cast(alone[t]);
                if (!hit || (best && hit->distance >= best->distance)) continue;
                best = hit;
                best->point.triangle = t;
            }
            auto hit = cast(index);
            ASSERT_EQ(hit.has_value(), best.has_value());
            if (!hit) continue;
            ++hits;
            EXPECT_EQ(hit->distance, best->distance);
            EXPECT_EQ(hit->point.triangle, best->point.triangle);
            EXPECT_EQ(hit->point.weights, best->point.weights);
        }
    }
    EXPECT_GT(hits, 100) << "the comparison above must have something to compare";
}

TEST(SurfaceIndex, ManyTrianglesInOnePlaceAreStillIndexed) {
    SurfaceMesh mesh;
    mesh.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    mesh.triangles.assign(3000, glm::uvec3(0, 1, 2));
    mesh::compute_normals(mesh);
    SurfaceIndex index(mesh);
    EXPECT_EQ(index.closest({0.2, 0.2, 0.5}, 1)->point.triangle, 0u);
    EXPECT_EQ(index.cast({0.2, 0.2, 0.5}, {0, 0, -1}, 0, 1)->point.triangle, 0u);
}

}  // namespace
