#include "engine/mesh/surface_mesh.h"
#include "tests/unit/mesh_shapes.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

namespace {

TEST(SurfaceMesh, PositionAndNormalAreBlendedOverATriangle) {
    mesh::SurfaceMesh mesh;
    mesh.positions = {{0, 0, 0}, {3, 0, 0}, {0, 3, 0}};
    mesh.triangles = {{0, 1, 2}};
    mesh.normals = {{0, 0, 1}, {1, 0, 0}, {0, 0, 1}};
    mesh::SurfacePoint point{0, {0.5, 0.25, 0.25}};
    EXPECT_EQ(mesh::position_at(mesh, point), glm::dvec3(0.75, 0.75, 0));
    glm::dvec3 expected = glm::dvec3(0.25, 0, 0.75) / std::sqrt(0.625);
    EXPECT_NEAR(glm::length(mesh::normal_at(mesh, point) - expected), 0, 1e-15);
    EXPECT_DOUBLE_EQ(mesh::triangle_area(mesh, 0), 4.5);
}

TEST(SurfaceMesh, NormalsOfASpherePointFromItsCentre) {
    mesh::SurfaceMesh mesh = shapes::sphere(0.1, 60);
    for (size_t v = 0; v < mesh.vertex_count(); ++v) {
        EXPECT_NEAR(glm::length(mesh.normals[v]), 1, 1e-14);
        EXPECT_GT(glm::dot(mesh.normals[v], glm::normalize(mesh.positions[v])), 0.9999) << v;
    }
}

TEST(SurfaceMesh, AngleWeightsMakeACubesCornerNormalIndependentOfHowItsFacesAreCut) {
    // Three faces of a unit cube about the origin's corner; one of them is cut through the corner, the others
    // are not.
    mesh::SurfaceMesh mesh;
    mesh.positions = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 0, -1}, {1, 0, -1}, {0, 1, -1}};
    mesh.triangles = {{0, 1, 2}, {0, 2, 3}, {0, 4, 1}, {1, 4, 5}, {0, 3, 4}, {3, 6, 4}};
    mesh::compute_normals(mesh);
    glm::dvec3 expected = glm::normalize(glm::dvec3(-1, -1, 1));
    EXPECT_NEAR(glm::length(mesh.normals[0] - expected), 0, 1e-13);
}

TEST(SurfaceMesh, TrianglesWithoutAreaDoNotSpoilNormals) {
    mesh::SurfaceMesh mesh;
    mesh.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {2, 0, 0}, {5, 5, 5}};
    mesh.triangles = {{0, 1, 2}, {0, 1, 3}, {1, 1, 2}};
    mesh::compute_normals(mesh);
    for (int v = 0; v < 4; ++v) EXPECT_EQ(mesh.normals[v], glm::dvec3(0, 0, 1)) << v;
    EXPECT_EQ(mesh.normals[4], glm::dvec3(0, 0, 1)) << "a vertex of no triangle has some unit normal";
}

TEST(SurfaceMesh, CornerNormalsThatCancelLeaveTheTrianglesOwn) {
    mesh::SurfaceMesh mesh;
    mesh.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    mesh.triangles = {{0, 1, 2}};
    mesh.normals = {{1, 0, 0}, {-1, 0, 0}, {0, 0, 1}};
    EXPECT_EQ(mesh::normal_at(mesh, {0, {0.5, 0.5, 0}}), glm::dvec3(0, 0, 1));
}

}  // namespace
