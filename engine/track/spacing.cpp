#include "engine/track/spacing.h"

#include "engine/base/parallel.h"
#include "engine/base/result.h"
#include "engine/base/units.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <tuple>
#include <utility>

namespace track {

namespace {

constexpr size_t kGrain = 1u << 14;
constexpr size_t kBeyond = 3;  // sites after the last one, for who reads by fours
constexpr double kCellReach = 3e-3;  // m, face::SurfaceCells::find looks no farther
constexpr int32_t kOne = face::SkinGround::kUnit;
constexpr float kCompact = face::SkinGround::kCompact;
constexpr uint64_t kFarthest2 = kFarthest_um * kFarthest_um;
constexpr uint64_t kNowhere2 = ~uint64_t{0};

int32_t micrometres(double metres) {
    return static_cast<int32_t>(base::round_to_integer(1e6 * metres));
}

uint64_t square(int64_t v) {
    return static_cast<uint64_t>(v * v);
}

template <typename A, typename B>
uint64_t chord2(const A& a, const B& b) {
    return square(int64_t{a.x} - b.x) + square(int64_t{a.y} - b.y) + square(int64_t{a.z} - b.z);
}

}  // namespace

std::vector<Site> sites_of(const face::FaceAsset& face, std::span<const shared::Puncture> punctures) {
    std::vector<Site> sites(punctures.size());
    base::parallel_ranges(punctures.size(), kGrain, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) {
            const shared::Puncture& p = punctures[i];
            if (p.cell == shared::kNoCell) {
                sites[i].cell = shared::kNoCell;
                continue;
            }
            CHECK(p.triangle < face.mesh.triangle_count() && p.cell < face.cells.size(), p.triangle, p.cell);
            const double second = (p.weights & 0xffff) / 65535.0, third = (p.weights >> 16) / 65535.0;
            glm::dvec3 place =
                mesh::position_at(face.mesh, {p.triangle, {1 - second - third, second, third}});
            // A log that anyone may have written: what does not lie in its cell is taken for the cell's
            // middle.
            const glm::dvec3 off = place - face.cells.seed[p.cell];
            if (glm::dot(off, off) > kCellReach * kCellReach) place = face.cells.seed[p.cell];
            sites[i] = {micrometres(place.x), micrometres(place.y), micrometres(place.z), p.cell};
        }
    });
    std::erase_if(sites, [](const Site& s) { return s.cell == shared::kNoCell; });
    return sites;
}

// --- spacing ---

void Spacing::add(const Spacing& other) {
    sites += other.sites;
    area_um2 += other.area_um2;
    distance_q16 += other.distance_q16;
    distance_squared += other.distance_squared;
}

uint32_t Spacing::mean_um() const {
    return sites == 0 ? 0 : static_cast<uint32_t>((distance_q16 / sites + 0x8000) >> 16);
}

uint32_t Spacing::clark_evans_e4() const {
    if (sites == 0 || area_um2 == 0) return 0;
    const double n = static_cast<double>(sites), mean = static_cast<double>(distance_q16) / 65536 / n;
    return static_cast<uint32_t>(
        base::round_to_integer(2e4 * mean * std::sqrt(n / static_cast<double>(area_um2))));
}

uint32_t Spacing::cv_e4() const {
    if (distance_q16 == 0) return 0;
    const double n = static_cast<double>(sites), mean = static_cast<double>(distance_q16) / 65536 / n;
    const double variance = static_cast<double>(distance_squared) / n - mean * mean;
    return static_cast<uint32_t>(base::round_to_integer(1e4 * std::sqrt(std::max(0.0, variance)) / mean));
}

/// The nearest site so far.
struct SiteMap::Found {
    uint64_t chord2 = kFarthest2;
    const Site* site = nullptr;
    uint64_t enough2 = 0;  // nobody asks how much nearer than this

    bool enough() const { return site && chord2 <= enough2; }
};

SiteMap::SiteMap(const face::SkinGround& ground, std::span<const Site> sites) : ground_(ground) {
    sort(sites);
}

void SiteMap::find_occupied(std::span<const uint8_t> has_sites) {
    std::vector<glm::dvec3> places;
    for (uint32_t cell = 0; cell < ground_.cells.size(); ++cell) {
        if (!has_sites[cell]) continue;
        occupied_.push_back(cell);
        places.push_back(ground_.cells.seed[cell]);
        occupied_area_um2_ += ground_.cells.area_um2[cell];
    }
    occupied_seeds_ = mesh::VoxelGrid(places, 1.25e-3);
}

// First to their tiles, each piece of the sites by itself, then within each tile to their cells: the places that
// are written to in turn are few or near. Sites of a cell keep their order.
void SiteMap::sort(std::span<const Site> sites) {
    const size_t tiles = ground_.tiles.size(), grain = std::max(kGrain, sites.size() / 16 + 1);
    const size_t pieces = (sites.size() + grain - 1) / grain;
    const std::vector<uint32_t>& tile_of = ground_.tile_of;
    std::vector<uint32_t> next(pieces * tiles, 0), tile_end(tiles);
    std::vector<uint8_t> has_sites(ground_.cells.size(), 0);
    base::parallel_ranges(sites.size(), grain, [&](size_t first, size_t last) {
        uint32_t* count = &next[first / grain * tiles];
        for (size_t i = first; i < last; ++i) {
            ++count[tile_of[sites[i].cell]];
            std::atomic_ref known(has_sites[sites[i].cell]);  // written once: threads do not pull at one line
            if (!known.load(std::memory_order_relaxed)) known.store(1, std::memory_order_relaxed);
        }
    });
    uint32_t before = 0;
    for (size_t k = 0; k < tiles; ++k) {
        for (size_t piece = 0; piece < pieces; ++piece)
            before += std::exchange(next[piece * tiles + k], before);
        tile_end[k] = before;
    }
    site_count_ = sites.size();
    sites_ = std::make_unique_for_overwrite<Site[]>(site_count_ + kBeyond);
    std::fill_n(sites_.get() + site_count_, kBeyond, Site{});
    // One thread finds the occupied cells while the others move the sites.
    base::parallel_ranges(1 + pieces, 1, [&](size_t piece, size_t) {
        if (piece == 0) return find_occupied(has_sites);
        uint32_t* to = &next[(piece - 1) * tiles];
        for (const Site& s : sites.subspan((piece - 1) * grain).first(std::min(grain, sites.size() - (piece - 1) * grain)))
            sites_[to[tile_of[s.cell]]++] = s;
    });
    begin_.assign(ground_.order.size() + 1, static_cast<uint32_t>(site_count_));
    std::atomic<uint64_t> farthest2{0};
    base::parallel_ranges(tiles, 16, [&](size_t first_tile, size_t last_tile) {
        std::vector<Site> own;
        uint64_t own_farthest2 = 0;
        for (size_t k = first_tile; k < last_tile; ++k) {
            const uint32_t first = k == 0 ? 0 : tile_end[k - 1], last = tile_end[k];
            own.assign(sites_.get() + first, sites_.get() + last);
            const uint32_t tile = ground_.tiles[k], first_place = ground_.tile_begin[tile];
            const std::span places(begin_.data() + first_place, ground_.cells_of_tile(tile).size());
            std::fill(places.begin(), places.end(), 0);
            for (const Site& s : own) {
                ++places[ground_.rank[s.cell] - first_place];
                own_farthest2 = std::max(own_farthest2, chord2(s, ground_.seeds[s.cell]));
            }
            uint32_t end = first;
            for (uint32_t& p : places) p = end += p;
            for (size_t i = own.size(); i-- > 0;) sites_[--places[ground_.rank[own[i].cell] - first_place]] = own[i];
        }
        for (uint64_t known = farthest2; known < own_farthest2;)
            if (farthest2.compare_exchange_weak(known, own_farthest2)) break;
    });
    reach_ = 1e-6 * (std::sqrt(static_cast<double>(farthest2.load())) + 1);
}

