// A patient who must not be needled today, through the command line: decided rightly, treated all the same, and by a file.

#include "tests/scenarios/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>

namespace {

using nlohmann::json;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

class Visits : public testing::Test {
  protected:
    std::string file(const std::string& name, const std::string& text = {}) {
        const std::string path = (scratch_ / name).string();
        if (!text.empty()) std::ofstream(path) << text;
        return path;
    }
    /// That patient with a pad's skin: the same rules, and no head to bake.
    std::string on_a_pad(const std::string& id) {
        std::ifstream in(std::string(EVENHAND_SOURCE_DIR) + "/content/cases/" + id + ".toml");
        std::string text((std::istreambuf_iterator<char>(in)), {});
        text = std::regex_replace(text, std::regex("\nface = [^\n]*"), "\nface = \"pad-flat\"");
        text = std::regex_replace(text, std::regex("\nzones = [^\n]*"), "\nzones = [\"pad\"]");
        return file(id + ".toml", text);
    }
    json scored(const std::string& recording) {
        Outcome outcome = evenhand({"score", recording, "--json"});
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return json::parse(outcome.out);
    }
    scenario::Scratch scratch_;
};

TEST_F(Visits, rightly_ended_without_a_needle_pass_and_verify) {
    const std::string held = file("held.evh");
    Outcome made = evenhand({"perform", "--case", on_a_pad("visit-anna-summer"), "--operator", "expert", "-o", held});
    ASSERT_EQ(made.exit, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr(" 0 punctures"));
    const json score = scored(held);
    EXPECT_TRUE(score.at("pass").get<bool>());
    EXPECT_TRUE(score.at("held_off").get<bool>());
    EXPECT_EQ(score.at("total"), 10'000);
    EXPECT_THAT(score.at("explain").get<std::string>(), HasSubstr("pregnant"));
    EXPECT_EQ(evenhand({"replay", held, "--verify"}).exit, 0);
    EXPECT_THAT(evenhand({"score", held}).out, HasSubstr("screening alone is assessed"));
}

TEST_F(Visits, treated_all_the_same_fail_and_name_the_reason) {
    const std::string needled = file("needled.evh");
    Outcome made = evenhand({"perform", "--case", on_a_pad("visit-anna-summer"), "--operator", "expert", "--treat-anyway", "-o", needled});
    ASSERT_EQ(made.exit, 0) << made.err;
    const json score = scored(needled);
    EXPECT_FALSE(score.at("pass").get<bool>());
    EXPECT_FALSE(score.at("held_off").get<bool>());
    EXPECT_EQ(score.at("criteria").at(0).at("verdict"), "critical");
    EXPECT_THAT(score.at("failures").at(0).get<std::string>(), HasSubstr("Pregnancy"));
}

TEST_F(Visits, decided_in_an_events_file_are_scored_alike) {
    const std::string pen = file("pen.csv",
                                 "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n"
                                 "0.01,0,0,0.5,0,0,-1,0,0\n0.02,0,0,0.5,0,0,-1,0,0\n");
    const std::string events = file("events.csv",
                                    "time_s,event,value\n0,consult_begin,\n0,consult_ask,pregnancy\n0,decide,pregnancy defer\n"
                                    "0,decide,session defer\n0,decide_because,pregnancy\n0,decide_wait,365\n0,session_end,\n");
    const std::string out = file("out.evh");
    Outcome made = evenhand({"perform", "--case", on_a_pad("visit-anna-summer"), "--pen", pen, "--events", events, "-o", out});
    ASSERT_EQ(made.exit, 0) << made.err;
    const json score = scored(out);
    EXPECT_TRUE(score.at("pass").get<bool>()) << score.at("failures");
    EXPECT_TRUE(score.at("held_off").get<bool>());
}

}  // namespace
