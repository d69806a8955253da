#include "engine/mesh/repair.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>

namespace mesh {

namespace {

constexpr uint32_t kNone = 0xffffffffu;
constexpr double kGrain = 0x1p-20;  // of the mesh's size: vertices nearer than about this are one
constexpr size_t kLongestPlannedLoop = 400;

/// One side of an edge, as its triangle runs along it.
struct Side {
    uint32_t low, high, triangle;
    bool falling;  ///< from high to low
};

std::vector<Side> sorted_sides(const SurfaceMesh& mesh) {
    std::vector<Side> sides;
    sides.reserve(3 * mesh.triangle_count());
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
        for (int k = 0; k < 3; ++k) {
            uint32_t a = mesh.triangles[t][k], b = mesh.triangles[t][(k + 1) % 3];
            sides.push_back({std::min(a, b), std::max(a, b), t, a > b});
        }
    std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
        return std::tie(a.low, a.high, a.triangle) < std::tie(b.low, b.high, b.triangle);
    });
    return sides;
}

/// Calls visit(sides of one edge) for every edge.
template <typename Visit>
void each_edge(const std::vector<Side>& sides, Visit&& visit) {
    for (size_t i = 0; i < sides.size();) {
        size_t end = i + 1;
        while (end < sides.size() && sides[end].low == sides[i].low && sides[end].high == sides[i].high)
            ++end;
        visit(std::span(sides).subspan(i, end - i));
        i = end;
    }
}

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

bool finite(glm::dvec3 p) {
    return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z);
}

glm::dvec3 centre(const SurfaceMesh& mesh, uint32_t t) {
    glm::uvec3 c = mesh.triangles[t];
    return (mesh.positions[c.x] + mesh.positions[c.y] + mesh.positions[c.z]) / 3.0;
}

/// Keeps the triangles that `keep` says, in order.
void filter(SurfaceMesh& mesh, const std::vector<bool>& keep) {
    size_t out = 0;
    for (size_t t = 0; t < mesh.triangle_count(); ++t)
        if (keep[t]) mesh.triangles[out++] = mesh.triangles[t];
    mesh.triangles.resize(out);
}

/// Drops vertices of no triangle; returns how many.
size_t drop_loose(SurfaceMesh& mesh) {
    std::vector<uint32_t> name(mesh.vertex_count(), kNone);
    for (glm::uvec3 t : mesh.triangles)
        for (int k = 0; k < 3; ++k) name[t[k]] = 0;
    uint32_t out = 0;
    for (uint32_t v = 0; v < name.size(); ++v) {
        if (name[v] == kNone) continue;
        mesh.positions[out] = mesh.positions[v];
        name[v] = out++;
    }
    size_t dropped = mesh.vertex_count() - out;
    mesh.positions.resize(out);
    for (glm::uvec3& t : mesh.triangles) t = {name[t.x], name[t.y], name[t.z]};
    return dropped;
}

void drop_unusable(SurfaceMesh& mesh, Spots& unusable) {
    std::vector<bool> keep(mesh.triangle_count());
    for (size_t t = 0; t < keep.size(); ++t) {
        glm::dvec3 somewhere(0);
        int good = 0;
        for (int k = 0; k < 3; ++k) {
            glm::dvec3 p = mesh.positions[mesh.triangles[t][k]];
            if (!finite(p) || std::max({std::fabs(p.x), std::fabs(p.y), std::fabs(p.z)}) > 1e9) continue;
            ++good;
            somewhere = p;
        }
        keep[t] = good == 3;
        if (!keep[t]) unusable.add(somewhere);
    }
    filter(mesh, keep);
}

