#pragma once

// Punctures of a piece of skin some millimetres wide and of a margin round it, in square buckets, so that all
// that lies beside a place stands in three runs of memory and a processor measures four of them at a time.
// One patch serves piece after piece and keeps its memory. The buckets leave out one axis, which places need
// not share: what lies near in space lies near in its shadow. Distances are squares in µm² as floats, exact
// below 2^24.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace track {

/// Where a needle entered: µm, rest pose, within 2 m of the origin on every axis; `cell` is the face's.
struct Site {
    int32_t x, y, z;
    uint32_t cell;
};

/// Four numbers that a processor handles at a time.
using Four = float __attribute__((vector_size(16)));
using FourWhole = int32_t __attribute__((vector_size(16)));

inline Four spread(float v) {
    return Four{v, v, v, v};
}
/// A bit for each of four comparisons that holds.
inline uint32_t lanes_of(FourWhole comparisons) {
#if defined(__SSE2__)
    return static_cast<uint32_t>(_mm_movemask_ps(std::bit_cast<__m128>(comparisons)));
#else
    uint32_t lanes = 0;
    for (uint32_t k = 0; k < 4; ++k) lanes |= (comparisons[k] ? 1u : 0u) << k;
    return lanes;
#endif
}
/// x, y, z, cell.
inline FourWhole four_of(const Site& site) {
    return std::bit_cast<FourWhole>(site);
}

class SitePatch {
  public:
    /// µm, both ends included.
    struct Box {
        std::array<int32_t, 3> low, high;
    };
    struct Place {
        float x, y, z;  // µm from the patch's corner
    };
    static constexpr int32_t kGreatestSide = 2000;  ///< µm: twice as far is still exact
    static constexpr float kNone = 1e30f;

    /// Forgets all sites. Queries will come from within `box`; `axis` is the one that buckets leave out;
    /// `side` (µm) is theirs, made larger where the box would hold too many.
    void start(const Box& box, int axis, int32_t side);
    int32_t side() const { return side_; }
    /// Takes those sites that may lie within twice a bucket's side of the box. `mark` is handed back by
    /// mark(). Only a site that lies in the box itself may be asked about.
    void add(std::span<const Site> sites, uint32_t mark) {
        const size_t before = added_.size();
        added_.resize(before + sites.size());
        FourWhole* to = added_.data() + before;
        for (const Site& site : sites) {
            const FourWhole at = four_of(site);
            *to = at - corner_;
            (*to)[3] = static_cast<int32_t>(mark);
            to += lanes_of((at >= corner_) & (at <= end_)) == 15;
        }
        added_.resize(static_cast<size_t>(to - added_.data()));
    }
    /// Sorts what was added into the buckets; before any query.
    void sort();

    size_t size() const { return added_.size(); }
    uint32_t mark(size_t i) const { return mark_[i]; }
    Place place(size_t i) const { return {x_[i], y_[i], z_[i]}; }
    /// µm, in space.
    std::array<int32_t, 3> place_in_space(size_t i) const {
        const auto at = [&](const std::vector<float>& axis, int a) {
            return static_cast<int32_t>(axis[i]) + corner_[a];
        };
        return {at(x_, 0), at(y_, 1), at(z_, 2)};
    }

    /// Calls visit(bucket, first, last) with the sites of each bucket that a site of the box may lie in.
    template <typename Visit>
    void each_bucket(const Visit& visit) const {
        for (size_t row = 2; row + 2 < rows_; ++row)
            for (size_t bucket = row * columns_ + 2; bucket + 2 < (row + 1) * columns_; ++bucket)
                if (begin_[bucket] < begin_[bucket + 1]) visit(bucket, begin_[bucket], begin_[bucket + 1]);
    }

