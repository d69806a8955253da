#include "engine/base/parallel.h"

#include <gtest/gtest.h>


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

}  // namespace
}  // namespace base
