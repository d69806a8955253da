#include "engine/face/cell_seeds.h"

#include "engine/base/parallel.h"
#include "engine/base/result.h"
#include "engine/base/units.h"
#include "engine/mesh/voxel_grid.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace face {

namespace {

// Random sequential discs of diameter d jam at 0.547 of the plane, 0.696 / d² per area; with d = 0.793 mm and
// candidates 0.2 mm apart the mean cell measures 1.00 mm² on the flat pad.
constexpr double kSeedSpacing = 0.793e-3;  // m
constexpr int64_t kStratum = 200;          // µm: one line along each axis per square of this side
constexpr double kSteepest =
    0.5;  // lines that graze the skin place their points badly; 1/sqrt(3) always remains
constexpr double kSteepestFacet = 0.3;  // of the smooth skin over a steeper triangle none is less steep than that
constexpr double kMostRise = 0.2e-3;    // m of the smooth skin off its triangle; more is a crease
constexpr uint64_t kBundle =
    0x45564e48414e4453;  // fixes the lines; a new value is a new division of every face

struct Candidate {
    uint64_t priority;
    glm::ivec3 position_um;
    mesh::SurfacePoint point;
    glm::dvec3 normal;
};

/// Finaliser of splitmix64 (Steele, Lea & Flood 2014).
uint64_t mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/// The line of one stratum: where it crosses the plane across `axis`, and its rank among all.
struct Line {
    int64_t u, v;
    uint64_t priority;
};

Line line_of(int axis, int64_t i, int64_t j) {
    uint64_t place =
        static_cast<uint64_t>(i + (1 << 20)) << 24 | static_cast<uint64_t>(j + (1 << 20)) << 2 | axis;
    uint64_t random = mix(kBundle ^ mix(place));
    return {i * kStratum + static_cast<int64_t>((random & 0xffffffff) % kStratum),
            j * kStratum + static_cast<int64_t>((random >> 32) % kStratum), mix(random)};
}

int64_t floor_div(int64_t a, int64_t b) {
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

/// Twice the signed area of (a, b, p) in µm², exact.
struct Edge {
    int64_t du, dv, offset;
    bool owns_border;  // of the two triangles along an edge, the one that takes points exactly on it

    Edge(glm::i64vec2 a, glm::i64vec2 b)
        : du(b.x - a.x),
          dv(b.y - a.y),
          offset(a.x * dv - a.y * du),
          owns_border(dv > 0 || (dv == 0 && du < 0)) {}
    int64_t at(int64_t u, int64_t v) const { return du * v - dv * u + offset; }
    static bool inside(int64_t value, bool owns) { return value > 0 || (value == 0 && owns); }
};

/// m along `axis` from the triangle to the smooth skin; nothing where that is too steep for lines along it.
std::optional<double> rise_along(const mesh::SurfaceMesh& mesh, const mesh::SurfacePoint& point, glm::dvec3 normal,
                                 int axis) {
    if (std::fabs(normal[axis]) < kSteepest) return std::nullopt;
    return std::clamp(glm::dot(mesh::curved_offset(mesh, point), normal), -kMostRise, kMostRise) / normal[axis];
}

/// Candidates where lines along `axis` meet the skin over one triangle.
void cross_triangle(const mesh::SurfaceMesh& mesh, std::span<const glm::ivec3> um, uint32_t triangle, int axis,
                    std::vector<Candidate>& found) {
    glm::uvec3 corner = mesh.triangles[triangle];
    int u_axis = (axis + 1) % 3, v_axis = (axis + 2) % 3;
    std::array<uint32_t, 3> vertex{corner.x, corner.y, corner.z};
    std::array<int, 3> slot{0, 1, 2};
    std::array<glm::i64vec2, 3> p;
    for (int k = 0; k < 3; ++k) p[k] = {um[vertex[k]][u_axis], um[vertex[k]][v_axis]};
    if (Edge(p[0], p[1]).at(p[2].x, p[2].y) < 0) {
        std::swap(p[1], p[2]);
        std::swap(slot[1], slot[2]);
    }
    Edge opposite[3] = {{p[1], p[2]}, {p[2], p[0]}, {p[0], p[1]}};
    int64_t twice_area = opposite[2].at(p[2].x, p[2].y);
    if (twice_area == 0) return;

    glm::i64vec2 low = glm::min(p[0], glm::min(p[1], p[2])), high = glm::max(p[0], glm::max(p[1], p[2]));
    for (int64_t j = floor_div(low.y, kStratum); j <= floor_div(high.y, kStratum); ++j)
        for (int64_t i = floor_div(low.x, kStratum); i <= floor_div(high.x, kStratum); ++i) {
            Line line = line_of(axis, i, j);
            glm::dvec3 weights(0);
            bool inside = true;
            for (int k = 0; k < 3 && inside; ++k) {
                int64_t value = opposite[k].at(line.u, line.v);
                inside = Edge::inside(value, opposite[k].owns_border);
                weights[slot[k]] = static_cast<double>(value) / static_cast<double>(twice_area);
            }
            if (!inside) continue;
            double depth = 0;
            for (int k = 0; k < 3; ++k) depth += weights[k] * um[vertex[k]][axis];
            Candidate candidate{line.priority, {}, {triangle, weights}, mesh::normal_at(mesh, {triangle, weights})};
            std::optional<double> rise = rise_along(mesh, candidate.point, candidate.normal, axis);
            if (!rise) continue;
            depth += 1e6 * *rise;
            candidate.position_um[u_axis] = static_cast<int>(line.u);
            candidate.position_um[v_axis] = static_cast<int>(line.v);
            candidate.position_um[axis] = static_cast<int>(base::round_to_integer(depth));
            found.push_back(candidate);
        }
}

std::vector<glm::ivec3> whole_micrometres(const mesh::SurfaceMesh& mesh) {
    std::vector<glm::ivec3> um;
    um.reserve(mesh.vertex_count());
    for (glm::dvec3 p : mesh.positions) {
        for (int axis = 0; axis < 3; ++axis) CHECK(std::fabs(p[axis]) < 2, p[axis]);
        um.emplace_back(base::round_to_integer(1e6 * p.x), base::round_to_integer(1e6 * p.y),
                        base::round_to_integer(1e6 * p.z));
    }
    return um;
}

}  // namespace

std::vector<CellSeed> choose_cell_seeds(const mesh::SurfaceMesh& mesh, std::span<const uint8_t> wanted) {
    std::vector<glm::ivec3> um = whole_micrometres(mesh);
    const auto cross = [&](size_t index, std::vector<Candidate>& found) {
        const auto t = static_cast<uint32_t>(index);
        if (wanted[t] == 0) return;
        glm::uvec3 corner = mesh.triangles[t];
        glm::dvec3 a = mesh.positions[corner.x];
        glm::dvec3 normal = glm::cross(mesh.positions[corner.y] - a, mesh.positions[corner.z] - a);
        double length = glm::length(normal);
        if (!(length > 0)) return;
        for (int axis = 0; axis < 3; ++axis)
            if (std::fabs(normal[axis]) >= kSteepestFacet * length) cross_triangle(mesh, um, t, axis, found);
    };
    auto candidates = base::parallel_list<Candidate>(mesh.triangle_count(), 512, cross);
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        if (a.priority != b.priority) return a.priority < b.priority;
        glm::ivec3 p = a.position_um, q = b.position_um;
        return p.x != q.x ? p.x < q.x : p.y != q.y ? p.y < q.y : p.z < q.z;
    });

    // Each candidate that still stands, in order of rank, becomes a seed and strikes out those around it.
    std::vector<glm::dvec3> place;
    place.reserve(candidates.size());
    for (const Candidate& candidate : candidates) place.push_back(1e-6 * glm::dvec3(candidate.position_um));
    mesh::VoxelGrid grid(place, 1e-3);
    std::vector<uint8_t> struck(candidates.size(), 0);
    std::vector<CellSeed> seeds;
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (struck[i]) continue;
        glm::dvec3 normal = candidates[i].normal;
        seeds.push_back({candidates[i].position_um, candidates[i].point, normal});
        double reach2 = kSeedSpacing * kSeedSpacing;
        grid.near(place[i], reach2, [&](uint32_t other, double) {
            if (!struck[other] && glm::dot(candidates[other].normal, normal) >= 0)
                struck[other] = 1;
        });
    }
    return seeds;
}

}  // namespace face
