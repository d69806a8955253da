#pragma once

// Work that falls into independent pieces, on all cores. The calling thread takes part and waits.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <thread>
#include <vector>

namespace base {

/// Calls work(first, last) for ranges that together cover [0, count), each index once, `grain` at a time.
/// What a piece writes may depend on its indices alone: the ranges' order and threads vary. What a piece
/// throws is thrown here.
template <typename Work>
void parallel_ranges(size_t count, size_t grain, const Work& work) {
    std::atomic<size_t> next{0};
    const auto take = [&] {
        for (size_t first; (first = next.fetch_add(grain)) < count;)
            work(first, std::min(first + grain, count));
    };
    const size_t pieces = (count + grain - 1) / grain;
    const size_t helpers = std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), pieces);
    std::vector<std::future<void>> others;
    for (size_t i = 1; i < helpers; ++i) others.push_back(std::async(std::launch::async, take));
    take();
    for (std::future<void>& other : others) other.get();
}

}  // namespace base
