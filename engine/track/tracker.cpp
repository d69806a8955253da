#include "engine/track/tracker.h"

#include "engine/base/parallel.h"
#include "engine/base/result.h"
#include "engine/skin/simulation.h"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

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
        CHECK(cell.zone > 0 && cell.zone < zones, cell.zone);
        if (!shared::is_judged(cell)) continue;
        CHECK(cell.neighbourhood < neighbourhoods, cell.neighbourhood);
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
    CHECK(map.neighbourhoods.size() < bounds::kNeighbourhoods, map.neighbourhoods.size());
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

void add_to(shared::ZoneTally& tally, bool judged, const shared::PunctureTerms& p) {
    ++tally.count;
    tally.judged += judged;
    add_to(tally.depth_sum, p.depth_um);
    add_to(tally.depth_sum_of_squares, p.depth_squared);
    add_to(tally.force_sum, p.force_mn);
    add_to(tally.tilt_sum, p.tilt_cdeg);
    tally.depth_max_um = std::max(tally.depth_max_um, p.depth_um);
    tally.force_peak_mn = std::max(tally.force_peak_mn, p.force_mn);
    if (p.direction < shared::kDirectionBins) ++tally.direction[p.direction];
}

void add_directions(uint (&to)[6], const uint (&from)[6]) {
    for (uint k = 0; k < shared::kDirectionBins; ++k) to[k] += from[k];
}

/// All that one core adds up of a cell by itself, zones' sums with it: one line of the cache a puncture, fetched while
/// those before it are added. Sums are of bounds::kPunctures at most.
struct alignas(64) CellSums {
    uint64_t depth = 0, depth_squared = 0, force = 0, tilt = 0;
    uint32_t count = 0;
    uint16_t depth_max_um = 0, force_peak_mn = 0;
    uint32_t direction[shared::kDirectionBins] = {};

    void add(const shared::PunctureTerms& p) {
        depth += p.depth_um;
        depth_squared += p.depth_squared;
        force += p.force_mn;
        tilt += p.tilt_cdeg;
        ++count;
        depth_max_um = std::max(depth_max_um, static_cast<uint16_t>(p.depth_um));
        force_peak_mn = std::max(force_peak_mn, static_cast<uint16_t>(p.force_mn));
        if (p.direction < shared::kDirectionBins) ++direction[p.direction];
    }
    void add(const CellSums& other) {
        depth += other.depth;
        depth_squared += other.depth_squared;
        force += other.force;
        tilt += other.tilt;
        count += other.count;
        depth_max_um = std::max(depth_max_um, other.depth_max_um);
        force_peak_mn = std::max(force_peak_mn, other.force_peak_mn);
        add_directions(direction, other.direction);
    }
};
static_assert(sizeof(CellSums) == 64);

// What cells, neighbourhoods and zones have of the sums alike; of cells and zones the rest.
template <typename Tally>
void add_common(Tally& tally, const CellSums& sums) {
    tally.count += sums.count;
    tally.depth_sum = shared::to_sum64(shared::sum_value(tally.depth_sum) + sums.depth);
    tally.force_sum = shared::to_sum64(shared::sum_value(tally.force_sum) + sums.force);
    add_directions(tally.direction, sums.direction);
}
template <typename Tally>
void add_peaks(Tally& tally, const CellSums& sums) {
    tally.depth_max_um = std::max(tally.depth_max_um, uint{sums.depth_max_um});
    tally.force_peak_mn = std::max(tally.force_peak_mn, uint{sums.force_peak_mn});
}
void add_to(shared::ZoneTally& tally, bool judged, const CellSums& sums) {
    add_common(tally, sums);
    add_peaks(tally, sums);
    if (judged) tally.judged += sums.count;
    tally.depth_sum_of_squares =
        shared::to_sum64(shared::sum_value(tally.depth_sum_of_squares) + sums.depth_squared);
    tally.tilt_sum = shared::to_sum64(shared::sum_value(tally.tilt_sum) + sums.tilt);
}

