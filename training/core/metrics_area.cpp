// Measures of the treated area, from the tallies: coverage, density, evenness.

#include "training/core/metrics_support.h"

#include <algorithm>

namespace training {
namespace {

constexpr uint64_t kSquareCentimetre_um2 = 100'000'000;

/// Calls `visit(cell, neighbourhood)` for every cell of a prescribed zone.
template <typename Visit>
void for_prescribed_cells(const MeasureInput& input, Visit visit) {
    const std::vector<shared::Cell>& cells = input.tallies.map().cells;
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (input.prescribed[cells[cell].zone]) visit(cell, cells[cell].neighbourhood);
}

uint64_t zone_area_um2(const MeasureInput& input, uint32_t zone) {
    return shared::sum_value(input.tallies.map().zones[zone].area_um2);
}

/// Neighbourhoods that share a border, for each neighbourhood, rising.
std::vector<std::vector<uint32_t>> bordering_neighbourhoods(const MeasureInput& input) {
    const track::CellMap& map = input.tallies.map();
    const face::SurfaceCells& cells = input.face.cells;
    std::vector<std::vector<uint32_t>> borders(map.neighbourhoods.size());
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k) {
            uint32_t own = map.cells[cell].neighbourhood,
                     other = map.cells[cells.neighbours[k]].neighbourhood;
            if (own != other) borders[own].push_back(other);
        }
    for (std::vector<uint32_t>& border : borders) {
        std::sort(border.begin(), border.end());
        border.erase(std::unique(border.begin(), border.end()), border.end());
    }
    return borders;
}

struct Patch {
    std::vector<uint32_t> neighbourhoods;
    uint64_t punctures = 0, area_um2 = 0;

    uint64_t density_per_cm2() const {
        return punctures * kSquareCentimetre_um2 / std::max(area_um2, kSquareCentimetre_um2);
    }
};

/// Grows from one neighbourhood by the densest one at its border until it is 1 cm² (about four of 25 mm²).
Patch grow_patch(const MeasureInput& input, const std::vector<std::vector<uint32_t>>& borders,
                 uint32_t seed) {
    const track::CellMap& map = input.tallies.map();
    std::span<const shared::NeighbourhoodTally> tallies = input.tallies.neighbourhoods();
    auto denser = [&](uint32_t a, uint32_t b) {
        return static_cast<uint64_t>(tallies[a].count) * map.neighbourhoods[b].area_um2 >
               static_cast<uint64_t>(tallies[b].count) * map.neighbourhoods[a].area_um2;
    };
    Patch patch;
    std::vector<uint32_t> border = {seed};
    while (!border.empty() && patch.area_um2 < kSquareCentimetre_um2) {
        auto best = border.begin();
        for (auto it = border.begin(); it != border.end(); ++it)
            if (denser(*it, *best) || (!denser(*best, *it) && *it < *best)) best = it;
        uint32_t taken = *best;
        border.erase(best);
        patch.neighbourhoods.push_back(taken);
        patch.punctures += tallies[taken].count;
        patch.area_um2 += map.neighbourhoods[taken].area_um2;
        for (uint32_t next : borders[taken])
            if (std::find(border.begin(), border.end(), next) == border.end() &&
                std::find(patch.neighbourhoods.begin(), patch.neighbourhoods.end(), next) ==
                    patch.neighbourhoods.end())
                border.push_back(next);
    }
    return patch;
}

Patch densest_patch(const MeasureInput& input) {
    std::vector<std::vector<uint32_t>> borders = bordering_neighbourhoods(input);
    Patch densest;
    for (uint32_t seed = 0; seed < borders.size(); ++seed) {
        if (input.tallies.neighbourhoods()[seed].count == 0) continue;
        Patch patch = grow_patch(input, borders, seed);
        if (patch.density_per_cm2() > densest.density_per_cm2()) densest = std::move(patch);
    }
    return densest;
}

}  // namespace

