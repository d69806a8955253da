// The line at the bottom of the practice screen follows what the trainee has done.

#include "training/app/hints.h"

#include <gtest/gtest.h>

namespace {

using app::Doings;
using app::Hints;
using app::Phase;

void do_for(Hints& hints, Doings doings, double seconds) {
    for (double t = 0; t < seconds; t += 1.0 / 60) hints.notice(doings, 1.0 / 60);
}

TEST(Hints, begin_with_how_to_needle_and_stay_until_some_skin_was_needled) {
    Hints hints;
    EXPECT_EQ(hints.current(Phase::ready, 0), "hint.press");
    do_for(hints, {.turned_wheel = true, .moved_view = true}, 1);
    EXPECT_EQ(hints.current(Phase::running, 1), "hint.press");
    do_for(hints, {.touching = true}, 2.5);
    EXPECT_NE(hints.current(Phase::running, 4), "hint.press");
}

TEST(Hints, go_once_the_trainee_has_done_what_they_say) {
    Hints hints;
    do_for(hints, {.touching = true}, 2.5);
    EXPECT_EQ(hints.current(Phase::running, 3), "hint.wheel");
    do_for(hints, {.turned_wheel = true}, 0.02);
    EXPECT_EQ(hints.current(Phase::running, 3), "hint.view");
    do_for(hints, {.moved_view = true}, 0.02);
    EXPECT_EQ(hints.current(Phase::running, 3), "hint.overlay");
    do_for(hints, {.changed_overlay = true}, 0.02);
    EXPECT_EQ(hints.current(Phase::running, 3), "");
}

TEST(Hints, speak_of_loose_skin_only_where_it_is_loose_and_until_it_was_held) {
    Hints hints;
    do_for(hints, {.touching = true}, 2.5);
    do_for(hints, {.turned_wheel = true, .moved_view = true, .changed_overlay = true}, 0.02);
    EXPECT_EQ(hints.current(Phase::running, 3), "");
    do_for(hints, {.touching = true, .mobile_zone = true}, 0.02);
    EXPECT_EQ(hints.current(Phase::running, 3), "hint.traction");
    do_for(hints, {.touching = true, .held_skin = true, .mobile_zone = true}, 0.02);
    EXPECT_EQ(hints.current(Phase::running, 3), "");
}

TEST(Hints, tell_a_paused_trainee_how_to_go_on_and_a_finished_one_nothing) {
    Hints hints;
    EXPECT_EQ(hints.current(Phase::paused, 5), "hint.paused");
    EXPECT_EQ(hints.current(Phase::finished, 5), "");
}

TEST(Hints, do_not_wait_for_a_wheel_where_the_pen_measures_its_force) {
    Hints hints;
    do_for(hints, {.touching = true, .measures_force = true}, 2.5);
    EXPECT_EQ(hints.current(Phase::running, 3), "hint.wheel");
    do_for(hints, {.touching = true, .measures_force = true}, 7);
    EXPECT_EQ(hints.current(Phase::running, 10), "hint.view");
}

TEST(Hints, speak_of_the_pen_that_leads) {
    using app::hint_for;
    using app::Leader;
    EXPECT_EQ(hint_for("hint.press", Leader::mouse), "hint.press");
    EXPECT_EQ(hint_for("hint.press", Leader::stylus), "hint.press_stylus");
    EXPECT_EQ(hint_for("hint.press_roller", Leader::gamepad), "hint.roller_gamepad");
    EXPECT_EQ(hint_for("lesson.hold_hint", Leader::tracked), "lesson.hold_tracked");
    EXPECT_EQ(hint_for("hint.overlay", Leader::gamepad), "hint.overlay_gamepad");
    EXPECT_EQ(hint_for("hint.slips", Leader::gamepad), "hint.slips");
    EXPECT_EQ(hint_for("hint.wheel", Leader::keys), "hint.force_keys");
    EXPECT_EQ(hint_for("", Leader::gamepad), "");
}

}  // namespace
