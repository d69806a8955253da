#pragma once

// Points sorted into cubic voxels, for "which of these lie near here" in a fraction of a microsecond. Built
// and walked in a fixed order; answers do not depend on the voxels' size.

#include <glm/vec3.hpp>

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

class VoxelGrid {
  public:
    VoxelGrid() = default;
    /// Copies the points. `voxel` (m) is about the distance that will be asked for; it is doubled until the
    /// grid has at most kMaxVoxels.
    VoxelGrid(std::span<const glm::dvec3> points, double voxel);

    /// Calls visit(index, squared distance) for points within sqrt(limit2) of `p`, in no meaningful order.
    /// `visit` may lower `limit2` as it goes: points farther than the lowered limit may then be left out. A
    /// point exactly at the limit is visited.
    template <typename Visit>
    void near(glm::dvec3 p, double& limit2, Visit&& visit) const {
        if (begin_.empty()) return;
        glm::dvec3 at = (p - low_) * per_voxel_;
        double reach = std::sqrt(limit2) * per_voxel_ + kSlack;
        for (int axis = 0; axis < 3; ++axis)
            if (!(at[axis] >= -reach && at[axis] <= size_[axis] + reach)) return;
        glm::ivec3 own = clamp(at);
        run(own.x, own.x, own.y, own.z, p, limit2, visit);
        // What was found in the point's own voxel narrows the search in the others.
        reach = std::sqrt(limit2) * per_voxel_ + kSlack;
        glm::ivec3 from = clamp(at - reach), to = clamp(at + reach);
        double voxel2 = 1 / (per_voxel_ * per_voxel_);
        for (int z = from.z; z <= to.z; ++z) {
            double dz = outside(at.z, z);
            for (int y = from.y; y <= to.y; ++y) {
                double dy = outside(at.y, y);
                if ((dz * dz + dy * dy) * voxel2 > limit2) continue;
                if (y != own.y || z != own.z) {
                    run(from.x, to.x, y, z, p, limit2, visit);
                    continue;
                }
                if (from.x < own.x) run(from.x, own.x - 1, y, z, p, limit2, visit);
                if (own.x < to.x) run(own.x + 1, to.x, y, z, p, limit2, visit);
            }
        }
    }

    bool empty() const { return points_.empty(); }

    static constexpr uint64_t kMaxVoxels = 1u << 24;

  private:
    // In voxels. Rounding must not skip a point on a voxel's border: voxels are taken for a little larger
    // than they are.
    static constexpr double kSlack = 1e-9;

    static double outside(double at, int voxel) {
        double below = voxel - at - kSlack, above = at - (voxel + 1) - kSlack;
        return below > 0 ? below : above > 0 ? above : 0;
    }
    glm::ivec3 clamp(glm::dvec3 at) const {
        glm::ivec3 voxel;
        for (int axis = 0; axis < 3; ++axis) {
            double last = size_[axis] - 1;
            double v = std::floor(at[axis]);
            voxel[axis] = static_cast<int>(v < 0 ? 0 : v > last ? last : v);
        }
        return voxel;
    }
    template <typename Visit>
    void run(int x0, int x1, int y, int z, glm::dvec3 p, double& limit2, Visit&& visit) const {
        size_t row = (static_cast<size_t>(z) * size_.y + y) * size_.x;
        for (uint32_t i = begin_[row + x0]; i < begin_[row + x1 + 1]; ++i) {
            glm::dvec3 d = points_[i] - p;
            double d2 = d.x * d.x + d.y * d.y + d.z * d.z;
            if (d2 <= limit2) visit(items_[i], d2);
        }
    }

    glm::dvec3 low_{0};
    double per_voxel_ = 1;
    glm::ivec3 size_{0};
    std::vector<uint32_t> begin_;     // per voxel, x fastest, and one more
    std::vector<uint32_t> items_;     // indices of the points, by voxel
    std::vector<glm::dvec3> points_;  // in the order of items_
};

}  // namespace mesh
