#include "engine/track/site_patch.h"

#include "engine/base/result.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace track {

void SitePatch::start(const Box& box, int axis, int32_t side) {
    const int u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
    const auto extent = [&](int a) {
        return box.high[static_cast<size_t>(a)] - box.low[static_cast<size_t>(a)];
    };
    axis_ = axis;
    const int32_t widest = std::max({extent(0), extent(1), extent(2)});
    CHECK(widest <= kGreatestBox, widest);
    side_ = std::min(side, (kGreatestExtent - widest) / 4 - 1);
    side_ = std::max({side_, 4, (extent(u) + extent(v)) / static_cast<int32_t>(kMostAlong)});
    per_side_ = 1.0f / static_cast<float>(side_);
    for (int a = 0; a < 3; ++a) {
        corner_[a] = box.low[static_cast<size_t>(a)] - 2 * side_ -
                     1;  // so that rounding leaves the box's places out of the margin
        end_[a] = box.high[static_cast<size_t>(a)] + 2 * side_;
    }
    corner_[3] = -1, end_[3] = std::numeric_limits<int32_t>::max();  // any cell or none
    // The margin, the place on the far edge, and one for rounding.
    columns_ = static_cast<size_t>(extent(u) / side_) + 6;
    rows_ = static_cast<size_t>(extent(v) / side_) + 6;
    added_count_ = 0;
}

void SitePatch::sort() {
    constexpr size_t kBeyond = 8;  // fours run on past the last site
    const size_t count = added_count_;
    begin_.assign(columns_ * rows_ + 1, 0);
    bucket_.resize(count);
    xy_.resize(count + kBeyond), zw_.resize(count + kBeyond);
    mark_.resize(count + kBeyond), bucket_of_.resize(count);
    for (size_t i = 0; i < count; ++i) ++begin_[bucket_[i] = bucket_of(added_[i])];
    // From each bucket's end down to its beginning.
    uint32_t before = 0;
    for (uint32_t& b : begin_) b = before += b;
    for (size_t i = count; i-- > 0;) {
        const FourWhole a = added_[i];
        const uint32_t to = --begin_[bucket_[i]];
        xy_[to] = a[0] | a[1] << 16, zw_[to] = a[2] | kFourth << 16;
        mark_[to] = static_cast<uint32_t>(a[3]);
        bucket_of_[to] = bucket_[i];
    }
    // Farther from all places of the box than anybody asks.
    std::fill(xy_.end() - kBeyond, xy_.end(), 0);
    std::fill(zw_.end() - kBeyond, zw_.end(), kFourth << 16);
}

}  // namespace track
