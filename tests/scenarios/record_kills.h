#pragma once

// Stations that are killed while they keep and send results. Shared by the fast tests and the long ones.

#include "engine/base/random.h"
#include "tests/scenarios/kills.h"
#include "tests/scenarios/records.h"

namespace record_test {

using scenarios::From;
using scenarios::killed_after;

inline size_t count(records::Store& store, const char* sql) {
    return std::stoul(*store.connection().query(sql)[0][0]);
}

/// Tells of each delivery.
template <typename Tell>
class Telling final : public records::Transport {
  public:
    Telling(const std::string& to, Tell tell) : to_(place_of(to)), tell_(std::move(tell)) {}
    std::vector<std::string> kinds() const override { return to_.kinds(); }
    records::Receipt deliver(const records::OutboxEntry& entry) override {
        const records::Receipt receipt = to_.deliver(entry);
        tell_(++delivered_);
        return receipt;
    }

  private:
    records::StoreTransport to_;
    Tell tell_;
    int delivered_ = 0;
};

/// A station that is killed `kills` times while it keeps results and as often while it sends them to `school`: what it was
/// promised is kept, each with one entry to send, and all of it arrives once.
inline void expect_nothing_lost(const std::string& school, int kills, uint64_t seed) {
    QuickFolder folder;
    const std::string own = folder / "records.db";
    base::Random random(seed);
    const auto moment = [&] { return std::chrono::microseconds(500 + random.below(12'000)); };
    { records::Store made = set_up(school); }
    int next = 0, interrupted_keeping = 0, interrupted_sending = 0;
    for (int i = 0; i < kills; ++i) {
        const int last = killed_after(moment(), From::birth, [&](const auto& tell) {
            records::Store station = open_store(own);
            for (int number = next;; ++number)
                if (records::keep_and_queue(station, result_number(number)).done()) tell(number);
        });
        interrupted_keeping += last >= next;
        records::Store station = open_store(own);
        const int kept = static_cast<int>(count(station, "SELECT count(*) FROM session"));
        ASSERT_GE(kept, std::max(next, last + 1)) << "kill " << i << " of seed " << seed << ": something that was promised is lost";
        ASSERT_LE(kept, std::max(next, last + 1) + 1) << "kill " << i;
        ASSERT_EQ(count(station, "SELECT count(*) FROM outbox"), static_cast<size_t>(kept)) << "kill " << i;
        ASSERT_EQ(count(station, "SELECT count(*) FROM score"), static_cast<size_t>(kept)) << "kill " << i;
        next = kept;
    }
    const auto send = [&](const auto& tell) {
        records::Store station = open_store(own);
        records::Outbox outbox(station);
        Telling transport(school, tell);
        const auto sending = records::send_all(outbox, transport, tries(1000));
        EXPECT_TRUE(sending) << sending.error().message;
        EXPECT_EQ(sending->refused, 0u);
    };
    for (int i = 0; i < kills; ++i) {
        {
            records::Store station = open_store(own);
            constexpr int kEnough = 40;
            for (auto waiting = records::Outbox(station).counts()->waiting; waiting < kEnough; ++waiting, ++next)
                expect_done(records::keep_and_queue(station, result_number(next)));
        }
        const int delivered = killed_after(moment(), i % 3 == 0 ? From::birth : From::first_step, send);
        records::Store station = open_store(own);
        interrupted_sending += delivered > 0 && records::Outbox(station).counts()->waiting > 0;
    }
    send([](int) {});
    records::Store station = open_store(own);
    EXPECT_EQ(*records::Outbox(station).counts(), (records::Outbox::Counts{0, next, 0})) << "seed " << seed;
    records::Store store = open_store(school);
    EXPECT_EQ(rows(store), static_cast<size_t>(next)) << "seed " << seed;
    EXPECT_GT(interrupted_keeping, kills / 4) << "most kills must come while something is kept";
    EXPECT_GT(interrupted_sending, kills / 4) << "most kills must come while something is sent";
    testing::Test::RecordProperty("results", next);
}

}  // namespace record_test
