// Whole sessions through the command line: perform, score, replay, export, report, render.

#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <thread>

namespace {

using nlohmann::json;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

class Sessions : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shared_ = new scenario::Scratch;
        Outcome made = evenhand({"perform", "--case", "pad-flat", "--operator", "expert", "--seed", "1", "-o", expert()});
        ASSERT_EQ(made.exit, 0) << made.err;
    }
    static void TearDownTestSuite() { delete shared_; }
    static std::string expert() { return (*shared_ / "expert.evh").string(); }
    static inline scenario::Scratch* shared_ = nullptr;
    scenario::Scratch scratch_;
};

TEST_F(Sessions, ScoreAsJsonHasWhatOtherProgramsRelyOn) {
    Outcome outcome = evenhand({"score", expert(), "--json"});
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
    json score = json::parse(outcome.out);
    EXPECT_TRUE(score.at("total").is_number_integer());
    EXPECT_TRUE(score.at("pass").is_boolean());
    EXPECT_TRUE(score.at("attempt").is_number_integer());
    ASSERT_GE(score.at("criteria").size(), 10u);
    for (const json& line : score["criteria"]) {
        for (const char* key : {"id", "value", "unit", "points", "max", "verdict", "basis"}) EXPECT_TRUE(line.contains(key)) << line;
        EXPECT_THAT((std::vector<std::string>{"target", "warning", "beyond", "critical", "not_assessed"}),
                    testing::Contains(line["verdict"].get<std::string>()));
        if (!line["points"].is_null()) {
            EXPECT_LE(line["points"].get<int>(), line["max"].get<int>());
        }
    }
    for (const json& zone : score.at("zones"))
        for (const char* key : {"id", "area_mm2", "punctures", "density_per_cm2", "coverage", "density_cv", "gini", "depth_mm", "force_n"})
            EXPECT_TRUE(zone.contains(key)) << zone;
    for (const char* key : {"evidence", "rubric", "face", "device", "scope"})
        EXPECT_EQ(score.at("hashes").at(key).get<std::string>().size(), 64u);
}

TEST_F(Sessions, AReplayGivesTheSameLogToTheLastBit) {
    Outcome outcome = evenhand({"replay", expert(), "--verify"});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("verified"));
}

TEST_F(Sessions, AnEditedPuncturelogIsNamedByVerify) {
    std::string edited = scratch_.write("edited.evh", scenario::read(expert()));
    Outcome edit = scenario::run({"sqlite3", edited,
                                  "UPDATE chunk SET punctures = zeroblob(length(punctures)) WHERE id = "
                                  "(SELECT max(id) FROM chunk WHERE length(punctures) > 0);"});
    ASSERT_EQ(edit.exit, 0) << edit.err;
    Outcome outcome = evenhand({"replay", edited, "--verify"});
    EXPECT_NE(outcome.exit, 0);
    EXPECT_FALSE(outcome.err.empty());
}

TEST_F(Sessions, ExportsHaveTheirColumns) {
    std::string punctures = (scratch_ / "p.csv").string(), samples = (scratch_ / "s.csv").string(), xapi = (scratch_ / "x.json").string();
    ASSERT_EQ(evenhand({"export", expert(), "--punctures", punctures}).exit, 0);
    ASSERT_EQ(evenhand({"export", expert(), "--samples", samples}).exit, 0);
    ASSERT_EQ(evenhand({"export", expert(), "--xapi", xapi}).exit, 0);
    EXPECT_THAT(scenario::read(punctures), testing::StartsWith("time_s,x_m,y_m,z_m,zone,cell,depth_mm,tilt_deg,force_n,needle\n"));
    EXPECT_THAT(scenario::read(samples),
                testing::StartsWith("time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,dent_mm,tilt_deg,speed_m_s,zone\n"));
    json statement = json::parse(scenario::read(xapi));
    EXPECT_TRUE(statement.contains("actor") && statement.contains("verb") && statement.contains("object"));
}

