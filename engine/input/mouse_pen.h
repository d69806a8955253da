#pragma once

// A pen led over the picture: a mouse, stylus, gamepad or keys pick the place on the skin. With the mouse the wheel and a held
// button make the force, and keys the tilt; with keys alone keys do; the others tell theirs. No GLFW here: the window feeds it plain numbers, so
// tests can too.

#include "engine/input/pen_sample.h"

#include <glm/vec2.hpp>

namespace input {

/// One look at the mouse, taken at the simulation's rate (120 Hz).
struct MouseState {
    bool over_skin = false;
    glm::dvec3 place{0};       ///< m, rest surface under the pointer
    glm::dvec3 normal{0, 0, 1};  ///< unit outward, smoothed over the tip
    bool pressed = false;      ///< left button: the tip is on the skin
    std::optional<double> force;  ///< N, where a device measures it; the hand's own, so it comes without delay
    double wheel = 0;          ///< notches since the last look; up presses harder
    glm::dvec2 tilt{0};        ///< wished tilt in radians, of the axis into the skin, along TangentPlane's right and up
    glm::dvec3 view_right{1, 0, 0}, view_up{0, 1, 0};  ///< unit, head frame
};

/// The directions in which a pen is leaned, unit, perpendicular to each other and to the skin's normal.
struct TangentPlane {
    glm::dvec3 right, up;
};
/// The picture's right and up, laid onto the skin by the shortest turn that brings what faces the eye onto the normal: of all
/// perpendicular pairs in the skin's plane it is the nearest to both as seen, prefers neither, and is steady up to the outline, where one
/// of them alone has no direction left. So the skin's plane is the tablet on the table, whatever the slant it is seen at, and 20 degrees
/// told are 20 degrees between pen and normal. Skin that shows its back to the eye, where nothing is picked, has some such pair.
/// All unit, `view_right` perpendicular to `view_up`.
TangentPlane tangent_plane(glm::dvec3 normal, glm::dvec3 view_right, glm::dvec3 view_up);

class MousePen {
  public:
    static constexpr double kForceStep = 0.05;  ///< N per notch
    /// Wished axial force in N at full press; the wheel changes it in these steps within [0.05, 6].
    double target_force = 0.7;

    /// The pose at `time`; the force rises with a time constant of 80 ms, as a hand's does. Let go, it falls within 70 ms
    /// while the tip stays where it is: a hand lifts before it moves on. Then the tip hovers 4 mm above the skin. A
    /// measured force is taken as it is.
    PenPose update(double time, const MouseState& mouse, double depth_m, double rate_hz);

  private:
    double force_ = 0;
    double last_time_ = 0;
    glm::dvec3 place_{0, 0, 1}, normal_{0, 0, 1};
    bool have_place_ = false;
};

}  // namespace input
