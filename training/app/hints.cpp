#include "training/app/hints.h"

#include <algorithm>
#include <iterator>

namespace app {

namespace {

/// What a text for the mouse becomes with a stylus, a gamepad, a tracked pen or keys.
struct Variants {
    const char *mouse, *stylus, *gamepad, *tracked, *keys;
};
constexpr Variants kVariants[] = {
    {"hint.press", "hint.press_stylus", "hint.press_gamepad", "hint.press_tracked", "hint.press_keys"},
    {"hint.press_stamp", "hint.stamp_stylus", "hint.stamp_gamepad", "hint.stamp_tracked", "hint.stamp_keys"},
    {"hint.press_roller", "hint.roller_stylus", "hint.roller_gamepad", "hint.roller_tracked", "hint.roller_keys"},
    {"hint.wheel", "hint.force_stylus", "hint.force_gamepad", "hint.force_tracked", "hint.force_keys"},
    {"hint.view", "hint.view_keys", "hint.view_gamepad", "hint.view_keys", "hint.view_keys"},
    {"hint.overlay", "hint.overlay", "hint.overlay_gamepad", "hint.overlay", "hint.overlay"},
    {"hint.traction", "hint.traction", "hint.traction_gamepad", "hint.traction_keys", "hint.traction_keys"},
    {"hint.held", "hint.held", "hint.held_gamepad", "hint.held_keys", "hint.held_keys"},
    {"hint.paused", "hint.paused", "hint.paused_gamepad", "hint.paused", "hint.paused"},
    {"hint.finish", "hint.finish", "hint.finish_gamepad", "hint.finish", "hint.finish"},
    {"lesson.hold_hint", "lesson.hold_stylus", "lesson.hold_gamepad", "lesson.hold_tracked", "lesson.hold_keys"},
};

constexpr double kEnoughContact = 2.0;  // s of needling before the next hint
constexpr double kForceIsRead = 6.0;    // s more, after which who holds a pen that measures force has read of it

/// Counts on from the first time that `done` was true.
void count(double& since, bool done, double seconds) {
    if (done || since > 0) since += seconds;
}

}  // namespace

std::string hint_for(const std::string& key, Leader leader) {
    const auto found = std::ranges::find_if(kVariants, [&](const Variants& one) { return key == one.mouse; });
    if (found == std::end(kVariants)) return key;
    switch (leader) {
        case Leader::mouse: return found->mouse;
        case Leader::stylus: return found->stylus;
        case Leader::gamepad: return found->gamepad;
        case Leader::tracked: return found->tracked;
        case Leader::keys: return found->keys;
    }
    return key;
}

void Hints::notice(const Doings& doings, double seconds) {
    touching_ = doings.touching;
    mobile_zone_ = doings.mobile_zone;
    if (doings.touching) contact_ += seconds;
    const bool read = doings.measures_force && contact_ > kEnoughContact + kForceIsRead;
    count(wheel_, doings.turned_wheel || read, seconds);
    count(view_, doings.moved_view, seconds);
    count(overlay_, doings.changed_overlay, seconds);
    count(skin_, doings.held_skin, seconds);
}

std::string Hints::current(Phase phase, double clock) const {
    if (phase == Phase::finished) return {};
    if (phase == Phase::paused) return "hint.paused";
    if (contact_ < kEnoughContact) return "hint.press";
    if (wheel_ == 0) return "hint.wheel";
    if (view_ == 0) return "hint.view";
    if (overlay_ == 0) return "hint.overlay";
    if (mobile_zone_ && skin_ == 0) return "hint.traction";
    // Said once in a while only: the clock moves on and so does the hint.
    constexpr double kRemindFrom = 60, kRemindFor = 8;
    if (clock > kRemindFrom && clock < kRemindFrom + kRemindFor) return "hint.finish";
    return {};
}

}  // namespace app