// Along a circular arc between two places, chord v and normals m, n: arc² = v² + ((v·m)² + (v·n)²) / 6 +
// O(arc⁶ / R⁴); along a helix of a cylinder the same, since the part along the axis is across the normals.
uint64_t SiteMap::along_skin2(int64_t x, int64_t y, int64_t z, const Normal& own, const Normal& other) {
    const auto rise2 = [&](const Normal& n) { return square((x * n.x + y * n.y + z * n.z) / kOne); };
    return square(x) + square(y) + square(z) + (rise2(own) + rise2(other) + 3) / 6;
}

bool SiteMap::same_side(uint32_t a, uint32_t b) const {
    const Normal &m = ground_.normals[a], &n = ground_.normals[b];
    return a == b || m.x * n.x + m.y * n.y + m.z * n.z >= 0;
}

std::span<const Site> SiteMap::of_cell(uint32_t cell) const {
    return {sites_.get() + begin_[ground_.rank[cell]], sites_.get() + begin_[ground_.rank[cell] + 1]};
}

uint64_t SiteMap::separation2(Place from, uint32_t own, const Site& to) const {
    return along_skin2(int64_t{to.x} - from.x, int64_t{to.y} - from.y, int64_t{to.z} - from.z, ground_.normals[own],
                       ground_.normals[to.cell]);
}

void SiteMap::look_in(uint32_t cell, Place place, uint32_t own, const Site* self, Found& found) const {
    if (!same_side(own, cell)) return;
    for (const Site& site : of_cell(cell)) {
        const uint64_t d2 = chord2(place, site);
        if (d2 > found.chord2 || &site == self) continue;
        // Of equally near ones the one that is nearest along the skin.
        if (d2 == found.chord2 && found.site &&
            separation2(place, own, site) >= separation2(place, own, *found.site))
            continue;
        found.chord2 = d2;
        found.site = &site;
        if (found.enough()) return;
    }
}

// All cells that may hold a nearer one, whatever the distance.
void SiteMap::look_around(Place place, uint32_t own, const Site* self, Found& found) const {
    const glm::dvec3 at(1e-6 * place.x, 1e-6 * place.y, 1e-6 * place.z);
    const auto limit2 = [&] {
        const double limit = 1e-6 * std::sqrt(static_cast<double>(found.chord2)) + reach_;
        return limit * limit;
    };
    // First a little way, then as far as needed: a far limit walks many voxels.
    for (double way = 2e-3; way < 2; way *= 4) {
        const double whole2 = limit2(), part2 = way * way;
        double limit = std::min(whole2, part2);
        occupied_seeds_.near(at, limit, [&](uint32_t k, double) {
            if (found.enough()) return;
            const uint64_t before = found.chord2;
            look_in(occupied_[k], place, own, self, found);
            if (found.chord2 < before) limit = std::min(limit, limit2());
        });
        if (found.enough() || limit2() <= part2) return;
    }
}

// For places within the box. Of buckets that hold five quarters of a site each by chance, one site in fifty has none
// in those beside its own, and hardly one in the ring beyond.
void SiteMap::start_patch(uint32_t tile, const SitePatch::Box& box, SitePatch& patch) const {
    std::array<int64_t, 3> normal{};
    double area = 0;
    uint64_t sites = 0;
    for (const uint32_t cell : ground_.cells_of_tile(tile)) {
        normal[0] += ground_.normals[cell].x, normal[1] += ground_.normals[cell].y, normal[2] += ground_.normals[cell].z;
        if (of_cell(cell).empty()) continue;
        area += ground_.cells.area_um2[cell];
        sites += of_cell(cell).size();
    }
    const auto steeper = [](int64_t a, int64_t b) { return std::abs(a) < std::abs(b); };
    const auto axis = std::max_element(normal.begin(), normal.end(), steeper) - normal.begin();
    const double side = sites == 0 ? 1e9 : std::sqrt(1.25 * area / static_cast<double>(sites));
    patch.start(box, static_cast<int>(axis),
                static_cast<int32_t>(std::min<double>(side, SitePatch::kGreatestSide)));
}

// Visits all cells that may have sites within `margin` µm of the box.
template <typename Visit>
void SiteMap::each_cell_near(const SitePatch::Box& box, int32_t margin, const Visit& visit) const {
    margin += static_cast<int32_t>(std::ceil(1e6 * reach_));
    std::array<int32_t, 3> from, to;
    for (size_t a = 0; a < 3; ++a) {
        const auto tile_at = [&](int32_t at) {
            return std::clamp((at - ground_.tile_low[a]) / ground_.tile_um, 0, ground_.tile_count[a] - 1);
        };
        from[a] = tile_at(box.low[a] - margin), to[a] = tile_at(box.high[a] + margin);
    }
    const auto beside = [&](int32_t at, size_t a) {
        return at >= box.low[a] - margin && at <= box.high[a] + margin;
    };
    for (int32_t z = from[2]; z <= to[2]; ++z)
        for (int32_t y = from[1]; y <= to[1]; ++y)
            for (int32_t x = from[0]; x <= to[0]; ++x)
                for (const uint32_t cell : ground_.cells_of_tile(ground_.tile_at(x, y, z)))
                    if (const Place& s = ground_.seeds[cell]; beside(s.x, 0) && beside(s.y, 1) && beside(s.z, 2)) visit(cell);
}

