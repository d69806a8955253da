#pragma once

// Closest point and ray queries on a mesh: a bounding volume hierarchy in plain doubles, built and walked in a fixed
// order, so that answers are the same bits on every machine (equal distances go to the lower triangle number). On the
// evidence path; no processor-specific library.

#include "engine/mesh/surface_mesh.h"

#include <optional>

namespace mesh {

struct SurfaceHit {
    SurfacePoint point;
    glm::dvec3 position;  ///< m
    double distance;      ///< m; for rays, the parameter along the unit direction (may be negative where asked for)
};

/// Keeps a reference to the mesh, which must outlive it and stay unchanged. Const queries are safe from many threads.
class SurfaceIndex {
  public:
    explicit SurfaceIndex(const SurfaceMesh& mesh);

    /// Closest surface point within `max_distance` metres. Cost: about a microsecond on a head of 100k triangles.
    std::optional<SurfaceHit> closest(glm::dvec3 point, double max_distance) const;

    /// First hit of the ray with parameter in [t_min, t_max], either side of a triangle. `direction` is unit.
    std::optional<SurfaceHit> cast(glm::dvec3 origin, glm::dvec3 direction, double t_min, double t_max) const;

    /// As cast, only triangles that face the ray (normal · direction < 0): the outer skin, seen from outside.
    std::optional<SurfaceHit> cast_front(glm::dvec3 origin, glm::dvec3 direction, double t_min, double t_max) const;

    const SurfaceMesh& mesh() const { return mesh_; }

  private:
    struct Node {
        glm::dvec3 low, high;  ///< grown by kBoxMargin, so that rounding in a box test never hides a triangle
        uint32_t first;        ///< leaf: first entry of order_; inner: index of the right child (the left one follows)
        uint32_t count;        ///< leaf: triangles; inner: 0
    };
    struct Ray;

    uint32_t build(uint32_t first, uint32_t count, uint32_t depth, const std::vector<glm::dvec3>& centres);
    uint32_t split(uint32_t first, uint32_t count, uint32_t depth, const std::vector<glm::dvec3>& centres);
    std::optional<SurfaceHit> cast_any(glm::dvec3 origin, glm::dvec3 direction, double t_min, double t_max,
                                       bool front_only) const;

    const SurfaceMesh& mesh_;
    std::vector<Node> nodes_;
    std::vector<uint32_t> order_;
};

}  // namespace mesh
