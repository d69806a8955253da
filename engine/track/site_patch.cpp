#include "engine/track/site_patch.h"

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
    side_ = std::max({side, 4, (extent(u) + extent(v)) / static_cast<int32_t>(kMostAlong)});
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
    added_.clear();
}

void SitePatch::sort() {
    constexpr size_t kBeyond = 8;  // fours run on past the last site
    const size_t count = added_.size();
    begin_.assign(columns_ * rows_ + 1, 0);
    bucket_.resize(count);
    x_.resize(count + kBeyond), y_.resize(count + kBeyond), z_.resize(count + kBeyond),
        mark_.resize(count + kBeyond);
    for (size_t i = 0; i < count; ++i) ++begin_[bucket_[i] = static_cast<uint32_t>(bucket_of(added_[i]))];
    // From each bucket's end down to its beginning.
    uint32_t before = 0;
    for (uint32_t& b : begin_) b = before += b;
    for (size_t i = count; i-- > 0;) {
        const FourWhole a = added_[i];
        const Four place = __builtin_convertvector(a, Four);
        const uint32_t to = --begin_[bucket_[i]];
        x_[to] = place[0], y_[to] = place[1], z_[to] = place[2];
        mark_[to] = static_cast<uint32_t>(a[3]);
    }
    std::fill(x_.end() - kBeyond, x_.end(), 1e9f);
}

}  // namespace track
