#pragma once

// Keys and letters of one frame in the order in which a hand gave them. Dear ImGui's fields look once a frame at which keys are
// down, and take letters before keys: in a slow frame "Ctrl+A, x, Backspace, y" would come out as anything. While a field is typed
// into, a frame therefore gets no more than the field takes in the right order, and the rest comes with the next frames.

#include <deque>
#include <variant>
#include <vector>

namespace render {

class TypedKeys {
  public:
    struct Press {
        int key;      ///< GLFW's number
        bool repeat;  ///< held down, sent again by the display
        int mods;     ///< GLFW's bits, at that moment
    };
    void press(const Press& press) { waiting_.emplace_back(press); }
    void letter(unsigned code) { waiting_.emplace_back(code); }

    /// What a frame gets.
    struct Portion {
        std::vector<Press> presses;
        std::vector<unsigned> letters;
        /// The one of the presses that makes no letter and that a field obeys: Ctrl+A, an arrow, Backspace, Tab; 0 = none.
        int command = 0, mods = 0;
    };
    /// All that waits; `into_field`: letters, then at most one command, and none that was told in the frame before, which would
    /// not be seen to go down again. What follows a Tab waits two frames more, in which the next field begins to take letters.
    Portion next(bool into_field);
    /// Its turn is still to come.
    bool waits(int key) const;

  private:
    bool has_room(const Portion& portion, const std::variant<Press, unsigned>& one) const;

    std::deque<std::variant<Press, unsigned>> waiting_;
    int last_command_ = 0;
    int settling_ = 0;  ///< frames
};

}  // namespace render
