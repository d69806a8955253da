#include "engine/render/coarse.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace render {

namespace {

constexpr float kMostMoved = 2e-4f;  // m
constexpr float kMostTurned = 0.8f;  // cosine between a triangle's normal before and after
constexpr float kThinnest = 0.12f;   // of a triangle: 2 sqrt(3) area over its longest side squared is 1 where it is even
constexpr float kMostUv = 0.05f;     // a triangle that spans more of the atlas lies across its cut
constexpr int kRounds = 10;

/// A cluster's triangles and vertices by numbers of their own.
struct Patch {
    std::vector<uint32_t> numbers;  ///< of the vertices, rising
    std::vector<glm::uvec3> triangles;
    std::vector<bool> locked;
    std::vector<std::vector<uint32_t>> around;  ///< triangles of each vertex
};

Patch make_patch(std::span<const glm::uvec3> triangles, const std::vector<shared::RestVertex>& vertices) {
    Patch patch;
    for (glm::uvec3 t : triangles) patch.numbers.insert(patch.numbers.end(), {t.x, t.y, t.z});
    std::ranges::sort(patch.numbers);
    const auto rest = std::ranges::unique(patch.numbers);
    patch.numbers.erase(rest.begin(), rest.end());
    const auto local = [&](uint32_t v) {
        return uint32_t(std::ranges::lower_bound(patch.numbers, v) - patch.numbers.begin());
    };
    patch.locked.assign(patch.numbers.size(), false);
    std::vector<std::pair<uint32_t, uint32_t>> edges;
    for (glm::uvec3 t : triangles) {
        const glm::uvec3 own{local(t.x), local(t.y), local(t.z)};
        patch.triangles.push_back(own);
        bool mixed = false;
        for (int k = 0; k < 3; ++k) {
            const uint32_t a = own[k], b = own[(k + 1) % 3];
            edges.push_back(std::minmax(a, b));
            const glm::vec2 gap = glm::abs(vertices[t[k]].uv - vertices[t[(k + 1) % 3]].uv);
            mixed |= vertices[t[k]].tags != vertices[t[(k + 1) % 3]].tags || std::max(gap.x, gap.y) > kMostUv;
        }
        for (int k = 0; mixed && k < 3; ++k) patch.locked[own[k]] = true;
    }
    std::ranges::sort(edges);
    for (size_t i = 0, end; i < edges.size(); i = end) {
        end = i;
        while (end < edges.size() && edges[end] == edges[i]) ++end;
        if (end - i != 2) patch.locked[edges[i].first] = patch.locked[edges[i].second] = true;
    }
    return patch;
}

void find_around(Patch& patch) {
    patch.around.assign(patch.numbers.size(), {});
    for (uint32_t t = 0; t < patch.triangles.size(); ++t)
        for (int k = 0; k < 3; ++k) patch.around[patch.triangles[t][k]].push_back(t);
}

class Places {
  public:
    Places(const Patch& patch, const std::vector<shared::RestVertex>& vertices) : patch_(patch), vertices_(vertices) {}
    glm::vec3 operator()(uint32_t i) const { return vertices_[patch_.numbers[i]].position; }
    glm::vec3 normal(glm::uvec3 t) const { return glm::cross((*this)(t.y) - (*this)(t.x), (*this)(t.z) - (*this)(t.x)); }
    bool thin(glm::uvec3 t) const {
        float longest = 0;
        for (int k = 0; k < 3; ++k) longest = std::max(longest, glm::distance((*this)(t[k]), (*this)(t[(k + 1) % 3])));
        return std::sqrt(3.0f) * glm::length(normal(t)) < kThinnest * longest * longest;
    }

