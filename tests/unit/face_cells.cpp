#include "engine/base/random.h"
#include "engine/face/surface_cells.h"
#include "tests/unit/mesh_shapes.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace {

using face::divide_into_cells;
using face::kNoCell;
using face::SurfaceCells;
using mesh::SurfaceMesh;

glm::dvec3 centre(const SurfaceMesh& mesh, uint32_t t) {
    glm::uvec3 c = mesh.triangles[t];
    return (mesh.positions[c.x] + mesh.positions[c.y] + mesh.positions[c.z]) / 3.0;
}

/// A ball of 20 mm radius: zone 0 at the bottom, 2 a no-go cap in front, 3 left, 1 elsewhere.
struct Ball {
    SurfaceMesh mesh = shapes::sphere(0.02, 50);
    std::vector<uint8_t> zone;
    std::vector<uint8_t> no_go = {0, 0, 1, 0};
    SurfaceCells cells;

    Ball() {
        for (uint32_t t = 0; t < mesh.triangle_count(); ++t) {
            glm::dvec3 p = centre(mesh, t);
            zone.push_back(p.y < -0.012 ? 0 : p.z > 0.016 ? 2 : p.x > 0 ? 3 : 1);
        }
        cells = divide_into_cells(mesh, zone, no_go);
    }
    double zone_area(int which) const {
        double area = 0;
        for (uint32_t t = 0; t < mesh.triangle_count(); ++t)
            if (zone[t] == which) area += mesh::triangle_area(mesh, t);
        return area;
    }
};

/// The same with one zone all over.
const Ball& whole_ball() {
    static const Ball made = [] {
        Ball whole;
        whole.zone.assign(whole.mesh.triangle_count(), 1);
        whole.cells = divide_into_cells(whole.mesh, whole.zone, std::vector<uint8_t>{0, 0});
        return whole;
    }();
    return made;
}

const Ball& ball() {
    static const Ball made;
    return made;
}

SurfaceCells divide_sheet(uint32_t steps) {
    SurfaceMesh mesh = shapes::sheet(0.04, steps);
    return divide_into_cells(mesh, std::vector<uint8_t>(mesh.triangle_count(), 1),
                             std::vector<uint8_t>{0, 0});
}

mesh::SurfacePoint random_place(const Ball& in, base::Random& random) {
    double a = random.uniform(), b = random.uniform();
    if (a + b > 1) a = 1 - a, b = 1 - b;
    return {random.below(static_cast<uint32_t>(in.mesh.triangle_count())), {1 - a - b, a, b}};
}

TEST(SurfaceCells, AreAboutASquareMillimetre) {
    const SurfaceCells& cells = ball().cells;
    double mean = 0;
    for (uint32_t area : cells.area_um2) mean += 1e-6 * area / static_cast<double>(cells.size());
    EXPECT_NEAR(mean, 1, 0.03);
    auto [least, most] = std::minmax_element(cells.area_um2.begin(), cells.area_um2.end());
    EXPECT_GT(*least, 200000u);
    EXPECT_LT(*most, 2200000u);
}

TEST(SurfaceCells, AreasOfAZoneAddUpToTheZones) {
    for (int zone : {1, 2, 3}) {
        double sum = 0;
        for (size_t i = 0; i < ball().cells.size(); ++i)
            if (ball().cells.zone[i] == zone) sum += 1e-12 * ball().cells.area_um2[i];
        // Borders of zones run along cells: a small zone may miss a few square millimetres.
        EXPECT_NEAR(1e6 * sum, 1e6 * ball().zone_area(zone), std::max(4.0, 0.005e6 * ball().zone_area(zone)))
            << zone;
    }
}

TEST(SurfaceCells, AreasOfAllCellsAreTheSkinsToTheMicron) {
    double sum = 0;
    for (uint32_t area : whole_ball().cells.area_um2) sum += 1e-12 * area;
    EXPECT_NEAR(sum / whole_ball().zone_area(1), 1, 1e-6);
}

