#pragma once

// Where the surface cells grow from: a Poisson-disc sample of the skin (no two seeds closer than
// kSeedSpacing, hardly any gap for one more). Candidates are where a fixed bundle of lines along the three
// axes meets the skin, so they are a function of the surface as a place and not of how it is cut into
// triangles; a refined mesh keeps its seeds.

#include "engine/mesh/surface_mesh.h"

#include <cstdint>
#include <span>
#include <vector>

namespace face {

struct CellSeed {
    glm::ivec3 position_um;
    mesh::SurfacePoint point;
};

/// Seeds on the triangles whose zone is not 0, in order of selection. Positions are whole micrometres.
std::vector<CellSeed> choose_cell_seeds(const mesh::SurfaceMesh& mesh,
                                        std::span<const uint8_t> triangle_zone);

}  // namespace face
