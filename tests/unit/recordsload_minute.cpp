// Long forms: a minute of fifty stations, with figures; three hundred kills.

#include "tests/scenarios/record_kills.h"

#include <algorithm>
#include <atomic>

namespace {

using namespace records;
using namespace record_test;
using Clock = std::chrono::steady_clock;

/// Times of one step, ms.
struct Times {
    std::vector<double> all;
    void join(const Times& more) { all.insert(all.end(), more.all.begin(), more.all.end()); }
    double share(double part) {
        std::sort(all.begin(), all.end());
        return all.empty() ? 0 : all[std::min(all.size() - 1, static_cast<size_t>(part * static_cast<double>(all.size())))];
    }
};

template <typename Work>
void timed(Times& times, Work work) {
    const auto begin = Clock::now();
    work();
    times.all.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
}

/// A result of the size that `score --json` has.
SessionResult life_size(int number) {
    SessionResult result = result_number(number, fmt::format("candidate {}", number % 200));
    result.score.document += std::string(30'000, ' ');
    return result;
}

/// Each of fifty stations keeps a result and sends it, again and again for a minute.
void expect_a_minute_kept(const std::string& school, const char* kind) {
    constexpr int kStations = 50, kMostResults = 1'000'000;
    constexpr auto kLong = std::chrono::seconds(60);
    { Store made = set_up(school); }
    scenario::Scratch scratch;
    std::atomic<size_t> handed_in = 0;
    std::vector<Times> keeping(kStations), sending(kStations);
    std::vector<std::thread> stations;
    const auto begin = Clock::now();
    for (int s = 0; s < kStations; ++s)
        stations.emplace_back([&, s] {
            Store own = open_store((scratch / std::to_string(s)).string());
            Outbox outbox(own);
            StoreTransport transport(place_of(school));
            for (int i = 0; Clock::now() - begin < kLong; ++i) {
                const SessionResult result = life_size(s * kMostResults + i);
                timed(keeping[static_cast<size_t>(s)], [&] { expect_done(keep_and_queue(own, result)); });
                timed(sending[static_cast<size_t>(s)], [&] {
                    const auto sent = send_all(outbox, transport, tries(20));
                    ASSERT_TRUE(sent) << sent.error().message;
                    EXPECT_EQ(sent->sent, 1u) << sent->trouble;
                });
                ++handed_in;
            }
        });
    for (std::thread& station : stations) station.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    Store store = open_store(school);
    EXPECT_EQ(count(store, "SELECT count(*) FROM session"), handed_in);
    EXPECT_EQ(count(store, "SELECT count(*) FROM score"), handed_in);
    EXPECT_GE(handed_in, static_cast<size_t>(kStations));
    Times kept, sent;
    for (int s = 0; s < kStations; ++s) {
        kept.join(keeping[static_cast<size_t>(s)]);
        sent.join(sending[static_cast<size_t>(s)]);
    }
    fmt::print("{}: {} results of {} stations in {:.0f} s: {:.0f} a second; kept on the station in {:.1f} ms (99 %: {:.0f}), sent in {:.1f} ms "
               "(99 %: {:.0f})\n", kind, handed_in.load(), kStations, seconds, static_cast<double>(handed_in) / seconds, kept.share(0.5),
               kept.share(0.99), sent.share(0.5), sent.share(0.99));
}

TEST(RecordsForAMinute, OfFiftyStationsToAServerThatWaitsForItsDisk) {
    scenario::PostgresServer server(true);
    expect_a_minute_kept(server.url(server.new_database()), "PostgreSQL");
}

TEST(RecordsForAMinute, OfFiftyStationsToOneFile) {
    scenario::Scratch scratch;
    expect_a_minute_kept((scratch / "school.db").string(), "SQLite");
}

TEST(RecordsKilledOften, ThreeHundredTimesEachToAFile) {
    Sqlite school;
    expect_nothing_lost(school.text, 300, 2);
}

TEST(RecordsKilledOften, ThreeHundredTimesEachToAServer) {
    Postgres school;
    expect_nothing_lost(school.text, 300, 3);
}

}  // namespace
