// The session behind the window: what it makes of looks at the pointer. Times are handed in, nothing here
// waits.

#include "training/app/live_session.h"
#include "training/app/session_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <glm/geometric.hpp>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "evenhand-app-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
};

std::shared_ptr<const training::Stage> pad() {
    static const Folder cache;
    static const auto stage = [] {
        const base::Places places{fs::path(EVENHAND_SOURCE_DIR) / "content", {}, cache.path};
        return *training::load_stage(places, "pad-flat");
    }();
    return stage;
}

/// The pointer goes right at a steady pace over the middle of the pad, the button held between `down` and
/// `up` s.
app::PointerLook look_at(double time, double down = 0.2, double up = 1e9) {
    app::PointerLook look;
    look.time = 100 + time;
    look.pointer = {0.42 + 0.05 * time, 0.5};
    look.camera = render::named_view(*pad()->face, "front").value();
    look.pressed = time >= down && time < up;
    return look;
}

/// Two seconds of practice seen `rate` times a second.
training::Recording practise(const fs::path& folder, int rate) {
    app::LiveSession session(pad(), folder);
    session.look(look_at(0));
    session.start();
    for (int i = 1; i <= 2 * rate; ++i) session.look(look_at(static_cast<double>(i) / rate));
    return session.finish();
}

TEST(LiveSession, pen_goes_the_same_way_however_slow_the_frames_are) {
    const Folder folder;
    // Both see the button go down at 0.2 s.
    const auto slow = practise(folder.path, 10);
    const auto fast = practise(folder.path, 60);
    ASSERT_EQ(slow.samples.size(), 241u);
    ASSERT_EQ(fast.samples.size(), 241u);
    for (size_t i = 0; i < slow.samples.size(); ++i) {
        EXPECT_EQ(slow.samples[i].time_us, fast.samples[i].time_us);
        EXPECT_LT(glm::length(slow.samples[i].tip() - fast.samples[i].tip()), 1e-6) << i;
        EXPECT_NEAR(*slow.samples[i].force(), *fast.samples[i].force(), 1e-5) << i;
    }
    EXPECT_GT(slow.punctures.size(), 1000u);
}

TEST(LiveSession, a_glide_seen_in_slow_frames_has_no_jumps) {
    const Folder folder;
    const auto recording = practise(folder.path, 10);
    std::vector<double> speeds;
    for (size_t i = 61; i < recording.samples.size(); ++i)
        speeds.push_back(glm::length(recording.samples[i].tip() - recording.samples[i - 1].tip()) * 120);
    const auto [low, high] = std::minmax_element(speeds.begin(), speeds.end());
    EXPECT_GT(*low, 0.9 * *high);
}

TEST(LiveSession, session_time_stands_still_before_the_start_and_while_paused) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    for (int i = 0; i <= 30; ++i) session.look(look_at(i / 30.0));
    session.start();
    for (int i = 31; i <= 60; ++i) session.look(look_at(i / 30.0));
    session.pause();
    for (int i = 61; i <= 90; ++i) session.look(look_at(i / 30.0));
    session.start();
    for (int i = 91; i <= 120; ++i) session.look(look_at(i / 30.0));
    EXPECT_NEAR(session.finish().duration(), 2.0, 1.5 / 120);
}

TEST(LiveSession, a_window_that_nobody_could_see_takes_no_time) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.look(look_at(0));
    session.start();
    session.look(look_at(0.5));
    session.look(look_at(20.5, 30));
    session.look(look_at(21.0, 30));
    EXPECT_NEAR(session.finish().duration(), 1.0, 1.5 / 120);
}

TEST(LiveSession, settings_made_before_the_start_are_the_first_events) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.set_depth(750);
    session.set_rate(900);
    session.look(look_at(0));
    session.start();
    for (int i = 1; i <= 10; ++i) session.look(look_at(i / 10.0));
    session.set_depth(250);
    session.set_traction(true);
    session.look(look_at(1.1));
    session.set_traction(false);
    const auto recording = session.finish();
    std::vector<std::string> events;
    for (const auto& event : recording.events) events.push_back(event.name + " " + event.value.substr(0, 5));
    ASSERT_EQ(events.size(), 5u);
    EXPECT_EQ(events[0], "depth_mm 0.750");
    EXPECT_EQ(events[1], "rate_hz 90.0");
    EXPECT_EQ(events[2], "depth_mm 0.250");
    EXPECT_EQ(events[3].substr(0, 14), "traction_begin");
    EXPECT_EQ(events[4], "traction_end ");
    EXPECT_EQ(recording.samples.front().depth_um, 750);
    EXPECT_EQ(recording.samples.back().depth_um, 250);
}

