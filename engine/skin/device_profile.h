#pragma once

// Needling devices as data (content/devices/*.toml, or any file of that form: design.md 6).

#include "engine/base/files.h"
#include "engine/base/hash.h"

#include <glm/vec2.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace skin {

enum class DeviceKind : uint8_t {
    pen,    ///< a motor drives a plate of needles through or past a flat rim; the dial sets how far
    stamp,  ///< a closed flat plate with needles of fixed length
    roller  ///< a drum with needles of fixed length, turned by its path
};
const char* kind_name(DeviceKind kind);

struct DeviceProfile {
    std::string id, name;
    DeviceKind kind = DeviceKind::pen;
    double tip_radius = 5e-3;         ///< m, outer radius of the flat rim; half of a drum's width
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
    double pin_length = 0;        ///< m that fixed pins stand out of plate or drum; 0 for a pen
    double pin_force = 0.03;      ///< N that drives one fixed pin in to its full length
    double drum_radius = 10e-3;   ///< m, of a roller, without its pins
    double drum_width = 20e-3;    ///< m, along the axle
    size_t rows = 0;              ///< of a roller's pins, side by side along the axle
    /// m, places on the plate in needle order; of a roller on its unrolled drum: along the axle from its middle, and round it.
    std::vector<glm::dvec2> pins;
    base::Hash hash;                           ///< over every field above but name

    size_t pin_count() const { return pins.size(); }
    bool has_motor() const { return kind == DeviceKind::pen; }
    double drum_girth() const;  ///< m round the drum
};

/// m that the dial is off with the cartridge that `cartridges` changes put in: evenly within the tolerance, drawn by the
/// device's hash, so that every machine draws the same.
double dial_error(const DeviceProfile& device, uint32_t cartridges);

/// Pins in concentric rings, evenly spread over a disc of `plate_radius` (1 at the centre, then 6, 12, …, the outermost
/// ring taking the rest and lying on the disc's edge). Deterministic.
std::vector<glm::dvec2> ring_layout(size_t pins, double plate_radius);

/// Rows side by side along the axle, the pins of a row evenly round the drum, every second row half a pitch on.
std::vector<glm::dvec2> drum_layout(size_t rows, size_t per_row, double radius, double width);

/// The device `id` of content/devices, or a TOML file (any path ending in .toml). Required: version, id, kind, pins,
/// and for a pen (design.md 6) tip_radius_mm, opening_radius_mm, rate_hz, depth_range_mm; for a stamp tip_radius_mm,
/// pin_length_mm, pin_force_n, eta_range; for a roller drum_radius_mm, drum_width_mm, rows, pin_length_mm, pin_force_n,
/// eta_range. Optional: name, source, pin_diameter_mm; for pen and stamp plate_radius_mm; for a pen rate_range_hz,
/// depth_default_mm, depth_step_mm, dial_tolerance_mm, eta_range. Of a fixed pin all depths are its length and rates 0.
base::Result<DeviceProfile> load_device(const base::Places& places, const std::string& id);
/// The file of the device `id`, or `id` itself where it is the path of a TOML file. An unknown id is answered with those that exist.
base::Result<base::fs::path> find_device(const base::Places& places, const std::string& id);
base::Result<std::vector<std::string>> list_devices(const base::Places& places);

}  // namespace skin
