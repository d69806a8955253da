#include "engine/base/history.h"

#include "engine/base/random.h"

#include <gtest/gtest.h>

#include <map>

namespace {

using base::History;

TEST(History, puts_back_what_was_held_at_the_last_moment_kept) {
    base::Random random(1);
    std::vector<uint32_t> values(1003, 0);
    History<uint32_t> history(values.size());
    std::map<uint32_t, std::vector<uint32_t>> held;
    for (uint32_t time = 10; time < 400; time += 1 + random.below(9)) {
        for (uint32_t changes = random.below(40); changes > 0; --changes)
            values[random.below(static_cast<uint32_t>(values.size()))] = random.below(5);
        history.keep(time, values);
        held[time] = values;
    }
    for (uint32_t time = 10; time < 420; ++time) {
        std::vector<uint32_t> back(values.size(), 77);
        history.restore(time, back);
        EXPECT_EQ(back, std::prev(held.upper_bound(time))->second) << time;
    }
}

TEST(History, knows_nothing_before_the_first_moment) {
    History<uint32_t> history(20);
    const std::vector<uint32_t> values(20, 3);
    history.keep(5, values);
    std::vector<uint32_t> back(20, 1);
    history.restore(4, back);
    EXPECT_EQ(back, std::vector<uint32_t>(20, 0));
}

TEST(History, keeps_only_what_changed) {
    std::vector<uint64_t> values(16000, 0);
    History<uint64_t> history(values.size());
    const size_t empty = history.bytes();
    for (uint32_t time = 0; time < 100; ++time) {
        values[time] = time + 1;  // within the first seven blocks of 16
        history.keep(time, values);
    }
    EXPECT_LT(history.bytes() - empty, 100 * (16 * sizeof(uint64_t) + 32));
    const size_t changed = history.bytes();
    for (uint32_t time = 100; time < 200; ++time) history.keep(time, values);
    EXPECT_EQ(history.bytes(), changed);
}

TEST(History, of_an_empty_array_is_empty) {
    History<uint32_t> history(0);
    history.keep(1, {});
    history.restore(1, {});
    EXPECT_EQ(history.bytes(), 0u);
}

}  // namespace
