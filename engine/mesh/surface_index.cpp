#include "engine/mesh/surface_index.h"

#include "engine/base/result.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace mesh {

namespace {

constexpr uint32_t kLeafTriangles = 4;
constexpr uint32_t kBins = 16;
constexpr uint32_t kMaxDepth = 96;   // below half of it the split is by count, so that no mesh reaches it
constexpr double kBoxMargin = 1e-9;  // m; far above rounding at head scale (1e-16), far below a micrometre
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Box {
    glm::dvec3 low{kInfinity}, high{-kInfinity};

    void add(glm::dvec3 p) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    void add(const Box& b) {
        low = glm::min(low, b.low);
        high = glm::max(high, b.high);
    }
    double half_area() const {
        glm::dvec3 d = high - low;
        return d.x * d.y + d.y * d.z + d.z * d.x;
    }
};

Box triangle_box(const SurfaceMesh& mesh, uint32_t triangle) {
    Box box;
    for (int corner = 0; corner < 3; ++corner) box.add(mesh.positions[mesh.triangles[triangle][corner]]);
    return box;
}

}  // namespace

SurfaceIndex::SurfaceIndex(const SurfaceMesh& mesh) : mesh_(mesh) {
    uint32_t count = static_cast<uint32_t>(mesh.triangle_count());
    order_.resize(count);
    std::iota(order_.begin(), order_.end(), 0u);
    if (count == 0) return;
    std::vector<glm::dvec3> centres(count);
    for (uint32_t i = 0; i < count; ++i) {
        Box box = triangle_box(mesh, i);
        centres[i] = 0.5 * (box.low + box.high);
    }
    nodes_.reserve(count);
    build(0, count, 0, centres);
}

uint32_t SurfaceIndex::build(uint32_t first, uint32_t count, uint32_t depth,
                             const std::vector<glm::dvec3>& centres) {
    CHECK(depth < kMaxDepth);
    uint32_t self = static_cast<uint32_t>(nodes_.size());
    Box box;
    for (uint32_t i = first; i < first + count; ++i) box.add(triangle_box(mesh_, order_[i]));
    nodes_.push_back({box.low - kBoxMargin, box.high + kBoxMargin, first, count});
    if (count <= kLeafTriangles) {
        std::sort(order_.begin() + first, order_.begin() + first + count);
        return self;
    }
    uint32_t left = split(first, count, depth, centres);
    build(first, left, depth + 1, centres);
    uint32_t right = build(first + left, count - left, depth + 1, centres);
    nodes_[self].first = right;
    nodes_[self].count = 0;
    return self;
}

/// Orders the range so that its first part goes left, and returns that part's size, 1..count-1. Binned
/// surface-area heuristic (Wald 2007) along the longest side of the centres' box.
uint32_t SurfaceIndex::split(uint32_t first, uint32_t count, uint32_t depth,
                             const std::vector<glm::dvec3>& centres) {
    Box spread;
    for (uint32_t i = first; i < first + count; ++i) spread.add(centres[order_[i]]);
    glm::dvec3 side = spread.high - spread.low;
    int axis = side.x >= side.y && side.x >= side.z ? 0 : side.y >= side.z ? 1 : 2;
    if (!(side[axis] > 0) || depth > kMaxDepth / 2) return count / 2;

    auto bin_of = [&](uint32_t triangle) {
        double share = (centres[triangle][axis] - spread.low[axis]) / side[axis];
        return std::min(kBins - 1, static_cast<uint32_t>(share * kBins));
    };
    std::array<Box, kBins> boxes;
    std::array<uint32_t, kBins> counts{};
    for (uint32_t i = first; i < first + count; ++i) {
        uint32_t bin = bin_of(order_[i]);
        boxes[bin].add(triangle_box(mesh_, order_[i]));
        ++counts[bin];
    }
    // Cost of cutting after each bin: from the right first, then completed from the left.
    std::array<double, kBins> cost{};
    Box right, left;
    uint32_t right_count = 0, left_count = 0;
    for (uint32_t bin = kBins - 1; bin > 0; --bin) {
        right.add(boxes[bin]);
        right_count += counts[bin];
        cost[bin - 1] = right_count ? right.half_area() * right_count : kInfinity;
    }
    uint32_t best = 0;
    for (uint32_t bin = 0; bin + 1 < kBins; ++bin) {
        left.add(boxes[bin]);
        left_count += counts[bin];
        cost[bin] += left_count ? left.half_area() * left_count : kInfinity;
        if (cost[bin] < cost[best]) best = bin;
    }
    auto begin = order_.begin() + first;
    auto middle =
        std::partition(begin, begin + count, [&](uint32_t triangle) { return bin_of(triangle) <= best; });
    return static_cast<uint32_t>(middle - begin);
}

