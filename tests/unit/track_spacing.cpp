// Spacing and gaps of planted patterns against closed forms and against brute force in doubles, on the flat
// pad and on the cylinder, which unrolls to a plane.

#include "engine/track/spacing.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/base/units.h"
#include "tests/scenarios/practice_pad.h"
#include "tests/scenarios/tracking.h"

#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>
#include <glm/vec2.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using track::Site;
using track::SiteMap;
using track::Spacing;

namespace {

using Plane = std::vector<glm::dvec2>;  // mm, from the middle of a pad of 100 x 100

constexpr double kRadius = 50;  // mm, of the cylinder pad

/// A pad that unrolls to a plane.
struct Pad {
    std::shared_ptr<const face::FaceAsset> face;
    bool round = false;

    void place(glm::dvec2 at, glm::dvec3& position, glm::dvec3& normal) const {
        const double angle = at.x / kRadius;
        normal = round ? glm::dvec3(base::det::sin(angle), 0, base::det::cos(angle)) : glm::dvec3(0, 0, 1);
        position = 1e-3 * (round ? glm::dvec3(0, at.y, -kRadius) + kRadius * normal : glm::dvec3(at, 0));
    }
    Site site(glm::dvec2 at) const {
        glm::dvec3 position, normal;
        place(at, position, normal);
        const auto um = [](double m) { return static_cast<int32_t>(base::round_to_integer(1e6 * m)); };
        return {um(position.x), um(position.y), um(position.z), face->cells.find(position, normal)};
    }
    std::vector<Site> sites(const Plane& plane) const {
        std::vector<Site> all;
        for (const glm::dvec2 at : plane) all.push_back(site(at));
        return all;
    }
    /// Where a place of the pad lies in the plane.
    glm::dvec2 unrolled(glm::dvec3 place) const {
        place *= 1e3;
        if (!round) return {place.x, place.y};
        return {kRadius * std::atan2(place.x, place.z + kRadius), place.y};
    }
    /// Cells whose seeds lie within `half` of the middle along both axes.
    std::vector<uint8_t> judged(double half) const {
        std::vector<uint8_t> cells;
        for (const glm::dvec3 seed : face->cells.seed) {
            const glm::dvec2 at = unrolled(seed);
            cells.push_back(std::fabs(at.x) < half && std::fabs(at.y) < half);
        }
        return cells;
    }
};

Pad flat() {
    return {scenarios::practice_pad(), false};
}
Pad cylinder() {
    static const auto face = *face::load(scenarios::source_places(), "pad-cylinder");
    return {face, true};
}

/// Places of a lattice with these steps that lie within `half` of the middle.
Plane lattice(glm::dvec2 step, glm::dvec2 next_row, double half) {
    Plane plane;
    const int rows = static_cast<int>(half / next_row.y) + 2,
              columns = 2 * static_cast<int>(half / step.x) + 2;
    for (int j = -rows; j <= rows; ++j)
        for (int i = -2 * columns; i <= 2 * columns; ++i) {
            const glm::dvec2 at = double(i) * step + double(j) * next_row + glm::dvec2(0.013, 0.029);
            if (std::fabs(at.x) <= half && std::fabs(at.y) <= half) plane.push_back(at);
        }
    return plane;
}
Plane square(double spacing, double half) {
    return lattice({spacing, 0}, {0, spacing}, half);
}
Plane hexagons(double spacing, double half) {
    return lattice({spacing, 0}, {spacing / 2, spacing * std::sqrt(3.0) / 2}, half);
}
Plane by_chance(size_t count, double half, uint64_t seed) {
    base::Random random(seed);
    Plane plane(count);
    for (glm::dvec2& at : plane) at = {random.uniform(-half, half), random.uniform(-half, half)};
    return plane;
}

Spacing spacing_of(const Pad& pad, const Plane& plane, double half = 100) {
    const SiteMap map(*pad.face->ground, pad.sites(plane));
    Spacing all;
    for (const Spacing& zone : map.spacing(pad.judged(half), static_cast<uint32_t>(pad.face->zones.size())))
        all.add(zone);
    return all;
}

/// mm, to the nearest other place, and to the nearest one from any place.
double nearest(const Plane& plane, glm::dvec2 from, size_t except = ~size_t{0}) {
    double least = 1e9;
    for (size_t i = 0; i < plane.size(); ++i)
        if (i != except) least = std::min(least, glm::length(plane[i] - from));
    return least;
}

/// The largest empty disc with its middle within `half` of the pad's, by looking at every place of a fine
/// lattice.
double brute_gap(const Plane& plane, double half, double step) {
    double greatest = 0;
    for (double y = -half; y <= half; y += step)
        for (double x = -half; x <= half; x += step) greatest = std::max(greatest, nearest(plane, {x, y}));
    return greatest;
}

}  // namespace

