#include "training/core/replay.h"

#include "engine/base/random.h"
#include "tests/unit/training_stage.h"
#include "training/core/moment.h"

#include <gtest/gtest.h>

#include <cstring>

namespace training {
namespace {

/// A novice on a dome for as long as the test has patience, who pauses in the middle, with fingers, gel and a new cartridge.
struct Played {
    std::shared_ptr<const Stage> stage;
    std::shared_ptr<const Recording> recording;
};

Played play(std::shared_ptr<const face::FaceAsset> face, const std::string& zone, const char* device, double seconds) {
    auto stage = std::make_shared<Stage>(training_test::stage_on(std::move(face), {zone}));
    stage->device = *skin::load_device(training_test::places(), device);
    Performance hand = perform_operator(*stage, Skill::novice, 5);
    std::erase_if(hand.samples, [&](const input::PenSample& s) { return s.time() > seconds; });
    std::erase_if(hand.events, [&](const input::ProcedureEvent& e) { return e.time_us * 1e-6 > seconds; });
    hand.events.push_back({2'345'678, "glide_medium", zone});
    hand.events.push_back({4'000'000, "cartridge_new", ""});
    hand.events.push_back({5'000'000, "wipe", zone});
    std::stable_sort(hand.events.begin(), hand.events.end(), [](auto& a, auto& b) { return a.time_us < b.time_us; });
    Recording whole;
    whole.samples = hand.samples;
    whole.events = hand.events;
    const Session session = resimulate(whole, stage);
    whole.punctures = session.punctures();
    whole.contacts = session.contacts();
    return {stage, std::make_shared<const Recording>(std::move(whole))};
}

const Played& on_dome() {
    static const Played played = play(training_test::dome(), "cheek_left", "pen-12", 12);
    return played;
}

template <typename T>
bool same(std::span<const T> a, std::span<const T> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

/// The state at a time is that of a session which was given what is recorded up to then, and goes on as that one does.
void expect_as_from_start(const Played& played, const Replay& replay, uint32_t time_us) {
    const Session straight = resimulate(until(*played.recording, time_us), played.stage);
    ASSERT_NE(replay.simulation(), nullptr);
    EXPECT_EQ(replay.time_us(), time_us);
    EXPECT_EQ(replay.simulation()->state_hash(), straight.simulation().state_hash()) << time_us;
    EXPECT_EQ(replay.simulation()->steps_done(), straight.simulation().steps_done()) << time_us;
    EXPECT_TRUE(same(replay.punctures(), std::span(straight.punctures()))) << time_us;
    EXPECT_TRUE(same(replay.contacts(), std::span(straight.contacts()))) << time_us;
    EXPECT_TRUE(same(replay.tracker().cells(), straight.tracker().cells())) << time_us;
    EXPECT_TRUE(same(replay.tracker().neighbourhoods(), straight.tracker().neighbourhoods())) << time_us;
    EXPECT_TRUE(same(replay.tracker().zone_tallies(), straight.tracker().zone_tallies())) << time_us;
    const glm::dvec3 place = straight.simulation().contact().position;
    EXPECT_EQ(replay.simulation()->dent_at(place), straight.simulation().dent_at(place)) << time_us;
}

TEST(Replay, at_any_time_is_a_replay_from_the_start_to_the_last_bit) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage);
    replay.wait();
    EXPECT_EQ(replay.snapshots(), 6u);
    base::Random random(3);
    for (int i = 0; i < 8; ++i) {
        const auto time = static_cast<uint32_t>(random.uniform() * replay.duration_us());
        ASSERT_TRUE(replay.seek(time));
        expect_as_from_start(played, replay, time);
    }
}

TEST(Replay, holds_at_the_ends_on_events_on_snapshots_and_a_step_either_way) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage);
    replay.wait();
    for (const uint32_t time : {replay.duration_us(), 0u, 2'345'678u, 4'000'000u, 3'999'999u, 4'000'001u, 3'000'000u,
                                2'999'999u, 9'000'000u, 9'008'333u, 9'016'666u, 9'008'333u, 1u, replay.duration_us()}) {
        ASSERT_TRUE(replay.seek(time));
        expect_as_from_start(played, replay, time);
    }
    EXPECT_TRUE(replay.seek(UINT32_MAX));
    EXPECT_EQ(replay.time_us(), replay.duration_us());
}

TEST(Replay, plays_forwards_in_frames_of_any_length) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage);
    replay.wait();
    uint32_t time = 0;
    for (const uint32_t frame : {16'667u, 400'000u, 33'333u, 2'900'000u, 8'333u, 5'000'000u}) {
        time += frame;
        ASSERT_TRUE(replay.seek(time));
        expect_as_from_start(played, replay, time);
    }
}

TEST(Replay, holds_for_rollers_and_stamps) {
    for (const char* device : {"roller-192", "stamp-40"}) {
        const Played played = play(training_test::dome(), "cheek_left", device, 8);
        Replay replay(played.recording, played.stage);
        replay.wait();
        for (const uint32_t time : {7'300'000u, 3'100'000u, 6'000'000u}) {
            ASSERT_TRUE(replay.seek(time)) << device;
            expect_as_from_start(played, replay, time);
        }
    }
}

TEST(Replay, tells_tallies_before_the_simulation_is_prepared_and_never_a_wrong_state) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage);
    const uint32_t time = replay.duration_us();
    if (!replay.seek(time)) {
        EXPECT_EQ(replay.simulation(), nullptr);
    }
    EXPECT_EQ(replay.punctures().size(), played.recording->punctures.size());
    replay.wait();
    EXPECT_EQ(replay.prepared(), 1.0);
    ASSERT_TRUE(replay.seek(time));
    expect_as_from_start(played, replay, time);
}

TEST(Replay, finds_the_second_in_which_a_log_was_changed) {
    const Played& played = on_dome();
    Replay whole(played.recording, played.stage);
    whole.wait();
    EXPECT_EQ(whole.differs_us(), std::nullopt);
    auto changed = std::make_shared<Recording>(*played.recording);
    shared::ContactRecord& record = changed->contacts[changed->contacts.size() / 2];
    ++record.force_mn;
    Replay replay(changed, played.stage);
    replay.wait();
    ASSERT_TRUE(replay.differs_us().has_value());
    EXPECT_GE(*replay.differs_us(), record.time_us);
    EXPECT_LT(*replay.differs_us(), record.time_us + 1'000'000);
}

TEST(Replay, of_an_empty_session_has_one_moment) {
    Replay replay(std::make_shared<const Recording>(), on_dome().stage);
    replay.wait();
    EXPECT_EQ(replay.duration_us(), 0u);
    EXPECT_TRUE(replay.seek(5));
    EXPECT_EQ(replay.time_us(), 0u);
    EXPECT_EQ(replay.prepared(), 1.0);
    EXPECT_FALSE(replay.simulation()->contact().touching);
}

}  // namespace
}  // namespace training