    /// Sites of the buckets up to `ring` round one, by fours; the last four of a row run on into what follows
    /// there, which is measured for nothing. All that lies nearer than ring * side() - 1 to a site of the
    /// bucket is among them.
    void look(size_t bucket, size_t ring) {
        count_ = 0;
        if (ring == 1 && few_beside(bucket)) {
            for (const size_t row : {bucket - columns_, bucket, bucket + columns_}) {
                fours_[count_++] = begin_[row - 1];
                fours_[count_++] = begin_[row - 1] + 4;
            }
            return;
        }
        for (size_t row = bucket - ring * columns_; row <= bucket + ring * columns_; row += columns_) {
            const uint32_t first = begin_[row - ring], last = begin_[row + ring + 1];
            if (fours_.size() < count_ + (last - first) / 4 + 1) {
                fours_.resize(2 * (count_ + last - first));
                keys_.resize(fours_.size());
            }
            for (uint32_t i = first; i < last; i += 4) fours_[count_++] = i;
        }
    }
    /// Calls visit(site) for all that is as near to site `i` as the nearest that does not lie in the very
    /// same place, if that is at most sqrt(limit2); a site may come twice. `twins`: whether there may be one
    /// in the same place.
    template <typename Visit>
    void nearest(size_t i, float limit2, bool& twins, const Visit& visit) {
        if (count_ == kFew)
            nearest_of(i, limit2, twins, visit, [] { return kFew; });
        else
            nearest_of(i, limit2, twins, visit, [&] { return count_; });
    }
    /// Calls visit(site) for what lies in the very place of site `i`, itself among them.
    template <typename Visit>
    void in_place_of(size_t i, const Visit& visit) const {
        for (size_t n = 0; n < count_; ++n)
            for (uint32_t k = fours_[n]; k < fours_[n] + 4; ++k)
                if (x_[k] == x_[i] && y_[k] == y_[i] && z_[k] == z_[i]) visit(k);
    }

  private:
    static constexpr size_t kMostAlong = 256;  // buckets

    static Four four(const float* from) {
        Four v;
        std::memcpy(&v, from, sizeof v);
        return v;
    }
    Four distances2(Place p, uint32_t i) const {
        const Four x = four(&x_[i]) - spread(p.x), y = four(&y_[i]) - spread(p.y),
                   z = four(&z_[i]) - spread(p.z);
        return x * x + y * y + z * z;
    }
    // Six fours hold what lies beside most buckets; of so many nobody needs to ask how many.
    static constexpr size_t kFew = 6;
    bool few_beside(size_t bucket) const {
        const auto beside = [&](size_t row) { return begin_[row + 2] - begin_[row - 1]; };
        return std::max({beside(bucket - columns_), beside(bucket), beside(bucket + columns_)}) <= 8;
    }
    template <typename Visit, typename Count>
    void nearest_of(size_t i, float limit2, bool& twins, const Visit& visit, const Count& count) {
        const Place p = place(i);
        Four least = spread(kNone);
        FourWhole same{};
        for (size_t k = 0; k < count(); ++k) {
            const Four d2 = distances2(p, fours_[k]);
            const FourWhole here = d2 == 0;
            same -= here;
            keys_[k] = here ? spread(kNone) : d2;
            least = keys_[k] < least ? keys_[k] : least;
        }
        twins = same[0] + same[1] + same[2] + same[3] > 1;
        const float nearest2 = std::min(std::min(least[0], least[1]), std::min(least[2], least[3]));
        if (nearest2 > limit2) return;
        const Four wanted = spread(nearest2);
        for (size_t from = 0; from < count(); from += kFew) {
            uint32_t lanes = 0;  // of six fours
            for (uint32_t k = 0; k < std::min(kFew, count() - from); ++k)
                lanes |= lanes_of(keys_[from + k] == wanted) << 4 * k;
            for (; lanes; lanes &= lanes - 1) {
                const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
                visit(fours_[from + lane / 4] + lane % 4);
            }
        }
    }
    size_t bucket_of(FourWhole added) const {
        const auto u = static_cast<float>(added[axis_ == 0]),
                   v = static_cast<float>(added[axis_ == 2 ? 1 : 2]);
        return static_cast<size_t>(v * per_side_) * columns_ + static_cast<size_t>(u * per_side_);
    }

    FourWhole corner_{}, end_{};  // of what is taken; of cells, all
    int axis_ = 2;
    int32_t side_ = 1;
    float per_side_ = 1;
    size_t columns_ = 0, rows_ = 0;
    std::vector<FourWhole> added_;  // from the corner, and the mark
    std::vector<uint32_t> bucket_;  // of what was added
    std::vector<uint32_t> begin_;   // per bucket, row by row, and one more
    std::vector<float> x_, y_, z_;  // by bucket, and a few more that are far away
    std::vector<uint32_t> mark_;
    size_t count_ = 0;
    std::vector<uint32_t> fours_ = std::vector<uint32_t>(kFew);  // `count_` of them
    std::vector<Four> keys_ =
        std::vector<Four>(kFew);  // squared distances of the fours, of what lies in the same place kNone
};

}  // namespace track
