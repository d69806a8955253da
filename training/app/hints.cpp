#include "training/app/hints.h"

namespace app {

namespace {

constexpr double kEnoughContact = 2.0;  // s of needling before the next hint

/// Counts on from the first time that `done` was true.
void count(double& since, bool done, double seconds) {
    if (done || since > 0) since += seconds;
}

}  // namespace

void Hints::notice(const Doings& doings, double seconds) {
    touching_ = doings.touching;
    mobile_zone_ = doings.mobile_zone;
    if (doings.touching) contact_ += seconds;
    count(wheel_, doings.turned_wheel, seconds);
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
