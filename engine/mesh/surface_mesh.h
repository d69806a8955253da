#pragma once

// A triangle mesh as plain arrays, and points on it. Head frame, metres: origin midway between the tragions, +X to the
// patient's left, +Y up the head, +Z out of the face. Counter-clockwise seen from outside.

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

struct SurfaceMesh {
    std::vector<glm::dvec3> positions;    ///< m
    std::vector<glm::uvec3> triangles;    ///< indices into positions
    std::vector<glm::dvec3> normals;      ///< unit, one per vertex; see compute_normals

    size_t vertex_count() const { return positions.size(); }
    size_t triangle_count() const { return triangles.size(); }
};

/// A place on the mesh: a triangle and barycentric weights of its three corners (sum 1, each in [0, 1]).
struct SurfacePoint {
    uint32_t triangle = 0;
    glm::dvec3 weights{1, 0, 0};
};

glm::dvec3 position_at(const SurfaceMesh& mesh, const SurfacePoint& point);
/// Unit normal interpolated from the vertex normals.
glm::dvec3 normal_at(const SurfaceMesh& mesh, const SurfacePoint& point);
/// m, from the flat triangle to the smooth surface on which its corners lie with their normals: the triangle of Bazeley,
/// Cheung, Irons & Zienkiewicz 1965, cubic along edges and exact for a shallow paraboloid. As good as its normals are.
glm::dvec3 curved_offset(const SurfaceMesh& mesh, const SurfacePoint& point);

/// Angle-weighted vertex normals (Thürmer & Wüthrich 1998), deterministic (det::acos).
void compute_normals(SurfaceMesh& mesh);

double triangle_area(const SurfaceMesh& mesh, uint32_t triangle);  ///< m²

}  // namespace mesh
