// Tissue on corners of cubes: what lies between them, and where there is none.

#include "engine/face/tissue_field.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using face::Tissue;
using face::TissueField;

/// Stiffness that rises evenly along all axes, over a box of corners on both sides of the origin.
uint16_t stiffness_at(glm::ivec3 corner) {
    return static_cast<uint16_t>(2000 + 30 * corner.x + 50 * corner.y + 70 * corner.z);
}

TissueField box(int from, int to) {
    std::vector<glm::ivec3> corners;
    for (int z = from; z <= to; ++z)
        for (int y = from; y <= to; ++y)
            for (int x = from; x <= to; ++x) corners.emplace_back(x, y, z);
    std::ranges::sort(corners, face::tissue_order);
    std::vector<Tissue> values;
    for (glm::ivec3 corner : corners) values.push_back({100, 1000, 5000, stiffness_at(corner), 4500});
    return {corners, values};
}

TEST(TissueField, BlendsEvenlyBetweenCorners) {
    TissueField field = box(-9, 8);
    ASSERT_TRUE(field.sound());
    for (glm::dvec3 cubes :
         {glm::dvec3(0.25, 0.5, 0.75), {-8.9, 7.9, -0.1}, {3, -4, 5}, {-5.5, -6.25, 7.5}}) {
        double sum = 0;
        double left = field.at(TissueField::kStep * cubes,
                               [&](const Tissue& t, double w) { sum += w * t.stiffness_pa10; });
        EXPECT_EQ(left, 0);
        EXPECT_NEAR(sum, 2000 + 30 * cubes.x + 50 * cubes.y + 70 * cubes.z, 1e-9);
    }
}

TEST(TissueField, TellsTheWeightOfCornersThatItLacks) {
    TissueField field = box(0, 4);
    double weights = 0;
    double left = field.at(TissueField::kStep * glm::dvec3(4.25, 2.5, 1.5),
                           [&](const Tissue&, double w) { weights += w; });
    EXPECT_NEAR(left, 0.25, 1e-12);
    EXPECT_NEAR(weights, 0.75, 1e-12);
    auto nothing = [](const Tissue&, double) { FAIL(); };
    EXPECT_NEAR(field.at(TissueField::kStep * glm::dvec3(40, 2, 1), nothing), 1, 1e-12);
    EXPECT_NEAR(field.at(TissueField::kStep * glm::dvec3(-1.5, 2, 1), nothing), 1, 1e-12);
    EXPECT_EQ(TissueField().at({0, 0, 0}, nothing), 1);
}

TEST(TissueField, AFieldWhoseIndicesDisagreeIsNotSound) {
    TissueField field = box(0, 4);
    TissueField beyond = field, lost = field, huge = field;
    beyond.where.front() = static_cast<uint32_t>(field.blocks.size() + 1);
    lost.values.pop_back();
    huge.size.x = -1;
    for (const TissueField& bad : {beyond, lost, huge}) EXPECT_FALSE(bad.sound());
}

}  // namespace