/// Vertices of the same grain become the first of them. Returns how many were merged away.
size_t merge(SurfaceMesh& mesh) {
    if (mesh.positions.empty()) return 0;
    glm::dvec3 low = mesh.positions[0], high = low;
    for (glm::dvec3 p : mesh.positions) low = glm::min(low, p), high = glm::max(high, p);
    double grain = std::max(kGrain * glm::length(high - low), std::numeric_limits<double>::min());
    struct Cell {
        int64_t x, y, z;
        uint32_t vertex;
    };
    std::vector<Cell> cells(mesh.vertex_count());
    for (uint32_t v = 0; v < cells.size(); ++v) {
        glm::dvec3 at = glm::floor((mesh.positions[v] - low) / grain + 0.5);
        cells[v] = {static_cast<int64_t>(at.x), static_cast<int64_t>(at.y), static_cast<int64_t>(at.z), v};
    }
    std::sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) {
        return std::tie(a.x, a.y, a.z, a.vertex) < std::tie(b.x, b.y, b.z, b.vertex);
    });
    std::vector<uint32_t> name(mesh.vertex_count());
    size_t merged = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
        bool same = i > 0 && cells[i].x == cells[i - 1].x && cells[i].y == cells[i - 1].y &&
                    cells[i].z == cells[i - 1].z;
        name[cells[i].vertex] = same ? name[cells[i - 1].vertex] : cells[i].vertex;
        merged += same;
    }
    for (glm::uvec3& t : mesh.triangles) t = {name[t.x], name[t.y], name[t.z]};
    return merged;
}

void drop_degenerate(SurfaceMesh& mesh, Spots& degenerate) {
    std::vector<bool> keep(mesh.triangle_count());
    for (uint32_t t = 0; t < keep.size(); ++t) {
        glm::uvec3 c = mesh.triangles[t];
        keep[t] = c.x != c.y && c.y != c.z && c.z != c.x;
        if (!keep[t]) degenerate.add(mesh.positions[c.x]);
    }
    filter(mesh, keep);
}

void drop_duplicates(SurfaceMesh& mesh, Spots& duplicate) {
    struct Corners {
        std::array<uint32_t, 3> sorted;
        uint32_t triangle;
    };
    std::vector<Corners> all(mesh.triangle_count());
    for (uint32_t t = 0; t < all.size(); ++t) {
        glm::uvec3 c = mesh.triangles[t];
        all[t] = {{c.x, c.y, c.z}, t};
        std::sort(all[t].sorted.begin(), all[t].sorted.end());
    }
    std::sort(all.begin(), all.end(), [](const Corners& a, const Corners& b) {
        return std::tie(a.sorted, a.triangle) < std::tie(b.sorted, b.triangle);
    });
    std::vector<bool> keep(mesh.triangle_count(), true);
    for (size_t i = 1; i < all.size(); ++i) {
        if (all[i].sorted != all[i - 1].sorted) continue;
        keep[all[i].triangle] = false;
        duplicate.add(centre(mesh, all[i].triangle));
    }
    filter(mesh, keep);
}

}  // namespace

Cleaning clean(SurfaceMesh& mesh) {
    Cleaning told;
    mesh.normals.clear();
    drop_unusable(mesh, told.unusable);
    told.loose = drop_loose(mesh);
    told.merged = merge(mesh);
    drop_degenerate(mesh, told.degenerate);
    drop_duplicates(mesh, told.duplicate);
    drop_loose(mesh);
    return told;
}

Parts find_parts(const SurfaceMesh& mesh) {
    Groups groups(mesh.triangle_count());
    each_edge(sorted_sides(mesh), [&](std::span<const Side> edge) {
        for (size_t i = 1; i < edge.size(); ++i) groups.join(edge[0].triangle, edge[i].triangle);
    });
    struct Part {
        uint32_t root;
        double area = 0;
        size_t triangles = 0;
    };
    std::vector<Part> parts;
    std::vector<uint32_t> number(mesh.triangle_count(), kNone);
    for (uint32_t t = 0; t < number.size(); ++t) {
        uint32_t root = groups.find(t);
        if (number[root] == kNone) {
            number[root] = static_cast<uint32_t>(parts.size());
            parts.push_back({root});
        }
        Part& part = parts[number[root]];
        part.area += triangle_area(mesh, t);
        ++part.triangles;
    }
    std::vector<uint32_t> order(parts.size()), rank(parts.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        return parts[a].area != parts[b].area ? parts[a].area > parts[b].area : a < b;
    });
    Parts out;
    for (uint32_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = i;
        out.area.push_back(parts[order[i]].area);
        out.triangles.push_back(parts[order[i]].triangles);
    }
    for (uint32_t t = 0; t < number.size(); ++t) out.part.push_back(rank[number[groups.find(t)]]);
    return out;
}

