#include "engine/face/face_store.h"

#include "engine/mesh/self_intersection.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace face {

namespace {

constexpr double kLeastTriangleArea = 1e-12;   // m²: one square micrometre, the grain of positions
constexpr double kZoneAreaTolerance = 0.02;  // cells against triangles, besides their ragged borders: where a rim turns over

using Defects = std::vector<std::string>;

std::string place(glm::dvec3 p) {
    return fmt::format("({:.1f}, {:.1f}, {:.1f}) mm", 1e3 * p.x, 1e3 * p.y, 1e3 * p.z);
}

/// "3 of them, the first at ..." for a defect that can occur many times.
struct Tally {
    size_t count = 0;
    glm::dvec3 first{0};

    void add(glm::dvec3 p) {
        if (count++ == 0) first = p;
    }
    void report(std::string_view what, Defects& defects) const {
        if (count > 0) defects.push_back(fmt::format("{} {}; the first is at {}", count, what, place(first)));
    }
};

glm::dvec3 centre(const mesh::SurfaceMesh& mesh, uint32_t t) {
    glm::uvec3 c = mesh.triangles[t];
    return (mesh.positions[c.x] + mesh.positions[c.y] + mesh.positions[c.z]) / 3.0;
}

/// Sizes and numbers that everything else relies on. False: look no further.
bool check_arrays(const FaceAsset& asset, Defects& defects) {
    size_t vertices = asset.mesh.vertex_count(), triangles = asset.mesh.triangle_count(),
           before = defects.size();
    if (triangles == 0) defects.push_back("the mesh has no triangles");
    if (asset.mesh.normals.size() != vertices || asset.tissue.size() != vertices ||
        asset.look.size() != vertices || asset.uv.size() != vertices)
        defects.push_back(fmt::format("{} vertices have {} normals, {} tissues, {} looks and {} uv", vertices,
                                      asset.mesh.normals.size(), asset.tissue.size(), asset.look.size(),
                                      asset.uv.size()));
    if (asset.zone.size() != triangles)
        defects.push_back(fmt::format("{} triangles have {} zones", triangles, asset.zone.size()));
    if (asset.zones.empty() || asset.zones[0].id != "outside")
        defects.push_back("the first zone is not \"outside\"");
    for (size_t t = 0; t < triangles; ++t) {
        glm::uvec3 c = asset.mesh.triangles[t];
        if (std::max({c.x, c.y, c.z}) >= vertices)
            defects.push_back(fmt::format("triangle {} names a vertex that does not exist", t));
        if (t < asset.zone.size() && asset.zone[t] >= asset.zones.size())
            defects.push_back(fmt::format("triangle {} names a zone that does not exist", t));
        if (defects.size() > before + 8) break;
    }
    for (size_t v = 0; v < vertices && defects.size() < before + 8; ++v)
        for (int axis = 0; axis < 3; ++axis)
            if (!std::isfinite(asset.mesh.positions[v][axis]))
                defects.push_back(fmt::format("vertex {} has no finite position", v));
    return defects.size() == before;
}

void check_scale(const FaceAsset& asset, Defects& defects) {
    glm::dvec3 low = asset.mesh.positions[0], high = low;
    for (glm::dvec3 p : asset.mesh.positions) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    double largest = std::max({high.x - low.x, high.y - low.y, high.z - low.z});
    double least = asset.kind == Kind::head ? 0.15 : 0.01, most = asset.kind == Kind::head ? 0.6 : 0.5;
    if (largest < least || largest > most)
        defects.push_back(
            fmt::format("measures {:.4g} mm, where a {} has {:.0f} to {:.0f} mm; scale it to metres",
                        1e3 * largest, asset.kind == Kind::head ? "head" : "pad", 1e3 * least, 1e3 * most));
}

/// A union-find over vertices.
struct Groups {
    std::vector<uint32_t> parent;

    explicit Groups(size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0u); }
    uint32_t find(uint32_t v) {
        while (parent[v] != v) v = parent[v] = parent[parent[v]];
        return v;
    }
    void join(uint32_t a, uint32_t b) {
        a = find(a), b = find(b);
        parent[std::max(a, b)] = std::min(a, b);
    }
};

struct Side {
    uint32_t low, high;  // vertices
    bool reversed;

    bool same_edge(const Side& other) const { return low == other.low && high == other.high; }
};

std::vector<Side> sorted_sides(const mesh::SurfaceMesh& mesh) {
    std::vector<Side> sides;
    sides.reserve(3 * mesh.triangle_count());
    for (glm::uvec3 t : mesh.triangles)
        for (int k = 0; k < 3; ++k) {
            uint32_t a = t[k], b = t[(k + 1) % 3];
            sides.push_back({std::min(a, b), std::max(a, b), a > b});
        }
    std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
        return a.low != b.low ? a.low < b.low : a.high != b.high ? a.high < b.high : a.reversed < b.reversed;
    });
    return sides;
}

