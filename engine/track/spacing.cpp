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
#include <mutex>
#include <tuple>
#include <utility>

namespace track {

namespace {

constexpr size_t kGrain = 1u << 14;
constexpr double kCellReach = 3e-3;  // m, face::SurfaceCells::find looks no farther
constexpr int32_t kOne = 1 << 14;    // of a normal's component
constexpr uint64_t kFarthest2 = kFarthest_um * kFarthest_um;

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

// Items in the order of their keys; of equal keys in whichever order threads came by, which no result shows.
template <typename Key>
void sort_by_key(std::span<const Site> sites, size_t keys, const Key& key, std::vector<uint32_t>& begin,
                 std::vector<Site>& sorted) {
    begin.assign(keys + 1, 0);
    std::vector<uint32_t> rank(sites.size());
    base::parallel_ranges(sites.size(), kGrain, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i)
            rank[i] = std::atomic_ref(begin[key(sites[i])]).fetch_add(1, std::memory_order_relaxed);
    });
    uint32_t before = 0;
    for (uint32_t& b : begin) before += std::exchange(b, before);
    sorted.resize(sites.size());
    base::parallel_ranges(sites.size(), kGrain, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) sorted[begin[key(sites[i])] + rank[i]] = sites[i];
    });
}

// --- directions of the tangent plane ---

constexpr int kDirections = 16;

/// Unit tangents of a cell, 16 of them, the first anywhere.
std::array<glm::dvec3, kDirections> tangents(glm::dvec3 normal) {
    constexpr double kCos[4] = {1, 0.9238795325112867, 0.7071067811865476, 0.3826834323650898};
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(normal, along, across);
    std::array<glm::dvec3, kDirections> all;
    for (int k = 0; k < 4; ++k) {
        const double c = kCos[k], s = k == 0 ? 0 : kCos[4 - k];
        all[k] = c * along + s * across;
        all[k + 4] = c * across - s * along;
        all[k + 8] = -all[k];
        all[k + 12] = -all[k + 4];
    }
    return all;
}

/// Which of them have no neighbour within 60 degrees: there the skin ends.
uint16_t open_directions(const face::SurfaceCells& cells, uint32_t cell) {
    const auto directions = tangents(cells.normal[cell]);
    uint32_t open = 0xffff;
    for (uint32_t n = cells.neighbour_begin[cell]; n < cells.neighbour_begin[cell + 1]; ++n) {
        const glm::dvec3 to = cells.seed[cells.neighbours[n]] - cells.seed[cell];
        const double half = 0.5 * std::sqrt(glm::dot(to, to));
        for (int k = 0; k < kDirections; ++k)
            if (glm::dot(to, directions[k]) >= half) open &= ~(1u << k);
    }
    return static_cast<uint16_t>(open);
}

/// Where the skin's border runs across: one direction of a straight border, two of a corner. Neighbours along
/// the border close 60 of the 90 degrees to its outward normal, so an open arc ends about a direction beyond
/// it.
std::vector<int> outward_directions(uint16_t open) {
    const auto is_open = [&](int k) { return (open >> ((k + kDirections) % kDirections) & 1) != 0; };
    if (open == 0xffff) return {0, 4, 8, 12};
    std::vector<int> outward;
    for (int k = 0; k < kDirections; ++k) {
        if (!is_open(k) || is_open(k - 1)) continue;
        int length = 1;
        while (is_open(k + length)) ++length;
        if (length <= 3) {
            outward.push_back((k + length / 2) % kDirections);
        } else {
            outward.push_back((k + 1) % kDirections);
            outward.push_back((k + length - 2) % kDirections);
        }
    }
    return outward;
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

SiteMap::SiteMap(const face::SurfaceCells& cells, std::span<const Site> sites) : cells_(cells) {
    normals_.resize(cells.size());
    seeds_.resize(cells.size());
    open_.resize(cells.size());
    base::parallel_ranges(cells.size(), 1024, [&](size_t first, size_t last) {
        for (size_t c = first; c < last; ++c) {
            const auto whole = [](double v) {
                return static_cast<int32_t>(base::round_to_integer(kOne * v));
            };
            const glm::dvec3 n = cells.normal[c], seed = cells.seed[c];
            normals_[c] = {whole(n.x), whole(n.y), whole(n.z)};
            seeds_[c] = {micrometres(seed.x), micrometres(seed.y), micrometres(seed.z)};
            open_[c] = open_directions(cells, static_cast<uint32_t>(c));
        }
    });
    sort_by_key(
        sites, cells.size(), [](const Site& s) { return s.cell; }, begin_, sites_);

    std::vector<glm::dvec3> places;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        if (of_cell(cell).empty()) continue;
        occupied_.push_back(cell);
        places.push_back(cells.seed[cell]);
        occupied_area_um2_ += cells.area_um2[cell];
    }
    occupied_seeds_ = mesh::VoxelGrid(places, 1.25e-3);
    std::atomic<uint64_t> farthest2{0};
    base::parallel_ranges(occupied_.size(), 1024, [&](size_t first, size_t last) {
        uint64_t own = 0;
        for (size_t k = first; k < last; ++k)
            for (const Site& s : of_cell(occupied_[k])) own = std::max(own, chord2(s, seeds_[occupied_[k]]));
        for (uint64_t known = farthest2; known < own && !farthest2.compare_exchange_weak(known, own);)
            continue;
    });
    reach_ = 1e-6 * (std::sqrt(static_cast<double>(farthest2.load())) + 1);
}