// --- closest point ---

/// Weights of the point of triangle abc closest to p (Ericson 2005, Real-Time Collision Detection, 5.1.5).
static glm::dvec3 closest_weights(glm::dvec3 p, glm::dvec3 a, glm::dvec3 b, glm::dvec3 c) {
    glm::dvec3 ab = b - a, ac = c - a, ap = p - a;
    double d1 = glm::dot(ab, ap), d2 = glm::dot(ac, ap);
    if (d1 <= 0 && d2 <= 0) return {1, 0, 0};
    glm::dvec3 bp = p - b;
    double d3 = glm::dot(ab, bp), d4 = glm::dot(ac, bp);
    if (d3 >= 0 && d4 <= d3) return {0, 1, 0};
    double vc = d1 * d4 - d3 * d2;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) {
        double v = d1 / (d1 - d3);
        return {1 - v, v, 0};
    }
    glm::dvec3 cp = p - c;
    double d5 = glm::dot(ab, cp), d6 = glm::dot(ac, cp);
    if (d6 >= 0 && d5 <= d6) return {0, 0, 1};
    double vb = d5 * d2 - d1 * d6;
    if (vb <= 0 && d2 >= 0 && d6 <= 0) {
        double w = d2 / (d2 - d6);
        return {1 - w, 0, w};
    }
    double va = d3 * d6 - d5 * d4;
    if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
        double w = (d4 - d3) / ((d4 - d3) + (d5 - d6));
        return {0, 1 - w, w};
    }
    double scale = 1 / (va + vb + vc);
    return {1 - vb * scale - vc * scale, vb * scale, vc * scale};
}

static double box_distance2(glm::dvec3 p, glm::dvec3 low, glm::dvec3 high) {
    glm::dvec3 d = glm::max(glm::max(low - p, p - high), glm::dvec3(0));
    return glm::dot(d, d);
}

std::optional<SurfaceHit> SurfaceIndex::closest(glm::dvec3 point, double max_distance) const {
    if (nodes_.empty() || !(max_distance >= 0)) return std::nullopt;
    double best2 = max_distance * max_distance;
    std::optional<SurfaceHit> best;

    auto try_triangle = [&](uint32_t triangle) {
        glm::uvec3 t = mesh_.triangles[triangle];
        glm::dvec3 a = mesh_.positions[t.x], b = mesh_.positions[t.y], c = mesh_.positions[t.z];
        glm::dvec3 w = closest_weights(point, a, b, c);
        glm::dvec3 position = a * w.x + b * w.y + c * w.z;
        double d2 = glm::dot(position - point, position - point);
        bool nearer = d2 < best2 || (d2 == best2 && (!best || triangle < best->point.triangle));
        if (!nearer) return;
        best2 = d2;
        best = SurfaceHit{{triangle, w}, position, 0};
    };

    struct Todo {
        uint32_t node;
        double distance2;
    };
    std::array<Todo, kMaxDepth + 1> stack;
    size_t size = 0;
    stack[size++] = {0, box_distance2(point, nodes_[0].low, nodes_[0].high)};
    while (size > 0) {
        Todo todo = stack[--size];
        if (!(todo.distance2 <= best2)) continue;
        const Node& node = nodes_[todo.node];
        if (node.count > 0) {
            for (uint32_t i = 0; i < node.count; ++i) try_triangle(order_[node.first + i]);
            continue;
        }
        Todo left{todo.node + 1, 0}, right{node.first, 0};
        left.distance2 = box_distance2(point, nodes_[left.node].low, nodes_[left.node].high);
        right.distance2 = box_distance2(point, nodes_[right.node].low, nodes_[right.node].high);
        if (right.distance2 < left.distance2) std::swap(left, right);
        if (right.distance2 <= best2) stack[size++] = right;
        if (left.distance2 <= best2) stack[size++] = left;
    }
    if (best) best->distance = std::sqrt(best2);
    return best;
}

// --- rays ---

/// Ray against triangle without gaps along shared edges (Woop, Benthin & Wald 2013, JCGT 2:65): the triangle
/// is sheared into a frame where the ray is the z axis; both sides of an edge evaluate the same products.
struct SurfaceIndex::Ray {
    glm::dvec3 origin, direction, inverse;
    int kx, ky, kz;
    double sx, sy, sz;

