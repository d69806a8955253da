#include "engine/face/surface_cells.h"

#include "engine/base/parallel.h"
#include "engine/base/result.h"
#include "engine/base/units.h"
#include "engine/face/cell_seeds.h"
#include "engine/face/skin_division.h"
#include "engine/face/zone_pieces.h"
#include "engine/mesh/surface_index.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace face {

namespace {

constexpr double kFindReach = 3e-3;                 // m
constexpr double kSliverCellArea = 0.1e-6;          // m²: seeds with less skin than this are given up
constexpr double kNeighbourhoodArea = 25e-6;        // m², clinical.md 8
constexpr uint32_t kSliverNeighbourhood = 8000000;  // µm²: smaller patches join a neighbour
constexpr size_t kAtOnce = 512;  // triangles or cells
constexpr int kRelaxations = 10;
constexpr double kRimReach = 6e-3;  // m: seeds farther outside hardly bear on those that count

}  // namespace

void SurfaceCells::index() {
    grid = mesh::VoxelGrid(seed, 1.25e-3);
    rim_grid = mesh::VoxelGrid(rim_seed, 1.25e-3);
}

uint32_t SurfaceCells::find(glm::dvec3 position, glm::dvec3 towards) const {
    uint32_t best = kNoCell;
    double limit2 = kFindReach * kFindReach;
    grid.near(position, limit2, [&](uint32_t cell, double d2) {
        if (d2 == limit2 && cell > best) return;
        if (glm::dot(normal[cell], towards) < 0) return;
        limit2 = d2;
        best = cell;
    });
    if (best == kNoCell) return best;
    bool outside = false;
    rim_grid.near(position, limit2, [&](uint32_t seed, double d2) {
        outside = outside || (d2 < limit2 && glm::dot(rim_normal[seed], towards) >= 0);
    });
    return outside ? kNoCell : best;
}

uint8_t SurfaceCells::zone_at(glm::dvec3 position, glm::dvec3 towards) const {
    uint32_t cell = find(position, towards);
    return cell == kNoCell ? uint8_t{0} : zone[cell];
}

ZoneOf zone_by_triangle(std::span<const uint8_t> triangle_zone) {
    return [triangle_zone](const mesh::SurfacePoint& point) { return triangle_zone[point.triangle]; };
}

namespace {

// --- areas and borders ---

using Pair = std::pair<uint32_t, uint32_t>;

/// What each cell owns of the surface, and which cells meet.
struct Division {
    std::vector<double> area;   // m², per cell
    std::vector<Pair> borders;  // lower cell first, sorted, each once
};

/// A convex polygon in space, cut down plane by plane (Sutherland & Hodgman 1974).
struct Polygon {
    struct Corner {
        glm::dvec3 at;
        uint32_t beyond;  // cell across the side that starts here, kNoCell on the triangle's own sides
    };
    std::vector<Corner> corners, kept;

