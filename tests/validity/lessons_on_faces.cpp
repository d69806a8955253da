// Lessons on patients, done by simulated operators: what the target asks for can be reached, and is not by who is new.

#include "tests/unit/training_lessons.h"

namespace training {
namespace {

class FaceLesson : public testing::TestWithParam<const char*> {};

TEST_P(FaceLesson, is_met_by_the_expert_and_not_by_the_novice) {
    const Lesson& one = training_test::lesson(GetParam());
    EXPECT_TRUE(training_test::perform(one, Skill::expert).met());
    EXPECT_FALSE(training_test::perform(one, Skill::novice).met());
}

INSTANTIATE_TEST_SUITE_P(OnPatients, FaceLesson,
                         testing::Values("light-on-bone", "hold-taut", "round-nose", "keep-off", "half-face", "whole-face"));

}  // namespace
}  // namespace training
