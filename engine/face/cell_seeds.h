#pragma once

// Where the surface cells grow from: a Poisson-disc sample of the skin (no two seeds closer than
// kSeedSpacing, hardly any gap for one more). Candidates are where a fixed bundle of lines along the three
// axes meets the smooth surface of the skin (mesh::curved_offset), so they are a function of the surface as a place and not
// of how it is cut into triangles; a refined mesh keeps its seeds, but for those few where micrometres decide between two.

#include "engine/mesh/surface_mesh.h"

#include <cstdint>
#include <span>
#include <vector>

namespace face {

struct CellSeed {
    glm::ivec3 position_um;
    mesh::SurfacePoint point;
    glm::dvec3 normal;  ///< unit, of the smooth surface
};

/// Seeds on the triangles for which `wanted` is not 0, in order of selection. Positions are whole micrometres. Needs normals.
std::vector<CellSeed> choose_cell_seeds(const mesh::SurfaceMesh& mesh, std::span<const uint8_t> wanted);

}  // namespace face
