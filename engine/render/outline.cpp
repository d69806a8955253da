#include "engine/render/outline.h"

#include "shaders/shared/picture.h"

#include <glm/vec2.hpp>

#include <algorithm>
#include <optional>

namespace render {

namespace {

/// Lines of places on the mesh, one after the other.
struct Lines {
    std::vector<shared::OutlinePoint> points;
    std::vector<uint32_t> indices;

    void add(shared::OutlinePoint point, bool first, bool last, uint8_t zone_a, uint8_t zone_b) {
        point.ends = (first ? shared::kOutlineFirst : 0) | (last ? shared::kOutlineLast : 0) | uint32_t{zone_a} << 8 |
                     uint32_t{zone_b} << 16;
        const auto side = static_cast<uint32_t>(2 * points.size());
        if (!first) indices.insert(indices.end(), {side - 2, side - 1, side + 1, side - 2, side + 1, side});
        points.push_back(point);
    }
};

Lines along_borders(const face::FaceAsset& face) {
    constexpr double kOffSurface = 2e-3;  // m: a border farther off belongs to another face
    Lines lines;
    for (const face::ZoneBorder& border : face.borders) {
        std::vector<mesh::SurfacePoint> line;
        for (glm::vec3 p : border.line)
            if (const auto hit = face.index->closest(glm::dvec3(p), kOffSurface)) line.push_back(hit->point);
        for (size_t i = 0; i < line.size() && line.size() > 1; ++i) {
            const glm::uvec3 corners = face.mesh.triangles[line[i].triangle];
            const glm::vec3 weights(line[i].weights);
            lines.add({corners, {weights.x, weights.y}, 0}, i == 0, i + 1 == line.size(), border.zone_a,
                      border.zone_b);
        }
    }
    return lines;
}

Lines along_triangles(const face::FaceAsset& face) {
    std::vector<std::pair<uint64_t, uint8_t>> edges;
    for (size_t t = 0; t < face.mesh.triangle_count(); ++t) {
        for (int k = 0; k < 3; ++k) {
            const uint32_t a = face.mesh.triangles[t][k], b = face.mesh.triangles[t][(k + 1) % 3];
            edges.push_back({uint64_t{std::min(a, b)} << 32 | std::max(a, b), face.zone[t]});
        }
    }
    std::ranges::sort(edges);
    Lines lines;
    for (size_t i = 0; i + 1 < edges.size(); ++i) {
        if (edges[i].first != edges[i + 1].first || edges[i].second == edges[i + 1].second) continue;
        const auto a = static_cast<uint32_t>(edges[i].first >> 32), b = static_cast<uint32_t>(edges[i].first);
        lines.add({{a, b, b}, {1, 0}, 0}, true, false, edges[i].second, edges[i + 1].second);
        lines.add({{b, a, a}, {1, 0}, 0}, false, true, edges[i].second, edges[i + 1].second);
    }
    return lines;
}

}  // namespace

Outline make_outline(gpu::Device& device, const face::FaceAsset& face, std::span<const uint32_t> drawn) {
    Lines lines = face.borders.empty() ? along_triangles(face) : along_borders(face);
    for (shared::OutlinePoint& point : lines.points)
        for (int k = 0; k < 3; ++k) point.corners[k] = drawn[point.corners[k]];
    Outline outline;
    outline.index_count = static_cast<uint32_t>(lines.indices.size());
    if (lines.points.empty()) lines.points.emplace_back();  // a buffer must not be empty
    outline.points = gpu::make_buffer<shared::OutlinePoint>(device, lines.points, "zone borders");
    outline.indices = gpu::make_buffer<uint32_t>(device, lines.indices, "zone borders' triangles");
    return outline;
}

}  // namespace render
