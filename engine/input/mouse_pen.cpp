#include "engine/input/mouse_pen.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace input {
namespace {
constexpr double kForceStep = 0.05;        // N per notch
constexpr double kForceLow = 0.05, kForceHigh = 6.0;
constexpr double kPressTimeConstant = 0.08;  // s
constexpr double kLiftTimeConstant = 0.02;   // s
constexpr double kHover = 4e-3;            // m
constexpr double kLifted = 0.02;           // N; below it the tip leaves the skin

/// `axis` leaned by the wished tilt about the view's right and up axes.
glm::dvec3 lean(glm::dvec3 axis, const MouseState& mouse) {
    auto slope = [](double angle) {
        double bounded = std::clamp(angle, -1.2, 1.2);
        return base::det::sin(bounded) / base::det::cos(bounded);
    };
    return glm::normalize(axis + mouse.view_right * slope(mouse.tilt.x) + mouse.view_up * slope(mouse.tilt.y));
}
}  // namespace

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
    pose.axis = lean(-normal_, mouse);
    pose.tip = have_place_ ? place_ + normal_ * (lifted ? kHover : 0.0) : glm::dvec3(0, 0, 0.3);
    pose.force = lifted ? 0.0 : force_;
    pose.motor = true;
    pose.depth = depth_m;
    pose.rate_hz = rate_hz;
    return pose;
}

}  // namespace input
