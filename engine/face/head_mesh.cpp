#include "engine/face/head_mesh.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

namespace face {
namespace {

using base::det::smoothstep;

constexpr uint32_t kNone = 0xffffffffu;
constexpr int kColumns = 24, kRows = 12;  // of the coarse lattice that is refined

// Edge i of a triangle runs from v[i] to v[i + 1]; n[i] is the triangle beyond it.
struct Tri {
    uint32_t v[3];
    uint32_t n[3];

    uint32_t corner(uint32_t i) const { return v[i % 3]; }
    uint32_t edge_to(uint32_t triangle) const { return n[0] == triangle ? 0 : n[1] == triangle ? 1 : 2; }
};

// A triangle waiting to be made smaller; stale when its corners have changed since.
struct Waiting {
    double ratio;  // longest edge over the spacing wanted
    uint32_t triangle;
    uint32_t v[3];

    bool operator<(const Waiting& o) const {
        return ratio != o.ratio ? ratio < o.ratio : triangle > o.triangle;
    }
};

// Relative edge length wanted away from fine features: dense on the face, coarse where nobody treats.
double regional_spacing(glm::dvec3 p, double azimuth) {
    double a = std::fabs(azimuth);
    return 1.9 + 8 * smoothstep(180, 205, p.y) + 6 * smoothstep(98, 128, a) +
           6 * smoothstep(68, 90, a) * smoothstep(122, 145, p.y) + 0.6 * smoothstep(8, -8, p.y) +
           1.6 * smoothstep(-25, -45, p.y);
}

class Sampler {
  public:
    explicit Sampler(const HeadShape& shape) : shape_(shape) {}

    void start() {
        add(0, kHighestElevation);
        for (int row = 1; row <= kRows; ++row)
            for (int column = 0; column < kColumns; ++column)
                add(-180 + 360.0 * column / kColumns,
                    kHighestElevation + (kLowestElevation - kHighestElevation) * row / kRows);
        for (int column = 0; column < kColumns; ++column) {
            link(0, lattice(1, column), lattice(1, column + 1));
            for (int row = 1; row < kRows; ++row) quad(row, column);
        }
        join();
    }

    // Longest-edge bisection along propagation paths (Rivara 1997): angles stay bounded however fast spacing
    // changes.
    void refine(size_t vertices, const std::function<void(double)>& told) {
        for (uint32_t t = 0; t < tris_.size(); ++t) queue(t);
        while (mesh_.points.size() < vertices) {
            Waiting w = queue_.top();
            queue_.pop();
            if (!std::equal(w.v, w.v + 3, tris_[w.triangle].v)) continue;
            auto [t, e] = terminal_edge(w.triangle);
            split(t, e);
            if (std::equal(w.v, w.v + 3, tris_[w.triangle].v)) queue_.push(w);
            if (told && mesh_.points.size() % 2048 == 0)
                told(static_cast<double>(mesh_.points.size()) / static_cast<double>(vertices));
        }
    }

    void flip_to_delaunay() {
        constexpr int kPasses = 12;  // each pass flips far fewer than the one before
        for (int pass = 0; pass < kPasses; ++pass) {
            size_t flipped = 0;
            for (uint32_t t = 0; t < tris_.size(); ++t)
                for (uint32_t e = 0; e < 3; ++e)
                    if (tris_[t].n[e] != kNone && tris_[t].n[e] > t && should_flip(t, e)) {
                        flip(t, e);
                        ++flipped;
                    }
            if (!flipped) break;
        }
    }

    HeadMesh take() {
        for (const Tri& t : tris_) mesh_.triangles.push_back({t.v[0], t.v[1], t.v[2]});
        return std::move(mesh_);
    }

  private:
    static uint32_t lattice(int row, int column) {
        return static_cast<uint32_t>(1 + (row - 1) * kColumns + column % kColumns);
    }

    uint32_t add(double azimuth, double elevation) {
        HeadPoint point = shape_.at(azimuth, elevation);
        point.spacing = std::min(point.spacing, regional_spacing(point.base, azimuth));
        mesh_.points.push_back(point);
        mesh_.angles.push_back({azimuth, elevation});
        return static_cast<uint32_t>(mesh_.points.size() - 1);
    }

    void link(uint32_t a, uint32_t b, uint32_t c) { tris_.push_back({{a, b, c}, {kNone, kNone, kNone}}); }

