#pragma once

// Where a tracker's space lies in the head's: three known points, each touched with the tracked pen's tip, give the rigid
// motion between both. Closed form: two triangles lie best on each other when their centroids and planes do, and the
// turn left within the plane is a least-squares angle (Horn 1987, J Opt Soc Am A 4:629, section on coplanar points).

#include "engine/base/result.h"

#include <glm/mat3x3.hpp>
#include <glm/vec3.hpp>

#include <array>

namespace input {

/// Takes the tracker's space to the head's: rotation first.
struct RigidTransform {
    glm::dmat3 rotation{1.0};
    glm::dvec3 translation{0};  ///< m

    glm::dvec3 point(glm::dvec3 place) const { return rotation * place + translation; }
    glm::dvec3 direction(glm::dvec3 way) const { return rotation * way; }
    bool operator==(const RigidTransform&) const = default;
};

struct Calibration {
    RigidTransform head_from_tracker;
    double residual = 0;  ///< m, root mean square of the distances that are left at the three points
};

/// `touched`: in the tracker's space, m; `known`: the same points in the head's. Refuses points that lie within 10 mm of a
/// line, on either side: they do not tell how space is turned; and touches that leave a residual of more than 10 mm (A): one of
/// them was far from its point. Three points tell nothing of a mirrored tracker.
base::Result<Calibration> calibrate(const std::array<glm::dvec3, 3>& touched, const std::array<glm::dvec3, 3>& known);

}  // namespace input
