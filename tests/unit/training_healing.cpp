// What is told of a face that heals: what is normal when, what is gained, and harm where it was done.

#include "tests/scenarios/practice_pad.h"
#include "training/core/healing_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace {

using training::HealingSign;
using training::SignKind;

track::HealingCourse course_of(uint32_t count, uint32_t depth_um, uint32_t force_mn) {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    auto curves = track::HealingCurves::load(places);
    CHECK(curves, curves.error().message);
    std::vector<shared::Puncture> punctures;
    for (uint32_t c = 0; c < 200; ++c)
        for (uint32_t k = 0; k < count; ++k) {
            shared::Puncture p{};
            p.time_us = c * 1000 + k;
            p.cell = c;
            p.depth_tilt = depth_um;
            p.force_needle = force_mn;
            punctures.push_back(p);
        }
    return {scenarios::practice_pad(),
            *curves,
            punctures,
            {}};
}

std::vector<std::string> told(const track::HealingCourse& course, double days, SignKind kind,
                              uint32_t sessions = 1) {
    const track::HealingPlan plan{.age_days = days, .sessions = sessions};
    std::vector<std::string> ids;
    for (const HealingSign& sign : training::signs_at(course, plan, course.cells_at(plan)))
        if (sign.kind == kind) ids.push_back(sign.id);
    return ids;
}

TEST(HealingReport, GentleWorkIsRedThenDryThenOnlyBetter) {
    using testing::Contains, testing::IsEmpty, testing::Not;
    const auto course = course_of(25, 500, 800);
    EXPECT_THAT(told(course, 0.1, SignKind::expected), Contains("redness"));
    EXPECT_THAT(told(course, 0.1, SignKind::expected), Not(Contains("dryness")));
    EXPECT_THAT(told(course, 2, SignKind::expected), Contains("dryness"));
    EXPECT_THAT(told(course, 8, SignKind::expected), IsEmpty());
    EXPECT_THAT(told(course, 60, SignKind::gained), Contains("collagen"));
    for (double days : {0.1, 2.0, 8.0, 60.0})
        EXPECT_THAT(told(course, days, SignKind::harm), IsEmpty()) << days;
}

TEST(HealingReport, HarmIsToldWithItsReasonAndItsPlace) {
    const auto course = course_of(150, 2300, 5000);
    EXPECT_THAT(told(course, 0.1, SignKind::harm),
                testing::UnorderedElementsAre("too_dense", "too_deep", "too_hard"));
    EXPECT_THAT(told(course, 9, SignKind::harm),
                testing::IsSupersetOf({"red_still", "peeling_still", "vessels"}));
    const track::HealingPlan plan{.age_days = 9};
    const std::vector<HealingSign> signs = training::signs_at(course, plan, course.cells_at(plan));
    const auto found = std::ranges::find(signs, "vessels", &HealingSign::id);
    ASSERT_NE(found, signs.end());
    EXPECT_EQ(found->cells.size(), 200u);
    EXPECT_EQ(found->zone, scenarios::practice_pad()->cells.zone[0]);
    EXPECT_TRUE(std::ranges::is_sorted(found->cells));
}

TEST(HealingReport, OneSquareMillimetreIsNoFinding) {
    auto course = course_of(25, 500, 800);
    course.doses[7] = {.punctures = 200, .depth_um = 2300, .force_mn = 5000};
    EXPECT_THAT(told(course, 9, SignKind::harm), testing::IsEmpty());
}

TEST(HealingReport, MoreSessionsBringMoreAndHarmNothingGentle) {
    const auto course = course_of(25, 500, 800);
    const auto gain = [&](uint32_t sessions) {
        const track::HealingPlan plan{.age_days = 90, .sessions = sessions};
        const auto signs = training::signs_at(course, plan, course.cells_at(plan));
        return std::ranges::find(signs, "collagen", &HealingSign::id)->value;
    };
    EXPECT_GT(gain(4), 2 * gain(1));
    EXPECT_THAT(told(course, 90, SignKind::harm, 4), testing::IsEmpty());
}

}  // namespace
