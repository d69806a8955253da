#pragma once

// Work that falls into independent pieces, on all cores. The calling thread takes part and waits.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace base {

/// Calls work() on this thread and on up to `helpers` others, those that are idle; returns when none is in it any more. Each
/// call must share out what there is to do. What one of them throws is thrown here. May be called within work().
void share_with_threads(size_t helpers, const std::function<void()>& work);

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
    const size_t pieces = (count + grain - 1) / grain, cores = std::max(1u, std::thread::hardware_concurrency());
    share_with_threads(std::max<size_t>(std::min(cores, pieces), 1) - 1, take);
}

/// What the calls work(index, list) append for [0, count), in the order of the indices whatever the threads.
template <typename T, typename Work>
std::vector<T> parallel_list(size_t count, size_t grain, const Work& work) {
    std::vector<std::vector<T>> parts((count + grain - 1) / grain);
    parallel_ranges(count, grain, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) work(i, parts[first / grain]);
    });
    std::vector<T> all;
    for (const std::vector<T>& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace base