// With all sites that the patch takes; mark(cell) is what it remembers of a cell's.
template <typename Mark>
void SiteMap::fill_patch(const SitePatch::Box& box, SitePatch& patch, const Mark& mark) const {
    each_cell_near(box, 2 * patch.side() + 2, [&](uint32_t cell) {
        patch.add(of_cell(cell), mark(cell));
    });
    patch.sort();
}

std::vector<uint8_t> SiteMap::inside_guard(std::span<const uint8_t> judged) const {
    std::vector<uint8_t> inside(judged.begin(), judged.end());
    for (int ring = 0; ring < 2; ++ring) {
        const std::vector<uint8_t> before = inside;
        base::parallel_ranges(inside.size(), 4096, [&](size_t first, size_t last) {
            for (size_t cell = first; cell < last; ++cell) {
                if (ring == 0 && ground_.open[cell]) inside[cell] = 0;
                for (uint32_t k = ground_.cells.neighbour_begin[cell]; k < ground_.cells.neighbour_begin[cell + 1]; ++k)
                    if (!before[ground_.cells.neighbours[k]]) inside[cell] = 0;
            }
        });
    }
    return inside;
}

// What a patch remembers of a site: its cell, and whether its own nearest one is asked for.
constexpr uint32_t kAsked = 1u << 31;

/// What a thread works with, tile after tile.
struct SiteMap::Workplace {
    /// Of a site, one that is as near as any, in space.
    struct Pair {
        uint32_t site, other;
        int32_t chord2;
    };
    struct Distance {
        uint32_t zone;
        uint64_t square;
    };
    SitePatch patch;
    std::vector<Pair> pairs;  // of each site, one after the other
    std::vector<Distance> distances;
};

// As separation2() finds it, of numbers so small that 32 bits hold all; kNowhere2 of sites that face away.
uint64_t SiteMap::separation2(const SitePatch& patch, uint32_t site, uint32_t other, int32_t chord2) const {
    const Normal &m = ground_.normals[patch.mark(site) & ~kAsked], &n = ground_.normals[patch.mark(other) & ~kAsked];
    if (m.x * n.x + m.y * n.y + m.z * n.z < 0) return kNowhere2;
    const SitePatch::Place from = patch.place(site), to = patch.place(other);
    const int32_t x = to.x - from.x, y = to.y - from.y, z = to.z - from.z;
    const auto rise2 = [&](const Normal& normal) {
        const int32_t rise = (x * normal.x + y * normal.y + z * normal.z) / kOne;
        return static_cast<uint32_t>(rise * rise);
    };
    return static_cast<uint32_t>(chord2) + (rise2(m) + rise2(n) + 3) / 6;
}

// To the nearest of those up to `ring` buckets away; kNowhere2 where a nearer one may lie beyond.
uint64_t SiteMap::nearest2(SitePatch& patch, uint32_t site, uint32_t ring) const {
    uint64_t best = kNowhere2;
    const bool twins = patch.nearest(site, ring, [&](uint32_t other, int32_t chord2) {
        best = std::min(best, separation2(patch, site, other, chord2));
    });
    if (twins) {
        bool twin = false;
        patch.in_place_of(site, [&](uint32_t other) {
            twin = twin || (other != site && same_side(patch.mark(site) & ~kAsked, patch.mark(other) & ~kAsked));
        });
        if (twin) return 0;
    }
    return best;
}

// However far, by cells in the end; beyond kFarthest2 if there is none.
uint64_t SiteMap::far_nearest2(SitePatch& patch, uint32_t site) const {
    for (uint32_t ring = 1; ring <= 2; ++ring)
        if (const uint64_t d2 = nearest2(patch, site, ring); d2 != kNowhere2) return d2;
    const uint32_t cell = patch.mark(site) & ~kAsked;
    const auto [x, y, z] = patch.place_in_space(site);
    const Place place{x, y, z};
    const std::span<const Site> own = of_cell(cell);
    const auto self = std::find_if(own.begin(), own.end(), [&](const Site& s) { return chord2(s, place) == 0; });
    Found found;
    look_around(place, cell, &*self, found);
    return found.site ? separation2(place, cell, *found.site) : kNowhere2;
}

// Pairs first, then how far they are along the skin: a processor has several sites at work at a time, where it would
// wait for the square root of each.
void SiteMap::find_distances(Workplace& work) const {
    SitePatch& patch = work.patch;
    auto& pairs = work.pairs;
    pairs.clear(), work.distances.clear();
    const auto add = [&](uint32_t site, uint64_t d2) {
        if (d2 <= kFarthest2) work.distances.push_back({ground_.cells.zone[patch.mark(site) & ~kAsked], d2});
    };
    patch.each_site([&](uint32_t site) {
        if (!(patch.mark(site) & kAsked)) return;
        const size_t before = pairs.size();
        const bool twins = patch.nearest(
            site, 1, [&](uint32_t other, int32_t chord2) { pairs.push_back({site, other, chord2}); });
        if (!twins && pairs.size() > before) return;
        pairs.resize(before);
        add(site, far_nearest2(patch, site));
    });
    for (size_t k = 0; k < pairs.size();) {
        const uint32_t site = pairs[k].site;
        uint64_t best = kNowhere2;
        for (; k < pairs.size() && pairs[k].site == site; ++k)
            best = std::min(best, separation2(patch, site, pairs[k].other, pairs[k].chord2));
        add(site, best == kNowhere2 ? far_nearest2(patch, site) : best);
    }
}

// Of one tile's sites.
void SiteMap::add_spacing(uint32_t tile, std::span<const uint8_t> inside, Workplace& work,
                          std::span<Spacing> zones) const {
    constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
    SitePatch::Box box{{kMost, kMost, kMost}, {-kMost, -kMost, -kMost}};
    for (const uint32_t cell : ground_.cells_of_tile(tile))
        if (inside[cell])
            for (const Site& s : of_cell(cell)) {
                box.low = {std::min(box.low[0], s.x), std::min(box.low[1], s.y), std::min(box.low[2], s.z)};
                box.high = {std::max(box.high[0], s.x), std::max(box.high[1], s.y), std::max(box.high[2], s.z)};
            }
    if (box.low[0] > box.high[0]) return;
    start_patch(tile, box, work.patch);
    const uint32_t first = ground_.tile_begin[tile], last = ground_.tile_begin[tile + 1];
    fill_patch(box, work.patch, [&](uint32_t cell) {
        return cell | (inside[cell] && ground_.rank[cell] >= first && ground_.rank[cell] < last ? kAsked : 0);
    });
    find_distances(work);
    for (const auto& [zone, d2] : work.distances) {
        Spacing& sum = zones[zone];
        ++sum.sites;
        const double distance = std::sqrt(static_cast<double>(static_cast<int64_t>(d2)));
        sum.distance_q16 += static_cast<uint64_t>(static_cast<int64_t>(65536 * distance + 0.5));
        sum.distance_squared += d2;
    }
}