    /// Keeps what has dot(at, direction) <= limit; the new side borders on `beyond`.
    void cut(glm::dvec3 direction, double limit, uint32_t beyond) {
        kept.clear();
        for (size_t k = 0; k < corners.size(); ++k) {
            const Corner& here = corners[k];
            const Corner& next = corners[k + 1 < corners.size() ? k + 1 : 0];
            double above = glm::dot(here.at, direction) - limit,
                   next_above = glm::dot(next.at, direction) - limit;
            if (above <= 0) kept.push_back(here);
            if ((above <= 0) == (next_above <= 0)) continue;
            glm::dvec3 crossing = here.at + (next.at - here.at) * (above / (above - next_above));
            kept.push_back({crossing, above <= 0 ? beyond : here.beyond});
        }
        corners.swap(kept);
    }
    double area(glm::dvec3 normal) const {
        double twice = 0;
        for (size_t k = 2; k < corners.size(); ++k)
            twice += glm::dot(glm::cross(corners[k - 1].at - corners[0].at, corners[k].at - corners[0].at),
                              normal);
        return std::max(0.0, 0.5 * twice);
    }
};

struct Facet {
    glm::dvec3 corner[3];  // from the centre
    glm::dvec3 centre, normal;
    double radius;
};

Facet facet_of(const mesh::SurfaceMesh& mesh, uint32_t triangle) {
    Facet facet;
    glm::uvec3 t = mesh.triangles[triangle];
    facet.centre = (mesh.positions[t.x] + mesh.positions[t.y] + mesh.positions[t.z]) / 3.0;
    facet.radius = 0;
    for (int k = 0; k < 3; ++k) {
        facet.corner[k] = mesh.positions[t[k]] - facet.centre;
        facet.radius = std::max(facet.radius, glm::length(facet.corner[k]));
    }
    glm::dvec3 normal = glm::cross(facet.corner[1] - facet.corner[0], facet.corner[2] - facet.corner[0]);
    double length = glm::length(normal);
    facet.normal = length > 0 ? normal / length : glm::dvec3(0);
    return facet;
}

/// Seeds that face the facet's way and may be the nearest to some point of it.
void seeds_near(const SurfaceCells& cells, const Facet& facet, std::vector<uint32_t>& found) {
    constexpr double kSlack = 1e-9;  // m, for rounding
    auto faces = [&](uint32_t cell) { return glm::dot(cells.normal[cell], facet.normal) >= 0; };
    double nearest2 = kFindReach * kFindReach;
    cells.grid.near(facet.centre, nearest2, [&](uint32_t cell, double d2) {
        if (faces(cell)) nearest2 = d2;
    });
    // A point of the facet lies within `radius` of the centre, so within nearest + radius of a seed.
    double reach = std::min(std::sqrt(nearest2) + facet.radius, kFindReach) + facet.radius + kSlack;
    double reach2 = reach * reach;
    found.clear();
    cells.grid.near(facet.centre, reach2, [&](uint32_t cell, double) {
        if (faces(cell)) found.push_back(cell);
    });
    std::sort(found.begin(), found.end());
}

/// base::parallel_list that tells how far it is.
template <typename T, typename Work>
std::vector<T> counted_list(size_t count, const ShareTold& told, const Work& work) {
    WorkCount done(count, told);
    return base::parallel_list<T>(count, kAtOnce, [&](size_t i, std::vector<T>& list) {
        work(i, list);
        if ((i + 1) % kAtOnce == 0) done.done(kAtOnce);
    });
}

/// Cuts every triangle along the planes midway between seeds: exact areas, whatever the mesh's resolution.
/// The facet's own normal stands for the interpolated one that find() is given; they differ at folds only.
Division divide(const mesh::SurfaceMesh& mesh, std::span<const uint8_t> near_zones, const SurfaceCells& cells, const ShareTold& told) {
    constexpr double kLeastBorder =
        1e-6;  // m, the grain of positions: cells that meet in a point are no neighbours
    struct Share {
        uint32_t cell, beyond;  // kNoCell: a piece of the cell's own skin
        double area;
    };
    const auto cut = [&](size_t t, std::vector<Share>& shares) {
        if (near_zones[t] == 0) return;
        thread_local std::vector<uint32_t> near;
        thread_local Polygon polygon;
        Facet facet = facet_of(mesh, static_cast<uint32_t>(t));
        seeds_near(cells, facet, near);
        for (uint32_t cell : near) {
            polygon.corners.clear();
            for (glm::dvec3 corner : facet.corner) polygon.corners.push_back({corner, kNoCell});
            glm::dvec3 own = cells.seed[cell] - facet.centre;
            for (uint32_t other : near) {
                if (other == cell) continue;
                glm::dvec3 theirs = cells.seed[other] - facet.centre;
                polygon.cut(theirs - own, 0.5 * (glm::dot(theirs, theirs) - glm::dot(own, own)), other);
                if (polygon.corners.empty()) break;
            }
            shares.push_back({cell, kNoCell, polygon.area(facet.normal)});
            for (size_t k = 0; k < polygon.corners.size(); ++k) {
                uint32_t other = polygon.corners[k].beyond;
                glm::dvec3 side =
                    polygon.corners[(k + 1) % polygon.corners.size()].at - polygon.corners[k].at;
                if (other != kNoCell && glm::length(side) >= kLeastBorder)
                    shares.push_back({cell, other, 0});
            }
        }
    };
    Division division;
    division.area.assign(cells.size(), 0.0);
    for (const Share& share : counted_list<Share>(mesh.triangle_count(), told, cut)) {
        division.area[share.cell] += share.area;
        if (share.beyond != kNoCell) division.borders.push_back(std::minmax(share.cell, share.beyond));
    }
    std::sort(division.borders.begin(), division.borders.end());
    division.borders.erase(std::unique(division.borders.begin(), division.borders.end()),
                           division.borders.end());
    return division;
}

void set_neighbours(SurfaceCells& cells, const std::vector<Pair>& borders) {
    cells.neighbour_begin.assign(cells.size() + 1, 0);
    for (auto [a, b] : borders) ++cells.neighbour_begin[a + 1], ++cells.neighbour_begin[b + 1];
    for (size_t i = 1; i <= cells.size(); ++i) cells.neighbour_begin[i] += cells.neighbour_begin[i - 1];
    std::vector<uint32_t> next(cells.neighbour_begin.begin(), cells.neighbour_begin.end() - 1);
    cells.neighbours.resize(2 * borders.size());
    for (auto [a, b] : borders) {
        cells.neighbours[next[a]++] = b;
        cells.neighbours[next[b]++] = a;
    }
    for (size_t i = 0; i < cells.size(); ++i)
        std::sort(cells.neighbours.begin() + cells.neighbour_begin[i],
                  cells.neighbours.begin() + cells.neighbour_begin[i + 1]);
}

// --- neighbourhoods ---

/// `count` members spread over the group, each as far as possible from those before it (Gonzalez 1985).
std::vector<glm::dvec3> spread_centres(const SurfaceCells& cells, std::span<const uint32_t> group,
                                       size_t count) {
    std::vector<double> distance2(group.size(), std::numeric_limits<double>::infinity());
    std::vector<glm::dvec3> centres;
    size_t next = 0;
    while (centres.size() < count) {
        centres.push_back(cells.seed[group[next]]);
        size_t farthest = 0;
        for (size_t i = 0; i < group.size(); ++i) {
            glm::dvec3 d = cells.seed[group[i]] - centres.back();
            distance2[i] = std::min(distance2[i], glm::dot(d, d));
            if (distance2[i] > distance2[farthest]) farthest = i;
        }
        next = farthest;
    }
    return centres;
}

/// For each member of the group its nearest centre, the lower one of two equally near.
std::vector<uint32_t> nearest_centres(const SurfaceCells& cells, std::span<const uint32_t> group,
                                      const std::vector<glm::dvec3>& centres) {
    mesh::VoxelGrid grid(centres, 5e-3);
    std::vector<uint32_t> nearest(group.size(), 0);
    for (size_t i = 0; i < group.size(); ++i) {
        double limit2 = std::numeric_limits<double>::infinity();
        uint32_t best = kNoCell;
        for (double reach = 8e-3; best == kNoCell; reach *= 4) {
            limit2 = reach * reach;
            grid.near(cells.seed[group[i]], limit2, [&](uint32_t centre, double d2) {
                if (d2 == limit2 && centre > best) return;
                limit2 = d2;
                best = centre;
            });
        }
        nearest[i] = best;
    }
    return nearest;
}

/// Patches of even size over the cells of one zone: spread centres, then Lloyd's relaxation.
std::vector<uint32_t> divide_zone(const SurfaceCells& cells, std::span<const uint32_t> group,
                                  uint32_t& patch_count) {
    double area = 0;
    for (uint32_t cell : group) area += 1e-12 * cells.area_um2[cell];
    patch_count =
        static_cast<uint32_t>(std::max<int64_t>(1, base::round_to_integer(area / kNeighbourhoodArea)));
    patch_count = std::min(patch_count, static_cast<uint32_t>(group.size()));
    std::vector<glm::dvec3> centres = spread_centres(cells, group, patch_count);
    std::vector<uint32_t> patch = nearest_centres(cells, group, centres);
    for (int round = 0; round < kRelaxations; ++round) {
        std::vector<glm::dvec3> sum(patch_count, glm::dvec3(0));
        std::vector<double> weight(patch_count, 0.0);
        for (size_t i = 0; i < group.size(); ++i) {
            double a = cells.area_um2[group[i]];
            sum[patch[i]] += a * cells.seed[group[i]];
            weight[patch[i]] += a;
        }
        for (uint32_t p = 0; p < patch_count; ++p)
            if (weight[p] > 0) centres[p] = sum[p] / weight[p];
        patch = nearest_centres(cells, group, centres);
    }
    return patch;
}

/// The patch of the same zone that `sliver` shares most borders with, or, where it is an island of its zone,
/// the one that comes nearest; kNoCell where the zone has no other.
uint32_t host_of(uint32_t sliver, const SurfaceCells& cells, const std::vector<uint32_t>& patch,
                 size_t patch_count) {
    std::vector<uint32_t> members, others;
    std::vector<uint32_t> borders(patch_count, 0);
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (patch[cell] == sliver) members.push_back(cell);
    uint8_t zone = cells.zone[members[0]];
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (cells.zone[cell] == zone && patch[cell] != sliver) others.push_back(cell);
    for (uint32_t cell : members)
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k) {
            uint32_t other = cells.neighbours[k];
            if (cells.zone[other] == zone && patch[other] != sliver) ++borders[patch[other]];
        }
    auto most = std::max_element(borders.begin(), borders.end());
    if (*most > 0) return static_cast<uint32_t>(most - borders.begin());

