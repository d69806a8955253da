// Two mice: one leads the pen, the other the hand that holds the skin, at the same time. The display's own second
// master pointer, moved and pressed through its XTEST device.

#include "tests/gui/window_test.h"

#include <X11/extensions/XInput2.h>
#include <X11/extensions/XTest.h>

// Only this for the old device interface that XTEST speaks.
#include <X11/extensions/XInput.h>

namespace {

using gui_test::until;

class SecondMouse {
  public:
    explicit SecondMouse(const std::string& display) : display_(XOpenDisplay(display.c_str())) {
        int major = 2, minor = 2;
        XIQueryVersion(display_, &major, &minor);
        std::string name = "second";
        XIAddMasterInfo add{XIAddMaster, name.data(), True, True};
        XIChangeHierarchy(display_, reinterpret_cast<XIAnyHierarchyChangeInfo*>(&add), 1);
        XSync(display_, False);
        int count = 0;
        XIDeviceInfo* all = XIQueryDevice(display_, XIAllDevices, &count);
        for (int i = 0; i < count; ++i) {
            if (std::string(all[i].name) == "second pointer") master_ = all[i].deviceid;
            if (std::string(all[i].name) == "second XTEST pointer")
                buttons_ = XOpenDevice(display_, static_cast<XID>(all[i].deviceid));
        }
        XIFreeDeviceInfo(all);
    }
    ~SecondMouse() { XCloseDisplay(display_); }
    SecondMouse(const SecondMouse&) = delete;

    bool there() const { return master_ != 0 && buttons_; }
    void move(int x, int y) {
        XIWarpPointer(display_, master_, 0, DefaultRootWindow(display_), 0, 0, 0, 0, x, y);
        settle();
    }
    void press(bool down) {
        XTestFakeDeviceButtonEvent(display_, buttons_, 1, down, nullptr, 0, 0);
        settle();
    }

  private:
    void settle() {
        XSync(display_, False);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    Display* display_;
    int master_ = 0;
    XDevice* buttons_ = nullptr;
};

class TwoMice : public gui_test::WindowTest {
  protected:
    static constexpr int kX = 622, kY = 360;

    bool holds(int fingers) {
        return until([&] { return told("debug fingers ") == std::to_string(fingers); });
    }
    /// Rows of an export of the recording: `time,event,value` or one per puncture.
    std::vector<std::string> exported(const std::string& file, const char* what) {
        const std::string path = (scratch_ / "rows.csv").string();
        const scenario::Outcome outcome = scenario::evenhand({"export", file, what, path}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        std::istringstream text(scenario::read(path));
        std::vector<std::string> rows;
        for (std::string row; std::getline(text, row);) rows.push_back(row);
        return rows;
    }
};

TEST_F(TwoMice, OneNeedlesWhileTheOtherDrawsTheSkin) {
    SecondMouse second(environment_["DISPLAY"]);
    if (!second.there()) GTEST_SKIP() << "this X server has no second master pointer";
    key("Return");
    ASSERT_TRUE(says("screen practice demo")) << log();
    key("8");
    ASSERT_TRUE(says("view reached")) << log();

    xdotool({"mousemove", std::to_string(kX), std::to_string(kY), "sleep", "0.3", "mousedown", "1"});
    ASSERT_TRUE(until([&] { return !told("recording ").empty(); })) << log();
    second.move(kX + 80, kY);
    second.press(true);
    ASSERT_TRUE(holds(1)) << log();
    for (int i = 1; i <= 6; ++i) {
        second.move(kX + 80 + 3 * i, kY);
        xdotool({"mousemove", std::to_string(kX - 2 * i), std::to_string(kY + 3 * i)});
    }
    photograph("two_mice");
    second.press(false);
    second.move(kX + 100, kY + 60);
    xdotool({"sleep", "0.5", "mouseup", "1", "sleep", "0.5"});
    EXPECT_EQ(told("debug fingers "), "1") << "the fingertip stays where it was let go";

    const std::string file = told("recording ");
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(gui_test::kPatience), 0) << log();
    const scenario::Outcome verified = scenario::evenhand({"replay", file, "--verify"}, environment_);
    EXPECT_EQ(verified.exit, 0) << verified.err;

    // The pen was down from before the finger came until after it was let go, and never leapt to it.
    const std::vector<std::string> punctures = exported(file, "--punctures");
    ASSERT_GT(punctures.size(), 1000u);
    double least = 1, most = -1;
    for (size_t i = 1; i < punctures.size(); ++i) {
        const double x = std::stod(punctures[i].substr(punctures[i].find(',') + 1));
        least = std::min(least, x), most = std::max(most, x);
    }
    EXPECT_LT(most - least, 20e-3) << "the second mouse was 30 mm away";
    expect_no_validation_message();
}

}  // namespace
