#pragma once

// What is known of a face's cells whatever needles enter them: their places in whole micrometres, where the skin ends, and the
// cells by cubes of space, so that what is looked at together lies together.

#include "engine/face/surface_cells.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace face {

/// Directions of a cell's tangent plane, evenly round it; the first lies anywhere.
inline constexpr int kDirections = 16;

/// Unit tangents of a cell with this normal.
std::array<glm::dvec3, kDirections> tangents(glm::dvec3 normal);

/// Where the skin's border runs across, of the directions in which the skin ends (a bit each, SkinGround::open): one direction
/// of a straight border, two of a corner.
std::vector<int> outward_directions(uint16_t open);

/// The cells, whole, are referred to. About 200 ns a cell on one core.
struct SkinGround {
    explicit SkinGround(const SurfaceCells& cells);
    uint32_t tile_at(int32_t x, int32_t y, int32_t z) const;  ///< counted along the axes
    std::span<const uint32_t> cells_of_tile(uint32_t tile) const;

    static constexpr int32_t kUnit = 1 << 14;  ///< 1, of a normal's component
    static constexpr float kCompact = 1000;    ///< µm
    struct Normal {
        int32_t x, y, z;  // kUnit = 1
    };
    struct Place {
        int32_t x, y, z;  // µm
    };
    const SurfaceCells& cells;
    std::vector<Normal> normals;
    std::vector<Place> seeds;
    std::vector<uint16_t> open;    ///< per cell, directions of the tangent plane in which the skin ends
    std::vector<uint8_t> compact;  ///< per cell, whether no place of it is as far from its seed as kCompact
    int32_t tile_um = 0;
    std::array<int32_t, 3> tile_low{}, tile_count{};  ///< µm; along each axis
    std::vector<uint32_t> tile_begin;                 ///< per tile, and one more, into order
    std::vector<uint32_t> tiles;                      ///< those with cells
    std::vector<uint32_t> tile_of;                    ///< of each cell, among those
    std::vector<uint32_t> order, rank;                ///< cells by tile; of each cell its place among them

  private:
    void divide_into_tiles();
};

}  // namespace face
