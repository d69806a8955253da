#include "training/app/exam_clock.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(ExamClocks, count_down_with_the_session_and_end_at_the_limit) {
    ExamClock clock(600, 60, 0, {});
    clock.tick(1000, 0, 0);
    EXPECT_EQ(clock.left(), 600);
    EXPECT_EQ(clock.pause_left(), 60);
    clock.tick(1300, 300, 0);
    EXPECT_EQ(clock.left(), 300);
    EXPECT_EQ(clock.used(), 300);
    EXPECT_EQ(clock.pause_left(), 60);
    EXPECT_FALSE(clock.over());
    clock.tick(1600, 599.99, 0);
    EXPECT_TRUE(clock.over());
}

TEST(ExamClocks, take_what_is_no_session_time_for_pause_and_its_end_for_the_attempts) {
    ExamClock clock(600, 60, 0, {});
    clock.tick(0, 0, 0);
    clock.tick(50, 10, 0);
    EXPECT_EQ(clock.pause_left(), 20);
    EXPECT_EQ(clock.left(), 590);
    clock.tick(150, 10, 0);  // a window that nobody can see
    EXPECT_EQ(clock.pause_left(), 0);
    EXPECT_EQ(clock.left(), 510) << "the time that stays, not the session's";
    clock.tick(659, 10, 0);
    EXPECT_FALSE(clock.over());
    for (const double now : {660.0, 660.3, 660.6}) clock.tick(now, 10, 0);
    EXPECT_TRUE(clock.over());
}

TEST(ExamClocks, go_on_from_where_an_attempt_was_cut_off_with_what_is_left_of_both_limits) {
    ExamClock clock(600, 60, 0, {400, 45});
    clock.tick(5, 400, 0);
    EXPECT_EQ(clock.left(), 200);
    EXPECT_EQ(clock.pause_left(), 15);
    clock.tick(115, 500, 0);
    EXPECT_EQ(clock.left(), 100);
    EXPECT_EQ(clock.pause_left(), 5);
    for (const double now : {220.0, 220.3, 220.6}) clock.tick(now, 500, 0);
    EXPECT_TRUE(clock.over());
    EXPECT_EQ(ExamClock(600, 60, 0, {400, 75}).left(), 200) << "pauses that went on for too long take no session time afterwards";
}

TEST(ExamClocks, take_no_pause_for_what_the_station_stood_still_up_to_its_own_limit) {
    ExamClock clock(600, 60, 30, {});
    clock.tick(0, 0, 0);
    clock.tick(30, 10, 20);
    EXPECT_EQ(clock.pause_left(), 60);
    EXPECT_EQ(clock.left(), 590) << "no session time is lost";
    clock.tick(50, 10, 40);
    EXPECT_EQ(clock.pause_left(), 50) << "30 s are let pass, and what is more is pause";
    clock.tick(150, 10, 140);
    EXPECT_EQ(clock.pause_left(), 0) << "a station that is stopped at will gains nothing";
    EXPECT_EQ(clock.left(), 540);
    ExamClock without(600, 60, 0, {});
    without.tick(0, 0, 0);
    without.tick(30, 10, 20);
    EXPECT_EQ(without.pause_left(), 40) << "a package that lets nobody go on after a power cut lets nothing of it pass";
}

TEST(ExamClocks, do_not_end_an_attempt_before_they_are_told_that_the_station_stood_still) {
    ExamClock clock(30, 0, 600, {});
    clock.tick(0, 0, 0);
    clock.tick(18, 18, 0);
    clock.tick(34.02, 18.02, 0);  // stopped for 16 s, which the first look afterwards does not know yet
    EXPECT_FALSE(clock.over());
    clock.tick(34.04, 18.02, 16);
    EXPECT_FALSE(clock.over());
    EXPECT_NEAR(clock.left(), 11.96, 0.001);
    for (double more = 0.1; more <= 11.9; more += 0.1) clock.tick(34.04 + more, 18.02 + more, 16);
    EXPECT_FALSE(clock.over());
    clock.tick(46.01, 29.99, 16);
    EXPECT_TRUE(clock.over());
}

TEST(ExamClocks, go_on_with_what_a_station_has_stood_still_before) {
    ExamClock clock(600, 60, 30, {100, 0, 25});
    clock.tick(5, 100, 25);
    clock.tick(20, 100, 40);
    EXPECT_EQ(clock.pause_left(), 50) << "5 s of the limit were left";
}

}  // namespace
}  // namespace app