    uint32_t nearest = kNoCell;
    double best2 = std::numeric_limits<double>::infinity();
    for (uint32_t other : others)
        for (uint32_t cell : members) {
            glm::dvec3 d = cells.seed[other] - cells.seed[cell];
            if (glm::dot(d, d) >= best2) continue;
            best2 = glm::dot(d, d);
            nearest = patch[other];
        }
    return nearest;
}

/// Joins patches below kSliverNeighbourhood, smallest first, to another of their zone. A zone that is smaller
/// than that keeps its one patch.
void join_slivers(const SurfaceCells& cells, std::vector<uint32_t>& patch, std::vector<uint64_t>& area) {
    std::vector<bool> kept(area.size(), false);
    while (true) {
        uint32_t smallest = kNoCell;
        for (uint32_t p = 0; p < area.size(); ++p)
            if (area[p] > 0 && area[p] < kSliverNeighbourhood && !kept[p])
                if (smallest == kNoCell || area[p] < area[smallest]) smallest = p;
        if (smallest == kNoCell) return;
        uint32_t host = host_of(smallest, cells, patch, area.size());
        kept[smallest] = host == kNoCell;
        if (host == kNoCell) continue;
        std::replace(patch.begin(), patch.end(), smallest, host);
        area[host] += area[smallest];
        area[smallest] = 0;
    }
}

