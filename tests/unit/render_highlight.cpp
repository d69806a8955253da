#include "engine/render/highlight.h"
#include "engine/face/face_store.h"
#include "tests/scenarios/places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <glm/geometric.hpp>

namespace {

std::shared_ptr<const face::FaceAsset> pad_flat() {
    auto pad = face::load(scenarios::source_places(), "pad-flat");
    CHECK(pad);
    return *pad;
}

std::vector<uint32_t> disc(const face::SurfaceCells& cells, double radius) {
    std::vector<uint32_t> within;
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (glm::length(cells.seed[cell]) < radius) within.push_back(cell);
    return within;
}

}  // namespace

TEST(Highlight, is_whole_inside_nothing_outside_and_between_at_the_border) {
    const auto pad = pad_flat();
    const face::SurfaceCells& cells = pad->cells;
    const std::vector<uint8_t> shares = render::highlight_shares(cells, disc(cells, 10e-3));
    for (size_t cell = 0; cell < cells.size(); ++cell) {
        const double away = glm::length(cells.seed[cell]);
        if (away > 5e-3 && away < 16e-3) continue;
        ASSERT_EQ(shares[cell], away < 10e-3 ? 255 : 0) << cell;
    }
    EXPECT_TRUE(std::ranges::any_of(shares, [](uint8_t share) { return share > 20 && share < 150; }));
}

TEST(Highlight, of_one_cell_stays_and_an_unknown_one_is_passed_over) {
    const auto pad = pad_flat();
    const std::vector<uint8_t> shares =
        render::highlight_shares(pad->cells, std::vector<uint32_t>{7, 4'000'000'000u});
    EXPECT_EQ(std::ranges::max_element(shares) - shares.begin(), 7);
    EXPECT_GE(shares[7], 153);
}
