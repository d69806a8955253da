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
    std::vector<track::CellWipe> wipes;
};

Played play(std::shared_ptr<const face::FaceAsset> face, const std::string& zone, const char* device, double seconds) {
    auto stage = std::make_shared<Stage>(training_test::stage_on(std::move(face), {zone}));
    stage->device = *skin::load_device(training_test::places(), device);
    stage->response = std::make_shared<const track::ResponseModel>(*track::ResponseModel::load(training_test::places()));
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
    return {stage, std::make_shared<const Recording>(std::move(whole)),
            {track::wipe_of_zone(*stage->face, static_cast<uint8_t>(stage->face->find_zone(zone)), 5'000'000)}};
}

const Played& on_dome() {
    static const Played played = play(training_test::dome(), "cheek_left", "pen-12", 12);
    return played;
}

template <typename T>
bool same(std::span<const T> a, std::span<const T> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

/// Redness, blood, bruise, pallor and overwork of every cell, and what measures ask of zones.
void expect_same_response(const track::Response& a, const track::Response& b, const face::FaceAsset& face, uint32_t time_us) {
    std::vector<shared::CellSigns> signs_a, signs_b;
    for (uint32_t cell = 0; cell < face.cells.size(); ++cell) {
        signs_a.push_back(a.signs(cell));
        signs_b.push_back(b.signs(cell));
    }
    EXPECT_TRUE(same<shared::CellSigns>(signs_a, signs_b)) << time_us;
    EXPECT_EQ(a.seen_redness(), b.seen_redness()) << time_us;
    EXPECT_EQ(a.zones(), b.zones()) << time_us;
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
    track::Response response(*played.stage->face, *played.stage->response);
    response.add(straight.punctures(), straight.contacts());
    for (const track::CellWipe& wipe : played.wipes)
        if (wipe.time_us <= replay.evidence_us()) response.wipe(wipe);
    response.advance(replay.evidence_us());
    expect_same_response(*replay.response(), response, *played.stage->face, time_us);
    const glm::dvec3 place = straight.simulation().contact().position;
    EXPECT_EQ(replay.simulation()->dent_at(place), straight.simulation().dent_at(place)) << time_us;
}

TEST(Replay, at_any_time_is_a_replay_from_the_start_to_the_last_bit) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage, 0, played.wipes);
    replay.wait();
    EXPECT_EQ(replay.snapshots(), 12u);
    base::Random random(3);
    for (int i = 0; i < 8; ++i) {
        const auto time = static_cast<uint32_t>(random.uniform() * replay.duration_us());
        ASSERT_TRUE(replay.seek(time));
        expect_as_from_start(played, replay, time);
    }
}

TEST(Replay, holds_at_the_ends_on_events_on_snapshots_and_a_step_either_way) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage, 0, played.wipes);
    replay.wait();
    for (const uint32_t time : {replay.duration_us(), 0u, 2'345'678u, 4'000'000u, 3'999'999u, 4'000'001u, 3'000'000u,
                                2'999'999u, 9'000'000u, 9'008'333u, 9'016'666u, 9'008'333u, 1u, replay.duration_us()}) {
        ASSERT_TRUE(replay.seek(time));
        expect_as_from_start(played, replay, time);
    }
    EXPECT_TRUE(replay.seek(UINT32_MAX));
    EXPECT_EQ(replay.time_us(), replay.duration_us());
}

