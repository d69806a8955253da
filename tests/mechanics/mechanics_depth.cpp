// What becomes of a set depth: by tilt, hand, traction, bone and soft skin; and the table of it that a
// release tells.

#include "engine/base/deterministic_math.h"
#include "engine/skin/simulation.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace {

using scenarios::Glide;
using skin_test::elastic_skin;
using skin_test::pad;
using skin_test::shipped_skin;

constexpr double kDegree = std::numbers::pi / 180;

skin::DeviceProfile pen_12() {
    return *skin::load_device(skin_test::places(), "pen-12");
}

/// A plate 8 mm across, flush with a flat face: a pin on its near and one on its far edge.
skin::DeviceProfile plate_of_8_mm() {
    skin::DeviceProfile device;
    device.tip_radius = 4e-3;
    device.opening_radius = 0;
    device.pins = {{-4e-3, 0}, {4e-3, 0}};
    device.eta_min = device.eta_max = 1;
    return device;
}

TEST(Depth, TiltOnAPlateOf8mmLiftsTheFarPinsBy07And14Millimetres) {
    const skin::DeviceProfile device = plate_of_8_mm();
    auto far_depth_um = [&](double degrees, double set) {
        double tilt = degrees * kDegree;
        // The near edge just touches.
        Glide glide{.start = {0, 0, 4e-3 * std::sin(tilt) - 1e-6},
                    .velocity = {0, 0, 0},
                    .force = std::nullopt,
                    .depth = set,
                    .axis = {std::sin(tilt), 0, -std::cos(tilt)}};
        skin::Simulation simulation(pad(), device, elastic_skin());
        simulation.advance(glide.samples(0.1));
        uint32_t depth = 0;
        for (const shared::Puncture& p : simulation.punctures())
            if (shared::puncture_needle(p) == 1) depth = shared::puncture_depth_um(p);
        return depth;
    };
    EXPECT_NEAR(2.5e3 - far_depth_um(5, 2.5e-3), 700, 10);
    EXPECT_NEAR(2.5e3 - far_depth_um(10, 2.5e-3), 1411, 10);
    EXPECT_EQ(far_depth_um(5, 0.5e-3), 0u);
    EXPECT_EQ(far_depth_um(10, 0.5e-3), 0u);
    EXPECT_EQ(far_depth_um(10, 1.25e-3), 0u);
    EXPECT_GT(far_depth_um(5, 0.75e-3), 0u);
    EXPECT_GT(far_depth_um(10, 1.5e-3), 0u);
}