TEST(SpacingClosedForm, ASquareGridHasTwiceTheDistanceOfChance) {
    for (const Pad& pad : {flat(), cylinder()}) {
        const Spacing s = spacing_of(pad, square(0.4, 49.9), 45);
        EXPECT_NEAR(s.clark_evans_e4(), 20000, 60);
        EXPECT_EQ(s.mean_um(), 400u);
        EXPECT_LT(s.cv_e4(), 40u);  // whole micrometres of 400
    }
}

TEST(SpacingClosedForm, AHexagonalGridIsAsFarFromChanceAsCanBe) {
    for (const Pad& pad : {flat(), cylinder()}) {
        const Spacing s = spacing_of(pad, hexagons(0.5, 49.9), 45);
        EXPECT_NEAR(s.clark_evans_e4(), 21491, 65);
        EXPECT_NEAR(s.mean_um(), 500.0, 1);
        EXPECT_LT(s.cv_e4(), 40u);
    }
}

TEST(SpacingClosedForm, ChanceIsOneAndItsSpreadIsThatOfRayleigh) {
    for (const Pad& pad : {flat(), cylinder()})
        for (const size_t count : {40'000u, 300'000u}) {
            const Spacing s = spacing_of(pad, by_chance(count, 50, count), 46);
            EXPECT_NEAR(s.clark_evans_e4(), 10000, 80) << count;
            EXPECT_NEAR(s.cv_e4(), 5227, 60) << count;
        }
}

