#pragma once

// What a pressure stylus tells, in the words of the pen that it stands for: pressure becomes axial force through a curve
// that whoever holds it can set, tilt becomes a lean. No X11 and no window here: render reads the display's devices and
// hands over plain numbers, so tests can too.

#include <glm/vec2.hpp>

namespace input {

/// From pressure to axial force. A stylus tells a share of its sensor's range, not newtons: the scale is a choice (A)
/// until somebody puts this very stylus on a balance.
struct PressureCurve {
    double dead_zone = 0.03;  ///< share of the range in [0, 0.5] that presses nothing: a resting nib is no touch (A)
    double full_force = 3.0;  ///< N at full pressure, in [0.5, 6] (A)
    double bend = 0.0;        ///< in [-1, 1]; 0 is a straight line, above it a light hand already presses harder

    bool operator==(const PressureCurve&) const = default;
};

/// N, for a pressure of [0, 1]; beyond is taken for the nearest end. Zero through the dead zone, then with
/// s = (pressure - dead_zone) / (1 - dead_zone): full_force (s + bend s (1 - s)), which rises throughout.
double force_of(const PressureCurve& curve, double pressure);

/// The stylus' own lean as the wished tilt of MouseState, rad: its tablet stands for the skin's plane at the pen's place (TangentPlane),
/// so that each angle to the tablet is the same to the skin. `degrees`: how far its upper end leans to the right and
/// towards whoever holds it, as tablets tell it; less than `dead_zone_deg` altogether is upright.
glm::dvec2 tilt_of(glm::dvec2 degrees, double dead_zone_deg);

}  // namespace input
