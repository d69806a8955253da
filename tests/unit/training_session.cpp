#include "training/core/session.h"

#include "engine/base/deterministic_math.h"
#include "tests/unit/training_stage.h"
#include "training/core/score.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace training {
namespace {

namespace fs = base::fs;

/// Six seconds over the flat pad: down, a stroke along +X at 2 cm/s and 0.7 N, up.
std::vector<input::PenSample> pen_path(double seconds = 6) {
    std::vector<input::PenSample> samples;
    for (int i = 0; i < seconds * 120; ++i) {
        double time = (i + 1) / 120.0, in = base::det::smoothstep(0.2, 0.5, time);
        input::PenPose pose;
        pose.time = time;
        pose.tip = {-0.03 + 0.02 * std::max(0.0, time - 0.5), 0.002 * base::det::sin(9 * time),
                    (1 - in) * 0.004};
        pose.axis = {0.03 * base::det::sin(5 * time), 0.02, -1};
        pose.force = in > 0.99 ? 0.7 + 0.1 * base::det::sin(13 * time) : 0.0;
        samples.push_back(*input::quantise(pose));
    }
    return samples;
}

class SessionFile : public testing::Test {
  protected:
    void SetUp() override {
        fs::path parent = ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
        std::string name = (parent / "evenhand-session-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    static std::shared_ptr<const Stage> stage() {
        static const std::shared_ptr<const Stage> pad = *load_stage(training_test::places(), "pad-flat");
        return pad;
    }
    /// Records the path in pieces of `piece` samples, with an event in the middle.
    Recording record(const char* name, size_t piece, bool finish = true) {
        base::Result<Recorder> recorder = Recorder::create(folder_ / name, make_header(*stage(), "test"));
        EXPECT_TRUE(recorder);
        Session session(stage(), std::move(*recorder));
        std::vector<input::PenSample> all = pen_path();
        std::span<const input::PenSample> samples = all;
        auto advance = [&](size_t count) {
            EXPECT_TRUE(session.advance(samples.first(count)));
            samples = samples.subspan(count);
        };
        constexpr size_t kBeforeEvent = 360;
        while (samples.size() > all.size() - kBeforeEvent)
            advance(std::min(piece, samples.size() - (all.size() - kBeforeEvent)));
        session.event({3'000'000, "glide_medium", "pad"});
        while (!samples.empty()) advance(std::min(piece, samples.size()));
        EXPECT_TRUE(!finish || session.finish());
        punctures_ = session.punctures().size();
        return *load_recording(folder_ / name);
    }

    fs::path folder_;
    size_t punctures_ = 0;
};

template <typename T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

TEST_F(SessionFile, keeping_leaves_less_than_half_a_second_to_lose_however_fast_it_was_simulated) {
    base::Result<Recorder> recorder = Recorder::create(folder_ / "fast.evh", make_header(*stage(), "test"));
    ASSERT_TRUE(recorder);
    Session session(stage(), std::move(*recorder));
    const std::vector<input::PenSample> samples = pen_path(6);
    for (size_t first = 0; first < samples.size(); first += 180) {
        ASSERT_TRUE(session.advance(std::span(samples).subspan(first, 180)));
        ASSERT_TRUE(session.keep());
        const double kept = load_recording(folder_ / "fast.evh")->duration();
        EXPECT_GT(kept, samples[first + 179].time() - 0.5);
    }
}

TEST_F(SessionFile, records_what_it_simulated) {
    Recording recording = record("a.evh", 1);
    EXPECT_TRUE(recording.finished);
    EXPECT_EQ(recording.samples, pen_path());
    EXPECT_EQ(recording.punctures.size(), punctures_);
    EXPECT_GT(recording.punctures.size(), 5000u);
    EXPECT_GT(recording.contacts.size(), 500u);
    ASSERT_EQ(recording.checkpoints.size(), 6u);
    for (size_t i = 0; i < 6; ++i) EXPECT_EQ(recording.checkpoints[i].step, 120 * (i + 1));
    EXPECT_EQ(recording.header.case_id, "pad-flat");
    EXPECT_EQ(recording.header.face, stage()->face->hash);
    EXPECT_EQ(recording.header.device, stage()->device.hash);
    EXPECT_EQ(recording.header.skin, stage()->skin.hash);
    EXPECT_TRUE(check_fits(recording, *stage()->face));
}

TEST_F(SessionFile, does_not_depend_on_how_samples_come_in) {
    Recording one = record("a.evh", 1), many = record("b.evh", 1000), odd = record("c.evh", 7);
    for (const Recording* other : {&many, &odd}) {
        EXPECT_EQ(one.samples, other->samples);
        EXPECT_TRUE(same_bytes(one.punctures, other->punctures));
        EXPECT_TRUE(same_bytes(one.contacts, other->contacts));
        ASSERT_EQ(one.checkpoints.size(), other->checkpoints.size());
        for (size_t i = 0; i < one.checkpoints.size(); ++i) {
            EXPECT_EQ(one.checkpoints[i].step, other->checkpoints[i].step);
            EXPECT_EQ(one.checkpoints[i].state, other->checkpoints[i].state) << i;
        }
    }
    EXPECT_EQ(one.events.size(), 1u);
    EXPECT_EQ(one.evidence_hash(), odd.evidence_hash());
}

TEST_F(SessionFile, a_replay_from_the_file_alone_gives_the_same_log_to_the_last_bit) {
    Recording recording = record("a.evh", 3);
    base::Result<std::shared_ptr<const Stage>> again = load_stage(training_test::places(), recording.header);
    ASSERT_TRUE(again) << again.error().message;
    Session replayed = resimulate(recording, *again);
    EXPECT_EQ(first_difference(recording, replayed), "");
    EXPECT_TRUE(same_bytes(recording.punctures, replayed.punctures()));

    track::Tracker tallies(*stage()->face);
    tallies.add(recording.punctures);
    tallies.add(recording.contacts);
    auto same = [](const shared::CellTally& x, const shared::CellTally& y) {
        return std::memcmp(&x, &y, sizeof x) == 0;
    };
    EXPECT_TRUE(
        std::equal(tallies.cells().begin(), tallies.cells().end(), replayed.tracker().cells().begin(), same));
}

TEST_F(SessionFile, an_unfinished_recording_replays_too) {
    Recording recording = record("a.evh", 5, false);
    EXPECT_FALSE(recording.finished);
    EXPECT_EQ(first_difference(recording, resimulate(recording, stage())), "");
}

TEST_F(SessionFile, the_first_difference_is_named_with_step_and_time) {
    const Recording good = record("a.evh", 60);
    auto difference = [&](auto change) {
        Recording changed = good;
        change(changed);
        return first_difference(changed, resimulate(good, stage()));
    };
    EXPECT_EQ(difference([](Recording&) {}), "");
    uint32_t time_us = good.punctures[4000].time_us;
    std::string place =
        fmt::format("step {} (", (static_cast<uint64_t>(time_us) * 120 + 999'999) / 1'000'000);
    std::string depth = difference([](Recording& r) { r.punctures[4000].depth_tilt ^= 1; });
    EXPECT_TRUE(depth.starts_with(place)) << depth;
    EXPECT_NE(depth.find("puncture 4000 differs"), std::string::npos);
    std::string missing = difference([](Recording& r) { r.punctures.pop_back(); });
    EXPECT_NE(missing.find("is not in the recording"), std::string::npos);
    std::string invented = difference([](Recording& r) { r.punctures.push_back(r.punctures.back()); });
    EXPECT_NE(invented.find("does not follow"), std::string::npos);
    std::string contact =
        difference([](Recording& r) { r.contacts[3].force_mn ^= 1, r.punctures.pop_back(); });
    EXPECT_NE(contact.find("contact record 3"), std::string::npos) << "the earlier one is named";
    std::string state = difference([](Recording& r) { r.checkpoints[2].state.bytes[0] ^= 1; });
    EXPECT_TRUE(state.starts_with("step 360 (3.000000 s)")) << state;
}

TEST_F(SessionFile, a_changed_pen_path_gives_another_log) {
    Recording recording = record("a.evh", 60);
    Recording changed = recording;
    changed.samples[400].tip_nm[0] += 50'000;  // 50 µm at 3.3 s
    std::string difference = first_difference(recording, resimulate(changed, stage()));
    EXPECT_FALSE(difference.empty());
}

TEST_F(SessionFile, an_event_takes_effect_no_earlier_than_the_samples_already_given) {
    base::Result<Recorder> recorder = Recorder::create(folder_ / "a.evh", make_header(*stage(), "test"));
    Session session(stage(), std::move(*recorder));
    std::vector<input::PenSample> samples = pen_path(2);
    ASSERT_TRUE(session.advance(samples));
    session.event({1'000'000, "wipe", "pad"});
    session.event({500'000, "wipe", "pad"});
    ASSERT_TRUE(session.finish());
    base::Result<Recording> recording = load_recording(folder_ / "a.evh");
    ASSERT_TRUE(recording) << recording.error().message;
    ASSERT_EQ(recording->events.size(), 2u);
    EXPECT_EQ(recording->events[0].time_us, samples.back().time_us);
    EXPECT_EQ(recording->events[1].time_us, samples.back().time_us);
}

TEST_F(SessionFile, a_pad_from_a_file_replays_when_the_file_is_gone) {
    fs::path pad = folder_ / "pad-x.toml";
    ASSERT_TRUE(base::write_file(
        pad, std::string_view("version = 1\nid = \"pad-x\"\nkind = \"pad\"\nsize_mm = [60, 40]\n"
                              "thickness_mm = 10\nstiffness_kpa = 25\npoisson = 0.45\n")));
    base::Result<std::shared_ptr<const Stage>> own = load_stage(training_test::places(), pad.string());
    ASSERT_TRUE(own) << own.error().message;
    base::Result<Recorder> recorder = Recorder::create(folder_ / "a.evh", make_header(**own, "test"));
    ASSERT_TRUE(recorder);
    Session session(*own, std::move(*recorder));
    ASSERT_TRUE(session.advance(pen_path(3)));
    ASSERT_TRUE(session.finish());
    ASSERT_GT(session.punctures().size(), 1000u);
    fs::remove(pad);

    base::Result<Recording> recording = load_recording(folder_ / "a.evh");
    ASSERT_TRUE(recording);
    base::Result<std::shared_ptr<const Stage>> again = load_stage(training_test::places(), recording->header);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->practice.zones, std::vector<std::string>{"pad"});
    EXPECT_EQ(first_difference(*recording, resimulate(*recording, *again)), "");
}

TEST_F(SessionFile, a_recording_keeps_the_skin_that_it_was_made_on) {
    base::Places other = training_test::places();
    other.data = folder_ / "content";
    fs::copy(training_test::places().data, other.data, fs::copy_options::recursive);
    std::string text = stage()->skin.text;
    const std::string was = "dry = 0.45";
    ASSERT_NE(text.find(was), std::string::npos);
    ASSERT_TRUE(base::write_file(other.data / "skins" / "skin.toml",
                                 std::string_view(text.replace(text.find(was), was.size(), "dry = 0.15"))));
    base::Result<std::shared_ptr<const Stage>> today = load_stage(other, "pad-flat");
    ASSERT_TRUE(today) << today.error().message;
    EXPECT_NE((*today)->skin.hash, stage()->skin.hash);

    Recording recording = record("a.evh", 60);
    base::Result<std::shared_ptr<const Stage>> again = load_stage(other, recording.header);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->skin.hash, stage()->skin.hash);
    EXPECT_EQ(first_difference(recording, resimulate(recording, *again)), "");
    recording.header.skin_text.clear();  // as in a recording older than the key
    again = load_stage(other, recording.header);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->skin.hash, (*today)->skin.hash);
}

TEST_F(SessionFile, a_recording_of_another_face_device_or_skin_is_refused) {
    RecordingHeader header = make_header(*stage(), "test");
    header.face.bytes[0] ^= 1;
    base::Result<std::shared_ptr<const Stage>> other = load_stage(training_test::places(), header);
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("the face 'pad-flat' is no longer the one recorded"),
              std::string::npos);

    header = make_header(*stage(), "test");
    header.device.bytes[0] ^= 1;
    other = load_stage(training_test::places(), header);
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("device"), std::string::npos);

