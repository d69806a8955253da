#pragma once

// Stages for the tests of operators and reports: the flat pad as shipped, and a dome with a no-go island that bends as a
// forehead does.

#include "engine/base/deterministic_math.h"
#include "engine/base/files.h"
#include "engine/base/units.h"
#include "engine/face/face_store.h"
#include "tests/scenarios/places.h"
#include "training/core/operator.h"
#include "training/core/session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

namespace training_test {

inline base::Places places() {
    return scenarios::source_places();
}

inline std::shared_ptr<const face::FaceAsset> flat_pad() {
    static const std::shared_ptr<const face::FaceAsset> pad = *face::load(places(), "pad-flat");
    return pad;
}

inline skin::DeviceProfile pen() { return *skin::load_device(places(), "pen-12"); }

/// Part of a sphere of 80 mm radius about the z axis, 100 mm across along the skin: zone 1 "cheek_left" everywhere but zone
/// 2 "eyelid_left" (no-go) within 12 mm of a point 25 mm off the middle, and zone 3 "chin" below y = -15 mm.
inline std::shared_ptr<const face::FaceAsset> dome() {
    static const std::shared_ptr<const face::FaceAsset> made = [] {
        auto asset = std::make_shared<face::FaceAsset>();
        asset->id = "dome";
        asset->zones = {{.id = "outside", .kind = "outside", .treatable = false},
                        {.id = "cheek_left", .kind = "cheek", .mobile = true},
                        {.id = "eyelid_left", .kind = "eyelid", .treatable = false, .no_go = true},
                        {.id = "chin", .kind = "chin", .bone = true}};
        constexpr int kSide = 66;
        constexpr double kHalf = 50e-3, kRadius = 80e-3;
        const auto at = [](int i) { return kHalf * (2.0 * i / kSide - 1); };
        for (int j = 0; j <= kSide; ++j) {
            for (int i = 0; i <= kSide; ++i) {
                const double arc = std::sqrt(at(i) * at(i) + at(j) * at(j)), angle = arc / kRadius;
                const double flat = arc > 0 ? kRadius * base::det::sin(angle) / arc : 1;
                glm::dvec3 place(at(i) * flat, at(j) * flat, kRadius * base::det::cos(angle));
                for (int k = 0; k < 3; ++k) place[k] = 1e-6 * static_cast<double>(base::round_to_integer(1e6 * place[k]));
                asset->mesh.positions.push_back(place);
            }
        }
        for (int j = 0; j < kSide; ++j) {
            for (int i = 0; i < kSide; ++i) {
                const double u = at(i) + kHalf / kSide, v = at(j) + kHalf / kSide;
                const bool island = (u - 15e-3) * (u - 15e-3) + (v - 20e-3) * (v - 20e-3) < 12e-3 * 12e-3;
                const uint32_t a = static_cast<uint32_t>(j * (kSide + 1) + i), b = a + 1, c = b + kSide + 1, d = c - 1;
                asset->mesh.triangles.insert(asset->mesh.triangles.end(), {{a, b, c}, {a, c, d}});
                asset->zone.insert(asset->zone.end(), 2, static_cast<uint8_t>(island ? 2 : v < -15e-3 ? 3 : 1));
            }
        }
        mesh::compute_normals(asset->mesh);
        asset->tissue.assign(asset->mesh.vertex_count(), {100, 1200, 8000, 2000, 4500});
        const std::vector<uint8_t> no_go = {0, 0, 1, 0};
        asset->cells = face::divide_into_cells(asset->mesh, asset->zone, no_go);
        face::finish(*asset);
        return asset;
    }();
    return made;
}

inline training::Stage stage_on(std::shared_ptr<const face::FaceAsset> asset, std::vector<std::string> zones) {
    training::Stage stage;
    stage.practice.id = asset->id;
    stage.practice.name = asset->id;
    stage.practice.zones = std::move(zones);
    stage.face = std::move(asset);
    stage.device = pen();
    stage.skin = *skin::SkinModel::load(places());
    return stage;
}

/// A pad of 40 x 40 mm: small enough to perform and score in a fraction of a second.
inline training::Stage small_pad() {
    const base::fs::path file = base::fs::path(EVENHAND_BINARY_DIR) / "test-small-pad.toml";
    const base::Status written = base::write_file(file, std::string_view("version = 1\nid = \"small\"\nkind = \"pad\"\n"
                                                                         "size_mm = [40, 40]\nthickness_mm = 12.5\n"
                                                                         "stiffness_kpa = 20\npoisson = 0.45\n"));
    CHECK(static_cast<bool>(written));
    return stage_on(*face::load(places(), file.string()), {"pad"});
}

/// Plays a performance through the simulation: what a recorder would have kept.
inline training::Recording record(const training::Stage& stage, const training::Performance& performance,
                                  const std::string& source) {
    training::Session session(std::make_shared<training::Stage>(stage), std::nullopt);
    for (const input::ProcedureEvent& event : performance.events) session.event(event);
    CHECK(static_cast<bool>(session.advance(performance.samples)));
    CHECK(static_cast<bool>(session.finish()));
    training::Recording recording;
    recording.header = training::make_header(stage, source);
    recording.samples = performance.samples;
    recording.events = performance.events;
    recording.punctures = session.punctures();
    recording.contacts = session.contacts();
    recording.finished = true;
    return recording;
}

}  // namespace training_test
