// Simulated operators only: the expert passes and the novice fails, ten seeds each, at least 20 points apart.

#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

nlohmann::json perform_and_score(const std::string& skill, int seed, const scenario::Scratch& scratch) {
    std::string file = (scratch / fmt::format("{}-{}.evh", skill, seed)).string();
    scenario::Outcome performed = scenario::evenhand(
        {"perform", "--case", "demo", "--operator", skill, "--seed", std::to_string(seed), "-o", file}, {}, 600);
    EXPECT_EQ(performed.exit, 0) << performed.err;
    scenario::Outcome scored = scenario::evenhand({"score", file, "--json"});
    EXPECT_EQ(scored.exit, 0) << scored.err;
    std::filesystem::remove(file);
    return nlohmann::json::parse(scored.out);
}

class Skill : public testing::TestWithParam<int> {};

TEST_P(Skill, ExpertPassesAndNoviceFailsTwentyPointsApart) {
    scenario::Scratch scratch;
    nlohmann::json expert = perform_and_score("expert", GetParam(), scratch);
    nlohmann::json novice = perform_and_score("novice", GetParam(), scratch);
    EXPECT_TRUE(expert.at("pass").get<bool>()) << expert.dump(1);
    EXPECT_FALSE(novice.at("pass").get<bool>());
    EXPECT_GE(expert.at("total").get<int>() - novice.at("total").get<int>(), 2000);
}

INSTANTIATE_TEST_SUITE_P(TenSeeds, Skill, testing::Range(1, 11));

}  // namespace