SurfaceMesh extract(const SurfaceMesh& mesh, const std::vector<bool>& keep) {
    SurfaceMesh part = mesh;
    part.normals.clear();
    filter(part, keep);
    drop_loose(part);
    return part;
}

// --- untangle ---

/// One pass: triangles on a crowded edge that also have a free edge go. Returns whether any went.
static bool cut_fins(SurfaceMesh& mesh, Spots& fins) {
    std::vector<uint8_t> crowded(mesh.triangle_count(), 0), free(mesh.triangle_count(), 0);
    each_edge(sorted_sides(mesh), [&](std::span<const Side> edge) {
        if (edge.size() == 1) free[edge[0].triangle] = 1;
        if (edge.size() > 2)
            for (const Side& side : edge) crowded[side.triangle] = 1;
    });
    std::vector<bool> keep(mesh.triangle_count());
    bool any = false;
    for (uint32_t t = 0; t < keep.size(); ++t) {
        keep[t] = !(crowded[t] && free[t]);
        if (keep[t]) continue;
        any = true;
        fins.add(centre(mesh, t));
    }
    if (any) filter(mesh, keep);
    return any;
}

/// Turns triangles so that neighbours agree, part by part, the smaller share of each.
static void orient(SurfaceMesh& mesh, Untangling& told) {
    std::vector<std::array<uint32_t, 3>> neighbour(mesh.triangle_count(), {kNone, kNone, kNone});
    std::vector<std::array<bool, 3>> opposed(mesh.triangle_count(), {false, false, false});
    auto slot = [&](const Side& side) {
        glm::uvec3 t = mesh.triangles[side.triangle];
        uint32_t from = side.falling ? side.high : side.low;
        return t.x == from ? 0 : t.y == from ? 1 : 2;
    };
    std::vector<std::pair<Side, Side>> edges;
    each_edge(sorted_sides(mesh), [&](std::span<const Side> edge) {
        if (edge.size() != 2) return;
        for (size_t i = 0; i < 2; ++i) {
            size_t at = static_cast<size_t>(slot(edge[i]));
            neighbour[edge[i].triangle][at] = edge[1 - i].triangle;
            opposed[edge[i].triangle][at] = edge[0].falling == edge[1].falling;
        }
        edges.push_back({edge[0], edge[1]});
    });
    std::vector<int8_t> turn(mesh.triangle_count(), -1);
    std::vector<uint32_t> part;
    for (uint32_t seed = 0; seed < turn.size(); ++seed) {
        if (turn[seed] >= 0) continue;
        part.assign(1, seed);
        turn[seed] = 0;
        size_t turned = 0;
        for (size_t i = 0; i < part.size(); ++i) {
            turned += turn[part[i]] == 1;
            for (size_t k = 0; k < 3; ++k) {
                uint32_t next = neighbour[part[i]][k];
                if (next == kNone || turn[next] >= 0) continue;
                turn[next] = static_cast<int8_t>(opposed[part[i]][k] ? 1 - turn[part[i]] : turn[part[i]]);
                part.push_back(next);
            }
        }
        if (2 * turned > part.size())
            for (uint32_t t : part) turn[t] = static_cast<int8_t>(1 - turn[t]);
    }
    for (const auto& [one, two] : edges) {
        bool agree = (one.falling != two.falling) == (turn[one.triangle] == turn[two.triangle]);
        if (!agree) told.one_sided.add(0.5 * (mesh.positions[one.low] + mesh.positions[one.high]));
    }
    for (uint32_t t = 0; t < turn.size(); ++t) {
        if (turn[t] != 1) continue;
        told.turned.add(centre(mesh, t));
        std::swap(mesh.triangles[t].y, mesh.triangles[t].z);
    }
}