std::vector<Spacing> SiteMap::spacing(std::span<const uint8_t> judged, uint32_t zones) const {
    CHECK(judged.size() == ground_.cells.size(), judged.size(), ground_.cells.size());
    const std::vector<uint8_t> inside = inside_guard(judged);
    std::vector<Spacing> result(zones);
    for (uint32_t cell = 0; cell < ground_.cells.size(); ++cell)
        if (inside[cell]) result[ground_.cells.zone[cell]].area_um2 += ground_.cells.area_um2[cell];
    if (site_count_ == 0) return result;

    std::mutex mutex;
    base::parallel_ranges(ground_.tiles.size(), 4, [&](size_t first, size_t last) {
        std::vector<Spacing> own(zones);
        Workplace work;
        for (size_t k = first; k < last; ++k) add_spacing(ground_.tiles[k], inside, work, own);
        const std::lock_guard lock(mutex);
        for (uint32_t z = 0; z < zones; ++z) result[z].add(own[z]);
    });
    return result;
}

// --- the largest gap ---

/// Branch and bound over the squares that a cell's tangent plane divides into: no place of a square is
/// farther from the sites than its middle and half its diagonal together. Cells far from any site come first,
/// so that most of the others fall at their first look.
class SiteMap::GapSearch {
  public:
    GapSearch(const SiteMap& map, std::span<const uint8_t> judged);

    struct Best {
        uint32_t radius_um = 0;
        uint32_t cell = face::kNoCell;
        int32_t u = 0, v = 0;  // µm along and across

        bool operator<(const Best& o) const {  // worse
            if (radius_um != o.radius_um) return radius_um < o.radius_um;
            return std::tie(o.cell, o.u, o.v) < std::tie(cell, u, v);
        }
    };
    /// The best of all places, to within a quarter of `leaf` (µm, a power of two >= 4).
    Best best(int32_t leaf) const;
    std::optional<Gap> gap(const Best& best) const;

  private:
    static constexpr int32_t kCellHalf = 1024;  // µm: a cell's farthest corner is 0.9 mm from its seed
    static constexpr int32_t kFirstHalf = 128;  // µm, of the squares that a cell is divided into at first

    /// What is asked of one cell again and again.
    struct Frame {
        Frame(const SiteMap& map, uint32_t cell);
        Place at(int32_t u, int32_t v) const;
        /// Whether no place within `slack` µm of (u, v) belongs to the cell.
        bool misses(int32_t u, int32_t v, double slack) const;

        uint32_t cell;
        glm::dvec3 seed, normal, along, across;  // µm
        struct Side {
            double u, v, limit, length;
        };
        std::vector<Side> sides;  // (u, v) · side <= limit inside
    };
    struct Square {
        int32_t u, v, half;
    };
    /// Cells that may hold a better place than what is known, with the greatest radius that a square had.
    struct Hopeful {
        uint32_t cell, radius_um;
    };
    bool falls_at_once(uint32_t cell, uint32_t radius_um) const;
    class Raster;
    void close_covered(uint32_t tile, uint32_t radius_um, int32_t leaf, std::span<uint8_t> open) const;
    std::vector<uint32_t> uncovered(std::span<const uint32_t> cells, uint32_t radius_um, int32_t leaf) const;
    std::vector<uint32_t> emptiest() const;
    std::vector<Square> squares_with_room(const Frame& frame, int32_t half, uint32_t radius_um) const;
    void search(uint32_t cell, int32_t leaf, std::atomic<uint32_t>& best, Best& own,
                uint32_t& greatest) const;
    Best run(std::span<const uint32_t> cells, int32_t leaf, Best known, std::vector<Hopeful>& hopeful) const;
    uint32_t radius(const Frame& frame, int32_t u, int32_t v) const;
    Best moved_up(Best best, int32_t step) const;

    const SiteMap& map_;
    std::vector<uint32_t> order_;      // judged cells, those farthest from sites first
    std::vector<const Site*> nearby_;  // per cell, a site that is about the nearest; may be null
};

SiteMap::GapSearch::GapSearch(const SiteMap& map, std::span<const uint8_t> judged)
    : map_(map), nearby_(judged.size(), nullptr) {
    const face::SurfaceCells& cells = map.ground_.cells;
    std::vector<uint32_t> queue = map.occupied_;
    std::vector<uint8_t> known(cells.size(), 0);
    // Any of the cell's: it decides what need not be looked at, not what is found.
    for (uint32_t cell : queue) {
        known[cell] = 1;
        nearby_[cell] = map.of_cell(cell).data();
    }
    for (size_t k = 0; k < queue.size() && queue.size() < cells.size(); ++k) {
        const uint32_t cell = queue[k];
        for (uint32_t n = cells.neighbour_begin[cell]; n < cells.neighbour_begin[cell + 1]; ++n) {
            const uint32_t next = cells.neighbours[n];
            if (known[next]) continue;
            known[next] = 1;
            nearby_[next] = nearby_[cell];
            queue.push_back(next);
        }
    }
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (!known[cell] && judged[cell]) order_.push_back(cell);
    for (auto cell = queue.rbegin(); cell != queue.rend(); ++cell)
        if (judged[*cell]) order_.push_back(*cell);
}

SiteMap::GapSearch::Frame::Frame(const SiteMap& map, uint32_t cell) : cell(cell) {
    const face::SurfaceCells& cells = map.ground_.cells;
    face::FaceAsset::tangent_frame(cells.normal[cell], along, across);
    seed = 1e6 * cells.seed[cell];
    normal = cells.normal[cell];
    // First, since most of what is asked about at the border lies beyond it.
    for (const int outward : face::outward_directions(map.ground_.open[cell])) {
        const glm::dvec3 to = face::tangents(cells.normal[cell])[static_cast<size_t>(outward)];
        sides.push_back({glm::dot(to, along), glm::dot(to, across), 0, 1});
    }
    for (uint32_t n = cells.neighbour_begin[cell]; n < cells.neighbour_begin[cell + 1]; ++n) {
        const glm::dvec3 to = 1e6 * cells.seed[cells.neighbours[n]] - seed;
        const double u = glm::dot(to, along), v = glm::dot(to, across), length2 = u * u + v * v;
        sides.push_back({u, v, length2 / 2, std::sqrt(length2)});
    }
}

SiteMap::Place SiteMap::GapSearch::Frame::at(int32_t u, int32_t v) const {
    const glm::dvec3 p = seed + static_cast<double>(u) * along + static_cast<double>(v) * across;
    const auto whole = [](double value) { return static_cast<int32_t>(base::round_to_integer(value)); };
    return {whole(p.x), whole(p.y), whole(p.z)};
}

