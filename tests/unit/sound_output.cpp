// The real way to a device, into a file: OpenAL Soft's own writer of waves.

#include "engine/sound/output.h"
#include "tests/scenarios/wave.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

namespace fs = base::fs;

const sound::Figures& figures() {
    static const auto read = sound::Figures::read(fs::path(EVENHAND_SOURCE_DIR) / "content/sounds.toml");
    EXPECT_TRUE(read) << read.error().message;
    return *read;
}

TEST(Output, CarriesTheMotorAndATone) {
    const fs::path wave = fs::path(EVENHAND_BINARY_DIR) / "test_output.wav";
    fs::remove(wave);
    scenario::set_wave_device(wave, [](const char* name, const std::string& value) { setenv(name, value.c_str(), 1); });
    {
        sound::Output output(figures());
        output.tell({true, 110, 1, 0}, 1);
        ASSERT_TRUE(scenario::wave_grows_to(wave, 2.0)) << "libopenal1 is missing, or has no wave driver";
        output.play("less");
        ASSERT_TRUE(scenario::wave_grows_to(wave, 3.0));
    }
    const scenario::Wave heard = scenario::read_wave(wave);
    ASSERT_GT(heard.seconds(), 2.5);
    const double expected = 110 * (1 - figures().motor.droop_per_n);
    EXPECT_NEAR(heard.strongest(1.0, 2.0, 60, 130), expected, 1);
    const double note = figures().tone("less")->notes[0].hz;
    EXPECT_GT(heard.amplitude(2.0, 2.6, note), 20 * heard.amplitude(1.0, 1.6, note));
}

TEST(Output, WithoutADeviceNothingIsHeardAndNothingFails) {
    setenv("ALSOFT_DRIVERS", "no-such-driver", 1);
    sound::Output output(figures());
    output.tell({true, 110, 1, 0}, 1);
    output.play("less");
    output.play("no such tone");
}

}  // namespace
