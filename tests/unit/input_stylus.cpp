#include "engine/input/event_clock.h"
#include "engine/input/stylus_pen.h"

#include <gtest/gtest.h>

#include <glm/trigonometric.hpp>

namespace {

using input::EventClock;
using input::force_of;
using input::PressureCurve;

TEST(InputStylus, pressure_within_the_dead_zone_is_no_force) {
    const PressureCurve curve{0.1, 3, 0};
    EXPECT_EQ(force_of(curve, 0), 0);
    EXPECT_EQ(force_of(curve, 0.1), 0);
    EXPECT_GT(force_of(curve, 0.1001), 0);
}

TEST(InputStylus, force_is_a_line_from_the_dead_zone_to_full_pressure) {
    const PressureCurve curve{0.2, 3, 0};
    EXPECT_NEAR(force_of(curve, 0.6), 1.5, 1e-12);
    EXPECT_NEAR(force_of(curve, 0.4), 0.75, 1e-12);
    EXPECT_EQ(force_of(curve, 1), 3);
}

TEST(InputStylus, without_a_dead_zone_force_is_the_share_of_the_range_in_newtons) {
    for (const double pressure : {0.0, 0.25, 0.5, 0.75, 1.0})
        EXPECT_NEAR(force_of({0, 3, 0}, pressure), 3 * pressure, 1e-12);
}

TEST(InputStylus, every_curve_rises_and_ends_at_full_force) {
    for (const double bend : {-1.0, -0.4, 0.0, 0.7, 1.0}) {
        const PressureCurve curve{0.03, 2, bend};
        EXPECT_EQ(force_of(curve, 1), 2);
        for (int i = 4; i <= 100; ++i)
            EXPECT_GE(force_of(curve, i * 0.01), force_of(curve, (i - 1) * 0.01)) << bend << " " << i;
    }
    EXPECT_GT(force_of({0, 2, 1}, 0.5), force_of({0, 2, 0}, 0.5));
}

TEST(InputStylus, pressure_out_of_range_is_that_of_the_nearest_end) {
    const PressureCurve curve;
    EXPECT_EQ(force_of(curve, -1), 0);
    EXPECT_EQ(force_of(curve, 1.5), curve.full_force);
}

TEST(InputStylus, a_pen_whose_upper_end_leans_right_points_left_into_the_skin) {
    const glm::dvec2 tilt = input::tilt_of({30, 0}, 3);
    EXPECT_NEAR(tilt.x, -glm::radians(30.0), 1e-12);
    EXPECT_EQ(tilt.y, 0);
    EXPECT_NEAR(input::tilt_of({0, 20}, 3).y, glm::radians(20.0), 1e-12);
}

TEST(InputStylus, hardly_leaning_is_upright) {
    EXPECT_EQ(input::tilt_of({2, -2}, 3), glm::dvec2(0));
    EXPECT_NE(input::tilt_of({3, -2}, 3), glm::dvec2(0));
}

TEST(InputEventClock, stamps_keep_their_distances_whenever_they_are_read) {
    EventClock clock;
    const double first = clock.place(100.000, 5.0);
    EXPECT_EQ(first, 5.0);
    // Three events read together, one frame later.
    EXPECT_NEAR(clock.place(100.010, 5.033), 5.010, 1e-4);
    EXPECT_NEAR(clock.place(100.020, 5.033), 5.020, 1e-4);
    EXPECT_NEAR(clock.place(100.030, 5.033), 5.030, 1e-4);
}

TEST(InputEventClock, an_event_that_waited_less_moves_those_after_it_earlier_but_never_back) {
    EventClock clock;
    clock.place(10.0, 1.030);                              // had waited 30 ms
    const double before = clock.place(10.1, 1.130);
    EXPECT_NEAR(clock.place(10.2, 1.200), 1.200, 1e-4);    // came at once
    EXPECT_NEAR(clock.place(10.21, 1.240), 1.210, 1e-4);
    EXPECT_GE(clock.place(10.0, 1.240), before);
}

TEST(InputEventClock, nothing_happens_after_it_was_read) {
    EventClock clock;
    clock.place(10.0, 1.0);
    EXPECT_LE(clock.place(10.5, 1.1), 1.1);
}

TEST(InputEventClock, a_clock_that_was_set_begins_anew) {
    EventClock clock;
    clock.place(10.0, 1.0);
    EXPECT_NEAR(clock.place(4000.0, 1.5), 1.5, 1e-12) << "forwards";
    EXPECT_NEAR(clock.place(4000.1, 1.7), 1.6, 1e-4);
    EXPECT_NEAR(clock.place(7.0, 2.0), 2.0, 1e-12) << "back";
    EXPECT_NEAR(clock.place(7.1, 2.3), 2.1, 1e-4);
}

TEST(InputEventClock, events_read_seconds_late_keep_their_times) {
    EventClock clock;
    clock.place(10.0, 1.0);
    EXPECT_NEAR(clock.place(10.2, 4.0), 1.2, 1e-3);
    EXPECT_NEAR(clock.place(12.9, 4.0), 3.9, 1e-3);
}

TEST(InputEventClock, milliseconds_go_on_where_they_wrap) {
    EventClock clock;
    clock.place_ms(0xFFFFFFF0u, 7.0);
    EXPECT_NEAR(clock.place_ms(0x10u, 7.1), 7.032, 1e-4);
}

}  // namespace