bool SiteMap::same_side(uint32_t a, uint32_t b) const {
    const Normal &m = normals_[a], &n = normals_[b];
    return a == b || m.x * n.x + m.y * n.y + m.z * n.z >= 0;
}

std::span<const Site> SiteMap::of_cell(uint32_t cell) const {
    return {sites_.data() + begin_[cell], sites_.data() + begin_[cell + 1]};
}

// Along a circular arc between two places, chord v and normals m, n: arc² = v² + ((v·m)² + (v·n)²) / 6 +
// O(arc⁶ / R⁴); along a helix of a cylinder the same, since the part along the axis is across the normals.
uint64_t SiteMap::separation2(Place from, uint32_t own, const Site& to) const {
    const int64_t x = int64_t{to.x} - from.x, y = int64_t{to.y} - from.y, z = int64_t{to.z} - from.z;
    const auto rise2 = [&](const Normal& n) { return square((x * n.x + y * n.y + z * n.z) / kOne); };
    return chord2(from, to) + (rise2(normals_[own]) + rise2(normals_[to.cell]) + 3) / 6;
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

namespace {

/// Sites in cubic voxels that repeat after 2^bits along each axis, shifted along z at each turn: the table is
/// small, neighbours stay neighbours, and a flat sheet fills it too. What shares a slot from afar is told
/// apart by its distance.
class WrappedVoxels {
  public:
    struct Voxel {
        int32_t x, y, z;
        bool operator==(const Voxel&) const = default;
    };

    WrappedVoxels(std::span<const Site> sites, double side_um)
        : side_(std::max(4.0, side_um)), per_um_(1 / side_), bits_(bits_for(sites.size())) {
        sort_by_key(
            sites, slots(), [&](const Site& s) { return slot(voxel_of(s)); }, begin_, sorted_);
    }

    size_t slots() const { return size_t{1} << 3 * bits_; }
    std::span<const Site> in_slot(size_t slot) const { return from_slot_to(slot, slot); }
    Voxel voxel_of(const Site& s) const { return {along(s.x), along(s.y), along(s.z)}; }
    /// Whatever lies nearer than this to a site lies in a voxel beside its own.
    uint64_t seen2() const { return static_cast<uint64_t>((side_ - 1) * (side_ - 1)); }

    /// Calls visit(sites) for slots that hold the voxel and the 26 round it, each slot once.
    template <typename Visit>
    void beside(Voxel middle, const Visit& visit) const {
        const int32_t mask = (1 << bits_) - 1, x = middle.x & mask;
        for (int32_t z = middle.z - 1; z <= middle.z + 1; ++z) {
            for (int32_t y = middle.y - 1; y <= middle.y + 1; ++y) {
                const size_t slot_of_middle = slot({middle.x, y, z});
                if (x > 0 && x < mask) {
                    visit(from_slot_to(slot_of_middle - 1, slot_of_middle + 1));
                } else {
                    visit(in_slot(slot({middle.x - 1, y, z})));
                    visit(in_slot(slot_of_middle));
                    visit(in_slot(slot({middle.x + 1, y, z})));
                }
            }
        }
    }

  private:
    /// About as many slots as sites.
    static uint32_t bits_for(size_t sites) {
        uint32_t bits = 3;
        while (bits < 8 && (size_t{1} << 3 * bits) < sites) ++bits;
        return bits;
    }
    int32_t along(int32_t value) const { return static_cast<int32_t>(std::floor(value * per_um_)); }
    size_t slot(Voxel v) const {
        const uint32_t mask = (1u << bits_) - 1;
        const auto x = static_cast<uint32_t>(v.x), y = static_cast<uint32_t>(v.y);
        const auto z = static_cast<uint32_t>(v.z + 37 * (v.x >> bits_) + 101 * (v.y >> bits_));
        return (x & mask) | (y & mask) << bits_ | (z & mask) << 2 * bits_;
    }
    std::span<const Site> from_slot_to(size_t first, size_t last) const {
        return {sorted_.data() + begin_[first], sorted_.data() + begin_[last + 1]};
    }

    double side_, per_um_;
    uint32_t bits_;
    std::vector<uint32_t> begin_;
    std::vector<Site> sorted_;
};

}  // namespace

/// Sites beside each other in memory, four of which a processor takes at a time.
struct SiteMap::Surroundings {
    static constexpr int32_t kGreat = 0x7f000000;  // as a float farther than anything
    size_t count = 0;
    std::vector<int32_t> x, y, z, key;  // the first `count` of each
    std::vector<const Site*> site;

    void add(std::span<const Site> sites) {
        if (count + sites.size() > x.size()) {
            const size_t size = 2 * (count + sites.size());
            x.resize(size), y.resize(size), z.resize(size), key.resize(size), site.resize(size);
        }
        for (const Site& s : sites) {
            x[count] = s.x, y[count] = s.y, z[count] = s.z;
            site[count++] = &s;
        }
    }
    /// Squared distances to `from` in `key` as the bits of a float, which rise as the floats do and are exact
    /// below 2^24; a great one for `from` itself and what lies in the same place, `in_place` of them. Returns
    /// the least.
    int32_t measure(const Site& from, int32_t& in_place) {
        int32_t least = kGreat;
        in_place = 0;
        for (size_t i = 0; i < count; ++i) {
            const auto dx = static_cast<float>(x[i] - from.x), dy = static_cast<float>(y[i] - from.y),
                       dz = static_cast<float>(z[i] - from.z);
            const auto bits = std::bit_cast<int32_t>(dx * dx + dy * dy + dz * dz);
            in_place += bits == 0;
            key[i] = bits == 0 ? kGreat : bits;
            least = std::min(least, key[i]);
        }
        return least;
    }
};

std::vector<uint8_t> SiteMap::inside_guard(std::span<const uint8_t> judged) const {
    std::vector<uint8_t> inside(judged.begin(), judged.end());
    for (int ring = 0; ring < 2; ++ring) {
        const std::vector<uint8_t> before = inside;
        for (uint32_t cell = 0; cell < cells_.size(); ++cell) {
            if (ring == 0 && open_[cell]) inside[cell] = 0;
            for (uint32_t k = cells_.neighbour_begin[cell]; k < cells_.neighbour_begin[cell + 1]; ++k)
                if (!before[cells_.neighbours[k]]) inside[cell] = 0;
        }
    }
    return inside;
}

// To the nearest of those beside it; none where a nearer one may lie beyond `seen2`.
std::optional<uint64_t> SiteMap::nearest2(const Site& source, Surroundings& beside, uint64_t seen2) const {
    const Place place{source.x, source.y, source.z};
    const auto twin = [&](size_t i) {
        return beside.site[i] != &source && chord2(*beside.site[i], source) == 0 &&
               same_side(source.cell, beside.site[i]->cell);
    };
    int32_t in_place = 0;
    const int32_t least = beside.measure(source, in_place);
    uint64_t best = ~uint64_t{0};
    for (size_t i = 0; i < beside.count; ++i) {
        if (beside.key[i] == least && same_side(source.cell, beside.site[i]->cell))
            best = std::min(best, separation2(place, source.cell, *beside.site[i]));
    }
    if (in_place > 1)
        for (size_t i = 0; i < beside.count; ++i)
            if (twin(i)) return 0;
    if (least == Surroundings::kGreat || best == ~uint64_t{0}) return std::nullopt;
    return std::bit_cast<float>(least) > static_cast<float>(seen2) ? std::nullopt : std::optional(best);
}

// The same by cells, however far; beyond kFarthest2 if there is none.
uint64_t SiteMap::far_nearest2(const Site& source) const {
    const Place place{source.x, source.y, source.z};
    const std::span<const Site> own = of_cell(source.cell);
    const auto self =
        std::find_if(own.begin(), own.end(), [&](const Site& s) { return chord2(s, source) == 0; });
    Found found;
    look_around(place, source.cell, &*self, found);
    return found.site ? separation2(place, source.cell, *found.site) : ~uint64_t{0};
}

std::vector<Spacing> SiteMap::spacing(std::span<const uint8_t> judged, uint32_t zones) const {
    CHECK(judged.size() == cells_.size(), judged.size(), cells_.size());
    const std::vector<uint8_t> inside = inside_guard(judged);
    std::vector<Spacing> result(zones);
    for (uint32_t cell = 0; cell < cells_.size(); ++cell)
        if (inside[cell]) result[cells_.zone[cell]].area_um2 += cells_.area_um2[cell];
    if (sites_.empty()) return result;

    // About two sites a voxel, where there are any: of so many by chance one in a thousand has none beside
    // it.
    const WrappedVoxels voxels(sites_, std::sqrt(2.2 * static_cast<double>(occupied_area_um2_) /
                                                 static_cast<double>(sites_.size())));
    std::mutex mutex;
    base::parallel_ranges(voxels.slots(), kGrain, [&](size_t first, size_t last) {
        std::vector<Spacing> own(zones);
        Surroundings beside;
        for (size_t slot = first; slot < last; ++slot) {
            std::optional<WrappedVoxels::Voxel> gathered;
            for (const Site& source : voxels.in_slot(slot)) {
                if (!inside[source.cell]) continue;
                if (const auto voxel = voxels.voxel_of(source); gathered != voxel) {
                    gathered = voxel;
                    beside.count = 0;
                    voxels.beside(voxel, [&](std::span<const Site> some) { beside.add(some); });
                }
                const std::optional<uint64_t> near2 = nearest2(source, beside, voxels.seen2());
                const uint64_t d2 = near2 ? *near2 : far_nearest2(source);
                if (d2 > kFarthest2) continue;
                Spacing& zone = own[cells_.zone[source.cell]];
                ++zone.sites;
                zone.distance_q16 +=
                    static_cast<uint64_t>(base::round_to_integer(65536 * std::sqrt(static_cast<double>(d2))));
                zone.distance_squared += d2;
            }
        }
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
    const face::SurfaceCells& cells = map.cells_;
    std::vector<uint32_t> queue = map.occupied_;
    std::vector<uint8_t> known(cells.size(), 0);
    for (uint32_t cell : queue) known[cell] = 1;
    for (size_t k = 0; k < queue.size(); ++k) {
        const uint32_t cell = queue[k];
        if (k < map.occupied_.size()) {  // the least of the cell's sites, whichever order they came in
            const auto sites = map.of_cell(cell);
            nearby_[cell] = &*std::min_element(sites.begin(), sites.end(), [](const Site& a, const Site& b) {
                return std::tie(a.x, a.y, a.z) < std::tie(b.x, b.y, b.z);
            });
        }
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
    const face::SurfaceCells& cells = map.cells_;
    face::FaceAsset::tangent_frame(cells.normal[cell], along, across);
    seed = 1e6 * cells.seed[cell];
    normal = cells.normal[cell];
    for (uint32_t n = cells.neighbour_begin[cell]; n < cells.neighbour_begin[cell + 1]; ++n) {
        const glm::dvec3 to = 1e6 * cells.seed[cells.neighbours[n]] - seed;
        const double u = glm::dot(to, along), v = glm::dot(to, across), length2 = u * u + v * v;
        sides.push_back({u, v, length2 / 2, std::sqrt(length2)});
    }
    for (const int outward : outward_directions(map.open_[cell])) {
        const glm::dvec3 to = tangents(cells.normal[cell])[static_cast<size_t>(outward)];
        sides.push_back({glm::dot(to, along), glm::dot(to, across), 0, 1});
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
        const Place& seed = map_.seeds_[frame.cell];
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
    const face::SurfaceCells& cells = map_.cells_;
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

void SiteMap::GapSearch::search(uint32_t cell, int32_t leaf, std::atomic<uint32_t>& best, Best& own,
                                uint32_t& greatest) const {
    const Site* nearby = nearby_[cell];
    if (nearby) {  // the whole cell at once
        const double to = std::sqrt(static_cast<double>(chord2(map_.seeds_[cell], *nearby)));
        if (to + 1.41422 * kCellHalf + 2 < best) return;
    }
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

// Every square that is as good as the best is looked at, whoever finds the best first: threads show in the
// time alone. A few cells first, so that the others know what to beat; then all; then with finer squares
// those that may hold better.
SiteMap::GapSearch::Best SiteMap::GapSearch::best(int32_t leaf) const {
    std::vector<uint32_t> some;
    for (size_t k = 0; k < order_.size(); k += k < 64 ? 1 : 61) some.push_back(order_[k]);
    std::vector<Hopeful> hopeful;
    Best known = run(some, leaf, {}, hopeful);
    hopeful.clear();
    known = run(order_, leaf, known, hopeful);
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
    CHECK(judged.size() == cells_.size(), judged.size(), cells_.size());
    if (sites_.empty()) return std::nullopt;
    const GapSearch search(*this, judged);
    const double spacing =
        std::sqrt(static_cast<double>(occupied_area_um2_) / static_cast<double>(sites_.size()));
    int32_t leaf = 4;
    while (leaf < 64 && 16 * leaf <= spacing) leaf *= 2;
    const GapSearch::Best best = search.best(leaf);
    if (best.cell == face::kNoCell) return std::nullopt;
    return search.gap(best);
}

}  // namespace track
