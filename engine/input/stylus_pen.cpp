#include "engine/input/stylus_pen.h"

#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>

#include <algorithm>

namespace input {

double force_of(const PressureCurve& curve, double pressure) {
    const double share = std::clamp((pressure - curve.dead_zone) / (1.0 - curve.dead_zone), 0.0, 1.0);
    return curve.full_force * (share + curve.bend * share * (1.0 - share));
}

glm::dvec2 tilt_of(glm::dvec2 degrees, double dead_zone_deg) {
    constexpr double kMost = 60.0;  // beyond it no tablet tells the truth
    if (glm::length(degrees) < dead_zone_deg) return glm::dvec2(0);
    // The axis points into the skin: its lower end goes where the upper end does not.
    return glm::radians(glm::dvec2(-std::clamp(degrees.x, -kMost, kMost), std::clamp(degrees.y, -kMost, kMost)));
}

}  // namespace input
