#include "engine/face/head_zones.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/parallel.h"
#include "engine/face/curve.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>

namespace face {
namespace {

constexpr size_t kOutlineSamples = 160;
constexpr double kEye = 100;  // mm above the menton: where `above` curves are seen from
constexpr double kFrontOnly = 40;  // mm: skin behind this plane does not face forward

/// A closed curve and the box that holds it.
struct Loop {
    explicit Loop(std::span<const glm::dvec2> knots) {
        if (!knots.empty()) curve = closed_curve(knots, kOutlineSamples);
        for (glm::dvec2 p : curve) low = glm::min(low, p), high = glm::max(high, p);
    }
    bool holds(glm::dvec2 p) const {
        return p.x >= low.x && p.y >= low.y && p.x <= high.x && p.y <= high.y && inside_polygon(curve, p);
    }

    std::vector<glm::dvec2> curve;
    glm::dvec2 low{1e9}, high{-1e9};
};

struct Outline {
    const ZoneOutline* zone;
    Loop front, wrap;
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

/// A place as outlines see it.
struct Sight {
    explicit Sight(glm::dvec3 at)
        : x(std::fabs(at.x)), azimuth(base::det::atan2(x, at.z) * 180 / base::det::kPi), place(at) {}
    double elevation() const {
        double aside = std::sqrt(x * x + place.z * place.z);
        return base::det::atan2(place.y - kEye, aside) * 180 / base::det::kPi;
    }

    double x, azimuth;
    glm::dvec3 place;
};

bool holds(const Outline& outline, const Place& place, const Sight& sight) {
    const std::string& mask = outline.zone->mask;
    if (mask == "lip") return place.lip > 0.5;
    if (mask == "nostril") return place.nostril > 0.5;
    if (mask == "ear") return place.ear > 0.5;
    bool inside = (place.at.z > kFrontOnly && outline.front.holds({sight.x, place.at.y})) ||
                  outline.wrap.holds({sight.azimuth, place.at.y});
    return inside && (outline.zone->above.empty() ||
                      sight.elevation() >= monotone_cubic(outline.zone->above, sight.azimuth));
}

// Features push along the solids' normals; zones are drawn on the solids but for the ear, which has its mask.
Place place_of(const HeadPoint& p) {
    return {p.base, p.lip, p.nostril, p.ear};
}

Place blended(const HeadMesh& mesh, glm::uvec3 triangle, glm::dvec3 weights) {
    Place sum;
    for (int i = 0; i < 3; ++i) {
        Place corner = place_of(mesh.points[triangle[i]]);
        double w = weights[i];
        sum.at += w * corner.at;
        sum.lip += w * corner.lip;
        sum.nostril += w * corner.nostril;
        sum.ear += w * corner.ear;
    }
    return sum;
}

/// Edges of lips, nostrils and ears are finer than the solids, which triangles sample well.
bool masks_vary(const HeadMesh& mesh, glm::uvec3 triangle) {
    for (double HeadPoint::*mask : {&HeadPoint::lip, &HeadPoint::nostril, &HeadPoint::ear})
        for (int i = 1; i < 3; ++i)
            if (mesh.points[triangle[i]].*mask != mesh.points[triangle[0]].*mask) return true;
    return false;
}

/// What the shape has at a place of a triangle; its three rays lie far from the pole and from behind.
Place exact(const HeadShape& shape, const HeadMesh& mesh, glm::uvec3 triangle, glm::dvec3 weights) {
    glm::dvec2 angles(0);
    glm::dvec3 base(0);
    for (int i = 0; i < 3; ++i) {
        angles += weights[i] * mesh.angles[triangle[i]];
        base += weights[i] * mesh.points[triangle[i]].base;
    }
    return place_of(shape.masks_at(angles.x, angles.y, base));
}

uint8_t zone_at(const std::vector<Outline>& outlines, const Place& place) {
    const Sight sight(place.at);
    for (const Outline& outline : outlines)
        if (holds(outline, place, sight))
            return static_cast<uint8_t>(outline.first + (outline.zone->paired && place.at.x < 0 ? 1 : 0));
    return 0;
}

// Where two zones' border enters or leaves a triangle: an edge by its vertices, or the place inside where three meet.
struct Crossing {
    uint64_t key = 0;
    mesh::SurfacePoint point;
};

struct Stretch {
    Crossing from, to;
};

class BorderFinder {
  public:
    BorderFinder(const HeadMesh& mesh, const std::vector<Outline>& outlines) : mesh_(mesh), outlines_(outlines) {
        zone_.resize(mesh.points.size());
        base::parallel_ranges(zone_.size(), 1024, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i) zone_[i] = zone_at(outlines, place_of(mesh.points[i]));
        });
    }

