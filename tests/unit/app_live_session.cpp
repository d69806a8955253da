// The session behind the window: what it makes of looks at the pointer. Times are handed in, nothing here
// waits.

#include "training/app/live_session.h"
#include "training/app/session_files.h"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(LiveSession, one_that_starts_before_anything_was_seen_begins_with_the_first_look) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.start();
    for (int i = 0; i <= 60; ++i) session.look(look_at(i / 60.0));
    EXPECT_EQ(session.finish().samples.size(), 121u) << "of the second that was seen";
}

TEST(LiveSession, the_coach_tells_what_its_recording_tells_and_only_what_it_may) {
    const base::Places places{fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}};
    const training::Rubric rubric =
        training::rubric_for(*training::load_rubric(places, "provisional"), pad()->device, *training::load_scope(places, "medical"));
    for (const training::CueSet& cues : {training::all_cues(), training::CueSet(), *training::parse_cues("slow fast")}) {
        const Folder folder;
        app::LiveSession session(pad(), folder.path);
        session.set_coach(rubric, cues);
        session.look(look_at(0));
        session.start();
        for (int i = 1; i <= 120; ++i) {
            app::PointerLook look = look_at(i / 60.0);
            look.tilt = {0.3, 0};  // 17 degrees
            session.look(look);
        }
        const auto recording = session.finish();
        app::SessionView view;
        session.collect(view);
        const std::vector<training::Cue> told = training::cues_of(recording, *pad(), rubric);
        EXPECT_EQ(view.cue, told.empty() ? std::nullopt : std::optional(told.back()));
        EXPECT_EQ(training::cues_of(*training::load_recording(view.file), *pad(), rubric), told) << "from the file";
        const bool leans = std::ranges::any_of(told, [](const training::Cue& cue) { return cue.kind == training::CueKind::tilt; });
        EXPECT_EQ(leans, cues.all());
        const auto event = std::ranges::find(recording.events, training::kCoachEvent, &input::ProcedureEvent::name);
        ASSERT_NE(event, recording.events.end());
        EXPECT_EQ(event->value, training::cue_ids(cues));
        const auto figures = std::ranges::find(recording.events, training::kCoachFiguresEvent, &input::ProcedureEvent::name);
        ASSERT_NE(figures, recording.events.end());
        EXPECT_EQ(figures->value, pad()->coach->hash.hex());
        EXPECT_FALSE(training::other_coach(recording, *pad()));
    }
}

TEST(LiveSession, a_measured_force_is_recorded_as_it_was_told) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.look(look_at(0));
    session.start();
    for (int i = 1; i <= 200; ++i) {
        app::PointerLook look = look_at(i * 0.01, 0.2, 1.7);
        look.force = look.pressed ? 0.5 + 0.5 * look.time - 50 : 0.0;  // 0.5 N and 0.5 N/s more
        session.look(look);
    }
    const auto recording = session.finish();
    int compared = 0;
    for (const input::PenSample& sample : recording.samples) {
        if (sample.time() < 0.22 || sample.time() > 1.68) continue;
        EXPECT_NEAR(*sample.force(), 0.5 + 0.5 * sample.time(), 2e-6) << sample.time();
        ++compared;
    }
    EXPECT_GT(compared, 150);
    EXPECT_EQ(recording.samples.back().force_un, 0) << "lifted";
}

TEST(LiveSession, a_tracked_pose_is_recorded_at_its_own_times_whatever_the_pointer_does) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.look(look_at(0));
    session.set_pen("tracked", "calibrated to 0.40 mm");
    session.start();
    for (int i = 0; i <= 200; ++i) {  // poses come at 100 Hz, the session wants 120
        app::PointerLook look = look_at(i * 0.01, 1e9);
        look.tracked = {{0.01 * (look.time - 100), 0, 0}, {0.1, 0, -1}, 0.8};
        session.look(look);
    }
    const auto recording = session.finish();
    EXPECT_EQ(recording.header.source, "tracked");
    ASSERT_GT(recording.samples.size(), 230u);
    for (const input::PenSample& sample : recording.samples) {
        EXPECT_NEAR(sample.tip().x, 0.01 * sample.time(), 2e-8) << sample.time();
        EXPECT_EQ(sample.force_un, 800000);
    }
    EXPECT_GT(recording.punctures.size(), 1000u);
    const auto told = std::ranges::find(recording.events, "pen", &input::ProcedureEvent::name);
    ASSERT_NE(told, recording.events.end());
    EXPECT_EQ(told->value, "tracked calibrated to 0.40 mm");
}

