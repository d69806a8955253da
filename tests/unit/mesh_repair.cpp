#include "engine/mesh/repair.h"
#include "engine/mesh/resolution.h"
#include "engine/mesh/self_intersection.h"
#include "tests/unit/mesh_shapes.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <cmath>

namespace {

using mesh::SurfaceMesh;

double area(const SurfaceMesh& mesh) {
    double sum = 0;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) sum += mesh::triangle_area(mesh, t);
    return sum;
}

/// Every triangle with corners of its own, as STL files have them.
SurfaceMesh soup_of(const SurfaceMesh& mesh) {
    SurfaceMesh soup;
    for (glm::uvec3 t : mesh.triangles) {
        uint32_t first = static_cast<uint32_t>(soup.positions.size());
        for (int k = 0; k < 3; ++k) soup.positions.push_back(mesh.positions[t[k]]);
        soup.triangles.emplace_back(first, first + 1, first + 2);
    }
    return soup;
}

SurfaceMesh without(const SurfaceMesh& mesh, std::vector<uint32_t> triangles) {
    std::vector<bool> keep(mesh.triangle_count(), true);
    for (uint32_t t : triangles) keep[t] = false;
    return mesh::extract(mesh, keep);
}

// --- clean ---

TEST(Repair, ASoupBecomesTheSurfaceItWas) {
    SurfaceMesh sphere = shapes::sphere(0.1, 20), soup = soup_of(sphere);
    mesh::Cleaning done = mesh::clean(soup);
    EXPECT_EQ(soup.vertex_count(), sphere.vertex_count());
    EXPECT_EQ(soup.triangle_count(), sphere.triangle_count());
    EXPECT_EQ(done.merged, 3 * sphere.triangle_count() - sphere.vertex_count());
    EXPECT_TRUE(mesh::find_holes(soup).empty());
}

TEST(Repair, MergingDoesNotDependOnTheUnit) {
    for (double unit : {1e-3, 1.0, 1e3}) {
        SurfaceMesh sphere = shapes::sphere(0.1, 20), soup = soup_of(sphere);
        for (glm::dvec3& p : soup.positions) p *= unit;
        mesh::clean(soup);
        EXPECT_EQ(soup.vertex_count(), sphere.vertex_count()) << unit;
    }
}

TEST(Repair, WhatIsNoTriangleIsDroppedAndCounted) {
    SurfaceMesh sheet = shapes::sheet(0.1, 4);
    size_t good = sheet.triangle_count();
    uint32_t first = static_cast<uint32_t>(sheet.vertex_count());
    sheet.positions.push_back({std::nan(""), 0, 0});
    sheet.positions.push_back({0, 0, INFINITY});
    sheet.triangles.emplace_back(0, 1, first);
    sheet.triangles.emplace_back(0, 1, first + 1);
    sheet.triangles.emplace_back(3, 3, 4);
    sheet.triangles.push_back(sheet.triangles[5]);
    sheet.triangles.emplace_back(sheet.triangles[6].z, sheet.triangles[6].y, sheet.triangles[6].x);
    mesh::Cleaning done = mesh::clean(sheet);
    EXPECT_EQ(done.unusable.count, 2u);
    EXPECT_EQ(done.degenerate.count, 1u);
    EXPECT_EQ(done.duplicate.count, 2u);
    EXPECT_EQ(sheet.triangle_count(), good);
    EXPECT_EQ(sheet.vertex_count(), first);
}

TEST(Repair, NothingAndOnePointAreCleanedToo) {
    SurfaceMesh nothing, point;
    mesh::clean(nothing);
    EXPECT_EQ(nothing.triangle_count(), 0u);
    point.positions.assign(3, glm::dvec3(1, 2, 3));
    point.triangles = {{0, 1, 2}};
    mesh::clean(point);
    EXPECT_EQ(point.triangle_count(), 0u);
}

// --- parts ---

TEST(Repair, PartsComeByFallingArea) {
    SurfaceMesh both = shapes::sphere(0.02, 8), large = shapes::sphere(0.1, 8);
    uint32_t shift = static_cast<uint32_t>(both.vertex_count());
    for (glm::dvec3 p : large.positions) both.positions.push_back(p);
    for (glm::uvec3 t : large.triangles) both.triangles.push_back(t + glm::uvec3(shift));
    mesh::Parts parts = mesh::find_parts(both);
    ASSERT_EQ(parts.area.size(), 2u);
    EXPECT_NEAR(parts.area[0] / parts.area[1], 25, 1e-2);
    EXPECT_EQ(parts.part[0], 1u);
    EXPECT_EQ(parts.part.back(), 0u);
}

// --- untangle ---

