#include "engine/face/skin_ground.h"

#include "engine/base/four.h"
#include "engine/base/parallel.h"
#include "engine/base/units.h"
#include "engine/face/face_asset.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace face {

std::array<glm::dvec3, kDirections> tangents(glm::dvec3 normal) {
    constexpr double kCos[4] = {1, 0.9238795325112867, 0.7071067811865476, 0.3826834323650898};
    glm::dvec3 along, across;
    FaceAsset::tangent_frame(normal, along, across);
    std::array<glm::dvec3, kDirections> all;
    for (int k = 0; k < 4; ++k) {
        const double c = kCos[k], s = k == 0 ? 0 : kCos[4 - k];
        all[k] = c * along + s * across;
        all[k + 4] = c * across - s * along;
        all[k + 8] = -all[k];
        all[k + 12] = -all[k + 4];
    }
    return all;
}

namespace {

using base::Four, base::lanes_of, base::spread;

int32_t micrometres(double metres) {
    return static_cast<int32_t>(base::round_to_integer(1e6 * metres));
}

using Two = double __attribute__((vector_size(16)));
using TwoWhole = int64_t __attribute__((vector_size(16)));

/// Which of them have no neighbour within 60 degrees: there the skin ends. Two directions at a time, and with
/// each the opposite one.
uint16_t open_directions(const SurfaceCells& cells, uint32_t cell) {
    constexpr size_t kPairs = kDirections / 4;
    const auto directions = tangents(cells.normal[cell]);
    Two x[kPairs], y[kPairs], z[kPairs];
    for (size_t k = 0; k < kPairs; ++k) {
        const glm::dvec3 &a = directions[2 * k], &b = directions[2 * k + 1];
        x[k] = Two{a.x, b.x}, y[k] = Two{a.y, b.y}, z[k] = Two{a.z, b.z};
    }
    TwoWhole closed[kPairs]{}, opposite[kPairs]{};
    for (uint32_t n = cells.neighbour_begin[cell]; n < cells.neighbour_begin[cell + 1]; ++n) {
        const glm::dvec3 to = cells.seed[cells.neighbours[n]] - cells.seed[cell];
        const double half = 0.5 * std::sqrt(glm::dot(to, to));
        for (size_t k = 0; k < kPairs; ++k) {
            const Two along = to.x * x[k] + to.y * y[k] + to.z * z[k];
            closed[k] |= along >= half;
            opposite[k] |= along <= -half;
        }
    }
    uint32_t open = 0;
    for (uint32_t k = 0; k < kDirections / 2; ++k) {
        if (!closed[k / 2][k % 2]) open |= 1u << k;
        if (!opposite[k / 2][k % 2]) open |= 1u << (k + kDirections / 2);
    }
    return static_cast<uint16_t>(open);
}

/// What most cells are.
struct Outline {
    bool closed;   ///< by neighbours in all directions
    bool compact;  ///< no place of it is as far from its seed as SkinGround::kCompact
};

// By fours of directions. Of a circle's arc both of whose ends are nearer to a neighbour's seed all is, and so is what
// lies beyond. What rounding may have decided is not told.
Outline outline_of(const SurfaceCells& cells, uint32_t cell) {
    constexpr Four kCos[2] = {{1, 0.923879533f, 0.707106781f, 0.382683432f},
                              {0, -0.382683432f, -0.707106781f, -0.923879533f}};
    constexpr Four kSin[2] = {{0, 0.382683432f, 0.707106781f, 0.923879533f},
                              {1, 0.923879533f, 0.707106781f, 0.382683432f}};
    glm::dvec3 along, across;
    FaceAsset::tangent_frame(cells.normal[cell], along, across);
    const glm::vec3 a(along), b(across);
    uint32_t closed = 0, arcs = 0;
    for (uint32_t n = cells.neighbour_begin[cell]; n < cells.neighbour_begin[cell + 1]; ++n) {
        const glm::vec3 to(1e6 * (cells.seed[cells.neighbours[n]] - cells.seed[cell]));
        const Four u = spread(glm::dot(to, a)), v = spread(glm::dot(to, b));
        const float length2 = glm::dot(to, to);
        const Four half = spread(0.5001f * std::sqrt(length2)), cut = spread(0.5f * length2 / SkinGround::kCompact + 1);
        uint32_t ends = 0;
        for (int k = 0; k < 2; ++k) {
            const Four far = u * kCos[k] + v * kSin[k];
            closed |= lanes_of(far > half) << 4 * k | lanes_of(-far > half) << (4 * k + 8);
            ends |= lanes_of(far > cut) << 4 * k | lanes_of(-far > cut) << (4 * k + 8);
        }
        arcs |= ends & (ends >> 1 | ends << 15);
    }
    return {closed == 0xffff, (arcs & 0xffff) == 0xffff};
}

}  // namespace

