#include "engine/track/tracker.h"
#include "tests/scenarios/tracking.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace scenarios;
using track::CellMap;
using track::Tracker;

namespace {

// `per_cell` needles in every cell of neighbourhoods [first, end).
void plant(Tracker& tracker, uint32_t first, uint32_t end, uint32_t per_cell, PunctureFields fields = {}) {
    std::vector<shared::Puncture> log;
    for (uint32_t c = 0; c < tracker.map().cells.size(); ++c) {
        const uint32_t n = tracker.map().cells[c].neighbourhood;
        fields.cell = c;
        if (n >= first && n < end) log.insert(log.end(), per_cell, puncture(fields));
    }
    tracker.add(log);
}

// `counts[k]` needles in the first cell of neighbourhood k of a grid map.
void plant_counts(Tracker& tracker, const std::vector<uint32_t>& counts) {
    std::vector<shared::Puncture> log;
    for (uint32_t k = 0; k < counts.size(); ++k)
        log.insert(log.end(), counts[k], puncture({.cell = k * kPatchCells}));
    tracker.add(log);
}

shared::ContactRecord contact(uint32_t cell, uint32_t force_mn, uint32_t flags) {
    shared::ContactRecord r{};
    r.cell = cell;
    r.force_mn = force_mn;
    r.flags = flags;
    return r;
}

bool same_tallies(const Tracker& a, const Tracker& b) {
    return same_bits(a.cells(), b.cells()) && same_bits(a.neighbourhoods(), b.neighbourhoods()) &&
           same_bits(a.zone_tallies(), b.zone_tallies()) && same_bits(a.statistics(750), b.statistics(750));
}

}  // namespace

// --- closed forms ---

TEST(TrackerClosedForm, NothingCountedGivesZerosButTheArea) {
    const Tracker tracker(grid_map({100, 4}));
    const auto zones = tracker.statistics(0);
    ASSERT_EQ(zones.size(), 3u);
    for (size_t z = 0; z < 3; ++z) {
        shared::ZoneStats expected{};
        expected.area_mm2 = z == 0 ? 0 : z == 1 ? 2500 : 100;
        EXPECT_TRUE(same_bits(std::vector{zones[z]}, std::vector{expected})) << z;
    }
}

TEST(TrackerClosedForm, EqualCountsEverywhereAreEvenAndCovered) {
    Tracker tracker(grid_map({100}));
    plant(tracker, 0, 100, 4);
    const shared::ZoneStats zone = tracker.statistics(400)[1];
    EXPECT_EQ(zone.punctures, 10000u);
    EXPECT_EQ(zone.density_per_cm2, 400u);  // 4 per mm²
    EXPECT_EQ(zone.coverage_e4, 10000u);
    EXPECT_EQ(zone.density_cv_e4, 0u);
    EXPECT_EQ(zone.gini_e4, 0u);
}

TEST(TrackerClosedForm, HalfTheSkinLeftOutIsHalfCoverageAndGiniOneHalf) {
    Tracker tracker(grid_map({100}));
    plant(tracker, 0, 50, 10);
    const shared::ZoneStats zone = tracker.statistics(750)[1];
    EXPECT_EQ(zone.coverage_e4, 5000u);
    // Pairs of one treated and one bare patch: N A / 2 of N A.
    EXPECT_EQ(zone.gini_e4, 5000u);
    // CVw² is 1; K/N = 100/12500; sqrt(1 - 0.008) = 0.995992.
    EXPECT_EQ(zone.density_cv_e4, 9960u);
    EXPECT_EQ(zone.density_per_cm2, 500u);
}

TEST(TrackerClosedForm, EverythingInOneOfKPatchesHasGiniOneMinusOneOverK) {
    Tracker tracker(grid_map({50}));
    plant_counts(tracker, {1'000'000});
    const shared::ZoneStats zone = tracker.statistics(0)[1];
    EXPECT_EQ(zone.gini_e4, 9800u);
    EXPECT_EQ(zone.coverage_e4, 200u);
    EXPECT_EQ(zone.density_cv_e4, 70000u);  // sqrt(50 - 1 - 50/10^6) = 6.9999964
}

