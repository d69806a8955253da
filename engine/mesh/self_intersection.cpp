#include "engine/mesh/self_intersection.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace mesh {

namespace {

constexpr uint32_t kLeafTriangles = 4;
constexpr double kTolerance = kCrossingTolerance;

struct Triangle {
    std::array<glm::dvec3, 3> corner;
    glm::dvec3 normal{0};  ///< unit
    bool flat = false;     ///< too low to have a plane
};

Triangle triangle_of(const SurfaceMesh& mesh, uint32_t index) {
    glm::uvec3 t = mesh.triangles[index];
    Triangle triangle{{mesh.positions[t.x], mesh.positions[t.y], mesh.positions[t.z]}};
    const auto& [a, b, c] = triangle.corner;
    glm::dvec3 across = glm::cross(b - a, c - a);
    double longest = std::max({glm::length(b - a), glm::length(c - b), glm::length(a - c)});
    double twice_area = glm::length(across);
    triangle.flat = !(twice_area > kTolerance * longest);
    if (!triangle.flat) triangle.normal = across / twice_area;
    return triangle;
}

/// Signed distances of the corners of `of` from the plane of `plane`.
glm::dvec3 heights(const Triangle& of, const Triangle& plane) {
    glm::dvec3 height;
    for (int k = 0; k < 3; ++k) height[k] = glm::dot(of.corner[k] - plane.corner[0], plane.normal);
    return height;
}

bool holds(const Triangle& triangle, glm::dvec3 p) {
    for (size_t k = 0; k < 3; ++k) {
        glm::dvec3 from = triangle.corner[k], side = triangle.corner[(k + 1) % 3] - from;
        if (glm::dot(glm::cross(side, p - from), triangle.normal) < 0) return false;
    }
    return true;
}

/// True when an edge of `of`, whose corners lie at `height` over the plane of `sheet`, passes through it.
bool an_edge_passes(const Triangle& of, glm::dvec3 height, const Triangle& sheet) {
    for (int k = 0; k < 3; ++k) {
        int next = (k + 1) % 3;
        double from = height[k], to = height[next];
        bool through = (from > kTolerance && to < -kTolerance) || (from < -kTolerance && to > kTolerance);
        if (!through) continue;
        double share = from / (from - to);
        if (holds(sheet, of.corner[k] + share * (of.corner[next] - of.corner[k]))) return true;
    }
    return false;
}

/// Two triangles of one plane: they overlap unless a side of one separates them (separating axes).
bool overlap_in_plane(const Triangle& one, const Triangle& two) {
    for (const Triangle* triangle : {&one, &two}) {
        const Triangle& other = triangle == &one ? two : one;
        for (size_t k = 0; k < 3; ++k) {
            glm::dvec3 from = triangle->corner[k], side = triangle->corner[(k + 1) % 3] - from;
            glm::dvec3 inwards = glm::normalize(glm::cross(triangle->normal, side));
            double deepest = -std::numeric_limits<double>::infinity();
            for (glm::dvec3 p : other.corner) deepest = std::max(deepest, glm::dot(p - from, inwards));
            if (deepest <= kTolerance) return false;
        }
    }
    return true;
}

bool all_on_one_side(glm::dvec3 h) {
    return (h.x >= -kTolerance && h.y >= -kTolerance && h.z >= -kTolerance) ||
           (h.x <= kTolerance && h.y <= kTolerance && h.z <= kTolerance);
}

bool all_in_plane(glm::dvec3 h) {
    return glm::all(glm::lessThanEqual(glm::abs(h), glm::dvec3(kTolerance)));
}

bool cross(const Triangle& one, const Triangle& two) {
    if (one.flat && two.flat) return false;
    glm::dvec3 one_over_two = two.flat ? glm::dvec3(0) : heights(one, two);
    glm::dvec3 two_over_one = one.flat ? glm::dvec3(0) : heights(two, one);
    if (!one.flat && !two.flat && (all_in_plane(one_over_two) || all_in_plane(two_over_one)))
        return all_in_plane(one_over_two) && all_in_plane(two_over_one) && overlap_in_plane(one, two);
    if (!two.flat && all_on_one_side(one_over_two)) return false;
    if (!one.flat && all_on_one_side(two_over_one)) return false;
    return (!two.flat && an_edge_passes(one, one_over_two, two)) ||
           (!one.flat && an_edge_passes(two, two_over_one, one));
}

bool share_a_vertex(glm::uvec3 s, glm::uvec3 t) {
    for (int i = 0; i < 3; ++i)
        for (int k = 0; k < 3; ++k)
            if (s[i] == t[k]) return true;
    return false;
}

struct Box {
    glm::dvec3 low{std::numeric_limits<double>::infinity()}, high{-std::numeric_limits<double>::infinity()};

