#pragma once

// A gamepad's buttons as the keys that walk through the screens, so that whatever can be done with keys can be done with a
// pad: cross = arrows, south = Enter, north = Space, east = Escape, west = Tab, shoulders = Page Up and Page Down, back =
// Backspace. While the pad leads the pen most of its buttons belong to that (input::GamepadPen);
// left are the shoulders = [ and ], the zone before and after, east = Escape and back = Enter, to finish.

#include "engine/input/gamepad_pen.h"

#include <array>
#include <vector>

namespace render {

class PadKeys {
  public:
    struct Press {
        int key;  ///< GLFW's number
        bool repeat;
    };
    /// What went down since the last look, and what is held and repeats as a keyboard's key does: first after 0.4 s, then
    /// every 0.1 s, once a look. `time` s, steady. A button that was held as the pad changed its part says nothing.
    std::vector<Press> update(double time, const input::GamepadState& pad, bool leads_pen);

  private:
    struct Held {
        bool down = false;
        double next = 0;  ///< s, when it repeats
    };
    std::array<Held, 11> held_{};
    bool led_pen_ = false;
};

}  // namespace render