// Per cell; after the cells, of punctures without one.
std::vector<CellSums> sums_of(size_t cells, std::span<const shared::Puncture> punctures) {
    constexpr size_t kAhead = 12;
    std::vector<CellSums> sums(cells + 1);
    const auto place = [&](const shared::Puncture& p) {
        return shared::has_cell(p.cell) ? std::min<size_t>(p.cell, cells) : cells;
    };
    for (size_t i = 0; i < punctures.size(); ++i) {
        if (i + kAhead < punctures.size()) __builtin_prefetch(&sums[place(punctures[i + kAhead])], 1);
        const shared::Puncture& p = punctures[i];
        CHECK(p.cell < cells || !shared::has_cell(p.cell), p.cell, cells);
        sums[place(p)].add(shared::puncture_terms(p));
    }
    return sums;
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
        if (!shared::is_judged(cell)) continue;
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

// What the ring leaves of a neighbourhood, where that is too little to tell a density by, joins the one of
// its zone that it shares most borders with; the smallest first, of equals the lowest.
static void join_remains(const face::SurfaceCells& source, std::vector<shared::Cell>& cells) {
    constexpr uint64_t kLeast_um2 = 8'000'000;  // face::divide_into_cells leaves none smaller either
    const size_t count = source.neighbourhood_count();
    std::vector<uint64_t> area(count, 0);
    std::vector<std::map<uint, uint>> borders(count);
    for (uint32_t c = 0; c < cells.size(); ++c) {
        if (!shared::is_judged(cells[c])) continue;
        area[cells[c].neighbourhood] += cells[c].area_um2;
        for (uint32_t k = source.neighbour_begin[c]; k < source.neighbour_begin[c + 1]; ++k) {
            const shared::Cell& other = cells[source.neighbours[k]];
            if (shared::is_judged(other) && other.zone == cells[c].zone &&
                other.neighbourhood != cells[c].neighbourhood)
                ++borders[cells[c].neighbourhood][other.neighbourhood];
        }
    }
    std::vector<uint> host(count);
    for (uint n = 0; n < count; ++n) host[n] = n;
    while (true) {
        uint least = shared::kNoNeighbourhood;
        for (uint n = 0; n < count; ++n)
            if (area[n] > 0 && area[n] < kLeast_um2 && !borders[n].empty() &&
                (least == shared::kNoNeighbourhood || area[n] < area[least]))
                least = n;
        if (least == shared::kNoNeighbourhood) break;
        const uint into =
            std::max_element(borders[least].begin(), borders[least].end(), [](auto& a, auto& b) {
                return a.second < b.second;
            })->first;
        for (uint& h : host)
            if (h == least) h = into;
        area[into] += std::exchange(area[least], 0);
        for (const auto& [other, length] : borders[least]) {
            borders[other].erase(least);
            if (other == into) continue;
            borders[other][into] += length;
            borders[into][other] += length;
        }
        borders[least].clear();
    }
    for (shared::Cell& cell : cells)
        if (shared::is_judged(cell)) cell.neighbourhood = host[cell.neighbourhood];
}

// Numbers without gaps, in the same order.
static uint32_t close_gaps(std::vector<shared::Cell>& cells, size_t count) {
    std::vector<uint> number(count, 0);
    for (const shared::Cell& cell : cells)
        if (shared::is_judged(cell)) number[cell.neighbourhood] = 1;
    uint used = 0;
    for (uint& n : number) n = n ? used++ : 0;
    for (shared::Cell& cell : cells)
        if (shared::is_judged(cell)) cell.neighbourhood = number[cell.neighbourhood];
    return used;
}

CellMap make_cell_map(const face::FaceAsset& face, uint32_t ring_um) {
    const face::SurfaceCells& source = face.cells;
    std::vector<shared::Cell> cells(source.size());
    for (size_t c = 0; c < cells.size(); ++c) {
        const bool in_ring = !face.zones[source.zone[c]].no_go && source.no_go_distance_um[c] < ring_um;
        cells[c] = {source.zone[c], in_ring ? shared::kNoNeighbourhood : source.neighbourhood[c],
                    source.area_um2[c]};
    }
    join_remains(source, cells);
    const uint32_t count = close_gaps(cells, source.neighbourhood_count());
    return make_cell_map(std::move(cells), count, static_cast<uint32_t>(face.zones.size()));
}

Tracker::Tracker(const face::FaceAsset& face, uint32_t ring_um) : Tracker(make_cell_map(face, ring_um)) {}

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
    if (punctures.size() < 8 * std::max<size_t>(cells_.size(), 8192))
        add_few(punctures);
    else
        add_many(punctures);
}

