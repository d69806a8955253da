#include "engine/input/gamepad_pen.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>

#include <algorithm>

namespace input {

namespace {
constexpr double kLostTime = 0.25;  // s
}

glm::dvec2 without_dead_zone(glm::dvec2 stick, double dead_zone) {
    const double length = glm::length(stick);
    if (!(length > dead_zone)) return glm::dvec2(0);
    const double share = std::min(1.0, (length - dead_zone) / (1 - dead_zone));
    return stick * (share * share / length);
}

const GamepadPen::Hold& GamepadPen::update(double time, const GamepadState& pad, double aspect,
                                           const GamepadFigures& figures) {
    const double gap = time - last_time_;
    const double seconds = gap > 0 && gap <= kLostTime ? gap : 0;
    last_time_ = time;
    const glm::dvec2 way = without_dead_zone(pad.left, figures.dead_zone);
    const glm::dvec2 lean = without_dead_zone(pad.right, figures.dead_zone);
    hold_.place += way * (figures.speed * seconds) / glm::dvec2(aspect, 1);
    hold_.place = glm::clamp(hold_.place, glm::dvec2(0), glm::dvec2(1));
    // Where the stick goes the pen's upper end goes, so the axis into the skin goes the other way; down is towards the hand.
    hold_.tilt = glm::dvec2(-lean.x, lean.y) * glm::radians(figures.most_tilt_deg);

    trigger_there_ = trigger_there_ || pad.right_trigger != 0;
    hold_.force = trigger_there_ ? force_of(figures.trigger, (pad.right_trigger + 1) / 2) : 0;

    if (pad.south && !before_.south) hold_.motor = !hold_.motor;
    hold_.traction = pad.north && !before_.north;
    hold_.deeper = pad.down && !before_.down;
    hold_.shallower = pad.up && !before_.up;
    hold_.start = pad.start && !before_.start;
    hold_.moved = way != glm::dvec2(0) || lean != glm::dvec2(0) || hold_.force > 0 || pad.south || pad.north || pad.up ||
                  pad.down || pad.start;
    before_ = pad;
    return hold_;
}

}  // namespace input
