#include "training/app/pointer_trail.h"

#include <gtest/gtest.h>

namespace {

using app::PointerTrail;
using render::PointerEvent;

constexpr bool kDown = true, kUp = false;

std::vector<bool> pressed(const std::vector<PointerTrail::Event>& events) {
    std::vector<bool> result;
    for (const PointerTrail::Event& event : events) result.push_back(event.pressed);
    return result;
}

TEST(AppPointerTrail, a_pointer_at_rest_is_where_it_was) {
    PointerTrail trail({3, 4});
    const auto settled = trail.settle({}, 1.0, true);
    ASSERT_EQ(settled.size(), 1u);
    EXPECT_EQ(settled[0].place, glm::dvec2(3, 4));
    EXPECT_EQ(settled[0].time, 1.0);
    EXPECT_FALSE(settled[0].pressed);
}

TEST(AppPointerTrail, the_events_of_a_frame_are_spread_over_it_and_the_last_is_now) {
    PointerTrail trail({0, 0});
    trail.settle({}, 1.0, true);
    const std::vector<PointerEvent> events = {{{1, 0}, kUp}, {{2, 0}, kUp}, {{3, 0}, kUp}, {{4, 0}, kUp}};
    const auto settled = trail.settle(events, 2.0, true);
    ASSERT_EQ(settled.size(), 4u);
    EXPECT_EQ(settled[0].time, 1.25);
    EXPECT_EQ(settled[3].time, 2.0);
    EXPECT_EQ(settled[3].place, glm::dvec2(4, 0));
}

TEST(AppPointerTrail, a_stroke_within_one_slow_frame_is_pressed_from_its_press_to_its_release) {
    PointerTrail trail({0, 0});
    const std::vector<PointerEvent> events = {
        {{1, 0}, kUp}, {{1, 0}, kDown}, {{5, 0}, kDown}, {{5, 0}, kUp}, {{9, 0}, kUp}};
    const auto settled = trail.settle(events, 1.0, true);
    EXPECT_EQ(pressed(settled), (std::vector<bool>{false, true, true, false, false}));
    EXPECT_EQ(pressed(trail.settle({}, 1.1, true)), std::vector<bool>{false});
}

TEST(AppPointerTrail, a_press_on_a_control_never_presses_the_picture) {
    PointerTrail trail({0, 0});
    EXPECT_EQ(pressed(trail.settle(std::vector<PointerEvent>{{{1, 0}, kDown}, {{5, 0}, kDown}}, 1.0, false)),
              (std::vector<bool>{false, false}));
    EXPECT_EQ(pressed(trail.settle(std::vector<PointerEvent>{{{6, 0}, kDown}, {{6, 0}, kUp}}, 1.1, true)),
              (std::vector<bool>{false, false}));
}

TEST(AppPointerTrail, a_stylus_keeps_the_times_of_its_own_events) {
    PointerTrail trail({0, 0});
    trail.settle({}, 1.0, true);
    const std::vector<PointerEvent> events = {{{1.5, 0}, kDown, render::PenTouch{1.2, 0.25, {}}},
                                              {{2.5, 0}, kDown, render::PenTouch{1.3, 0.5, {}}}};
    const auto settled = trail.settle(events, 2.0, true);
    ASSERT_EQ(settled.size(), 2u);
    EXPECT_EQ(settled[0].time, 1.2);
    EXPECT_EQ(settled[1].time, 1.3);
    EXPECT_EQ(settled[1].pen->pressure, 0.5);
    const auto later = trail.settle({}, 2.1, true);
    EXPECT_EQ(later[0].time, 2.1);
    EXPECT_EQ(later[0].pen->pressure, 0.5) << "a pen that is held still tells nothing";
    EXPECT_TRUE(later[0].pressed);
}

TEST(AppPointerTrail, no_event_of_a_stylus_is_before_the_frame_before_or_after_this_one) {
    PointerTrail trail({0, 0});
    trail.settle({}, 1.0, true);
    const std::vector<PointerEvent> events = {{{1, 0}, kUp, render::PenTouch{0.9, 0, {}}},
                                              {{2, 0}, kUp, render::PenTouch{2.5, 0, {}}}};
    const auto settled = trail.settle(events, 2.0, true);
    EXPECT_EQ(settled[0].time, 1.0);
    EXPECT_EQ(settled[1].time, 2.0);
}

TEST(AppPointerTrail, a_release_and_the_next_press_within_one_frame_are_two_presses) {
    PointerTrail trail({0, 0});
    trail.settle(std::vector<PointerEvent>{{{1, 0}, kDown}}, 1.0, true);
    const std::vector<PointerEvent> events = {
        {{2, 0}, kDown}, {{2, 0}, kUp}, {{7, 0}, kUp}, {{7, 0}, kDown}, {{8, 0}, kDown}};
    const auto settled = trail.settle(events, 2.0, true);
    EXPECT_EQ(pressed(settled), (std::vector<bool>{true, false, false, true, true}));
    EXPECT_EQ(settled[3].place, glm::dvec2(7, 0));
    EXPECT_EQ(pressed(trail.settle({}, 2.1, false)), std::vector<bool>{true}) << "held over a control it goes on";
}

TEST(AppPointerTrail, two_pointers_come_in_one_order_each_with_where_the_other_was) {
    const std::vector<PointerTrail::Event> first = {{1.0, {1, 0}, true}, {3.0, {2, 0}, true}},
                                           second = {{2.0, {7, 0}, true}, {3.0, {8, 0}, false}};
    const auto pairs = app::side_by_side(first, second, {{0.5, {0, 0}, false}, {0.5, {6, 0}, false}});
    ASSERT_EQ(pairs.size(), 4u);
    EXPECT_EQ(pairs[0].second.place.x, 6);
    EXPECT_EQ(pairs[1].first.place.x, 1);
    EXPECT_EQ(pairs[1].second.place.x, 7);
    EXPECT_EQ(pairs[3].first.place.x, 2);
    EXPECT_EQ(pairs[3].second.place.x, 8);
    for (size_t i = 1; i < 4; ++i) EXPECT_GE(pairs[i].time(), pairs[i - 1].time());
}

}  // namespace
