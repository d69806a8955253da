#include "engine/skin/device_profile.h"
#include "tests/fuzz/fuzz_target.h"

namespace fuzz {

namespace {

void check_plate(const skin::DeviceProfile& device) {
    for (glm::dvec2 pin : device.pins) {
        double radius_squared = pin.x * pin.x + pin.y * pin.y;
        CHECK(radius_squared <= device.plate_radius * device.plate_radius * (1 + 1e-9) + 1e-18,
              radius_squared);
    }
    CHECK(device.opening_radius < device.tip_radius && device.plate_radius < device.tip_radius);
}

void check_drum(const skin::DeviceProfile& device) {
    CHECK(device.rows > 0 && device.pin_count() % device.rows == 0, device.rows);
    for (glm::dvec2 pin : device.pins) {
        CHECK(pin.x * pin.x < 0.25 * device.drum_width * device.drum_width, pin.x);
        CHECK(pin.y >= 0 && pin.y < device.drum_girth(), pin.y);
    }
}

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("device.toml");
    base::Result<skin::DeviceProfile> device = skin::load_device({}, file.write(bytes).string());
    if (!device) {
        CHECK(!device.error().message.empty());
        return false;
    }
    CHECK(device->pin_count() >= 1 && device->pin_count() <= 255, device->pin_count());
    device->kind == skin::DeviceKind::roller ? check_drum(*device) : check_plate(*device);
    CHECK(device->depth_min <= device->depth_default && device->depth_default <= device->depth_max);
    CHECK(device->has_motor() == (device->depth_min < device->depth_max) && device->depth_step > 0);
    CHECK(device->rate_min_hz <= device->rate_hz && device->rate_hz <= device->rate_max_hz);
    CHECK(device->has_motor() || (device->pin_length > 0 && device->pin_force > 0));
    CHECK(device->eta_min <= device->eta_max && device->eta_min >= 0 && device->eta_max <= 1);
    return true;
}

}  // namespace

Target device_toml() {
    return {"device_toml", {content("devices/pen-12.toml"), content("devices/pen-36.toml"), content("devices/stamp-40.toml"),
                            content("devices/roller-192.toml")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(device_toml)
