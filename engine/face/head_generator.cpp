#include "engine/face/head_generator.h"

#include "engine/base/deterministic_math.h"
#include "engine/face/head_dressing.h"
#include "engine/face/head_mesh.h"
#include "engine/face/head_patient.h"
#include "engine/face/head_skin.h"
#include "engine/face/head_tissue.h"
#include "engine/face/head_zones.h"
#include "engine/face/skin_division.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

using namespace base;

}  // namespace

glm::vec2 atlas_place(glm::dvec2 angles) {
    double azimuth = angles.x * det::kPi / 180, elevation = angles.y * det::kPi / 180;
    double flat = det::cos(elevation);
    glm::dvec3 d(det::sin(azimuth) * flat, det::sin(elevation), det::cos(azimuth) * flat);
    double aside = std::sqrt(d.x * d.x + d.y * d.y);
    double radius = 0.5 * det::acos(d.z) / det::kPi;
    if (aside < 1e-12) return {d.z > 0 ? 0.5f : 1.0f, 0.5f};
    return {static_cast<float>(0.5 + radius * d.x / aside), static_cast<float>(0.5 - radius * d.y / aside)};
}

Result<FaceAsset> generate_head(const Places& places, const toml::table& table, const std::string& file,
                                const Progress& progress, uint32_t vertices) {
    auto tell = [&](std::string_view step, double share) {
        if (progress) progress(step, share);
    };
    auto patient = read_patient(table, file);
    if (!patient) return patient.error();
    auto numbers = load_head_numbers(places);
    if (!numbers) return numbers.error();
    auto means = load_tissue_means(places, patient->male);
    if (!means) return means.error();

    HeadShape shape(*numbers, patient->form);
    size_t drawn = vertices ? std::clamp(vertices, 2000u, 400000u) : patient->vertices;
    const auto in_step = [&](std::string_view step, double from, double to) {
        return part_of([step, &tell](double share) { tell(step, share); }, from, to);
    };
    constexpr double kShaped = 0.22, kPlaced = 0.28, kZoned = 0.34, kFilled = 0.67, kDivided = 0.96;  // of the time, measured
    bool felt_as_drawn = drawn == kFeltVertices;
    const double sampled = felt_as_drawn ? kShaped : 0.5 * kShaped;
    HeadMesh mesh = sample_head(shape, drawn, in_step("shape", 0, sampled));
    HeadMesh finer = felt_as_drawn ? HeadMesh{} : sample_head(shape, kFeltVertices, in_step("shape", sampled, kShaped));
    const HeadMesh& felt = felt_as_drawn ? mesh : finer;

    tell("measures", kShaped);
    PatientPlacement placement(*numbers, shape, *patient);
    Placement place = [&](glm::dvec3 p) { return placement(p); };

    FaceAsset asset;
    asset.id = patient->id;
    asset.kind = Kind::head;
    asset.name = patient->name;
    asset.fitzpatrick = patient->fitzpatrick;
    asset.mesh = lay_skin(shape, mesh, placement);
    if (!felt_as_drawn) asset.rest_shape = lay_skin(shape, felt, placement);
    for (glm::dvec2 angles : mesh.angles) asset.uv.push_back(atlas_place(angles));

    tell("zones and tissue", kPlaced);
    ZoneMap zones = map_zones(*numbers, shape, mesh);
    asset.zones = std::move(zones.zones);
    asset.zone = std::move(zones.triangle_zone);
    asset.borders = lay_borders(zones.borders, asset.mesh);
    ZoneOf zone_of = felt_as_drawn ? zones.zone_of : map_zones(*numbers, shape, felt).zone_of;
    if (Status status = fill_tissue(asset, *numbers, shape, mesh, {asset.felt(), felt, zone_of}, *means,
                                    {patient->male, patient->age, patient->seed, place}, in_step("zones and tissue", kZoned, kFilled));
        !status)
        return status.error();

    tell("surface cells", kFilled);
    divide_skin(asset, zone_of, in_step("surface cells", kFilled, kDivided));

    tell("hair, cap and drape", kDivided);
    asset.dressing = dress_head(
        *numbers, shape, place, {hair_colours().at(patient->hair), grey_share(patient->age), patient->male, patient->seed + 1});
    tell("done", 1);
    return asset;
}

}  // namespace face