/// The patches that a zone's cells have already, numbered from 0.
std::vector<uint32_t> kept_patches(const SurfaceCells& cells, std::span<const uint32_t> group,
                                   uint32_t& patch_count) {
    std::vector<uint32_t> patch;
    for (uint32_t cell : group) patch.push_back(cells.neighbourhood[cell]);
    auto [low, high] = std::minmax_element(patch.begin(), patch.end());
    uint32_t first = *low;
    patch_count = *high - first + 1;
    for (uint32_t& p : patch) p -= first;
    return patch;
}

/// `keep` per zone: its neighbourhoods stay as they are.
void find_neighbourhoods(SurfaceCells& cells, const std::vector<bool>& keep) {
    std::vector<uint32_t> patch(cells.size());
    std::vector<uint64_t> area;
    for (int zone = 1; zone < 256; ++zone) {
        std::vector<uint32_t> group;
        for (uint32_t cell = 0; cell < cells.size(); ++cell)
            if (cells.zone[cell] == zone) group.push_back(cell);
        if (group.empty()) continue;
        uint32_t count = 0, base = static_cast<uint32_t>(area.size());
        std::vector<uint32_t> own =
            keep[zone] ? kept_patches(cells, group, count) : divide_zone(cells, group, count);
        area.resize(base + count, 0);
        for (size_t i = 0; i < group.size(); ++i) {
            patch[group[i]] = base + own[i];
            area[base + own[i]] += cells.area_um2[group[i]];
        }
    }
    join_slivers(cells, patch, area);

    std::vector<uint32_t> number(area.size(), 0);
    cells.neighbourhood_area_um2.clear();
    for (size_t p = 0; p < area.size(); ++p) {
        if (area[p] == 0) continue;
        number[p] = static_cast<uint32_t>(cells.neighbourhood_area_um2.size());
        cells.neighbourhood_area_um2.push_back(static_cast<uint32_t>(area[p]));
    }
    CHECK(cells.neighbourhood_count() <= 65535, cells.neighbourhood_count());
    cells.neighbourhood.resize(cells.size());
    cells.neighbourhood_zone.resize(cells.neighbourhood_count());
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        cells.neighbourhood[cell] = static_cast<uint16_t>(number[patch[cell]]);
        cells.neighbourhood_zone[cells.neighbourhood[cell]] = cells.zone[cell];
    }
}

