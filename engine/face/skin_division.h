#pragma once

// divide_skin() and divide_into_cells() for whoever tells people how far they are.

#include "engine/face/face_asset.h"
#include "engine/face/work_count.h"

namespace face {

/// As divide_into_cells (surface_cells.h); `told` is given what share is done.
SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, std::span<const uint8_t> no_go, const ShareTold& told);

/// As divide_skin (face_asset.h); `told` is given what share is done.
void divide_skin(FaceAsset& asset, const ZoneOf& zone_of, const ShareTold& told);

}  // namespace face
