#pragma once

// What the pointer did, in order, whatever a picture cost to draw. The display tells of every move and press; the
// controls (ImGui) look once a frame and do not see a release and the next press between two looks. A slow frame may
// hold a whole stroke, and the end of one with the beginning of the next.

#include "engine/render/window.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace app {

class PointerTrail {
  public:
    struct Event {
        double time = 0;      ///< s
        glm::dvec2 place{0};  ///< window coordinates
        bool pressed = false;  ///< left button, begun on the picture
        std::optional<render::PenTouch> pen = {};  ///< a stylus leads, not a mouse
    };

    /// `place`: where the pointer rests to begin with.
    explicit PointerTrail(glm::dvec2 place) { last_.place = place; }

    /// The events of one frame, which the window read up to `time` (s), oldest first, at least one; the last one stands
    /// for this moment. Those of a stylus have times of their own, and its last may be a little older. `on_picture`: a press in this frame is on the picture and not on a control.
    std::vector<Event> settle(std::span<const render::PointerEvent> events, double time, bool on_picture);

    /// Where it rests now.
    const Event& last() const { return last_; }

  private:
    Event last_;
    std::optional<double> read_at_;  ///< s, end of the frame before
    bool down_ = false;              ///< the button, wherever it was pressed
};

/// Two pointers at one time.
struct PointerPair {
    PointerTrail::Event first, second;

    double time() const { return std::max(first.time, second.time); }
};
/// The events of both in one order, each with where the other was; `last`: both before them.
std::vector<PointerPair> side_by_side(std::span<const PointerTrail::Event> first,
                                      std::span<const PointerTrail::Event> second, PointerPair last);

}  // namespace app
