#include "engine/input/gamepad_pen.h"

#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <gtest/gtest.h>

namespace {

using input::GamepadFigures;
using input::GamepadPen;
using input::GamepadState;

constexpr double kWide = 16.0 / 9;

TEST(InputGamepad, a_stick_at_rest_off_its_middle_moves_nothing) {
    EXPECT_EQ(input::without_dead_zone({0.1, 0.1}, 0.15), glm::dvec2(0));
    EXPECT_EQ(input::without_dead_zone({0, 0}, 0), glm::dvec2(0));
}

TEST(InputGamepad, beyond_the_dead_zone_a_stick_keeps_its_direction_and_squares_its_way) {
    const glm::dvec2 half = input::without_dead_zone({0.36, 0.48}, 0.2);  // length 0.6: half of the way that is left
    EXPECT_NEAR(glm::length(half), 0.25, 1e-12);
    EXPECT_NEAR(half.y / half.x, 0.48 / 0.36, 1e-12);
    EXPECT_NEAR(input::without_dead_zone({1, 0}, 0.2).x, 1, 1e-12);
    EXPECT_NEAR(glm::length(input::without_dead_zone({1, 1}, 0.2)), 1, 1e-12) << "corners are no faster";
}

TEST(InputGamepad, full_throw_goes_the_figured_way_whatever_the_rate) {
    GamepadFigures figures;
    figures.speed = 0.3;
    GamepadState pad;
    pad.left = {1, 0};
    for (const int rate : {30, 60, 144}) {
        GamepadPen pen;
        pen.update(0, GamepadState{}, kWide, figures);
        glm::dvec2 place;
        for (int i = 1; i <= rate; ++i) place = pen.update(static_cast<double>(i) / rate, pad, kWide, figures).place;
        EXPECT_NEAR((place.x - 0.5) * kWide, 0.3, 1e-9) << rate;
        EXPECT_EQ(place.y, 0.5);
    }
}

TEST(InputGamepad, the_pen_stays_in_the_picture_and_a_long_gap_moves_nothing) {
    GamepadPen pen;
    GamepadState pad;
    pad.left = {0, 1};
    pen.update(0, pad, kWide, {});
    EXPECT_EQ(pen.update(60, pad, kWide, {}).place.y, 0.5);
    GamepadPen::Hold hold;
    for (int i = 1; i < 500; ++i) hold = pen.update(60 + 0.1 * i, pad, kWide, {});
    EXPECT_EQ(hold.place.y, 1);
    pen.put({0.2, 0.3});
    EXPECT_NEAR(pen.update(110, GamepadState{}, kWide, {}).place.x, 0.2, 1e-12);
}

TEST(InputGamepad, a_trigger_that_never_told_anything_but_zero_is_not_there) {
    GamepadPen pen;
    GamepadState pad;
    pad.right_trigger = 0;
    EXPECT_EQ(pen.update(0, pad, kWide, {}).force, 0);
    pad.right_trigger = -1;
    EXPECT_EQ(pen.update(0.1, pad, kWide, {}).force, 0);
    pad.right_trigger = 0;
    const GamepadFigures figures;
    EXPECT_NEAR(pen.update(0.2, pad, kWide, figures).force, input::force_of(figures.trigger, 0.5), 1e-12);
    pad.right_trigger = 1;
    EXPECT_EQ(pen.update(0.3, pad, kWide, figures).force, figures.trigger.full_force);
}

TEST(InputGamepad, the_right_stick_leans_the_pens_upper_end_its_own_way) {
    GamepadFigures figures;
    figures.most_tilt_deg = 20;
    GamepadPen pen;
    GamepadState pad;
    pad.right = {1, 0};
    EXPECT_NEAR(pen.update(0, pad, kWide, figures).tilt.x, -glm::radians(20.0), 1e-12);
    pad.right = {0, 1};
    EXPECT_NEAR(pen.update(0.1, pad, kWide, figures).tilt.y, glm::radians(20.0), 1e-12);
}

TEST(InputGamepad, with_the_left_trigger_pulled_the_right_stick_scrolls_and_the_pen_stays_upright) {
    GamepadPen pen;
    GamepadState pad;
    pad.right = {1, -1};
    pad.left_trigger = 1;
    EXPECT_EQ(pen.update(0, pad, kWide, {}).tilt, glm::dvec2(0));
    pad.left_trigger = -1;
    EXPECT_NE(pen.update(0.1, pad, kWide, {}).tilt, glm::dvec2(0));
}

TEST(InputGamepad, a_button_counts_once_however_long_it_is_held) {
    GamepadPen pen;
    GamepadState pad;
    pad.south = pad.north = pad.up = pad.down = pad.start = true;
    pen.update(-0.1, GamepadState{}, kWide, {});
    const GamepadPen::Hold first = pen.update(0, pad, kWide, {}), second = pen.update(0.1, pad, kWide, {});
    EXPECT_FALSE(first.motor);
    EXPECT_FALSE(second.motor);
    EXPECT_TRUE(first.traction && first.deeper && first.shallower && first.start);
    EXPECT_FALSE(second.traction || second.deeper || second.shallower || second.start);
    pen.update(0.2, GamepadState{}, kWide, {});
    EXPECT_TRUE(pen.update(0.3, pad, kWide, {}).motor) << "pressed again, it runs again";
}

TEST(InputGamepad, what_is_held_as_it_begins_or_was_pressed_while_it_rested_says_nothing) {
    GamepadPen pen;
    GamepadState pad;
    pad.south = true;  // that opened this screen
    EXPECT_TRUE(pen.update(0, pad, kWide, {}).motor);
    pen.update(0.1, GamepadState{}, kWide, {});
    pad.right_trigger = 1;
    pad.start = true;
    const GamepadPen::Hold resting = pen.rest(0.2, pad);
    EXPECT_EQ(resting.force, 0);
    EXPECT_FALSE(resting.start || resting.moved);
    const GamepadPen::Hold after = pen.update(0.3, pad, kWide, {});
    EXPECT_TRUE(after.motor);
    EXPECT_FALSE(after.start);
}

TEST(InputGamepad, while_the_tools_are_held_the_pens_buttons_are_not_its_own) {
    GamepadPen pen;
    GamepadState pad;
    pad.left_trigger = 1;
    pen.update(0, pad, kWide, {});
    pad.south = pad.north = pad.up = pad.down = pad.start = true;
    const GamepadPen::Hold hold = pen.update(0.1, pad, kWide, {});
    EXPECT_TRUE(hold.motor);
    EXPECT_FALSE(hold.traction || hold.deeper || hold.shallower || hold.start);
    EXPECT_TRUE(hold.moved);
}

TEST(InputGamepad, an_untouched_pad_takes_the_pen_from_nobody) {
    GamepadPen pen;
    GamepadState pad;
    pad.left = {0.05, -0.1};
    EXPECT_FALSE(pen.update(0, pad, kWide, {}).moved);
    pad.right_trigger = 0.4;
    EXPECT_TRUE(pen.update(0.1, pad, kWide, {}).moved);
}

}  // namespace