TEST(SpacingClosedForm, HalfThePadLeftOutIsTheRootOfOneHalf) {
    Plane plane = by_chance(100'000, 50, 5);
    std::erase_if(plane, [](glm::dvec2 at) { return at.x > 0; });
    EXPECT_NEAR(spacing_of(flat(), plane).clark_evans_e4(), 10000 * std::sqrt(0.5), 100);
}

TEST(SpacingReference, EverySumIsThatOfBruteForce) {
    base::Random random(11);
    Plane clustered;
    for (int k = 0; k < 60; ++k) {
        const glm::dvec2 middle(random.uniform(-30, 30), random.uniform(-30, 30));
        for (int i = 0; i < 50; ++i)
            clustered.push_back(middle + 0.6 * glm::dvec2(random.normal(), random.normal()));
    }
    Plane stripes = by_chance(4000, 30, 12);
    std::erase_if(stripes, [](glm::dvec2 at) { return std::fmod(at.x + 100, 6) < 3; });
    Plane lonely = by_chance(40, 40, 13);
    for (const Pad& pad : {flat(), cylinder()})
        for (const Plane& plane : {clustered, stripes, lonely, square(1.1, 30)}) {
            const Spacing s = spacing_of(pad, plane);
            double sum = 0, squares = 0;
            for (size_t i = 0; i < plane.size(); ++i) {
                const double d = 1e3 * nearest(plane, plane[i], i);
                sum += d, squares += d * d;
            }
            ASSERT_EQ(s.sites, plane.size());
            // Places are whole micrometres, and of four equally near ones the one that rounding brings
            // nearest counts.
            EXPECT_NEAR(static_cast<double>(s.distance_q16) / 65536, sum,
                        0.5 * static_cast<double>(plane.size()));
            EXPECT_NEAR(static_cast<double>(s.distance_squared), squares, 0.001 * squares + 1);
        }
}

TEST(SpacingReference, SumsAreThoseOfBruteForceToTheBitAcrossPatchesAndFarApart) {
    // Four flat pieces of 40 x 40 cells, metres apart, so that space is cut into the widest tiles; on each ever fewer
    // needles, by chance, in clumps, on a lattice, with twins.
    constexpr int kSide = 40;
    constexpr int32_t kMiddles[4][3] = {{0, 0, 0}, {1'700'000, 3, 5}, {-8, -1'600'000, 0}, {4, 0, 1'500'007}};
    face::SurfaceCells cells;
    cells.neighbour_begin.push_back(0);
    std::vector<Site> sites;
    base::Random random(17);
    for (const auto& middle : kMiddles) {
        const auto first = static_cast<uint32_t>(cells.seed.size());
        for (int y = 0; y < kSide; ++y)
            for (int x = 0; x < kSide; ++x) {
                cells.seed.push_back({1e-6 * (middle[0] + 1000 * x), 1e-6 * (middle[1] + 1000 * y), 1e-6 * middle[2]});
                cells.normal.push_back({0, 0, 1});
                cells.zone.push_back(1);
                cells.area_um2.push_back(1'000'000);
                for (const auto& [u, v] : {std::pair{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}})
                    if (u >= 0 && u < kSide && v >= 0 && v < kSide)
                        cells.neighbours.push_back(first + static_cast<uint32_t>(v * kSide + u));
                cells.neighbour_begin.push_back(static_cast<uint32_t>(cells.neighbours.size()));
            }
        const auto add = [&](int32_t x, int32_t y) {
            const auto column = static_cast<uint32_t>((x + 500) / 1000), row = static_cast<uint32_t>((y + 500) / 1000);
            sites.push_back({middle[0] + x, middle[1] + y, middle[2], first + row * kSide + column});
        };
        const auto anywhere = [&] { return static_cast<int32_t>(random.below(39'000)); };
        for (int k = 0; k < 2400 >> 2 * (&middle - kMiddles); ++k) add(anywhere(), anywhere());
        for (int k = 0; k < 20; ++k) {
            const int32_t x = anywhere(), y = anywhere();
            add(x, y);
            for (int n = k; n < 18; ++n)
                add(std::min(39'000, x + static_cast<int32_t>(random.below(90))),
                    std::min(39'000, y + static_cast<int32_t>(random.below(3))));
        }
        for (int k = 0; k < 300; ++k) add(8000 + 200 * (k % 20), 15'900 + 200 * (k / 20));
    }
    cells.index();
    const Spacing s = SiteMap(face::SkinGround(cells), sites).spacing(std::vector<uint8_t>(cells.size(), 1), 2)[1];

    Spacing reference;
    for (const Site& from : sites) {
        const uint32_t x = from.cell % kSide, y = from.cell % (kSide * kSide) / kSide;
        if (std::min(x, y) < 2 || std::max(x, y) > kSide - 3) continue;  // guard zone
        uint64_t least = ~uint64_t{0};
        for (const Site& to : sites) {
            const int64_t dx = to.x - from.x, dy = to.y - from.y, dz = to.z - from.z;
            if (&to != &from) least = std::min(least, static_cast<uint64_t>(dx * dx + dy * dy + dz * dz));
        }
        ++reference.sites;
        reference.distance_q16 += static_cast<uint64_t>(65536 * std::sqrt(static_cast<double>(least)) + 0.5);
        reference.distance_squared += least;
    }
    EXPECT_GT(s.sites, 4000u);
    EXPECT_EQ(s.sites, reference.sites);
    EXPECT_EQ(s.distance_q16, reference.distance_q16);
    EXPECT_EQ(s.distance_squared, reference.distance_squared);
}

TEST(SpacingLimits, NoneOneAndTwins) {
    const Pad pad = flat();
    EXPECT_EQ(spacing_of(pad, {}).sites, 0u);
    EXPECT_EQ(spacing_of(pad, {}).clark_evans_e4(), 0u);
    EXPECT_EQ(spacing_of(pad, {{1, 2}}).sites, 0u);  // none to be near to
    const Spacing twins = spacing_of(pad, {{1, 2}, {1, 2}, {9, 9}});
    EXPECT_EQ(twins.sites, 3u);
    EXPECT_NEAR(static_cast<double>(twins.distance_q16) / 65536, 1000 * std::sqrt(64 + 49.0), 1);
    EXPECT_EQ(twins.cv_e4(), 14142u);  // 0, 0, d: mean d/3, deviation d sqrt(2)/3
}

TEST(SpacingLimits, SkinThatFacesTheOtherWayIsNotNear) {
    // Two sheets back to back, 0.2 mm apart, each with a needle every 2 mm, the same places.
    face::SurfaceCells cells;
    for (int side = 0; side < 2; ++side)
        for (int k = 0; k < 1600; ++k) {
            cells.seed.push_back({1e-3 * (k % 40), 1e-3 * (k / 40), side ? -2e-4 : 0});
            cells.normal.push_back({0, 0, side ? -1 : 1});
            cells.zone.push_back(1);
            cells.area_um2.push_back(1'000'000);
        }
    cells.neighbour_begin.push_back(0);
    for (int cell = 0; cell < 3200; ++cell) {
        const int x = cell % 40, y = cell % 1600 / 40;
        if (x > 0) cells.neighbours.push_back(static_cast<uint32_t>(cell - 1));
        if (x < 39) cells.neighbours.push_back(static_cast<uint32_t>(cell + 1));
        if (y > 0) cells.neighbours.push_back(static_cast<uint32_t>(cell - 40));
        if (y < 39) cells.neighbours.push_back(static_cast<uint32_t>(cell + 40));
        cells.neighbour_begin.push_back(static_cast<uint32_t>(cells.neighbours.size()));
    }
    cells.index();
    std::vector<Site> sites;
    for (uint32_t cell = 0; cell < 3200; ++cell)
        if (cell % 40 % 2 == 0 && cell % 1600 / 40 % 2 == 0)
            sites.push_back(
                {int32_t(cell % 40) * 1000, int32_t(cell % 1600 / 40) * 1000, cell < 1600 ? 0 : -200, cell});
    const face::SkinGround ground(cells);
    const SiteMap map(ground, sites);
    const std::vector<uint8_t> judged(cells.size(), 1);
    EXPECT_EQ(map.spacing(judged, 2)[1].mean_um(), 2000u);
    EXPECT_NEAR(map.largest_gap(judged)->radius_um, 1414, 2);
}

TEST(GapClosedForm, OfAGridItIsHalfTheDiagonalAndOfHexagonsTheCircumradius) {
    for (const Pad& pad : {flat(), cylinder()}) {
        const std::vector<uint8_t> judged = pad.judged(20);
        EXPECT_NEAR(SiteMap(*pad.face->ground, pad.sites(square(0.8, 30))).largest_gap(judged)->radius_um,
                    800 * std::sqrt(0.5), 2);
        EXPECT_NEAR(SiteMap(*pad.face->ground, pad.sites(hexagons(0.8, 30))).largest_gap(judged)->radius_um,
                    800 / std::sqrt(3.0), 2);
    }
}

TEST(GapClosedForm, AHoleOfKnownSizeIsFoundWithItsPlace) {
    for (const Pad& pad : {flat(), cylinder()})
        for (const double radius : {0.9, 3.0, 11.0}) {
            const glm::dvec2 middle(-7.5, 12.25);
            Plane plane = square(0.25, 49);
            std::erase_if(plane, [&](glm::dvec2 at) { return glm::length(at - middle) < radius; });
            for (int k = 0; k < 360; ++k)  // its rim
                plane.push_back(middle +
                                radius * glm::dvec2(std::cos(k * 0.0174533), std::sin(k * 0.0174533)));
            const auto gap = SiteMap(*pad.face->ground, pad.sites(plane)).largest_gap(pad.judged(45));
            ASSERT_TRUE(gap);
            EXPECT_NEAR(gap->radius_um, 1000 * radius, 0.002 * 1000 * radius + 2);
            EXPECT_LT(glm::length(pad.unrolled(gap->centre) - middle), 0.06 + 0.01 * radius);
        }
}

TEST(GapReference, NoPlaceOfAFineLatticeIsEmptierThanWhatIsFound) {
    for (const Pad& pad : {flat(), cylinder()})
        for (const size_t count : {200u, 1000u}) {
            const Plane plane = by_chance(count, 16, count);
            const SiteMap map(*pad.face->ground, pad.sites(plane));
            const auto gap = map.largest_gap(pad.judged(12));
            ASSERT_TRUE(gap);
            // The found disc is empty and touches a site; cells reach at most 0.9 mm beyond the judged seeds.
            EXPECT_NEAR(gap->radius_um, 1e3 * nearest(plane, pad.unrolled(gap->centre)), 5);
            EXPECT_GE(gap->radius_um + 5.0, 1e3 * brute_gap(plane, 11.2, 0.12));
            EXPECT_LE(gap->radius_um, 1e3 * brute_gap(plane, 13.2, 0.12) + 85);
        }
}

TEST(GapLimits, WithoutNeedlesOrJudgedSkinThereIsNone) {
    const Pad pad = flat();
    EXPECT_FALSE(SiteMap(*pad.face->ground, {}).largest_gap(pad.judged(100)));
    EXPECT_FALSE(SiteMap(*pad.face->ground, pad.sites({{0, 0}})).largest_gap(pad.judged(0)));
    // One needle: the farthest corner of the pad, as far as its last cells reach.
    EXPECT_NEAR(SiteMap(*pad.face->ground, pad.sites({{0, 0}})).largest_gap(pad.judged(100))->radius_um, 70'700,
                900);
}

TEST(GapLimits, WhereJudgedSkinFacesAwayFromEveryNeedleNothingBoundsTheGap) {
    const Pad pad = cylinder();  // 180 degrees from edge to edge
    EXPECT_FALSE(SiteMap(*pad.face->ground, pad.sites({{-48, 0}, {-47, 3}})).largest_gap(pad.judged(100)));
    EXPECT_TRUE(SiteMap(*pad.face->ground, pad.sites({{-48, 0}, {5, 3}})).largest_gap(pad.judged(100)));
}

TEST(SpacingInvariance, OrderRepetitionAndPiecesChangeNothingAtAll) {
    const Pad pad = cylinder();
    base::Random random(17);
    std::vector<Site> sites = pad.sites(by_chance(60'000, 50, 18));
    const std::vector<uint8_t> judged = pad.judged(46);
    const auto zones = static_cast<uint32_t>(pad.face->zones.size());
    const SiteMap first(*pad.face->ground, sites);
    const std::vector<Spacing> spacing = first.spacing(judged, zones);
    const auto gap = first.largest_gap(judged);
    for (int round = 0; round < 4; ++round) {
        scenarios::shuffle(random, sites);
        const SiteMap again(*pad.face->ground, sites);
        const std::vector<Spacing> other = again.spacing(judged, zones);
        for (uint32_t z = 0; z < zones; ++z) {
            EXPECT_EQ(other[z].sites, spacing[z].sites);
            EXPECT_EQ(other[z].distance_q16, spacing[z].distance_q16);
            EXPECT_EQ(other[z].distance_squared, spacing[z].distance_squared);
        }
        const auto other_gap = again.largest_gap(judged);
        EXPECT_EQ(other_gap->radius_um, gap->radius_um);
        EXPECT_EQ(other_gap->cell, gap->cell);
        EXPECT_EQ(other_gap->centre, gap->centre);
    }
}

TEST(SpacingInvariance, ATurnedPadScoresTheSame) {
    const Pad pad = cylinder();
    const Plane plane = by_chance(30'000, 50, 19);
    const std::vector<uint8_t> judged = pad.judged(46);
    const SiteMap straight(*pad.face->ground, pad.sites(plane));
    const glm::dmat3 turn(glm::normalize(glm::dvec3(2, 1, -2)), glm::normalize(glm::dvec3(1, 2, 2)),
                          glm::normalize(glm::dvec3(2, -2, 1)));
    face::SurfaceCells turned = pad.face->cells;
    for (glm::dvec3& seed : turned.seed) seed = turn * seed;
    for (glm::dvec3& normal : turned.normal) normal = turn * normal;
    turned.index();
    std::vector<Site> sites = pad.sites(plane);
    for (Site& s : sites) {
        const glm::dvec3 at = turn * glm::dvec3(s.x, s.y, s.z);
        const auto um = [](double v) { return static_cast<int32_t>(base::round_to_integer(v)); };
        s = {um(at.x), um(at.y), um(at.z), s.cell};
    }
    const face::SkinGround turned_ground(turned);
    const SiteMap other(turned_ground, sites);
    const auto zones = static_cast<uint32_t>(pad.face->zones.size());
    const Spacing a = straight.spacing(judged, zones)[1], b = other.spacing(judged, zones)[1];
    EXPECT_EQ(a.sites, b.sites);
    EXPECT_NEAR(a.clark_evans_e4(), b.clark_evans_e4(), 10);
    EXPECT_NEAR(a.cv_e4(), b.cv_e4(), 10);
    EXPECT_NEAR(straight.largest_gap(judged)->radius_um, other.largest_gap(judged)->radius_um, 10);
}