bool SiteMap::GapSearch::Frame::misses(int32_t u, int32_t v, double slack) const {
    return std::any_of(sides.begin(), sides.end(),
                       [&](const Side& s) { return u * s.u + v * s.v > s.limit + slack * s.length; });
}

// Whole µm, rounded down.
uint32_t SiteMap::GapSearch::radius(const Frame& frame, int32_t u, int32_t v) const {
    Found found;
    const Place place = frame.at(u, v);
    map_.look_in(frame.cell, place, frame.cell, nullptr, found);
    map_.look_around(place, frame.cell, nullptr, found);
    return static_cast<uint32_t>(std::sqrt(static_cast<double>(found.chord2)));
}

// Squares of half side `half` about the cell that may hold the middle of a disc wider than the radius. Such a
// disc holds the square of side 4 b round its middle, b = radius / sqrt(8), and that one 3 x 3 whole bins of
// side b: where no 3 x 3 bins are empty there is no such disc. Sites that rise far above the plane are left
// out, those in it count a little less.
std::vector<SiteMap::GapSearch::Square> SiteMap::GapSearch::squares_with_room(const Frame& frame,
                                                                              int32_t half,
                                                                              uint32_t radius_um) const {
    const double flat = 0.25 * radius_um, radius = radius_um - 3.0;
    const double bin =
        radius > 0 ? std::floor(std::sqrt(std::max(0.0, radius * radius - flat * flat) / 8)) : 0;
    std::vector<Square> squares;
    const int32_t count = kCellHalf / half;
    if (32 * bin < kCellHalf + 2 * bin) {  // too small to have all of a cell on 64 x 64 of them
        for (int32_t j = 0; j < count; ++j)
            for (int32_t i = 0; i < count; ++i)
                squares.push_back({(2 * i + 1) * half - kCellHalf, (2 * j + 1) * half - kCellHalf, half});
        return squares;
    }
    std::array<uint64_t, 64> taken{};
    const glm::vec3 along(frame.along / bin), across(frame.across / bin), up(frame.normal);
    const auto highest = static_cast<float>(flat);
    const auto mark = [&](uint32_t cell) {
        if (!map_.same_side(frame.cell, cell)) return;
        const Place& seed = map_.ground_.seeds[frame.cell];
        for (const Site& s : map_.of_cell(cell)) {
            const glm::vec3 from(static_cast<float>(s.x - seed.x), static_cast<float>(s.y - seed.y),
                                 static_cast<float>(s.z - seed.z));
            const auto u = static_cast<int32_t>(glm::dot(from, along) + 32);
            const auto v = static_cast<int32_t>(glm::dot(from, across) + 32);
            if (std::fabs(glm::dot(from, up)) <= highest && (u | v) > 0 && (u | v) < 64)
                taken[static_cast<size_t>(v)] |= uint64_t{1} << static_cast<uint32_t>(u);
        }
    };
    mark(frame.cell);
    const face::SurfaceCells& cells = map_.ground_.cells;
    for (uint32_t n = cells.neighbour_begin[frame.cell]; n < cells.neighbour_begin[frame.cell + 1]; ++n)
        mark(cells.neighbours[n]);

    std::array<uint64_t, 64> beside{};
    for (size_t j = 0; j < 64; ++j) beside[j] = taken[j] | taken[j] << 1 | taken[j] >> 1;
    // The bins that a square touches, a bin more on each side for rounding to whole micrometres.
    const auto bin_at = [&](int32_t value) { return static_cast<int32_t>(std::floor(value / bin)) + 32; };
    for (int32_t j = 0; j < count; ++j) {
        const int32_t v = (2 * j + 1) * half - kCellHalf;
        uint64_t room = 0;
        for (int32_t row = std::max(1, bin_at(v - half - 2)); row <= std::min(62, bin_at(v + half + 2));
             ++row)
            room |= ~(beside[row - 1] | beside[row] | beside[row + 1]);
        if (room == 0) continue;
        for (int32_t i = 0; i < count; ++i) {
            const int32_t u = (2 * i + 1) * half - kCellHalf;
            const int32_t first = std::clamp(bin_at(u - half - 2), 0, 63),
                          last = std::clamp(bin_at(u + half + 2), 0, 63);
            const uint64_t touched = (~uint64_t{0} >> (63 - (last - first))) << first;
            if (room & touched) squares.push_back({u, v, half});
        }
    }
    return squares;
}

// By one site that is within the radius of all the cell.
bool SiteMap::GapSearch::falls_at_once(uint32_t cell, uint32_t radius_um) const {
    const Site* nearby = nearby_[cell];
    if (!nearby) return false;
    const double to = std::sqrt(static_cast<double>(chord2(map_.ground_.seeds[cell], *nearby)));
    return to + 1.41422 * kCellHalf + 2 < radius_um;
}

/// A tile's skin flattened onto a plane and divided into square bins, a bit each: those in which a disc of a given
/// radius may have its middle. Of a bin's places and another's sites, none in the plane is farther from any than the
/// bins' far corners are; how far places and sites rise above or below the plane, at most kFlat of the radius, adds to
/// that, square on. What rises more, or faces 45 degrees away, is left out: sites as if they were not there, cells untold of.
class SiteMap::GapSearch::Raster {
  public:
    Raster(const SiteMap& map, std::span<const uint32_t> cells, float radius_um);
    /// Calls visit(cell) for those of its cells of which no place has room.
    template <typename Visit>
    void each_covered(const Visit& visit) const {
        if (words_ == 0) return;
        for (const Flat& flat : flat_)
            if (covers(flat)) visit(flat.cell);
    }

  private:
    static constexpr float kFlat = 0.2f;
    static constexpr size_t kMost = 512;  // bins across
    struct OnPlane {
        float u, v, height;
    };
    struct Flat {
        uint32_t cell;
        float corner;  // no place of the cell is farther from its seed than this
        OnPlane seed;
    };

    OnPlane project(const Place& p) const {
        const glm::vec3 off(static_cast<float>(p.x - middle_.x), static_cast<float>(p.y - middle_.y),
                            static_cast<float>(p.z - middle_.z));
        return {glm::dot(off, along_), glm::dot(off, across_), glm::dot(off, normal_)};
    }
    bool faces(uint32_t cell) const {
        const Normal& n = map_.ground_.normals[cell];
        return glm::dot(glm::vec3(n.x, n.y, n.z), normal_) >= 0.7072f * kOne;
    }
    float rise(const Flat& flat) const;
    void take_sites(const SitePatch::Box& box);
    void widen();
    void find_rows_with_room(float from_u, float to_u);
    bool may_hold(const Flat& flat, float u, float v, std::optional<Frame>& frame) const;
    bool covers(const Flat& flat) const;
    size_t bin(float value, float low) const { return static_cast<size_t>((value - low) / bin_); }

