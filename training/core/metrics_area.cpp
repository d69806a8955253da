// Measures of the treated area, from the tallies: coverage, density, evenness; and the largest gap.

#include "engine/track/spacing.h"
#include "training/core/decimal.h"
#include "training/core/joined.h"
#include "training/core/metrics_support.h"

#include <algorithm>

namespace training {
namespace {

constexpr uint64_t kSquareCentimetre_um2 = 100'000'000;

/// Calls `visit(cell, neighbourhood)` for every cell of a prescribed zone that needles may enter.
template <typename Visit>
void for_prescribed_cells(const MeasureInput& input, Visit visit) {
    const std::vector<shared::Cell>& cells = input.tallies.map().cells;
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (input.prescribed[cells[cell].zone] && shared::is_judged(cells[cell]))
            visit(cell, cells[cell].neighbourhood);
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
            const shared::Cell &own = map.cells[cell], &other = map.cells[cells.neighbours[k]];
            if (shared::is_judged(own) && shared::is_judged(other) &&
                own.neighbourhood != other.neighbourhood)
                borders[own.neighbourhood].push_back(other.neighbourhood);
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

/// "12.3 %" of thousandths of a per cent.
std::string percent(const Phrases& phrases, int64_t thousandths) {
    return with_unit_word(phrases, fmt::format("{}.{}", (thousandths + 50) / 1000, (thousandths + 50) % 1000 / 100), "%");
}

/// How a neighbourhood's density stands to what is asked, and by how much it is off, 1e4ths of what is asked.
struct Standing {
    enum { thin, in_band, thick } kind = in_band;
    uint32_t off_e4 = 0;
};
Standing standing_of(const MeasureInput& input, uint32_t neighbourhood, const shared::ZoneStats& zone,
                     uint32_t zone_punctures, const DensityTargets& targets) {
    const shared::Neighbourhood& patch = input.tallies.map().neighbourhoods[neighbourhood];
    uint32_t count = input.tallies.neighbourhoods()[neighbourhood].count;
    int64_t density = ratio(count, patch.area_um2, kSquareCentimetre_um2);
    if (!shared::is_covered(count, patch.area_um2, zone_punctures, zone_area_um2(input, patch.zone),
                            targets.floor)) {
        int64_t asked = std::max<int64_t>({1, targets.floor, zone.density_per_cm2 / 2});
        return {Standing::thin,
                static_cast<uint32_t>(10'000 - ratio(std::min(density, asked), asked, 10'000))};
    }
    if (density <= targets.high) return {};
    return {Standing::thick,
            static_cast<uint32_t>(ratio(std::min<int64_t>(density, 2ll * targets.high) - targets.high,
                                        std::max(1u, targets.high), 10'000))};
}

/// Prescribed cells that needles may enter.
std::vector<uint8_t> judged_cells(const MeasureInput& input) {
    std::vector<uint8_t> judged(input.face.cells.size(), 0);
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t) { judged[cell] = 1; });
    return judged;
}

/// The largest untreated gap, and how the holes of a stamp lie (clinical.md 8: of a pen's that tells
/// nothing).
std::string spacing_note(const MeasureInput& input) {
    const track::SiteMap map(*input.face.ground, track::sites_of(input.face, input.punctures));
    const std::vector<uint8_t> judged = judged_cells(input);
    std::string note;
    if (auto gap = map.largest_gap(judged))
        note += input.phrases("note.gap",
                              fmt::arg("mm", fmt::format("{}.{}", gap->radius_um / 500, gap->radius_um / 50 % 10)),
                              fmt::arg("zone", zone_name(input, input.face.cells.zone[gap->cell])));
    if (input.device.kind != skin::DeviceKind::stamp) return note;
    track::Spacing all;
    for (const track::Spacing& zone : map.spacing(judged, static_cast<uint32_t>(input.face.zones.size())))
        all.add(zone);
    const int64_t spacing_e4 = all.clark_evans_e4();
    return note + input.phrases("note.spacing", fmt::arg("value", hundredths_text(spacing_e4 / 100)));
}

}  // namespace

Measurement measure_coverage(const MeasureInput& input) {
    Measurement result;
    std::vector<shared::ZoneStats> zones = zone_statistics(input);
    result.value = mean_over_area(
        input, [&](size_t zone) { return static_cast<int64_t>(zones[zone].coverage_e4) * 10; });

    // Evidence: thin and thick skin, and skin beside what was prescribed; what is farthest off weighs most.
    EvidenceBuilder evidence(input);
    const DensityTargets targets = density_targets(input.rubric, input.device);
    int64_t area[3] = {};
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t neighbourhood) {
        uint32_t zone = input.face.cells.zone[cell];
        Standing standing = standing_of(input, neighbourhood, zones[zone],
                                        input.tallies.zone_tallies()[zone].judged, targets);
        area[standing.kind] += input.face.cells.area_um2[cell];
        if (standing.kind != Standing::in_band) evidence.cell(cell, 1 + standing.off_e4);
    });
    int64_t outside = 0;
    for (const shared::Puncture& puncture : input.punctures) {
        if (input.prescribed[zone_of(input, puncture.cell)]) continue;
        ++outside;
        evidence.cell(puncture.cell, 100);
    }
    if (int64_t all = area[0] + area[1] + area[2]; all > 0) {
        auto share = [&](int64_t part) {
            return percent(input.phrases, ratio(part / 1000, std::max<int64_t>(1, all / 1000), 100'000));
        };
        result.note = input.phrases("note.coverage", fmt::arg("thin", share(area[Standing::thin])),
                                    fmt::arg("good", share(area[Standing::in_band])),
                                    fmt::arg("thick", share(area[Standing::thick])), fmt::arg("outside", outside));
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_density_in_band(const MeasureInput& input) {
    Measurement result;
    if (input.punctures.empty()) return result;
    std::vector<shared::ZoneStats> zones = zone_statistics(input);
    const DensityTargets targets = density_targets(input.rubric, input.device);
    auto in_band = [&](size_t zone) {
        return zones[zone].density_per_cm2 >= targets.low && zones[zone].density_per_cm2 <= targets.high;
    };
    result.value = mean_over_area(input, [&](size_t zone) { return in_band(zone) ? 100'000 : 0; });

    EvidenceBuilder evidence(input);
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t) {
        if (!in_band(input.face.cells.zone[cell])) evidence.cell(cell);
    });
    Patch densest = densest_patch(input);
    result.note = input.phrases("note.densest", fmt::arg("count", densest.density_per_cm2()));
    if (densest.density_per_cm2() > targets.most) {
        result.critical = true;
        result.critical_reason = input.phrases("reason.overworked", fmt::arg("count", densest.density_per_cm2()),
                                               fmt::arg("limit", targets.most));
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
    auto treated = [&](size_t zone) { return input.tallies.zone_tallies()[zone].judged > 0; };
    std::optional<int64_t> cv_e4 = mean_over_area(input, [&](size_t zone) {
        return treated(zone) ? int64_t(zones[zone].density_cv_e4) : kUntreated_e4;
    });
    std::optional<int64_t> gini_e4 = mean_over_area(
        input, [&](size_t zone) { return treated(zone) ? int64_t(zones[zone].gini_e4) : kUntreated_e4; });
    if (!cv_e4) return result;
    result.value = ratio(*cv_e4, 10, 1);
    result.note = input.phrases("note.gini", fmt::arg("value", fmt::format("{}.{:04}", *gini_e4 / 10'000, *gini_e4 % 10'000))) + spacing_note(input);
    if (*gini_e4 > input.rubric.gini_critical_e4) {
        result.critical = true;
        result.critical_reason = input.phrases("reason.gini", fmt::arg("value", hundredths_text(*gini_e4 / 100)));
    }

    // Evidence: neighbourhoods below half or above twice their zone's mean density.
    EvidenceBuilder evidence(input);
    for_prescribed_cells(input, [&](uint32_t cell, uint32_t neighbourhood) {
        const shared::Neighbourhood& patch = input.tallies.map().neighbourhoods[neighbourhood];
        double expected = static_cast<double>(input.tallies.zone_tallies()[patch.zone].judged) *
                          patch.area_um2 /
                          static_cast<double>(std::max<uint64_t>(zone_area_um2(input, patch.zone), 1));
        double found = input.tallies.neighbourhoods()[neighbourhood].count;
        // Half and twice the mean weigh alike.
        double off = expected == 0 ? 0 : found < expected ? expected / std::max(found, 1e-3 * expected) : found / expected;
        if (off > 2 || expected == 0) evidence.cell(cell, static_cast<uint32_t>(std::min(off, 1000.0) * 1000) + 1);
    });
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