    void add(const Box& b) {
        low = glm::min(low, b.low);
        high = glm::max(high, b.high);
    }
    bool meets(const Box& b) const {
        return low.x <= b.high.x && b.low.x <= high.x && low.y <= b.high.y && b.low.y <= high.y &&
               low.z <= b.high.z && b.low.z <= high.z;
    }
};

struct Node {
    Box box;
    uint32_t first, count;  ///< range of the order
    uint32_t right;         ///< the left child follows its parent; 0 = leaf
};

/// Halves by count along the longest side, so that the depth is the logarithm of the count for any mesh.
class Hierarchy {
  public:
    explicit Hierarchy(const SurfaceMesh& mesh) : order(mesh.triangle_count()), boxes(mesh.triangle_count()) {
        std::iota(order.begin(), order.end(), 0u);
        for (size_t i = 0; i < boxes.size(); ++i)
            for (int k = 0; k < 3; ++k) {
                glm::dvec3 p = mesh.positions[mesh.triangles[i][k]];
                boxes[i].add({p, p});
            }
        if (!order.empty()) build(0, static_cast<uint32_t>(order.size()));
    }

    std::vector<Node> nodes;
    std::vector<uint32_t> order;
    std::vector<Box> boxes;  ///< by triangle

  private:
    uint32_t build(uint32_t first, uint32_t count) {
        uint32_t self = static_cast<uint32_t>(nodes.size());
        Box box;
        for (uint32_t i = first; i < first + count; ++i) box.add(boxes[order[i]]);
        nodes.push_back({box, first, count, 0});
        if (count <= kLeafTriangles) return self;
        glm::dvec3 side = box.high - box.low;
        int axis = side.x >= side.y && side.x >= side.z ? 0 : side.y >= side.z ? 1 : 2;
        auto twice_centre = [&](uint32_t t) { return boxes[t].low[axis] + boxes[t].high[axis]; };
        auto begin = order.begin() + first;
        std::nth_element(begin, begin + count / 2, begin + count, [&](uint32_t s, uint32_t t) {
            double at_s = twice_centre(s), at_t = twice_centre(t);
            return at_s != at_t ? at_s < at_t : s < t;
        });
        build(first, count / 2);
        uint32_t right = build(first + count / 2, count - count / 2);
        nodes[self].right = right;
        return self;
    }
};

}  // namespace

std::vector<TrianglePair> self_intersections(const SurfaceMesh& mesh, size_t limit) {
    std::vector<TrianglePair> pairs;
    if (mesh.triangles.empty() || limit == 0) return pairs;
    Hierarchy tree(mesh);
    auto compare = [&](uint32_t s, uint32_t t) {
        if (!tree.boxes[s].meets(tree.boxes[t]) || share_a_vertex(mesh.triangles[s], mesh.triangles[t]))
            return;
        if (cross(triangle_of(mesh, s), triangle_of(mesh, t)))
            pairs.push_back({std::min(s, t), std::max(s, t)});
    };

    std::vector<std::pair<uint32_t, uint32_t>> todo = {{0, 0}};
    while (!todo.empty() && pairs.size() < limit) {
        auto [i, k] = todo.back();
        todo.pop_back();
        const Node &one = tree.nodes[i], &two = tree.nodes[k];
        if (i != k && !one.box.meets(two.box)) continue;
        if (i == k && one.right) {
            todo.push_back({i + 1, i + 1});
            todo.push_back({one.right, one.right});
            todo.push_back({i + 1, one.right});
        } else if (one.right && (!two.right || one.count >= two.count)) {
            todo.push_back({i + 1, k});
            todo.push_back({one.right, k});
        } else if (two.right) {
            todo.push_back({i, k + 1});
            todo.push_back({i, two.right});
        } else {
            for (uint32_t a = one.first; a < one.first + one.count; ++a)
                for (uint32_t b = i == k ? a + 1 : two.first; b < two.first + two.count; ++b)
                    compare(tree.order[a], tree.order[b]);
        }
    }
    std::sort(pairs.begin(), pairs.end(),
              [](TrianglePair s, TrianglePair t) { return s.a != t.a ? s.a < t.a : s.b < t.b; });
    if (pairs.size() > limit) pairs.resize(limit);
    return pairs;
}

}  // namespace mesh