TEST(Depth, DragPerPinIsSpeedTimesDwell) {
    // A pin that swings between -d and d is beyond skin at c for arccos(c/d)/π of a stroke; c > 0 where the
    // pen leans, c < 0 where skin rises into an opening.
    for (double opening : {0.0, 4e-3})
        for (double degrees : {0.0, 3.0})
            for (double speed : {10e-3, 30e-3}) {
                skin::DeviceProfile device;
                device.opening_radius = opening;
                device.pins = skin::ring_layout(12, device.plate_radius);
                device.eta_min = device.eta_max = 1;
                const double set = 1e-3, rate = 110;
                Glide glide{.velocity = {speed, 0, 0},
                            .force = 0.3,
                            .depth = set,
                            .rate_hz = rate,
                            .axis = {0, std::sin(degrees * kDegree), -std::cos(degrees * kDegree)}};
                skin::Simulation simulation(pad(), device, elastic_skin());
                simulation.advance(glide.samples(1.0));
                const shared::ContactRecord& last = simulation.contacts().back();
                uint32_t deepest = 0;
                for (const shared::Puncture& p : simulation.punctures())
                    if (p.time_us + 10'000 > last.time_us)
                        deepest = std::max(deepest, shared::puncture_depth_um(p));
                double clear = set - 1e-6 * deepest, dwell = std::acos(clear / set) / std::numbers::pi / rate;
                EXPECT_NEAR(shared::contact_drag_um(last), 1e6 * speed * dwell, 1 + 0.005e6 * speed * dwell)
                    << opening << ' ' << degrees << ' ' << speed;
                bool scratches = shared::puncture_flags(simulation.punctures().back()) & shared::kFlagScratch;
                EXPECT_EQ(scratches, speed * dwell > 0.125e-3) << speed;
            }
}

/// How a pen is held on a zone.
struct Hand {
    double force = 0.7, tilt = 0;  ///< N, rad
    bool traction = false;
};

struct Depths {
    double mean_um = 0;   ///< over all strokes of all pins, those that miss counting nothing
    double entering = 0;  ///< share of them that enter
};

struct Zone {
    std::string id;
    double set;  ///< m, clinical.md 2.3, default of the kind of zone (A)
};

const std::vector<Zone>& zones() {
    static const std::vector<Zone> all = {
        {"forehead", 0.5e-3},          {"glabella", 0.5e-3},    {"temple_left", 0.5e-3},
        {"periorbital_left", 0.25e-3}, {"nose_dorsum", 0.5e-3}, {"nose_sidewall_left", 0.5e-3},
        {"cheek_left", 0.75e-3},       {"upper_lip", 0.5e-3},   {"chin", 0.75e-3},
        {"jawline_left", 0.75e-3},     {"neck", 0.5e-3}};
    return all;
}

/// Cells of the zone farthest from others, spread over it.
std::vector<uint32_t> cells_of(const face::FaceAsset& face, const std::string& zone, size_t count) {
    const face::SurfaceCells& cells = face.cells;
    std::vector<uint32_t> inner;
    for (uint32_t i = 0; i < cells.size(); ++i) {
        if (face.zones[cells.zone[i]].id != zone) continue;
        bool border = false;
        for (uint32_t k = cells.neighbour_begin[i]; k < cells.neighbour_begin[i + 1]; ++k)
            border = border || cells.zone[cells.neighbours[k]] != cells.zone[i];
        if (!border) inner.push_back(i);
    }
    CHECK(inner.size() >= count, inner.size());
    std::vector<uint32_t> chosen;
    for (size_t k = 0; k < count; ++k) chosen.push_back(inner[(2 * k + 1) * inner.size() / (2 * count)]);
    return chosen;
}

glm::dvec3 normal_under_plate(const face::FaceAsset& face, glm::dvec3 place, glm::dvec3 normal,
                              const skin::DeviceProfile& device) {
    skin::Simulation simulation(face, device, shipped_skin());
    Glide glide{.start = place, .velocity = {0, 0, 0}, .force = 0.1, .depth = 0.25e-3, .axis = -normal};
    simulation.advance(glide.samples(0.05));
    return simulation.contact().normal;
}

/// A quarter of a second on each of a dozen places of the zone, leaning another way on each.
Depths depths(const Zone& zone, const Hand& hand, double set) {
    const face::FaceAsset& face = pad("demo-woman");
    const skin::DeviceProfile device = pen_12();
    std::vector<uint32_t> cells = cells_of(face, zone.id, 12);
    Depths result;
    size_t strokes = 0;
    for (size_t k = 0; k < cells.size(); ++k) {
        glm::dvec3 place = face.cells.seed[cells[k]], along, across;
        // Upright is upright to the skin under the whole plate, not to that of a square millimetre.
        glm::dvec3 normal = normal_under_plate(face, place, face.cells.normal[cells[k]], device);
        face::FaceAsset::tangent_frame(normal, along, across);
        double turn = 2 * std::numbers::pi * (double(k) + 0.5) / double(cells.size());
        glm::dvec3 lean = std::cos(turn) * along + std::sin(turn) * across;
        Glide glide{.start = place,
                    .velocity = {0, 0, 0},
                    .force = hand.force,
                    .depth = set,
                    .axis = std::sin(hand.tilt) * lean - std::cos(hand.tilt) * normal};
        skin::Simulation simulation(face, device, shipped_skin());
        if (hand.traction)
            simulation.event(
                {0, "traction_begin",
                 fmt::format("{} {} {} {} {} {}", place.x, place.y, place.z, along.x, along.y, along.z)});
        simulation.advance(glide.samples(0.25));
        strokes += 12 * 27;
        for (const shared::Puncture& p : simulation.punctures()) {
            result.mean_um += shared::puncture_depth_um(p);
            result.entering += 1;
        }
    }
    result.mean_um /= double(strokes);
    result.entering /= double(strokes);
    return result;
}

TEST(Depth, StaysBetweenWhatTentingLeavesAndAlmostAll) {
    // clinical.md 4.3, "model to use": half of the set depth at the least (loose, slow, light), 0.95 of it at
    // the most; and a slow, loose insertion loses less than half of a depth below 1 mm (Lam 2008, F1).
    for (const char* zone : {"forehead", "cheek_left", "neck"}) {
        Depths loose = depths({zone, 0.5e-3}, {0.7, 0, false}, 0.5e-3),
               taut = depths({zone, 0.5e-3}, {0.7, 0, true}, 0.5e-3);
        EXPECT_GT(loose.mean_um, 0.5 * 500) << zone;
        EXPECT_LT(loose.mean_um, 0.95 * 500) << zone;
        EXPECT_LE(taut.mean_um, 0.95 * 500 + 1) << zone;
        // Missing traction costs a quarter of what tenting takes: 0.45/4 of the set depth where the skin is
        // fully drawn.
        EXPECT_GT(taut.mean_um - loose.mean_um, 0.05 * 500) << zone;
        EXPECT_LT(taut.mean_um - loose.mean_um, 0.25 * 0.45 * 500 + 1) << zone;
    }
}

TEST(Depth, ALightHandOnATiltedPenLosesIt) {
    for (const Zone& zone : zones()) {
        Depths light = depths(zone, {0.3, 10 * kDegree}, zone.set),
               middle = depths(zone, {0.7, 10 * kDegree}, zone.set),
               firm = depths(zone, {1.5, 10 * kDegree}, zone.set);
        EXPECT_LT(light.mean_um, middle.mean_um) << zone.id;
        EXPECT_LE(middle.mean_um, firm.mean_um) << zone.id;
        EXPECT_LE(light.entering, firm.entering) << zone.id;
    }
}

TEST(Depth, OverBoneATiltCostsMoreThanOnSoftSkin) {
    // The same depth set on all: soft skin gives way under the near edge until the far edge rests too.
    auto lost = [](const char* zone, double force, double degrees) {
        double upright = depths({zone, 0.5e-3}, {force, 0}, 0.5e-3).mean_um,
               tilted = depths({zone, 0.5e-3}, {force, degrees * kDegree}, 0.5e-3).mean_um;
        return 1 - tilted / upright;
    };
    for (double degrees : {5.0, 10.0}) {
        for (const char* bone : {"forehead", "glabella"})
            for (const char* soft : {"cheek_left", "neck"})
                EXPECT_GT(lost(bone, 0.3, degrees), 2 * lost(soft, 0.3, degrees))
                    << bone << ' ' << soft << ' ' << degrees;
        EXPECT_GT(lost("forehead", 0.3, 10), 0.3);
        EXPECT_LT(lost("cheek_left", 0.7, 10), 0.05);
    }
}

TEST(Depth, TableByZoneForceTiltAndTraction) {
    fmt::print(
        "Mean effective depth in mm over all strokes of all pins (share of pins that enter, %), pen-12 at "
        "110 Hz on demo-woman.\n"
        "{:20} {:>4} {:8}",
        "zone", "set", "traction");
    for (double force : {0.3, 0.7, 1.5})
        for (double degrees : {0.0, 5.0, 10.0}) fmt::print(" {:3.1f} N {:2.0f} deg", force, degrees);
    fmt::print("\n");
    for (const Zone& zone : zones())
        for (bool traction : {false, true}) {
            double upright = 0;
            fmt::print("{:20} {:4.2f} {:8}", zone.id, 1e3 * zone.set, traction ? "held" : "none");
            for (double force : {0.3, 0.7, 1.5})
                for (double degrees : {0.0, 5.0, 10.0}) {
                    Depths at = depths(zone, {force, degrees * kDegree, traction}, zone.set);
                    fmt::print("  {:.2f} ({:3.0f})", 1e-3 * at.mean_um, 100 * at.entering);
                    if (degrees == 0) upright = at.mean_um;
                    EXPECT_LE(at.mean_um, upright * 1.01) << zone.id;
                    EXPECT_LE(at.mean_um, 0.95e6 * zone.set + 1) << zone.id;
                }
            fmt::print("\n");
        }
}

}  // namespace
