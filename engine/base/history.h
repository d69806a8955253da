#pragma once

// What an array held at several moments, kept by what changed: the array is cut into blocks, and a block is kept again only
// where it differs, byte by byte, from what was last kept of it. For arrays of which little changes from one moment to the
// next, as the skin's cells under one pen.

#include "engine/base/result.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <type_traits>
#include <vector>

namespace base {

/// Of an array of `count` T without padding, T{} everywhere at first. Blocks of kBlock.
template <typename T, size_t kBlock = 16>
class History {
    static_assert(std::has_unique_object_representations_v<T> && std::is_trivially_copyable_v<T>);

  public:
    explicit History(size_t count) : count_(count), versions_((count + kBlock - 1) / kBlock) {}

    /// Times must not fall from call to call. About 0.1 ms per MB of the array.
    void keep(uint32_t time, std::span<const T> values) {
        CHECK(values.size() == count_, values.size(), count_);
        for (size_t b = 0; b < versions_.size(); ++b) {
            const std::span<const T> now = part(values, b);
            const Block& known = versions_[b].empty() ? blank() : kept_[versions_[b].back().block];
            if (std::memcmp(known.data(), now.data(), now.size_bytes()) == 0) continue;
            versions_[b].push_back({time, static_cast<uint32_t>(kept_.size())});
            std::ranges::copy(now, kept_.emplace_back().begin());
        }
    }

    /// Puts back what was held at the last moment kept that is not later than `time`; T{} before the first.
    void restore(uint32_t time, std::span<T> values) const {
        CHECK(values.size() == count_, values.size(), count_);
        for (size_t b = 0; b < versions_.size(); ++b) {
            const auto later = std::ranges::upper_bound(versions_[b], time, {}, &Version::time);
            const Block& then = later == versions_[b].begin() ? blank() : kept_[std::prev(later)->block];
            const std::span<T> into = part(values, b);
            std::copy_n(then.begin(), into.size(), into.begin());
        }
    }

    /// Of memory, about.
    size_t bytes() const {
        size_t sum = kept_.size() * sizeof(Block) + versions_.size() * sizeof(versions_[0]);
        for (const auto& versions : versions_) sum += versions.capacity() * sizeof(Version);
        return sum;
    }

  private:
    using Block = std::array<T, kBlock>;
    struct Version {
        uint32_t time, block;
    };
    static const Block& blank() {
        static const Block block{};
        return block;
    }
    template <typename U>
    static std::span<U> part(std::span<U> values, size_t block) {
        return values.subspan(block * kBlock, std::min(kBlock, values.size() - block * kBlock));
    }

    size_t count_;
    std::vector<std::vector<Version>> versions_;  ///< per block, in the order of time
    std::deque<Block> kept_;
};

}  // namespace base
