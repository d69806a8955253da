#include "engine/skin/device_profile.h"

#include "tests/unit/skin_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using testing::HasSubstr;

const std::string kGood = R"(version = 1
id = "pen-x"
kind = "pen"
tip_radius_mm = 5
opening_radius_mm = 4
pins = 12
rate_hz = 110
depth_range_mm = [0, 2.5]
)";

base::Result<skin::DeviceProfile> load(const std::string& text) {
    base::fs::path path = skin_test::scratch("device.toml");
    EXPECT_TRUE(base::write_file(path, text));
    return skin::load_device(skin_test::places(), path.string());
}

std::string refusal(const std::string& from, const std::string& to) {
    std::string text = kGood;
    size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    base::Result<skin::DeviceProfile> profile = load(text);
    return profile ? "accepted" : profile.error().message;
}

TEST(Device, ShippedPensLoadAndSayWhereTheirFiguresComeFrom) {
    base::Result<std::vector<std::string>> ids = skin::list_devices(skin_test::places());
    ASSERT_TRUE(ids);
    EXPECT_THAT(*ids, testing::IsSupersetOf({"pen-12", "pen-36", "nano-49", "stamp-40", "roller-192"}));
    for (const std::string& id : *ids) {
        base::Result<skin::DeviceProfile> profile = skin::load_device(skin_test::places(), id);
        ASSERT_TRUE(profile) << profile.error().message;
        EXPECT_EQ(profile->id, id);
        std::string text = *base::read_text(skin_test::places().data / "devices" / (id + ".toml"));
        EXPECT_THAT(text, HasSubstr("source = "));
    }
    skin::DeviceProfile pen = *skin::load_device(skin_test::places(), "pen-12");
    EXPECT_EQ(pen.pin_count(), 12u);
    EXPECT_EQ(pen.rate_hz, 110);
    EXPECT_EQ(pen.depth_max, 2.5e-3);
}

TEST(Device, OptionalFieldsHaveTheHeadersDefaults) {
    base::Result<skin::DeviceProfile> profile = load(kGood);
    ASSERT_TRUE(profile) << profile.error().message;
    skin::DeviceProfile defaults;
    EXPECT_NEAR(profile->plate_radius, defaults.plate_radius, 1e-15);
    EXPECT_EQ(profile->rate_min_hz, defaults.rate_min_hz);
    EXPECT_EQ(profile->rate_max_hz, defaults.rate_max_hz);
    EXPECT_EQ(profile->depth_default, defaults.depth_default);
    EXPECT_EQ(profile->eta_min, defaults.eta_min);
    EXPECT_EQ(profile->eta_max, defaults.eta_max);
}

TEST(Device, PinsLieEvenlyOnThePlate) {
    for (size_t count : {1, 2, 7, 12, 14, 36, 192}) {
        std::vector<glm::dvec2> pins = skin::ring_layout(count, 3.2e-3);
        ASSERT_EQ(pins.size(), count);
        double farthest = 0, nearest_pair = 1;
        for (size_t i = 0; i < count; ++i) {
            farthest = std::max(farthest, std::hypot(pins[i].x, pins[i].y));
            for (size_t j = 0; j < i; ++j)
                nearest_pair =
                    std::min(nearest_pair, std::hypot(pins[i].x - pins[j].x, pins[i].y - pins[j].y));
        }
        EXPECT_NEAR(farthest, count == 1 ? 0.0 : 3.2e-3, 1e-12);
        // A hexagonal grid of this density has pitch 1.9 R / sqrt(n); no two pins come closer than half of
        // that.
        EXPECT_GT(nearest_pair, 0.95 * 3.2e-3 / std::sqrt(static_cast<double>(count)));
    }
}

TEST(Device, HashCoversEveryFieldButTheName) {
    base::Hash hash = load(kGood)->hash;
    EXPECT_EQ(load("name = \"other\"\n" + kGood)->hash, hash);
    for (const char* line : {"plate_radius_mm = 3.1", "rate_range_hz = [60, 150]", "depth_default_mm = 0.4",
                             "depth_step_mm = 0.1", "dial_tolerance_mm = 0.1", "pin_diameter_mm = 0.2", "eta_range = [0.5, 0.94]"})
        EXPECT_NE(load(line + ("\n" + kGood))->hash, hash) << line;
}

