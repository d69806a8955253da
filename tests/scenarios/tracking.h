#pragma once

// Maps and logs for tests and benchmarks of tracking, without a face: plane grids and irregular maps, planted
// and random punctures.

#include "engine/base/random.h"
#include "engine/track/tracker.h"

#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace scenarios {

inline constexpr uint32_t kPatchCells = 25;  // a 5 mm patch of 1 mm² cells

struct PunctureFields {
    uint32_t cell = 0, depth_um = 500, tilt_cdeg = 300, force_mn = 800, direction = 0;
};

inline shared::Puncture puncture(const PunctureFields& f) {
    shared::Puncture p{};
    p.cell = f.cell;
    p.depth_tilt = f.depth_um | f.tilt_cdeg << 16;
    p.force_needle = f.force_mn | f.direction << 24;
    return p;
}

/// Zone z >= 1 holds patches[z - 1] square patches of 25 cells of 1 mm²; cells of one patch follow each
/// other. Zone 0 is empty.
inline track::CellMap grid_map(const std::vector<uint32_t>& patches) {
    std::vector<shared::Cell> cells;
    uint32_t patch = 0;
    for (uint32_t zone = 1; zone <= patches.size(); ++zone)
        for (uint32_t i = 0; i < patches[zone - 1]; ++i, ++patch)
            for (uint32_t k = 0; k < kPatchCells; ++k) cells.push_back({zone, patch, 1'000'000});
    return track::make_cell_map(std::move(cells), patch, static_cast<uint32_t>(patches.size()) + 1);
}

/// Cells of 0.02 to 1.2 mm² in patches of 1 to 36 cells, as the borders of zones make them; patches of
/// different zones are numbered in a mixed order.
inline track::CellMap irregular_map(base::Random& random, uint32_t patches, uint32_t zones) {
    std::vector<shared::Cell> cells;
    for (uint32_t patch = 0; patch < patches; ++patch) {
        const uint32_t zone = 1 + random.below(zones - 1);
        for (uint32_t k = 1 + random.below(36); k > 0; --k)
            cells.push_back({zone, patch, 20'000 + random.below(1'180'000)});
    }
    return track::make_cell_map(std::move(cells), patches, zones);
}

/// Needles anywhere, of any kind that the format can hold; one in 50 beside the cells, one in 8 standing
/// still.
inline std::vector<shared::Puncture> random_punctures(base::Random& random, size_t count, uint32_t cells) {
    std::vector<shared::Puncture> log(count);
    for (shared::Puncture& p : log) {
        const uint32_t cell = random.below(50) == 0 ? shared::kNoCell : random.below(cells);
        const uint32_t direction =
            random.below(8) == 0 ? shared::kNoDirection : random.below(shared::kDirectionBins);
        p = puncture({cell, random.below(4001), random.below(9001), random.below(65536), direction});
    }
    return log;
}

inline std::vector<shared::ContactRecord> random_contacts(base::Random& random, size_t count,
                                                          uint32_t cells) {
    std::vector<shared::ContactRecord> log(count);
    for (shared::ContactRecord& r : log) {
        r.cell = random.below(50) == 0 ? shared::kNoCell : random.below(cells);
        r.force_mn = random.below(70'000);  // now above, now below the punctures'
        r.flags = random.below(128);
    }
    return log;
}

/// A pen gliding over the cells in their order: `pins` needles within a few patches of each other, as a real
/// log has it.
inline std::vector<shared::Puncture> gliding_punctures(base::Random& random, size_t count, uint32_t cells) {
    std::vector<shared::Puncture> log(count);
    for (size_t i = 0; i < count; ++i) {
        const auto middle = static_cast<uint32_t>(i / 12 % cells);
        log[i] =
            puncture({(middle + random.below(100)) % cells, 400 + random.below(200), random.below(900),
                      600 + random.below(300), static_cast<uint32_t>(i / 5000 % shared::kDirectionBins)});
    }
    return log;
}

template <typename T>
void shuffle(base::Random& random, std::vector<T>& values) {
    for (size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[random.below(static_cast<uint32_t>(i))]);
}

/// Every bit of two arrays of shared structs (which hold no padding).
template <typename A, typename B>
bool same_bits(const A& a, const B& b) {
    using T = std::remove_cvref_t<decltype(a[0])>;
    static_assert(std::has_unique_object_representations_v<T>);
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

}  // namespace scenarios
