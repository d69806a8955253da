#pragma once

// A pen led with keys alone, for hands that hold neither mouse nor stylus: arrows move it over the skin as seen, one key puts it down
// and lifts it. What it presses with is the mouse pen's wished force, in its steps. No GLFW here: the screen reads the keys.

#include <glm/vec2.hpp>

namespace input {

/// How the pen answers to the arrow keys. Nobody has measured these (A); the speed on the skin is the middle of what glides well
/// (clinical.md 9 row 8).
struct KeysPenFigures {
    double tap = 0.5e-3;      ///< m that a key moves it at once
    double slow = 5e-3;       ///< m/s as it is held on
    double glide = 22e-3;     ///< m/s on the skin, once it has been held for `ramp`
    double travel = 80e-3;    ///< m/s lifted, the same
    double ramp = 0.5;        ///< s
};

class KeysPen {
  public:
    /// What a picture shows round the pen.
    struct Field {
        double aspect = 1;        ///< width / height
        double metres_high = 0.1; ///< of the skin, from the picture's upper to its lower edge
        double left = 0, right = 1;  ///< shares of the width between which nothing lies over it
    };

    void put(glm::dvec2 place) { place_ = place; }
    /// In the picture, [0, 1] from the upper left.
    glm::dvec2 place() const { return place_; }
    bool down() const { return down_; }
    void set_down(bool down) { down_ = down; }

    /// `way`: -1, 0 or 1 to the right and down, of the arrows that are held. `time` s, steady; a gap of more than a quarter of a
    /// second goes no farther than a tap does. Returns place().
    glm::dvec2 update(double time, glm::ivec2 way, const Field& field, const KeysPenFigures& figures = {});

  private:
    glm::dvec2 place_{0.5};
    bool down_ = false;
    glm::ivec2 way_{0};
    double held_ = 0, last_time_ = 0;  ///< s
};

}  // namespace input