void Tracker::add_few(std::span<const shared::Puncture> punctures) {
    for (const shared::Puncture& puncture : punctures) {
        const shared::PunctureTerms terms = shared::puncture_terms(puncture);
        if (!shared::has_cell(puncture.cell)) {
            add_to(zones_[0], false, terms);
            continue;
        }
        CHECK(puncture.cell < cells_.size(), puncture.cell, cells_.size());
        const shared::Cell& cell = map_.cells[puncture.cell];
        add_to(cells_[puncture.cell], terms);
        if (shared::is_judged(cell)) add_to(neighbourhoods_[cell.neighbourhood], terms);
        add_to(zones_[cell.zone], shared::is_judged(cell), terms);
    }
}

// Each core keeps its own cells; neighbourhoods and zones follow from them. Sums of integers: whoever is first.
void Tracker::add_many(std::span<const shared::Puncture> punctures) {
    const size_t cores = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 8);
    const size_t grain = (punctures.size() + cores - 1) / cores;
    std::vector<std::vector<CellSums>> shares((punctures.size() + grain - 1) / grain);
    base::parallel_ranges(punctures.size(), grain, [&](size_t first, size_t last) {
        shares[first / grain] = sums_of(cells_.size(), punctures.subspan(first, last - first));
    });
    std::vector<CellSums>& sums = shares[0];
    base::parallel_ranges(sums.size(), 2048, [&](size_t first, size_t last) {
        for (size_t k = 1; k < shares.size(); ++k)
            for (size_t c = first; c < last; ++c)
                if (shares[k][c].count > 0) sums[c].add(shares[k][c]);
        for (size_t c = first; c < std::min(last, cells_.size()); ++c) {
            add_common(cells_[c], sums[c]);
            add_peaks(cells_[c], sums[c]);
        }
    });
    for (size_t c = 0; c < cells_.size(); ++c) {
        if (sums[c].count == 0) continue;
        const shared::Cell& cell = map_.cells[c];
        if (shared::is_judged(cell)) add_common(neighbourhoods_[cell.neighbourhood], sums[c]);
        add_to(zones_[cell.zone], shared::is_judged(cell), sums[c]);
    }
    add_to(zones_[0], false, sums.back());
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
        const uint count = zones_[z].judged;
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

TallyHistory::TallyHistory(const Tracker& tracker)
    : cells_(tracker.cells_.size()),
      neighbourhoods_(tracker.neighbourhoods_.size()),
      zones_(tracker.zones_.size()),
      punctures_(1) {}

void TallyHistory::keep(uint32_t time_us, const Tracker& tracker) {
    cells_.keep(time_us, tracker.cells_);
    neighbourhoods_.keep(time_us, tracker.neighbourhoods_);
    zones_.keep(time_us, tracker.zones_);
    punctures_.keep(time_us, {&tracker.punctures_, 1});
}

void TallyHistory::restore(uint32_t time_us, Tracker& tracker) const {
    cells_.restore(time_us, tracker.cells_);
    neighbourhoods_.restore(time_us, tracker.neighbourhoods_);
    zones_.restore(time_us, tracker.zones_);
    punctures_.restore(time_us, {&tracker.punctures_, 1});
}

size_t TallyHistory::bytes() const {
    return cells_.bytes() + neighbourhoods_.bytes() + zones_.bytes() + punctures_.bytes();
}

}  // namespace track
