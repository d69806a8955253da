// Textbook examples.

#include "tests/validity/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace validity;

TEST(Statistics, SpearmanOfTheIntelligenceAndTelevisionExample) {
    const std::vector<double> iq = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110},
                              hours = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
    EXPECT_NEAR(spearman(iq, hours), -29.0 / 165, 1e-12);  // 1 - 6 * 194 / (10 * 99)
}

TEST(Statistics, SpearmanSeesOnlyOrderAndSharesTheRanksOfTies) {
    const std::vector<double> a = {1, 2, 3, 4}, cubes = {1, 8, 27, 64}, down = {4, 3, 2, 1},
                              tied = {1, 1, 2, 2};
    EXPECT_DOUBLE_EQ(spearman(a, cubes), 1);
    EXPECT_DOUBLE_EQ(spearman(a, down), -1);
    EXPECT_NEAR(spearman(a, tied), 2 / std::sqrt(5.0), 1e-12);  // ranks 1.5 1.5 3.5 3.5: 4 / sqrt(5 * 4)
}

TEST(Statistics, AreaUnderTheCurveCountsPairsWon) {
    const std::vector<double> low = {1, 2, 3}, high = {2, 3, 4}, far = {7, 8};
    EXPECT_DOUBLE_EQ(area_under_curve(low, high), 7.0 / 9);
    EXPECT_DOUBLE_EQ(area_under_curve(low, far), 1);
    EXPECT_DOUBLE_EQ(area_under_curve(low, low), 0.5);
}

TEST(Statistics, IntraclassCorrelationsOfShroutAndFleiss1979) {
    const std::vector<std::vector<double>> table = {{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                                                    {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};
    const Intraclass found = intraclass(table);
    EXPECT_NEAR(found.agreement, 0.29, 0.005);
    EXPECT_NEAR(found.consistency, 0.71, 0.005);
}

TEST(Statistics, StudentsQuantilesAreThoseOfTheTable) {
    EXPECT_NEAR(student_975(1), 12.7062, 1e-4);
    EXPECT_NEAR(student_975(9), 2.262157, 1e-6);
    EXPECT_NEAR(student_975(30), 2.042272, 1e-6);
}

TEST(Statistics, IntervalOfStudentsSleepData) {  // Student 1908: hours gained by two drugs, ten patients
    const std::vector<double> first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0},
                              second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    std::vector<double> apart;
    for (size_t i = 0; i < first.size(); ++i) apart.push_back(first[i] - second[i]);
    const Mean mean = mean_of(apart);
    EXPECT_NEAR(mean.value, -1.58, 1e-12);
    EXPECT_NEAR(mean.low, -2.4598858, 1e-6);
    EXPECT_NEAR(mean.high, -0.7001142, 1e-6);
}
