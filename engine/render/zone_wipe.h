#pragma once

// A whole zone wiped, as strokes of a pad: rows across the zone, one beside the other, each laid along its
// skin.

#include "engine/face/face_asset.h"
#include "engine/render/scene_view.h"

#include <vector>

namespace render {

/// Strokes that together cover the zone's cells; every other one goes back. None for a zone without cells.
/// About a millisecond.
std::vector<WipeStroke> wipe_zone(const face::FaceAsset& face, uint8_t zone, double time);

}  // namespace render
