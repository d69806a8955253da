// A stylus whose pressure goes all the way: the X server's own pen, XInput 2, the window, the session's log.

#include "tests/gui/pen_display.h"

#include <cmath>

#include <X11/Xatom.h>
#include <X11/extensions/XInput2.h>

namespace {

using gui_test::Injector;
using gui_test::until;

constexpr double kX = 622, kY = 360;             // middle of the picture
constexpr double kDeadZone = 0.03, kFull = 3.0;  // as delivered

/// What the curve makes of a pressure of [0, 1000].
double newtons(double pressure) { return kFull * std::max(0.0, pressure * 1e-3 - kDeadZone) / (1 - kDeadZone); }

class StylusPen : public gui_test::WindowTest {
  protected:
    void SetUp() override {
        if (scenario::run({"sh", "-c", "command -v Xorg"}).exit != 0)
            GTEST_SKIP() << "there is no Xorg: apt-get install xserver-xorg-core xserver-xorg-video-dummy libxcvt0";
        if (!starts())
            GTEST_SKIP() << "Xorg does not start on this machine: " << scenario::read(scratch_ / "probe.err");
        WindowTest::SetUp();
        pen_ = std::make_unique<Injector>(scratch_ / "pen.sock");
        ASSERT_TRUE(pen_->ready()) << "the pen's socket does not answer";
    }

    /// Xorg needs more of a machine than Xvfb, such as a root account: tried once before the test.
    bool starts() {
        const auto command = server();
        const std::filesystem::path number = scratch_ / "probe", said = scratch_ / "probe.err";
        std::vector<std::string> shell = {"sh", "-c", "exec \"$@\" 2>\"" + said.string() + "\"", "sh"};
        shell.insert(shell.end(), command.begin(), command.end());
        const auto probe = gui_test::start(shell, 1, number, {});
        return until([&] { return scenario::read(number).ends_with('\n') || !probe->running(); }, 20) &&
               scenario::read(number).ends_with('\n');
    }

    std::vector<std::string> server() override {
        const std::string config = scratch_.write("xorg.conf", fmt::format(R"(
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "InputDevice"
  Identifier "test stylus"
  Driver "inputtest"
  Option "SocketPath" "{0}/pen.sock"
  Option "DeviceType" "PointerAbsoluteProximity"
  Option "PointerHasPressure" "true"
EndSection
Section "InputDevice"
  Identifier "test keyboard"
  Driver "inputtest"
  Option "SocketPath" "{0}/keyboard.sock"
  Option "DeviceType" "Keyboard"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
  Modeline "1280x720" 74.5 1280 1344 1472 1664 720 723 728 748
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1280x720"
  EndSubSection
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "test stylus" "CorePointer"
  InputDevice "test keyboard" "CoreKeyboard"
EndSection
)",
                                                                           scratch_.folder().string()));
        return {"Xorg", "-displayfd", "1", "-config", config, "-logfile", (scratch_ / "xorg.log").string(),
                "-noreset", "-nolisten", "tcp"};
    }

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

    /// Holds the pen at a pressure for half a second, going on a little.
    void hold(double from_x, double pressure) {
        for (int i = 0; i <= 20; ++i) {
            pen_->move(from_x + 0.5 * i, kY, pressure);
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
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
        const std::string path = (scratch_ / "rows.csv").string();
        const scenario::Outcome outcome = scenario::evenhand({"export", file, what, path}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        std::istringstream text(scenario::read(path));
        std::vector<std::vector<double>> rows;
        std::string line;
        for (std::getline(text, line); std::getline(text, line);) {
            std::istringstream cells(line);
            std::vector<double> row;
            for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::strtod(cell.c_str(), nullptr));
            rows.push_back(std::move(row));
        }
        return rows;
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

    std::unique_ptr<Injector> pen_;
};

TEST_F(StylusPen, PressureDrivesAStrokeAndTheLoggedForceFollowsItWithinOnePerCent) {
    begin_on_the_pad();
    pen_->proximity(true);
    pen_->move(kX - 60, kY, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const std::vector<double> pressures = {100, 250, 400, 750, 1000, 500, 180};
    double x = kX - 60;
    pen_->move(x, kY, pressures.front());
    pen_->button(1, true);
    ASSERT_TRUE(says("recording ")) << log();
    for (const double pressure : pressures) hold(x += 12, pressure);
    photograph("stylus");
    pen_->button(1, false);
    pen_->move(x, kY, 0);
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
    EXPECT_NEAR(peak, kFull, 1e-3) << "full pressure is full force, and nothing is beyond";
    EXPECT_EQ(samples.back()[kForce], 0) << "lifted";
    EXPECT_LT(samples.front()[kTime], 1);
    expect_no_validation_message();
}

TEST_F(StylusPen, APenThatGoesAwayInTheMiddleOfAStrokeLiftsAndCanComeBack) {
    begin_on_the_pad();
    pen_->proximity(true);
    pen_->move(kX - 60, kY, 500);
    pen_->button(1, true);
    ASSERT_TRUE(says("recording ")) << log();
    hold(kX - 60, 500);
    plug_in(false);
    settle();
    EXPECT_TRUE(application_->running()) << log();
    plug_in(true);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    pen_ = std::make_unique<Injector>(scratch_ / "pen.sock");
    ASSERT_TRUE(pen_->ready());
    pen_->proximity(true);
    pen_->move(kX, kY, 800);
    pen_->button(1, true);
    hold(kX, 800);
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

}  // namespace