TEST(TrackerClosedForm, EqualDensityOnUnequalPatchesIsEven) {
    std::vector<shared::Cell> cells;
    for (uint32_t n = 0; n < 40; ++n) cells.push_back({1, n, (1 + n % 7) * 3'000'000});
    Tracker tracker(track::make_cell_map(cells, 40, 2));
    for (uint32_t n = 0; n < 40; ++n)
        tracker.add(std::vector<shared::Puncture>((1 + n % 7) * 30, puncture({.cell = n})));
    const shared::ZoneStats zone = tracker.statistics(1000)[1];
    EXPECT_EQ(zone.density_per_cm2, 1000u);
    EXPECT_EQ(zone.coverage_e4, 10000u);
    EXPECT_EQ(zone.density_cv_e4, 0u);
    EXPECT_EQ(zone.gini_e4, 0u);
}

TEST(TrackerClosedForm, UnevennessIsWeighedByArea) {
    // Densities 2 D and D/2 on a third and two thirds of the area: CV² = (1 + 2 · 0.25)/3 = 1/2, Gini = 1/3
    // (one pair: 2 · 2/3 - 1/2 · ... by hand: c 20, 10 on a 1, 2: (20 · 2 - 10 · 1)/(30 · 3) = 1/3).
    std::vector<shared::Cell> cells{{1, 0, 10'000'000}, {1, 1, 20'000'000}};
    Tracker tracker(track::make_cell_map(cells, 2, 2));
    tracker.add(std::vector<shared::Puncture>(2'000'000, puncture({.cell = 0})));
    tracker.add(std::vector<shared::Puncture>(1'000'000, puncture({.cell = 1})));
    const shared::ZoneStats zone = tracker.statistics(0)[1];
    EXPECT_EQ(zone.gini_e4, 3333u);
    EXPECT_EQ(zone.density_cv_e4, 7071u);  // K/N is below 10^-6
    EXPECT_EQ(zone.coverage_e4, 10000u);   // D/2 is just enough
}

TEST(TrackerClosedForm, CoverageStartsExactlyAtHalfTheMeanAndAtTheFloor) {
    const auto coverage = [](const std::vector<uint32_t>& counts, uint32_t floor) {
        Tracker tracker(grid_map({static_cast<uint32_t>(counts.size())}));
        plant_counts(tracker, counts);
        return tracker.statistics(floor)[1].coverage_e4;
    };
    EXPECT_EQ(coverage({3, 1}, 0), 10000u);   // mean 2
    EXPECT_EQ(coverage({4, 1}, 0), 5000u);    // mean 2.5
    EXPECT_EQ(coverage({5, 5}, 20), 10000u);  // 5 on 25 mm² is 20 per cm²
    EXPECT_EQ(coverage({5, 5}, 21), 0u);
    EXPECT_EQ(coverage({6, 5}, 21), 5000u);
    EXPECT_EQ(coverage({7, 7, 7, 0}, 0xffffffffu), 0u);
    EXPECT_EQ(coverage({7, 7, 7, 0}, 0), 7500u);
}

