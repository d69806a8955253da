#pragma once

// Borders between clinical zones as ribbons of constant width on the picture. Their points hang on three of the skin's
// vertices each, so that they go down with the dent.

#include "engine/face/face_asset.h"
#include "engine/gpu/pipeline.h"

#include <span>

namespace render {

struct Outline {
    gpu::Buffer points;   ///< shared::OutlinePoint
    gpu::Buffer indices;  ///< uint32, triangles; vertices 2 i and 2 i + 1 are the two sides at point i
    uint32_t index_count = 0;
};

/// `drawn` gives each of the skin's vertices its place among the DrawnVertex. The face's borders, or, where it has none,
/// the edges between triangles of different zones.
Outline make_outline(gpu::Device& device, const face::FaceAsset& face, std::span<const uint32_t> drawn);

}  // namespace render
