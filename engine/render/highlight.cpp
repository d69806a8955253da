#include "engine/render/highlight.h"

#include <algorithm>

namespace render {

namespace {

/// Half of each cell's share, and half of the mean of those that touch it.
std::vector<float> evened(const face::SurfaceCells& cells, const std::vector<float>& share) {
    std::vector<float> even(share.size());
    for (size_t cell = 0; cell < share.size(); ++cell) {
        const uint32_t begin = cells.neighbour_begin[cell], end = cells.neighbour_begin[cell + 1];
        float sum = 0;
        for (uint32_t k = begin; k < end; ++k) sum += share[cells.neighbours[k]];
        even[cell] = begin == end ? share[cell] : 0.5f * (share[cell] + sum / static_cast<float>(end - begin));
    }
    return even;
}

}  // namespace

std::vector<uint8_t> highlight_shares(const face::SurfaceCells& cells, std::span<const uint32_t> highlighted) {
    constexpr int kRounds = 3;
    constexpr float kLeast = 0.6f;
    std::vector<float> share(cells.size(), 0.0f);
    for (uint32_t cell : highlighted)
        if (cell < cells.size()) share[cell] = 1;
    const std::vector<float> own = share;
    for (int round = 0; round < kRounds; ++round) share = evened(cells, share);
    std::vector<uint8_t> bytes(cells.size());
    for (size_t cell = 0; cell < bytes.size(); ++cell)
        bytes[cell] = static_cast<uint8_t>(std::max(share[cell], kLeast * own[cell]) * 255.0f + 0.5f);
    return bytes;
}

}  // namespace render
