#pragma once

// Samples the head as triangles: those too large for the spacing wanted at their place are bisected, worst
// first, until the asked number of vertices is reached; then edges are flipped to the Delaunay condition.
// Every vertex lies on the exact surface, so that meshes of different resolution are samples of one head.
// Closed but for the ring at the neck's end.

#include "engine/face/head_shape.h"

#include <functional>

namespace face {

struct HeadMesh {
    std::vector<HeadPoint> points;
    std::vector<glm::dvec2> angles;     ///< (azimuth, elevation) in degrees of each point's ray
    std::vector<glm::uvec3> triangles;  ///< counter-clockwise from outside
};

/// `vertices` from 2,000 to 400,000. `told` hears the share done, now and then.
HeadMesh sample_head(const HeadShape& shape, size_t vertices, const std::function<void(double)>& told);

}  // namespace face
