#include "engine/face/head_zones.h"

#include "engine/base/deterministic_math.h"
#include "engine/face/curve.h"

#include <cmath>

namespace face {
namespace {

constexpr size_t kOutlineSamples = 160;
constexpr double kFrontOnly = 40;  // mm: skin behind this plane does not face forward

struct Outline {
    const ZoneOutline* zone;
    std::vector<glm::dvec2> front, wrap;
    uint8_t first;  ///< index of the (left) zone
};

struct Place {
    glm::dvec3 at{0};
    double lip = 0, nostril = 0, ear = 0;
};

Zone zone_of(const ZoneOutline& outline, const std::string& side) {
    Zone zone;
    zone.id = outline.kind + side;
    zone.kind = outline.kind;
    zone.treatable = outline.treatable;
    zone.no_go = outline.no_go;
    zone.bone = outline.bone;
    zone.mobile = outline.mobile;
    return zone;
}

bool holds(const Outline& outline, const Place& place) {
    const std::string& mask = outline.zone->mask;
    if (mask == "lip") return place.lip > 0.5;
    if (mask == "nostril") return place.nostril > 0.5;
    if (mask == "ear") return place.ear > 0.5;
    double x = std::fabs(place.at.x);
    if (!outline.front.empty() && place.at.z > kFrontOnly && inside_polygon(outline.front, {x, place.at.y}))
        return true;
    double azimuth = base::det::atan2(x, place.at.z) * 180 / base::det::kPi;
    return !outline.wrap.empty() && inside_polygon(outline.wrap, {azimuth, place.at.y});
}

Place centre_of(const HeadMesh& mesh, glm::uvec3 triangle) {
    Place centre;
    for (int i = 0; i < 3; ++i) {
        const HeadPoint& p = mesh.points[triangle[i]];
        // Features push along the solids' normals; zones are drawn on the solids but for the ear, which has
        // its mask.
        centre.at += p.base / 3.0;
        centre.lip += p.lip / 3;
        centre.nostril += p.nostril / 3;
        centre.ear += p.ear / 3;
    }
    return centre;
}

}  // namespace

ZoneMap map_zones(const HeadNumbers& numbers, const HeadMesh& mesh) {
    ZoneMap map;
    Zone outside;
    outside.id = outside.kind = "outside";
    outside.treatable = false;
    map.zones.push_back(outside);
    std::vector<Outline> outlines;
    for (const ZoneOutline& zone : numbers.zones) {
        Outline outline{&zone, {}, {}, static_cast<uint8_t>(map.zones.size())};
        if (!zone.front.empty()) outline.front = closed_curve(zone.front, kOutlineSamples);
        if (!zone.wrap.empty()) outline.wrap = closed_curve(zone.wrap, kOutlineSamples);
        outlines.push_back(outline);
        map.zones.push_back(zone_of(zone, zone.paired ? "_left" : ""));
        if (zone.paired) map.zones.push_back(zone_of(zone, "_right"));
    }
    for (glm::uvec3 triangle : mesh.triangles) {
        Place place = centre_of(mesh, triangle);
        uint8_t found = 0;
        for (const Outline& outline : outlines) {
            if (!holds(outline, place)) continue;
            found = static_cast<uint8_t>(outline.first + (outline.zone->paired && place.at.x < 0 ? 1 : 0));
            break;
        }
        map.triangle_zone.push_back(found);
    }
    return map;
}

}  // namespace face
