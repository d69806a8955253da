// A tracked pen that liblo sends over UDP: the window takes it, the session keeps its poses and force.

#include "tests/gui/window_test.h"

#include <cmath>

#include <lo/lo.h>

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

    const std::string path = (scratch_ / "rows.csv").string();
    ASSERT_EQ(scenario::evenhand({"export", file, "--samples", path}, environment_).exit, 0);
    std::istringstream text(scenario::read(path));
    std::string line;
    int pressed = 0;
    for (std::getline(text, line); std::getline(text, line);) {
        std::istringstream cells(line);
        std::vector<double> row;
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::strtod(cell.c_str(), nullptr));
        if (std::fabs(row.at(7) - 0.9) > 0.009) continue;
        ++pressed;
        EXPECT_EQ(row[2], 0) << "y as told";
        EXPECT_EQ(row[6], -1) << "axis as told";
    }
    EXPECT_GT(pressed, 300) << "it pressed for some four seconds, 120 samples each";
    expect_no_validation_message();
}

}  // namespace