    const SiteMap& map_;
    glm::vec3 along_, across_, normal_;
    Place middle_;
    float radius_, reach_ = 0, bin_ = 0;  // of a disc, the same in the plane, of a bin; µm
    float highest_ = 0;                   // that a site may lie above or below the plane
    float low_u_ = 0, low_v_ = 0;
    size_t words_ = 0, rows_ = 0;
    std::vector<Flat> flat_;
    std::vector<uint64_t> taken_;  // row by row, `words_` each
    std::vector<uint8_t> room_;    // per row, whether any cell may find room there
};

SiteMap::GapSearch::Raster::Raster(const SiteMap& map, std::span<const uint32_t> cells, float radius_um)
    : map_(map), radius_(radius_um) {
    glm::dvec3 normal(0), middle(0);
    for (const uint32_t cell : cells) normal += map.ground_.cells.normal[cell], middle += map.ground_.cells.seed[cell];
    middle *= 1e6 / static_cast<double>(cells.size());
    const double length = std::sqrt(glm::dot(normal, normal));
    if (length < 1e-3 || radius_ <= 0) return;
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal / length, along, across);
    normal_ = normal / length, along_ = along, across_ = across;
    middle_ = {static_cast<int32_t>(middle.x), static_cast<int32_t>(middle.y), static_cast<int32_t>(middle.z)};
    constexpr int32_t kGreat = std::numeric_limits<int32_t>::max();
    constexpr float kFar = 1e9f;
    SitePatch::Box box{{kGreat, kGreat, kGreat}, {-kGreat, -kGreat, -kGreat}};
    float high_u = -kFar, high_v = -kFar, highest = 0, corner = 0;
    low_u_ = kFar, low_v_ = kFar;
    for (const uint32_t cell : cells) {
        if (!faces(cell)) continue;
        const Place& place = map.ground_.seeds[cell];
        const Flat flat{cell, map.ground_.compact[cell] ? kCompact : 1.41422f * kCellHalf, project(place)};
        const float rises = rise(flat);
        if (rises > kFlat * radius_) continue;
        flat_.push_back(flat);
        highest = std::max(highest, rises), corner = std::max(corner, flat.corner);
        low_u_ = std::min(low_u_, flat.seed.u), low_v_ = std::min(low_v_, flat.seed.v);
        high_u = std::max(high_u, flat.seed.u), high_v = std::max(high_v, flat.seed.v);
        box.low = {std::min(box.low[0], place.x), std::min(box.low[1], place.y), std::min(box.low[2], place.z)};
        box.high = {std::max(box.high[0], place.x), std::max(box.high[1], place.y), std::max(box.high[2], place.z)};
    }
    if (flat_.empty()) return;
    highest_ = highest + 0.05f * radius_;
    reach_ = std::sqrt(radius_ * radius_ - (highest + highest_) * (highest + highest_));
    const float margin = corner + reach_ + 2, extent = std::max(high_u - low_u_, high_v - low_v_) + 2 * margin;
    bin_ = std::max(reach_ / 6, extent / (kMost - 2));
    if (bin_ > reach_ / 3) return;  // too coarse to tell anything
    low_u_ -= margin, low_v_ -= margin;
    words_ = bin(high_u + margin, low_u_) / 64 + 1;
    rows_ = bin(high_v + margin, low_v_) + 1;
    taken_.assign(rows_ * words_, 0);
    const auto around = static_cast<int32_t>(margin) + 4;
    for (size_t a = 0; a < 3; ++a) box.low[a] -= around, box.high[a] += around;
    take_sites(box);
    widen();
    find_rows_with_room(low_u_ + margin - corner - 1, high_u + corner + 1);
}

// Of all places of the cell, at most.
float SiteMap::GapSearch::Raster::rise(const Flat& flat) const {
    const glm::vec3 normal(map_.ground_.cells.normal[flat.cell]);
    const float cosine = glm::dot(normal, normal_), slope = std::sqrt(std::max(0.0f, 1 - cosine * cosine));
    return std::fabs(flat.seed.height) + slope * flat.corner + 1;
}

void SiteMap::GapSearch::Raster::take_sites(const SitePatch::Box& box) {
    const float per_bin = 1 / bin_;
    struct Row {  // of what turns places into bins: along · place + off, for four places at a time
        Four x, y, z, off;
        Four of(const FourSites& s) const { return s.x * x + s.y * y + s.z * z + off; }
    };
    const auto row = [&](glm::vec3 axis, float off) {
        return Row{spread(axis.x), spread(axis.y), spread(axis.z), spread(off)};
    };
    const Row to_u = row(per_bin * along_, -low_u_ * per_bin), to_v = row(per_bin * across_, -low_v_ * per_bin),
              to_height = row(normal_, 0);
    const Four columns = spread(static_cast<float>(64 * words_)), rows = spread(static_cast<float>(rows_));
    uint64_t* const taken = taken_.data();
    const auto words = static_cast<uint32_t>(words_);
    map_.each_cell_near(box, 0, [&](uint32_t cell) {
        if (!faces(cell)) return;
        const std::span<const Site> sites = map_.of_cell(cell);
        for (size_t i = 0; i < sites.size(); i += 4) {
            const FourSites four(&sites[i], middle_.x, middle_.y, middle_.z);
            const Four u = to_u.of(four), v = to_v.of(four), height = to_height.of(four);
            const FourWhole within = (u >= Four{}) & (u < columns) & (v >= Four{}) & (v < rows) &
                                     (height >= spread(-highest_)) & (height < spread(highest_));
            const FourWhole column = __builtin_convertvector(u, FourWhole), line = __builtin_convertvector(v, FourWhole);
            uint32_t lanes = lanes_of(within);
            if (sites.size() - i < 4) lanes &= (1u << (sites.size() - i)) - 1;
            for (uint32_t k = 0; k < 4; ++k)
                if (lanes >> k & 1)
                    taken[static_cast<uint32_t>(line[k]) * words + static_cast<uint32_t>(column[k]) / 64] |=
                        uint64_t{1} << static_cast<uint32_t>(column[k]) % 64;
        }
    });
}

