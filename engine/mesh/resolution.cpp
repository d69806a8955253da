#include "engine/mesh/resolution.h"

#include "engine/base/result.h"

#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <queue>
#include <tuple>

namespace mesh {

namespace {

struct EdgeUse {
    uint32_t low, high, triangle, side;
};

std::vector<EdgeUse> edge_uses(const SurfaceMesh& mesh) {
    std::vector<EdgeUse> uses;
    uses.reserve(3 * mesh.triangle_count());
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
        for (uint32_t k = 0; k < 3; ++k) {
            uint32_t a = mesh.triangles[t][static_cast<int>(k)],
                     b = mesh.triangles[t][static_cast<int>((k + 1) % 3)];
            uses.push_back({std::min(a, b), std::max(a, b), t, k});
        }
    std::sort(uses.begin(), uses.end(), [](const EdgeUse& a, const EdgeUse& b) {
        return std::tie(a.low, a.high, a.triangle) < std::tie(b.low, b.high, b.triangle);
    });
    return uses;
}

bool same_edge(const EdgeUse& a, const EdgeUse& b) {
    return a.low == b.low && a.high == b.high;
}

}  // namespace

SurfaceMesh refined(const SurfaceMesh& mesh) {
    CHECK(mesh.normals.size() == mesh.vertex_count());
    SurfaceMesh fine;
    fine.positions = mesh.positions;
    std::vector<EdgeUse> uses = edge_uses(mesh);
    std::vector<std::array<uint32_t, 3>> middle(mesh.triangle_count());
    for (size_t i = 0; i < uses.size();) {
        size_t end = i + 1;
        while (end < uses.size() && same_edge(uses[end], uses[i])) ++end;
        glm::dvec3 a = mesh.positions[uses[i].low], b = mesh.positions[uses[i].high], along = b - a;
        glm::dvec3 na = mesh.normals[uses[i].low], nb = mesh.normals[uses[i].high];
        // Hermite's midpoint (a + b)/2 + (ta - tb)/8 with the edge laid on both tangent planes.
        glm::dvec3 bulge = (nb * glm::dot(along, nb) - na * glm::dot(along, na)) / 8.0;
        uint32_t vertex = static_cast<uint32_t>(fine.positions.size());
        fine.positions.push_back(0.5 * (a + b) + (end - i > 1 ? bulge : glm::dvec3(0)));
        for (; i < end; ++i) middle[uses[i].triangle][uses[i].side] = vertex;
    }
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) {
        glm::uvec3 c = mesh.triangles[t];
        auto [xy, yz, zx] = middle[t];
        fine.triangles.emplace_back(c.x, xy, zx);
        fine.triangles.emplace_back(c.y, yz, xy);
        fine.triangles.emplace_back(c.z, zx, yz);
        fine.triangles.emplace_back(xy, yz, zx);
    }
    compute_normals(fine);
    return fine;
}

namespace {

/// Squared distance to a weighted set of planes: p·A p + 2 b·p + c.
struct Quadric {
    double xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0, c = 0;
    glm::dvec3 b{0};

    void add_plane(glm::dvec3 n, double d, double weight) {
        xx += weight * n.x * n.x, xy += weight * n.x * n.y, xz += weight * n.x * n.z;
        yy += weight * n.y * n.y, yz += weight * n.y * n.z, zz += weight * n.z * n.z;
        b += weight * d * n;
        c += weight * d * d;
    }
    void add(const Quadric& q) {
        xx += q.xx, xy += q.xy, xz += q.xz, yy += q.yy, yz += q.yz, zz += q.zz, b += q.b, c += q.c;
    }
    glm::dvec3 times(glm::dvec3 p) const {
        return {xx * p.x + xy * p.y + xz * p.z, xy * p.x + yy * p.y + yz * p.z,
                xz * p.x + yz * p.y + zz * p.z};
    }
    double at(glm::dvec3 p) const { return std::max(0.0, glm::dot(p, times(p)) + 2 * glm::dot(b, p) + c); }
};

struct Candidate {
    double cost;
    uint32_t low, high;
    uint32_t stamp;  ///< of both ends' changes together; stale when they moved on