// --- distance to no-go skin ---

/// Straight distances from seeds to the no-go skin, which ends at the outlines; 0 for cells of no-go zones.
void find_no_go_distances(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, std::span<const uint8_t> near_zones,
                          std::span<const uint8_t> no_go, SurfaceCells& cells, const ShareTold& told) {
    constexpr uint16_t kFar = 65535;
    constexpr double kLongestPiece = 0.6e-3;  // m: outlines of 5 mm radius lie within 10 µm of a chord so long
    const auto cut = [&](size_t t, std::vector<glm::dvec3>& corners) {
        if (near_zones[t] == 0) return;
        cut_by_zone(mesh, static_cast<uint32_t>(t), zone_of, {.mixed = kLongestPiece}, [&](const ZonePiece& piece) {
            if (no_go[piece.zone]) corners.insert(corners.end(), piece.corner.begin(), piece.corner.end());
        });
    };
    mesh::SurfaceMesh forbidden;
    forbidden.positions = counted_list<glm::dvec3>(mesh.triangle_count(), told, cut);
    for (uint32_t first = 0; first < forbidden.positions.size(); first += 3)
        forbidden.triangles.emplace_back(first, first + 1, first + 2);
    mesh::SurfaceIndex index(forbidden);
    cells.no_go_distance_um.assign(cells.size(), kFar);
    base::parallel_ranges(cells.size(), kAtOnce, [&](size_t begin, size_t end) {
        for (size_t cell = begin; cell < end; ++cell) {
            uint16_t& distance = cells.no_go_distance_um[cell];
            if (no_go[cells.zone[cell]])
                distance = 0;
            else if (auto hit = index.closest(cells.seed[cell], 1e-6 * kFar))
                distance = static_cast<uint16_t>(base::round_to_integer(1e6 * hit->distance));
        }
    });
}

// --- putting it together ---

template <typename T>
void permute(std::vector<T>& values, const std::vector<uint32_t>& order) {
    std::vector<T> sorted;
    sorted.reserve(order.size());
    for (uint32_t old : order) sorted.push_back(values[old]);
    values = std::move(sorted);
}

void set_seeds(SurfaceCells& cells, const ZoneOf& zone_of, const std::vector<CellSeed>& seeds, const ShareTold& told) {
    for (const CellSeed& seed : seeds) {
        cells.seed.push_back(1e-6 * glm::dvec3(seed.position_um));
        glm::dvec3 n = seed.normal;
        for (int axis = 0; axis < 3; ++axis)
            n[axis] = 1e-6 * static_cast<double>(base::round_to_integer(1e6 * n[axis]));
        cells.normal.push_back(n);
    }
    cells.zone.resize(seeds.size());
    WorkCount count(seeds.size(), told);
    base::parallel_ranges(seeds.size(), kAtOnce, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) cells.zone[i] = zone_of(seeds[i].point);
        count.done(last - first);
    });
    cells.index();
}

/// Gives up seeds with hardly any skin (folds, knife edges): their skin goes to the cells around. True if
/// there were any.
bool drop_slivers(SurfaceCells& cells, const Division& division) {
    SurfaceCells rest;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        if (division.area[cell] < kSliverCellArea) continue;
        rest.seed.push_back(cells.seed[cell]);
        rest.normal.push_back(cells.normal[cell]);
        rest.zone.push_back(cells.zone[cell]);
    }
    if (rest.size() == cells.size()) return false;
    rest.index();
    cells = std::move(rest);
    return true;
}