TEST_F(Sessions, PerformOverAnExistingRecordingReplacesItWhole) {
    std::string file = scratch_.write("s.evh", "not a recording");
    ASSERT_EQ(evenhand({"perform", "--case", "pad-flat", "--operator", "novice", "--seed", "3", "-o", file}).exit, 0);
    EXPECT_EQ(evenhand({"score", file}).exit, 0);
    EXPECT_EQ(scratch_.file_count(), 1u);
}

TEST_F(Sessions, WhatAKillInterruptedCanBeScored) {
    std::string file = (scratch_ / "killed.evh").string();
    scenario::Process process({EVENHAND_PROGRAM, "perform", "--case", "demo", "--operator", "expert", "--seed", "2", "-o", file});
    for (int i = 0; i < 3000 && process.running(); ++i) {
        std::error_code code;
        if (std::filesystem::exists(file, code) && std::filesystem::file_size(file, code) > 200'000) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_TRUE(process.running()) << "finished before it could be killed";
    process.signal(SIGKILL);
    process.wait(10);
    Outcome scored = evenhand({"score", file, "--json"});
    ASSERT_EQ(scored.exit, 0) << scored.err;
    EXPECT_GE(json::parse(scored.out).at("criteria").size(), 10u);
    EXPECT_EQ(json::parse(scored.out).at("finished"), false);
    EXPECT_EQ(json::parse(scored.out).at("hashes").at("evidence").get<std::string>().size(), 64u);
    EXPECT_EQ(evenhand({"replay", file, "--verify"}).exit, 0);
}

TEST_F(Sessions, PicturesAndReportAreWritten) {
    std::string png = (scratch_ / "a.png").string(), html = (scratch_ / "r.html").string();
    Outcome rendered = evenhand({"render", expert(), "-o", png, "--view", "front", "--overlay", "coverage", "--size", "320x200"});
    ASSERT_EQ(rendered.exit, 0) << rendered.err;
    EXPECT_THAT(scenario::read(png), HasSubstr("PNG"));
    std::string healed = (scratch_ / "b.png").string();
    Outcome later = evenhand({"render", expert(), "-o", healed, "--after", "2d", "--sessions", "3", "--sun", "--size", "320x200"});
    ASSERT_EQ(later.exit, 0) << later.err;
    EXPECT_THAT(scenario::read(healed), HasSubstr("PNG"));
    EXPECT_NE(scenario::read(healed), scenario::read(png));
    Outcome reported = evenhand({"report", expert(), "-o", html});
    ASSERT_EQ(reported.exit, 0) << reported.err;
    std::string page = scenario::read(html);
    EXPECT_THAT(page, HasSubstr("data:image/png;base64,"));
    EXPECT_THAT(page, testing::Not(HasSubstr("src=\"http")));
}

TEST_F(Sessions, DevicesListsTheCpuDriver) {
    Outcome outcome = evenhand({"devices"});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("cpu"));
}

TEST_F(Sessions, EveryDeviceIsPerformedScoredAndVerified) {
    // Put down, pressed and pulled 20 mm along the pad, twice.
    std::string path = "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n";
    for (int i = 0; i <= 480; ++i) {
        int phase = i % 240;
        bool down = phase >= 20 && phase < 220;
        path += fmt::format("{:.6f},{:.6f},0,{},0,0,-1,{},1\n", i / 120.0, 0.0001 * phase, down ? 0.0 : 0.005, down ? 1.5 : 0.0);
    }
    std::ofstream(scratch_ / "pen.csv") << path;
    for (const char* device : {"pen-36", "nano-49", "stamp-40", "roller-192"}) {
        std::string file = (scratch_ / (std::string(device) + ".evh")).string();
        Outcome performed = evenhand({"perform", "--case", "pad-flat", "--device", device, "--pen",
                                      (scratch_ / "pen.csv").string(), "-o", file});
        ASSERT_EQ(performed.exit, 0) << performed.err;
        EXPECT_THAT(performed.out, testing::Not(HasSubstr(" 0 punctures"))) << device;
        EXPECT_EQ(evenhand({"replay", file, "--verify"}).exit, 0) << device;
        Outcome scored = evenhand({"score", file, "--json"});
        EXPECT_EQ(scored.exit, 0) << scored.err;
    }
}

}  // namespace
