#pragma once

// Where a surface passes through itself. Skin that does cannot be treated: one needle would enter it twice.
// The search descends a box hierarchy against itself; whether two triangles cross is decided by signed
// distances in metres against one named tolerance, never by a bare epsilon.

#include "engine/mesh/surface_mesh.h"

#include <limits>

namespace mesh {

/// Sheets that touch or graze each other by no more than this do not cross: the grain of stored positions.
inline constexpr double kCrossingTolerance = 1e-6;  // m

struct TrianglePair {
    uint32_t a, b;  ///< a < b
    bool operator==(const TrianglePair&) const = default;
};

/// All pairs of triangles that share no vertex and cross each other deeper than kCrossingTolerance, or lie in
/// one plane and overlap by more than that; sorted. Stops at `limit` pairs, for meshes that are nothing but
/// crossings. Vertices must be finite and indices valid. Triangles lower than the tolerance have no plane:
/// only their edges take part. About 0.2 s for a head of 110k triangles.
std::vector<TrianglePair> self_intersections(const SurfaceMesh& mesh,
                                             size_t limit = std::numeric_limits<size_t>::max());

}  // namespace mesh