/// A vertex whose triangles do not all hang together over edges becomes one vertex per fan.
static void part_fans(SurfaceMesh& mesh, Spots& split) {
    // A wedge is one corner of one triangle; wedges at both ends of a shared edge hang together.
    Groups wedges(3 * mesh.triangle_count());
    auto wedge = [&](uint32_t t, uint32_t vertex) {
        glm::uvec3 c = mesh.triangles[t];
        return 3 * t + (c.x == vertex ? 0 : c.y == vertex ? 1 : 2);
    };
    each_edge(sorted_sides(mesh), [&](std::span<const Side> edge) {
        for (size_t i = 1; i < edge.size(); ++i)
            for (uint32_t end : {edge[0].low, edge[0].high})
                wedges.join(wedge(edge[0].triangle, end), wedge(edge[i].triangle, end));
    });
    std::vector<uint32_t> first(mesh.vertex_count(), kNone), name(3 * mesh.triangle_count(), kNone);
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
        for (uint32_t k = 0; k < 3; ++k) {
            uint32_t& vertex = mesh.triangles[t][static_cast<int>(k)];
            uint32_t fan = wedges.find(3 * t + k);
            if (name[fan] == kNone) {
                if (first[vertex] == kNone) {
                    name[fan] = first[vertex] = vertex;
                } else {
                    split.add(mesh.positions[vertex]);
                    name[fan] = static_cast<uint32_t>(mesh.vertex_count());
                    mesh.positions.push_back(mesh.positions[vertex]);
                }
            }
        }
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
        for (uint32_t k = 0; k < 3; ++k)
            mesh.triangles[t][static_cast<int>(k)] = name[wedges.find(3 * t + k)];
}

Untangling untangle(SurfaceMesh& mesh) {
    constexpr int kMostPasses = 16;  // a fin deeper than this is a sheet of its own, not a fin
    Untangling told;
    mesh.normals.clear();
    for (int pass = 0; pass < kMostPasses && cut_fins(mesh, told.fins); ++pass) {
    }
    orient(mesh, told);
    part_fans(mesh, told.split);
    drop_loose(mesh);
    each_edge(sorted_sides(mesh), [&](std::span<const Side> edge) {
        if (edge.size() > 2)
            told.crowded.add(0.5 * (mesh.positions[edge[0].low] + mesh.positions[edge[0].high]));
    });
    return told;
}

void turn_over(SurfaceMesh& mesh) {
    for (glm::uvec3& t : mesh.triangles) std::swap(t.y, t.z);
    for (glm::dvec3& normal : mesh.normals) normal = -normal;
}

double facing(const SurfaceMesh& mesh, glm::dvec3 middle) {
    double volume = 0;
    for (glm::uvec3 t : mesh.triangles)
        volume += glm::dot(mesh.positions[t.x] - middle,
                           glm::cross(mesh.positions[t.y] - middle, mesh.positions[t.z] - middle));
    return volume;
}

// --- holes ---

std::vector<Hole> find_holes(const SurfaceMesh& mesh) {
    std::vector<uint32_t> before(mesh.vertex_count(), kNone);
    std::vector<uint32_t> starts;
    each_edge(sorted_sides(mesh), [&](std::span<const Side> edge) {
        if (edge.size() != 1) return;
        uint32_t from = edge[0].falling ? edge[0].high : edge[0].low, to = edge[0].low + edge[0].high - from;
        before[to] = from;
        starts.push_back(to);
    });
    std::sort(starts.begin(), starts.end());
    std::vector<Hole> holes;
    std::vector<bool> seen(mesh.vertex_count(), false);
    for (uint32_t start : starts) {
        if (seen[start]) continue;
        Hole hole;
        for (uint32_t v = start; v != kNone && !seen[v]; v = before[v]) {
            seen[v] = true;
            hole.loop.push_back(v);
            hole.centre += mesh.positions[v];
        }
        hole.edges = hole.loop.size();
        hole.centre /= static_cast<double>(hole.edges);
        for (size_t i = 0; i < hole.edges; ++i)
            hole.length +=
                glm::length(mesh.positions[hole.loop[i]] - mesh.positions[hole.loop[(i + 1) % hole.edges]]);
        holes.push_back(std::move(hole));
    }
    std::stable_sort(holes.begin(), holes.end(),
                     [](const Hole& a, const Hole& b) { return a.length > b.length; });
    return holes;
}

