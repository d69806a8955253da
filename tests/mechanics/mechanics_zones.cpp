// Zones, cells and distances to no-go skin: one head sampled with 25,000 to 200,000 vertices.

#include "engine/face/face_store.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace {

constexpr uint32_t kFinest = 200'000;
constexpr uint32_t kCoarser[] = {25'000, 50'000, 100'000};

const face::FaceAsset& head(uint32_t vertices) {
    static std::map<uint32_t, std::shared_ptr<const face::FaceAsset>> heads;
    if (!heads[vertices]) heads[vertices] = *face::load(skin_test::places(), "demo-woman", {}, vertices);
    return *heads[vertices];
}

size_t cells_of(const face::FaceAsset& face, uint8_t zone) {
    return static_cast<size_t>(std::ranges::count(face.cells.zone, zone));
}

/// The inside of the nostrils is a pit of a few millimetres, whose walls a coarse mesh cuts short.
bool is_pit(const face::Zone& zone) {
    return zone.id == "nostril";
}

TEST(MeshOfZones, ChangesTheirAreasAndCellsByLessThanAPercent) {
    const face::FaceAsset& fine = head(kFinest);
    for (uint32_t vertices : kCoarser) {
        const face::FaceAsset& coarse = head(vertices);
        double worst_area = 0, worst_count = 0;
        std::string area_zone, count_zone;
        for (uint8_t zone = 1; zone < fine.zones.size(); ++zone) {
            if (is_pit(fine.zones[zone])) continue;
            double area = double(coarse.zones[zone].area_um2) / double(fine.zones[zone].area_um2) - 1;
            double count = double(cells_of(coarse, zone)) / double(cells_of(fine, zone)) - 1;
            if (std::fabs(area) > std::fabs(worst_area)) worst_area = area, area_zone = fine.zones[zone].id;
            if (std::fabs(count) > std::fabs(worst_count))
                worst_count = count, count_zone = fine.zones[zone].id;
        }
        double all = double(coarse.cells.size()) / double(fine.cells.size()) - 1;
        fmt::print(
            "{:6} vertices: areas of zones differ by {:+.2f} % at most ({}), numbers of cells by {:+.2f} % "
            "({}), of "
            "all by {:+.3f} %; patches {} against {}\n",
            vertices, 100 * worst_area, area_zone, 100 * worst_count, count_zone, 100 * all,
            coarse.cells.neighbourhood_count(), fine.cells.neighbourhood_count());
        EXPECT_LT(std::fabs(worst_area), 0.01) << vertices << " " << area_zone;
        // In folds of the lids a mesh coarser than any face that ships misses a few cells.
        EXPECT_LT(std::fabs(worst_count), vertices < 50'000 ? 0.02 : 0.01) << vertices << " " << count_zone;
    }
}

TEST(MeshOfZones, HardlyMovesSeedsAndDistancesToNoGoSkin) {
    constexpr double kSameSeed = 50e-6;  // m: seeds are 793 µm apart at least
    constexpr uint16_t kFar = 65535;
    const face::FaceAsset& fine = head(kFinest);
    for (uint32_t vertices : kCoarser) {
        const face::SurfaceCells& coarse = head(vertices).cells;
        size_t same = 0, zone = 0, near = 0, count = 0;
        double sum = 0, worst = 0;
        for (uint32_t cell = 0; cell < fine.cells.size(); ++cell) {
            if (is_pit(fine.zones[fine.cells.zone[cell]])) continue;
            ++count;
            uint32_t there = coarse.find(fine.cells.seed[cell], fine.cells.normal[cell]);
            if (there == face::kNoCell || glm::length(coarse.seed[there] - fine.cells.seed[cell]) > kSameSeed)
                continue;
            ++same;
            zone += coarse.zone[there] == fine.cells.zone[cell];
            uint16_t here_um = fine.cells.no_go_distance_um[cell], there_um = coarse.no_go_distance_um[there];
            if (here_um == kFar || there_um == kFar) continue;
            double off = std::abs(int(here_um) - int(there_um));
            worst = std::max(worst, off), sum += off, ++near;
        }
        double all = double(count), kept = double(same);
        fmt::print(
            "{:6} vertices: {:.2f} % of {} cells keep their seed, {:.2f} % of these their zone; no-go skin "
            "is "
            "{:.1f} um nearer or farther, at most {:.0f}\n",
            vertices, 100 * kept / all, count, 100 * double(zone) / kept, sum / double(near), worst);
        EXPECT_GT(kept / all, 0.94) << vertices;
        EXPECT_GT(double(zone) / kept, 0.999) << vertices;
        EXPECT_LT(sum / double(near), 20) << "micrometres";
    }
}

}  // namespace
