#include "engine/mesh/voxel_grid.h"

#include <glm/common.hpp>

namespace mesh {

VoxelGrid::VoxelGrid(std::span<const glm::dvec3> points, double voxel) {
    if (points.empty()) return;
    glm::dvec3 high = points[0];
    low_ = points[0];
    for (glm::dvec3 p : points) {
        low_ = glm::min(low_, p);
        high = glm::max(high, p);
    }
    uint64_t voxels;
    do {
        per_voxel_ = 1 / voxel;
        glm::dvec3 count = glm::floor((high - low_) * per_voxel_) + 1.0;
        voxels =
            count.x * count.y * count.z < 1e18 ? static_cast<uint64_t>(count.x * count.y * count.z) : ~0ull;
        if (voxels <= kMaxVoxels) size_ = glm::ivec3(count);
        voxel *= 2;
    } while (voxels > kMaxVoxels);

    auto voxel_of = [&](glm::dvec3 p) {
        glm::ivec3 v = clamp((p - low_) * per_voxel_);
        return (static_cast<size_t>(v.z) * size_.y + v.y) * size_.x + v.x;
    };
    begin_.assign(voxels + 1, 0);
    for (glm::dvec3 p : points) ++begin_[voxel_of(p) + 1];
    for (size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    std::vector<uint32_t> next(begin_.begin(), begin_.end() - 1);
    items_.resize(points.size());
    points_.resize(points.size());
    for (size_t i = 0; i < points.size(); ++i) {
        uint32_t slot = next[voxel_of(points[i])]++;
        items_[slot] = static_cast<uint32_t>(i);
        points_[slot] = points[i];
    }
}

}  // namespace mesh