Measurement measure_coverage(const MeasureInput& input) {
    Measurement result;
    std::vector<shared::ZoneStats> zones = zone_statistics(input);
    result.value = mean_over_area(
        input, [&](size_t zone) { return static_cast<int64_t>(zones[zone].coverage_e4) * 10; });

    EvidenceBuilder evidence(input);
    uint32_t floor = density_for_device(input.rubric.coverage_floor_per_cm2, input.device);
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t neighbourhood) {
        const shared::Neighbourhood& patch = input.tallies.map().neighbourhoods[neighbourhood];
        if (!shared::is_covered(input.tallies.neighbourhoods()[neighbourhood].count, patch.area_um2,
                                zones[patch.zone].punctures, zone_area_um2(input, patch.zone), floor))
            evidence.cell(cell);
    });
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_density_in_band(const MeasureInput& input) {
    Measurement result;
    if (input.punctures.empty()) return result;
    const Rubric& rubric = input.rubric;
    std::vector<shared::ZoneStats> zones = zone_statistics(input);
    uint32_t low = density_for_device(rubric.density_low_per_cm2, input.device);
    uint32_t high = density_for_device(rubric.density_high_per_cm2, input.device);
    uint32_t most = density_for_device(rubric.density_critical_per_cm2, input.device);
    auto in_band = [&](size_t zone) {
        return zones[zone].density_per_cm2 >= low && zones[zone].density_per_cm2 <= high;
    };
    result.value = mean_over_area(input, [&](size_t zone) { return in_band(zone) ? 100'000 : 0; });

    EvidenceBuilder evidence(input);
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t) {
        if (!in_band(input.face.cells.zone[cell])) evidence.cell(cell);
    });
    Patch densest = densest_patch(input);
    result.note = fmt::format("densest 1 cm2 holds {}", densest.density_per_cm2());
    if (densest.density_per_cm2() > most) {
        result.critical = true;
        result.critical_reason = fmt::format("{} punctures on 1 cm2, {} is the limit for this device",
                                             densest.density_per_cm2(), most);
        for (uint32_t cell = 0; cell < input.face.cells.size(); ++cell) {
            uint32_t own = input.tallies.map().cells[cell].neighbourhood;
            if (std::find(densest.neighbourhoods.begin(), densest.neighbourhoods.end(), own) !=
                densest.neighbourhoods.end())
                evidence.cell(cell, 1000);  // must not be trimmed away
        }
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_evenness(const MeasureInput& input) {
    Measurement result;
    if (input.punctures.empty()) return result;
    std::vector<shared::ZoneStats> zones = zone_statistics(input);
    constexpr int64_t kUntreated_e4 = 10'000;  // beyond any sensible band
    auto treated = [&](size_t zone) { return zones[zone].punctures > 0; };
    std::optional<int64_t> cv_e4 = mean_over_area(input, [&](size_t zone) {
        return treated(zone) ? int64_t(zones[zone].density_cv_e4) : kUntreated_e4;
    });
    std::optional<int64_t> gini_e4 = mean_over_area(
        input, [&](size_t zone) { return treated(zone) ? int64_t(zones[zone].gini_e4) : kUntreated_e4; });
    if (!cv_e4) return result;
    result.value = ratio(*cv_e4, 10, 1);
    result.note = fmt::format("Gini {}.{:04}", *gini_e4 / 10'000, *gini_e4 % 10'000);
    if (*gini_e4 > input.rubric.gini_critical_e4) {
        result.critical = true;
        result.critical_reason =
            fmt::format("Gini index of the density {}.{:02}", *gini_e4 / 10'000, *gini_e4 % 10'000 / 100);
    }

    // Evidence: neighbourhoods below half or above twice their zone's mean density.
    EvidenceBuilder evidence(input);
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t neighbourhood) {
        const shared::Neighbourhood& patch = input.tallies.map().neighbourhoods[neighbourhood];
        double expected = static_cast<double>(zones[patch.zone].punctures) * patch.area_um2 /
                          static_cast<double>(std::max<uint64_t>(zone_area_um2(input, patch.zone), 1));
        double found = input.tallies.neighbourhoods()[neighbourhood].count;
        if (found < 0.5 * expected || found > 2 * expected || expected == 0) evidence.cell(cell);
    });
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
