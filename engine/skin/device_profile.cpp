#include "engine/skin/device_profile.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/base/toml.h"
#include "engine/base/units.h"

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

using base::kMillimetre;

constexpr int64_t kMostPins = 255;  // a puncture names its needle in eight bits

/// Everything a device file may say; the figures in mm and Hz become SI here and nowhere else.
DeviceProfile read_profile(base::TomlReader& reader) {
    DeviceProfile profile;
    reader.integer("version", 1, 1);
    profile.id = reader.text("id");
    profile.name = reader.text_or("name", profile.id);
    reader.text_or("source", "");
    profile.kind = reader.text("kind");
    if (profile.kind != "pen") reader.refuse("kind", "must be \"pen\"");

    profile.tip_radius = reader.number("tip_radius_mm", 1, 15) * kMillimetre;
    profile.opening_radius = reader.number("opening_radius_mm", 0, 15) * kMillimetre;
    if (profile.opening_radius > profile.tip_radius - 0.05e-3)
        reader.refuse("opening_radius_mm",
                      "must be at least 0.05 mm smaller than tip_radius_mm, or the tip has no rim");
    double room = profile.opening_radius > 0 ? profile.opening_radius : 0.8 * profile.tip_radius;
    profile.plate_radius = reader.number_or("plate_radius_mm", 0.8 * room / kMillimetre, 0, 15) * kMillimetre;
    if (profile.plate_radius > room)
        reader.refuse("plate_radius_mm",
                      "must not exceed opening_radius_mm (0.8 tip_radius_mm on a closed face)");

    profile.rate_hz = reader.number("rate_hz", 1, 500);
    std::vector<double> rates{std::min(50.0, profile.rate_hz), std::max(150.0, profile.rate_hz)};
    if (reader.has("rate_range_hz")) rates = reader.numbers("rate_range_hz", 2, 1, 500);
    profile.rate_min_hz = rates[0];
    profile.rate_max_hz = rates[1];
    if (!(rates[0] <= profile.rate_hz && profile.rate_hz <= rates[1]))
        reader.refuse("rate_range_hz", "must be [lowest, highest] and hold rate_hz");

    std::vector<double> depths = reader.numbers("depth_range_mm", 2, 0, 4);
    if (!(depths[0] < depths[1])) reader.refuse("depth_range_mm", "must be [lowest, highest]");
    profile.depth_min = depths[0] * kMillimetre;
    profile.depth_max = depths[1] * kMillimetre;
    double middle = std::clamp(0.5, depths[0], std::max(depths[0], depths[1]));
    profile.depth_default = reader.number_or("depth_default_mm", middle, depths[0], depths[1]) * kMillimetre;
    profile.depth_step = reader.number_or("depth_step_mm", 0.25, 0.01, 1) * kMillimetre;
    profile.dial_tolerance = reader.number_or("dial_tolerance_mm", 0, 0, 1) * kMillimetre;
    profile.pin_diameter = reader.number_or("pin_diameter_mm", 0.25, 0.02, 1) * kMillimetre;

    std::vector<double> eta{profile.eta_min, profile.eta_max};
    if (reader.has("eta_range")) eta = reader.numbers("eta_range", 2, 0, 1);
    if (!(eta[0] <= eta[1])) reader.refuse("eta_range", "must be [lowest, highest]");
    profile.eta_min = eta[0];
    profile.eta_max = eta[1];

    int64_t pins = reader.integer("pins", 1, kMostPins);
    profile.pins = ring_layout(static_cast<size_t>(pins), profile.plate_radius);
    return profile;
}

base::Hash hash_of(const DeviceProfile& p) {
    base::Hasher hasher;
    hasher.text(p.id).text(p.kind);
    for (double value :
         {p.tip_radius, p.opening_radius, p.plate_radius, p.rate_hz, p.rate_min_hz, p.rate_max_hz,
          p.depth_min, p.depth_max, p.depth_default, p.depth_step, p.dial_tolerance, p.pin_diameter, p.eta_min, p.eta_max})
        hasher.value(value);
    for (glm::dvec2 pin : p.pins) hasher.value(pin.x).value(pin.y);
    return hasher.finish();
}

base::fs::path device_path(const base::Places& places, const std::string& id) {
    return id.ends_with(".toml") ? base::fs::path(id) : places.data / "devices" / (id + ".toml");
}

}  // namespace

double dial_error(const DeviceProfile& device, uint32_t cartridges) {
    uint64_t seed = cartridges;
    for (size_t i = 0; i < 8; ++i) seed ^= static_cast<uint64_t>(device.hash.bytes[i]) << (8 * i);
    base::Random random(seed);
    return random.uniform(-device.dial_tolerance, device.dial_tolerance);
}

std::vector<glm::dvec2> ring_layout(size_t pins, double plate_radius) {
    std::vector<size_t> rings;
    for (size_t left = pins; left > 0; left -= rings.back())
        rings.push_back(std::min(left, rings.empty() ? 1 : 6 * rings.size()));

    // Each ring at the radius that halves its own share of the disc's area, so that every pin serves an equal
    // area; the whole is then scaled to put the outermost ring on the plate's edge.
    std::vector<double> radius;
    double inside = 0;
    for (size_t count : rings) {
        double n = static_cast<double>(count);
        radius.push_back(radius.empty() ? 0.0 : std::sqrt((inside + 0.5 * n) / static_cast<double>(pins)));
        inside += n;
    }
    std::vector<glm::dvec2> places;
    for (size_t ring = 0; ring < rings.size(); ++ring) {
        double r = ring == 0 ? 0.0 : plate_radius * radius[ring] / radius.back();
        for (size_t i = 0; i < rings[ring]; ++i) {
            double turn = (static_cast<double>(i) + 0.25) /
                          static_cast<double>(rings[ring]);  // no row lies along an axis
            double angle = 2.0 * base::det::kPi * turn;
            places.emplace_back(r * base::det::cos(angle), r * base::det::sin(angle));
        }
    }
    return places;
}

base::Result<DeviceProfile> load_device(const base::Places& places, const std::string& id) {
    base::fs::path path = device_path(places, id);
    std::error_code code;
    if (!id.ends_with(".toml") && !base::fs::exists(path, code))
        return base::error("{}: no device '{}'; choose one of content/devices or give a TOML file",
                           path.string(), id);
    base::Result<toml::table> table = base::read_toml(path);
    if (!table) return table.error();
    base::TomlReader reader(*table, path.string());
    DeviceProfile profile = read_profile(reader);
    if (base::Status status = reader.status(); !status) return status.error();
    profile.hash = hash_of(profile);
    return profile;
}

base::Result<std::vector<std::string>> list_devices(const base::Places& places) {
    base::fs::path folder = places.data / "devices";
    std::error_code code;
    std::vector<std::string> ids;
    for (base::fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
        if (it->path().extension() == ".toml") ids.push_back(it->path().stem().string());
    if (code) return base::error("{}: {}; check the content folder", folder.string(), code.message());
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace skin
