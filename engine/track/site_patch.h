#pragma once

// Punctures of a piece of skin some millimetres wide and of a margin round it, in square buckets, so that all
// that lies beside a place stands in three runs of memory and a processor measures four of them at a time.
// One patch serves piece after piece and keeps its memory. The buckets leave out one axis, which places need
// not share: what lies near in space lies near in its shadow. Places are 16 bits along an axis, squared distances
// whole µm².

#include "engine/base/four.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace track {

using base::Four, base::FourWhole, base::lanes_of, base::spread;

/// Where a needle entered: µm, rest pose, within 2 m of the origin on every axis; `cell` is the face's.
struct Site {
    int32_t x, y, z;
    uint32_t cell;
};

/// x, y, z, cell.
inline FourWhole four_of(const Site& site) {
    return std::bit_cast<FourWhole>(site);
}

/// Places of four sites, from a place near them.
struct FourSites {
    FourSites(const Site* sites, int32_t from_x, int32_t from_y, int32_t from_z) {
        const FourWhole a = four_of(sites[0]), b = four_of(sites[1]), c = four_of(sites[2]), d = four_of(sites[3]);
        const FourWhole xy_ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), xy_cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        const FourWhole z_ab = __builtin_shufflevector(a, b, 2, 6, 3, 7), z_cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        const auto floats = [](FourWhole whole, int32_t from) { return __builtin_convertvector(whole - from, Four); };
        x = floats(__builtin_shufflevector(xy_ab, xy_cd, 0, 1, 4, 5), from_x);
        y = floats(__builtin_shufflevector(xy_ab, xy_cd, 2, 3, 6, 7), from_y);
        z = floats(__builtin_shufflevector(z_ab, z_cd, 0, 1, 4, 5), from_z);
    }
    Four x, y, z;
};

/// Eight halves of four numbers.
using Halves = int16_t __attribute__((vector_size(16)));

/// Of each pair of halves the sum of their products.
inline FourWhole pair_products(Halves a, Halves b) {
#if defined(__SSE2__)
    return std::bit_cast<FourWhole>(_mm_madd_epi16(std::bit_cast<__m128i>(a), std::bit_cast<__m128i>(b)));
#else
    FourWhole sums;
    for (int k = 0; k < 4; ++k) sums[k] = a[2 * k] * b[2 * k] + a[2 * k + 1] * b[2 * k + 1];
    return sums;
#endif
}

class SitePatch {
  public:
    /// µm, both ends included.
    struct Box {
        std::array<int32_t, 3> low, high;
    };
    struct Place {
        int32_t x, y, z;  // µm from the patch's corner
    };
    static constexpr int32_t kGreatestBox = 22'000;   ///< µm along an axis
    static constexpr int32_t kGreatestSide = 2000;    ///< µm; half of it round the greatest boxes

    /// Forgets all sites. Queries will come from within `box`; `axis` is the one that buckets leave out;
    /// `side` (µm) is theirs, made larger where the box would hold too many.
    void start(const Box& box, int axis, int32_t side);
    int32_t side() const { return side_; }
    /// Takes those sites that may lie within twice a bucket's side of the box. `mark` is handed back by
    /// mark(). Only a site that lies in the box itself may be asked about.
    void add(std::span<const Site> sites, uint32_t mark) {
        if (added_.size() < added_count_ + sites.size()) added_.resize(2 * (added_count_ + sites.size()));
        FourWhole* to = added_.data() + added_count_;
        for (const Site& site : sites) {
            const FourWhole at = four_of(site);
            *to = at - corner_;
            (*to)[3] = static_cast<int32_t>(mark);
            to += lanes_of((at >= corner_) & (at <= end_)) == 15;
        }
        added_count_ = static_cast<size_t>(to - added_.data());
    }
    /// Sorts what was added into the buckets; before any query.
    void sort();

    uint32_t mark(size_t i) const { return mark_[i]; }
    Place place(size_t i) const { return {xy_[i] & 0xffff, xy_[i] >> 16, zw_[i] & 0xffff}; }
    /// µm, in space.
    std::array<int32_t, 3> place_in_space(size_t i) const {
        const Place p = place(i);
        return {p.x + corner_[0], p.y + corner_[1], p.z + corner_[2]};
    }

    /// Calls visit(site) for each that may lie in the box.
    template <typename Visit>
    void each_site(const Visit& visit) const {
        for (size_t row = 2; row + 2 < rows_; ++row)
            for (uint32_t i = begin_[row * columns_ + 2]; i < begin_[(row + 1) * columns_ - 2]; ++i) visit(i);
    }

    /// Calls visit(site, distance²) for all that is as near to site `i` as the nearest that does not lie in the very
    /// same place, if that is nearer than `ring` * side(); a site may come twice. What is looked at is the buckets up
    /// to `ring` round the site's own, by fours; the last four of a row run on into what follows there, which is
    /// measured for nothing. Returns whether there may be one in the same place.
    template <typename Visit>
    bool nearest(uint32_t i, uint32_t ring, const Visit& visit) {
        const size_t bucket = bucket_of_[i];
        if (ring > 1 || !few_beside(bucket)) {
            look(bucket, ring);
            return nearest_of(i, ring, fours_.data(), keys_.data(), count_, visit);
        }
        const uint32_t a = begin_[bucket - columns_ - 1], b = begin_[bucket - 1], c = begin_[bucket + columns_ - 1];
        const std::array<uint32_t, kFew> fours{a, a + 4, b, b + 4, c, c + 4};
        std::array<FourWhole, kFew> keys;
        return nearest_of(i, ring, fours.data(), keys.data(), std::integral_constant<size_t, kFew>(), visit);
    }
    /// Calls visit(site) for what lies in the very place of site `i`, itself among them.
    template <typename Visit>
    void in_place_of(uint32_t i, const Visit& visit) const {
        for (uint32_t k = begin_[bucket_of_[i]]; k < begin_[bucket_of_[i] + 1]; ++k)
            if (xy_[k] == xy_[i] && zw_[k] == zw_[i]) visit(k);
    }

