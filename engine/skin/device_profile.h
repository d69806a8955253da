#pragma once

// Needling devices as data (content/devices/*.toml, or any file of that form: design.md 6).

#include "engine/base/files.h"
#include "engine/base/hash.h"

#include <glm/vec2.hpp>

#include <string>
#include <vector>

namespace skin {

struct DeviceProfile {
    std::string id, name;
    std::string kind = "pen";         ///< "pen"; rollers and stamps come with their mechanics
    double tip_radius = 5e-3;         ///< m, outer radius of the flat rim
    double opening_radius = 4e-3;     ///< m, hole in the rim through which the needles come; 0 = a closed flat face
    double plate_radius = 3.2e-3;     ///< m, radius of the circle that holds the pins
    double rate_hz = 110;             ///< default motor rate
    double rate_min_hz = 50, rate_max_hz = 150;
    double depth_min = 0, depth_max = 2.5e-3;  ///< m, range of the dial
    double depth_default = 0.5e-3;             ///< m
    double depth_step = 0.25e-3;               ///< m, one notch of the dial
    double dial_tolerance = 0;                 ///< m by which a cartridge's depth may be off what the dial says
    double pin_diameter = 0.25e-3;             ///< m
    double eta_min = 0.5, eta_max = 0.95;      ///< share of a pin's reach that enters: tenting (clinical.md 4.3, A)
    std::vector<glm::dvec2> pins;              ///< m, places on the plate, in needle order
    base::Hash hash;                           ///< over every field above but name

    size_t pin_count() const { return pins.size(); }
};

/// m that the dial is off with the cartridge that `cartridges` changes put in: evenly within the tolerance, drawn by the
/// device's hash, so that every machine draws the same.
double dial_error(const DeviceProfile& device, uint32_t cartridges);

/// Pins in concentric rings, evenly spread over a disc of `plate_radius` (1 at the centre, then 6, 12, …, the outermost
/// ring taking the rest and lying on the disc's edge). Deterministic.
std::vector<glm::dvec2> ring_layout(size_t pins, double plate_radius);

/// The device `id` of content/devices, or a TOML file (any path ending in .toml). Required: version, id, kind,
/// tip_radius_mm, opening_radius_mm, pins, rate_hz, depth_range_mm (design.md 6). Optional: name, source,
/// plate_radius_mm, rate_range_hz, depth_default_mm, depth_step_mm, dial_tolerance_mm, pin_diameter_mm, eta_range.
base::Result<DeviceProfile> load_device(const base::Places& places, const std::string& id);
base::Result<std::vector<std::string>> list_devices(const base::Places& places);

}  // namespace skin