TEST(LiveSession, the_kind_of_pen_is_kept_whenever_another_begins_to_act) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.look(look_at(0));
    session.start();
    for (int i = 1; i <= 90; ++i) {
        if (i == 31) session.set_pen("stylus", "1000 levels of pressure");
        if (i == 61) session.set_pen("gamepad", "");  // never pressed: never told
        app::PointerLook look = look_at(i / 60.0, 0.2, 0.9);
        session.look(look);
    }
    std::vector<std::string> told;
    for (const input::ProcedureEvent& event : session.finish().events)
        if (event.name == "pen") told.push_back(event.value);
    EXPECT_EQ(told, (std::vector<std::string>{"mouse", "stylus 1000 levels of pressure"}));
}

TEST(LiveSession, with_its_motor_off_a_pen_presses_and_makes_no_puncture) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.look(look_at(0));
    session.start();
    for (int i = 1; i <= 60; ++i) {
        app::PointerLook look = look_at(i / 60.0);
        look.motor = false;
        session.look(look);
    }
    const auto recording = session.finish();
    EXPECT_GT(recording.samples.back().force_un, 100000);
    EXPECT_TRUE(recording.punctures.empty());
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

/// As an attempt at an exam is begun, without a file.
std::shared_ptr<app::BegunSession> begun_attempt() {
    training::Recording before;
    before.header = training::make_header(*pad(), "mouse", "K-17");
    return std::make_shared<app::BegunSession>(app::BegunSession{training::Session(pad(), std::nullopt), before, {}, 60.0});
}

TEST(LiveSession, of_an_attempt_keeps_for_how_long_its_station_stood_still) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    session.set_begun(begun_attempt());
    session.look(look_at(0));
    session.start();
    session.look(look_at(0.9));    // slow, and no more than that
    session.look(look_at(5.15, 30));
    session.look(look_at(6.0, 30));
    session.pause();
    session.look(look_at(20.0, 30));  // the candidate's
    session.start();
    session.look(look_at(20.35, 30));
    session.look(look_at(21.85, 30));
    const auto recording = session.finish();
    EXPECT_NEAR(recording.duration(), 0.9 + 0.85 + 0.35, 1.5 / 120);
    std::vector<std::string> stood;
    for (const auto& event : recording.events)
        if (event.name == "exam_stood") stood.push_back(fmt::format("{} at {:.1f}", event.value, event.time_us / 1e6));
    EXPECT_EQ(stood, (std::vector<std::string>{"4250 at 0.9", "1500 at 2.1"}));
    app::SessionView view;
    session.collect(view);
    EXPECT_NEAR(view.stood, 5.75, 1e-9);
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
    session.look(look_at(1.1));
    const auto recording = session.finish();
    std::vector<std::string> events;
    for (const auto& event : recording.events) events.push_back(event.name + " " + event.value.substr(0, 5));
    ASSERT_EQ(events.size(), 5u);
    EXPECT_EQ(events[0], "cartridge_new ");
    EXPECT_EQ(events[1], "depth_mm 0.750");
    EXPECT_EQ(events[2], "rate_hz 90.0");
    EXPECT_EQ(events[3], "pen mouse");
    EXPECT_EQ(events[4], "depth_mm 0.250");
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
    ASSERT_TRUE(view.problem);
    EXPECT_NE(view.problem->message.find("in-the-way"), std::string::npos) << view.problem->message;
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

/// A pointer that is led through places and times; the session sees it 30 times a second.
class Hand {
  public:
    explicit Hand(const fs::path& folder) : session(pad(), folder) {
        look_.camera = render::named_view(*pad()->face, "front").value();
        look_.aspect = 1.5;
        look_.time = 100;
        session.look(look_);
        session.start();
    }
    void go(glm::dvec2 pointer, double seconds) {
        const glm::dvec2 from = look_.pointer;
        const int looks = static_cast<int>(std::lround(30 * seconds));
        for (int i = 1; i <= looks; ++i) {
            look_.time += 1.0 / 30;
            look_.pointer = from + (pointer - from) * (double(i) / looks);
            session.look(look_);
        }
    }
    void point(glm::dvec2 pointer) { look_.pointer = pointer; }
    void press(bool fingers) { look_.pressed = true, look_.fingers = fingers; }
    void automatic() { look_.automatic = true; }
    void release() { look_.pressed = look_.fingers = false; }
    /// A fingertip dragged from here to there.
    void drag(glm::dvec2 from, glm::dvec2 to) {
        point(from);
        go(from, 0.1);
        press(true);
        go(from, 0.1);
        go(to, 0.5);
        go(to, 0.1);
        release();
        go(to, 0.1);
    }
    glm::dvec3 place(glm::dvec2 pointer) const {
        return app::pick(*pad()->face, look_.camera, pointer, look_.aspect, 5e-3).value().place;
    }
    training::Recording finish() {
        training::Recording recording = session.finish();
        session.collect(view);
        return recording;
    }

