#pragma once

// A gamepad's buttons as the keys that walk through the screens, so that whatever can be done with keys can be done with a
// pad. What each is follows from what the pad is used for.
//
// | button            | screens       | leads the pen | the same, left trigger | menu over it   | letters on screen |
// | ----------------- | ------------- | ------------- | ---------------------- | -------------- | ----------------- |
// | cross up, down    | arrows        | (the pen's)   | W, S                   | Shift+Tab, Tab | arrows            |
// | cross left, right | arrows        | X, B          | A, D                   | Shift+Tab, Tab | arrows            |
// | south             | Enter         | (the pen's)   |                        | Enter          | Space             |
// | east              | Escape        | Escape        | H                      | Escape         | Escape            |
// | west              | Tab           | G             | N                      | Tab            | Backspace         |
// | north             | Space         | (the pen's)   | O                      | Space          | Tab               |
// | shoulders         | Page Up, Down | [, ]          | Shift+Down, Shift+Up   |                | Page Up, Down     |
// | back              | Backspace     | Enter         | Backspace              |                | Backspace         |
// | start             |               | (the pen's)   | P                      | Escape         | Enter             |
//
// What is the pen's own: input::GamepadPen. What the letters on screen make of theirs: app::ScreenKeyboard; they are keys of no field.

#include "engine/input/gamepad_pen.h"

#include <array>
#include <vector>

namespace render {

enum class PadPart : uint8_t { screens, pen, menu, letters };

class PadKeys {
  public:
    struct Press {
        int key;  ///< GLFW's number
        bool repeat, shift;
    };
    /// What went down since the last look, and what is held and repeats as a keyboard's key does: first after 0.4 s, then
    /// every 0.1 s, once a look. `time` s, steady. A button that was held as the pad changed its part says nothing.
    std::vector<Press> update(double time, const input::GamepadState& pad, PadPart part);

  private:
    struct Held {
        bool down = false;
        double next = 0;  ///< s, when it repeats
    };
    std::array<Held, 12> held_{};
    size_t column_ = 0;  ///< of the table above, in the last look
};

}  // namespace render
