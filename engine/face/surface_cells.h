#pragma once

// The skin divided once, at bake time, into cells of about 1 mm² with known true area, zone and neighbours. Counts,
// coverage and evenness live on cells; neither the UV layout nor the mesh's resolution enters. A cell is the part of the
// surface nearest to its seed (straight-line distance among seeds whose normal is within 90 degrees of the surface's);
// seeds are a Poisson-disc sample of the surface, so a refined mesh keeps the same cells.
//
// Neighbourhoods are the 5 mm patches (about 25 mm², disjoint, within one zone) on which evenness and coverage are
// measured (clinical.md 8).

#include "engine/mesh/surface_mesh.h"
#include "engine/mesh/voxel_grid.h"

#include <cstdint>
#include <span>
#include <vector>

namespace face {

inline constexpr uint32_t kNoCell = 0xffffffffu;

struct SurfaceCells {
    std::vector<glm::dvec3> seed;             ///< m, whole micrometres
    std::vector<glm::dvec3> normal;           ///< unit, in whole millionths
    std::vector<uint32_t> area_um2;           ///< true area, about 1e6
    std::vector<uint8_t> zone;                ///< index into FaceAsset::zones; never 0 ("outside" has no cells)
    std::vector<uint16_t> neighbourhood;      ///< < neighbourhood_count()
    std::vector<uint16_t> no_go_distance_um;  ///< straight distance to the nearest no-go skin, 0 inside, 65535 = farther
    std::vector<uint32_t> neighbour_begin;    ///< size() + 1 offsets into neighbours
    std::vector<uint32_t> neighbours;         ///< cells that share a border

    std::vector<uint32_t> neighbourhood_area_um2;  ///< per neighbourhood, sum of its cells
    std::vector<uint8_t> neighbourhood_zone;

    size_t size() const { return seed.size(); }
    size_t neighbourhood_count() const { return neighbourhood_area_um2.size(); }

    /// The cell of a surface point with the given unit normal, or kNoCell farther than 3 mm from any seed.
    /// Deterministic; about 0.2 µs.
    uint32_t find(glm::dvec3 position, glm::dvec3 normal) const;

    /// Builds the lookup grid; call after filling or loading `seed`.
    void index();

    mesh::VoxelGrid grid;  ///< of the seeds, made by index()
};

/// Version of the division: part of a cached face's key.
inline constexpr uint32_t kSurfaceCellsVersion = 5;

/// Divides every triangle whose zone is not 0. `triangle_zone` per triangle; `no_go` per zone. Needs normals and positions
/// in whole micrometres within 2 m of the origin. Deterministic for a mesh. Cells are numbered by zone, then
/// neighbourhood; neighbourhoods by zone. About 25 µs per cell.
SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, std::span<const uint8_t> triangle_zone,
                               std::span<const uint8_t> no_go);

/// Gives cells other zones (`zone` per cell, never 0), as when a lesion's margin becomes no-go skin. Zones that lost or
/// won cells get new neighbourhoods, the others keep theirs; cells are numbered anew by the same rule.
/// no_go_distance_um travels with its cell and is otherwise left alone. Returns the old number of every new cell.
/// Deterministic; about 3 µs per cell of the zones that change.
std::vector<uint32_t> rezone_cells(SurfaceCells& cells, std::span<const uint8_t> zone);

}  // namespace face