/// Edges that exist among a loop's vertices beside the loop's own: chords that a filling must not repeat.
static std::vector<bool> taken_chords(const SurfaceMesh& mesh, const std::vector<uint32_t>& loop) {
    size_t n = loop.size();
    std::vector<uint32_t> place(mesh.vertex_count(), kNone);
    for (uint32_t i = 0; i < n; ++i) place[loop[i]] = i;
    std::vector<bool> taken(n * n, false);
    for (glm::uvec3 t : mesh.triangles)
        for (int k = 0; k < 3; ++k) {
            uint32_t a = place[t[k]], b = place[t[(k + 1) % 3]];
            if (a == kNone || b == kNone) continue;
            taken[a * n + b] = taken[b * n + a] = true;
        }
    return taken;
}

static void fill_by_fan(SurfaceMesh& mesh, const Hole& hole) {
    uint32_t middle = static_cast<uint32_t>(mesh.vertex_count());
    mesh.positions.push_back(hole.centre);
    for (size_t i = 0; i < hole.edges; ++i)
        mesh.triangles.emplace_back(hole.loop[i], hole.loop[(i + 1) % hole.edges], middle);
}

void fill(SurfaceMesh& mesh, const Hole& hole) {
    size_t n = hole.edges;
    mesh.normals.clear();
    if (n < 3) return;
    if (n > kLongestPlannedLoop) return fill_by_fan(mesh, hole);
    std::vector<bool> taken = taken_chords(mesh, hole.loop);
    auto at = [&](size_t i) { return mesh.positions[hole.loop[i]]; };
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    // cost[i][k]: least area over the polygon i, i+1, …, k; cut[i][k]: the corner of its triangle on the side
    // ik.
    std::vector<double> cost(n * n, 0.0);
    std::vector<uint32_t> cut(n * n, kNone);
    for (size_t span = 2; span < n; ++span)
        for (size_t i = 0; i + span < n; ++i) {
            size_t k = i + span;
            bool rim = i == 0 && k == n - 1;
            cost[i * n + k] = kInfinity;
            if (!rim && taken[i * n + k]) continue;
            for (size_t m = i + 1; m < k; ++m) {
                double sum = cost[i * n + m] + cost[m * n + k];
                if (!(sum < cost[i * n + k])) continue;
                sum += glm::length(glm::cross(at(m) - at(i), at(k) - at(i)));
                if (!(sum < cost[i * n + k])) continue;
                cost[i * n + k] = sum;
                cut[i * n + k] = static_cast<uint32_t>(m);
            }
        }
    if (cut[n - 1] == kNone) return fill_by_fan(mesh, hole);
    std::vector<std::pair<size_t, size_t>> todo = {{0, n - 1}};
    while (!todo.empty()) {
        auto [i, k] = todo.back();
        todo.pop_back();
        if (k - i < 2) continue;
        size_t m = cut[i * n + k];
        mesh.triangles.emplace_back(hole.loop[i], hole.loop[m], hole.loop[k]);
        todo.push_back({i, m});
        todo.push_back({m, k});
    }
}

// --- slivers ---

namespace {

/// Triangles round each vertex, for local changes; a change marks its surroundings, which wait for the next
/// pass.
class SliverPass {
  public:
    SliverPass(SurfaceMesh& mesh, double height) : mesh_(mesh), height_(height), round_(mesh.vertex_count()) {
        for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
            for (int k = 0; k < 3; ++k) round_[mesh.triangles[t][k]].push_back(t);
        touched_.assign(mesh.vertex_count(), false);
    }

