#include "engine/face/head_generator.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/base/units.h"
#include "engine/face/head_dressing.h"
#include "engine/face/head_mesh.h"
#include "engine/face/head_tissue.h"
#include "engine/face/head_warp.h"
#include "engine/face/head_zones.h"

#include <glm/geometric.hpp>

#include <array>
#include <cmath>

namespace face {
namespace {

using namespace base;

// What a patient's file says.
struct HeadSpec {
    std::string id, name;
    bool male = false;
    uint8_t fitzpatrick = 2;
    size_t vertices = 0;
    uint64_t seed = 0;
    HeadMeasures measures;
};

Result<HeadMeasures> read_measures(const toml::table& table, const std::string& file) {
    TomlReader reader(table, file);
    HeadMeasures m;
    m.head_height = reader.number("head_height", 180, 270);
    m.head_length = reader.number("head_length", 150, 240);
    m.nasion = reader.number("nasion", 90, 150);
    m.pronasale = reader.number("pronasale", 55, 110);
    m.subnasale = reader.number("subnasale", 45, 95);
    m.labiale_superius = reader.number("labiale_superius", 35, 80);
    m.stomion = reader.number("stomion", 28, 70);
    m.labiale_inferius = reader.number("labiale_inferius", 20, 60);
    m.sublabiale = reader.number("sublabiale", 14, 45);
    m.pogonion = reader.number("pogonion", 8, 32);
    m.nose_protrusion = reader.number("nose_protrusion", 8, 30);
    m.alare = reader.number("alare", 11, 26);
    m.cheilion = reader.number("cheilion", 17, 36);
    m.endocanthion = reader.number("endocanthion", 11, 23);
    m.exocanthion = reader.number("exocanthion", 35, 55);
    m.zygion = reader.number("zygion", 52, 85);
    m.gonion = reader.number("gonion", 40, 72);
    m.frontotemporale = reader.number("frontotemporale", 42, 68);
    m.eurion = reader.number("eurion", 60, 90);
    m.tragion = reader.number("tragion", 55, 90);
    if (!(m.pogonion < m.sublabiale && m.sublabiale < m.labiale_inferius && m.labiale_inferius < m.stomion &&
          m.stomion < m.labiale_superius && m.labiale_superius < m.subnasale && m.subnasale < m.pronasale &&
          m.pronasale < m.nasion))
        reader.refuse("nasion",
                      "heights must rise from pogonion over sublabiale, labiale_inferius, stomion, "
                      "labiale_superius, subnasale and pronasale to nasion");
    if (Status status = reader.status(); !status) return status.error();
    return m;
}

Result<HeadSpec> read_spec(const toml::table& table, const std::string& file) {
    TomlReader reader(table, file);
    HeadSpec spec;
    reader.integer("version", 1, 1);
    if (reader.text("kind") != "head") reader.refuse("kind", "must be \"head\"");
    spec.id = reader.text("id");
    spec.name = reader.text_or("name", spec.id);
    reader.text("source");
    std::string sex = reader.text("sex");
    if (sex != "female" && sex != "male") reader.refuse("sex", "must be \"female\" or \"male\"");
    spec.male = sex == "male";
    reader.integer("age", 18, 100);
    spec.fitzpatrick = static_cast<uint8_t>(reader.integer("fitzpatrick", 1, 6));
    spec.vertices = static_cast<size_t>(reader.integer("vertices", 2000, 400000));
    spec.seed = static_cast<uint64_t>(reader.integer("seed", 0, 1'000'000'000));
    auto measures = read_measures(reader.table("measures"), file);
    if (Status status = reader.status(); !status) return status.error();
    if (!measures) return measures.error();
    spec.measures = *measures;
    return spec;
}

// No face is symmetric: slow waves move every place by a few tenths of a millimetre, each in its own
// direction.
class Asymmetry {
  public:
    explicit Asymmetry(uint64_t seed) {
        Random random(seed);
        for (size_t i = 0; i < waves_.size(); ++i) {
            double pace = i < 14 ? 0.022 : 0.055, size = i < 14 ? 0.17 : 0.075;
            waves_[i].pace = pace * glm::dvec3{random.normal(), random.normal(), random.normal()};
            waves_[i].phase = random.uniform(0, 2 * det::kPi);
            waves_[i].move = size * glm::dvec3{random.normal(), random.normal(), random.normal()};
        }
    }

    glm::dvec3 at(glm::dvec3 p) const {
        glm::dvec3 moved = p;
        for (const Wave& w : waves_) moved += det::sin(glm::dot(p, w.pace) + w.phase) * w.move;
        return moved;
    }

  private:
    struct Wave {
        glm::dvec3 pace, move;
        double phase;
    };
    std::array<Wave, 22> waves_{};
};

double whole_micrometres(double metres) {
    return static_cast<double>(round_to_integer(metres * 1e6)) / 1e6;
}

// The ray's direction laid out from the face's middle: no seam, the far pole at the back of the head.
glm::vec2 atlas_place(glm::dvec2 angles) {
    double azimuth = angles.x * det::kPi / 180, elevation = angles.y * det::kPi / 180;
    double flat = det::cos(elevation);
    glm::dvec3 d(det::sin(azimuth) * flat, det::sin(elevation), det::cos(azimuth) * flat);
    double aside = std::sqrt(d.x * d.x + d.y * d.y);
    double radius = 0.5 * det::acos(d.z) / det::kPi;
    if (aside < 1e-12) return {d.z > 0 ? 0.5f : 1.0f, 0.5f};
    return {static_cast<float>(0.5 + radius * d.x / aside), static_cast<float>(0.5 - radius * d.y / aside)};
}

}  // namespace

Result<FaceAsset> generate_head(const Places& places, const toml::table& table, const std::string& file,
                                const Progress& progress, uint32_t vertices) {
    auto tell = [&](std::string_view step, double share) {
        if (progress) progress(step, share);
    };
    auto spec = read_spec(table, file);
    if (!spec) return spec.error();
    auto numbers = load_head_numbers(places);
    if (!numbers) return numbers.error();
    auto means = load_tissue_means(places, spec->male);
    if (!means) return means.error();

    HeadShape shape(*numbers);
    HeadMesh mesh = sample_head(shape, vertices ? std::clamp(vertices, 2000u, 400000u) : spec->vertices,
                                [&](double share) { tell("shape", 0.7 * share); });

    tell("measures", 0.7);
    HeadWarp warp(*numbers, spec->measures);
    Asymmetry asymmetry(spec->seed);
    glm::dvec3 tragion = numbers->landmark("tragion");
    glm::dvec3 origin = (warp.at(tragion) + warp.at({-tragion.x, tragion.y, tragion.z})) / 2.0;
    Placement place = [&](glm::dvec3 p) {
        glm::dvec3 metres = (warp.at(asymmetry.at(p)) - origin) * kMillimetre;
        return glm::dvec3(whole_micrometres(metres.x), whole_micrometres(metres.y),
                          whole_micrometres(metres.z));
    };

    FaceAsset asset;
    asset.id = spec->id;
    asset.kind = Kind::head;
    asset.name = spec->name;
    asset.fitzpatrick = spec->fitzpatrick;
    asset.mesh.triangles = mesh.triangles;
    for (size_t i = 0; i < mesh.points.size(); ++i) {
        asset.mesh.positions.push_back(place(mesh.points[i].place));
        asset.uv.push_back(atlas_place(mesh.angles[i]));
    }
    mesh::compute_normals(asset.mesh);

    tell("zones and tissue", 0.8);
    ZoneMap zones = map_zones(*numbers, mesh);
    asset.zones = std::move(zones.zones);
    asset.zone = std::move(zones.triangle_zone);
    if (Status status = fill_tissue(asset, *numbers, shape, mesh, *means, spec->male, spec->seed); !status)
        return status.error();

    tell("hair, cap and drape", 0.95);
    asset.dressing = dress_head(*numbers, shape, place, spec->seed + 1);
    tell("done", 1);
    return asset;
}

}  // namespace face
