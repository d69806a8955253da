#pragma once

// The skin divided once, at bake time, into cells of about 1 mm² with known true area, zone and neighbours. Counts,
// coverage and evenness live on cells; neither the UV layout nor the mesh's resolution enters. A cell is the part of the
// surface nearest to its seed (straight-line distance among seeds whose normal is within 90 degrees of the surface's);
// seeds are a Poisson-disc sample of the surface, so a refined mesh keeps the same cells. A cell's zone is that of its seed,
// whole: zones, their areas and their borders follow the outlines' places and never triangles. Beyond the border with skin
// outside all zones the seeds go on for one row, the rim, so that a place is outside where the nearest seed is of the rim.
//
// Neighbourhoods are the 5 mm patches (about 25 mm², disjoint, within one zone) on which evenness and coverage are
// measured (clinical.md 8).

#include "engine/mesh/surface_mesh.h"
#include "engine/mesh/voxel_grid.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace face {

inline constexpr uint32_t kNoCell = 0xffffffffu;

/// Zone of a place on a mesh as its maker drew it: index into FaceAsset::zones, 0 = outside.
using ZoneOf = std::function<uint8_t(const mesh::SurfacePoint&)>;

/// For zones that are drawn by triangles. Keeps a reference.
ZoneOf zone_by_triangle(std::span<const uint8_t> triangle_zone);

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

    std::vector<glm::dvec3> rim_seed;    ///< of skin outside all zones that borders on cells; as `seed`
    std::vector<glm::dvec3> rim_normal;  ///< as `normal`

    size_t size() const { return seed.size(); }
    size_t neighbourhood_count() const { return neighbourhood_area_um2.size(); }

    /// The cell of a surface point with the given unit normal, or kNoCell outside all zones and farther than 3 mm from any
    /// seed. Deterministic; about 0.3 µs.
    uint32_t find(glm::dvec3 position, glm::dvec3 normal) const;
    /// The zone of that cell; 0 = outside.
    uint8_t zone_at(glm::dvec3 position, glm::dvec3 normal) const;

    /// Builds the lookup grids; call after filling or loading the seeds.
    void index();

    mesh::VoxelGrid grid, rim_grid;  ///< of the seeds, made by index()
};

/// Version of the division: part of a cached face's key.
inline constexpr uint32_t kSurfaceCellsVersion = 6;

/// Divides the skin whose zone is not 0. `no_go` per zone. Needs normals and positions in whole micrometres within 2 m of
/// the origin. Deterministic for a mesh. Cells are numbered by zone, then neighbourhood; neighbourhoods by zone. About
/// 25 µs per cell.
SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, std::span<const uint8_t> no_go);
/// The same with zones by triangles.
SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, std::span<const uint8_t> triangle_zone,
                               std::span<const uint8_t> no_go);

/// Gives cells other zones (`zone` per cell, never 0), as when a lesion's margin becomes no-go skin. Zones that lost or
/// won cells get new neighbourhoods, the others keep theirs; cells are numbered anew by the same rule.
/// no_go_distance_um travels with its cell and is otherwise left alone. Returns the old number of every new cell.
/// Deterministic; about 3 µs per cell of the zones that change.
std::vector<uint32_t> rezone_cells(SurfaceCells& cells, std::span<const uint8_t> zone);

}  // namespace face