  private:
    static constexpr size_t kMostAlong = 256;  // buckets

    // Every site's fourth number, so that squared distances are this much greater: as bits of floats, which
    // processors without SSE4.1 find the least of, they are all normal numbers and in the same order.
    static constexpr int32_t kFourth = 1 << 12, kZero = kFourth * kFourth;
    static constexpr int32_t kGreatestExtent = 26'500;
    static_assert(3ll * kGreatestExtent * kGreatestExtent + kZero < 0x7f800000);  // infinity

    static Halves four(const int32_t* from) {
        Halves v;
        std::memcpy(&v, from, sizeof v);
        return v;
    }
    static Halves all(int32_t v) { return std::bit_cast<Halves>(FourWhole{v, v, v, v}); }
    static Four less(Four a, Four b) { return a < b ? a : b; }

    // Six fours hold what lies beside most buckets; of so many nobody needs to ask how many.
    static constexpr size_t kFew = 6;
    bool few_beside(size_t bucket) const {
        const auto beside = [&](size_t row) { return begin_[row + 2] - begin_[row - 1]; };
        return std::max({beside(bucket - columns_), beside(bucket), beside(bucket + columns_)}) <= 8;
    }
    void look(size_t bucket, size_t ring) {
        count_ = 0;
        for (size_t row = bucket - ring * columns_; row <= bucket + ring * columns_; row += columns_) {
            const uint32_t first = begin_[row - ring], last = begin_[row + ring + 1];
            if (fours_.size() < count_ + (last - first) / 4 + 1) {
                fours_.resize(2 * (count_ + last - first));
                keys_.resize(fours_.size());
            }
            for (uint32_t i = first; i < last; i += 4) fours_[count_++] = i;
        }
    }
    template <typename Count, typename Visit>
    bool nearest_of(uint32_t i, uint32_t ring, const uint32_t* fours, FourWhole* keys, Count count,
                    const Visit& visit) const {
        const Halves own_xy = all(xy_[i]), own_z = all(zw_[i] & 0xffff);
        Four least = spread(std::bit_cast<float>(0x7f800000));
        FourWhole same{};
        for (size_t k = 0; k < count; ++k) {
            const Halves xy = four(&xy_[fours[k]]) - own_xy, zw = four(&zw_[fours[k]]) - own_z;
            const FourWhole key = pair_products(xy, xy) + pair_products(zw, zw);
            const FourWhole here = key == kZero;
            same -= here;
            keys[k] = key | here;  // of what lies here no number, which is never less
            least = less(std::bit_cast<Four>(keys[k]), least);
        }
        least = less(least, __builtin_shufflevector(least, least, 2, 3, 0, 1));
        least = less(least, __builtin_shufflevector(least, least, 1, 0, 3, 2));
        const bool twins = same[0] + same[1] + same[2] + same[3] > 1;
        const FourWhole wanted = std::bit_cast<FourWhole>(least);
        const int32_t seen = static_cast<int32_t>(ring) * side_ - 1, distance2 = wanted[0] - kZero;
        if (distance2 > seen * seen) return twins;
        for (size_t from = 0; from < count; from += kFew) {
            uint32_t lanes = 0;  // of six fours
            for (uint32_t k = 0; k < std::min<size_t>(kFew, count - from); ++k)
                lanes |= lanes_of(keys[from + k] == wanted) << 4 * k;
            for (; lanes; lanes &= lanes - 1) {
                const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
                visit(fours[from + lane / 4] + lane % 4, distance2);
            }
        }
        return twins;
    }
    uint32_t bucket_of(FourWhole added) const {
        const auto u = static_cast<float>(added[axis_ == 0]),
                   v = static_cast<float>(added[axis_ == 2 ? 1 : 2]);
        return static_cast<uint32_t>(static_cast<int32_t>(v * per_side_)) * static_cast<uint32_t>(columns_) +
               static_cast<uint32_t>(static_cast<int32_t>(u * per_side_));
    }

    FourWhole corner_{}, end_{};  // of what is taken; of cells, all
    int axis_ = 2;
    int32_t side_ = 1;
    float per_side_ = 1;
    size_t columns_ = 0, rows_ = 0;
    std::vector<FourWhole> added_;  // from the corner, and the mark; `added_count_` of them
    size_t added_count_ = 0;
    std::vector<uint32_t> bucket_;   // of what was added
    std::vector<uint32_t> begin_;    // per bucket, row by row, and one more
    std::vector<int32_t> xy_, zw_;   // by bucket, halves, and a few more in the corner
    std::vector<uint32_t> mark_, bucket_of_;
    size_t count_ = 0;
    std::vector<uint32_t> fours_;  // `count_` of them
    std::vector<FourWhole> keys_;  // per four, squared distances and kZero
};

}  // namespace track
