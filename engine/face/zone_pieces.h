#pragma once

// Skin cut along the outlines of zones: pieces of triangles that each lie in one zone, so that what is summed
// or measured over a zone does not depend on how the mesh's triangles lie across its border.

#include "engine/face/surface_cells.h"
#include "engine/face/work_count.h"

#include <array>
#include <limits>

namespace face {

/// A flat part of a triangle, corners in its sense of turning.
struct ZonePiece {
    std::array<glm::dvec3, 3> corner;  ///< m
    uint8_t zone = 0;
};

/// Longest edges of pieces, m.
struct PieceLength {
    double mixed = std::numeric_limits<double>::infinity();  ///< of triangles that lie in more than one zone
    double plain = std::numeric_limits<double>::infinity();  ///< of the others
};

namespace detail {

/// Corner of a piece in the making.
struct Corner {
    glm::dvec3 weights;
    uint8_t zone;
};

class TriangleCutter {
  public:
    TriangleCutter(const mesh::SurfaceMesh& mesh, uint32_t triangle, const ZoneOf& zone_of)
        : mesh_(mesh), triangle_(triangle), zone_of_(zone_of) {}

    Corner corner(glm::dvec3 weights) const { return {weights, zone_of_({triangle_, weights})}; }
    glm::dvec3 place(const Corner& corner) const {
        return mesh::position_at(mesh_, {triangle_, corner.weights});
    }
    double longest(const Corner& a, const Corner& b, const Corner& c) const;
    /// Between two corners of different zones, to a thousandth of the way.
    Corner crossing(const Corner& a, const Corner& b) const;

  private:
    const mesh::SurfaceMesh& mesh_;
    uint32_t triangle_;
    const ZoneOf& zone_of_;
};

template <typename Visit>
void cut(const TriangleCutter& cutter, const Corner& a, const Corner& b, const Corner& c, bool mixed,
         double longest, Visit&& visit) {
    auto emit = [&](const Corner& p, const Corner& q, const Corner& r, uint8_t zone) {
        visit(ZonePiece{{cutter.place(p), cutter.place(q), cutter.place(r)}, zone});
    };
    if (cutter.longest(a, b, c) > longest) {
        auto between = [&](const Corner& p, const Corner& q) {
            glm::dvec3 middle = 0.5 * (p.weights + q.weights);
            return mixed ? cutter.corner(middle) : Corner{middle, p.zone};
        };
        Corner ab = between(a, b), bc = between(b, c), ca = between(c, a);
        cut(cutter, a, ab, ca, mixed, longest, visit);
        cut(cutter, ab, b, bc, mixed, longest, visit);
        cut(cutter, ca, bc, c, mixed, longest, visit);
        cut(cutter, ab, bc, ca, mixed, longest, visit);
        return;
    }
    if (a.zone == b.zone && b.zone == c.zone) return emit(a, b, c, a.zone);
    if (a.zone != b.zone && b.zone != c.zone &&
        c.zone != a.zone) {  // three zones meet within half a piece: by corners
        Corner ab = cutter.crossing(a, b), bc = cutter.crossing(b, c), ca = cutter.crossing(c, a);
        Corner middle{(ab.weights + bc.weights + ca.weights) / 3.0, 0};
        auto emit_corner = [&](const Corner& corner, const Corner& next, const Corner& before) {
            emit(corner, next, middle, corner.zone);
            emit(corner, middle, before, corner.zone);
        };
        emit_corner(a, ab, ca);
        emit_corner(b, bc, ab);
        return emit_corner(c, ca, bc);
    }
    if (a.zone == b.zone) return cut(cutter, c, a, b, mixed, longest, visit);  // the odd corner first
    if (a.zone == c.zone) return cut(cutter, b, c, a, mixed, longest, visit);
    Corner ab = cutter.crossing(a, b), ca = cutter.crossing(a, c);
    emit(a, ab, ca, a.zone);
    emit(ab, b, c, b.zone);
    emit(ab, c, ca, b.zone);
}

}  // namespace detail

/// Calls visit(piece) for the parts of one triangle. A zone that has none of its corners and neither middle
/// nor middle of a side is not seen.
template <typename Visit>
void cut_by_zone(const mesh::SurfaceMesh& mesh, uint32_t triangle, const ZoneOf& zone_of, PieceLength longest,
                 Visit&& visit) {
    detail::TriangleCutter cutter(mesh, triangle, zone_of);
    detail::Corner a = cutter.corner({1, 0, 0}), b = cutter.corner({0, 1, 0}), c = cutter.corner({0, 0, 1});
    bool mixed = a.zone != b.zone || b.zone != c.zone;
    for (glm::dvec3 inner : {glm::dvec3(1.0 / 3), {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}})
        mixed = mixed || cutter.corner(inner).zone != a.zone;
    detail::cut(cutter, a, b, c, mixed, mixed ? longest.mixed : longest.plain, visit);
}

/// True where a corner or the middle of the triangle lies in a zone.
bool has_zone(const ZoneOf& zone_of, uint32_t triangle);

/// 1 for triangles that have a zone or a corner within `around` (m) of one that has. `told` is given what share is done.
std::vector<uint8_t> triangles_near_zones(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, double around, const ShareTold& told = {});

}  // namespace face
