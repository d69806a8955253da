// The integer statistics against independent floating-point formulas, on random data and at the bounds of
// tally.h.

#include "engine/track/tracker.h"
#include "tests/scenarios/tracking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace scenarios;
using track::CellMap;
using track::Tracker;

namespace {

using Real = long double;
__extension__ typedef unsigned __int128 Wide;

struct Reference {
    Real density, coverage, cv, cv_square, gini, depth_mean, depth_cv, force_mean, tilt_mean;
};

// As clinical.md 8 defines them, straight from the log of one zone; pairs in n².
Reference reference(const CellMap& map, const std::vector<shared::Puncture>& log, uint32_t zone,
                    uint32_t floor) {
    const shared::ZoneSpan& span = map.zones[zone];
    std::vector<Real> density(span.count), area(span.count);
    Real A = 0, n = 0, depth = 0, force = 0, tilt = 0;
    for (uint32_t k = 0; k < span.count; ++k)
        A += area[k] = map.neighbourhoods[span.first + k].area_um2 * 1e-8L;
    for (const shared::Puncture& p : log) {
        if (p.cell == shared::kNoCell || map.cells[p.cell].zone != zone) continue;
        const uint32_t k = map.cells[p.cell].neighbourhood - span.first;
        density[k] += 1 / area[k];
        n += 1;
        depth += p.depth_tilt & 0xffff;
        tilt += p.depth_tilt >> 16;
        force += p.force_needle & 0xffff;
    }
    Reference r{};
    r.density = n / A;
    r.depth_mean = depth / n;
    r.force_mean = force / n;
    r.tilt_mean = tilt / n;
    Real depth_variance = 0, spread = 0, pairs = 0, covered = 0;
    for (const shared::Puncture& p : log)
        if (p.cell != shared::kNoCell && map.cells[p.cell].zone == zone)
            depth_variance += std::pow((p.depth_tilt & 0xffff) - r.depth_mean, 2.0L) / n;
    for (uint32_t i = 0; i < span.count; ++i) {
        spread += area[i] * std::pow(density[i] - r.density, 2.0L) / (A * r.density * r.density);
        for (uint32_t j = 0; j < span.count; ++j)
            pairs += area[i] * area[j] * std::fabs(density[i] - density[j]);
        if (density[i] >= std::max<Real>(r.density / 2, floor) * (1 - 1e-15L)) covered += area[i];
    }
    r.cv_square = std::max<Real>(0, spread - span.count / n);
    r.cv = std::sqrt(r.cv_square);
    r.gini = pairs / (2 * A * A * r.density);
    r.coverage = covered / A;
    r.depth_cv = std::sqrt(depth_variance) / r.depth_mean;
    return r;
}

// Half a unit of rounding.
constexpr double kHalf = 0.5 + 1e-6;

// The density's CV: rounding plus the radicand's error (statistics.h), told through the square root.
double cv_tolerance(Real cv_square, uint32_t neighbourhoods) {
    const Real error_e8 = (neighbourhoods + 5) / 2.0L * std::pow(2.0L, -36.0L) * 1e8L + 1;
    const Real low = std::sqrt(std::max<Real>(0, cv_square * 1e8L - error_e8));
    const Real high = std::sqrt(cv_square * 1e8L + error_e8);
    return kHalf + static_cast<double>(high - low);
}

void expect_equals_reference(const CellMap& map, const std::vector<shared::Puncture>& log, uint32_t floor) {
    Tracker tracker(map);
    tracker.add(log);
    const auto zones = tracker.statistics(floor);
    for (uint32_t z = 1; z < zones.size(); ++z) {
        if (zones[z].punctures == 0) continue;
        const Reference r = reference(map, log, z, floor);
        const shared::ZoneStats& s = zones[z];
        const auto near = [&](uint32_t value, Real expected, double tolerance, const char* what) {
            EXPECT_NEAR(value, static_cast<double>(expected), tolerance) << what << " of zone " << z;
        };
        near(s.density_per_cm2, r.density, kHalf, "density");
        near(s.coverage_e4, r.coverage * 1e4L, kHalf, "coverage");
        near(s.density_cv_e4, r.cv * 1e4L, cv_tolerance(r.cv_square, map.zones[z].count), "density CV");
        near(s.gini_e4, r.gini * 1e4L, kHalf, "Gini");
        near(s.depth_mean_um, r.depth_mean, kHalf, "depth");
        near(s.depth_cv_e4, r.depth_cv * 1e4L, kHalf + 1e-3, "depth CV");
        near(s.force_mean_mn, r.force_mean, kHalf, "force");
        near(s.tilt_mean_cdeg, r.tilt_mean, kHalf, "tilt");
    }
}

}  // namespace