TEST(SurfaceCells, ZonesAskedByPlaceMayEndWithinTriangles) {
    // Sides of 8 mm: a border that follows triangles would be off by millimetres.
    SurfaceMesh mesh = shapes::sheet(0.04, 5);
    auto zone_of = [&](const mesh::SurfacePoint& point) {
        glm::dvec3 p = mesh::position_at(mesh, point);
        return static_cast<uint8_t>(p.x * p.x + p.y * p.y < 1e-4 ? 2 : p.x < 0.015 ? 1 : 0);
    };
    SurfaceCells cells = divide_into_cells(mesh, zone_of, std::vector<uint8_t>{0, 0, 1});
    double disc = 0, rest = 0;
    for (uint32_t i = 0; i < cells.size(); ++i) {
        double from_middle = glm::length(cells.seed[i]);
        EXPECT_EQ(cells.zone[i], from_middle < 0.01 ? 2 : 1);
        EXPECT_LT(cells.seed[i].x, 0.015);
        EXPECT_NEAR(1e-6 * cells.no_go_distance_um[i], std::max(0.0, from_middle - 0.01), 15e-6);
        (cells.zone[i] == 2 ? disc : rest) += 1e-6 * cells.area_um2[i];
    }
    EXPECT_NEAR(disc, 314.16, 5);
    EXPECT_NEAR(disc + rest, 1400, 5);
    EXPECT_EQ(cells.zone_at({0.009, 0, 0}, {0, 0, 1}), 2);
    EXPECT_EQ(cells.zone_at({0.011, 0, 0}, {0, 0, 1}), 1);
    EXPECT_EQ(cells.zone_at({0.016, 0.01, 0}, {0, 0, 1}), 0);
    EXPECT_EQ(cells.find({0.019, 0.01, 0}, {0, 0, 1}), kNoCell);
}

TEST(SurfaceCells, SkinOutsideTheZonesHasNoCells) {
    for (size_t i = 0; i < ball().cells.size(); ++i) {
        EXPECT_NE(ball().cells.zone[i], 0);
        EXPECT_GT(ball().cells.seed[i].y, -0.013);
    }
    EXPECT_EQ(ball().cells.find({0, -0.02, 0}, {0, -1, 0}), kNoCell);
    SurfaceMesh mesh = shapes::sheet(0.01, 10);
    SurfaceCells none =
        divide_into_cells(mesh, std::vector<uint8_t>(mesh.triangle_count(), 0), std::vector<uint8_t>{0});
    EXPECT_EQ(none.size(), 0u);
    EXPECT_EQ(none.find({0, 0, 0}, {0, 0, 1}), kNoCell);
}

TEST(SurfaceCells, SeedsKeepTheirDistanceAndLeaveNoGap) {
    const SurfaceCells& cells = ball().cells;
    for (uint32_t i = 0; i < cells.size(); ++i) {
        double nearest2 = 1;
        for (uint32_t j = 0; j < cells.size(); ++j)
            if (i != j)
                nearest2 = std::min(nearest2,
                                    glm::dot(cells.seed[i] - cells.seed[j], cells.seed[i] - cells.seed[j]));
        EXPECT_GE(std::sqrt(nearest2), 0.79e-3);
        EXPECT_LE(std::sqrt(nearest2), 1.6e-3);
    }
    base::Random random(1);
    for (int i = 0; i < 5000; ++i) {
        mesh::SurfacePoint place = random_place(ball(), random);
        glm::dvec3 p = mesh::position_at(ball().mesh, place);
        if (p.y < -0.0105) continue;  // the last cells end raggedly before the skin outside
        uint32_t cell = cells.find(p, mesh::normal_at(ball().mesh, place));
        ASSERT_NE(cell, kNoCell);
        EXPECT_LT(glm::length(cells.seed[cell] - p), 1.1e-3);
    }
}

