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
    const shared::ZoneStats zone =
        tracker.statistics(750)[static_cast<size_t>(practice_pad()->find_zone("pad"))];
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
    const shared::ZoneStats zone =
        tracker.statistics(750)[static_cast<size_t>(practice_pad()->find_zone("pad"))];
    EXPECT_NEAR(zone.density_per_cm2, 1250.0, 3.0);
    // Patches across the middle line, one of twenty, count as covered or not by where they lie.
    EXPECT_NEAR(zone.coverage_e4, 5000.0, 300.0);
    EXPECT_NEAR(zone.gini_e4, 5000.0, 150.0);
    EXPECT_NEAR(zone.density_cv_e4, 10000.0, 400.0);
}

TEST(TrackedPad, APatternLaidElsewhereAndTurnedScoresTheSame) {
    // A worked disc of 25 mm with a denser heart of 10: 3000 and 6000 per cm², by chance, so that nothing
    // lines up.
    base::Random random(51);
    std::vector<glm::dvec2> pattern;
    for (int i = 0; i < 150'000; ++i) {
        const glm::dvec2 at(random.uniform(-0.025, 0.025), random.uniform(-0.025, 0.025));
        const double r2 = at.x * at.x + at.y * at.y;
        if (r2 < 0.01 * 0.01 || (r2 < 0.025 * 0.025 && i % 2 == 0)) pattern.push_back(at);
    }
    const face::FaceAsset& pad = *practice_pad();
    const auto zone = static_cast<size_t>(pad.find_zone("pad"));
    std::vector<shared::ZoneStats> all;
    for (const glm::dvec2 middle :
         {glm::dvec2(0, 0), glm::dvec2(0.0137, -0.0201), glm::dvec2(-0.0212, 0.0093)})
        for (const glm::dvec2 turn : {glm::dvec2(1, 0), glm::dvec2(0.6, 0.8), glm::dvec2(-0.28, 0.96)}) {
            Tracker tracker(pad);
            std::vector<shared::Puncture> log;
            for (const glm::dvec2 at : pattern) {
                const glm::dvec2 place =
                    middle + glm::dvec2(turn.x * at.x - turn.y * at.y, turn.y * at.x + turn.x * at.y);
                log.push_back(puncture({.cell = pad.cells.find({place.x, place.y, 0}, {0, 0, 1})}));
            }
            tracker.add(log);
            all.push_back(tracker.statistics(750)[zone]);
        }
    for (const shared::ZoneStats& s : all) {
        EXPECT_EQ(s.density_per_cm2, all[0].density_per_cm2);
        EXPECT_NEAR(s.coverage_e4, all[0].coverage_e4, 100);
        EXPECT_NEAR(s.density_cv_e4, all[0].density_cv_e4, 0.01 * all[0].density_cv_e4);
        EXPECT_NEAR(s.gini_e4, all[0].gini_e4, 0.01 * all[0].gini_e4);
    }
}
