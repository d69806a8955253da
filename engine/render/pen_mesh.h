#pragma once

// The needling pen as drawn: a body of revolution in the tip's frame (z along the pen's axis into the skin,
// the rim's plane at z = 0, so the body stands at z < 0).

#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace render {

struct PenVertex {
    glm::vec3 position;  ///< m
    glm::vec3 normal;
    uint32_t part;  ///< finish, as in pen.frag
};

struct PenMesh {
    std::vector<PenVertex> vertices;
    std::vector<uint32_t> indices;  ///< opaque body, then clear cartridge, then one needle
    uint32_t opaque_count = 0, clear_count = 0, needle_count = 0;
};

/// `tip_radius` and `opening_radius` of the rim, m; opening 0 is a closed flat face.
PenMesh make_pen_mesh(double tip_radius, double opening_radius);

}  // namespace render
