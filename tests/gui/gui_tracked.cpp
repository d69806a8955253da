// A tracked pen that liblo sends over UDP: the window takes it, the session keeps its poses and force, and its space is calibrated by
// three points.

#include "tests/gui/tracker.h"

#include <cmath>

// Last, with the macros of X11.
#include "tests/gui/window_test.h"

namespace {

using gui_test::until;

class TrackedPen : public gui_test::WindowTest {
  protected:
    static constexpr const char* kPort = "29471";

    /// Poses at some 50 Hz until the session's clock tells `second`, along x at 2 mm/s on the middle of the pad; `force` 0 hovers.
    void send_until(int second, double force) {
        const lo_address target = lo_address_new("127.0.0.1", kPort);
        const auto clock = [&] {
            const std::string now = told("clock ");
            return now.empty() ? -1 : std::stoi(now);
        };
        const bool reached = until([&] {
            lo_send(target, "/evenhand/pen/axis", "ddddddd", x_, 0.0, force > 0 ? 0.0 : 0.01, 0.0, 0.0, -1.0, force);
            x_ += 4e-5;
            return clock() >= second;
        });
        EXPECT_TRUE(reached) << log();
        lo_address_free(target);
    }

    std::vector<std::string> application() override { return {EVENHAND_PROGRAM, "--log-level", "debug", "--osc", kPort}; }

    double x_ = -0.02;
};

TEST_F(TrackedPen, PosesOverUdpLeadAStrokeWithTheForceTheyTell) {
    key("5");  // the pads alone
    key("Right");
    key("Return");
    ASSERT_TRUE(says("screen practice pad-flat")) << log();
    ASSERT_TRUE(says("view reached")) << log();
    send_until(4, 0.9);
    send_until(6, 0);
    ASSERT_TRUE(says("recording ")) << log();
    const std::string file = told("recording ");
    key("p");
    xdotool({"mousemove", "400", "640", "sleep", "0.3", "click", "1", "sleep", "0.5"});
    photograph("pens_page");
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(gui_test::kPatience), 0) << log();
    const scenario::Outcome verified = scenario::evenhand({"replay", file, "--verify"}, environment_);
    EXPECT_EQ(verified.exit, 0) << verified.err;

    int pressed = 0;
    for (const std::vector<double>& row : exported(file, "--samples")) {
        if (std::fabs(row.at(7) - 0.9) > 0.009) continue;
        ++pressed;
        EXPECT_EQ(row[2], 0) << "y as told";
        EXPECT_EQ(row[6], -1) << "axis as told";
    }
    EXPECT_GT(pressed, 300) << "it pressed for some four seconds, 120 samples each";
    expect_no_validation_message();
}

/// A tracker whose space lies elsewhere than the head's.
class CalibratedPen : public gui_test::WindowTest {
  protected:
    std::vector<std::string> application() override { return {EVENHAND_PROGRAM, "--log-level", "debug", "--osc", gui_test::tracker_port()}; }

    void open_pad() {
        key("5");  // the pads alone
        key("Right");
        key("Return");
        ASSERT_TRUE(says("screen practice pad-flat")) << log();
        ASSERT_TRUE(says("view reached")) << log();
    }
    /// With the focus on the button so many before the panel's last.
    void open_page(int back) {
        key("p");
        expect_once_more("settings page 4", [&] { key("4"); });
        for (int i = 0; i <= back; ++i) key("shift+Tab");
    }
    /// Presses the button of a point that has the focus and touches the place until the page is done with it; each pose lies
    /// `drift` m beside the one before.
    void touch(int point, glm::dvec3 place, const std::string& outcome, double drift = 0) {
        expect_once_more(fmt::format("calibration point {} {}", point, outcome), [&] {
            const std::string begins = fmt::format("calibration point {} ", point);
            const int before = times(begins);
            key("Return");
            EXPECT_TRUE(until([&] { return tracker_.send(place, 0), place.x += drift, times(begins) > before; })) << log();
        });
    }
    void restart() {
        manager_->ask_to_close(window_);
        ASSERT_EQ(application_->wait(gui_test::kPatience), 0) << log();
        open_application();
    }
    std::string kept() const { return scenario::read(scratch_ / "config" / "settings.toml"); }

    gui_test::Tracker tracker_{gui_test::tracker_port()};
    static constexpr double kSide = 0.05;  // m, from the middle of the pad
    const glm::dvec3 corners_[3] = {{-kSide, kSide, 0}, {kSide, kSide, 0}, {-kSide, -kSide, 0}};
};

TEST_F(CalibratedPen, ThreePointsTouchedInOrderPlaceItOnThePadUntilTheyAreForgotten) {
    open_pad();
    open_page(3);
    touch(1, corners_[0], "moved", 2e-4);
    photograph("calibration-moved");
    touch(1, corners_[0], "taken");
    key("Tab");
    touch(2, corners_[1], "taken");
    key("Tab");
    touch(3, corners_[1], "taken");
    ASSERT_TRUE(says("refusal ")) << log();
    EXPECT_THAT(told("refusal "), testing::HasSubstr("nearly on one line")) << "the same corner twice";
    photograph("calibration-refused");
    EXPECT_EQ(told("calibrated, "), "");

    key("shift+Tab");
    key("shift+Tab");
    for (int point = 1; point <= 3; ++point) {
        touch(point, corners_[point - 1], "taken");
        key("Tab");
    }
    ASSERT_TRUE(says("calibrated, residual ")) << log();
    EXPECT_EQ(told("calibrated, residual "), "0.00 mm");
    photograph("calibration-done");
    key("Escape");
    ASSERT_TRUE(says("settings closed")) << log();
    EXPECT_THAT(kept(), testing::HasSubstr("residual_mm = "));

    restart();
    open_pad();
    ASSERT_TRUE(until([&] { return tracker_.send({0.01, -0.02, 0}, 0.9), !told("clock ").empty() && std::stoi(told("clock ")) >= 3; })) << log();
    const std::string file = told("recording ");
    ASSERT_TRUE(until([&] { return !told("hint ").ends_with("_tracked"); })) << "a silent pen is lifted\n" << log();
    open_page(1);
    expect_once_more("calibration forgotten", [&] { key("Return"); });
    photograph("calibration-forgotten");
    ASSERT_TRUE(until([&] { return kept().find("residual_mm") == std::string::npos; })) << kept();
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(gui_test::kPatience), 0) << log();

    int pressed = 0;
    for (const std::vector<double>& row : exported(file, "--samples")) {
        if (std::fabs(row.at(7) - 0.9) > 0.009) continue;
        ++pressed;
        EXPECT_NEAR(row[1], 0.01, 1e-4);
        EXPECT_NEAR(row[2], -0.02, 1e-4);
        EXPECT_NEAR(row[6], -1, 1e-6) << "axis into the skin";
    }
    EXPECT_GT(pressed, 60) << "it was held for some two seconds, 120 samples each";
    expect_no_validation_message();
}

}  // namespace