TEST(Device, DialErrorsFillTheToleranceEvenlyAndAreEachDevicesOwn) {
    skin::DeviceProfile one = *load(kGood + "dial_tolerance_mm = 0.2\n"), other = *load(kGood + "dial_tolerance_mm = 0.19\n");
    double sum = 0, squares = 0;
    constexpr int kCartridges = 2000;
    for (uint32_t i = 0; i < kCartridges; ++i) {
        double error = skin::dial_error(one, i) / 0.2e-3;
        ASSERT_LE(std::fabs(error), 1.0);
        EXPECT_NE(error, skin::dial_error(other, i) / 0.19e-3);
        sum += error;
        squares += error * error;
    }
    EXPECT_NEAR(sum / kCartridges, 0, 0.05);          // of an even spread over ±1: mean 0 …
    EXPECT_NEAR(squares / kCartridges, 1.0 / 3, 0.02);  // … and variance a third
    EXPECT_EQ(skin::dial_error(*load(kGood), 3), 0.0);
    EXPECT_EQ(skin::dial_error(one, 7), skin::dial_error(one, 7));
}

TEST(Device, BadFilesAreRefusedWithFileLineAndColumn) {
    EXPECT_EQ(refusal("pins", "pins"), "accepted");
    EXPECT_THAT(refusal("pins = 12\n", ""), HasSubstr("device.toml:1:1: pins: missing"));
    EXPECT_THAT(refusal("tip_radius_mm = 5", "tip_radius_mm = nan"),
                HasSubstr("device.toml:4:17: tip_radius_mm"));
    EXPECT_THAT(refusal("opening_radius_mm = 4", "opening_radius_mm = 5.5"),
                HasSubstr("device.toml:5:21: opening_radius_mm"));
    EXPECT_THAT(refusal("opening_radius_mm = 4", "opening_radius_mm = -1"), HasSubstr("device.toml:5:21"));
    EXPECT_THAT(refusal("pins = 12", "pins = 0"), HasSubstr("device.toml:6:8: pins"));
    EXPECT_THAT(refusal("pins = 12", "pins = 256"), HasSubstr("device.toml:6:8: pins"));
    EXPECT_THAT(refusal("pins = 12", "pins = 1.5"), HasSubstr("device.toml:6:8: pins"));
    EXPECT_THAT(refusal("rate_hz = 110", "rate_hz = 0"), HasSubstr("device.toml:7:11: rate_hz"));
    EXPECT_THAT(refusal("rate_hz = 110", "rate_hz = inf"), HasSubstr("device.toml:7:11: rate_hz"));
    EXPECT_THAT(refusal("[0, 2.5]", "[2.5, 0]"), HasSubstr("device.toml:8:18: depth_range_mm"));
    EXPECT_THAT(refusal("[0, 2.5]", "[0, 2.5]\nplate_radius_mm = 4.5"),
                HasSubstr("device.toml:9:19: plate_radius_mm"));
    EXPECT_THAT(refusal("[0, 2.5]", "[0, 2.5]\neta_range = [0.9, 0.5]"),
                HasSubstr("device.toml:9:13: eta_range"));
    EXPECT_THAT(refusal("[0, 2.5]", "[0, 2.5]\nrate_range_hz = [120, 150]"),
                HasSubstr("device.toml:9:17: rate_range_hz"));
    EXPECT_THAT(refusal("rate_hz = 110", "rate_hz = 110\nneedles = 3"),
                HasSubstr("device.toml:8:11: unknown key 'needles'"));
    EXPECT_THAT(refusal("\"pen\"", "\"laser\""), HasSubstr("device.toml:3:8: kind"));
    EXPECT_THAT(refusal("\"pen\"", "\"roller\""), HasSubstr("drum_radius_mm: missing"));
    EXPECT_THAT(refusal("\"pen\"", "\"stamp\""), HasSubstr("pin_length_mm: missing"));
    EXPECT_THAT(refusal("version = 1", "version = 2"), HasSubstr("device.toml:1:11: version"));
    EXPECT_THAT(refusal("rate_hz = 110", "rate_hz = "), HasSubstr("device.toml:7:"));
}