    Ray(glm::dvec3 from, glm::dvec3 along) : origin(from), direction(along), inverse(1.0 / along) {
        glm::dvec3 size = glm::abs(along);
        kz = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2;
        kx = (kz + 1) % 3;
        ky = (kx + 1) % 3;
        if (along[kz] < 0) std::swap(kx, ky);
        sx = along[kx] / along[kz];
        sy = along[ky] / along[kz];
        sz = 1 / along[kz];
    }

    /// Parameter where the box is entered, clipped to [t_min, t_max]; infinity where it is missed.
    double enter(const Node& node, double t_min, double t_max) const {
        for (int axis = 0; axis < 3; ++axis) {
            double one = (node.low[axis] - origin[axis]) * inverse[axis];
            double two = (node.high[axis] - origin[axis]) * inverse[axis];
            t_min = std::max(t_min, std::min(one, two));
            t_max = std::min(t_max, std::max(one, two));
        }
        return t_min <= t_max ? t_min : kInfinity;
    }

    /// False on a miss. `t` and `weights` are set on a hit.
    bool hit(glm::dvec3 p, glm::dvec3 q, glm::dvec3 r, bool front_only, double& t,
             glm::dvec3& weights) const {
        glm::dvec3 a = p - origin, b = q - origin, c = r - origin;
        double ax = a[kx] - sx * a[kz], ay = a[ky] - sy * a[kz];
        double bx = b[kx] - sx * b[kz], by = b[ky] - sy * b[kz];
        double cx = c[kx] - sx * c[kz], cy = c[ky] - sy * c[kz];
        double u = cx * by - cy * bx, v = ax * cy - ay * cx, w = bx * ay - by * ax;
        bool from_front = u >= 0 && v >= 0 && w >= 0, from_behind = u <= 0 && v <= 0 && w <= 0;
        double sum = u + v + w;
        if (sum == 0 || !(from_front || (from_behind && !front_only))) return false;
        t = (u * a[kz] + v * b[kz] + w * c[kz]) * sz / sum;
        weights = glm::dvec3(u, v, w) / sum;
        return true;
    }
};

std::optional<SurfaceHit> SurfaceIndex::cast_any(glm::dvec3 origin, glm::dvec3 direction, double t_min,
                                                 double t_max, bool front_only) const {
    if (nodes_.empty() || !(t_min <= t_max)) return std::nullopt;
    Ray ray(origin, direction);
    uint32_t found = std::numeric_limits<uint32_t>::max();
    glm::dvec3 found_weights{0};
    double best = t_max;

    auto try_triangle = [&](uint32_t triangle) {
        glm::uvec3 corner = mesh_.triangles[triangle];
        double t;
        glm::dvec3 weights;
        if (!ray.hit(mesh_.positions[corner.x], mesh_.positions[corner.y], mesh_.positions[corner.z],
                     front_only, t, weights))
            return;
        if (t < t_min || t > best || (t == best && triangle > found)) return;
        best = t;
        found = triangle;
        found_weights = weights;
    };

    struct Todo {
        uint32_t node;
        double enter;
    };
    std::array<Todo, kMaxDepth + 1> stack;
    size_t size = 0;
    stack[size++] = {0, ray.enter(nodes_[0], t_min, best)};
    while (size > 0) {
        Todo todo = stack[--size];
        if (todo.enter == kInfinity || todo.enter > best) continue;
        const Node& node = nodes_[todo.node];
        if (node.count > 0) {
            for (uint32_t i = 0; i < node.count; ++i) try_triangle(order_[node.first + i]);
            continue;
        }
        Todo left{todo.node + 1, 0}, right{node.first, 0};
        left.enter = ray.enter(nodes_[left.node], t_min, best);
        right.enter = ray.enter(nodes_[right.node], t_min, best);
        if (right.enter < left.enter) std::swap(left, right);
        if (right.enter != kInfinity) stack[size++] = right;
        if (left.enter != kInfinity) stack[size++] = left;
    }
    if (found == std::numeric_limits<uint32_t>::max()) return std::nullopt;
    SurfacePoint point{found, found_weights};
    return SurfaceHit{point, position_at(mesh_, point), best};
}

std::optional<SurfaceHit> SurfaceIndex::cast(glm::dvec3 origin, glm::dvec3 direction, double t_min,
                                             double t_max) const {
    return cast_any(origin, direction, t_min, t_max, false);
}

std::optional<SurfaceHit> SurfaceIndex::cast_front(glm::dvec3 origin, glm::dvec3 direction, double t_min,
                                                   double t_max) const {
    return cast_any(origin, direction, t_min, t_max, true);
}

}  // namespace mesh
