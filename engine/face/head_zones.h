#pragma once

// Which clinical zone each triangle of a generated head belongs to: outlines drawn on the canonical head,
// asked at the triangle's centre, so that zones are a function of place and not of the mesh.

#include "engine/face/head_mesh.h"
#include "engine/face/zones.h"

namespace face {

struct ZoneMap {
    std::vector<Zone> zones;             ///< [0] is "outside"; areas still 0
    std::vector<uint8_t> triangle_zone;  ///< index into zones
};

ZoneMap map_zones(const HeadNumbers& numbers, const HeadMesh& mesh);

}  // namespace face
