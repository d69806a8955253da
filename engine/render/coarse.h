#pragma once

// The same surface with fewer triangles, for clusters that are so small in the picture that their triangles are not told
// apart. Vertices are left out, never moved or made, so the coarse and the fine triangles share the drawn vertices.

#include "shaders/shared/picture.h"

#include <glm/vec3.hpp>

#include <span>
#include <vector>

namespace render {

/// About `share` of a cluster's triangles, more where leaving out a vertex would move the surface by over 0.2 mm, turn it,
/// or mix zones. Vertices on the cluster's border stay with the edges between them, so clusters fit together in any mixture
/// of coarse and fine. Depends on the order of the triangles alone; costs about 30 us for 100 triangles.
std::vector<glm::uvec3> coarsen(std::span<const glm::uvec3> triangles,
                                const std::vector<shared::RestVertex>& vertices, double share);

}  // namespace render
