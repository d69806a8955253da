#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/base/units.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

TEST(DeterministicMath, AgreesWithLibmToItsStatedError) {
    base::Random random(1);
    for (int i = 0; i < 20000; ++i) {
        double x = random.uniform(-700, 700);
        EXPECT_NEAR(base::det::exp(x) / std::exp(x), 1.0, 1e-14) << x;
        double p = std::exp(random.uniform(-300, 300));
        EXPECT_NEAR(base::det::log(p), std::log(p), 1e-14 * std::max(1.0, std::fabs(std::log(p)))) << p;
        double a = random.uniform(-1000, 1000);
        EXPECT_NEAR(base::det::sin(a), std::sin(a), 1e-13) << a;
        EXPECT_NEAR(base::det::cos(a), std::cos(a), 1e-13) << a;
        double y = random.uniform(-5, 5), z = random.uniform(-5, 5);
        EXPECT_NEAR(base::det::atan2(y, z), std::atan2(y, z), 1e-14) << y << " " << z;
        double c = random.uniform(-1, 1);
        EXPECT_NEAR(base::det::acos(c), std::acos(c), 1e-13) << c;
    }
}

TEST(DeterministicMath, HandlesTheEdges) {
    EXPECT_EQ(base::det::exp(0), 1.0);
    EXPECT_EQ(base::det::log(1), 0.0);
    EXPECT_EQ(base::det::sin(0), 0.0);
    EXPECT_EQ(base::det::cos(0), 1.0);
    EXPECT_EQ(base::det::atan2(0, 0), 0.0);
    EXPECT_DOUBLE_EQ(base::det::atan2(0, -1), base::det::kPi);
    EXPECT_EQ(base::det::exp(-1000), 0.0);
    EXPECT_TRUE(std::isinf(base::det::exp(1000)));
    EXPECT_EQ(base::det::acos(2), 0.0);
    EXPECT_EQ(base::det::smoothstep(0, 1, 0.5), 0.5);
    EXPECT_EQ(base::det::smoothstep(1, 0, 0.0), 1.0);
}

TEST(Random, GivesTheSameNumbersEverywhere) {
    base::Random random(42);
    EXPECT_EQ(random.next(), 0x15780b2e0c2ec716u);  // xoshiro256** seeded by splitmix64(42)
    double sum = 0, squares = 0;
    for (int i = 0; i < 100000; ++i) {
        double n = random.normal();
        sum += n;
        squares += n * n;
    }
    EXPECT_NEAR(sum / 100000, 0, 0.01);
    EXPECT_NEAR(squares / 100000, 1, 0.02);
}

TEST(Random, BelowIsUniform) {
    base::Random random(7);
    int counts[7] = {};
    for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
    for (int count : counts) EXPECT_NEAR(count, 10000, 400);
}

TEST(Units, RoundingIsHalfAwayFromZero) {
    EXPECT_EQ(base::round_to_integer(0.5), 1);
    EXPECT_EQ(base::round_to_integer(-0.5), -1);
    EXPECT_EQ(base::round_to_integer(2.4999), 2);
}

}  // namespace
