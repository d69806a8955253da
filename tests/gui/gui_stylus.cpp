// A stylus whose pressure goes all the way: the X server's own pen, XInput 2, the window, the session's log.

#include "tests/gui/pen_display.h"
#include "tests/gui/tilting_pen.h"

#include <cmath>

#include <sys/stat.h>

#include <X11/Xatom.h>
#include <X11/extensions/XInput2.h>

namespace {

using gui_test::Injector;
using gui_test::kPenFull;
using gui_test::kPenX;
using gui_test::kPenY;
using gui_test::newtons;
using gui_test::until;

class StylusPen : public gui_test::OnPenDisplay<gui_test::WindowTest> {
  protected:
    void begin_on_the_pad() {
        key("5");  // the pads alone
        key("Right");
        key("Return");
        ASSERT_TRUE(says("screen practice pad-flat")) << log();
        ASSERT_TRUE(says("view reached")) << log();
    }

    /// Until the session has seen what was done by now: its clock has told of two more seconds.
    void settle() {
        for (int second = 0; second < 2; ++second) {
            const std::string before = told("clock ");
            ASSERT_TRUE(until([&] { return told("clock ") != before; })) << log();
        }
    }

    /// Ends the program and exports its recording: one vector of columns per row.
    std::vector<std::vector<double>> recorded(const char* what) {
        const std::string file = told("recording ");
        if (application_->running()) {
            manager_->ask_to_close(window_);
            EXPECT_EQ(application_->wait(gui_test::kPatience), 0) << log();
            const scenario::Outcome verified = scenario::evenhand({"replay", file, "--verify"}, environment_);
            EXPECT_EQ(verified.exit, 0) << verified.err;
        }
        return exported(file, what);
    }