TEST(SurfaceCells, SeedsLieOnTheSurfaceInWholeMicrometres) {
    for (size_t i = 0; i < ball().cells.size(); ++i) {
        glm::dvec3 seed = ball().cells.seed[i];
        EXPECT_EQ(seed, shapes::whole_micrometres(seed));
        EXPECT_NEAR(glm::length(seed), 0.02, 20e-6);  // facets of 1.3 mm lie up to 20 µm inside the ball
        EXPECT_NEAR(glm::length(ball().cells.normal[i]), 1, 2e-6);
        EXPECT_GT(glm::dot(ball().cells.normal[i], seed / 0.02), 0.999);
    }
}

TEST(SurfaceCells, FindGivesTheNearestSeedThatFacesTheSameWay) {
    const SurfaceCells& cells = ball().cells;
    base::Random random(2);
    int far = 0;
    for (int i = 0; i < 1500; ++i) {
        glm::dvec3 p{random.uniform(-0.024, 0.024), random.uniform(-0.024, 0.024),
                     random.uniform(-0.024, 0.024)};
        glm::dvec3 n =
            glm::normalize(glm::dvec3(random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)));
        uint32_t expected = kNoCell;
        double best2 = 3e-3 * 3e-3;
        for (uint32_t c = 0; c < cells.size(); ++c) {
            double d2 = glm::dot(cells.seed[c] - p, cells.seed[c] - p);
            if (glm::dot(cells.normal[c], n) >= 0 && d2 <= best2 && (d2 < best2 || expected == kNoCell))
                best2 = d2, expected = c;
        }
        for (size_t r = 0; r < cells.rim_seed.size(); ++r)
            if (glm::dot(cells.rim_normal[r], n) >= 0 &&
                glm::dot(cells.rim_seed[r] - p, cells.rim_seed[r] - p) < best2)
                expected = kNoCell;
        EXPECT_EQ(cells.find(p, n), expected);
        far += expected == kNoCell;
    }
    EXPECT_GT(far, 100);
    EXPECT_LT(far, 1400);
}

TEST(SurfaceCells, TheTwoSidesOfAThinFlapAreNotMixed) {
    SurfaceMesh mesh = shapes::sheet(0.02, 20), back = shapes::sheet(0.02, 20);
    uint32_t offset = static_cast<uint32_t>(mesh.vertex_count());
    for (glm::dvec3 p : back.positions) mesh.positions.push_back(p - glm::dvec3(0, 0, 0.0003));
    for (glm::uvec3 t : back.triangles) mesh.triangles.push_back(glm::uvec3(t.x, t.z, t.y) + offset);
    mesh::compute_normals(mesh);
    SurfaceCells cells =
        divide_into_cells(mesh, std::vector<uint8_t>(mesh.triangle_count(), 1), std::vector<uint8_t>{0, 0});
    double front_area = 0, back_area = 0;
    for (size_t i = 0; i < cells.size(); ++i)
        (cells.normal[i].z > 0 ? front_area : back_area) += 1e-6 * cells.area_um2[i];
    EXPECT_NEAR(front_area, 400, 1e-3);
    EXPECT_NEAR(back_area, 400, 1e-3);
    for (uint32_t i = 0; i < cells.size(); ++i)
        for (uint32_t k = cells.neighbour_begin[i]; k < cells.neighbour_begin[i + 1]; ++k)
            EXPECT_GT(cells.normal[i].z * cells.normal[cells.neighbours[k]].z, 0);
}

