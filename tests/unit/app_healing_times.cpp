#include "training/app/healing_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using app::parse_age;

TEST(Ages, AreReadInTheUnitsThatPeopleWrite) {
    EXPECT_DOUBLE_EQ(*parse_age("30min"), 30.0 / 1440);
    EXPECT_DOUBLE_EQ(*parse_age("6h"), 0.25);
    EXPECT_DOUBLE_EQ(*parse_age("2d"), 2);
    EXPECT_DOUBLE_EQ(*parse_age("2.5d"), 2.5);
    EXPECT_DOUBLE_EQ(*parse_age("3w"), 21);
    EXPECT_DOUBLE_EQ(*parse_age("4mo"), 4 * 30.44);
    EXPECT_DOUBLE_EQ(*parse_age("0d"), 0);
}

TEST(Ages, ThatAreNoneAreRefusedInASentence) {
    for (const char* text :
         {"", "2", "d", "2 d", "2days", "-1d", "nand", "infd", "1e9d", "11000000d", "2d3h", "2m"}) {
        const auto age = parse_age(text);
        ASSERT_FALSE(age) << text;
        EXPECT_THAT(age.error().message, testing::HasSubstr("must be")) << text;
    }
}

TEST(Timeline, RunsFromTenMinutesToAYearByEqualFactors) {
    EXPECT_NEAR(app::moment_at(0), 10.0 / 1440, 1e-12);
    EXPECT_NEAR(app::moment_at(1), 365, 1e-9);
    EXPECT_NEAR(app::moment_at(0.75) / app::moment_at(0.5), app::moment_at(0.5) / app::moment_at(0.25), 1e-9);
    for (double share : {0.0, 0.2, 0.5, 0.9, 1.0})
        EXPECT_NEAR(app::place_of(app::moment_at(share)), share, 1e-12);
    EXPECT_EQ(app::place_of(0), 0);
}

}  // namespace
