#include "engine/skin/device_profile.h"
#include "tests/fuzz/fuzz_target.h"

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("device.toml");
    base::Result<skin::DeviceProfile> device = skin::load_device({}, file.write(bytes).string());
    if (!device) {
        CHECK(!device.error().message.empty());
        return false;
    }
    CHECK(device->pin_count() >= 1 && device->pin_count() <= 255, device->pin_count());
    for (glm::dvec2 pin : device->pins) {
        double radius_squared = pin.x * pin.x + pin.y * pin.y;
        CHECK(radius_squared <= device->plate_radius * device->plate_radius * (1 + 1e-9) + 1e-18,
              radius_squared);
    }
    CHECK(device->opening_radius < device->tip_radius && device->plate_radius < device->tip_radius);
    CHECK(device->rate_min_hz <= device->rate_hz && device->rate_hz <= device->rate_max_hz);
    CHECK(device->depth_min <= device->depth_default && device->depth_default <= device->depth_max);
    CHECK(device->depth_min < device->depth_max && device->depth_step > 0);
    CHECK(device->eta_min <= device->eta_max && device->eta_min >= 0 && device->eta_max <= 1);
    return true;
}

}  // namespace

Target device_toml() {
    return {"device_toml", {content("devices/pen-12.toml"), content("devices/pen-36.toml")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(device_toml)
