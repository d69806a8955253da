#pragma once

// How far a long step has come, counted in pieces of work that threads share.

#include <cstddef>
#include <functional>
#include <mutex>

namespace face {

/// Is given what share of a step is done: [0, 1], rising. Empty = nobody asks.
using ShareTold = std::function<void(double share)>;

/// `told` for a part of a step, from share `from` of the whole to `to`.
inline ShareTold part_of(const ShareTold& told, double from, double to) {
    if (!told) return {};
    return [told, from, to](double share) { told(from + (to - from) * share); };
}

/// Counts pieces done on any thread and tells the share, one thread at a time and rising. What `told` throws goes to the thread
/// that counts.
class WorkCount {
  public:
    /// `pieces` > 0 in all; `told` must outlive the count.
    WorkCount(size_t pieces, const ShareTold& told) : pieces_(pieces), told_(told) {}

    void done(size_t pieces) {
        if (!told_) return;
        const std::lock_guard lock(mutex_);
        done_ += pieces;
        told_(static_cast<double>(done_) / static_cast<double>(pieces_));
    }

  private:
    const size_t pieces_;
    const ShareTold& told_;
    std::mutex mutex_;
    size_t done_ = 0;
};

}  // namespace face