TEST(SurfaceCells, NeighboursAreMutualSortedAndSixOnAverage) {
    const SurfaceCells& cells = ball().cells;
    ASSERT_EQ(cells.neighbour_begin.size(), cells.size() + 1);
    for (uint32_t i = 0; i < cells.size(); ++i)
        for (uint32_t k = cells.neighbour_begin[i]; k < cells.neighbour_begin[i + 1]; ++k) {
            uint32_t j = cells.neighbours[k];
            ASSERT_LT(j, cells.size());
            EXPECT_NE(i, j);
            EXPECT_TRUE(k == cells.neighbour_begin[i] || cells.neighbours[k - 1] < j);
            EXPECT_TRUE(std::binary_search(cells.neighbours.begin() + cells.neighbour_begin[j],
                                           cells.neighbours.begin() + cells.neighbour_begin[j + 1], i));
            EXPECT_LT(glm::length(cells.seed[i] - cells.seed[j]), 2.2e-3);
        }
    double mean = static_cast<double>(cells.neighbours.size()) / static_cast<double>(cells.size());
    EXPECT_NEAR(mean, 6, 0.25);  // Euler: 6 - 12/n on a closed surface, a little less along the open border
}

TEST(SurfaceCells, NeighboursDoNotDependOnTrianglesBeingLargerThanCells) {
    // 0.25 mm triangles lie mostly within one cell: borders run along their sides.
    SurfaceCells coarse = divide_sheet(20), fine = divide_sheet(160);
    double per_coarse = static_cast<double>(coarse.neighbours.size()) / static_cast<double>(coarse.size());
    double per_fine = static_cast<double>(fine.neighbours.size()) / static_cast<double>(fine.size());
    EXPECT_NEAR(per_coarse, per_fine, 0.01);
}

TEST(Neighbourhoods, AreContiguousWithinZonesAndRiseWithThem) {
    const SurfaceCells& cells = ball().cells;
    std::vector<uint64_t> area(cells.neighbourhood_count(), 0);
    for (size_t i = 0; i < cells.size(); ++i) {
        ASSERT_LT(cells.neighbourhood[i], cells.neighbourhood_count());
        EXPECT_EQ(cells.neighbourhood_zone[cells.neighbourhood[i]], cells.zone[i]);
        area[cells.neighbourhood[i]] += cells.area_um2[i];
        EXPECT_TRUE(i == 0 || cells.neighbourhood[i - 1] <= cells.neighbourhood[i]);
    }
    for (size_t h = 0; h < area.size(); ++h) EXPECT_EQ(area[h], cells.neighbourhood_area_um2[h]) << h;
    EXPECT_TRUE(std::is_sorted(cells.neighbourhood_zone.begin(), cells.neighbourhood_zone.end()));
}

TEST(Neighbourhoods, MeasureFiveMillimetresAcross) {
    const SurfaceCells& cells = ball().cells;
    std::array<double, 4> sum{}, count{};
    for (size_t h = 0; h < cells.neighbourhood_count(); ++h) {
        double area = 1e-6 * cells.neighbourhood_area_um2[h];
        EXPECT_GE(area, 8) << h;
        EXPECT_LE(area, 50) << h;
        sum[cells.neighbourhood_zone[h]] += area;
        count[cells.neighbourhood_zone[h]] += 1;
    }
    for (int zone : {1, 2, 3}) EXPECT_NEAR(sum[zone] / count[zone], 25, 1.5) << zone;
    for (size_t i = 0; i < cells.size(); ++i)
        for (size_t j = 0; j < i; ++j)
            EXPECT_TRUE(cells.neighbourhood[i] != cells.neighbourhood[j] ||
                        glm::length(cells.seed[i] - cells.seed[j]) < 11e-3);
}

TEST(Neighbourhoods, AZoneSmallerThanOneKeepsIt) {
    SurfaceMesh mesh = shapes::sheet(0.02, 20);
    std::vector<uint8_t> zone;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) {
        glm::dvec3 p = centre(mesh, t);
        zone.push_back(std::fabs(p.x) < 1e-3 && std::fabs(p.y) < 1e-3 ? 2 : 1);
    }
    SurfaceCells cells = divide_into_cells(mesh, zone, std::vector<uint8_t>{0, 0, 0});
    ASSERT_EQ(std::count(cells.neighbourhood_zone.begin(), cells.neighbourhood_zone.end(), 2), 1);
    EXPECT_EQ(cells.neighbourhood_zone.back(), 2);
    EXPECT_NEAR(1e-6 * cells.neighbourhood_area_um2.back(), 4, 2);
}