TEST(Repair, TurnedTrianglesAreTurnedBack) {
    SurfaceMesh sphere = shapes::sphere(0.1, 12), flipped = sphere;
    for (uint32_t t : {3u, 50u, 51u, 200u}) std::swap(flipped.triangles[t].y, flipped.triangles[t].z);
    mesh::Untangling done = mesh::untangle(flipped);
    EXPECT_EQ(done.turned.count, 4u);
    EXPECT_GT(mesh::facing(flipped, glm::dvec3(0)), 0);
    EXPECT_NEAR(mesh::facing(flipped, glm::dvec3(0)), mesh::facing(sphere, glm::dvec3(0)), 1e-15);
    mesh::turn_over(flipped);
    EXPECT_LT(mesh::facing(flipped, glm::dvec3(0)), 0);
}

TEST(Repair, AFinIsCutOff) {
    SurfaceMesh sphere = shapes::sphere(0.1, 12), finned = sphere;
    glm::uvec3 t = finned.triangles[100];
    finned.positions.push_back(1.5 * finned.positions[t.x]);
    finned.triangles.emplace_back(t.x, t.y, static_cast<uint32_t>(finned.vertex_count()) - 1);
    mesh::Untangling done = mesh::untangle(finned);
    EXPECT_EQ(done.fins.count, 1u);
    EXPECT_EQ(done.crowded.count, 0u);
    EXPECT_EQ(finned.triangle_count(), sphere.triangle_count());
}

TEST(Repair, AWallInsideCannotBeUntangledAndIsCounted) {
    // Two cells that share a wall: every edge round the wall has three triangles and none is free.
    SurfaceMesh cells;
    cells.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}};
    for (glm::dvec3& p : cells.positions) p *= 0.01;
    cells.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}, {1, 0, 4}, {2, 1, 4}, {0, 2, 4}};
    mesh::Untangling done = mesh::untangle(cells);
    EXPECT_EQ(done.crowded.count, 3u);
}

TEST(Repair, AMoebiusStripHasOneSide) {
    SurfaceMesh strip;
    constexpr uint32_t kSteps = 24;
    for (uint32_t i = 0; i < kSteps; ++i) {
        double turn = 2 * base::det::kPi * i / kSteps, half = turn / 2;
        glm::dvec3 out(base::det::cos(turn), base::det::sin(turn), 0);
        for (double w : {-0.01, 0.01})
            strip.positions.push_back(
                0.1 * out + w * (base::det::cos(half) * out + glm::dvec3(0, 0, base::det::sin(half))));
    }
    for (uint32_t i = 0; i < kSteps; ++i) {
        uint32_t a = 2 * i, b = a + 1, c = i + 1 < kSteps ? a + 2 : 1, d = i + 1 < kSteps ? a + 3 : 0;
        strip.triangles.emplace_back(a, b, d);
        strip.triangles.emplace_back(a, d, c);
    }
    EXPECT_GT(mesh::untangle(strip).one_sided.count, 0u);
    SurfaceMesh sphere = shapes::sphere(0.1, 12);
    EXPECT_EQ(mesh::untangle(sphere).one_sided.count, 0u);
}

TEST(Repair, FansThatMeetInOnePointAreParted) {
    SurfaceMesh sheet = shapes::sheet(0.1, 4);
    // Of the six triangles round the middle vertex, two that lie across from each other stay.
    std::vector<uint32_t> around, gone;
    for (uint32_t t = 0; t < sheet.triangle_count(); ++t)
        for (int k = 0; k < 3; ++k)
            if (sheet.triangles[t][k] == 12) around.push_back(t);
    ASSERT_EQ(around.size(), 6u);
    gone = {around[1], around[2], around[3], around[4]};
    SurfaceMesh cut = without(sheet, gone);
    size_t before = cut.vertex_count();
    mesh::Untangling done = mesh::untangle(cut);
    EXPECT_EQ(done.split.count, 1u);
    EXPECT_EQ(cut.vertex_count(), before + 1);
}

// --- holes ---

TEST(Repair, AHoleIsFoundMeasuredAndFilled) {
    SurfaceMesh sheet = shapes::sheet(0.1, 10);
    SurfaceMesh holed = without(sheet, {90, 91, 92, 93, 110, 111, 112, 113});
    std::vector<mesh::Hole> holes = mesh::find_holes(holed);
    ASSERT_EQ(holes.size(), 2u);
    EXPECT_NEAR(holes[0].length, 0.4, 1e-9);
    EXPECT_NEAR(holes[1].length, 0.08, 1e-9);
    mesh::fill(holed, holes[1]);
    EXPECT_EQ(mesh::find_holes(holed).size(), 1u);
    EXPECT_NEAR(area(holed), area(sheet), 1e-12);
    EXPECT_EQ(mesh::untangle(holed).turned.count, 0u) << "the filling faces as its surroundings do";
    mesh::compute_normals(holed);
    for (glm::dvec3 n : holed.normals) EXPECT_NEAR(n.z, 1, 1e-9);
}

