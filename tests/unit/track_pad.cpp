// Tracking on a real practice pad: its cells, their borders and their true areas instead of a plane grid.

#include "engine/track/tracker.h"
#include "tests/scenarios/practice_pad.h"
#include "tests/scenarios/tracking.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace scenarios;
using track::Tracker;

namespace {

// Needles on a square lattice of `spacing`, over the part of the pad with x below `end`.
std::vector<shared::Puncture> lattice(const face::FaceAsset& pad, double spacing, double end = 1) {
    std::vector<shared::Puncture> log;
    for (double y = -0.05 + spacing / 2; y < 0.05; y += spacing)
        for (double x = -0.05 + spacing / 2; x < std::min(end, 0.05); x += spacing)
            log.push_back(puncture({.cell = pad.cells.find({x, y, 0}, {0, 0, 1})}));
    return log;
}

}  // namespace

TEST(TrackedPad, TheMapIsThePadsCells) {
    const track::CellMap map = track::make_cell_map(*practice_pad());
    const face::FaceAsset& pad = *practice_pad();
    ASSERT_EQ(map.zones.size(), pad.zones.size());
    EXPECT_EQ(map.zones[0].count, 0u);
    for (size_t z = 0; z < pad.zones.size(); ++z)
        EXPECT_EQ(shared::sum_value(map.zones[z].area_um2), pad.zones[z].area_um2) << pad.zones[z].id;
    uint64_t area = 0;
    for (const uint32_t a : pad.cells.neighbourhood_area_um2) area += a;
    uint64_t mapped = 0;
    for (const shared::Neighbourhood& n : map.neighbourhoods) mapped += n.area_um2;
    EXPECT_EQ(mapped, area);
    EXPECT_NEAR(static_cast<double>(mapped), 1e10, 1e7);  // 100 x 100 mm
}

TEST(TrackedPad, ALatticeIsEvenAndCoversThePad) {
    Tracker tracker(*practice_pad());
    const auto log = lattice(*practice_pad(), 0.2e-3);
    tracker.add(log);
    const shared::ZoneStats zone = tracker.statistics(750)[static_cast<size_t>(practice_pad()->find_zone("pad"))];
    EXPECT_EQ(zone.punctures, log.size());
    EXPECT_NEAR(zone.density_per_cm2, 2500.0, 3.0);
    EXPECT_EQ(zone.coverage_e4, 10000u);
    // A lattice of 0.2 mm puts 625 ± a few needles on a patch: far below Poisson's 4 %.
    EXPECT_EQ(zone.density_cv_e4, 0u);
    EXPECT_LT(zone.gini_e4, 100u);
}

TEST(TrackedPad, HalfAPadIsHalfCoverage) {
    Tracker tracker(*practice_pad());
    tracker.add(lattice(*practice_pad(), 0.2e-3, 0));
    const shared::ZoneStats zone = tracker.statistics(750)[static_cast<size_t>(practice_pad()->find_zone("pad"))];
    EXPECT_NEAR(zone.density_per_cm2, 1250.0, 3.0);
    // Patches across the middle line, one of twenty, count as covered or not by where they lie.
    EXPECT_NEAR(zone.coverage_e4, 5000.0, 300.0);
    EXPECT_NEAR(zone.gini_e4, 5000.0, 150.0);
    EXPECT_NEAR(zone.density_cv_e4, 10000.0, 400.0);
}
