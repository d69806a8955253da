// What a session in the window puts out to the loudspeaker, read from the file that OpenAL Soft's wave driver writes; and what
// is heard where there is no device.

#include "tests/gui/window_test.h"
#include "tests/scenarios/wave.h"

#include <fstream>

namespace {

namespace fs = std::filesystem;
using gui_test::until;

constexpr int kMiddleX = 622, kMiddleY = 360;

class SoundWindow : public gui_test::WindowTest {
  protected:
    std::vector<std::string> application() override {
        fs::create_directories(scratch_ / "config");
        std::ofstream(scratch_ / "config/settings.toml") << "version = 1\ntier = \"cpu\"\nsound = true\nvolume = 1.0\nsubtitles = true\n";
        choose_device();
        return {EVENHAND_PROGRAM, "--log-level", "debug"};
    }
    virtual void choose_device() {
        scenario::set_wave_device(wave_, [this](const char* name, const std::string& value) { environment_[name] = value; });
    }
    void begin() {
        key("Return");
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("1");  // the forehead, over bone
        ASSERT_TRUE(says("view reached")) << log();
        key("space");
        ASSERT_TRUE(says("recording ")) << log();
    }
    /// s of sound so far; what is done now is heard a little later.
    double heard() const { return scenario::read_wave(wave_).seconds(); }
    double pitch(double from, double to) const { return scenario::read_wave(wave_).strongest(from, to, 60, 130); }

    const fs::path wave_ = scratch_ / "heard.wav";
};

TEST_F(SoundWindow, TheMotorIsHeardAndItsPitchFallsUnderTheHand) {
    ASSERT_TRUE(says("sound plays on")) << log();
    begin();
    const double runs = heard() + 1.0;
    ASSERT_TRUE(scenario::wave_grows_to(wave_, runs + 1.0));
    EXPECT_NEAR(pitch(runs, runs + 1.0), 110, 1);

    // Pressed, well beyond what the coach allows, and held.
    xdotool({"mousemove", std::to_string(kMiddleX), std::to_string(kMiddleY)});
    for (int i = 0; i < 30; ++i) xdotool({"click", "4", "sleep", "0.12"});
    xdotool({"mousedown", "1"});
    ASSERT_TRUE(says("subtitle motor_labours")) << log();
    ASSERT_TRUE(says("tone less force_high")) << log();
    const double pressed = heard() + 2.0;  // the tone is over
    ASSERT_TRUE(scenario::wave_grows_to(wave_, pressed + 1.0));
    const double low = pitch(pressed, pressed + 1.0);
    photograph("sound-labours");
    xdotool({"mouseup", "1"});
    EXPECT_LT(low, 110 * 0.86);
    EXPECT_GT(low, 110 * 0.6);

    key("space");  // paused: the motor stands still
    ASSERT_TRUE(says("subtitle motor_stops")) << log();
    const double after = heard() + 2.0;
    ASSERT_TRUE(scenario::wave_grows_to(wave_, after + 0.5));
    const scenario::Wave all = scenario::read_wave(wave_);
    for (double hz : {60.0, 95.0, 110.0, 220.0}) EXPECT_LT(all.amplitude(after, after + 0.5, hz), 1e-4) << hz;
    expect_no_validation_message();
}

class MuteWindow : public SoundWindow {
  protected:
    void choose_device() override { environment_["ALSOFT_DRIVERS"] = "no-such-driver"; }
};

TEST_F(MuteWindow, WithoutADeviceASessionRunsSilentAndTheLogSaysSoOnce) {
    ASSERT_TRUE(says("no sound: ")) << log();
    begin();
    ASSERT_TRUE(says("subtitle motor_runs")) << log();
    ASSERT_TRUE(until([&] { return told("clock ") == "2 s"; })) << log();
    const std::string all = log();
    EXPECT_EQ(all.find("no sound: "), all.rfind("no sound: "));
}

}  // namespace