TEST(Neighbourhoods, AnIslandTooSmallForOneJoinsTheNearest) {
    SurfaceMesh mesh = shapes::sheet(0.03, 30);
    std::vector<uint8_t> zone;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) {
        glm::dvec3 p = centre(mesh, t);
        bool island = std::fabs(p.x - 0.008) < 1e-3 && std::fabs(p.y) < 1e-3;
        zone.push_back(p.x < 0 || island ? 2 : 1);
    }
    SurfaceCells cells = divide_into_cells(mesh, zone, std::vector<uint8_t>{0, 0, 0});
    for (size_t h = 0; h < cells.neighbourhood_count(); ++h)
        EXPECT_GE(cells.neighbourhood_area_um2[h], 8000000u) << h;
}

TEST(NoGoDistance, IsZeroInsideAndStraightToTheZonesRimOutside) {
    // The cap ends where whole triangles end, up to one triangle (1.3 mm) from the plane z = 16 mm.
    const double rim_z = 0.016, rim_radius = 0.012;
    for (uint32_t i = 0; i < ball().cells.size(); ++i) {
        if (ball().cells.zone[i] == 2) {
            EXPECT_EQ(ball().cells.no_go_distance_um[i], 0);
            continue;
        }
        glm::dvec3 p = ball().cells.seed[i];
        if (p.y < 0) continue;  // below, the cap is cut by the zone without cells
        double from_axis = std::sqrt(p.x * p.x + p.y * p.y);
        double expected =
            std::sqrt((from_axis - rim_radius) * (from_axis - rim_radius) + (p.z - rim_z) * (p.z - rim_z));
        EXPECT_NEAR(1e-6 * ball().cells.no_go_distance_um[i], expected, 1.3e-3) << i;
    }
}

TEST(NoGoDistance, OnASheetIsTheDistanceToTheLine) {
    SurfaceMesh mesh = shapes::sheet(0.04, 40);
    std::vector<uint8_t> zone;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) zone.push_back(centre(mesh, t).x < 0 ? 2 : 1);
    SurfaceCells cells = divide_into_cells(mesh, zone, std::vector<uint8_t>{0, 0, 1});
    for (uint32_t i = 0; i < cells.size(); ++i)
        EXPECT_EQ(cells.no_go_distance_um[i], cells.zone[i] == 2 ? 0 : std::lround(1e6 * cells.seed[i].x))
            << i;
}

TEST(NoGoDistance, IsFarWhereThereIsNone) {
    SurfaceCells cells = divide_sheet(40);
    for (uint16_t distance : cells.no_go_distance_um) EXPECT_EQ(distance, 65535);
}

TEST(SurfaceCells, DividingTwiceGivesTheSameCells) {
    Ball again;
    EXPECT_EQ(again.cells.seed, ball().cells.seed);
    EXPECT_EQ(again.cells.normal, ball().cells.normal);
    EXPECT_EQ(again.cells.area_um2, ball().cells.area_um2);
    EXPECT_EQ(again.cells.neighbourhood, ball().cells.neighbourhood);
    EXPECT_EQ(again.cells.neighbours, ball().cells.neighbours);
    EXPECT_EQ(again.cells.no_go_distance_um, ball().cells.no_go_distance_um);
}

/// Cells of `a` by the same seed in `b`; kNoCell where b has none there.
std::vector<uint32_t> same_seed(const SurfaceCells& a, const SurfaceCells& b) {
    std::vector<uint32_t> match;
    for (size_t i = 0; i < a.size(); ++i) {
        uint32_t cell = b.find(a.seed[i], a.normal[i]);
        match.push_back(cell != kNoCell && b.seed[cell] == a.seed[i] ? cell : kNoCell);
    }
    return match;
}