/// Border edges that hang together are one loop. The longest is the neck's or the pad's rim; any other is a
/// hole.
void report_holes(const mesh::SurfaceMesh& mesh, const std::vector<Side>& border, Defects& defects) {
    Groups groups(mesh.vertex_count());
    for (const Side& side : border) groups.join(side.low, side.high);
    std::vector<double> length(mesh.vertex_count(), 0.0);
    std::vector<uint32_t> edges(mesh.vertex_count(), 0);
    for (const Side& side : border) {
        uint32_t loop = groups.find(side.low);
        length[loop] += glm::length(mesh.positions[side.low] - mesh.positions[side.high]);
        ++edges[loop];
    }
    size_t rim = std::max_element(length.begin(), length.end()) - length.begin();
    for (size_t v = 0; v < length.size(); ++v)
        if (edges[v] > 0 && v != rim)
            defects.push_back(fmt::format("a hole of {} edges, {:.1f} mm round, at {}", edges[v],
                                          1e3 * length[v], place(mesh.positions[v])));
}

void check_edges(const mesh::SurfaceMesh& mesh, Defects& defects) {
    std::vector<Side> sides = sorted_sides(mesh), border;
    Tally crowded, flipped;
    for (size_t i = 0; i < sides.size();) {
        size_t end = i + 1;
        while (end < sides.size() && sides[end].same_edge(sides[i])) ++end;
        glm::dvec3 middle = 0.5 * (mesh.positions[sides[i].low] + mesh.positions[sides[i].high]);
        if (end - i == 1) border.push_back(sides[i]);
        if (end - i > 2) crowded.add(middle);
        if (end - i == 2 && sides[i].reversed == sides[i + 1].reversed) flipped.add(middle);
        i = end;
    }
    crowded.report("edges are shared by more than two triangles", defects);
    flipped.report("edges lie between triangles that face opposite ways", defects);
    report_holes(mesh, border, defects);
}

void check_triangles(const mesh::SurfaceMesh& mesh, Defects& defects) {
    Tally degenerate;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
        if (mesh::triangle_area(mesh, t) < kLeastTriangleArea) degenerate.add(centre(mesh, t));
    degenerate.report("triangles have no area", defects);
}

void check_crossings(const mesh::SurfaceMesh& mesh, Defects& defects) {
    constexpr size_t kEnough = 100000;  // a mesh with so many is beyond counting
    Tally crossing;
    for (mesh::TrianglePair pair : mesh::self_intersections(mesh, kEnough)) crossing.add(centre(mesh, pair.a));
    crossing.report("pairs of triangles pass through each other", defects);
}

void check_islands(const mesh::SurfaceMesh& mesh, Defects& defects) {
    Groups groups(mesh.vertex_count());
    for (glm::uvec3 t : mesh.triangles) groups.join(t.x, t.y), groups.join(t.y, t.z);
    std::vector<uint32_t> triangles(mesh.vertex_count(), 0);
    for (glm::uvec3 t : mesh.triangles) ++triangles[groups.find(t.x)];
    size_t main = std::max_element(triangles.begin(), triangles.end()) - triangles.begin();
    Tally loose;
    for (uint32_t v = 0; v < triangles.size(); ++v) {
        if (groups.find(v) != v || v == main) continue;
        if (triangles[v] == 0)
            loose.add(mesh.positions[v]);
        else
            defects.push_back(
                fmt::format("an island of {} triangles at {}", triangles[v], place(mesh.positions[v])));
    }
    loose.report("vertices belong to no triangle", defects);
}

/// A head turned inside out encloses a negative volume about its centre; a pad turned over faces down.
void check_facing(const FaceAsset& asset, Defects& defects) {
    const mesh::SurfaceMesh& mesh = asset.mesh;
    glm::dvec3 middle(0);
    for (glm::dvec3 p : mesh.positions) middle += p / static_cast<double>(mesh.vertex_count());
    double outwards = 0;
    for (glm::uvec3 t : mesh.triangles) {
        glm::dvec3 a = mesh.positions[t.x] - middle, b = mesh.positions[t.y] - middle,
                   c = mesh.positions[t.z] - middle;
        outwards += asset.kind == Kind::head ? glm::dot(a, glm::cross(b, c)) : glm::cross(b - a, c - a).z;
    }
    if (!(outwards > 0))
        defects.push_back("the surface is inside out; its triangles must be counter-clockwise from outside");
}

void check_tissue(const FaceAsset& asset, Defects& defects) {
    // Squares of a unit vector's length in 127ths, each axis rounded.
    constexpr int kLeastTension = 125 * 125, kMostTension = 129 * 129;
    auto within = [](int v, int low, int high) { return v >= low && v <= high; };
    Tally strange, off_atlas;
    for (size_t v = 0; v < asset.tissue.size(); ++v) {
        const Tissue& t = asset.tissue[v];
        int tension = t.tension_x * t.tension_x + t.tension_y * t.tension_y + t.tension_z * t.tension_z;
        if (!within(t.epidermis_um, 30, 300) || !within(t.dermis_um, 400, 3000) ||
            !within(t.depth_um, 500, 50000) || !within(t.stiffness_pa10, 100, 10000) ||
            !within(t.poisson_e4, 3000, 4900) || t.fat_um > t.depth_um || !within(t.anisotropy_e1, 10, 40) ||
            !(tension == 0 || within(tension, kLeastTension, kMostTension)))
            strange.add(asset.mesh.positions[v]);
        glm::vec2 uv = asset.uv[v];
        if (!(uv.x >= 0 && uv.x <= 1 && uv.y >= 0 && uv.y <= 1)) off_atlas.add(asset.mesh.positions[v]);
    }
    strange.report("vertices have tissue outside the range that skin and pads can have", defects);
    off_atlas.report("vertices lie off the atlas", defects);
}