    bool operator<(const Candidate& o) const {  // the priority queue's top is the cheapest, then the lowest
        return std::tie(cost, low, high) > std::tie(o.cost, o.low, o.high);
    }
};

class Decimation {
  public:
    explicit Decimation(const SurfaceMesh& mesh)
        : places_(mesh.positions),
          triangles_(mesh.triangles),
          quadrics_(places_.size()),
          round_(places_.size()),
          changes_(places_.size(), 0),
          alive_(triangles_.size(), true),
          left_(places_.size()) {
        for (uint32_t t = 0; t < triangles_.size(); ++t)
            for (int k = 0; k < 3; ++k) round_[triangles_[t][k]].push_back(t);
        for (uint32_t t = 0; t < triangles_.size(); ++t) weigh(t);
        std::vector<EdgeUse> uses = edge_uses(mesh);
        for (size_t i = 0; i < uses.size(); ++i) {
            bool first = i == 0 || !same_edge(uses[i], uses[i - 1]);
            bool last = i + 1 == uses.size() || !same_edge(uses[i], uses[i + 1]);
            if (first && last) hold_border(uses[i]);
        }
        for (size_t i = 0; i < uses.size(); ++i)
            if (i == 0 || !same_edge(uses[i], uses[i - 1])) queue(uses[i].low, uses[i].high);
    }

    void run(size_t vertices) {
        while (left_ > vertices && !queue_.empty()) {
            Candidate next = queue_.top();
            queue_.pop();
            bool stale = round_[next.low].empty() || round_[next.high].empty() ||
                         next.stamp != changes_[next.low] + changes_[next.high];
            if (!stale) collapse(next.low, next.high);
        }
    }

    SurfaceMesh take() const {
        SurfaceMesh out;
        std::vector<uint32_t> name(places_.size(), 0xffffffffu);
        for (uint32_t t = 0; t < triangles_.size(); ++t) {
            if (!alive_[t]) continue;
            glm::uvec3 c = triangles_[t];
            for (int k = 0; k < 3; ++k) {
                if (name[c[k]] == 0xffffffffu) {
                    name[c[k]] = static_cast<uint32_t>(out.positions.size());
                    out.positions.push_back(places_[c[k]]);
                }
                c[k] = name[c[k]];
            }
            out.triangles.push_back(c);
        }
        return out;
    }

  private:
    glm::dvec3 across(glm::uvec3 t) const {
        return glm::cross(places_[t.y] - places_[t.x], places_[t.z] - places_[t.x]);
    }

    void weigh(uint32_t t) {
        glm::dvec3 n = across(triangles_[t]);
        double twice_area = glm::length(n);
        if (!(twice_area > 0)) return;
        n /= twice_area;
        for (int k = 0; k < 3; ++k)
            quadrics_[triangles_[t][k]].add_plane(n, -glm::dot(n, places_[triangles_[t][k]]), twice_area / 6);
    }

    /// A plane through the border edge, upright on its triangle, keeps the border where it is.
    void hold_border(const EdgeUse& use) {
        constexpr double kFirmness = 10;
        glm::dvec3 along = places_[use.high] - places_[use.low];
        glm::dvec3 n = glm::cross(along, across(triangles_[use.triangle]));
        double length = glm::length(n);
        if (!(length > 0)) return;
        n /= length;
        for (uint32_t v : {use.low, use.high})
            quadrics_[v].add_plane(n, -glm::dot(n, places_[use.low]), kFirmness * glm::dot(along, along));
    }