  private:
    const Patch& patch_;
    const std::vector<shared::RestVertex>& vertices_;
};

/// How far, in m, the surface moves at vertex `u` when `v` takes its place; nothing when it may not.
std::optional<float> moved(const Patch& patch, const Places& place, uint32_t u, uint32_t v) {
    float most = 0;
    int shared_triangles = 0;
    std::vector<uint32_t> ring_u, ring_v;
    for (uint32_t t : patch.around[v])
        for (int k = 0; k < 3; ++k) ring_v.push_back(patch.triangles[t][k]);
    for (uint32_t t : patch.around[u]) {
        glm::uvec3 own = patch.triangles[t];
        for (int k = 0; k < 3; ++k)
            if (own[k] != u && own[k] != v && std::ranges::find(ring_u, own[k]) == ring_u.end()) ring_u.push_back(own[k]);
        if (own.x == v || own.y == v || own.z == v) {
            ++shared_triangles;
            continue;
        }
        const glm::vec3 before = place.normal(own);
        for (int k = 0; k < 3; ++k)
            if (own[k] == u) own[k] = v;
        const glm::vec3 after = place.normal(own);
        const float lengths = glm::length(before) * glm::length(after);
        if (!(lengths > 0) || glm::dot(before, after) < kMostTurned * lengths || place.thin(own)) return std::nullopt;
        most = std::max(most, std::abs(glm::dot(after, place(u) - place(v))) / glm::length(after));
    }
    // More common neighbours than the edge has triangles: the surface would touch itself.
    const auto common = std::ranges::count_if(ring_u, [&](uint32_t w) { return std::ranges::find(ring_v, w) != ring_v.end(); });
    if (shared_triangles != 2 || common != 2 || most > kMostMoved) return std::nullopt;
    return most;
}

struct Collapse {
    float cost;
    uint32_t from, to;
};

/// The cheapest way out for each vertex that may go.
std::vector<Collapse> candidates(const Patch& patch, const std::vector<shared::RestVertex>& vertices) {
    const Places place(patch, vertices);
    std::vector<Collapse> result;
    for (uint32_t u = 0; u < patch.numbers.size(); ++u) {
        if (patch.locked[u] || patch.around[u].empty()) continue;
        Collapse best{1e9f, u, u};
        for (uint32_t t : patch.around[u]) {
            for (int k = 0; k < 3; ++k) {
                const uint32_t v = patch.triangles[t][k];
                if (v == u || v == best.to) continue;
                const std::optional<float> move = moved(patch, place, u, v);
                if (!move) continue;
                const float cost = *move + 0.02f * glm::distance(place(u), place(v));
                if (cost < best.cost) best = {cost, u, v};
            }
        }
        if (best.to != u) result.push_back(best);
    }
    std::ranges::sort(result, [](const Collapse& a, const Collapse& b) {
        return std::pair(a.cost, a.from) < std::pair(b.cost, b.from);
    });
    return result;
}

/// Takes out vertices that are not neighbours of each other, the cheapest first; false when none could go.
bool collapse_some(Patch& patch, const std::vector<shared::RestVertex>& vertices, size_t wanted) {
    std::vector<bool> touched(patch.numbers.size(), false), gone(patch.triangles.size(), false);
    size_t left = patch.triangles.size();
    for (const Collapse& c : candidates(patch, vertices)) {
        if (left <= wanted) break;
        if (touched[c.from] || touched[c.to]) continue;
        for (uint32_t end : {c.from, c.to})
            for (uint32_t t : patch.around[end])
                for (int k = 0; k < 3; ++k) touched[patch.triangles[t][k]] = true;
        for (uint32_t t : patch.around[c.from]) {
            glm::uvec3& own = patch.triangles[t];
            if (own.x == c.to || own.y == c.to || own.z == c.to) {
                gone[t] = true;
                --left;
            }
            for (int k = 0; k < 3; ++k)
                if (own[k] == c.from) own[k] = c.to;
        }
    }
    if (left == patch.triangles.size()) return false;
    std::vector<glm::uvec3> kept;
    for (size_t t = 0; t < patch.triangles.size(); ++t)
        if (!gone[t]) kept.push_back(patch.triangles[t]);
    patch.triangles = std::move(kept);
    return true;
}

}  // namespace

std::vector<glm::uvec3> coarsen(std::span<const glm::uvec3> triangles,
                                const std::vector<shared::RestVertex>& vertices, double share) {
    Patch patch = make_patch(triangles, vertices);
    const auto wanted = size_t(double(triangles.size()) * share);
    for (int round = 0; round < kRounds && patch.triangles.size() > wanted; ++round) {
        find_around(patch);
        if (!collapse_some(patch, vertices, wanted)) break;
    }
    std::vector<glm::uvec3> result;
    for (glm::uvec3 t : patch.triangles)
        result.push_back({patch.numbers[t.x], patch.numbers[t.y], patch.numbers[t.z]});
    return result;
}

}  // namespace render
