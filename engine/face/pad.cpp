#include "engine/face/pad.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"

#include <algorithm>
#include <cmath>

namespace face {

namespace {

constexpr double kSpacing = 1e-3;  // m between vertices

struct Pad {
    std::string id, name;
    double width, length;  // m along x (the chord of a cylinder) and y
    double radius;         // m; 0 = flat
    Tissue tissue;

    /// m along the surface, across the axis.
    double unrolled_width() const { return radius > 0 ? 2 * half_angle() * radius : width; }
    double half_angle() const { return base::det::kPi / 2 - base::det::acos(width / (2 * radius)); }
    /// u and v in [0, 1].
    glm::dvec3 position(double u, double v) const {
        double y = (v - 0.5) * length;
        if (radius == 0) return {(u - 0.5) * width, y, 0};
        double angle = (2 * u - 1) * half_angle();
        return {radius * base::det::sin(angle), y, radius * (base::det::cos(angle) - 1)};
    }
    glm::dvec3 normal(double u) const {
        if (radius == 0) return {0, 0, 1};
        double angle = (2 * u - 1) * half_angle();
        return {base::det::sin(angle), 0, base::det::cos(angle)};
    }
};

/// Silicone has no epidermis. The needles' arithmetic wants two layers: a thin one and 2 mm in which the
/// skins of common pads are cast (A).
constexpr double kMostArea = 0.2;  // m², what zone statistics are proven for (shaders/shared/statistics.h)
constexpr uint16_t kTopLayerUm = 100, kSecondLayerUm = 2000;

uint16_t quantised(double value) {
    return static_cast<uint16_t>(base::round_to_integer(value));
}

base::Result<Pad> read_pad(const toml::table& spec, const std::string& file) {
    base::TomlReader reader(spec, file);
    reader.integer("version", 1, 1);
    const std::string id = reader.text("id"), name = reader.text_or("name", id);
    if (reader.text("kind") != "pad") reader.refuse("kind", "must be \"pad\"");
    reader.text_or("source", "");
    std::vector<double> size = reader.numbers("size_mm", 2, 10, 400);
    double radius = reader.number_or("radius_mm", 0, 10, 1000);
    if (radius > 0 && size[0] > 2 * radius)
        reader.refuse("size_mm", "the width must not exceed twice radius_mm");
    double thickness = reader.number("thickness_mm", 0.5, 50);
    double stiffness = reader.number("stiffness_kpa", 1, 100);
    double poisson = reader.number("poisson", 0.3, 0.49);
    if (base::Status status = reader.status(); !status) return status.error();
    Tissue tissue{kTopLayerUm, kSecondLayerUm, quantised(1000 * thickness), quantised(100 * stiffness),
                  quantised(1e4 * poisson)};
    Pad pad{id, name, 1e-3 * size[0], 1e-3 * size[1], 1e-3 * radius, tissue};
    if (pad.unrolled_width() * pad.length > kMostArea)
        reader.refuse("size_mm", "the pad's surface must not exceed 0.2 m²");
    if (base::Status status = reader.status(); !status) return status.error();
    return pad;
}

/// Columns by rows of nearly square patches, two triangles each, with diagonals that alternate so that no
/// direction is preferred.
void mesh_pad(const Pad& pad, uint32_t vertices, FaceAsset& asset) {
    double width = pad.unrolled_width();
    double spacing = vertices > 0 ? std::sqrt(width * pad.length / vertices) : kSpacing;
    auto steps = [&](double side) {
        return static_cast<uint32_t>(std::max(2.0, std::floor(side / spacing + 0.5)));
    };
    uint32_t columns = steps(width), rows = steps(pad.length);
    for (uint32_t j = 0; j <= rows; ++j)
        for (uint32_t i = 0; i <= columns; ++i) {
            double u = static_cast<double>(i) / columns, v = static_cast<double>(j) / rows;
            asset.mesh.positions.push_back(pad.position(u, v));
            asset.mesh.normals.push_back(pad.normal(u));
            asset.uv.emplace_back(static_cast<float>(u), static_cast<float>(v));
        }
    for (uint32_t j = 0; j < rows; ++j)
        for (uint32_t i = 0; i < columns; ++i) {
            uint32_t a = j * (columns + 1) + i, b = a + 1, c = b + columns + 1, d = c - 1;
            bool rising = (i + j) % 2 == 0;
            asset.mesh.triangles.emplace_back(a, b, rising ? c : d);
            if (rising)
                asset.mesh.triangles.emplace_back(a, c, d);
            else
                asset.mesh.triangles.emplace_back(b, c, d);
        }
}

}  // namespace

base::Status check_pad(const toml::table& spec, const std::string& file) {
    const base::Result<Pad> pad = read_pad(spec, file);
    return pad ? base::Status() : base::Status(pad.error());
}

base::Result<FaceAsset> make_pad(const toml::table& spec, const std::string& file, uint32_t vertices) {
    base::Result<Pad> pad = read_pad(spec, file);
    if (!pad) return pad.error();
    FaceAsset asset;
    asset.id = pad->id;
    asset.name = pad->name;
    asset.kind = Kind::pad;
    asset.fitzpatrick = 0;
    mesh_pad(*pad, vertices, asset);
    snap_to_micrometres(asset.mesh);
    asset.tissue.assign(asset.mesh.vertex_count(), pad->tissue);
    asset.look.assign(asset.mesh.vertex_count(), Look{128, 128, 128, 255});
    asset.zone.assign(asset.mesh.triangle_count(), 1);
    asset.zones = pad_zones();
    return asset;
}

std::vector<Zone> pad_zones() {
    return {{.id = "outside", .kind = "outside", .treatable = false}, {.id = "pad", .kind = "pad"}};
}

}  // namespace face
