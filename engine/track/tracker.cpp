#include "engine/track/tracker.h"

#include "engine/base/result.h"
#include "engine/skin/simulation.h"

#include <algorithm>

namespace track {

static_assert(skin::kStepsPerSecond == shared::kContactStepsPerSecond);
static_assert(face::kNoCell == shared::kNoCell);

using shared::uint;

namespace {

// Zone of every neighbourhood, as its cells say.
std::vector<uint> zones_of_neighbourhoods(const std::vector<shared::Cell>& cells, uint32_t neighbourhoods,
                                          uint32_t zones) {
    std::vector<uint> zone(neighbourhoods, 0);
    for (const shared::Cell& cell : cells) {
        CHECK(cell.neighbourhood < neighbourhoods && cell.zone > 0 && cell.zone < zones, cell.neighbourhood,
              cell.zone);
        uint& known = zone[cell.neighbourhood];
        CHECK(known == 0 || known == cell.zone, cell.neighbourhood, known, cell.zone);
        known = cell.zone;
    }
    return zone;
}

// New index of every neighbourhood when they are sorted by zone, keeping their order within one.
std::vector<uint> sorted_by_zone(const std::vector<uint>& zone, uint32_t zones) {
    std::vector<uint> next(zones + 1, 0);
    for (const uint z : zone) ++next[z + 1];
    for (uint32_t z = 0; z < zones; ++z) next[z + 1] += next[z];
    std::vector<uint> index(zone.size());
    for (size_t n = 0; n < zone.size(); ++n) index[n] = next[zone[n]]++;
    return index;
}

void check_bounds(const CellMap& map) {
    for (const shared::Neighbourhood& n : map.neighbourhoods)
        CHECK(n.area_um2 > 0 && n.area_um2 <= shared::kMaxNeighbourhoodArea_um2, n.zone, n.area_um2);
    for (const shared::ZoneSpan& zone : map.zones)
        CHECK(shared::sum_value(zone.area_um2) <= shared::kMaxZoneArea_mm2 * 1'000'000ull, zone.first,
              zone.count);
}

void add_to(shared::Sum64& sum, uint value) {
    sum = shared::to_sum64(shared::sum_value(sum) + value);
}

void add_to(shared::CellTally& tally, const shared::PunctureTerms& p) {
    ++tally.count;
    add_to(tally.depth_sum, p.depth_um);
    tally.depth_max_um = std::max(tally.depth_max_um, p.depth_um);
    add_to(tally.force_sum, p.force_mn);
    tally.force_peak_mn = std::max(tally.force_peak_mn, p.force_mn);
    if (p.direction < shared::kDirectionBins) ++tally.direction[p.direction];
}

void add_to(shared::NeighbourhoodTally& tally, const shared::PunctureTerms& p) {
    ++tally.count;
    add_to(tally.depth_sum, p.depth_um);
    add_to(tally.force_sum, p.force_mn);
    if (p.direction < shared::kDirectionBins) ++tally.direction[p.direction];
}

void add_to(shared::ZoneTally& tally, const shared::PunctureTerms& p) {
    ++tally.count;
    add_to(tally.depth_sum, p.depth_um);
    add_to(tally.depth_sum_of_squares, p.depth_squared);
    add_to(tally.force_sum, p.force_mn);
    add_to(tally.tilt_sum, p.tilt_cdeg);
    tally.depth_max_um = std::max(tally.depth_max_um, p.depth_um);
    tally.force_peak_mn = std::max(tally.force_peak_mn, p.force_mn);
    if (p.direction < shared::kDirectionBins) ++tally.direction[p.direction];
}

// Sum of inequality_term over all pairs of a zone's neighbourhoods, in n log n: with densities rising,
// neighbourhood j is the denser of every pair with an earlier one, so its row is c_j (areas before) - a_j
// (counts before). Integers, so the same number as the GPU's sum over all pairs.
uint64_t inequality_of(std::span<const shared::Neighbourhood> places,
                       std::span<const shared::NeighbourhoodTally> tallies) {
    struct Patch {
        uint count, area;
    };
    std::vector<Patch> patches(places.size());
    for (size_t k = 0; k < places.size(); ++k) patches[k] = {tallies[k].count, places[k].area_um2};
    // Neighbourhoods of equal density come in any order: they add nothing to each other.
    std::sort(patches.begin(), patches.end(), [](const Patch& a, const Patch& b) {
        return uint64_t{a.count} * b.area < uint64_t{b.count} * a.area;
    });
    uint64_t sum = 0, area_before = 0, count_before = 0;
    for (const Patch& patch : patches) {
        sum += patch.count * area_before - patch.area * count_before;
        area_before += patch.area;
        count_before += patch.count;
    }
    return sum;
}

}  // namespace

CellMap make_cell_map(std::vector<shared::Cell> cells, uint32_t neighbourhoods, uint32_t zones) {
    const std::vector<uint> zone = zones_of_neighbourhoods(cells, neighbourhoods, zones);
    const std::vector<uint> index = sorted_by_zone(zone, zones);

    CellMap map;
    map.neighbourhoods.resize(neighbourhoods);
    for (uint32_t n = 0; n < neighbourhoods; ++n) map.neighbourhoods[index[n]].zone = zone[n];
    for (shared::Cell& cell : cells) {
        cell.neighbourhood = index[cell.neighbourhood];
        uint& area = map.neighbourhoods[cell.neighbourhood].area_um2;
        area = shared::saturate_to_uint(uint64_t{area} + cell.area_um2);
    }
    map.cells = std::move(cells);

    map.zones.resize(zones);
    for (uint32_t n = 0; n < neighbourhoods; ++n) {
        shared::ZoneSpan& span = map.zones[map.neighbourhoods[n].zone];
        if (span.count++ == 0) span.first = n;
        add_to(span.area_um2, map.neighbourhoods[n].area_um2);
    }
    check_bounds(map);
    return map;
}

CellMap make_cell_map(const face::FaceAsset& face) {
    const face::SurfaceCells& source = face.cells;
    std::vector<shared::Cell> cells(source.size());
    for (size_t c = 0; c < cells.size(); ++c)
        cells[c] = {source.zone[c], source.neighbourhood[c], source.area_um2[c]};
    return make_cell_map(std::move(cells), static_cast<uint32_t>(source.neighbourhood_count()),
                         static_cast<uint32_t>(face.zones.size()));
}

Tracker::Tracker(const face::FaceAsset& face) : Tracker(make_cell_map(face)) {}

Tracker::Tracker(CellMap map) : map_(std::move(map)) {
    CHECK(!map_.zones.empty());
    clear();
}

void Tracker::clear() {
    cells_.assign(map_.cells.size(), {});
    neighbourhoods_.assign(map_.neighbourhoods.size(), {});
    zones_.assign(map_.zones.size(), {});
    punctures_ = 0;
}

void Tracker::add(std::span<const shared::Puncture> punctures) {
    CHECK(punctures_ + punctures.size() <= shared::kMaxPunctures, punctures_, punctures.size());
    punctures_ += punctures.size();
    for (const shared::Puncture& puncture : punctures) {
        const shared::PunctureTerms terms = shared::puncture_terms(puncture);
        uint zone = 0;
        if (shared::has_cell(puncture.cell)) {
            CHECK(puncture.cell < cells_.size(), puncture.cell, cells_.size());
            const shared::Cell& cell = map_.cells[puncture.cell];
            zone = cell.zone;
            add_to(cells_[puncture.cell], terms);
            add_to(neighbourhoods_[cell.neighbourhood], terms);
        }
        add_to(zones_[zone], terms);
    }
}

void Tracker::add(std::span<const shared::ContactRecord> contacts) {
    for (const shared::ContactRecord& record : contacts) {
        uint zone = 0;
        CHECK(record.cell < cells_.size() || !shared::has_cell(record.cell), record.cell, cells_.size());
        if (!shared::contact_touches(record)) continue;
        if (shared::has_cell(record.cell)) {
            zone = map_.cells[record.cell].zone;
            shared::CellTally& cell = cells_[record.cell];
            ++cell.contact_steps;
            cell.force_peak_mn = std::max(cell.force_peak_mn, record.force_mn);
        }
        ++zones_[zone].contact_steps;
        zones_[zone].force_peak_mn = std::max(zones_[zone].force_peak_mn, record.force_mn);
    }
}

std::vector<shared::ZoneStats> Tracker::statistics(uint32_t floor_per_cm2) const {
    std::vector<shared::ZoneStats> statistics;
    statistics.reserve(zones_.size());
    for (size_t z = 0; z < zones_.size(); ++z) {
        const shared::ZoneSpan& zone = map_.zones[z];
        const auto places = std::span(map_.neighbourhoods).subspan(zone.first, zone.count);
        const auto tallies = std::span(neighbourhoods_).subspan(zone.first, zone.count);
        const uint64_t area = shared::sum_value(zone.area_um2);
        const uint count = zones_[z].count;
        uint64_t covered = 0, evenness = 0;
        for (size_t k = 0; k < places.size(); ++k) {
            const uint a = places[k].area_um2, c = tallies[k].count;
            if (shared::is_covered(c, a, count, area, floor_per_cm2)) covered += a;
            evenness += shared::evenness_term_q36(c, a, count, area);
        }
        statistics.push_back(
            shared::zone_statistics(zones_[z], zone, covered, evenness, inequality_of(places, tallies)));
    }
    return statistics;
}

}  // namespace track
