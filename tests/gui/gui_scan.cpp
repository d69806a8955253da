// A head scan becomes a patient in the window: dropped or typed, fitted, its landmarks corrected with mouse
// and keys, fitted again, kept and practised on.

#include "tests/gui/window_test.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using gui_test::kPatience;
using gui_test::until;
using nlohmann::json;
using scenario::evenhand;
using testing::HasSubstr;
using testing::Not;

constexpr double kFitPatience = 180;  // s, on a slow machine

/// A GLB whose head lies on its back somewhere else, as another program might have saved it.
void move_head(const fs::path& from, const fs::path& to) {
    const std::string bytes = scenario::read(from);
    ASSERT_GT(bytes.size(), 20u);
    uint32_t length;
    std::memcpy(&length, &bytes[12], 4);
    json scene = json::parse(bytes.substr(20, length));
    for (json& node : scene.at("nodes")) {
        node["rotation"] = {std::sqrt(0.5), 0, 0, std::sqrt(0.5)};
        node["translation"] = {0.4, -0.2, 1.1};
    }
    std::string text = scene.dump();
    text.resize((text.size() + 3) / 4 * 4, ' ');
    std::string out = bytes.substr(0, 12);
    const auto add = [&](uint32_t value) { out.append(reinterpret_cast<const char*>(&value), 4); };
    add(static_cast<uint32_t>(text.size()));
    out += bytes.substr(16, 4) + text + bytes.substr(20 + length);
    const auto total = static_cast<uint32_t>(out.size());
    std::memcpy(&out[8], &total, 4);
    std::ofstream(to, std::ios::binary) << out;
}

class ScanImport : public gui_test::WindowTest {
  protected:
    void SetUp() override {
        WindowTest::SetUp();
        if (HasFatalFailure()) return;
        fs::create_directories(scratch_ / "scans");
        const fs::path exported = scratch_ / "head.glb";
        const scenario::Outcome done =
            evenhand({"face", "export", "demo-woman", "-o", exported.string()}, environment_);
        ASSERT_EQ(done.exit, 0) << done.err;
        move_head(exported, scan());
    }

    fs::path scan() const { return scratch_ / "scans" / "Eva.glb"; }

    void wait_for_fit(int number) {
        const int refusals = times("screen import");
        ASSERT_TRUE(until(
            [&] {
                return times("screen landmarks") >= number || times("screen import") > refusals ||
                       !application_->running();
            },
            kFitPatience))
            << log();
        ASSERT_EQ(times("screen landmarks"), number) << log();
    }
    void type_path(const fs::path& file) { type("e", file.string()); }
    double number_after(const std::string& words) const {
        const std::string found = told(words);
        return found.empty() ? -1 : std::stod(found);
    }
};

