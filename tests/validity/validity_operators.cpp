// The study in small, for every run of the suite: a few simulated operators on a small pad. The whole is
// study_operators.cpp.

#include "tests/scenarios/places.h"
#include "tests/validity/sittings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace validity;
using training::Fault;
using training::Operator;

namespace {

const Setting& small_pad() {
    static const Setting setting = [] {
        const base::fs::path pad = base::fs::path(EVENHAND_BINARY_DIR) / "validity-pad.toml";
        CHECK(static_cast<bool>(
            base::write_file(pad, std::string_view("version = 1\nid = \"tiny\"\nkind = \"pad\"\n"
                                                   "size_mm = [30, 30]\nthickness_mm = 12.5\n"
                                                   "stiffness_kpa = 20\npoisson = 0.45\n"))));
        return make_setting(scenarios::source_places(), pad.string(), {"pad"});
    }();
    return setting;
}

double drop(const Result& without, const Result& with, const std::string& line) {
    return without.lines.at(line) - with.lines.at(line);
}

}  // namespace

TEST(Validity, OfTwentyFourSimulatedOperatorsSkillOrdersTheTotal) {
    const std::vector<Operator> all = population(24);
    std::vector<Sitting> sittings;
    for (size_t i = 0; i < all.size(); ++i) sittings.push_back({&small_pad(), all[i], i + 1});
    const std::vector<Result> results = hold(sittings);
    std::vector<double> skill, total;
    for (size_t i = 0; i < all.size(); ++i) skill.push_back(all[i].skill), total.push_back(results[i].total);
    const std::span<const double> totals(total);
    EXPECT_GT(spearman(skill, total), 0.9);
    EXPECT_GT(area_under_curve(totals.first(6), totals.last(6)), 0.99);
    EXPECT_FALSE(results.front().pass);
    EXPECT_TRUE(results.back().pass);
}

TEST(Validity, OfSimulatedOperatorsAFaultLowersItsOwnLineAndMoreWhenItIsGreater) {
    const auto sitting = [](Fault fault, double size) {
        Sitting one{&small_pad(), {}, 9};
        one.who.set(fault, size);
        return one;
    };
    const std::vector<Result> results = hold({{&small_pad(), {}, 9},
                                              sitting(Fault::heavy_hand, 0.3),
                                              sitting(Fault::heavy_hand, 1),
                                              sitting(Fault::one_direction, 1),
                                              sitting(Fault::missed_strips, 1)});
    EXPECT_GT(drop(results[0], results[1], "force"), 5);
    EXPECT_GT(drop(results[0], results[2], "force"), drop(results[0], results[1], "force"));
    EXPECT_LT(std::abs(drop(results[0], results[2], "speed")), 5);
    EXPECT_LT(std::abs(drop(results[0], results[2], "coverage")), 5);
    EXPECT_GT(drop(results[0], results[3], "directions"), 50);
    EXPECT_LT(std::abs(drop(results[0], results[3], "force")), 5);
    EXPECT_GT(drop(results[0], results[4], "coverage"), 20);
    EXPECT_LT(std::abs(drop(results[0], results[4], "speed")), 5);
}

/// Skin of another type looks other and heals otherwise; to needle it well is worth the same, to the bit.
TEST(Validity, OfSimulatedOperatorsTheScoreDoesNotKnowTheSkinType) {
    std::vector<Setting> types;
    for (const uint8_t type : std::initializer_list<uint8_t>{1, 3, 5, 6}) {
        const auto stage = std::make_shared<training::Stage>(*small_pad().stage);
        const auto own = std::const_pointer_cast<face::FaceAsset>(*face::load(scenarios::source_places(), stage->practice.face));
        ASSERT_NE(own, stage->face) << "read anew for each";
        own->fitzpatrick = type;
        stage->face = own;
        types.push_back({stage, small_pad().rubric, small_pad().scope});
    }
    std::vector<Sitting> sittings;
    for (const Setting& setting : types) sittings.push_back({&setting, Operator{.skill = 0.7, .manner = 2}, 5});
    const std::vector<Result> results = hold(sittings);
    for (const Result& result : results) {
        EXPECT_EQ(result.total, results[0].total);
        EXPECT_EQ(result.lines, results[0].lines);
    }
}

TEST(Validity, ASittingIsTheSameWhoeverSitsBesideIt) {
    const Sitting one{&small_pad(), Operator{.skill = 0.3, .manner = 4}, 2},
        other{&small_pad(), Operator{}, 3};
    const std::vector<Result> alone = hold({one}), together = hold({other, one, other});
    EXPECT_EQ(alone[0].total, together[1].total);
    EXPECT_EQ(alone[0].lines, together[1].lines);
    EXPECT_EQ(together[0].lines, together[2].lines);
}