const std::string kRoller = R"(version = 1
id = "roller-x"
kind = "roller"
drum_radius_mm = 8
drum_width_mm = 18
rows = 6
pins = 120
pin_length_mm = 0.5
pin_force_n = 0.03
eta_range = [0.2, 0.7]
)";

TEST(Device, FixedPinsHaveNoDialAndNoMotor) {
    base::Result<skin::DeviceProfile> roller = load(kRoller);
    ASSERT_TRUE(roller) << roller.error().message;
    EXPECT_EQ(roller->kind, skin::DeviceKind::roller);
    EXPECT_FALSE(roller->has_motor());
    EXPECT_EQ(roller->depth_min, 0.5e-3);
    EXPECT_EQ(roller->depth_max, 0.5e-3);
    EXPECT_EQ(roller->depth_default, 0.5e-3);
    EXPECT_EQ(roller->rate_hz, 0.0);
    ASSERT_EQ(roller->pin_count(), 120u);
    EXPECT_NEAR(roller->pins[0].x, 7.5e-3, 1e-12);
    EXPECT_NEAR(roller->pins[119].x, -7.5e-3, 1e-12);
    EXPECT_NEAR(roller->pins[1].y - roller->pins[0].y, roller->drum_girth() / 20, 1e-12);
    EXPECT_NEAR(roller->pins[20].y, roller->drum_girth() / 40, 1e-12);  // the next row, half a pitch on
    for (glm::dvec2 pin : roller->pins) EXPECT_LT(pin.y, roller->drum_girth());
}

TEST(Device, BadRollersAreRefused) {
    auto with = [](const std::string& from, const std::string& to) {
        std::string text = kRoller;
        text.replace(text.find(from), from.size(), to);
        base::Result<skin::DeviceProfile> profile = load(text);
        return profile ? "accepted" : profile.error().message;
    };
    EXPECT_THAT(with("pins = 120", "pins = 121"), HasSubstr("device.toml:7:8: pins"));
    EXPECT_THAT(with("rows = 6", "rows = 0"), HasSubstr("device.toml:6:8: rows"));
    EXPECT_THAT(with("drum_radius_mm = 8", "drum_radius_mm = 0"), HasSubstr("device.toml:4:18: drum_radius_mm"));
    EXPECT_THAT(with("pin_force_n = 0.03", "pin_force_n = 0"), HasSubstr("device.toml:9:15: pin_force_n"));
    EXPECT_THAT(with("[0.2, 0.7]", "[0.7, 0.2]"), HasSubstr("device.toml:10:13: eta_range"));
    EXPECT_THAT(with("rows = 6", "rows = 6\nrate_hz = 110"), HasSubstr("unknown key 'rate_hz'"));
    base::Hash hash = load(kRoller)->hash;
    for (auto [from, to] : {std::pair{"drum_radius_mm = 8", "drum_radius_mm = 9"}, {"rows = 6", "rows = 5"},
                            {"pin_length_mm = 0.5", "pin_length_mm = 0.6"}, {"pin_force_n = 0.03", "pin_force_n = 0.1"}}) {
        std::string text = kRoller;
        text.replace(text.find(from), std::string(from).size(), to);
        EXPECT_NE(load(text)->hash, hash) << to;
    }
}

TEST(Device, UnknownNamesSayWhatToDo) {
    base::Result<skin::DeviceProfile> missing = skin::load_device(skin_test::places(), "pen-none");
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("no device 'pen-none'"));
    EXPECT_FALSE(skin::load_device(skin_test::places(), "/nowhere/pen.toml"));
    EXPECT_FALSE(skin::load_device(skin_test::places(), "../devices/.."));
}

}  // namespace