    app::LiveSession session;
    app::SessionView view;

  private:
    app::PointerLook look_;
};

/// "finger_place 1", "finger_lift 2", … without what repeats.
std::vector<std::string> finger_events(const training::Recording& recording) {
    std::vector<std::string> all;
    for (const auto& event : recording.events) {
        if (!event.name.starts_with("finger")) continue;
        const std::string one = event.name + " " + event.value.substr(0, 1);
        if (all.empty() || all.back() != one) all.push_back(one);
    }
    return all;
}

using Events = std::vector<std::string>;

TEST(Fingers, one_lands_where_the_drag_begins_and_draws_the_skin_where_it_goes) {
    const Folder folder;
    Hand hand(folder.path);
    hand.drag({0.55, 0.5}, {0.554, 0.495});
    const auto recording = hand.finish();
    EXPECT_EQ(finger_events(recording), Events{"finger_place 1"});
    ASSERT_EQ(hand.view.contact.fingers.size(), 1u);
    const skin::Fingertip tip = hand.view.contact.fingers[0];
    EXPECT_LT(glm::distance(tip.place, hand.place({0.55, 0.5})), 1e-5);
    EXPECT_LT(glm::distance(tip.place + tip.pull, hand.place({0.554, 0.495})), 0.1e-3);
    EXPECT_GT(glm::length(tip.pull), 0.5e-3);
    EXPECT_TRUE(hand.view.traction);
    for (const auto& sample : recording.samples) EXPECT_EQ(sample.force_un, 0) << "the pen is lifted";
}

TEST(Fingers, the_pen_rests_while_a_finger_is_led_and_works_on_after_it) {
    const Folder folder;
    Hand hand(folder.path);
    hand.point({0.5, 0.5});
    hand.go({0.5, 0.5}, 0.3);
    hand.drag({0.53, 0.5}, {0.55, 0.5});
    hand.drag({0.47, 0.5}, {0.45, 0.5});
    hand.point({0.5, 0.5});
    hand.press(false);
    hand.go({0.5, 0.5}, 0.5);
    const auto recording = hand.finish();
    EXPECT_EQ(finger_events(recording), (Events{"finger_place 1", "finger_place 2"}));
    EXPECT_EQ(hand.view.contact.fingers.size(), 2u) << "they hold while the pen needles";
    EXPECT_TRUE(hand.view.contact.touching);
    EXPECT_GT(hand.view.contact.drawn.stretch, 0.03);
    EXPECT_GT(recording.punctures.size(), 100u);
    const shared::ContactRecord& last = recording.contacts.back();
    EXPECT_TRUE(last.flags & shared::kContactTraction);
    EXPECT_GT(shared::contact_stretch_permille(last), 30u);
    const double middle = hand.place({0.5, 0.5}).x;
    const auto while_led = recording.samples[recording.samples.size() / 2];
    EXPECT_NEAR(while_led.tip().x, middle, 20e-3) << "where it was left";
    const auto files = app::recent_sessions(folder.path, 10);
    const auto kept = training::load_recording(files.at(0).path);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_EQ(training::first_difference(*kept, training::resimulate(*kept, pad())), "");
}

TEST(Fingers, a_drag_from_a_fingertip_takes_it_on_and_a_click_on_it_lifts_it) {
    const Folder folder;
    Hand hand(folder.path);
    hand.drag({0.55, 0.5}, {0.56, 0.5});
    hand.drag({0.56, 0.5}, {0.57, 0.5});
    {
        Hand other(folder.path);
        other.drag({0.55, 0.5}, {0.57, 0.5});
        hand.finish();
        other.finish();
        ASSERT_EQ(hand.view.contact.fingers.size(), 1u);
        ASSERT_EQ(other.view.contact.fingers.size(), 1u);
        const skin::Fingertip one = hand.view.contact.fingers[0], same = other.view.contact.fingers[0];
        EXPECT_LT(glm::distance(one.place + one.pull, same.place + same.pull), 0.1e-3);
    }
    Hand clicking(folder.path);
    clicking.drag({0.55, 0.5}, {0.56, 0.5});
    clicking.drag({0.56, 0.5}, {0.56, 0.5});
    EXPECT_EQ(finger_events(clicking.finish()), (Events{"finger_place 1", "finger_lift 1"}));
    EXPECT_TRUE(clicking.view.contact.fingers.empty());
    EXPECT_FALSE(clicking.view.traction);
}

