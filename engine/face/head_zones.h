#pragma once

// Which clinical zone each place of a generated head belongs to, and where zones border: outlines drawn on the
// canonical head, asked by place, so that zones are a function of place and not of the mesh.

#include "engine/face/face_asset.h"
#include "engine/face/head_mesh.h"

namespace face {

/// A border between two zones through places on the mesh, open or, when both ends agree, closed.
struct BorderPath {
    uint8_t zone_a = 0, zone_b = 0;  ///< a < b
    std::vector<mesh::SurfacePoint> points;
};

struct ZoneMap {
    std::vector<Zone> zones;             ///< [0] is "outside"; areas still 0
    std::vector<uint8_t> triangle_zone;  ///< index into zones, by the triangle's centre: for pictures
    ZoneOf zone_of;                      ///< by place; refers to shape and mesh, which must stay where they are
    std::vector<BorderPath> borders;     ///< where the outlines cross the edges, to a thousandth of an edge
};

/// All zones of a head, [0] is "outside"; areas 0.
std::vector<Zone> head_zones(const HeadNumbers& numbers);

/// `numbers` must outlive the map. `shape` is what the mesh samples.
ZoneMap map_zones(const HeadNumbers& numbers, const HeadShape& shape, const HeadMesh& mesh);

/// The paths on a mesh of the same triangles, thinned where they run straight: no place of theirs is farther than
/// 0.04 mm from the line that is left.
std::vector<ZoneBorder> lay_borders(const std::vector<BorderPath>& paths, const mesh::SurfaceMesh& mesh);

}  // namespace face