TEST(SurfaceCells, AFlatSheetKeepsItsSeedsAtAnyResolution) {
    SurfaceCells coarse = divide_sheet(20), fine = divide_sheet(173);
    ASSERT_EQ(coarse.size(), fine.size());
    std::vector<uint32_t> match = same_seed(coarse, fine);
    for (size_t i = 0; i < coarse.size(); ++i) {
        ASSERT_NE(match[i], kNoCell) << i;
        EXPECT_NEAR(coarse.area_um2[i], fine.area_um2[match[i]], 1) << "square micrometres";
    }
}

TEST(SurfaceCells, TheOrderOfTrianglesDoesNotMoveSeeds) {
    SurfaceMesh mesh = shapes::sphere(0.01, 20), shuffled = mesh;
    base::Random random(3);
    for (size_t i = shuffled.triangles.size() - 1; i > 0; --i)
        std::swap(shuffled.triangles[i], shuffled.triangles[random.below(static_cast<uint32_t>(i + 1))]);
    mesh::compute_normals(shuffled);
    std::vector<uint8_t> zone(mesh.triangle_count(), 1);
    std::vector<uint8_t> no_go{0, 0};
    SurfaceCells a = divide_into_cells(mesh, zone, no_go), b = divide_into_cells(shuffled, zone, no_go);
    ASSERT_EQ(a.size(), b.size());
    for (uint32_t cell : same_seed(a, b)) EXPECT_NE(cell, kNoCell);
}

TEST(SurfaceCells, ACurvedSurfaceKeepsAreasAndCountsAtAnyResolution) {
    auto divide = [](uint32_t rings) {
        SurfaceMesh mesh = shapes::sphere(0.02, rings);
        return divide_into_cells(mesh, std::vector<uint8_t>(mesh.triangle_count(), 1),
                                 std::vector<uint8_t>{0, 0});
    };
    SurfaceCells coarse = divide(60), fine = divide(180);
    EXPECT_NEAR(static_cast<double>(coarse.size()) / static_cast<double>(fine.size()), 1, 0.01);
    double a = std::accumulate(coarse.area_um2.begin(), coarse.area_um2.end(), 0.0);
    double b = std::accumulate(fine.area_um2.begin(), fine.area_um2.end(), 0.0);
    EXPECT_NEAR(a / b, 1, 0.01);
}

TEST(SurfaceCells, ARandomPointFallsIntoACellAsOftenAsItsAreaSays) {
    // Points drawn evenly over the ball by area; cells pooled by size so that the counts are large.
    const Ball& in = whole_ball();
    std::vector<double> share(in.mesh.triangle_count());
    double total = 0;
    for (uint32_t t = 0; t < share.size(); ++t)
        share[t] = total += in.zone[t] == 0 ? 0.0 : mesh::triangle_area(in.mesh, t);
    std::array<double, 2> hits{}, area{};
    double mean = 1e6 * total / static_cast<double>(in.cells.size()) * 1e6;
    auto pool = [&](uint32_t cell) { return in.cells.area_um2[cell] > mean ? 1 : 0; };
    for (uint32_t c = 0; c < in.cells.size(); ++c) area[pool(c)] += 1e-12 * in.cells.area_um2[c];
    base::Random random(4);
    const int draws = 100000;
    for (int i = 0; i < draws; ++i) {
        double at = random.uniform(0, total);
        uint32_t t = static_cast<uint32_t>(std::upper_bound(share.begin(), share.end(), at) - share.begin());
        mesh::SurfacePoint place = random_place(in, random);
        place.triangle = t;
        uint32_t cell = in.cells.find(mesh::position_at(in.mesh, place), mesh::normal_at(in.mesh, place));
        ASSERT_NE(cell, kNoCell);
        hits[pool(cell)] += 1;
    }
    double expected = draws * area[1] / (area[0] + area[1]);
    EXPECT_NEAR(hits[1], expected, 4 * std::sqrt(expected * (1 - expected / draws)));
}

}  // namespace
