#pragma once

// Where every needle went in, how evenly, how deep and how hard: tallies per surface cell and statistics per
// zone from the puncture and contact logs. This is the CPU side; gpu_tracker.h runs the same functions
// (shaders/shared/tally.h, statistics.h) in compute shaders, and the two agree to the last bit because every
// sum is an integer and no sum depends on order.

#include "engine/base/history.h"
#include "engine/face/face_asset.h"
#include "shaders/shared/evidence.h"
#include "shaders/shared/statistics.h"
#include "shaders/shared/tally.h"

#include <span>
#include <vector>

namespace track {

// No accumulator can leave its word, whatever a log holds. The greatest depth, tilt and force are what 16
// bits hold; records carry their time in 32 bits of µs, so that a session has no more than 71.6 minutes of
// contact steps; punctures are refused beyond kMaxPunctures, maps beyond the greatest areas. What follows
// from these products stands at each formula in shaders/shared/statistics.h.
namespace bounds {
inline constexpr uint64_t kWord = 0xffffffff, kLong = ~uint64_t{0}, kField = 65535;
inline constexpr uint64_t kPunctures = shared::kMaxPunctures;
inline constexpr uint64_t kZone_um2 = shared::kMaxZoneArea_mm2 * 1'000'000ull;
static_assert(10'000'000 <= kPunctures && kPunctures <= kWord);  // counts, direction bins
static_assert(kPunctures <= kLong / (kField * kField));          // sums of squares, so all other sums
static_assert(kWord / 1'000'000 * shared::kContactStepsPerSecond <= kWord);  // contact steps
static_assert(kPunctures <= kLong / kZone_um2);  // N A: inequality, coverage, density
static_assert(kPunctures * shared::kMaxNeighbourhoodArea_um2 <=
              1ull << 53);                                          // N a: nine bits a turn of long division
static_assert(kWord <= kLong / shared::kMaxNeighbourhoodArea_um2);  // floor a
static_assert(shared::kBulkRun <= 255 &&
              64 * shared::kBulkRun * kField <= kWord);  // bytes and words of tally_bulk.comp
inline constexpr uint32_t kNeighbourhoods = 1u << 28;    // K in 2^-36
}  // namespace bounds

/// What the tallies are counted over, flattened for upload: per cell and per neighbourhood.
struct CellMap {
    std::vector<shared::Cell> cells;                    ///< zone, neighbourhood, area
    std::vector<shared::Neighbourhood> neighbourhoods;  ///< zone, area; sorted by zone
    std::vector<shared::ZoneSpan> zones;                ///< first neighbourhood, count, area
};
/// A face's neighbourhoods keep their order within a zone. Cells nearer than `ring_um` to no-go skin belong to none: how
/// far needles should keep off is the rubric's to say (GeneralFigures::no_go_margin_um), and without one there is no ring.
/// Of neighbourhoods that the ring cuts, what is left joins the one beside it where it is smaller than the smallest whole
/// one (8 mm²). No-go zones keep theirs whole.
CellMap make_cell_map(const face::FaceAsset& face, uint32_t ring_um = 0);
/// From cells whose `neighbourhood` is shared::kNoNeighbourhood or any numbering (each within one zone, none
/// in zone 0, every number used): renumbers by zone, sums areas. CHECKs the bounds of shaders/shared/tally.h.
CellMap make_cell_map(std::vector<shared::Cell> cells, uint32_t neighbourhoods, uint32_t zones);

class Tracker {
  public:
    explicit Tracker(const face::FaceAsset& face, uint32_t ring_um = 0);
    explicit Tracker(CellMap map);

    /// Adds records in any order and in any number of pieces; the result depends only on the set. Many
    /// punctures at once are added on all cores. Punctures without a cell count to zone 0 alone; contact
    /// without a cell likewise, and contact that does not touch is no contact. CHECKs that cells are the
    /// face's and that punctures stay below shared::kMaxPunctures in all.
    void add(std::span<const shared::Puncture> punctures);
    void add(std::span<const shared::ContactRecord> contacts);
    void clear();

    std::span<const shared::CellTally> cells() const { return cells_; }
    std::span<const shared::NeighbourhoodTally> neighbourhoods() const { return neighbourhoods_; }
    std::span<const shared::ZoneTally> zone_tallies() const { return zones_; }

    /// Statistics of every zone, index as FaceAsset::zones. `floor_per_cm2`: density below which a
    /// neighbourhood counts as uncovered, besides half the zone's mean (clinical.md 9 row 10).
    std::vector<shared::ZoneStats> statistics(uint32_t floor_per_cm2) const;

    uint64_t punctures() const { return punctures_; }  ///< in all
    const CellMap& map() const { return map_; }

  private:
    friend class TallyHistory;
    void add_few(std::span<const shared::Puncture> punctures);
    void add_many(std::span<const shared::Puncture> punctures);

    CellMap map_;
    std::vector<shared::CellTally> cells_;
    std::vector<shared::NeighbourhoodTally> neighbourhoods_;
    std::vector<shared::ZoneTally> zones_;
    uint64_t punctures_ = 0;
};

/// Tallies as they stood at several moments of a session, to come back to.
class TallyHistory {
  public:
    /// For trackers over the same map.
    explicit TallyHistory(const Tracker& tracker);
    /// Times must not fall from call to call.
    void keep(uint32_t time_us, const Tracker& tracker);
    /// The tallies of the last moment kept that is not later; none counted before the first.
    void restore(uint32_t time_us, Tracker& tracker) const;
    size_t bytes() const;

  private:
    base::History<shared::CellTally, 4> cells_;
    base::History<shared::NeighbourhoodTally, 4> neighbourhoods_;
    base::History<shared::ZoneTally, 1> zones_;
    base::History<uint64_t, 1> punctures_;
};

}  // namespace track