// Takes with each bin those whose far corners lie within reach of its own. What runs over a row's end into the next
// one stays within reach of the border, where no cell lies.
void SiteMap::GapSearch::Raster::widen() {
    const float reach = reach_ / bin_ - 0.01f;  // in bins; a hair of them for rounding
    std::vector<size_t> width;                  // per row away
    for (size_t j = 0;; ++j) {
        const float left = reach * reach - static_cast<float>((j + 1) * (j + 1));
        if (left < 1) break;
        width.push_back(static_cast<size_t>(std::sqrt(left)) - 1);
    }
    const size_t count = taken_.size(), stride = count + 2;  // with a word before and after
    std::vector<uint64_t> widened((width[0] + 1) * stride, 0);  // by so many bins to both sides
    std::copy(taken_.begin(), taken_.end(), widened.begin() + 1);
    for (size_t w = 1; w <= width[0]; ++w) {
        const uint64_t* less = &widened[(w - 1) * stride + 1];
        uint64_t* more = &widened[w * stride + 1];
        for (size_t k = 0; k < count; ++k)
            more[k] = less[k] | less[k] << 1 | (less - 1)[k] >> 63 | less[k] >> 1 | less[k + 1] << 63;
    }
    for (size_t j = 0; j < std::min(width.size(), rows_); ++j) {
        const uint64_t* wide = &widened[width[j] * stride + 1];
        const size_t off = j * words_;
        for (size_t k = off; k < count; ++k) taken_[k] |= wide[k - off];
        for (size_t k = 0; k + off < count; ++k) taken_[k] |= wide[k + off];
    }
}

void SiteMap::GapSearch::Raster::find_rows_with_room(float from_u, float to_u) {
    const size_t from = bin(from_u, low_u_), to = bin(to_u, low_u_);
    room_.assign(rows_, 0);
    for (size_t row = 0; row < rows_; ++row)
        for (size_t word = from / 64; word <= to / 64; ++word) {
            uint64_t room = ~taken_[row * words_ + word];
            if (word == from / 64) room &= ~uint64_t{0} << from % 64;
            if (word == to / 64) room &= ~uint64_t{0} >> (63 - to % 64);
            if (room) room_[row] = 1;
        }
}

// Whether a bin with its middle this far from the cell's seed may be above or below some of the cell: of the cell's
// own plane, the place there is not much nearer to a neighbour than to the cell's seed.
bool SiteMap::GapSearch::Raster::may_hold(const Flat& flat, float u, float v, std::optional<Frame>& frame) const {
    const face::SurfaceCells& cells = map_.ground_.cells;
    const glm::vec3 normal(cells.normal[flat.cell]), aside = u * along_ + v * across_;
    const float area = glm::dot(normal, normal_);  // 0.7 or more
    const glm::vec3 place = aside - glm::dot(aside, normal) / area * normal_;
    const float slack = bin_ / area + 5, corner = flat.corner + slack;
    if (glm::dot(place, place) > corner * corner) return false;
    if (map_.ground_.open[flat.cell]) {  // the skin's border is one of its sides
        if (!frame) frame.emplace(map_, flat.cell);
        const auto along = [&](glm::dvec3 axis) { return static_cast<int32_t>(glm::dot(glm::dvec3(place), axis)); };
        return !frame->misses(along(frame->along), along(frame->across), slack);
    }
    const Place& seed = map_.ground_.seeds[flat.cell];
    for (uint32_t n = cells.neighbour_begin[flat.cell]; n < cells.neighbour_begin[flat.cell + 1]; ++n) {
        const Place& other = map_.ground_.seeds[cells.neighbours[n]];
        const glm::vec3 to(static_cast<float>(other.x - seed.x), static_cast<float>(other.y - seed.y),
                           static_cast<float>(other.z - seed.z));
        const float up = glm::dot(to, normal), length2 = glm::dot(to, to) - up * up;
        const float beyond = glm::dot(place, to) - 0.5f * length2;
        if (beyond > 0 && beyond * beyond > slack * slack * length2) return false;
    }
    return true;
}

bool SiteMap::GapSearch::Raster::covers(const Flat& flat) const {
    const OnPlane& seed = flat.seed;
    const float corner = flat.corner + 1;
    const size_t from = bin(seed.u - corner, low_u_), to = bin(seed.u + corner, low_u_);
    const size_t first = bin(seed.v - corner, low_v_), last = bin(seed.v + corner, low_v_);
    std::optional<Frame> frame;  // asked for by few
    for (size_t row = first; row <= last; ++row) {
        if (!room_[row]) continue;
        for (size_t word = from / 64; word <= to / 64; ++word) {
            uint64_t room = ~taken_[row * words_ + word];
            if (word == from / 64) room &= ~uint64_t{0} << from % 64;
            if (word == to / 64) room &= ~uint64_t{0} >> (63 - to % 64);
            for (; room; room &= room - 1) {
                const auto column = static_cast<float>(64 * word + static_cast<size_t>(std::countr_zero(room)));
                const float u = (column + 0.5f) * bin_ + low_u_ - seed.u;
                const float v = (static_cast<float>(row) + 0.5f) * bin_ + low_v_ - seed.v;
                if (may_hold(flat, u, v, frame)) return false;
            }
        }
    }
    return true;
}

// Of the cells, in their order, those that may hold a disc of this radius or wider.
std::vector<uint32_t> SiteMap::GapSearch::uncovered(std::span<const uint32_t> cells, uint32_t radius_um,
                                                     int32_t leaf) const {
    std::vector<uint8_t> open(map_.ground_.cells.size(), 0);
    for (const uint32_t cell : cells) open[cell] = 1;
    base::parallel_ranges(map_.ground_.tiles.size(), 4, [&](size_t first, size_t last) {
        for (size_t k = first; k < last; ++k) close_covered(map_.ground_.tiles[k], radius_um, leaf, open);
    });
    std::vector<uint32_t> left;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(left), [&](uint32_t cell) { return open[cell]; });
    return left;
}

void SiteMap::GapSearch::close_covered(uint32_t tile, uint32_t radius_um, int32_t leaf, std::span<uint8_t> open) const {
    std::vector<uint32_t> left;
    for (const uint32_t cell : map_.ground_.cells_of_tile(tile)) {
        if (open[cell] && falls_at_once(cell, radius_um)) open[cell] = 0;
        if (open[cell]) left.push_back(cell);
    }
    if (left.empty()) return;
    // What search() lets fall at once in its last squares falls here, to the bit: 6 µm are more than all that is
    // rounded here and there.
    const Raster raster(map_, left, static_cast<float>(radius_um) - 1.41422f * static_cast<float>(leaf) - 6);
    raster.each_covered([&](uint32_t cell) { open[cell] = 0; });
}

