#pragma once

// Tools as drawn, in the tip's frame: z along the tool's axis into the skin, the rim's plane (for a roller and a stamp the
// plane that touches the skin) at z = 0, so the tool stands at z < 0. And the gloved fingertip that holds skin taut.

#include "engine/render/scene_view.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace render {

struct PenVertex {
    glm::vec3 position;  ///< m
    glm::vec3 normal;
    uint32_t part;  ///< finish, as in pen.glsl, and how it moves: kMoves…
};

struct PenMesh {
    std::vector<PenVertex> vertices;
    std::vector<uint32_t> indices;  ///< opaque body, then clear cartridge, then one needle
    uint32_t opaque_count = 0, clear_count = 0, needle_count = 0;
};

/// What a tool's mesh depends on.
struct PenShape {
    Tool tool = Tool::pen;
    double tip_radius = 5e-3;      ///< m, of the rim or plate
    double opening_radius = 4e-3;  ///< m; 0 is a closed flat face
    double pin_length = 0.5e-3;    ///< m that a roller's pins stand out
    bool operator==(const PenShape&) const = default;
};
PenShape shape_of(const PenView& pen);

/// At most 6,000 triangles without needles; a roller carries its 192 pins in 8 rows of 24 (Schwarz & Laaff 2011).
PenMesh make_pen_mesh(const PenShape& shape);

/// A fingertip in a nitrile glove, its pad's middle at the origin on the plane z = 0 (skin below), pointing along +y, 45 mm
/// long, all in opaque_count. At most 2,000 triangles.
PenMesh make_finger_mesh();

}  // namespace render
