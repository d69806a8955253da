#include "engine/skin/device_profile.h"

#include "engine/base/content_id.h"
#include "engine/base/deterministic_math.h"
#include "engine/base/foreign_words.h"
#include "engine/base/random.h"
#include "engine/base/toml.h"
#include "engine/base/translation.h"
#include "engine/base/units.h"

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

using base::kMillimetre;

constexpr int64_t kMostPins = 255;  // a puncture names its needle in eight bits

constexpr DeviceKind kKinds[] = {DeviceKind::pen, DeviceKind::stamp, DeviceKind::roller};

DeviceKind read_kind(base::TomlReader& reader) {
    std::string word = reader.text("kind");
    for (DeviceKind kind : kKinds)
        if (word == kind_name(kind)) return kind;
    reader.refuse("kind", "must be \"pen\", \"stamp\" or \"roller\"");
    return DeviceKind::pen;
}

void read_eta(base::TomlReader& reader, DeviceProfile& profile) {
    std::vector<double> eta = reader.numbers("eta_range", 2, 0, 1);
    if (!(eta[0] <= eta[1])) reader.refuse("eta_range", "must be [lowest, highest]");
    profile.eta_min = eta[0];
    profile.eta_max = eta[1];
}

void read_plate(base::TomlReader& reader, DeviceProfile& profile) {
    double room = profile.opening_radius > 0 ? profile.opening_radius : 0.8 * profile.tip_radius;
    profile.plate_radius = reader.number_or("plate_radius_mm", 0.8 * room / kMillimetre, 0, 15) * kMillimetre;
    if (profile.plate_radius > room)
        reader.refuse("plate_radius_mm",
                      "must not exceed opening_radius_mm (0.8 tip_radius_mm on a closed face)");
    int64_t pins = reader.integer("pins", 1, kMostPins);
    profile.pins = ring_layout(static_cast<size_t>(pins), profile.plate_radius);
}

void read_pen(base::TomlReader& reader, DeviceProfile& profile) {
    profile.tip_radius = reader.number("tip_radius_mm", 1, 15) * kMillimetre;
    profile.opening_radius = reader.number("opening_radius_mm", 0, 15) * kMillimetre;
    if (profile.opening_radius > profile.tip_radius - 0.05e-3)
        reader.refuse("opening_radius_mm",
                      "must be at least 0.05 mm smaller than tip_radius_mm, or the tip has no rim");

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
    if (reader.has("eta_range")) read_eta(reader, profile);
    read_plate(reader, profile);
}

/// What stamp and roller have in common: pins that neither motor nor dial moves.
void read_fixed_pins(base::TomlReader& reader, DeviceProfile& profile) {
    profile.opening_radius = 0;
    profile.rate_hz = profile.rate_min_hz = profile.rate_max_hz = 0;
    profile.pin_length = reader.number("pin_length_mm", 0.1, 3) * kMillimetre;
    profile.depth_min = profile.depth_max = profile.depth_default = profile.pin_length;
    profile.pin_force = reader.number("pin_force_n", 1e-3, 5);
    read_eta(reader, profile);
}

void read_stamp(base::TomlReader& reader, DeviceProfile& profile) {
    profile.tip_radius = reader.number("tip_radius_mm", 1, 15) * kMillimetre;
    read_fixed_pins(reader, profile);
    read_plate(reader, profile);
}

void read_roller(base::TomlReader& reader, DeviceProfile& profile) {
    profile.drum_radius = reader.number("drum_radius_mm", 3, 30) * kMillimetre;
    profile.drum_width = reader.number("drum_width_mm", 4, 30) * kMillimetre;
    profile.tip_radius = profile.plate_radius = 0.5 * profile.drum_width;
    read_fixed_pins(reader, profile);
    profile.rows = static_cast<size_t>(reader.integer("rows", 1, 30));
    auto pins = static_cast<size_t>(reader.integer("pins", 1, kMostPins));
    if (pins % profile.rows != 0) reader.refuse("pins", "must be a multiple of rows");
    profile.pins = drum_layout(profile.rows, pins / profile.rows, profile.drum_radius, profile.drum_width);
}

/// Everything a device file may say; the figures in mm and Hz become SI here and nowhere else.
DeviceProfile read_profile(base::TomlReader& reader) {
    DeviceProfile profile;
    reader.integer("version", 1, 1);
    profile.id = reader.text("id");
    profile.name = reader.text_or("name", profile.id);
    reader.text_or("source", "");
    profile.kind = read_kind(reader);
    profile.pin_diameter = reader.number_or("pin_diameter_mm", 0.25, 0.02, 1) * kMillimetre;
    if (profile.kind == DeviceKind::pen) read_pen(reader, profile);
    if (profile.kind == DeviceKind::stamp) read_stamp(reader, profile);
    if (profile.kind == DeviceKind::roller) read_roller(reader, profile);
    return profile;
}

/// What a device does not have adds nothing: a pen of an older file keeps its hash, and its recordings open.
base::Hash hash_of(const DeviceProfile& p) {
    base::Hasher hasher;
    hasher.text(p.id).text(kind_name(p.kind));
    for (double value :
         {p.tip_radius, p.opening_radius, p.plate_radius, p.rate_hz, p.rate_min_hz, p.rate_max_hz,
          p.depth_min, p.depth_max, p.depth_default, p.depth_step, p.pin_diameter, p.eta_min, p.eta_max})
        hasher.value(value);
    for (glm::dvec2 pin : p.pins) hasher.value(pin.x).value(pin.y);
    if (p.dial_tolerance > 0.0) hasher.value(p.dial_tolerance);
    if (!p.has_motor()) hasher.value(p.pin_length).value(p.pin_force);
    if (p.kind == DeviceKind::roller) hasher.value(p.drum_radius).value(p.drum_width).value(uint64_t(p.rows));
    return hasher.finish();
}

}  // namespace

const char* kind_name(DeviceKind kind) {
    constexpr const char* kNames[] = {"pen", "stamp", "roller"};
    return kNames[static_cast<size_t>(kind)];
}

double DeviceProfile::drum_girth() const {
    return 2.0 * base::det::kPi * drum_radius;
}

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

std::vector<glm::dvec2> drum_layout(size_t rows, size_t per_row, double radius, double width) {
    std::vector<glm::dvec2> places;
    double girth = 2.0 * base::det::kPi * radius;
    for (size_t row = 0; row < rows; ++row)
        for (size_t k = 0; k < per_row; ++k)
            places.emplace_back(0.5 * width - (static_cast<double>(row) + 0.5) * width / static_cast<double>(rows),
                                girth * (static_cast<double>(k) + (row % 2 ? 0.5 : 0.0)) / static_cast<double>(per_row));
    return places;
}

base::Result<base::fs::path> find_device(const base::Places& places, const std::string& id) {
    return base::find_by_id(id, base::toml_files(places.data / "devices"), "no device '{}'; there are {}, or give a .toml file");
}

base::Result<DeviceProfile> load_device(const base::Places& places, const std::string& id) {
    base::Result<base::fs::path> path = find_device(places, id);
    if (!path) return path.error();
    base::Result<toml::table> table = base::read_toml(*path);
    if (!table) return table.error();
    base::translate(*table, places, base::fs::path("devices") / (id + ".toml"));
    base::TomlReader reader(*table, path->string());
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
    if (code) return base::error("{}: {}; check the content folder", folder.string(), base::system_error(code));
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace skin
