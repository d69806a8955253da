#pragma once

// Needles planted on practice pads for tests of the skin's response, and its shipped figures.

#include "engine/base/random.h"
#include "engine/track/response.h"
#include "tests/scenarios/practice_pad.h"

#include <algorithm>

namespace scenarios {

inline const track::ResponseModel& response_model() {
    static const track::ResponseModel model = [] {
        auto loaded = track::ResponseModel::load(source_places());
        CHECK(loaded, loaded.error().message);
        return *loaded;
    }();
    return model;
}

struct Planted {
    uint32_t depth_um = 500, per_mm2 = 20, first_us = 0, last_us = 1'000'000;
};

/// So many needles into each of these cells by its area, evenly over the time; all different.
inline std::vector<shared::Puncture> planted(const face::FaceAsset& face, std::span<const uint32_t> cells,
                                             const Planted& how) {
    std::vector<shared::Puncture> log;
    for (const uint32_t cell : cells) {
        const auto count =
            static_cast<uint32_t>((uint64_t{face.cells.area_um2[cell]} * how.per_mm2 + 500'000) / 1'000'000);
        for (uint32_t k = 0; k < count; ++k) {
            shared::Puncture p{};
            p.time_us =
                how.first_us + static_cast<uint32_t>(uint64_t{how.last_us - how.first_us} * k / count);
            p.cell = cell;
            p.triangle = cell;
            p.weights = k * 2654435761u;
            p.depth_tilt = how.depth_um;
            p.force_needle = 700;
            log.push_back(p);
        }
    }
    std::ranges::stable_sort(log, {}, &shared::Puncture::time_us);
    return log;
}

inline std::vector<uint32_t> all_cells(const face::FaceAsset& face) {
    std::vector<uint32_t> cells(face.cells.size());
    for (uint32_t i = 0; i < cells.size(); ++i) cells[i] = i;
    return cells;
}

/// A session of strokes, dwelling, pressing hard and lifting, in order of time.
struct RandomSession {
    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    std::vector<track::CellWipe> wipes;
    uint32_t end_us = 0;
};

inline RandomSession random_session(const face::FaceAsset& face, uint64_t seed, uint32_t seconds) {
    base::Random random(seed);
    RandomSession session;
    session.end_us = seconds * 1'000'000;
    const auto cells = static_cast<uint32_t>(face.cells.size());
    uint32_t middle = random.below(cells), force = 800, depth = 500;
    bool touching = true;
    for (uint32_t step = 1; step <= seconds * 120; ++step) {
        const auto time_us = static_cast<uint32_t>(uint64_t{step} * 1'000'000 / 120);
        const uint32_t degree = face.cells.neighbour_begin[middle + 1] - face.cells.neighbour_begin[middle];
        if (random.below(4) == 0 && degree > 0)
            middle = face.cells.neighbours[face.cells.neighbour_begin[middle] + random.below(degree)];
        if (random.below(600) == 0) middle = random.below(cells);
        if (random.below(300) == 0) touching = !touching;
        if (random.below(240) == 0) force = random.below(6000), depth = 100 + random.below(2400);
        if (touching) {
            shared::ContactRecord record{};
            record.time_us = time_us;
            record.cell = random.below(100) == 0 ? shared::kNoCell : middle;
            record.force_mn = force;
            record.flags = shared::kContactTouching;
            session.contacts.push_back(record);
            for (uint32_t i = random.below(14); i > 0; --i) {
                shared::Puncture p{};
                p.time_us = time_us - 200 * i;
                p.cell = random.below(60) == 0 ? shared::kNoCell : middle;
                if (p.cell != shared::kNoCell && random.below(2) == 0 && degree > 0)
                    p.cell = face.cells.neighbours[face.cells.neighbour_begin[middle] + random.below(degree)];
                p.triangle = random.below(1000);
                p.weights = random.below(0xffffffffu);
                p.depth_tilt = std::min(depth + random.below(200), 4000u);
                session.punctures.push_back(p);
            }
        }
        if (random.below(120 * 20) == 0) {
            track::CellWipe wipe{time_us, {}};
            for (uint32_t i = 0; i < cells; ++i)
                if (random.below(3) > 0) wipe.cells.push_back(i);
            session.wipes.push_back(std::move(wipe));
        }
    }
    return session;
}

}  // namespace scenarios
