#pragma once

// What the pointer did, in order, whatever a picture cost to draw. The display tells of every move and press; the
// controls (ImGui) say where a press went, on the picture or on one of them, but take a frame for each. A slow frame
// may hold a whole stroke, and the end of one with the beginning of the next: a press waits here, and what came after
// it, until the controls have heard of it.

#include "engine/render/window.h"

#include <deque>
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
    };

    /// `place`: where the pointer rests to begin with.
    explicit PointerTrail(glm::dvec2 place) { last_.place = place; }

    /// The events of one frame, in which the window read them up to `time` (s). `heard`: where the controls say that a
    /// press went of which they heard in this frame; true = on the picture. Returns what is settled, oldest first, at
    /// least one; the last one stands for this moment, unless a press waits.
    std::vector<Event> settle(std::span<const render::PointerEvent> events, double time,
                              std::optional<bool> heard);

    static constexpr int kPatience = 8;  ///< frames in which nobody hears of a press: then it went nowhere

    /// Where it rests now.
    const Event& last() const { return last_; }

  private:
    std::deque<std::pair<double, render::PointerEvent>> waiting_;
    Event last_;
    std::optional<double> read_at_;  ///< s, end of the frame before
    bool down_ = false;              ///< the button, wherever it was pressed
    int unheard_ = 0;                ///< frames for which the press in front has waited
};

/// Two pointers at one time.
struct PointerPair {
    double time = 0;  ///< s, never earlier than the one before
    PointerTrail::Event first, second;
};
/// The events of both in one order, each with where the other was; `last`: both before them.
std::vector<PointerPair> side_by_side(std::span<const PointerTrail::Event> first,
                                      std::span<const PointerTrail::Event> second, PointerPair last);

}  // namespace app
