#pragma once

// Pens of the display that measure pressure: graphics tablets and pen screens, through XInput 2 beside GLFW, which knows
// of none (glfw#403). GLFW goes on seeing the pen as a mouse, in whole pixels; here it is told with fractions, pressure,
// tilt where it has one, and the display's own time stamps. Elsewhere than under X11 there is none.

#include <glm/vec2.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace render {

/// One pen that the display has.
struct StylusInfo {
    std::string name;
    int pressure_levels = 0;  ///< steps from no pressure to full, as the display tells them
    bool tilt = false;

    bool operator==(const StylusInfo&) const = default;
};

class Stylus {
  public:
    /// Of an X11 window by its number, 0 where the display is none of X11's. Empty then, and without XInput 2.
    static std::unique_ptr<Stylus> watch(unsigned long window);
    ~Stylus();

    struct Event {
        uint32_t time_ms = 0;   ///< the display's time stamp; wraps
        glm::dvec2 place{0};    ///< pixels of the window from its upper left, with fractions
        bool pressed = false;   ///< its tip is down
        double pressure = 0;    ///< of the sensor's range, [0, 1]
        std::optional<glm::dvec2> tilt;  ///< degrees that its upper end leans right and towards the hand; none where not told
        size_t pen = 0;         ///< of pens(); past their end for one that went away
    };
    /// What pens did since the last call, oldest first. One that goes away while it is down lifts.
    std::vector<Event> read();

    /// Those that are there now. Pens that come and go are noticed in read().
    std::span<const StylusInfo> pens() const;

  private:
    struct State;
    explicit Stylus(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Pens of the display that this program would open its window on; none without one.
std::vector<StylusInfo> list_styluses();

}  // namespace render