TEST_F(ScanImport, AScanIsDroppedCorrectedFittedAgainAndPractisedOn) {
    ASSERT_TRUE(manager_->drop(window_, scan())) << log();
    ASSERT_TRUE(says("screen import")) << log();
    photograph("scan-import");
    key("Return");
    photograph("scan-fitting");
    wait_for_fit(1);
    if (HasFatalFailure()) return;
    photograph("scan-landmarks");

    // The tip of the nose by its dot, which picking it in the list with the arrow keys tells the place of.
    for (int row = 0; row < 40 && !told("picked ").starts_with("pronasale"); ++row) {
        const int picked = times("picked ");
        key("Down");
        ASSERT_TRUE(until([&] { return times("picked ") > picked; })) << log();
    }
    // On the way the head turned to show what was hidden: from the front again, up to its neighbour and back.
    const int views = times("view reached"), noses = times("picked pronasale");
    key("f");
    ASSERT_TRUE(until([&] { return times("view reached") > views; })) << log();
    xdotool({"key", "Up", "sleep", "0.3", "key", "Down"});
    ASSERT_TRUE(until([&] { return times("picked pronasale") > noses; })) << log();
    std::istringstream words(told("picked pronasale at "));
    int x = 0, y = 0;
    words >> x >> y;
    ASSERT_GT(x, 0) << log();
    xdotool({"mousemove", std::to_string(x), std::to_string(y), "sleep", "0.3", "mousedown", "1", "sleep",
             "0.3"});
    for (int step = 1; step <= 6; ++step)
        xdotool({"mousemove", std::to_string(x + 2 * step), std::to_string(y - 3 * step), "sleep", "0.1"});
    xdotool({"sleep", "0.3", "mouseup", "1"});
    ASSERT_TRUE(says("landmark pronasale now at ")) << log();
    const std::string dragged = told("landmark pronasale now at ");
    photograph("scan-dragged");
    // Nudged with a key, and back twice: where the fit had it.
    key("d");
    ASSERT_TRUE(until([&] { return told("landmark pronasale now at ") != dragged; })) << log();
    key("z");
    ASSERT_TRUE(until([&] { return told("landmark pronasale now at ") == dragged; })) << log();

    key("g");
    wait_for_fit(2);
    if (HasFatalFailure()) return;
    EXPECT_LT(number_after("landmark pronasale residual "), 2) << "the fit follows the corrected landmark";
    photograph("scan-fitted-again");

    type("n", "Eva K.");
    key("4");
    photograph("scan-patient");
    key("Return");
    ASSERT_TRUE(says("saved eva-k", kFitPatience)) << log();
    ASSERT_TRUE(until([&] { return times("screen start") >= 2; })) << log();
    photograph("scan-start");

    // As `face import` stores it: listed, its landmarks for --landmarks, and a case to practise.
    EXPECT_THAT(evenhand({"face", "list"}, environment_).out, HasSubstr("eva-k"));
    EXPECT_THAT(scenario::read(scratch_ / "faces/eva-k.toml"), HasSubstr("fitzpatrick = 4"));
    const scenario::Outcome again =
        evenhand({"face", "import", scan().string(), "--id", "eva-again", "--landmarks",
                  (scratch_ / "faces/eva-k.landmarks.toml").string(), "--dry-run"},
                 environment_, kFitPatience);
    EXPECT_EQ(again.exit, 0) << again.err;
    std::ofstream(scratch_ / "pen.csv") << "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n"
                                           "0.01,0,0,0.15,0,0,-1,0,1\n0.5,0,0,0.14,0,0,-1,0.8,1\n1,0,0.01,0.14,0,0,-1,0,1\n";
    const scenario::Outcome performed =
        evenhand({"perform", "--case", (scratch_ / "faces/eva-k.case.toml").string(), "--pen",
                  (scratch_ / "pen.csv").string(), "-o", (scratch_ / "eva.evh").string()},
                 environment_, kFitPatience);
    EXPECT_EQ(performed.exit, 0) << performed.err;
    expect_no_validation_message();
}

TEST_F(ScanImport, WhatIsNoHeadIsToldOnTheScreenAndAnotherFileCanBeChosen) {
    const fs::path damaged = scratch_ / "scans" / "cut.glb";
    std::ofstream(damaged, std::ios::binary) << scenario::read(scan()).substr(0, 5000);
    key("i");
    ASSERT_TRUE(says("screen import")) << log();
    type_path(damaged);
    ASSERT_TRUE(until([&] { return times("screen import") >= 2; })) << log();
    photograph("scan-refused");
    EXPECT_EQ(times("screen landmarks"), 0);
    // A running fit is given up without waiting for it.
    type_path(scan());
    ASSERT_TRUE(says("fitting Eva.glb")) << log();
    photograph("scan-cancel");
    key("Escape");
    ASSERT_TRUE(until([&] { return times("screen import") >= 3; })) << log();
    key("Escape");
    ASSERT_TRUE(until([&] { return times("screen start") >= 2; })) << log();
    EXPECT_FALSE(fs::exists(scratch_ / "faces"));
    expect_no_validation_message();
}

}  // namespace