    size_t run() {
        size_t removed = 0;
        for (uint32_t t = 0; t < mesh_.triangle_count(); ++t) removed += improve(t);
        return removed;
    }

  private:
    bool improve(uint32_t t) {
        glm::uvec3 c = mesh_.triangles[t];
        if (c.x == c.y || touched_[c.x] || touched_[c.y] || touched_[c.z]) return false;
        std::array<double, 3> length{};
        for (int k = 0; k < 3; ++k)
            length[static_cast<size_t>(k)] =
                glm::length(mesh_.positions[c[(k + 1) % 3]] - mesh_.positions[c[k]]);
        int longest = static_cast<int>(std::max_element(length.begin(), length.end()) - length.begin());
        int shortest = static_cast<int>(std::min_element(length.begin(), length.end()) - length.begin());
        if (2 * triangle_area(mesh_, t) > height_ * length[static_cast<size_t>(longest)]) return false;
        if (length[static_cast<size_t>(shortest)] < 4 * height_)
            return collapse(std::min(c[shortest], c[(shortest + 1) % 3]),
                            std::max(c[shortest], c[(shortest + 1) % 3]));
        return flip(t, c[longest], c[(longest + 1) % 3], c[(longest + 2) % 3]);
    }

    std::vector<uint32_t> ring(uint32_t v) const {
        std::vector<uint32_t> ring;
        for (uint32_t t : round_[v])
            for (int k = 0; k < 3; ++k)
                if (mesh_.triangles[t][k] != v) ring.push_back(mesh_.triangles[t][k]);
        std::sort(ring.begin(), ring.end());
        ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
        return ring;
    }

    std::vector<uint32_t> on_edge(uint32_t a, uint32_t b) const {
        std::vector<uint32_t> both;
        for (uint32_t t : round_[a])
            for (int k = 0; k < 3; ++k)
                if (mesh_.triangles[t][k] == b) both.push_back(t);
        return both;
    }

    bool collapse(uint32_t keep, uint32_t drop) {
        // The link condition (Dey et al. 1999): only the corners beyond the edge may know both its ends.
        std::vector<uint32_t> here = ring(keep), there = ring(drop), common;
        std::set_intersection(here.begin(), here.end(), there.begin(), there.end(),
                              std::back_inserter(common));
        if (common.size() != on_edge(keep, drop).size()) return false;
        for (const auto& vertices : {here, there})
            for (uint32_t v : vertices) touched_[v] = true;
        for (uint32_t t : round_[drop])
            for (int k = 0; k < 3; ++k)
                if (mesh_.triangles[t][k] == drop) mesh_.triangles[t][k] = keep;
        return true;
    }

    /// Triangle (a, b, apex) has no height over ab: the other diagonal with the triangle beyond ab has.
    bool flip(uint32_t t, uint32_t a, uint32_t b, uint32_t apex) {
        std::vector<uint32_t> both = on_edge(a, b);
        if (both.size() != 2) return false;
        uint32_t other = both[0] + both[1] - t;
        glm::uvec3 o = mesh_.triangles[other];
        uint32_t far = o.x != a && o.x != b ? o.x : o.y != a && o.y != b ? o.y : o.z;
        if (touched_[far] || far == apex || !on_edge(far, apex).empty()) return false;
        mesh_.triangles[t] = {apex, a, far};
        mesh_.triangles[other] = {apex, far, b};
        for (uint32_t v : {a, b, apex, far}) touched_[v] = true;
        return true;
    }

    SurfaceMesh& mesh_;
    double height_;
    std::vector<std::vector<uint32_t>> round_;
    std::vector<bool> touched_;
};

}  // namespace

size_t remove_slivers(SurfaceMesh& mesh, double height) {
    constexpr int kPasses = 12;
    size_t removed = 0;
    for (int pass = 0; pass < kPasses; ++pass) {
        size_t now = SliverPass(mesh, height).run();
        Spots gone;
        drop_degenerate(mesh, gone);
        drop_loose(mesh);
        removed += now;
        if (now == 0) break;
    }
    mesh.normals.clear();
    return removed;
}

}  // namespace mesh