/// Seeds outside all zones give up their cells; those that border on cells of a zone become the rim.
void part_rim(SurfaceCells& cells, Division& division) {
    std::vector<uint8_t> at_zone(cells.size(), 0);
    for (auto [a, b] : division.borders)
        if ((cells.zone[a] == 0) != (cells.zone[b] == 0)) at_zone[cells.zone[a] == 0 ? a : b] = 1;
    SurfaceCells zoned;
    std::vector<uint32_t> number(cells.size(), kNoCell);
    std::vector<double> area;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        if (cells.zone[cell] == 0) {
            if (!at_zone[cell]) continue;
            zoned.rim_seed.push_back(cells.seed[cell]);
            zoned.rim_normal.push_back(cells.normal[cell]);
            continue;
        }
        number[cell] = static_cast<uint32_t>(zoned.size());
        zoned.seed.push_back(cells.seed[cell]);
        zoned.normal.push_back(cells.normal[cell]);
        zoned.zone.push_back(cells.zone[cell]);
        area.push_back(division.area[cell]);
    }
    std::erase_if(division.borders,
                  [&](const Pair& pair) { return number[pair.first] == kNoCell || number[pair.second] == kNoCell; });
    for (auto& [a, b] : division.borders) a = number[a], b = number[b];
    division.area = std::move(area);
    zoned.index();
    cells = std::move(zoned);
}

/// Numbers cells by neighbourhood (which rise with the zones), so that neighbours in space are neighbours in
/// memory. Returns the old number of every cell.
std::vector<uint32_t> sort_cells(SurfaceCells& cells, std::vector<Pair>& borders) {
    std::vector<uint32_t> order(cells.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return cells.neighbourhood[a] < cells.neighbourhood[b]; });
    permute(cells.seed, order);
    permute(cells.normal, order);
    permute(cells.area_um2, order);
    permute(cells.zone, order);
    permute(cells.neighbourhood, order);
    std::vector<uint32_t> number(cells.size());
    for (uint32_t i = 0; i < order.size(); ++i) number[order[i]] = i;
    for (auto& [a, b] : borders) a = number[a], b = number[b];
    set_neighbours(cells, borders);
    cells.index();
    return order;
}

}  // namespace

SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, std::span<const uint8_t> triangle_zone,
                               std::span<const uint8_t> no_go) {
    CHECK(triangle_zone.size() == mesh.triangle_count());
    return divide_into_cells(mesh, zone_by_triangle(triangle_zone), no_go);
}

SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, std::span<const uint8_t> no_go) {
    return divide_into_cells(mesh, zone_of, no_go, {});
}

SurfaceCells divide_into_cells(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, std::span<const uint8_t> no_go, const ShareTold& told) {
    CHECK(mesh.normals.size() == mesh.vertex_count());
    constexpr double kNear = 0.25, kSeeded = 0.4, kZoned = 0.5, kDivided = 0.65, kDividedAgain = 0.85;  // of the time, measured
    std::vector<uint8_t> near_zones = triangles_near_zones(mesh, zone_of, kRimReach, part_of(told, 0, kNear));
    SurfaceCells cells;
    set_seeds(cells, zone_of, choose_cell_seeds(mesh, near_zones), part_of(told, kSeeded, kZoned));
    Division division = divide(mesh, near_zones, cells, part_of(told, kZoned, kDivided));
    if (drop_slivers(cells, division)) division = divide(mesh, near_zones, cells, part_of(told, kDivided, kDividedAgain));
    part_rim(cells, division);
    for (double area : division.area)
        cells.area_um2.push_back(static_cast<uint32_t>(base::round_to_integer(1e12 * area)));
    set_neighbours(cells, division.borders);
    find_neighbourhoods(cells, std::vector<bool>(256, false));
    sort_cells(cells, division.borders);
    find_no_go_distances(mesh, zone_of, near_zones, no_go, cells, part_of(told, kDividedAgain, 1));
    return cells;
}

std::vector<uint32_t> rezone_cells(SurfaceCells& cells, std::span<const uint8_t> zone) {
    CHECK(zone.size() == cells.size());
    std::vector<bool> keep(256, true);
    std::vector<Pair> borders;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        CHECK(zone[cell] != 0, cell);
        if (cells.zone[cell] != zone[cell]) keep[cells.zone[cell]] = keep[zone[cell]] = false;
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k)
            if (cells.neighbours[k] > cell) borders.emplace_back(cell, cells.neighbours[k]);
    }
    cells.zone.assign(zone.begin(), zone.end());
    find_neighbourhoods(cells, keep);
    std::vector<uint32_t> order = sort_cells(cells, borders);
    permute(cells.no_go_distance_um, order);
    return order;
}

}  // namespace face