TEST(Replay, does_no_more_for_a_seek_late_in_a_session_than_early_and_an_hour_fits_in_memory) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage, 0, played.wipes);
    replay.wait();
    const auto records = [&](const auto& all, uint32_t from, uint32_t to) {
        return static_cast<uint64_t>(std::ranges::count_if(all, [&](const auto& r) { return r.time_us > from && r.time_us <= to; }));
    };
    for (const uint32_t time : {11'900'000u, 3'900'000u, 7'999'999u, 12'000'000u, 1'900'000u, 10'500'000u}) {
        ASSERT_TRUE(replay.seek(time));
        const uint32_t kept = time - time % Replay::kEvidenceEvery_us;
        EXPECT_LE(replay.work().steps, skin::kStepsPerSecond + 1) << time;
        EXPECT_LE(replay.work().punctures, records(played.recording->punctures, kept - std::min(kept, 20'000u), time)) << time;
        EXPECT_LE(replay.work().contacts, records(played.recording->contacts, kept - std::min(kept, 20'000u), time)) << time;
    }
    EXPECT_GT(replay.bytes(), 12u * sizeof(skin::Simulation));
    EXPECT_LT(replay.bytes() / 12 * 3600, 400'000'000u);
}

/// Strokes to and fro over a pad, of a hand that never ends.
Played on_pad(double seconds) {
    auto stage = std::make_shared<Stage>(training_test::small_pad());
    stage->response = std::make_shared<const track::ResponseModel>(*track::ResponseModel::load(training_test::places()));
    Recording recording;
    for (int i = 1; i <= seconds * skin::kStepsPerSecond; ++i) {
        const double time = static_cast<double>(i) / skin::kStepsPerSecond, in = time - 2 * static_cast<double>(static_cast<int>(time / 2));
        input::PenPose pose;
        pose.time = time;
        pose.tip = {0.008 * (in < 1 ? 2 * in - 1 : 3 - 2 * in), 0, 0};
        pose.axis = {0.05, 0, -1};
        pose.force = 0.8;
        recording.samples.push_back(*input::quantise(pose));
    }
    const Session session = resimulate(recording, stage);
    recording.punctures = session.punctures();
    recording.contacts = session.contacts();
    return {stage, std::make_shared<const Recording>(std::move(recording)), {}};
}

TEST(Replay, does_as_much_for_a_seek_in_a_short_session_as_in_one_eight_times_as_long) {
    struct Most {
        uint64_t steps = 0, punctures = 0, contacts = 0;
    };
    const auto most_of = [](double seconds) {
        const Played played = on_pad(seconds);
        EXPECT_GT(played.recording->punctures.size(), static_cast<size_t>(500 * seconds));
        Replay replay(played.recording, played.stage, 0, played.wipes);
        replay.wait();
        Most most;
        base::Random random(7);
        for (int i = 0; i < 40; ++i) {
            const auto time = i == 0 ? replay.duration_us() : static_cast<uint32_t>(random.uniform() * replay.duration_us());
            EXPECT_TRUE(replay.seek(0) && replay.seek(time));
            const Replay::Work work = replay.work();
            most = {std::max(most.steps, work.steps), std::max(most.punctures, work.punctures), std::max(most.contacts, work.contacts)};
        }
        expect_as_from_start(played, replay, replay.time_us());
        return most;
    };
    const Most brief = most_of(16), lasting = most_of(128);
    EXPECT_LE(lasting.steps, skin::kStepsPerSecond + 1u);
    EXPECT_LE(lasting.contacts, 8u * skin::kStepsPerSecond + 4) << "since the evidence was kept last";
    EXPECT_LE(lasting.punctures, brief.punctures * 11 / 10);
    EXPECT_GE(brief.punctures, 1000u) << "the bound is of work that is done";
}

TEST(Replay, plays_forwards_in_frames_of_any_length) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage, 0, played.wipes);
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
        Replay replay(played.recording, played.stage, 0, played.wipes);
        replay.wait();
        for (const uint32_t time : {7'300'000u, 3'100'000u, 6'000'000u}) {
            ASSERT_TRUE(replay.seek(time)) << device;
            expect_as_from_start(played, replay, time);
        }
    }
}

TEST(Replay, tells_tallies_before_the_simulation_is_prepared_and_never_a_wrong_state) {
    const Played& played = on_dome();
    Replay replay(played.recording, played.stage, 0, played.wipes);
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