    /// The best of both ends, the middle, and the place of least error where that is well determined.
    std::pair<glm::dvec3, double> target(uint32_t a, uint32_t b) const {
        Quadric q = quadrics_[a];
        q.add(quadrics_[b]);
        glm::dvec3 middle = 0.5 * (places_[a] + places_[b]);
        glm::dmat3 m(q.xx, q.xy, q.xz, q.xy, q.yy, q.yz, q.xz, q.yz, q.zz);
        double trace = q.xx + q.yy + q.zz;
        std::pair<glm::dvec3, double> best{middle, q.at(middle)};
        auto try_place = [&](glm::dvec3 p) {
            double error = q.at(p);
            if (error < best.second) best = {p, error};
        };
        try_place(places_[a]);
        try_place(places_[b]);
        if (glm::determinant(m) > 1e-4 * trace * trace * trace) {
            glm::dvec3 p = -(glm::inverse(m) * q.b);
            if (glm::length(p - middle) < glm::length(places_[a] - places_[b])) try_place(p);
        }
        return best;
    }

    void queue(uint32_t a, uint32_t b) {
        queue_.push({target(a, b).second, std::min(a, b), std::max(a, b), changes_[a] + changes_[b]});
    }

    std::vector<uint32_t> ring(uint32_t v) const {
        std::vector<uint32_t> ring;
        for (uint32_t t : round_[v])
            for (int k = 0; k < 3; ++k)
                if (triangles_[t][k] != v) ring.push_back(triangles_[t][k]);
        std::sort(ring.begin(), ring.end());
        ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
        return ring;
    }

    bool stays_sound(uint32_t a, uint32_t b, glm::dvec3 to) const {
        std::vector<uint32_t> of_a = ring(a), of_b = ring(b), common;
        std::set_intersection(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), std::back_inserter(common));
        size_t shared = 0;
        for (uint32_t t : round_[a]) shared += has(t, b);
        // The link condition; and a border may not close upon itself.
        if (common.size() != shared || of_a.size() + of_b.size() - common.size() < 5) return false;
        for (uint32_t v : {a, b})
            for (uint32_t t : round_[v]) {
                if (has(t, a) && has(t, b)) continue;
                glm::dvec3 before = across(triangles_[t]), corners[3];
                for (int k = 0; k < 3; ++k)
                    corners[k] = triangles_[t][k] == v ? to : places_[triangles_[t][k]];
                glm::dvec3 after = glm::cross(corners[1] - corners[0], corners[2] - corners[0]);
                if (!(glm::dot(before, after) > 0.2 * glm::length(before) * glm::length(after))) return false;
            }
        return true;
    }

    bool has(uint32_t t, uint32_t v) const {
        return triangles_[t].x == v || triangles_[t].y == v || triangles_[t].z == v;
    }

    void collapse(uint32_t keep, uint32_t drop) {
        glm::dvec3 to = target(keep, drop).first;
        if (!stays_sound(keep, drop, to)) return;
        places_[keep] = to;
        quadrics_[keep].add(quadrics_[drop]);
        for (uint32_t t : round_[drop]) {
            if (has(t, keep)) {
                alive_[t] = false;
                continue;
            }
            for (int k = 0; k < 3; ++k)
                if (triangles_[t][k] == drop) triangles_[t][k] = keep;
            round_[keep].push_back(t);
        }
        round_[drop].clear();
        std::vector<uint32_t> around = ring(keep);
        around.push_back(keep);
        for (uint32_t v : around) std::erase_if(round_[v], [&](uint32_t t) { return !alive_[t]; });
        around = ring(keep);
        ++changes_[keep];
        for (uint32_t v : around) queue(keep, v);
        --left_;
    }

    std::vector<glm::dvec3> places_;
    std::vector<glm::uvec3> triangles_;
    std::vector<Quadric> quadrics_;
    std::vector<std::vector<uint32_t>> round_;
    std::vector<uint32_t> changes_;
    std::vector<bool> alive_;
    size_t left_;
    std::priority_queue<Candidate> queue_;
};

}  // namespace

SurfaceMesh decimated(const SurfaceMesh& mesh, size_t vertices) {
    Decimation decimation(mesh);
    decimation.run(vertices);
    return decimation.take();
}

}  // namespace mesh
