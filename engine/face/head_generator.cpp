#include "engine/face/head_generator.h"

#include "engine/base/deterministic_math.h"
#include "engine/face/head_dressing.h"
#include "engine/face/head_mesh.h"
#include "engine/face/head_patient.h"
#include "engine/face/head_tissue.h"
#include "engine/face/head_zones.h"

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
    HeadMesh mesh = sample_head(shape, vertices ? std::clamp(vertices, 2000u, 400000u) : patient->vertices,
                                [&](double share) { tell("shape", 0.4 * share); });

    tell("measures", 0.4);
    PatientPlacement placement(*numbers, shape, *patient);
    Placement place = [&](glm::dvec3 p) { return placement(p); };

    FaceAsset asset;
    asset.id = patient->id;
    asset.kind = Kind::head;
    asset.name = patient->name;
    asset.fitzpatrick = patient->fitzpatrick;
    asset.mesh.triangles = mesh.triangles;
    for (size_t i = 0; i < mesh.points.size(); ++i) {
        asset.mesh.positions.push_back(place(mesh.points[i].place));
        asset.uv.push_back(atlas_place(mesh.angles[i]));
    }
    mesh::compute_normals(asset.mesh);

    tell("zones and tissue", 0.5);
    ZoneMap zones = map_zones(*numbers, shape, mesh);
    asset.zones = std::move(zones.zones);
    asset.zone = std::move(zones.triangle_zone);
    asset.borders = lay_borders(zones.borders, asset.mesh);
    if (Status status = fill_tissue(asset, *numbers, shape, mesh, zones.zone_of, *means,
                                    {patient->male, patient->age, patient->seed, place});
        !status)
        return status.error();

    tell("surface cells", 0.7);
    divide_skin(asset, zones.zone_of);

    tell("hair, cap and drape", 0.95);
    asset.dressing = dress_head(
        *numbers, shape, place, {hair_colours().at(patient->hair), grey_share(patient->age), patient->male, patient->seed + 1});
    tell("done", 1);
    return asset;
}

}  // namespace face
