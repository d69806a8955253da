#pragma once

// A pen led with a gamepad: the left stick moves it over the skin as seen, the right stick leans it, the right trigger
// presses. No GLFW here: the window reads the pad in its standard mapping and hands over plain numbers, so tests can too.

#include "engine/input/stylus_pen.h"

#include <glm/vec2.hpp>

#include <cstdint>
#include <optional>

namespace input {

/// One look at a gamepad in the standard mapping.
struct GamepadState {
    glm::dvec2 left{0}, right{0};  ///< sticks, [-1, 1], right and down positive
    double left_trigger = -1, right_trigger = -1;  ///< -1 at rest to 1; 0 where the pad has none
    bool south = false, east = false, west = false, north = false;  ///< the four buttons under the right thumb
    bool up = false, down = false, cross_left = false, cross_right = false;  ///< of the cross
    bool left_shoulder = false, right_shoulder = false;
    bool start = false, back = false;
};

/// How a gamepad answers to the hand. Nobody has measured these (A).
struct GamepadFigures {
    double dead_zone = 0.15;    ///< of a stick's throw, in [0, 0.5]: worn sticks rest off their middle
    double speed = 0.35;        ///< heights of the picture a second, at full throw, in [0.05, 2]
    double most_tilt_deg = 30;  ///< to the skin's normal, at full throw to one side, in [5, 45]
    PressureCurve trigger{0.05, 3.0, 0.0};

    bool operator==(const GamepadFigures&) const = default;
};

/// The buttons that are down, a bit each; sticks and triggers are none.
uint32_t buttons_down(const GamepadState& pad);
/// The left trigger is pulled by half or more, by which the other buttons mean something else; never where the pad has none.
bool tools_held(const GamepadState& pad);

/// A stick without its dead zone, which is a circle: direction kept, length s = (length - dead zone) / (1 - dead zone)
/// squared, so that the middle is fine and the rim fast.
glm::dvec2 without_dead_zone(glm::dvec2 stick, double dead_zone);

class GamepadPen {
  public:
    struct Hold {
        glm::dvec2 place{0.5};  ///< in the picture, [0, 1] from the upper left
        glm::dvec2 tilt{0};     ///< rad, as MouseState::tilt
        double force = 0;       ///< N
        bool motor = true;
        bool moved = false;     ///< by this look: some control is not at rest
        // Went down since the last look.
        bool traction = false, deeper = false, shallower = false, start = false;
    };

    /// The pen goes on from `place`, where it was led to meanwhile by other means.
    void put(glm::dvec2 place) { hold_.place = place; }
    glm::dvec2 place() const { return hold_.place; }

    /// `time` s, steady; a gap of more than a quarter of a second moves nothing. `aspect`: width / height of the picture.
    /// A trigger counts only once it has told something other than 0, which a missing one tells for ever and which looks
    /// half pressed. South turns the motor on and off, north holds the skin, the cross up and down sets the needles, unless the
    /// tools are held; then the right stick does not lean it either, as it scrolls what stands beside the picture. What is held at
    /// the first look says nothing until it is pressed again.
    const Hold& update(double time, const GamepadState& pad, double aspect, const GamepadFigures& figures);

    /// A look while the pad is used for something else: the pen rests, and what is held says nothing until it is pressed again.
    const Hold& rest(double time, const GamepadState& pad);

  private:
    void press(const GamepadState& pad);

    Hold hold_;
    std::optional<GamepadState> before_;
    double last_time_ = 0;
    bool trigger_there_ = false;
};

}  // namespace input
