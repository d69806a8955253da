#pragma once

// How punctures lie to each other on the skin: distance to the nearest one, and the largest disc of skin that
// has none. Distances run between places at rest, in whole micrometres, as the chord corrected for the skin's
// curvature (exact to the fourth order on spheres and cylinders); skin that faces the other way, as across a
// fold of the lips, is not near. Every result is a sum, a least or a greatest of integers: neither the order
// of the punctures nor threads change a bit.

#include "engine/face/face_asset.h"
#include "engine/face/skin_ground.h"
#include "engine/track/site_patch.h"
#include "shaders/shared/evidence.h"
#include "shaders/shared/tally.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace track {

/// Punctures without a cell are left out. 5 ns each.
std::vector<Site> sites_of(const face::FaceAsset& face, std::span<const shared::Puncture> punctures);

/// No two punctures are farther apart than this: a site without another within it has no nearest one.
inline constexpr uint64_t kFarthest_um = 500'000;

/// Distances of the punctures of one zone, or several, to the nearest other puncture. Those near the border
/// of the judged skin (on its outermost two cells, 1.5 to 2.5 mm) are neighbours but are not judged
/// themselves: their nearest one may lie where nobody looks (guard zone; without it the mean is too great:
/// spatstat clarkevans, clinical.md 8, F1).
struct Spacing {
    uint64_t sites = 0;             ///< judged ones
    uint64_t area_um2 = 0;          ///< of the judged cells inside the guard zone
    uint64_t distance_q16 = 0;      ///< sum of distances, µm 2^-16
    uint64_t distance_squared = 0;  ///< sum of squares, µm²

    void add(const Spacing& other);
    uint32_t mean_um() const;
    /// Clark & Evans (1954): mean over the 0.5 / sqrt(density) of chance. 1 = chance, square grid 2,
    /// hexagonal 2.149, all in clumps 0. 0 without sites.
    uint32_t clark_evans_e4() const;
    /// Deviation over mean: chance 0.523, a grid 0.
    uint32_t cv_e4() const;
};
// Of the most punctures that tallies count, none sum leaves 64 bits.
static_assert(uint64_t{shared::kMaxPunctures} <= ~uint64_t{0} / (kFarthest_um << 16));
static_assert(uint64_t{shared::kMaxPunctures} <= ~uint64_t{0} / (kFarthest_um * kFarthest_um));

/// The largest empty disc whose centre lies on judged skin.
struct Gap {
    uint32_t radius_um;
    uint32_t cell;      ///< that holds the centre
    glm::dvec3 centre;  ///< m, at rest; on the cell's tangent plane
};

class SiteMap {
  public:
    /// The ground is referred to. About 10 ns a site on one core.
    SiteMap(const face::SkinGround& ground, std::span<const Site> sites);

    /// Per zone (`zones` of them), judged where `judged[cell]` is not 0. About 40 ns a site on one core where
    /// the density is much the same everywhere; clumps cost more.
    std::vector<Spacing> spacing(std::span<const uint8_t> judged, uint32_t zones) const;

    /// The radius is that of the found centre exactly; no other disc is larger by more than a twentieth of
    /// the mean spacing, and hardly ever by more than a few µm. At the skin's open border the centre keeps
    /// inside the last seeds. None without a site or a judged cell, nor where judged skin faces away from every
    /// site: then nothing bounds the gap.
    std::optional<Gap> largest_gap(std::span<const uint8_t> judged) const;

  private:
    using Normal = face::SkinGround::Normal;
    using Place = face::SkinGround::Place;
    struct Found;
    struct Workplace;
    class GapSearch;

    void sort(std::span<const Site> sites);
    void find_occupied(std::span<const uint8_t> has_sites);
    std::span<const Site> of_cell(uint32_t cell) const;
    bool same_side(uint32_t a, uint32_t b) const;
    void start_patch(uint32_t tile, const SitePatch::Box& box, SitePatch& patch) const;
    template <typename Visit>
    void each_cell_near(const SitePatch::Box& box, int32_t margin, const Visit& visit) const;
    template <typename Mark>
    void fill_patch(const SitePatch::Box& box, SitePatch& patch, const Mark& mark) const;
    void look_in(uint32_t cell, Place place, uint32_t own, const Site* self, Found& found) const;
    void look_around(Place place, uint32_t own, const Site* self, Found& found) const;
    static uint64_t along_skin2(int64_t x, int64_t y, int64_t z, const Normal& own, const Normal& other);
    uint64_t separation2(Place from, uint32_t own, const Site& to) const;
    uint64_t separation2(const SitePatch& patch, uint32_t site, uint32_t other, int32_t chord2) const;
    void add_spacing(uint32_t tile, std::span<const uint8_t> inside, Workplace& work,
                     std::span<Spacing> zones) const;
    void find_distances(Workplace& work) const;
    uint64_t nearest2(SitePatch& patch, uint32_t site, uint32_t ring) const;
    uint64_t far_nearest2(SitePatch& patch, uint32_t site) const;
    std::vector<uint8_t> inside_guard(std::span<const uint8_t> judged) const;

    const face::SkinGround& ground_;
    std::vector<uint32_t> begin_;                       // per place, and one more, into sites_
    std::unique_ptr<Site[]> sites_;                     // by cell in that order, of a cell as they came
    size_t site_count_ = 0;
    std::vector<uint32_t> occupied_;  // cells that have sites
    mesh::VoxelGrid occupied_seeds_;
    double reach_ = 0;  // m, no site lies farther from its cell's seed
    uint64_t occupied_area_um2_ = 0;
};

}  // namespace track
