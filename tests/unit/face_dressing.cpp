// What a generated head wears: enough of it, not too much, in its place.

#include "engine/face/head_dressing.h"
#include "engine/face/head_generator.h"
#include "tests/unit/face_workshop.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

const HeadNumbers& numbers() {
    static const HeadNumbers all = *load_head_numbers(face_test::project_places());
    return all;
}

const HeadShape& shape() {
    static const HeadShape head(numbers());
    return head;
}

glm::dvec3 in_metres(glm::dvec3 p) {
    return 1e-3 * p;
}

const std::vector<Dressing>& worn() {
    static const std::vector<Dressing> all = dress_head(numbers(), shape(), in_metres, {{0.08f, 0.05f, 0.03f}, 0.2, true, 5});
    return all;
}

const mesh::SurfaceMesh& piece(const std::string& material) {
    for (const Dressing& d : worn())
        if (d.material == material) return d.mesh;
    static const mesh::SurfaceMesh none;
    return none;
}

TEST(HeadDressing, KeepsToItsTriangles) {
    size_t triangles = 0;
    for (const Dressing& d : worn()) {
        triangles += d.mesh.triangle_count();
        EXPECT_GT(d.mesh.triangle_count(), 0u) << d.material;
        EXPECT_EQ(d.mesh.normals.size(), d.mesh.vertex_count());
        for (size_t i = 0; i < d.mesh.vertex_count(); ++i)
            ASSERT_TRUE(std::isfinite(glm::dot(d.mesh.positions[i], d.mesh.normals[i]))) << d.material << i;
    }
    RecordProperty("triangles", std::to_string(triangles));
    EXPECT_LE(triangles, 22000u);
}

TEST(HeadDressing, LeavesNoGapAtTheRims) {
    // The first row of cap and drape lies under the skin all round.
    for (const char* material : {"cap", "drape"}) {
        const mesh::SurfaceMesh& mesh = piece(material);
        // Rows of equal length: the first triangle spans the first two of them.
        size_t columns = std::max({mesh.triangles[0].x, mesh.triangles[0].y, mesh.triangles[0].z}) - 1, below = 0;
        for (size_t i = 0; i < columns; ++i) below += shape().distance(1e3 * mesh.positions[i]) < 0;
        EXPECT_EQ(below, columns) << material;
    }
}

TEST(HeadDressing, HairsStandOnBrowsAndLidsOfBothSides) {
    double brow_low = 1e9, lash_high = -1e9;
    size_t left = 0, right = 0;
    for (const Dressing& d : worn()) {
        bool brow = d.material == "brow";
        if (!brow && d.material != "lash") continue;
        for (glm::dvec3 p : d.mesh.positions) {
            (p.x > 0 ? left : right) += 1;
            (brow ? brow_low : lash_high) = brow ? std::min(brow_low, 1e3 * p.y) : std::max(lash_high, 1e3 * p.y);
            EXPECT_LT(shape().distance(1e3 * p), 12) << d.material;
        }
    }
    EXPECT_EQ(left, right);
    EXPECT_GT(brow_low, lash_high);
}

TEST(HeadDressing, EveryPatientHasHairsOfTheirOwn) {
    DressingLook one{{0.08f, 0.05f, 0.03f}, 0.2, true, 5}, two = one;
    auto again = dress_head(numbers(), shape(), in_metres, one);
    EXPECT_EQ(again[0].mesh.positions, worn()[0].mesh.positions);
    two.seed = 6;
    EXPECT_NE(dress_head(numbers(), shape(), in_metres, two)[0].mesh.positions, worn()[0].mesh.positions);
}

struct Brow {
    double low = 1e9, high = -1e9, tail = -1e9;  // mm
    size_t hairs = 0;
};

// The left brow of the mean head, with `form`.
Brow left_brow(const BrowForm& form) {
    HeadForm head;
    head.brow = form;
    HeadShape one(numbers(), head);
    Brow brow;
    for (const Dressing& d : dress_head(numbers(), one, in_metres, {{0.08f, 0.05f, 0.03f}, 0, false, 5})) {
        if (d.material != "brow") continue;
        for (glm::dvec3 p : d.mesh.positions) {
            if (p.x < 0) continue;
            ++brow.hairs;
            brow.low = std::min(brow.low, 1e3 * p.y), brow.high = std::max(brow.high, 1e3 * p.y);
            brow.tail = std::max(brow.tail, 1e3 * p.x);
        }
    }
    return brow;
}

TEST(HeadDressing, BrowsHaveTheFormThatTheFileNames) {
    auto with = [](double BrowForm::*what, double value) {
        BrowForm form;
        form.*what = value;
        return left_brow(form);
    };
    Brow mean = left_brow({});
    EXPECT_NEAR(with(&BrowForm::arch, 3).high - mean.high, 3, 1);
    EXPECT_GT(with(&BrowForm::thickness, 1.4).high, mean.high);
    EXPECT_LT(with(&BrowForm::thickness, 1.4).low, mean.low);
    EXPECT_LT(with(&BrowForm::length, 0.8).tail, mean.tail - 5);
    EXPECT_NEAR(static_cast<double>(with(&BrowForm::density, 0.5).hairs) / static_cast<double>(mean.hairs), 0.5, 0.02);
    EXPECT_LT(with(&BrowForm::bare_tail, 1).tail, mean.tail - 5);
}

TEST(HeadDressing, HairGreysWithAgeAndHasTheColourTheFileNames) {
    EXPECT_EQ(grey_share(25), 0);
    EXPECT_DOUBLE_EQ(grey_share(70), 0.5);
    EXPECT_LT(grey_share(50), grey_share(60));
    for (uint8_t type = 1; type <= 6; ++type) EXPECT_TRUE(hair_colours().contains(usual_hair(type)));
    auto share_of_grey = [&](double grey) {
        size_t all = 0, pale = 0;
        for (const Dressing& d : dress_head(numbers(), shape(), in_metres, {{0.02f, 0.015f, 0.012f}, grey, false, 5})) {
            if (d.material != "brow") continue;
            all += d.mesh.triangle_count();
            if (d.colour.g > 0.2f) pale += d.mesh.triangle_count();
        }
        return static_cast<double>(pale) / static_cast<double>(all);
    };
    EXPECT_EQ(share_of_grey(0), 0);
    EXPECT_NEAR(share_of_grey(0.5), 0.5, 0.06);
}

}  // namespace
}  // namespace face
