#include "engine/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace base {
namespace {

TEST(Parallel, EveryIndexIsTakenOnceWhateverTheGrain) {
    for (size_t count : {0u, 1u, 7u, 1000u})
        for (size_t grain : {1u, 3u, 1000u, 5000u}) {
            std::vector<int> taken(count, 0);
            parallel_ranges(count, grain, [&](size_t first, size_t last) {
                for (size_t i = first; i < last; ++i) ++taken[i];
            });
            EXPECT_EQ(taken, std::vector<int>(count, 1)) << count << " by " << grain;
        }
}

TEST(Parallel, AListIsInTheOrderOfIndicesWhateverTheGrain) {
    std::vector<size_t> expected;
    for (size_t i = 0; i < 1000; ++i) expected.insert(expected.end(), i % 4, i);
    for (size_t grain : {1u, 3u, 1000u, 5000u}) {
        const auto list = parallel_list<size_t>(1000, grain, [](size_t i, std::vector<size_t>& into) {
            into.insert(into.end(), i % 4, i);
        });
        EXPECT_EQ(list, expected) << grain;
    }
}

TEST(Parallel, WhatAPieceThrowsIsThrown) {
    EXPECT_THROW(parallel_ranges(100, 1, [](size_t first, size_t) { if (first == 50) throw 1; }), int);
}

TEST(Parallel, WorkWithinWorkEnds) {
    std::atomic<int> inner{0};
    parallel_ranges(50, 1, [&](size_t, size_t) {
        parallel_ranges(20, 1, [&](size_t, size_t) { ++inner; });
    });
    EXPECT_EQ(inner, 1000);
}

TEST(Parallel, CallersOnManyThreadsEachGetTheirOwnWorkDone) {
    std::vector<std::thread> callers;
    std::vector<size_t> sums(8, 0);
    for (size_t& sum : sums)
        callers.emplace_back([&sum] {
            for (int round = 0; round < 200; ++round) {
                std::atomic<size_t> taken{0};
                parallel_ranges(100, 3, [&](size_t first, size_t last) { taken += last - first; });
                sum += taken;
            }
        });
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(sums, std::vector<size_t>(8, 20'000));
}

TEST(Parallel, NoCallIsBegunAfterOneThatThrewHasReturned) {
    for (int round = 0; round < 100; ++round) {
        std::atomic<bool> returned{false}, late{false};
        EXPECT_THROW(parallel_ranges(64, 1, [&](size_t first, size_t) {
            if (returned) late = true;
            if (first % 7 == 3) throw std::runtime_error("a piece");
        }), std::runtime_error);
        returned = true;
        EXPECT_FALSE(late);
    }
}

}  // namespace
}  // namespace base
