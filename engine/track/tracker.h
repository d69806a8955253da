#pragma once

// Where every needle went in, how evenly, how deep and how hard: tallies per surface cell and statistics per
// zone from the puncture and contact logs. This is the CPU side; gpu_tracker.h runs the same functions
// (shaders/shared/tally.h, statistics.h) in compute shaders, and the two agree to the last bit because every
// sum is an integer and no sum depends on order.

#include "engine/face/face_asset.h"
#include "shaders/shared/evidence.h"
#include "shaders/shared/statistics.h"
#include "shaders/shared/tally.h"

#include <span>
#include <vector>

namespace track {

/// What the tallies are counted over, flattened for upload: per cell and per neighbourhood.
struct CellMap {
    std::vector<shared::Cell> cells;                    ///< zone, neighbourhood, area
    std::vector<shared::Neighbourhood> neighbourhoods;  ///< zone, area; sorted by zone
    std::vector<shared::ZoneSpan> zones;                ///< first neighbourhood, count, area
};
/// Cells nearer than this to no-go skin belong to no neighbourhood: clinical.md 2.4 (A), and every rubric's default.
inline constexpr uint32_t kNoGoRing_um = 2000;
/// A face's neighbourhoods keep their order within a zone. Of those that the ring cuts, what is left joins the one beside
/// it where it is smaller than the smallest whole one (8 mm²). No-go zones keep theirs whole.
CellMap make_cell_map(const face::FaceAsset& face, uint32_t ring_um = kNoGoRing_um);
/// From cells whose `neighbourhood` is shared::kNoNeighbourhood or any numbering (each within one zone, none in zone 0,
/// every number used): renumbers by zone, sums areas. CHECKs the bounds of shaders/shared/tally.h.
CellMap make_cell_map(std::vector<shared::Cell> cells, uint32_t neighbourhoods, uint32_t zones);

class Tracker {
  public:
    explicit Tracker(const face::FaceAsset& face);
    explicit Tracker(CellMap map);

    /// Adds records in any order and in any number of pieces; the result depends only on the set. Many punctures
    /// at once are added on all cores. Punctures
    /// without a cell count to zone 0 alone; contact without a cell likewise, and contact that does not touch
    /// is no contact. CHECKs that cells are the face's and that punctures stay below shared::kMaxPunctures in
    /// all.
    void add(std::span<const shared::Puncture> punctures);
    void add(std::span<const shared::ContactRecord> contacts);
    void clear();

    std::span<const shared::CellTally> cells() const { return cells_; }
    std::span<const shared::NeighbourhoodTally> neighbourhoods() const { return neighbourhoods_; }
    std::span<const shared::ZoneTally> zone_tallies() const { return zones_; }

    /// Statistics of every zone, index as FaceAsset::zones. `floor_per_cm2`: density below which a
    /// neighbourhood counts as uncovered, besides half the zone's mean (clinical.md 9 row 10).
    std::vector<shared::ZoneStats> statistics(uint32_t floor_per_cm2) const;

    const CellMap& map() const { return map_; }

  private:
    void add_few(std::span<const shared::Puncture> punctures);
    void add_many(std::span<const shared::Puncture> punctures);

    CellMap map_;
    std::vector<shared::CellTally> cells_;
    std::vector<shared::NeighbourhoodTally> neighbourhoods_;
    std::vector<shared::ZoneTally> zones_;
    uint64_t punctures_ = 0;
};

}  // namespace track