    header = make_header(*stage(), "test");
    header.skin_text += "# changed";
    other = load_stage(training_test::places(), header);
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("the skin does not give the hash"), std::string::npos);

    header = make_header(*stage(), "test");
    header.case_text = "nonsense";
    EXPECT_FALSE(load_stage(training_test::places(), header));
}

TEST_F(SessionFile, a_stage_names_what_it_cannot_find) {
    auto message = [](const std::string& case_id, const std::string& device) {
        base::Result<std::shared_ptr<const Stage>> stage =
            load_stage(training_test::places(), case_id, device);
        return stage ? "loaded" : stage.error().message;
    };
    EXPECT_EQ(message("pad-flat", "pen-36"), "loaded");
    EXPECT_NE(message("nobody", "").find("nobody"), std::string::npos);
    EXPECT_NE(message("pad-flat", "hammer").find("hammer"), std::string::npos);
    fs::path path = folder_ / "case.toml";
    ASSERT_TRUE(
        base::write_file(path, std::string_view("version = 1\nid = \"x\"\nname = \"X\"\nface = \"pad-flat\"\n"
                                                "zones = [\"elbow\"]\n")));
    EXPECT_NE(message(path.string(), "").find("5:10: zones: the face 'pad-flat' has no zone \"elbow\""), std::string::npos);
}

TEST_F(SessionFile, a_killed_session_scores_and_replays) {
    (void)stage();  // baked before the fork
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        base::Result<Recorder> recorder = Recorder::create(folder_ / "a.evh", make_header(*stage(), "test"));
        if (!recorder) ::_exit(1);
        Session session(stage(), std::move(*recorder));
        for (const input::PenSample& sample : pen_path(20)) (void)session.advance({&sample, 1});
        ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    base::Result<Recording> recording = load_recording(folder_ / "a.evh");
    ASSERT_TRUE(recording) << recording.error().message;
    EXPECT_FALSE(recording->finished);
    EXPECT_GT(recording->samples.size(), 0u);
    EXPECT_EQ(first_difference(*recording, resimulate(*recording, stage())), "");
    Score result = score(*recording, *stage(), *load_rubric(training_test::places(), "provisional"),
                         *load_scope(training_test::places(), "medical"));
    EXPECT_FALSE(result.pass);
}

}  // namespace
}  // namespace training