TEST(Fingers, a_third_drag_moves_the_finger_that_was_put_first) {
    const Folder folder;
    Hand hand(folder.path);
    hand.drag({0.56, 0.5}, {0.57, 0.5});
    hand.drag({0.44, 0.5}, {0.43, 0.5});
    hand.drag({0.5, 0.7}, {0.5, 0.71});
    EXPECT_EQ(finger_events(hand.finish()), (Events{"finger_place 1", "finger_place 2", "finger_place 1"}));
    ASSERT_EQ(hand.view.contact.fingers.size(), 2u);
}

TEST(Fingers, beside_the_pen_both_draw_apart_as_fast_as_a_hand_does) {
    const Folder folder;
    Hand hand(folder.path);
    hand.session.set_traction(true);
    hand.point({0.5, 0.5});
    hand.go({0.5, 0.5}, 1.0);
    const auto recording = hand.finish();
    ASSERT_EQ(hand.view.contact.fingers.size(), 2u);
    const auto& [right, left] = std::pair(hand.view.contact.fingers[0], hand.view.contact.fingers[1]);
    EXPECT_NEAR(right.place.x - left.place.x - right.slid - left.slid, 2 * skin::Stretch::kApart, 0.1e-3);
    const auto told = std::count_if(recording.events.begin(), recording.events.end(),
                                    [](const auto& event) { return event.name == "finger_place"; });
    EXPECT_GT(told, 20) << "2.2 mm at 20 mm/s";
    EXPECT_LT(told, 40) << "and then nothing more is told";
    EXPECT_GT(glm::dot(right.pull, right.place - left.place), 0);
}

TEST(Fingers, keys_change_pull_and_direction_and_lift_both) {
    const Folder folder;
    Hand hand(folder.path);
    hand.session.set_traction(true);
    hand.go({0.5, 0.5}, 0.5);
    hand.session.pull_more(-1e-3);
    hand.session.turn_fingers(1.5707963267948966);
    hand.go({0.5, 0.5}, 0.5);
    hand.session.pull_more(0);
    hand.finish();
    ASSERT_EQ(hand.view.contact.fingers.size(), 2u);
    for (const skin::Fingertip& tip : hand.view.contact.fingers) {
        EXPECT_NEAR(glm::length(tip.pull), app::FingerHand::kPull - 1e-3, 0.1e-3);
        EXPECT_NEAR(tip.pull.x, 0, 1e-6) << "now up and down";
    }
    Hand lifting(folder.path);
    lifting.session.set_traction(true);
    lifting.go({0.5, 0.5}, 0.5);
    lifting.session.set_traction(false);
    lifting.go({0.5, 0.5}, 0.2);
    const Events all = finger_events(lifting.finish());
    ASSERT_GT(all.size(), 4u);
    EXPECT_EQ(Events(all.end() - 2, all.end()), (Events{"finger_lift 1", "finger_lift 2"}));
    EXPECT_FALSE(lifting.view.traction);
}

TEST(Fingers, that_go_by_themselves_follow_the_pen_until_the_trainee_puts_them) {
    const Folder folder;
    Hand hand(folder.path);
    hand.automatic();
    hand.point({0.4, 0.5});
    hand.go({0.4, 0.5}, 0.5);
    hand.press(false);
    hand.go({0.6, 0.5}, 2.0);
    const auto recording = hand.finish();
    ASSERT_EQ(hand.view.contact.fingers.size(), 2u);
    const glm::dvec3 middle = 0.5 * (hand.view.contact.fingers[0].place + hand.view.contact.fingers[1].place);
    EXPECT_LT(glm::distance(middle, hand.place({0.6, 0.5})), 20e-3);
    EXPECT_GT(glm::distance(middle, hand.place({0.4, 0.5})), 20e-3);

    Hand own(folder.path);
    own.automatic();
    own.go({0.4, 0.5}, 0.5);
    own.drag({0.55, 0.5}, {0.56, 0.5});
    own.go({0.6, 0.6}, 1.0);
    own.finish();
    const bool led = std::any_of(own.view.contact.fingers.begin(), own.view.contact.fingers.end(), [&](const auto& tip) {
        return glm::distance(tip.place, own.place({0.55, 0.5})) < 1e-3;
    });
    EXPECT_TRUE(led) << "its own hold stays";
}

