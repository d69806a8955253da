#include "engine/input/mouse_pen.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace input {
namespace {
constexpr double kForceLow = 0.05, kForceHigh = 6.0;
constexpr double kPressTimeConstant = 0.08;  // s
constexpr double kLiftTimeConstant = 0.02;   // s
constexpr double kHover = 4e-3;            // m
constexpr double kLifted = 0.02;           // N; below it the tip leaves the skin

/// `axis` leaned by the wished tilt in the plane that it stands on.
glm::dvec3 lean(glm::dvec3 axis, glm::dvec2 tilt, const TangentPlane& plane) {
    auto slope = [](double angle) {
        double bounded = std::clamp(angle, -1.2, 1.2);
        return base::det::sin(bounded) / base::det::cos(bounded);
    };
    return glm::normalize(axis + plane.right * slope(tilt.x) + plane.up * slope(tilt.y));
}
}  // namespace

TangentPlane tangent_plane(glm::dvec3 normal, glm::dvec3 view_right, glm::dvec3 view_up) {
    constexpr double kFromBehind = 1e-3;  // 1 + cosine between normal and eye: below it any turn is as short as any other
    const glm::dvec3 eye = glm::cross(view_right, view_up);
    const double faces = 1 + glm::dot(eye, normal);
    if (faces < kFromBehind) return {view_right, -view_up};
    const glm::dvec3 middle = (eye + normal) / faces;
    return {view_right - glm::dot(view_right, normal) * middle, view_up - glm::dot(view_up, normal) * middle};
}

PenPose MousePen::update(double time, const MouseState& mouse, double depth_m, double rate_hz) {
    target_force = std::clamp(target_force + kForceStep * mouse.wheel, kForceLow, kForceHigh);
    double wished = mouse.pressed && mouse.over_skin ? mouse.force.value_or(target_force) : 0.0;
    bool lifting = wished == 0 && force_ >= kLifted && !mouse.force;
    if (mouse.over_skin && !lifting) {
        place_ = mouse.place;
        normal_ = mouse.normal;
        have_place_ = true;
    }
    double dt = std::max(0.0, time - last_time_);
    last_time_ = time;
    double time_constant = wished > 0 ? kPressTimeConstant : kLiftTimeConstant;
    if (mouse.force)
        force_ = wished;
    else
        force_ += (wished - force_) * (1.0 - base::det::exp(-dt / time_constant));
    bool lifted = force_ < kLifted;

    PenPose pose;
    pose.time = time;
    pose.axis = lean(-normal_, mouse.tilt, tangent_plane(normal_, mouse.view_right, mouse.view_up));
    pose.tip = have_place_ ? place_ + normal_ * (lifted ? kHover : 0.0) : glm::dvec3(0, 0, 0.3);
    pose.force = lifted ? 0.0 : force_;
    pose.motor = true;
    pose.depth = depth_m;
    pose.rate_hz = rate_hz;
    return pose;
}

}  // namespace input
