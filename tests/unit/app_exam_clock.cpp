#include "training/app/exam_clock.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(ExamClocks, count_down_with_the_session_and_end_at_the_limit) {
    ExamClock clock(600, 60, 0, 0);
    clock.tick(1000, 0);
    EXPECT_EQ(clock.left(), 600);
    EXPECT_EQ(clock.pause_left(), 60);
    clock.tick(1300, 300);
    EXPECT_EQ(clock.left(), 300);
    EXPECT_EQ(clock.used(), 300);
    EXPECT_EQ(clock.pause_left(), 60);
    EXPECT_FALSE(clock.over());
    clock.tick(1600, 599.99);
    EXPECT_TRUE(clock.over());
}

TEST(ExamClocks, take_what_is_no_session_time_for_pause_and_its_end_for_the_attempts) {
    ExamClock clock(600, 60, 0, 0);
    clock.tick(0, 0);
    clock.tick(50, 10);
    EXPECT_EQ(clock.pause_left(), 20);
    EXPECT_EQ(clock.left(), 590);
    clock.tick(150, 10);  // a window that nobody can see
    EXPECT_EQ(clock.pause_left(), 0);
    EXPECT_EQ(clock.left(), 510) << "the time that stays, not the session's";
    clock.tick(659, 10);
    EXPECT_FALSE(clock.over());
    clock.tick(660, 10);
    EXPECT_TRUE(clock.over());
}

TEST(ExamClocks, go_on_from_where_an_attempt_was_cut_off_with_what_is_left_of_both_limits) {
    ExamClock clock(600, 60, 400, 45);
    clock.tick(5, 400);
    EXPECT_EQ(clock.left(), 200);
    EXPECT_EQ(clock.pause_left(), 15);
    clock.tick(115, 500);
    EXPECT_EQ(clock.left(), 100);
    EXPECT_EQ(clock.pause_left(), 5);
    clock.tick(220, 500);
    EXPECT_TRUE(clock.over());
    EXPECT_EQ(ExamClock(600, 60, 400, 75).left(), 200) << "pauses that went on for too long take no session time afterwards";
}

}  // namespace
}  // namespace app