TEST(TrackerClosedForm, PoissonCountsHaveNoExcessAndGiniOfTheNormalLaw) {
    // 900 patches, mean 100: CV 0.1, all of it chance. The excess CV² scatters by sqrt(2/900)/100 = 4.7e-4,
    // so the excess stays below sqrt(3 · 4.7e-4) = 0.038; Gini = CV/sqrt(pi) = 0.0564 ± 3 · 0.0014.
    for (uint64_t seed = 1; seed <= 8; ++seed) {
        Tracker tracker(grid_map({900}));
        base::Random random(seed);
        std::vector<uint32_t> counts(900);
        for (int i = 0; i < 90'000; ++i) ++counts[random.below(900)];
        plant_counts(tracker, counts);
        const shared::ZoneStats zone = tracker.statistics(0)[1];
        EXPECT_LE(zone.density_cv_e4, 380u) << seed;
        EXPECT_NEAR(zone.gini_e4, 564.0, 42.0) << seed;
    }
}

TEST(TrackerClosedForm, RealUnevennessIsFoundUnderTheChancePart) {
    // Half the patches at twice the density of the others, Poisson on top: CV = 1/3.
    Tracker tracker(grid_map({900}));
    base::Random random(5);
    std::vector<uint32_t> counts(900);
    for (int i = 0; i < 45'000; ++i) {
        const uint32_t side = random.below(3) == 0 ? 0 : 450;
        ++counts[side + random.below(450)];
    }
    plant_counts(tracker, counts);
    EXPECT_NEAR(tracker.statistics(0)[1].density_cv_e4, 3333.0, 120.0);
}

TEST(TrackerClosedForm, DepthForceAndTiltAreMeansOfThePunctures) {
    Tracker tracker(grid_map({4}));
    plant(tracker, 0, 2, 1, {.depth_um = 400, .tilt_cdeg = 100, .force_mn = 500});
    plant(tracker, 2, 4, 1, {.depth_um = 600, .tilt_cdeg = 401, .force_mn = 1000});
    const shared::ZoneStats zone = tracker.statistics(0)[1];
    EXPECT_EQ(zone.depth_mean_um, 500u);
    EXPECT_EQ(zone.depth_cv_e4, 2000u);  // ±100 of 500
    EXPECT_EQ(zone.depth_max_um, 600u);
    EXPECT_EQ(zone.force_mean_mn, 750u);
    EXPECT_EQ(zone.force_peak_mn, 1000u);
    EXPECT_EQ(zone.tilt_mean_cdeg, 251u);  // 250.5, halves up
}

TEST(TrackerClosedForm, OneDepthHasNoSpread) {
    Tracker tracker(grid_map({4}));
    plant(tracker, 0, 4, 3, {.depth_um = 3999});
    EXPECT_EQ(tracker.statistics(0)[1].depth_cv_e4, 0u);
    EXPECT_EQ(tracker.statistics(0)[1].depth_mean_um, 3999u);
}

TEST(TrackerClosedForm, NeedlesThatDoNotReachTheSkinHaveNoDepthSpread) {
    Tracker tracker(grid_map({4}));
    plant(tracker, 0, 4, 3, {.depth_um = 0});
    EXPECT_EQ(tracker.statistics(0)[1].depth_cv_e4, 0u);
}

TEST(TrackerClosedForm, DirectionSharesAreOfThosePuncturesThatHaveADirection) {
    Tracker tracker(grid_map({4}));
    plant(tracker, 0, 4, 3, {.direction = 0});
    plant(tracker, 0, 4, 1, {.direction = 4});
    plant(tracker, 0, 4, 7, {.direction = shared::kNoDirection});
    const shared::ZoneStats zone = tracker.statistics(0)[1];
    const uint32_t expected[6] = {7500, 0, 0, 0, 2500, 0};
    for (int i = 0; i < 6; ++i) EXPECT_EQ(zone.direction_share_e4[i], expected[i]) << i;
    EXPECT_EQ(zone.punctures, 1100u);
}

TEST(TrackerClosedForm, ContactTimeIsCountedInStepsAndOnlyWhileTouching) {
    Tracker tracker(grid_map({4}));
    std::vector<shared::ContactRecord> log(121, contact(30, 700, shared::kContactTouching));
    log.push_back(contact(30, 5000, shared::kContactMotor));  // lifted
    log.push_back(contact(shared::kNoCell, 900, shared::kContactTouching));
    tracker.add(log);
    EXPECT_EQ(tracker.cells()[30].contact_steps, 121u);
    EXPECT_EQ(tracker.cells()[30].force_peak_mn, 700u);
    EXPECT_EQ(tracker.cells()[30].count, 0u);
    const auto zones = tracker.statistics(0);
    EXPECT_EQ(zones[1].contact_ms, 1008u);  // 121/120 s
    EXPECT_EQ(zones[1].force_peak_mn, 700u);
    EXPECT_EQ(zones[1].force_mean_mn, 0u);
    EXPECT_EQ(zones[0].contact_ms, 8u);
    EXPECT_EQ(zones[0].force_peak_mn, 900u);
}

TEST(TrackerClosedForm, PuncturesBesideTheCellsCountToZoneZeroAlone) {
    Tracker tracker(grid_map({4}));
    tracker.add(std::vector<shared::Puncture>(9, puncture({.cell = shared::kNoCell, .depth_um = 300})));
    const auto zones = tracker.statistics(0);
    EXPECT_EQ(zones[0].punctures, 9u);
    EXPECT_EQ(zones[0].depth_mean_um, 300u);
    EXPECT_EQ(zones[0].density_per_cm2, 0u);
    EXPECT_EQ(zones[0].coverage_e4, 0u);
    EXPECT_EQ(zones[1].punctures, 0u);
    for (const shared::CellTally& cell : tracker.cells()) EXPECT_EQ(cell.count, 0u);
}

TEST(TrackerClosedForm, ACellHoldsWhatWentIntoIt) {
    Tracker tracker(grid_map({4}));
    const std::vector log{puncture({.cell = 60, .depth_um = 500, .force_mn = 700, .direction = 2}),
                          puncture({.cell = 60, .depth_um = 800, .force_mn = 300, .direction = 3})};
    tracker.add(log);
    const shared::CellTally& cell = tracker.cells()[60];
    EXPECT_EQ(cell.count, 2u);
    EXPECT_EQ(shared::sum_value(cell.depth_sum), 1300u);
    EXPECT_EQ(cell.depth_max_um, 800u);
    EXPECT_EQ(shared::sum_value(cell.force_sum), 1000u);
    EXPECT_EQ(cell.force_peak_mn, 700u);
    EXPECT_EQ(cell.direction[2], 1u);
    EXPECT_EQ(cell.direction[3], 1u);
    EXPECT_EQ(tracker.neighbourhoods()[2].count, 2u);
    EXPECT_EQ(shared::sum_value(tracker.neighbourhoods()[2].depth_sum), 1300u);
}

// --- the map ---

TEST(CellMap, NeighbourhoodsAreSortedByZoneAndKeepTheirAreas) {
    const std::vector<shared::Cell> cells{{2, 0, 10}, {1, 1, 20}, {2, 2, 30}, {1, 3, 40}, {2, 0, 5}};
    const CellMap map = track::make_cell_map(cells, 4, 4);
    const std::vector<uint32_t> expected{2, 0, 3, 1, 2};
    for (size_t c = 0; c < cells.size(); ++c) EXPECT_EQ(map.cells[c].neighbourhood, expected[c]) << c;
    EXPECT_EQ(map.neighbourhoods[2].area_um2, 15u);
    EXPECT_EQ(map.zones[1].first, 0u);
    EXPECT_EQ(map.zones[1].count, 2u);
    EXPECT_EQ(shared::sum_value(map.zones[1].area_um2), 60u);
    EXPECT_EQ(map.zones[2].first, 2u);
    EXPECT_EQ(shared::sum_value(map.zones[2].area_um2), 45u);
    EXPECT_EQ(map.zones[3].count, 0u);
}

TEST(CellMap, AreasOfAWholeFaceDoNotWrap) {
    const CellMap map = grid_map({8000});  // 0.2 m²
    EXPECT_EQ(shared::sum_value(map.zones[1].area_um2), 200'000'000'000ull);
}

// --- invariance ---

TEST(TrackerInvariance, AnyOrderAndAnyPiecesGiveTheSameBits) {
    base::Random random(11);
    const CellMap map = irregular_map(random, 300, 9);
    auto punctures = random_punctures(random, 50'000, static_cast<uint32_t>(map.cells.size()));
    auto contacts = random_contacts(random, 20'000, static_cast<uint32_t>(map.cells.size()));
    Tracker whole(map);
    whole.add(punctures);
    whole.add(contacts);
    for (const size_t piece : {1u, 7u, 4096u}) {
        shuffle(random, punctures);
        shuffle(random, contacts);
        Tracker pieces(map);
        for (size_t i = 0; i < punctures.size(); i += piece) {
            pieces.add(std::span(punctures).subspan(i, std::min(piece, punctures.size() - i)));
            if (i < contacts.size())
                pieces.add(std::span(contacts).subspan(i, std::min(piece, contacts.size() - i)));
        }
        EXPECT_TRUE(same_tallies(whole, pieces)) << piece;
    }
}

TEST(TrackerInvariance, ASessionAtOnceOnAllCoresIsTheSessionInPieces) {
    base::Random random(41);
    CellMap map = irregular_map(random, 900, 9);
    for (size_t c = 0; c < map.cells.size(); c += 7) map.cells[c].neighbourhood = shared::kNoNeighbourhood;
    const auto cells = static_cast<uint32_t>(map.cells.size());
    const auto log = random_punctures(random, 8 * std::max(cells, 8192u) + 1001, cells);
    Tracker whole(map), pieces(map);
    whole.add(log);
    for (size_t i = 0; i < log.size(); i += 5000)
        pieces.add(std::span(log).subspan(i, std::min<size_t>(5000, log.size() - i)));
    EXPECT_TRUE(same_bits(whole.cells(), pieces.cells()));
    EXPECT_TRUE(same_bits(whole.neighbourhoods(), pieces.neighbourhoods()));
    EXPECT_TRUE(same_bits(whole.zone_tallies(), pieces.zone_tallies()));
    whole.add(log);  // on top of what is there
    pieces.add(log);
    EXPECT_TRUE(same_bits(whole.cells(), pieces.cells()));
    EXPECT_TRUE(same_bits(whole.statistics(750), pieces.statistics(750)));
}

TEST(TrackerClosedForm, SkinThatNobodyMayNeedleIsNotMissed) {
    // Two patches of 25 cells; the last 10 cells of the second are the ring: all else needled alike.
    CellMap with_ring = grid_map({2});
    for (uint32_t c = 40; c < 50; ++c) with_ring.cells[c].neighbourhood = shared::kNoNeighbourhood;
    const CellMap map = track::make_cell_map(with_ring.cells, 2, 2);
    EXPECT_EQ(map.neighbourhoods[1].area_um2, 15'000'000u);
    std::vector<shared::Puncture> log;
    for (uint32_t c = 0; c < 40; ++c) log.insert(log.end(), 20, puncture({.cell = c}));
    Tracker tracker(map);
    tracker.add(log);
    shared::ZoneStats zone = tracker.statistics(750)[1];
    EXPECT_EQ(zone.area_mm2, 40u);
    EXPECT_EQ(zone.density_per_cm2, 2000u);
    EXPECT_EQ(zone.coverage_e4, 10000u);
    EXPECT_EQ(zone.density_cv_e4, 0u);
    EXPECT_EQ(zone.gini_e4, 0u);
    // Needles that go there all the same are punctures of the zone, and change no density.
    tracker.add(std::vector(500, puncture({.cell = 45, .depth_um = 900})));
    zone = tracker.statistics(750)[1];
    EXPECT_EQ(zone.punctures, 1300u);
    EXPECT_EQ(zone.density_per_cm2, 2000u);
    EXPECT_EQ(zone.gini_e4, 0u);
    EXPECT_EQ(zone.depth_max_um, 900u);
    EXPECT_EQ(tracker.cells()[45].count, 500u);
}

TEST(TrackerInvariance, ClearedIsAsNew) {
    base::Random random(12);
    const CellMap map = irregular_map(random, 60, 4);
    Tracker used(map);
    used.add(random_punctures(random, 1000, static_cast<uint32_t>(map.cells.size())));
    used.clear();
    EXPECT_TRUE(same_tallies(used, Tracker(map)));
}

TEST(TrackerInvariance, EvennessDoesNotDependOnHowNeighbourhoodsAreNumbered) {
    base::Random random(13);
    const CellMap map = irregular_map(random, 200, 2);
    const auto log = random_punctures(random, 30'000, static_cast<uint32_t>(map.cells.size()));
    std::vector<uint32_t> numbers(200);
    for (uint32_t i = 0; i < 200; ++i) numbers[i] = i;
    shuffle(random, numbers);
    std::vector<shared::Cell> renumbered = map.cells;
    for (shared::Cell& cell : renumbered) cell.neighbourhood = numbers[cell.neighbourhood];
    Tracker a(map), b(track::make_cell_map(renumbered, 200, 2));
    a.add(log);
    b.add(log);
    EXPECT_TRUE(same_bits(a.statistics(300), b.statistics(300)));
}

TEST(TrackerInvariance, TwiceThePuncturesKeepShapeAndDoubleTheDensity) {
    base::Random random(14);
    const CellMap map = irregular_map(random, 200, 2);
    const auto log = random_punctures(random, 300'000, static_cast<uint32_t>(map.cells.size()));
    Tracker once(map), twice(map);
    once.add(log);
    twice.add(log);
    twice.add(log);
    const shared::ZoneStats a = once.statistics(0)[1], b = twice.statistics(0)[1];
    EXPECT_NEAR(b.density_per_cm2, 2.0 * a.density_per_cm2, 1.0);
    EXPECT_EQ(b.gini_e4, a.gini_e4);
    EXPECT_EQ(b.coverage_e4, a.coverage_e4);
    EXPECT_EQ(b.depth_mean_um, a.depth_mean_um);
    EXPECT_EQ(b.depth_cv_e4, a.depth_cv_e4);
}

// --- limits and mistakes ---

TEST(TrackerLimits, TenMillionOfTheHardestPuncturesInOneCellAreCountedExactly) {
    Tracker tracker(grid_map({700}));
    const std::vector<shared::Puncture> log(
        500'000,
        puncture({.cell = 17, .depth_um = 4000, .tilt_cdeg = 18000, .force_mn = 65535, .direction = 5}));
    for (int i = 0; i < 20; ++i) tracker.add(log);
    const shared::CellTally& cell = tracker.cells()[17];
    EXPECT_EQ(cell.count, 10'000'000u);
    EXPECT_EQ(shared::sum_value(cell.depth_sum), 40'000'000'000ull);
    EXPECT_EQ(shared::sum_value(cell.force_sum), 655'350'000'000ull);
    EXPECT_EQ(shared::sum_value(tracker.zone_tallies()[1].depth_sum_of_squares), 160'000'000'000'000ull);
    const shared::ZoneStats zone = tracker.statistics(0)[1];
    EXPECT_EQ(zone.density_per_cm2, 57143u);  // 10^7 on 175 cm²
    EXPECT_EQ(zone.coverage_e4, 14u);         // 1 of 700
    EXPECT_EQ(zone.gini_e4, 9986u);
    EXPECT_EQ(zone.density_cv_e4, 264386u);  // sqrt(700 - 1 - 7e-5)
    EXPECT_EQ(zone.depth_mean_um, 4000u);
    EXPECT_EQ(zone.depth_cv_e4, 0u);
    EXPECT_EQ(zone.force_mean_mn, 65535u);
    EXPECT_EQ(zone.tilt_mean_cdeg, 18000u);
    EXPECT_EQ(zone.direction_share_e4[5], 10000u);
}

TEST(TrackerLimits, TheMostPuncturesThatAreTakenAreCountedExactlyToo) {
    const CellMap map = grid_map({2});
    const std::vector<shared::Puncture> log(
        1u << 22, puncture({.cell = 30, .depth_um = 65535, .tilt_cdeg = 65535, .force_mn = 65535, .direction = 2}));
    Tracker tracker(map);
    for (uint32_t n = 0; n < shared::kMaxPunctures; n += 1u << 22) tracker.add(log);
    constexpr uint64_t kAll = shared::kMaxPunctures;
    const shared::ZoneTally& zone = tracker.zone_tallies()[1];
    EXPECT_EQ(zone.count, kAll);
    EXPECT_EQ(zone.direction[2], kAll);
    EXPECT_EQ(shared::sum_value(zone.depth_sum_of_squares), kAll * 65535 * 65535);
    EXPECT_EQ(shared::sum_value(tracker.cells()[30].force_sum), kAll * 65535);
    EXPECT_EQ(shared::sum_value(tracker.neighbourhoods()[1].depth_sum), kAll * 65535);
    EXPECT_EQ(tracker.statistics(750)[1].gini_e4, 5000u);
}

TEST(TrackerDeathTest, ACellThatTheFaceDoesNotHaveIsRefused) {
    Tracker tracker(grid_map({1}));
    const std::vector log{puncture({.cell = kPatchCells})};
    const std::vector contacts{contact(kPatchCells, 0, 0)};
    EXPECT_DEATH(tracker.add(log), "cell");
    EXPECT_DEATH(tracker.add(contacts), "cell");
}

TEST(TrackerDeathTest, MorePuncturesThanTheArithmeticAllowsAreRefusedUntilCleared) {
    Tracker tracker(grid_map({1}));
    const std::vector<shared::Puncture> log(1 << 20, puncture({.cell = shared::kNoCell}));
    for (uint32_t added = 0; added < shared::kMaxPunctures; added += 1 << 20) tracker.add(log);
    EXPECT_EQ(tracker.statistics(0)[0].punctures, shared::kMaxPunctures);
    EXPECT_DEATH(tracker.add(std::span(log).first(1)), "kMaxPunctures");
    tracker.clear();
    tracker.add(log);
    EXPECT_EQ(tracker.statistics(0)[0].punctures, log.size());
}

TEST(TrackerDeathTest, MapsBeyondTheArithmeticAreRefused) {
    EXPECT_DEATH(grid_map({8001}), "kMaxZoneArea_mm2");
    EXPECT_DEATH(track::make_cell_map({{1, 0, 1u << 27}, {1, 0, 1}}, 1, 2), "kMaxNeighbourhoodArea_um2");
    EXPECT_DEATH(track::make_cell_map({{1, 0, 0}}, 1, 2), "area_um2 > 0");
    EXPECT_DEATH(track::make_cell_map({{0, 0, 5}}, 1, 2), "zone");
    EXPECT_DEATH(track::make_cell_map({{1, 0, 5}, {2, 0, 5}}, 1, 3), "known");
}
