#include "training/core/trend.h"

#include "engine/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace training {
namespace {

using Says = Trend::Says;

TEST(Trend, of_a_straight_line_is_that_line) {
    std::vector<double> line;
    for (int i = 0; i < 12; ++i) line.push_back(3 + 0.5 * i);
    const Trend trend = trend_of(line, 0.05);
    EXPECT_EQ(trend.says, Says::rising);
    EXPECT_DOUBLE_EQ(trend.slope, 0.5);
    EXPECT_DOUBLE_EQ(trend.start, 3);
    EXPECT_DOUBLE_EQ(trend.low, 0.5);
    EXPECT_DOUBLE_EQ(trend.high, 0.5);
}

TEST(Trend, hardly_cares_for_one_wild_attempt) {
    std::vector<double> line;
    for (int i = 0; i < 12; ++i) line.push_back(i);
    line[5] = -400;
    EXPECT_EQ(trend_of(line, 0.05).says, Says::rising);
    EXPECT_NEAR(trend_of(line, 0.05).slope, 1, 0.01);
}

TEST(Trend, turned_round_falls_as_far_as_it_rose) {
    const std::vector<double> up = {1, 4, 3, 6, 8, 7, 9};
    const std::vector<double> down(up.rbegin(), up.rend());
    const Trend a = trend_of(up, 0.05), b = trend_of(down, 0.05);
    EXPECT_EQ(a.says, Says::rising);
    EXPECT_EQ(b.says, Says::falling);
    EXPECT_DOUBLE_EQ(a.slope, -b.slope);
    EXPECT_DOUBLE_EQ(a.low, -b.high);
}

/// Of 5 values in random order 1 in 120 rises throughout, of 4 one in 24: too often for one in 40.
TEST(Trend, is_not_told_from_too_few) {
    EXPECT_EQ(fewest_for_trend(0.05), 5u);
    EXPECT_EQ(fewest_for_trend(0.01), 6u);
    EXPECT_EQ(trend_of(std::vector<double>{1, 2, 3, 4}, 0.05).says, Says::too_few);
    EXPECT_EQ(trend_of(std::vector<double>{1, 2, 3, 4, 5}, 0.05).says, Says::rising);
    EXPECT_EQ(trend_of(std::vector<double>{7}, 0.05).says, Says::too_few);
    EXPECT_EQ(trend_of({}, 0.05).says, Says::too_few);
}

TEST(Trend, of_equal_values_is_none) {
    EXPECT_EQ(trend_of(std::vector<double>(20, 6.5), 0.05).says, Says::none);
}

/// All 720 orders of six values: exactly what is promised at most.
TEST(Trend, of_every_order_of_six_values_is_claimed_no_oftener_than_promised) {
    std::vector<double> order = {1, 2, 3, 4, 5, 6};
    int claimed = 0, all = 0;
    do {
        const Says says = trend_of(order, 0.05).says;
        claimed += says == Says::rising || says == Says::falling;
        ++all;
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(all, 720);
    EXPECT_LE(claimed, 36);
    EXPECT_GT(claimed, 0);
}

TEST(Trend, of_a_constant_hand_is_claimed_as_often_as_promised_and_of_a_rising_one_is_found) {
    base::Random random(7);
    int false_alarms = 0, found = 0;
    constexpr int kHands = 2000;
    for (int hand = 0; hand < kHands; ++hand) {
        std::vector<double> constant, rising;
        for (int i = 0; i < 12; ++i) {
            constant.push_back(70 + 5 * random.normal());
            rising.push_back(50 + 3 * i + 5 * random.normal());
        }
        const Says says = trend_of(constant, 0.05).says;
        false_alarms += says == Says::rising || says == Says::falling;
        found += trend_of(rising, 0.05).says == Says::rising;
    }
    EXPECT_LE(false_alarms, 0.05 * kHands * 1.2) << "2.4 standard errors";
    EXPECT_GE(false_alarms, 0.02 * kHands) << "the promise is not idle";
    EXPECT_GE(found, 0.99 * kHands);
}

TEST(Spread, of_known_values) {
    const Spread spread = spread_of(std::vector<double>{9, 1, 2, 3, 100});
    EXPECT_DOUBLE_EQ(spread.median, 3);
    EXPECT_DOUBLE_EQ(spread.low, 2);
    EXPECT_DOUBLE_EQ(spread.high, 9);
    EXPECT_DOUBLE_EQ(spread.mad, 2);
    EXPECT_DOUBLE_EQ(spread_of(std::vector<double>{4}).median, 4);
}

}  // namespace
}  // namespace training