// Neighbours along the border close 60 of the 90 degrees to its outward normal, so an open arc ends about a direction beyond it.
std::vector<int> outward_directions(uint16_t open) {
    const auto is_open = [&](int k) { return (open >> ((k + kDirections) % kDirections) & 1) != 0; };
    if (open == 0xffff) return {0, 4, 8, 12};
    std::vector<int> outward;
    for (int k = 0; k < kDirections; ++k) {
        if (!is_open(k) || is_open(k - 1)) continue;
        int length = 1;
        while (is_open(k + length)) ++length;
        if (length <= 3) {
            outward.push_back((k + length / 2) % kDirections);
        } else {
            outward.push_back((k + 1) % kDirections);
            outward.push_back((k + length - 2) % kDirections);
        }
    }
    return outward;
}

SkinGround::SkinGround(const SurfaceCells& skin) : cells(skin) {
    normals.resize(cells.size());
    seeds.resize(cells.size());
    open.resize(cells.size());
    compact.resize(cells.size());
    base::parallel_ranges(cells.size(), 1024, [&](size_t first, size_t last) {
        for (size_t c = first; c < last; ++c) {
            const auto whole = [](double v) {
                return static_cast<int32_t>(base::round_to_integer(kUnit * v));
            };
            const glm::dvec3 n = cells.normal[c], seed = cells.seed[c];
            normals[c] = {whole(n.x), whole(n.y), whole(n.z)};
            seeds[c] = {micrometres(seed.x), micrometres(seed.y), micrometres(seed.z)};
            const Outline outline = outline_of(cells, static_cast<uint32_t>(c));
            open[c] = outline.closed ? 0 : open_directions(cells, static_cast<uint32_t>(c));
            compact[c] = outline.compact;
        }
    });
    divide_into_tiles();
}

// Tiles are as wide as a few thousand needles at the usual densities, and never so many that their table costs.
void SkinGround::divide_into_tiles() {
    constexpr int64_t kMostTiles = 1 << 18;
    constexpr int32_t kGreatest_um = 19'000;  // of which track::SitePatch holds one
    std::array<int32_t, 3> high{};
    const auto axes = [](const Place& p) { return std::array{p.x, p.y, p.z}; };
    if (!seeds.empty()) tile_low = high = axes(seeds[0]);
    for (const Place& seed : seeds) {
        const auto at = axes(seed);
        for (size_t a = 0; a < 3; ++a) {
            tile_low[a] = std::min(tile_low[a], at[a]);
            high[a] = std::max(high[a], at[a]);
        }
    }
    for (tile_um = 13'000;; tile_um += 3'000) {
        for (size_t a = 0; a < 3; ++a) tile_count[a] = (high[a] - tile_low[a]) / tile_um + 1;
        if (tile_um == kGreatest_um || int64_t{tile_count[0]} * tile_count[1] * tile_count[2] <= kMostTiles) break;
    }
    std::vector<uint32_t> tile(seeds.size());
    tile_begin.assign(static_cast<size_t>(tile_count[0] * tile_count[1] * tile_count[2]) + 1, 0);
    for (size_t c = 0; c < seeds.size(); ++c) {
        const auto at = axes(seeds[c]);
        const auto along = [&](size_t a) { return (at[a] - tile_low[a]) / tile_um; };
        tile[c] = tile_at(along(0), along(1), along(2));
        ++tile_begin[tile[c]];
    }
    uint32_t before = 0;
    for (uint32_t t = 0; t < tile_begin.size(); ++t) {
        if (tile_begin[t] > 0) tiles.push_back(t);
        before += std::exchange(tile_begin[t], before);
    }
    std::vector<uint32_t> next = tile_begin;
    order.resize(seeds.size());
    rank.resize(seeds.size());
    for (uint32_t c = 0; c < seeds.size(); ++c) order[rank[c] = next[tile[c]]++] = c;
    tile_of.resize(seeds.size());
    for (uint32_t k = 0; k < tiles.size(); ++k)
        for (const uint32_t cell : cells_of_tile(tiles[k])) tile_of[cell] = k;
}

uint32_t SkinGround::tile_at(int32_t x, int32_t y, int32_t z) const {
    return static_cast<uint32_t>((z * tile_count[1] + y) * tile_count[0] + x);
}

std::span<const uint32_t> SkinGround::cells_of_tile(uint32_t tile) const {
    return {order.data() + tile_begin[tile], order.data() + tile_begin[tile + 1]};
}

}  // namespace face