TEST(LiveSession, the_wheel_changes_the_force_aimed_at_in_steps) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    auto look = look_at(0);
    session.look(look);
    session.start();
    look = look_at(0.1);
    look.wheel = 4;
    session.look(look);
    session.look(look_at(0.2));
    session.finish();
    app::SessionView view;
    session.collect(view);
    EXPECT_NEAR(view.target_force, 0.7 + 4 * 0.05, 1e-9);
}

TEST(LiveSession, the_file_holds_what_was_practised_and_replays_to_the_last_bit) {
    const Folder folder;
    const auto recording = practise(folder.path, 30);
    const auto files = app::recent_sessions(folder.path, 10);
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].case_id, "pad-flat");
    const auto kept = training::load_recording(files[0].path);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_TRUE(kept->finished);
    EXPECT_EQ(kept->samples, recording.samples);
    EXPECT_EQ(kept->events, recording.events);
    EXPECT_EQ(kept->evidence_hash(), recording.evidence_hash());
    EXPECT_EQ(training::first_difference(*kept, training::resimulate(*kept, pad())), "");
}

TEST(LiveSession, a_window_closed_in_the_middle_keeps_the_session_unfinished) {
    const Folder folder;
    {
        app::LiveSession session(pad(), folder.path);
        session.look(look_at(0));
        session.start();
        for (int i = 1; i <= 60; ++i) session.look(look_at(i / 30.0));
    }
    const auto files = app::recent_sessions(folder.path, 10);
    ASSERT_EQ(files.size(), 1u);
    const auto kept = training::load_recording(files[0].path);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_FALSE(kept->finished);
    EXPECT_GT(kept->duration(), 1.0);
}

TEST(LiveSession, nothing_is_kept_of_a_session_that_never_began) {
    const Folder folder;
    {
        app::LiveSession session(pad(), folder.path);
        session.look(look_at(0));
        session.look(look_at(0.5));
    }
    EXPECT_TRUE(app::recent_sessions(folder.path, 10).empty());
}

TEST(LiveSession, a_folder_that_cannot_be_had_is_told_and_practice_goes_on) {
    const Folder folder;
    std::ofstream(folder.path / "in-the-way") << "a file, not a folder";
    app::LiveSession session(pad(), folder.path / "in-the-way");
    session.look(look_at(0));
    session.start();
    for (int i = 1; i <= 60; ++i) session.look(look_at(i / 30.0));
    const auto recording = session.finish();
    app::SessionView view;
    session.collect(view);
    EXPECT_NE(view.problem.find("in-the-way"), std::string::npos) << view.problem;
    EXPECT_TRUE(view.file.empty());
    EXPECT_GT(recording.punctures.size(), 500u);
}

TEST(LiveSession, picking_finds_the_skin_under_the_pointer_with_its_normal) {
    const auto camera = render::named_view(*pad()->face, "front").value();
    const auto middle = app::pick(*pad()->face, camera, {0.5, 0.5}, 1.5, 5e-3);
    ASSERT_TRUE(middle);
    EXPECT_GT(middle->normal.z, 0.999);
    EXPECT_FALSE(app::pick(*pad()->face, camera, {0.01, 0.01}, 1.5, 5e-3));
}

TEST(SessionFiles, names_tell_time_and_case_and_never_collide) {
    const Folder folder;
    const auto first = app::new_session_file(folder.path, "demo");
    ASSERT_TRUE(first);
    std::ofstream(*first) << "x";
    const auto second = app::new_session_file(folder.path, "demo");
    ASSERT_TRUE(second);
    EXPECT_NE(*first, *second);
    const auto from_file = app::new_session_file(folder.path, "/some/where/my pad.toml");
    ASSERT_TRUE(from_file);
    EXPECT_EQ(from_file->parent_path(), folder.path);
    EXPECT_NE(from_file->filename().string().find("my-pad"), std::string::npos);
}

TEST(SessionFiles, newest_come_first_and_foreign_names_are_shown_as_they_are) {
    const Folder folder;
    for (const char* name :
         {"2026-01-02_03-04-05_demo.evh", "2026-01-03_03-04-05_pad-flat.evh", "notes.txt", "exam.evh"})
        std::ofstream(folder.path / name) << "x";
    const auto files = app::recent_sessions(folder.path, 10);
    ASSERT_EQ(files.size(), 3u);
    EXPECT_EQ(files[0].begun, "exam");
    EXPECT_EQ(files[0].case_id, "");
    EXPECT_EQ(files[1].case_id, "pad-flat");
    EXPECT_EQ(files[1].begun, "2026-01-03 03:04");
    EXPECT_EQ(files[2].case_id, "demo");
    EXPECT_EQ(app::recent_sessions(folder.path, 1).size(), 1u);
    EXPECT_TRUE(app::recent_sessions(folder.path / "none", 5).empty());
}

}  // namespace