/// Cells of each zone that meet cells of another.
std::vector<size_t> border_cells(const FaceAsset& asset) {
    const SurfaceCells& cells = asset.cells;
    std::vector<size_t> count(asset.zones.size(), 0);
    for (size_t cell = 0; cell < cells.size(); ++cell) {
        bool on_border = false;
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k)
            on_border = on_border || cells.zone[cells.neighbours[k]] != cells.zone[cell];
        count[cells.zone[cell]] += on_border;
    }
    return count;
}

/// Triangles of each zone that share an edge with another.
std::vector<size_t> border_triangles(const FaceAsset& asset) {
    constexpr uint8_t kNone = 255;
    std::vector<uint8_t> least(asset.mesh.vertex_count(), kNone), greatest(asset.mesh.vertex_count(), 0);
    for (uint32_t t = 0; t < asset.mesh.triangle_count(); ++t)
        for (int i = 0; i < 3; ++i) {
            uint32_t v = asset.mesh.triangles[t][i];
            least[v] = std::min(least[v], asset.zone[t]), greatest[v] = std::max(greatest[v], asset.zone[t]);
        }
    std::vector<size_t> count(asset.zones.size(), 0);
    for (uint32_t t = 0; t < asset.mesh.triangle_count(); ++t) {
        int met = 0;
        for (int i = 0; i < 3; ++i) met += least[asset.mesh.triangles[t][i]] != greatest[asset.mesh.triangles[t][i]];
        count[asset.zone[t]] += met >= 2;
    }
    return count;
}

/// How far a sound zone of this area (m²) may differ from its parts of area `part` each, `met` of them along its border: a
/// part on the border counts whole for the side of its middle, an error spread evenly over ±half a part, so three standard
/// deviations over the parts of its border, those of a square's at least.
double border_spread(double area, double part, size_t met) {
    constexpr double kSpread = 0.28867513;  // of an even distribution over one, 1/sqrt(12)
    double border = std::max({4 * std::sqrt(area / part), 16.0, static_cast<double>(met)});
    return 3 * kSpread * std::sqrt(border) * part;
}

void check_cells(const FaceAsset& asset, Defects& defects) {
    Tally empty;
    constexpr double kCell = 1e-6;  // m²
    std::vector<double> by_cells(asset.zones.size(), 0.0), by_triangles(asset.zones.size(), 0.0);
    std::vector<size_t> triangles(asset.zones.size(), 0);
    for (size_t cell = 0; cell < asset.cells.size(); ++cell) {
        if (asset.cells.area_um2[cell] == 0) empty.add(asset.cells.seed[cell]);
        by_cells[asset.cells.zone[cell]] += 1e-12 * asset.cells.area_um2[cell];
    }
    empty.report("surface cells have no area", defects);
    for (uint32_t t = 0; t < asset.mesh.triangle_count(); ++t)
        by_triangles[asset.zone[t]] += mesh::triangle_area(asset.mesh, t), ++triangles[asset.zone[t]];
    std::vector<size_t> met = border_cells(asset), edged = border_triangles(asset);
    for (size_t zone = 1; zone < asset.zones.size(); ++zone) {
        double area = by_triangles[zone], triangle = area / std::max<double>(1, static_cast<double>(triangles[zone]));
        double ragged = border_spread(area, kCell, met[zone]);  // both follow the zone's outline each in its own steps
        if (triangle > 0) ragged += border_spread(area, triangle, edged[zone]);
        double allowed = kZoneAreaTolerance * area + ragged;
        if (std::fabs(by_cells[zone] - by_triangles[zone]) > allowed)
            defects.push_back(fmt::format("zone {} measures {:.1f} mm² but its cells {:.1f} mm²",
                                          asset.zones[zone].id, 1e6 * by_triangles[zone],
                                          1e6 * by_cells[zone]));
        if (by_triangles[zone] == 0)
            defects.push_back(fmt::format("zone {} has no skin", asset.zones[zone].id));
    }
}

}  // namespace

std::vector<std::string> check(const FaceAsset& asset) {
    Defects defects;
    if (!check_arrays(asset, defects)) return defects;
    check_scale(asset, defects);
    check_triangles(asset.mesh, defects);
    check_edges(asset.mesh, defects);
    check_crossings(asset.mesh, defects);
    check_islands(asset.mesh, defects);
    check_facing(asset, defects);
    check_tissue(asset, defects);
    check_cells(asset, defects);
    return defects;
}

}  // namespace face
