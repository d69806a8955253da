#pragma once

// What evidence points at, as the picture shows it: cells are about 1 mm across and as ragged as their borders, and the line
// round many of them is drawn smooth.

#include "engine/face/surface_cells.h"

#include <cstdint>
#include <span>
#include <vector>

namespace render {

/// Per cell 0..255 of how much it belongs to `highlighted` (cells of the face; others are passed over), evened out over those
/// that touch it; a highlighted cell keeps at least 60 %, so that one alone does not vanish.
std::vector<uint8_t> highlight_shares(const face::SurfaceCells& cells, std::span<const uint32_t> highlighted);

}  // namespace render