TEST(Repair, AFillingAddsNoEdgeTwice) {
    // A hole whose shortest chord is already an edge of the surface.
    SurfaceMesh sphere = shapes::sphere(0.1, 16);
    for (uint32_t t = 0; t + 40 < sphere.triangle_count(); t += 37) {
        SurfaceMesh holed = without(sphere, {t, t + 1, t + 2, t + 3});
        mesh::untangle(holed);
        for (const mesh::Hole& hole : mesh::find_holes(holed)) mesh::fill(holed, hole);
        EXPECT_TRUE(mesh::find_holes(holed).empty()) << t;
        EXPECT_EQ(mesh::untangle(holed).crowded.count, 0u) << t;
    }
}

TEST(Repair, AVeryLongLoopIsClosedByAFan) {
    SurfaceMesh sheet = shapes::sheet(0.1, 150);
    std::vector<mesh::Hole> holes = mesh::find_holes(sheet);
    ASSERT_EQ(holes[0].edges, 600u);
    mesh::fill(sheet, holes[0]);
    EXPECT_TRUE(mesh::find_holes(sheet).empty());
}

// --- slivers ---

TEST(Repair, SliversGoAndTheSurfaceStays) {
    SurfaceMesh sphere = shapes::sphere(0.1, 20), needles = sphere;
    // Squeeze an edge to nothing and lay a vertex upon an edge.
    glm::uvec3 t = needles.triangles[300];
    needles.positions[t.x] =
        needles.positions[t.y] + 1e-7 * glm::normalize(needles.positions[t.x] - needles.positions[t.y]);
    glm::uvec3 u = needles.triangles[700];
    needles.positions[u.x] = 0.5 * (needles.positions[u.y] + needles.positions[u.z]);
    EXPECT_GT(mesh::remove_slivers(needles, 4e-6), 0u);
    EXPECT_TRUE(mesh::find_holes(needles).empty());
    EXPECT_EQ(mesh::untangle(needles).crowded.count, 0u);
    for (uint32_t i = 0; i < needles.triangle_count(); ++i)
        EXPECT_GT(mesh::triangle_area(needles, i), 1e-10) << i;
    EXPECT_NEAR(area(needles), area(sphere), 1e-3 * area(sphere));
}

// --- resolution ---

TEST(Resolution, RefiningACoarseSphereBringsItNearerToTheRound) {
    SurfaceMesh coarse = shapes::sphere(0.1, 8), fine = mesh::refined(coarse);
    EXPECT_EQ(fine.triangle_count(), 4 * coarse.triangle_count());
    for (size_t v = 0; v < coarse.vertex_count(); ++v) EXPECT_EQ(fine.positions[v], coarse.positions[v]);
    double worst = 0, flat = 0;
    for (size_t v = coarse.vertex_count(); v < fine.vertex_count(); ++v)
        worst = std::max(worst, std::fabs(glm::length(fine.positions[v]) - 0.1));
    glm::uvec3 t = coarse.triangles[5];
    flat = 0.1 - glm::length(0.5 * (coarse.positions[t.y] + coarse.positions[t.z]));
    EXPECT_LT(worst, 0.35 * flat);
}

TEST(Resolution, RefiningKeepsBordersStraight) {
    SurfaceMesh sheet = shapes::sheet(0.1, 4), fine = mesh::refined(sheet);
    EXPECT_NEAR(area(fine), area(sheet), 1e-12);
    EXPECT_NEAR(mesh::find_holes(fine)[0].length, 0.4, 1e-9);
}

TEST(Resolution, ThinningOutKeepsTheShape) {
    SurfaceMesh sphere = shapes::sphere(0.1, 60), thin = mesh::decimated(sphere, 1500);
    EXPECT_LE(thin.vertex_count(), 1500u);
    EXPECT_GT(thin.vertex_count(), 1300u);
    EXPECT_TRUE(mesh::find_holes(thin).empty());
    EXPECT_EQ(mesh::untangle(thin).crowded.count, 0u);
    EXPECT_NEAR(area(thin), area(sphere), 0.01 * area(sphere));
    for (glm::dvec3 p : thin.positions) EXPECT_NEAR(glm::length(p), 0.1, 5e-4);
    EXPECT_TRUE(mesh::self_intersections(thin).empty());
}

TEST(Resolution, ThinningOutASheetKeepsItsBorder) {
    SurfaceMesh thin = mesh::decimated(shapes::sheet(0.1, 40), 200);
    EXPECT_LE(thin.vertex_count(), 200u);
    EXPECT_NEAR(area(thin), 0.01, 1e-6);
    EXPECT_NEAR(mesh::find_holes(thin)[0].length, 0.4, 1e-6);
}

}  // namespace