    // Diagonals lean the other way on the other side, so that the mesh starts mirror-symmetric.
    void quad(int row, int column) {
        uint32_t a = lattice(row, column), b = lattice(row, column + 1);
        uint32_t c = lattice(row + 1, column), d = lattice(row + 1, column + 1);
        bool left = column >= kColumns / 2;
        link(a, c, left ? b : d);
        left ? link(b, c, d) : link(a, d, b);
    }

    // Fills in the neighbours by sorting all edges.
    void join() {
        struct Edge {
            uint32_t low, high, triangle, edge;
        };
        std::vector<Edge> edges;
        for (uint32_t t = 0; t < tris_.size(); ++t)
            for (uint32_t e = 0; e < 3; ++e) {
                auto [low, high] = std::minmax({tris_[t].v[e], tris_[t].corner(e + 1)});
                edges.push_back({low, high, t, e});
            }
        std::ranges::sort(edges, [](const Edge& a, const Edge& b) {
            return std::tie(a.low, a.high, a.triangle) < std::tie(b.low, b.high, b.triangle);
        });
        for (size_t i = 0; i + 1 < edges.size(); ++i) {
            if (edges[i].low != edges[i + 1].low || edges[i].high != edges[i + 1].high) continue;
            tris_[edges[i].triangle].n[edges[i].edge] = edges[i + 1].triangle;
            tris_[edges[i + 1].triangle].n[edges[i + 1].edge] = edges[i].triangle;
        }
    }

    struct Length {
        double value;
        uint32_t low, high;

        bool operator<(const Length& o) const {
            return std::tie(value, low, high) < std::tie(o.value, o.low, o.high);
        }
        bool operator==(const Length& o) const { return low == o.low && high == o.high; }
    };

    // Lengths on the solids decide how a triangle is cut: there no feature folds the surface, so ends that
    // lie close are close all the way between.
    Length length_of(uint32_t t, uint32_t e) const {
        auto [low, high] = std::minmax({tris_[t].v[e], tris_[t].corner(e + 1)});
        return {glm::length(mesh_.points[high].base - mesh_.points[low].base), low, high};
    }

    uint32_t longest_edge(uint32_t t) const {
        uint32_t best = 0;
        for (uint32_t e = 1; e < 3; ++e)
            if (length_of(t, best) < length_of(t, e)) best = e;
        return best;
    }

    // Steps to the neighbour over the longest edge until that edge is the longest of both sides.
    std::pair<uint32_t, uint32_t> terminal_edge(uint32_t t) const {
        for (;;) {
            uint32_t e = longest_edge(t), next = tris_[t].n[e];
            if (next == kNone || length_of(next, longest_edge(next)) == length_of(t, e)) return {t, e};
            t = next;
        }
    }

    void queue(uint32_t t) {
        const Tri& tri = tris_[t];
        double wanted = 1e9, longest = 0;
        for (uint32_t e = 0; e < 3; ++e) {
            wanted = std::min(wanted, mesh_.points[tri.v[e]].spacing);
            double skin = glm::length(place(tri.v[e]) - place(tri.corner(e + 1)));
            longest = std::max(longest, (skin + length_of(t, e).value) / 2);
        }
        queue_.push({longest / wanted, t, {tri.v[0], tri.v[1], tri.v[2]}});
    }

    uint32_t midpoint(uint32_t a, uint32_t b) {
        glm::dvec2 from = mesh_.angles[a], to = mesh_.angles[b];
        if (from.y == kHighestElevation) from.x = to.x;  // the vertex has every azimuth
        if (to.y == kHighestElevation) to.x = from.x;
        double turn = to.x - from.x;
        turn -= turn > 180 ? 360 : turn < -180 ? -360 : 0;
        double azimuth = from.x + turn / 2;
        azimuth -= azimuth >= 180 ? 360 : azimuth < -180 ? -360 : 0;
        return add(azimuth, (from.y + to.y) / 2);
    }

    void relink(uint32_t triangle, uint32_t before, uint32_t after) {
        if (triangle != kNone) tris_[triangle].n[tris_[triangle].edge_to(before)] = after;
    }

    // One half of a split: triangle t = (a, b, c) about its edge ab becomes (a, m, c), and (m, b, c) is new.
    uint32_t halve(uint32_t t, uint32_t e, uint32_t m) {
        Tri old = tris_[t];
        uint32_t a = old.v[e], b = old.corner(e + 1), c = old.corner(e + 2);
        uint32_t beyond_bc = old.n[(e + 1) % 3], beyond_ca = old.n[(e + 2) % 3];
        uint32_t born = static_cast<uint32_t>(tris_.size());
        tris_[t] = {{a, m, c}, {kNone, born, beyond_ca}};
        tris_.push_back({{m, b, c}, {kNone, beyond_bc, t}});
        relink(beyond_bc, t, born);
        return born;
    }

