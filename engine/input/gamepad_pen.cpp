#include "engine/input/gamepad_pen.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>

#include <algorithm>
#include <iterator>

namespace input {

namespace {
constexpr double kLostTime = 0.25;  // s
}

uint32_t buttons_down(const GamepadState& pad) {
    using Pad = GamepadState;
    static constexpr bool Pad::*kAll[] = {&Pad::south, &Pad::east,       &Pad::west,        &Pad::north,         &Pad::up,             &Pad::down,
                                          &Pad::cross_left, &Pad::cross_right, &Pad::left_shoulder, &Pad::right_shoulder, &Pad::start, &Pad::back};
    uint32_t down = 0;
    for (size_t i = 0; i < std::size(kAll); ++i) down |= uint32_t(pad.*kAll[i]) << i;
    return down;
}

bool tools_held(const GamepadState& pad) {
    return pad.left_trigger > 0;
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
    const glm::dvec2 lean = tools_held(pad) ? glm::dvec2(0) : without_dead_zone(pad.right, figures.dead_zone);
    hold_.place += way * (figures.speed * seconds) / glm::dvec2(aspect, 1);
    hold_.place = glm::clamp(hold_.place, glm::dvec2(0), glm::dvec2(1));
    // Where the stick goes the pen's upper end goes, so the axis into the skin goes the other way; down is towards the hand.
    hold_.tilt = glm::dvec2(-lean.x, lean.y) * glm::radians(figures.most_tilt_deg);

    trigger_there_ = trigger_there_ || pad.right_trigger != 0;
    hold_.force = trigger_there_ ? force_of(figures.trigger, (pad.right_trigger + 1) / 2) : 0;

    press(pad);
    hold_.moved = way != glm::dvec2(0) || lean != glm::dvec2(0) || hold_.force > 0 || tools_held(pad) || buttons_down(pad) != 0;
    return hold_;
}

void GamepadPen::press(const GamepadState& pad) {
    const GamepadState before = before_.value_or(pad);
    const bool tools = tools_held(pad);
    const auto began = [&](bool GamepadState::*button) { return pad.*button && !(before.*button); };
    if (began(&GamepadState::south) && !tools) hold_.motor = !hold_.motor;
    hold_.traction = began(&GamepadState::north) && !tools;
    hold_.deeper = began(&GamepadState::down) && !tools;
    hold_.shallower = began(&GamepadState::up) && !tools;
    hold_.start = began(&GamepadState::start) && !tools;
    before_ = pad;
}

const GamepadPen::Hold& GamepadPen::rest(double time, const GamepadState& pad) {
    before_ = pad;
    last_time_ = time;
    hold_.force = 0;
    hold_.tilt = {0, 0};
    hold_.moved = hold_.traction = hold_.deeper = hold_.shallower = hold_.start = false;
    return hold_;
}

}  // namespace input