    std::vector<BorderPath> paths() const {
        std::map<std::pair<uint8_t, uint8_t>, std::vector<Stretch>> stretches;
        for (uint32_t t = 0; t < mesh_.triangles.size(); ++t) collect(t, stretches);
        std::vector<BorderPath> paths;
        for (const auto& [zones, of_pair] : stretches)
            for (std::vector<mesh::SurfacePoint>& points : link(of_pair))
                paths.push_back({zones.first, zones.second, std::move(points)});
        return paths;
    }

  private:
    uint8_t zone_on(uint32_t triangle, glm::dvec3 weights) const {
        return zone_at(outlines_, blended(mesh_, mesh_.triangles[triangle], weights));
    }

    // On the edge from corner i to the next, halved until it is found; both triangles of an edge find the same place.
    Crossing cross(uint32_t triangle, int i) const {
        glm::uvec3 corners = mesh_.triangles[triangle];
        int j = (i + 1) % 3;
        if (corners[i] > corners[j]) std::swap(i, j);
        double low = 0, high = 1;
        glm::dvec3 weights(0);
        for (int step = 0; step < 11; ++step) {
            double middle = (low + high) / 2;
            weights = glm::dvec3(0);
            weights[i] = 1 - middle, weights[j] = middle;
            (zone_on(triangle, weights) == zone_[corners[i]] ? low : high) = middle;
        }
        return {uint64_t{corners[i]} << 32 | corners[j], {triangle, weights}};
    }

    using Stretches = std::map<std::pair<uint8_t, uint8_t>, std::vector<Stretch>>;

    void collect(uint32_t triangle, Stretches& stretches) const {
        glm::uvec3 corners = mesh_.triangles[triangle];
        std::array<uint8_t, 3> zone{zone_[corners.x], zone_[corners.y], zone_[corners.z]};
        if (zone[0] == zone[1] && zone[1] == zone[2]) return;
        bool three = zone[0] != zone[1] && zone[1] != zone[2] && zone[2] != zone[0];
        std::vector<Crossing> found;
        std::vector<std::pair<uint8_t, uint8_t>> pairs;
        for (int i = 0; i < 3; ++i) {
            uint8_t a = zone[static_cast<size_t>(i)], b = zone[static_cast<size_t>((i + 1) % 3)];
            if (a == b) continue;
            found.push_back(cross(triangle, i));
            pairs.push_back({std::min(a, b), std::max(a, b)});
        }
        if (!three) {
            stretches[pairs[0]].push_back({found[0], found[1]});
            return;
        }
        Crossing meeting{uint64_t{1} << 63 | triangle, {triangle, glm::dvec3(0)}};
        for (const Crossing& c : found) meeting.point.weights += c.point.weights / 3.0;
        for (size_t k = 0; k < 3; ++k) stretches[pairs[k]].push_back({found[k], meeting});
    }

    // Chains stretches that share a crossing; from loose ends first, then what closes on itself.
    static std::vector<std::vector<mesh::SurfacePoint>> link(const std::vector<Stretch>& stretches) {
        std::map<uint64_t, std::vector<size_t>> at;
        for (size_t i = 0; i < stretches.size(); ++i)
            for (const Crossing* end : {&stretches[i].from, &stretches[i].to}) at[end->key].push_back(i);
        std::vector<bool> used(stretches.size(), false);
        std::vector<std::vector<mesh::SurfacePoint>> lines;
        auto follow = [&](Crossing here) {
            std::vector<mesh::SurfacePoint> line{here.point};
            for (;;) {
                auto next = std::ranges::find_if(at[here.key], [&](size_t i) { return !used[i]; });
                if (next == at[here.key].end()) break;
                used[*next] = true;
                const Stretch& s = stretches[*next];
                here = s.from.key == here.key ? s.to : s.from;
                line.push_back(here.point);
            }
            lines.push_back(std::move(line));
        };
        for (bool loose : {true, false})
            for (size_t i = 0; i < stretches.size(); ++i)
                for (const Crossing& end : {stretches[i].from, stretches[i].to})
                    if (!used[i] && (!loose || at[end.key].size() == 1)) follow(end);
        return lines;
    }