    void split(uint32_t t, uint32_t e) {
        uint32_t other = tris_[t].n[e];
        uint32_t m = midpoint(std::min(tris_[t].v[e], tris_[t].corner(e + 1)),
                              std::max(tris_[t].v[e], tris_[t].corner(e + 1)));
        if (other == kNone) {
            uint32_t born = halve(t, e, m);
            queue(t);
            queue(born);
            return;
        }
        uint32_t other_edge = tris_[other].edge_to(t);
        uint32_t born = halve(t, e, m), other_born = halve(other, other_edge, m);
        tris_[t].n[0] = other_born;
        tris_[other_born].n[0] = t;
        tris_[born].n[0] = other;
        tris_[other].n[0] = born;
        for (uint32_t changed : {t, born, other, other_born}) queue(changed);
    }

    glm::dvec3 place(uint32_t v) const { return mesh_.points[v].place; }
    glm::dvec3 area_normal(uint32_t a, uint32_t b, uint32_t c) const {
        return glm::cross(place(b) - place(a), place(c) - place(a));
    }

    bool neighbours(uint32_t t, uint32_t a, uint32_t b) const {
        // Walks the fan round a, starting in triangle t that holds it.
        uint32_t first = t;
        do {
            const Tri& tri = tris_[t];
            uint32_t i = tri.v[0] == a ? 0 : tri.v[1] == a ? 1 : 2;
            if (tri.corner(i + 1) == b || tri.corner(i + 2) == b) return true;
            t = tri.n[i];
        } while (t != first && t != kNone);
        return t == kNone;  // at the border: leave it alone
    }

    bool should_flip(uint32_t t, uint32_t e) const {
        uint32_t u = tris_[t].n[e], f = tris_[u].edge_to(t);
        uint32_t a = tris_[t].v[e], b = tris_[t].corner(e + 1), c = tris_[t].corner(e + 2),
                 d = tris_[u].corner(f + 2);
        glm::dvec3 ca = place(a) - place(c), cb = place(b) - place(c), da = place(a) - place(d),
                   db = place(b) - place(d);
        // sin of the sum of the angles that face the edge; below 0 they exceed 180 degrees together.
        double sum = glm::dot(ca, cb) * glm::length(glm::cross(da, db)) +
                     glm::dot(da, db) * glm::length(glm::cross(ca, cb));
        double scale = glm::length(ca) * glm::length(cb) * glm::length(da) * glm::length(db);
        if (!(sum < -0.02 * scale)) return false;
        glm::dvec3 old = glm::normalize(area_normal(a, b, c)) + glm::normalize(area_normal(b, a, d));
        glm::dvec3 first = area_normal(a, d, c), second = area_normal(d, b, c);
        if (glm::dot(old, first) < 0.6 * glm::length(old) * glm::length(first)) return false;
        if (glm::dot(old, second) < 0.6 * glm::length(old) * glm::length(second)) return false;
        return !neighbours(t, c, d);
    }

    void flip(uint32_t t, uint32_t e) {
        uint32_t u = tris_[t].n[e], f = tris_[u].edge_to(t);
        uint32_t a = tris_[t].v[e], b = tris_[t].corner(e + 1), c = tris_[t].corner(e + 2),
                 d = tris_[u].corner(f + 2);
        uint32_t bc = tris_[t].n[(e + 1) % 3], ca = tris_[t].n[(e + 2) % 3];
        uint32_t ad = tris_[u].n[(f + 1) % 3], db = tris_[u].n[(f + 2) % 3];
        tris_[t] = {{a, d, c}, {ad, u, ca}};
        tris_[u] = {{d, b, c}, {db, bc, t}};
        relink(ad, u, t);
        relink(bc, t, u);
    }

    const HeadShape& shape_;
    HeadMesh mesh_;
    std::vector<Tri> tris_;
    std::priority_queue<Waiting> queue_;
};

}  // namespace

HeadMesh sample_head(const HeadShape& shape, size_t vertices, const std::function<void(double)>& told) {
    CHECK(vertices >= 2000 && vertices <= 400000, vertices);
    Sampler sampler(shape);
    sampler.start();
    sampler.refine(vertices, told);
    sampler.flip_to_delaunay();
    return sampler.take();
}

}  // namespace face