TEST(StatisticsAgainstReference, RandomLogsOnIrregularMapsAgreeToTheStatedRounding) {
    for (uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        const CellMap map = irregular_map(random, 20 + random.below(400), 2 + random.below(6));
        const auto log =
            random_punctures(random, 100 + random.below(40'000), static_cast<uint32_t>(map.cells.size()));
        expect_equals_reference(map, log, random.below(3000));
    }
}

TEST(StatisticsAgainstReference, PatchyLogsAgreeToTheStatedRounding) {
    for (uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        const CellMap map = irregular_map(random, 300, 3);
        const auto cells = static_cast<uint32_t>(map.cells.size());
        std::vector<shared::Puncture> log;
        for (int i = 0; i < 30'000; ++i) {
            const double u = random.uniform();
            log.push_back(puncture(
                {.cell = static_cast<uint32_t>(u * u * u * cells), .depth_um = 1 + random.below(30)}));
        }
        expect_equals_reference(map, log, 500);
    }
}

TEST(StatisticsAgainstReference, AFewPuncturesAgreeToo) {
    for (uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        const CellMap map = irregular_map(random, 30, 2);
        expect_equals_reference(
            map, random_punctures(random, 1 + random.below(4), static_cast<uint32_t>(map.cells.size())), 1);
    }
}

// --- at the bounds, where a wrapped intermediate would show ---

namespace {

constexpr uint32_t kN = shared::kMaxPunctures;
constexpr uint64_t kA = shared::kMaxZoneArea_mm2 * 1'000'000ull;
constexpr uint32_t kPatch = shared::kMaxNeighbourhoodArea_um2;

}  // namespace

TEST(StatisticsBounds, ZoneOfMostPuncturesDeepestNeedlesAndGreatestAreaIsExact) {
    // Half the needles 65535 deep, half 0: mean 32767.5, CV 1. All in the same half of the area.
    shared::ZoneTally t{};
    t.count = t.judged = kN;
    t.depth_sum = shared::to_sum64(uint64_t{kN} / 2 * 65535);
    t.depth_sum_of_squares = shared::to_sum64(uint64_t{kN} / 2 * 65535 * 65535);
    t.force_sum = shared::to_sum64(uint64_t{kN} * 65535);
    t.tilt_sum = shared::to_sum64(uint64_t{kN} * 65535);
    t.contact_steps = 0xffffffffu;
    t.direction[3] = kN;
    const shared::ZoneSpan zone{0, 8000, shared::to_sum64(kA)};
    const shared::ZoneStats s = shared::zone_statistics(t, zone, kA, 2ull << 36, kA * kN / 2);
    EXPECT_EQ(s.area_mm2, 200'000u);
    EXPECT_EQ(s.density_per_cm2, 33554u);  // 2^26 on 2000 cm²
    EXPECT_EQ(s.coverage_e4, 10000u);
    EXPECT_EQ(s.gini_e4, 5000u);
    EXPECT_EQ(s.density_cv_e4, 9999u);  // sqrt(1 - 8000/2^26) = 0.99994
    EXPECT_EQ(s.depth_mean_um, 32768u);
    EXPECT_EQ(s.depth_cv_e4, 10000u);
    EXPECT_EQ(s.force_mean_mn, 65535u);
    EXPECT_EQ(s.tilt_mean_cdeg, 65535u);
    EXPECT_EQ(s.direction_share_e4[3], 10000u);
    EXPECT_EQ(s.contact_ms, 0xffffffffu);
}

TEST(StatisticsBounds, OneDeepNeedleAmongTheMostHasTheGreatestDepthSpread) {
    shared::ZoneTally t{};
    t.count = kN;
    t.depth_sum = shared::to_sum64(65535);
    t.depth_sum_of_squares = shared::to_sum64(65535ull * 65535);
    EXPECT_NEAR(shared::depth_cv_e4(t), 1e4 * std::sqrt(kN - 1.0),
                700.0);  // 8.2e7; variance known to 2^-32 of 64
}

TEST(StatisticsBounds, RelativeDensityFollowsWideArithmetic) {
    base::Random random(3);
    const auto expect_same = [](uint32_t c, uint32_t a, uint32_t n, uint64_t A) {
        const Wide numerator = Wide{c} * A, denominator = Wide{n} * a;
        const Wide whole = numerator / denominator, q36 = (numerator % denominator << 36) / denominator;
        const auto expected = static_cast<uint64_t>((std::min<Wide>(whole, (1u << 27) - 1) << 36) | q36);
        EXPECT_EQ(shared::relative_density_q36(c, a, n, A), expected)
            << c << ' ' << a << ' ' << n << ' ' << A;
    };
    expect_same(kN, kPatch, kN, kA);
    expect_same(kN, 1, kN, kA);
    expect_same(1, kPatch, kN, kA);
    expect_same(0, 1, 1, kA);
    for (int i = 0; i < 100'000; ++i) {
        const uint32_t n = 1 + random.below(kN), c = random.below(n + 1);
        const uint32_t a = 1 + random.below(kPatch >> random.below(24));
        expect_same(c, a, n, a + random.next() % (kA - a));
    }
}

TEST(StatisticsBounds, EvennessTermFollowsWideArithmetic) {
    base::Random random(4);
    for (int i = 0; i < 100'000; ++i) {
        const uint32_t n = 1 + random.below(kN), c = random.below(n + 1);
        const uint32_t a = 1 + random.below(kPatch >> random.below(24));
        const uint64_t A = a + random.next() % (kA - a);
        const Wide density = shared::relative_density_q36(c, a, n, A);
        ASSERT_EQ(shared::evenness_term_q36(c, a, n, A), static_cast<uint64_t>((density * c + n / 2) / n));
    }
    EXPECT_LT(shared::evenness_term_q36(kN, 1, kN, kA), 1ull << 63);
}

TEST(StatisticsBounds, CoverageIsTheExactComparison) {
    base::Random random(5);
    for (int i = 0; i < 100'000; ++i) {
        const uint32_t n = 1 + random.below(kN), a = 1 + random.below(kPatch);
        const uint64_t A = a + random.next() % (kA - a);
        // Counts about half the mean, where a rounding would show.
        const auto middle = static_cast<uint32_t>(Wide{n} * a / (2 * Wide{A}));
        const uint32_t c = std::min(n, middle + random.below(3));
        const uint32_t floor =
            random.below(2) ? 0 : static_cast<uint32_t>(Wide{c} * 100'000'000 / a) + random.below(2);
        const bool expected = 2 * Wide{c} * A >= Wide{n} * a && Wide{c} * 100'000'000 >= Wide{floor} * a;
        ASSERT_EQ(shared::is_covered(c, a, n, A, floor), expected);
    }
    EXPECT_FALSE(shared::is_covered(1, 5, 3, 7, 0));  // 14 of 15
    EXPECT_TRUE(shared::is_covered(1, 5, 3, 8, 0));
    EXPECT_FALSE(shared::is_covered(kN, kPatch, kN, kA, 0xffffffffu));
    EXPECT_TRUE(shared::is_covered(kN, 1, kN, kA, 0xffffffffu));
    EXPECT_FALSE(shared::is_covered(0, 1, 0, kA, 0));
}

TEST(StatisticsArithmetic, SquareRootIsTheFloorAndRoundsToTheNearest) {
    base::Random random(6);
    const auto expect_root = [](uint64_t v) {
        const Wide r = shared::integer_sqrt(v);
        ASSERT_TRUE(r * r <= v && (r + 1) * (r + 1) > v) << v;
        const Wide n = shared::rounded_sqrt(v);
        ASSERT_TRUE((n == 0 || v > n * n - n) && v <= n * n + n) << v;  // (n ± 1/2)^2 = n^2 ± n + 1/4
    };
    for (uint64_t v = 1; v < 5000; ++v) expect_root(v);
    for (int i = 0; i < 100'000; ++i) expect_root(random.next() >> random.below(64));
    expect_root(~0ull);
    EXPECT_EQ(shared::integer_sqrt(0), 0u);
    EXPECT_EQ(shared::rounded_sqrt(0), 0u);
}

TEST(StatisticsArithmetic, RatioRoundsToTheNearestHalvesUp) {
    EXPECT_EQ(shared::scaled_ratio(1, 2, 1), 1u);
    EXPECT_EQ(shared::scaled_ratio(1, 3, 1), 0u);
    EXPECT_EQ(shared::scaled_ratio(5, 0, 10000), 0u);
    EXPECT_EQ(shared::scaled_ratio(~0ull, ~0ull, 10000), 10000u);
    EXPECT_EQ(shared::scaled_ratio(~0ull / 2, ~0ull, 10000), 5000u);
    base::Random random(7);
    for (int i = 0; i < 100'000; ++i) {
        const uint64_t whole = 1 + random.next() / 10001 / (1 + random.below(1000)),
                       part = random.next() % (2 * whole);
        const auto expected = static_cast<uint64_t>((Wide{part} * 10000 * 2 + whole) / (2 * Wide{whole}));
        ASSERT_EQ(shared::scaled_ratio(part, whole, 10000), expected) << part << '/' << whole;
    }
}

TEST(StatisticsArithmetic, InequalityOfTheTrackerIsTheSumOverAllPairs) {
    base::Random random(8);
    const CellMap map = irregular_map(random, 250, 2);
    Tracker tracker(map);
    tracker.add(random_punctures(random, 20'000, static_cast<uint32_t>(map.cells.size())));
    uint64_t covered = 0, evenness = 0, inequality = 0;
    const uint32_t n = tracker.zone_tallies()[1].count;
    const uint64_t A = shared::sum_value(map.zones[1].area_um2);
    for (size_t i = 0; i < map.neighbourhoods.size(); ++i) {
        const uint32_t c = tracker.neighbourhoods()[i].count, a = map.neighbourhoods[i].area_um2;
        covered += shared::is_covered(c, a, n, A, 900) ? a : 0;
        evenness += shared::evenness_term_q36(c, a, n, A);
        for (size_t j = 0; j < map.neighbourhoods.size(); ++j)
            inequality += shared::inequality_term(c, a, tracker.neighbourhoods()[j].count,
                                                  map.neighbourhoods[j].area_um2);
    }
    const auto expected =
        shared::zone_statistics(tracker.zone_tallies()[1], map.zones[1], covered, evenness, inequality);
    EXPECT_TRUE(same_bits(std::vector{tracker.statistics(900)[1]}, std::vector{expected}));
}