    const HeadMesh& mesh_;
    const std::vector<Outline>& outlines_;
    std::vector<uint8_t> zone_;  // of vertices
};

double distance_to_line(glm::dvec3 p, glm::dvec3 a, glm::dvec3 b) {
    glm::dvec3 along = b - a;
    double length = glm::dot(along, along);
    double share = length > 0 ? std::clamp(glm::dot(p - a, along) / length, 0.0, 1.0) : 0;
    return glm::length(p - a - share * along);
}

// Douglas & Peucker 1973, with a bound on the length that a chord may have.
void keep_bends(const std::vector<glm::dvec3>& line, size_t first, size_t last, std::vector<bool>& kept) {
    constexpr double kTolerance = 0.04e-3, kLongest = 6e-3;  // m
    if (last <= first + 1) return;
    size_t farthest = (first + last) / 2;
    double most = glm::length(line[last] - line[first]) > kLongest ? 2 * kTolerance : kTolerance;
    for (size_t i = first + 1; i < last; ++i) {
        double d = distance_to_line(line[i], line[first], line[last]);
        if (d > most) most = d, farthest = i;
    }
    if (most == kTolerance) return;
    kept[farthest] = true;
    keep_bends(line, first, farthest, kept);
    keep_bends(line, farthest, last, kept);
}

}  // namespace

std::vector<Zone> head_zones(const HeadNumbers& numbers) {
    std::vector<Zone> zones(1);
    zones[0].id = zones[0].kind = "outside";
    zones[0].treatable = false;
    for (const ZoneOutline& zone : numbers.zones) {
        zones.push_back(zone_of(zone, zone.paired ? "_left" : ""));
        if (zone.paired) zones.push_back(zone_of(zone, "_right"));
    }
    return zones;
}

ZoneMap map_zones(const HeadNumbers& numbers, const HeadShape& shape, const HeadMesh& mesh) {
    ZoneMap map;
    map.zones = head_zones(numbers);
    std::vector<Outline> outlines;
    size_t next = 1;  // of map.zones
    for (const ZoneOutline& zone : numbers.zones) {
        outlines.push_back({&zone, Loop(zone.front), Loop(zone.wrap), static_cast<uint8_t>(next)});
        next += zone.paired ? 2 : 1;
    }
    map.triangle_zone.resize(mesh.triangles.size());
    base::parallel_ranges(mesh.triangles.size(), 1024, [&](size_t first, size_t last) {
        for (size_t t = first; t < last; ++t)
            map.triangle_zone[t] = zone_at(outlines, blended(mesh, mesh.triangles[t], glm::dvec3(1.0 / 3)));
    });
    map.borders = BorderFinder(mesh, outlines).paths();
    map.zone_of = [&shape, &mesh, outlines = std::move(outlines)](const mesh::SurfacePoint& point) {
        glm::uvec3 triangle = mesh.triangles[point.triangle];
        return zone_at(outlines, masks_vary(mesh, triangle) ? exact(shape, mesh, triangle, point.weights)
                                                            : blended(mesh, triangle, point.weights));
    };
    return map;
}

std::vector<ZoneBorder> lay_borders(const std::vector<BorderPath>& paths, const mesh::SurfaceMesh& mesh) {
    std::vector<ZoneBorder> borders;
    for (const BorderPath& path : paths) {
        std::vector<glm::dvec3> line;
        for (const mesh::SurfacePoint& point : path.points) line.push_back(mesh::position_at(mesh, point));
        std::vector<bool> kept(line.size(), false);
        kept.front() = kept.back() = true;
        // A closed line has no chord to begin with: it is cut at its middle.
        size_t middle = line.size() / 2;
        kept[middle] = true;
        keep_bends(line, 0, middle, kept);
        keep_bends(line, middle, line.size() - 1, kept);
        ZoneBorder border{path.zone_a, path.zone_b, {}};
        for (size_t i = 0; i < line.size(); ++i)
            if (kept[i]) border.line.push_back(glm::vec3(line[i]));
        borders.push_back(std::move(border));
    }
    return borders;
}

}  // namespace face
