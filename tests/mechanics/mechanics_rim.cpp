// How far skin rises into the opening of a rim, as a table.

#include "engine/skin/pen_path.h"
#include "engine/skin/simulation.h"
#include "engine/skin/touch.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace {

using skin_test::pad;
using skin_test::shipped_skin;

struct Spot {
    std::string name;
    const face::FaceAsset* face;
    glm::dvec3 place, normal;
};

std::vector<Spot> spots() {
    std::vector<Spot> all = {{"pad-flat", &pad(), {0, 0, 0}, {0, 0, 1}}};
    const face::FaceAsset& head = pad("demo-woman");
    for (const char* zone : {"cheek_left", "forehead"}) {
        std::vector<uint32_t> cells;
        for (uint32_t i = 0; i < head.cells.size(); ++i)
            if (head.zones[head.cells.zone[i]].id == zone) cells.push_back(i);
        uint32_t middle = cells[cells.size() / 2];
        all.push_back({zone, &head, head.cells.seed[middle], head.cells.normal[middle]});
    }
    return all;
}

/// m that skin stands above the rim in the middle of the opening, beyond what its own shape does.
double bulge(const Spot& spot, double opening, double force, const skin::SkinModel& model) {
    skin::DeviceProfile device;
    device.opening_radius = opening;
    device.pins = {{0, 0}};
    device.eta_min = device.eta_max = 1;
    const double set = 2e-3;
    scenarios::Glide glide{
        .start = spot.place, .velocity = {0, 0, 0}, .force = force, .depth = set, .axis = -spot.normal};
    skin::Simulation simulation(*spot.face, device, model);
    simulation.advance(glide.samples(0.5));
    skin::TipOnSkin tip(*spot.face, device, model);
    skin::TipFrame frame({spot.place, -spot.normal, {}});
    double rim = 0, count = 0;
    for (const skin::TipPoint& point : skin::tip_points(device.tip_radius, opening)) {
        glm::dvec2 edge = point.place * (opening / glm::length(point.place));
        rim += tip.cast(frame, edge)->distance;
        count += 1;
    }
    double own_shape = rim / count - tip.cast(frame, {0, 0})->distance;
    return 1e-6 * shared::puncture_depth_um(simulation.punctures().back()) - set - own_shape;
}

TEST(Rim, BulgeByRadiusAndForce) {
    skin::SkinModel loose = shipped_skin();
    loose.membrane_modulus = loose.natural_tension = 0;
    fmt::print(
        "mm that skin rises in the middle of an opening (without the dermis), rim of 5 mm\n{:12} {:>8}", "",
        "opening");
    for (double force : {0.3, 0.7, 1.5}) fmt::print("   {:.1f} N      ", force);
    fmt::print("\n");
    for (const Spot& spot : spots())
        for (double opening : {1e-3, 2e-3, 3e-3, 4e-3}) {
            fmt::print("{:12} {:5.1f} mm", spot.name, 1e3 * opening);
            double before = -1;
            for (double force : {0.3, 0.7, 1.5}) {
                double held = bulge(spot, opening, force, shipped_skin()),
                       free = bulge(spot, opening, force, loose);
                fmt::print("  {:5.2f} ({:.2f})", 1e3 * held, 1e3 * free);
                EXPECT_LT(held, 0.8 * free) << spot.name << ' ' << opening << ' ' << force;
                EXPECT_GT(held, before) << spot.name << ' ' << opening << ' ' << force;
                before = held;
            }
            fmt::print("\n");
        }
}

}  // namespace
