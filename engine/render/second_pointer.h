#pragma once

// Another pointer of the display beside the one that everybody uses: a second mouse or touchpad for the hand that holds
// no pen. X11 calls it a second master pointer (`xinput create-master`); elsewhere there is none. Over our window it is
// ours alone: no control is clicked with it.

#include <glm/vec2.hpp>

#include <memory>
#include <vector>

namespace render {

class SecondPointer {
  public:
    /// Of an X11 window by its number, 0 where the display is none of X11's. Empty then, and without XInput 2.
    static std::unique_ptr<SecondPointer> watch(unsigned long window);
    ~SecondPointer();

    struct Event {
        glm::dvec2 place;      ///< pixels of the window from its upper left, with fractions
        bool pressed = false;  ///< first button
        /// It came over the window here. X tells that to everybody, so the first pointer seems to leap there once.
        bool entered = false;
    };
    /// What it did since the last call, oldest first. Pointers that come and go meanwhile are taken up and let go.
    std::vector<Event> read();

  private:
    struct State;
    explicit SecondPointer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace render
