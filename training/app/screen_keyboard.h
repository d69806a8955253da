#pragma once

// A keyboard on screen, over all else, for whoever holds a gamepad: it opens when a field begins to take letters and the pad was used
// last, and closes with the typing. The cross walks its keys, the mouse may press them too, and a letter of a real keyboard puts it
// away. What it types goes the way of a keyboard's letters into the field (render::Window::type_letter), so a field of dots stays one
// and is wiped as ever; no letter is kept here or logged.

#include "training/app/letter_grid.h"
#include "training/app/screens.h"

#include <optional>

namespace app {

class ScreenKeyboard {
  public:
    /// Before any control of this frame: takes the pad's buttons and what the mouse does over it.
    void begin_frame(Desk& desk);
    /// After all of them.
    void draw(Desk& desk);

  private:
    void open(const Desk& desk);
    void take_buttons(Desk& desk);
    void take_pointer(Desk& desk);
    void press(Desk& desk, const LetterGrid::Key& key);
    void place(const Desk& desk);
    struct Box {
        ImVec2 from, to;
    };
    Box box_of(const LetterGrid::Key& key) const;
    void draw_how(const Desk& desk) const;
    void draw_key(const Desk& desk, const LetterGrid::Key& key) const;
    static std::string name_of(const Desk& desk, const LetterGrid& grid, const LetterGrid::Key& key);

    std::optional<LetterGrid> grid_;  ///< while it is open
    bool shunned_ = false;            ///< somebody types on a keyboard
    Box all_{};                       ///< px, in the last frame; empty before the first
    ImVec2 keys_{}, key_{};           ///< px: where the keys begin, and how large one is with the gap behind it
    float head_ = 0;                  ///< px: the line above them; 0 where there is no room for one
};

}  // namespace app
