#pragma once

// Punctures of a piece of skin some millimetres wide and of a margin round it, in square buckets, so that all that
// lies beside a place stands in three runs of memory and a processor measures four of them at a time. One patch
// serves piece after piece and keeps its memory. The buckets leave out one axis, which places need not share: what
// lies near in space lies near in its shadow. Distances are squares in µm² as floats, exact below 2^24.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace track {

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

    /// Forgets all sites. Queries will come from within `box`; `axis` is the one that buckets leave out; `side` (µm)
    /// is theirs, made larger where the box would hold too many.
    void start(const Box& box, int axis, int32_t side);
    int32_t side() const { return side_; }
    /// Whether a site may lie within twice a bucket's side of the box; others need not be added.
    bool takes(int32_t x, int32_t y, int32_t z) const {
        return inside(x, 0) && inside(y, 1) && inside(z, 2);
    }
    /// `mark` is handed back by mark(). Only a site that takes() and that lies in the box itself may be asked about.
    void add(int32_t x, int32_t y, int32_t z, uint32_t mark) {
        added_.push_back({x - corner_[0], y - corner_[1], z - corner_[2], mark});
    }
    /// Sorts what was added into the buckets; before any query.
    void sort();

    size_t size() const { return added_.size(); }
    uint32_t mark(size_t i) const { return mark_[i]; }
    Place place(size_t i) const { return {x_[i], y_[i], z_[i]}; }
    /// µm, in space.
    std::array<int32_t, 3> place_in_space(size_t i) const {
        const auto at = [&](const std::vector<float>& axis, size_t a) { return static_cast<int32_t>(axis[i]) + corner_[a]; };
        return {at(x_, 0), at(y_, 1), at(z_, 2)};
    }
    Place place_of(double x, double y, double z) const {
        return {static_cast<float>(x - corner_[0]), static_cast<float>(y - corner_[1]), static_cast<float>(z - corner_[2])};
    }

    /// Calls visit(bucket, first, last) with the sites of each bucket that a site of the box may lie in.
    template <typename Visit>
    void each_bucket(const Visit& visit) const {
        for (size_t row = 2; row + 2 < rows_; ++row)
            for (size_t bucket = row * columns_ + 2; bucket + 2 < (row + 1) * columns_; ++bucket)
                if (begin_[bucket] < begin_[bucket + 1]) visit(bucket, begin_[bucket], begin_[bucket + 1]);
    }

    /// Sites of the buckets up to `ring` round one, by fours; the last four of a row run on into what follows there,
    /// which is measured for nothing. All that lies nearer than ring * side() - 1 to a site of the bucket is among
    /// them.
    void look(size_t bucket, size_t ring) {
        fours_.clear();
        if (ring == 1 && few_beside(bucket)) {
            for (const size_t row : {bucket - columns_, bucket, bucket + columns_}) {
                fours_.push_back(begin_[row - 1]);
                fours_.push_back(begin_[row - 1] + 4);
            }
        } else {
            for (size_t row = bucket - ring * columns_; row <= bucket + ring * columns_; row += columns_)
                for (uint32_t i = begin_[row - ring]; i < begin_[row + ring + 1]; i += 4) fours_.push_back(i);
        }
        if (keys_.size() < fours_.size()) keys_.resize(fours_.size());
    }
    /// Calls visit(site) for all that is as near to site `i` as the nearest that does not lie in the very same place,
    /// if that is at most sqrt(limit2); a site may come twice. `twins`: whether there may be one in the same place.
    template <typename Visit>
    void nearest(size_t i, float limit2, bool& twins, const Visit& visit) {
        if (fours_.size() == kFew)
            nearest_of(i, limit2, twins, visit, [] { return kFew; });
        else
            nearest_of(i, limit2, twins, visit, [&] { return fours_.size(); });
    }
    /// Calls visit(site) for what lies in the very place of site `i`, itself among them.
    template <typename Visit>
    void in_place_of(size_t i, const Visit& visit) const {
        for (const uint32_t four : fours_)
            for (uint32_t k = four; k < four + 4; ++k)
                if (x_[k] == x_[i] && y_[k] == y_[i] && z_[k] == z_[i]) visit(k);
    }

    /// Whether a site for which good(site) lies within sqrt(limit2) of the place. May miss one farther than side().
    template <typename Good>
    bool any_within(Place p, float limit2, const Good& good) const {
        const float u = first(p) * per_side_, v = second(p) * per_side_;
        if (!(u >= 1 && v >= 1 && u < static_cast<float>(columns_ - 1) && v < static_cast<float>(rows_ - 1))) return false;
        const size_t bucket = static_cast<size_t>(v) * columns_ + static_cast<size_t>(u);
        const Four limit = spread(limit2);
        for (const size_t row : {bucket, bucket - columns_, bucket + columns_})
            for (uint32_t i = begin_[row - 1]; i < begin_[row + 2]; i += 4)
                for (uint32_t lanes = lanes_of(distances2(p, i) <= limit); lanes; lanes &= lanes - 1)
                    if (good(i + static_cast<uint32_t>(std::countr_zero(lanes)))) return true;
        return false;
    }

  private:
    using Four = float __attribute__((vector_size(16)));
    using Lanes = int32_t __attribute__((vector_size(16)));
    struct Added {
        int32_t x, y, z;
        uint32_t mark;
    };
    static constexpr size_t kMostAlong = 256;  // buckets

    static Four spread(float v) { return Four{v, v, v, v}; }
    static uint32_t lanes_of(Lanes set) {
#if defined(__SSE2__)
        return static_cast<uint32_t>(_mm_movemask_ps(std::bit_cast<__m128>(set)));
#else
        return uint32_t(set[0] & 1) | uint32_t(set[1] & 2) | uint32_t(set[2] & 4) | uint32_t(set[3] & 8);
#endif
    }
    static Four four(const float* from) {
        Four v;
        std::memcpy(&v, from, sizeof v);
        return v;
    }
    Four distances2(Place p, uint32_t i) const {
        const Four x = four(&x_[i]) - spread(p.x), y = four(&y_[i]) - spread(p.y), z = four(&z_[i]) - spread(p.z);
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
        Lanes same{};
        for (size_t k = 0; k < count(); ++k) {
            const Four d2 = distances2(p, fours_[k]);
            const Lanes here = d2 == 0;
            same -= here;
            keys_[k] = here ? spread(kNone) : d2;
            least = keys_[k] < least ? keys_[k] : least;
        }
        twins = same[0] + same[1] + same[2] + same[3] > 1;
        const float nearest2 = std::min(std::min(least[0], least[1]), std::min(least[2], least[3]));
        if (nearest2 > limit2) return;
        const Four wanted = spread(nearest2);
        for (size_t k = 0; k < count(); ++k)
            for (uint32_t lanes = lanes_of(keys_[k] == wanted); lanes; lanes &= lanes - 1)
                visit(fours_[k] + static_cast<uint32_t>(std::countr_zero(lanes)));
    }
    bool inside(int32_t value, size_t axis) const { return value >= corner_[axis] && value <= end_[axis]; }
    float first(Place p) const { return axis_ == 0 ? p.y : p.x; }
    float second(Place p) const { return axis_ == 2 ? p.y : p.z; }
    size_t bucket_of(const Added& a) const {
        const auto u = static_cast<float>(axis_ == 0 ? a.y : a.x), v = static_cast<float>(axis_ == 2 ? a.y : a.z);
        return static_cast<size_t>(v * per_side_) * columns_ + static_cast<size_t>(u * per_side_);
    }

    std::array<int32_t, 3> corner_{}, end_{};
    int axis_ = 2;
    int32_t side_ = 1;
    float per_side_ = 1;
    size_t columns_ = 0, rows_ = 0;
    std::vector<Added> added_;
    std::vector<uint32_t> bucket_;  // of what was added
    std::vector<uint32_t> begin_;   // per bucket, row by row, and one more
    std::vector<float> x_, y_, z_;  // by bucket, and a few more that are far away
    std::vector<uint32_t> mark_;
    std::vector<uint32_t> fours_;
    std::vector<Four> keys_;  // squared distances of the fours, of what lies in the same place kNone
};

}  // namespace track