void SiteMap::GapSearch::search(uint32_t cell, int32_t leaf, std::atomic<uint32_t>& best, Best& own,
                                uint32_t& greatest) const {
    if (falls_at_once(cell, best)) return;
    const Site* nearby = nearby_[cell];
    const Frame frame(map_, cell);
    std::vector<Square> squares = squares_with_room(frame, std::max(leaf, kFirstHalf), best);
    std::array<const Site*, 8> recent{};  // sites that ended a square: its neighbours often end by the same
    size_t turn = 0;
    if (nearby) recent[turn++] = nearby;
    while (!squares.empty()) {
        const Square square = squares.back();
        squares.pop_back();
        const double diagonal = 1.41422 * square.half;
        if (frame.misses(square.u, square.v, square.half > leaf ? diagonal : 0)) continue;
        // 2 µm: places are rounded, and so are the radii.
        const double enough = best.load(std::memory_order_relaxed) - diagonal - 2;
        if (square.half == leaf || enough > 0) {
            const Place place = frame.at(square.u, square.v);
            const auto enough2 = static_cast<uint64_t>(enough > 0 ? enough * enough : 0);
            const auto ends = [&](const Site* s) { return s && chord2(place, *s) <= enough2; };
            if (enough > 0 && std::any_of(recent.begin(), recent.end(), ends)) continue;
            Found found;
            found.enough2 = enough2;
            map_.look_in(cell, place, cell, nullptr, found);
            if (!found.enough()) map_.look_around(place, cell, nullptr, found);
            if (found.site) recent[turn++ % recent.size()] = found.site;
            if (enough > 0 && found.enough()) continue;
            if (square.half == leaf) {
                const Best here{static_cast<uint32_t>(std::sqrt(static_cast<double>(found.chord2))), cell,
                                square.u, square.v};
                greatest = std::max(greatest, here.radius_um);
                if (own < here) own = here;
                for (uint32_t b = best; b < here.radius_um && !best.compare_exchange_weak(b, here.radius_um);)
                    continue;
            }
        }
        if (square.half == leaf) continue;
        const int32_t half = square.half / 2;
        for (int k = 0; k < 4; ++k)
            squares.push_back({square.u + (k & 1 ? half : -half), square.v + (k & 2 ? half : -half), half});
    }
}

SiteMap::GapSearch::Best SiteMap::GapSearch::moved_up(Best best, int32_t step) const {
    if (best.cell == face::kNoCell) return best;
    const Frame frame(map_, best.cell);
    while (step > 0) {
        Best better = best;
        for (int k = 0; k < 9; ++k) {
            const int32_t u = best.u + (k % 3 - 1) * step, v = best.v + (k / 3 - 1) * step;
            if (frame.misses(u, v, 0)) continue;
            const Best here{radius(frame, u, v), best.cell, u, v};
            if (better.radius_um < here.radius_um) better = here;
        }
        if (better.radius_um == best.radius_um) step /= 2;
        best = better;
    }
    return best;
}

// Adds to `hopeful` the cells with a square as good as the best known then, or nearly.
SiteMap::GapSearch::Best SiteMap::GapSearch::run(std::span<const uint32_t> cells, int32_t leaf, Best known,
                                                 std::vector<Hopeful>& hopeful) const {
    std::atomic<uint32_t> radius_um{known.radius_um};
    std::mutex mutex;
    base::parallel_ranges(cells.size(), 64, [&](size_t first, size_t last) {
        Best own = known;
        std::vector<Hopeful> found;
        for (size_t k = first; k < last; ++k) {
            uint32_t greatest = 0;
            search(cells[k], leaf, radius_um, own, greatest);
            if (greatest > 0 && greatest + 2u * static_cast<uint32_t>(leaf) >= radius_um)
                found.push_back({cells[k], greatest});
        }
        const std::lock_guard lock(mutex);
        if (known < own) known = own;
        hopeful.insert(hopeful.end(), found.begin(), found.end());
    });
    return moved_up(known, leaf);
}

// Some cells, of those farthest from any site and of those with the fewest sites for their area.
std::vector<uint32_t> SiteMap::GapSearch::emptiest() const {
    constexpr double kThin = 0.6;  // of the mean density
    const size_t far = std::min<size_t>(64, order_.size()), few = 64 + order_.size() / 64;
    const double thin =
        kThin * static_cast<double>(map_.site_count_) / static_cast<double>(std::max<uint64_t>(map_.occupied_area_um2_, 1));
    std::vector<std::pair<double, uint32_t>> densities;
    for (const uint32_t cell : order_) {
        const double density = static_cast<double>(map_.of_cell(cell).size()) / map_.ground_.cells.area_um2[cell];
        if (density < thin) densities.push_back({density, cell});
    }
    if (densities.size() > few)
        std::nth_element(densities.begin(), densities.begin() + static_cast<ptrdiff_t>(few), densities.end());
    std::vector<uint32_t> some(order_.begin(), order_.begin() + static_cast<ptrdiff_t>(far));
    for (size_t k = 0; k < std::min(few, densities.size()); ++k) some.push_back(densities[k].second);
    return some;
}

// Every square that is as good as the best is looked at, whoever finds the best first: threads show in the
// time alone. A few cells first, so that the others know what to beat; then all that are not covered; then with finer
// squares those that may hold better.
SiteMap::GapSearch::Best SiteMap::GapSearch::best(int32_t leaf) const {
    const std::vector<uint32_t> some = emptiest();
    std::vector<Hopeful> hopeful;
    Best known = run(some, leaf, {}, hopeful);
    hopeful.clear();
    known = run(uncovered(order_, known.radius_um, leaf), leaf, known, hopeful);
    std::vector<uint32_t> fine;
    for (const Hopeful& h : hopeful)
        if (h.radius_um + 2u * static_cast<uint32_t>(leaf) >= known.radius_um) fine.push_back(h.cell);
    hopeful.clear();
    return run(fine, leaf / 4, known, hopeful);
}

std::optional<Gap> SiteMap::GapSearch::gap(const Best& best) const {
    const Frame frame(map_, best.cell);
    const Place place = frame.at(best.u, best.v);
    Found found;
    map_.look_in(best.cell, place, best.cell, nullptr, found);
    map_.look_around(place, best.cell, nullptr, found);
    if (!found.site) return std::nullopt;
    const uint64_t along2 = map_.separation2(place, best.cell, *found.site);
    return Gap{static_cast<uint32_t>(base::round_to_integer(std::sqrt(static_cast<double>(along2)))), best.cell,
            1e-6 * glm::dvec3(place.x, place.y, place.z)};
}

std::optional<Gap> SiteMap::largest_gap(std::span<const uint8_t> judged) const {
    CHECK(judged.size() == ground_.cells.size(), judged.size(), ground_.cells.size());
    if (site_count_ == 0) return std::nullopt;
    const GapSearch search(*this, judged);
    const double spacing =
        std::sqrt(static_cast<double>(occupied_area_um2_) / static_cast<double>(site_count_));
    int32_t leaf = 4;
    while (leaf < 64 && 16 * leaf <= spacing) leaf *= 2;
    const GapSearch::Best best = search.best(leaf);
    if (best.cell == face::kNoCell) return std::nullopt;
    return search.gap(best);
}

}  // namespace track
