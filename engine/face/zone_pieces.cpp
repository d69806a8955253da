#include "engine/face/zone_pieces.h"

#include "engine/base/parallel.h"
#include "engine/mesh/voxel_grid.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

constexpr size_t kAtOnce = 512;  // triangles

}  // namespace

double detail::TriangleCutter::longest(const Corner& a, const Corner& b, const Corner& c) const {
    glm::dvec3 p = place(a), q = place(b), r = place(c);
    return std::max({glm::length(p - q), glm::length(q - r), glm::length(r - p)});
}

detail::Corner detail::TriangleCutter::crossing(const Corner& a, const Corner& b) const {
    glm::dvec3 near = a.weights, far = b.weights;
    for (int step = 0; step < 10; ++step) {
        glm::dvec3 middle = 0.5 * (near + far);
        (zone_of_({triangle_, middle}) == a.zone ? near : far) = middle;
    }
    return {0.5 * (near + far), a.zone};
}

bool has_zone(const ZoneOf& zone_of, uint32_t triangle) {
    for (glm::dvec3 weights : {glm::dvec3(1.0 / 3), {1, 0, 0}, {0, 1, 0}, {0, 0, 1}})
        if (zone_of({triangle, weights}) != 0) return true;
    return false;
}

std::vector<uint8_t> triangles_near_zones(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, double around, const ShareTold& told) {
    std::vector<uint8_t> near(mesh.triangle_count(), 0);
    WorkCount count(2 * near.size(), told);  // both passes
    std::vector<glm::dvec3> zoned;
    base::parallel_ranges(near.size(), kAtOnce, [&](size_t first, size_t last) {
        for (size_t t = first; t < last; ++t) near[t] = has_zone(zone_of, static_cast<uint32_t>(t));
        count.done(last - first);
    });
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
        for (int k = 0; k < 3 && near[t]; ++k) zoned.push_back(mesh.positions[mesh.triangles[t][k]]);
    mesh::VoxelGrid grid(zoned, around);
    base::parallel_ranges(near.size(), kAtOnce, [&](size_t first, size_t last) {
        for (size_t t = first; t < last; ++t)
            for (int k = 0; k < 3 && !near[t]; ++k) {
                double limit2 = around * around;
                grid.near(mesh.positions[mesh.triangles[t][k]], limit2, [&](uint32_t, double) { near[t] = 1, limit2 = 0; });
            }
        count.done(last - first);
    });
    return near;
}

}  // namespace face