TEST(Fingers, one_led_off_the_skin_is_gone_and_comes_back_with_the_next_drag) {
    const Folder folder;
    Hand hand(folder.path);
    hand.drag({0.6, 0.5}, {0.99, 0.5});
    hand.drag({0.5, 0.5}, {0.51, 0.5});
    hand.finish();
    ASSERT_FALSE(hand.view.contact.fingers.empty());
    EXPECT_LT(glm::distance(hand.view.contact.fingers.back().place, hand.place({0.5, 0.5})), 1e-3);
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

TEST(LiveSession, gel_and_wipes_are_recorded_and_told_also_from_before_the_start) {
    const Folder folder;
    app::LiveSession session(pad(), folder.path);
    const auto zone = static_cast<uint8_t>(pad()->face->find_zone("pad"));
    session.look(look_at(0));
    session.put_medium(zone);
    session.start();
    for (int i = 1; i <= 30; ++i) session.look(look_at(i / 30.0));
    session.wipe(zone);
    session.wipe(0);  // not on the patient
    const training::Recording recording = session.finish();
    std::vector<input::ProcedureEvent> care;
    for (const input::ProcedureEvent& event : recording.events)
        if (event.name == "glide_medium" || event.name == "wipe") care.push_back(event);
    ASSERT_EQ(care.size(), 2u);
    EXPECT_EQ(care[0], (input::ProcedureEvent{0, "glide_medium", "pad"}));
    EXPECT_EQ(care[1].name, "wipe");
    EXPECT_NEAR(care[1].time_us * 1e-6, 1.0, 0.01);
    app::SessionView view;
    session.collect(view);
    EXPECT_EQ(view.care, care);
    session.collect(view);
    EXPECT_TRUE(view.care.empty()) << "told once";
}

/// A session of which `before` was kept, its recording begun anew in `file` with all of that.
std::shared_ptr<app::BegunSession> begun_with(const training::Recording& before, const fs::path& file, double limit) {
    training::Session session = training::resimulate(before, pad());
    auto recorder = training::Recorder::create(file, before.header);
    EXPECT_TRUE(recorder);
    recorder->add(before.samples);
    recorder->add(session.punctures());
    recorder->add(session.contacts());
    for (const training::Checkpoint& checkpoint : session.checkpoints()) recorder->add(checkpoint);
    for (const input::ProcedureEvent& event : before.events) recorder->add(event);
    EXPECT_TRUE(recorder->commit());
    session.record(std::move(*recorder));
    return std::make_shared<app::BegunSession>(app::BegunSession{std::move(session), before, file, limit});
}

TEST(LiveSession, one_that_was_begun_before_goes_on_behind_it_and_ends_at_its_limit) {
    const Folder folder;
    const training::Recording before = [&] {
        app::LiveSession session(pad(), folder.path);
        const auto zone = static_cast<uint8_t>(pad()->face->find_zone("pad"));
        session.look(look_at(0));
        session.set_depth(750);
        session.start();
        session.put_medium(zone);
        for (int i = 1; i <= 60; ++i) session.look(look_at(i / 60.0));  // the pen is on the skin at the end
        return session.finish();
    }();
    const fs::path file = folder.path / "part-2.evh";
    app::LiveSession session(pad(), folder.path);
    session.set_begun(begun_with(before, file, 2.0));
    session.look(look_at(5));
    session.start();
    for (int i = 1; i <= 180; ++i) session.look(look_at(5 + i / 60.0, 5.5));
    const training::Recording whole = session.finish();

    ASSERT_GT(whole.samples.size(), before.samples.size());
    EXPECT_TRUE(std::equal(before.samples.begin(), before.samples.end(), whole.samples.begin()));
    EXPECT_EQ(std::vector(whole.events.begin(), whole.events.begin() + static_cast<long>(before.events.size())), before.events);
    EXPECT_EQ(whole.samples.back().time_us, 2'000'000u) << "whatever came later";
    const input::PenSample& next = whole.samples[before.samples.size()];
    EXPECT_EQ(next.force_un, 0) << "the hand is no longer there";
    EXPECT_LT(glm::length(next.tip() - before.samples.back().tip()), 5e-3);
    EXPECT_EQ(next.depth_um, 750);
    EXPECT_GT(whole.punctures.size(), before.punctures.size());
    app::SessionView view;
    session.collect(view);
    EXPECT_EQ(view.file, file);
    EXPECT_EQ(view.punctures.size(), whole.punctures.size()) << "what was done before is shown too";
    ASSERT_EQ(view.care.size(), 1u);

    const auto kept = training::load_recording(file);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_TRUE(kept->finished);
    EXPECT_EQ(kept->samples, whole.samples);
    EXPECT_EQ(training::first_difference(*kept, training::resimulate(*kept, pad())), "");
}

}  // namespace