    /// The pen's own switch, as `xinput disable` turns it.
    void plug_in(bool there) {
        Display* display = XOpenDisplay(environment_["DISPLAY"].c_str());
        ASSERT_TRUE(display);
        int count = 0;
        XIDeviceInfo* all = XIQueryDevice(display, XIAllDevices, &count);
        for (int i = 0; i < count; ++i) {
            if (std::string(all[i].name) != "test stylus") continue;
            unsigned char on = there ? 1 : 0;
            XIChangeProperty(display, all[i].deviceid, XInternAtom(display, "Device Enabled", False), XA_INTEGER, 8,
                             XIPropModeReplace, &on, 1);
        }
        XIFreeDeviceInfo(all);
        XSync(display, False);
        XCloseDisplay(display);
    }
};

TEST_F(StylusPen, PressureDrivesAStrokeAndTheLoggedForceFollowsItWithinOnePerCent) {
    begin_on_the_pad();
    pen_->proximity(true);
    pen_->move(kPenX - 60, kPenY, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const std::vector<double> pressures = {100, 250, 400, 750, 1000, 500, 180};
    double x = kPenX - 60;
    pen_->move(x, kPenY, pressures.front());
    pen_->button(1, true);
    ASSERT_TRUE(says("recording ")) << log();
    for (const double pressure : pressures) hold(x += 12, pressure);
    photograph("stylus");
    pen_->button(1, false);
    pen_->move(x, kPenY, 0);
    pen_->proximity(false);
    settle();

    constexpr size_t kTime = 0, kForce = 7, kPunctureForce = 8;
    const auto samples = recorded("--samples");
    const auto punctures = recorded("--punctures");
    ASSERT_GT(samples.size(), 300u);
    for (const double pressure : pressures) {
        const auto held = std::ranges::count_if(samples, [&](const std::vector<double>& row) {
            return std::fabs(row[kForce] - newtons(pressure)) <= 0.01 * newtons(pressure);
        });
        EXPECT_GT(held, 40) << pressure << ": half a second is 60 samples";
        const auto needled = std::ranges::count_if(punctures, [&](const std::vector<double>& row) {
            return std::fabs(row[kPunctureForce] - newtons(pressure)) <= 0.01 * newtons(pressure);
        });
        EXPECT_GT(needled, 300) << pressure << ": half a second is 600 punctures and more";
    }
    double peak = 0;
    for (const auto& row : samples) peak = std::max(peak, row[kForce]);
    EXPECT_NEAR(peak, kPenFull, 1e-3) << "full pressure is full force, and nothing is beyond";
    EXPECT_EQ(samples.back()[kForce], 0) << "lifted";
    EXPECT_LT(samples.front()[kTime], 1);
    expect_no_validation_message();
}

TEST_F(StylusPen, APenThatGoesAwayInTheMiddleOfAStrokeLiftsAndCanComeBack) {
    begin_on_the_pad();
    pen_->proximity(true);
    pen_->move(kPenX - 60, kPenY, 500);
    pen_->button(1, true);
    ASSERT_TRUE(says("recording ")) << log();
    hold(kPenX - 60, 500);
    plug_in(false);
    settle();
    EXPECT_TRUE(application_->running()) << log();
    plug_in(true);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    pen_ = std::make_unique<Injector>(scratch_ / "pen.sock");
    ASSERT_TRUE(pen_->ready());
    pen_->proximity(true);
    pen_->move(kPenX, kPenY, 800);
    pen_->button(1, true);
    hold(kPenX, 800);
    pen_->button(1, false);
    settle();

    const auto samples = recorded("--samples");
    std::vector<int> levels;  // 0 lifted, 1 first, 2 second
    for (const auto& row : samples) {
        const double force = row[7];
        const int level = force == 0 ? 0 : std::fabs(force - newtons(500)) < 0.02 ? 1 : std::fabs(force - newtons(800)) < 0.02 ? 2 : -1;
        if (level >= 0 && (levels.empty() || levels.back() != level)) levels.push_back(level);
    }
    EXPECT_EQ(levels.back(), 0);
    EXPECT_TRUE(std::ranges::search(levels, std::vector<int>{1, 0, 2, 0})) << fmt::format("{}", levels.size());
    expect_no_validation_message();
}

/// The page of the pens, whose words are read from the trace.
class StylusPage : public StylusPen {
  protected:
    std::vector<std::string> application() override { return {EVENHAND_PROGRAM, "--log-level", "trace"}; }
};

TEST_F(StylusPage, ShowsTheForceOfThePressureAndThatThisPenOffersNoTilt) {
    key("p");
    key("4");
    ASSERT_TRUE(says("stylus shows ")) << log();
    constexpr double kFreeX = 400, kFreeY = 655;  // nothing to press there
    pen_->proximity(true);
    pen_->move(kFreeX, kFreeY, 500);
    pen_->button(1, true);
    for (const double pressure : {500.0, 1000.0}) {
        const std::string told_now = fmt::format("{:.2f} N, Tilt: not offered", newtons(pressure));
        EXPECT_TRUE(until([&] { return pen_->move(kFreeX + pressure * 0.01, kFreeY, pressure), told("stylus shows ") == told_now; })) << told_now << "\n" << told("stylus shows ");
        photograph(fmt::format("stylus-page-{:.0f}", pressure));
    }
    pen_->button(1, false);
    EXPECT_TRUE(until([&] { return told("stylus shows ").starts_with("0.00 N"); })) << "lifted";
    expect_no_validation_message();
}

/// Beside the server's own pen one with tilt axes, by a driver of ours.
class TiltingPen : public StylusPen {
  protected:
    std::vector<std::string> server() override {
        const std::vector<std::string> command = StylusPen::server();
        std::string config = scenario::read(scratch_ / "xorg.conf");
        const std::string layout = "  InputDevice \"test stylus\"";
        config.insert(config.find(layout), "  InputDevice \"tilting pen\"\n");
        config += fmt::format(R"(
Section "Files"
  ModulePath "{}/xorg"
  ModulePath "/usr/lib/xorg/modules"
EndSection
Section "InputDevice"
  Identifier "tilting pen"
  Driver "tiltpen"
  Option "Pipe" "{}"
EndSection
)",
                              EVENHAND_BINARY_DIR, pipe().string());
        scratch_.write("xorg.conf", config);
        mkfifo(pipe().c_str(), 0600);
        return command;
    }
    void SetUp() override {
        StylusPen::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        out_ = ::open(pipe().c_str(), O_WRONLY | O_NONBLOCK);
        ASSERT_GE(out_, 0) << "the server does not read the pen's pipe: " << scenario::read(scratch_ / "xorg.log");
    }
    void TearDown() override {
        if (out_ >= 0) ::close(out_);
        StylusPen::TearDown();
    }
    std::filesystem::path pipe() const { return scratch_ / "pen.pipe"; }

    /// Tilts in degrees to the right and towards the hand.
    void tell(int what, int value, double x, double y, int pressure, int tilt_x, int tilt_y) {
        const TiltingPenEvent event{what, value, {static_cast<int>(x * 65535 / 1280), static_cast<int>(y * 65535 / 720), pressure, tilt_x, tilt_y}};
        EXPECT_EQ(::write(out_, &event, sizeof event), static_cast<ssize_t>(sizeof event));
    }

    /// What was recorded while it is pressed for a second at each of the tilts, about one place.
    std::vector<std::vector<double>> held_at(const std::vector<std::pair<int, int>>& tilts, double x, const std::string& picture) {
        tell(kTiltingPenNear, 1, x, kPenY, 0, 0, 0);
        tell(kTiltingPenMoves, 0, x, kPenY, 0, 0, 0);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        tell(kTiltingPenPresses, 1, x, kPenY, 500, 0, 0);
        EXPECT_TRUE(says("recording ")) << log();
        for (const auto& [right, down] : tilts)
            for (int i = 0; i < 40; ++i) {
                tell(kTiltingPenMoves, 0, x + 0.5 * i, kPenY, 500, right, down);
                std::this_thread::sleep_for(std::chrono::milliseconds(25));
            }
        photograph(picture);
        tell(kTiltingPenPresses, 0, x, kPenY, 0, 0, 0);
        settle();
        return recorded("--samples");
    }

    /// What the session measured between pen and skin is what was told.
    void expect_tilts(const std::vector<std::vector<double>>& samples) {
        constexpr size_t kForce = 7, kTilt = 9;
        constexpr double kBound = 0.1;  // degrees
        for (const auto& [right, down] : kTilts) {
            const double told = std::atan(std::hypot(std::tan(right * M_PI / 180), std::tan(down * M_PI / 180))) * 180 / M_PI;
            const auto held = std::ranges::count_if(samples, [&](const std::vector<double>& row) {
                return row[kForce] > 0.1 && std::fabs(row[kTilt] - told) < kBound;
            });
            EXPECT_GT(held, 60) << right << " " << down << ": a second is 120 samples";
        }
    }
    const std::vector<std::pair<int, int>> kTilts = {{0, 0}, {20, 0}, {0, -20}, {-10, 30}};

  private:
    int out_ = -1;
};

TEST_F(TiltingPen, LeansThePenThatItLeadsByItsTiltAxes) {
    begin_on_the_pad();
    expect_once_more("view reached", [&] { key("f"); });
    const auto samples = held_at({{0, 0}, {20, 0}, {0, 30}}, kPenX, "stylus-tilted");
    const double right = std::sin(20 * M_PI / 180), down = std::sin(30 * M_PI / 180);
    for (const auto& [x, y] : {std::pair{0.0, 0.0}, {-right, 0.0}, {0.0, down}}) {  // of the axis, from the upper end to the tip
        const auto held = std::ranges::count_if(samples, [&](const std::vector<double>& row) {
            return row[7] > 0.1 && std::hypot(row[4] - x, row[5] - y) < 1e-3;
        });
        EXPECT_GT(held, 60) << x << " " << y << ": a second is 120 samples";
    }
    expect_no_validation_message();
}

TEST_F(TiltingPen, TellsItsAngleToTheSkinAtWhateverSlantThatIsSeen) {
    begin_on_the_pad();
    expect_once_more("view reached", [&] { key("f"); });
    for (const char* turn : {"d", "d", "d", "w", "w"}) expect_once_more("view reached", [&] { key(turn); });
    const auto samples = held_at(kTilts, kPenX, "stylus-slant");
    expect_tilts(samples);
    expect_no_validation_message();
}

TEST_F(TiltingPen, TellsItsAngleToSkinThatTurnsAway) {
    key("5");
    key("Return");  // the half cylinder
    ASSERT_TRUE(says("screen practice pad-cylinder")) << log();
    ASSERT_TRUE(says("view reached")) << log();
    expect_once_more("view reached", [&] { key("f"); });
    const auto samples = held_at(kTilts, kPenX + 120, "stylus-cylinder");
    expect_tilts(samples);
    double across = 0;
    for (const auto& row : samples) across = std::max(across, std::fabs(row[1]));
    EXPECT_GT(across, 15e-3) << "m from the crest: hardly turned away";
    expect_no_validation_message();
}

}  // namespace
