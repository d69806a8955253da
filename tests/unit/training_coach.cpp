#include "training/core/coach.h"

#include "tests/unit/training_stage.h"
#include "training/core/metrics.h"
#include "training/core/procedure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace training {
namespace {

using testing::HasSubstr;
using training_test::dome;
using training_test::places;
using training_test::stage_on;

constexpr uint32_t kCheek = 1, kLid = 2, kChin = 3;  // of the dome
constexpr uint32_t kWorking = shared::kContactTouching | shared::kContactMotor;

const CoachFigures& figures() {
    static const CoachFigures loaded = *CoachFigures::load(places());
    return loaded;
}

Rubric rubric_of(const Stage& stage) {
    return rubric_for(*load_rubric(places(), "provisional"), stage.device, *load_scope(places(), "medical"));
}

Stage complete(Stage stage) {
    stage.response = std::make_shared<const track::ResponseModel>(*track::ResponseModel::load(places()));
    stage.coach = std::make_shared<const CoachFigures>(figures());
    return stage;
}

const Stage& on_the_dome() {
    static const Stage stage = complete(stage_on(dome(), {"cheek_left", "chin"}));
    return stage;
}
const Rubric& provisional() {
    static const Rubric rubric = rubric_of(on_the_dome());
    return rubric;
}

/// A session written by hand on the dome: step by step, nothing wrong but what a test makes so.
struct Stream {
    Stage stage = on_the_dome();
    Rubric rubric = provisional();
    std::vector<shared::ContactRecord> contacts;
    std::vector<shared::Puncture> punctures;
    std::vector<input::ProcedureEvent> events;
    uint32_t steps = 0;
    uint32_t chin = cell_in(kChin);  ///< where the pen is

    using Change = std::function<void(shared::ContactRecord&)>;

    uint32_t now_us() const { return skin::step_end_us(steps); }
    uint32_t cell_in(uint32_t zone, uint32_t least_no_go_um = 9000) const {
        for (uint32_t cell = 0; cell < stage.face->cells.size(); ++cell)
            if (stage.face->cells.zone[cell] == zone &&
                stage.face->cells.no_go_distance_um[cell] >= least_no_go_um)
                return cell;
        ADD_FAILURE() << "no such cell";
        return 0;
    }
    /// As an expert holds the pen on the chin: 0.7 N, 2 degrees, 2 cm/s.
    void hold(double seconds, const Change& change = {}) {
        for (auto count = static_cast<uint32_t>(seconds * 120 + 0.5); count > 0; --count) {
            shared::ContactRecord record{
                skin::step_end_us(++steps), chin, kChin, 700, 500, 200, 20'000, kWorking};
            if (change) change(record);
            contacts.push_back(record);
        }
    }
    void lift(double seconds) {
        hold(seconds, [](shared::ContactRecord& r) {
            r = {r.time_us, shared::kNoCell, 0, 0, 0, 0, 0, shared::kContactMotor};
        });
    }
    /// Needles in the present step.
    void strike(uint32_t cell, uint32_t depth_um = 450, uint32_t count = 1, uint32_t direction = 0) {
        for (; count > 0; --count)
            punctures.push_back({now_us(), cell, 0, 0, depth_um | 200u << 16, 700 | direction << 24});
    }
    /// As many on every cell of a zone as its area deserves, in the present step.
    void fill(uint32_t zone, double per_cm2, uint32_t depth_um = 450,
              const std::function<bool(uint32_t)>& where = {}, uint32_t directions = 3) {
        double owed = 0;
        for (uint32_t cell = 0; cell < stage.face->cells.size(); ++cell) {
            if (stage.face->cells.zone[cell] != zone || (where && !where(cell))) continue;
            for (owed += per_cm2 * stage.face->cells.area_um2[cell] * 1e-8; owed >= 1; owed -= 1)
                strike(cell, depth_um, 1, static_cast<uint32_t>(punctures.size()) % directions * 2);
        }
    }
    void event(const std::string& name, const std::string& value = "") {
        events.push_back({now_us(), name, value});
    }

    Coach coach() const { return {stage, rubric, figures()}; }
    std::vector<Cue> told() const {
        Coach coach = this->coach();
        for (const input::ProcedureEvent& event : events) coach.event(event);
        coach.add(punctures, contacts);
        return coach.told();
    }
    std::vector<std::string> ids() const {
        std::vector<std::string> ids;
        for (const Cue& cue : told()) ids.emplace_back(cue_id(cue.kind));
        return ids;
    }
};

Stream::Change tilted(double degrees) {
    return [=](shared::ContactRecord& r) { r.tilt_cdeg = static_cast<uint32_t>(degrees * 100); };
}
Stream::Change pressing(uint32_t force_mn) {
    return [=](shared::ContactRecord& r) { r.force_mn = force_mn; };
}
Stream::Change at_speed(double cm_s) {
    return [=](shared::ContactRecord& r) { r.speed_um_s = static_cast<uint32_t>(cm_s * 10'000); };
}

using Ids = std::vector<std::string>;

// --- What is told, closed form ---

TEST(Coach, is_silent_where_all_is_well) {
    Stream stream;
    stream.hold(20);
    EXPECT_EQ(stream.ids(), Ids{});
}

TEST(Coach, tells_of_a_tilt_by_the_rubrics_band) {
    const struct {
        double degrees;
        std::optional<CueSeverity> told;
    } cases[] = {
        {2, {}}, {4.9, {}}, {7, CueSeverity::notice}, {12, CueSeverity::warning}, {30, CueSeverity::urgent}};
    for (const auto& [degrees, severity] : cases) {
        Stream stream;
        stream.hold(1, tilted(degrees));
        const std::vector<Cue> told = stream.told();
        ASSERT_EQ(told.size(), severity ? 1u : 0u) << degrees;
        if (!severity) continue;
        EXPECT_EQ(told[0].kind, CueKind::tilt);
        EXPECT_EQ(told[0].severity, *severity) << degrees;
        EXPECT_EQ(told[0].value, static_cast<int64_t>(degrees * 1000));
        EXPECT_EQ(told[0].band.target_high, 5000);
        EXPECT_EQ(told[0].zone, kChin);
        EXPECT_EQ(told[0].cell, stream.chin);
    }
}

TEST(Coach, waits_for_as_long_as_its_figures_say) {
    Stream stream;
    stream.hold(3, tilted(7));
    const std::vector<Cue> told = stream.told();
    ASSERT_EQ(told.size(), 1u);
    // From the end of the touch on, a full hold; a step of slack.
    EXPECT_NEAR(told[0].since_us,
                1000.0 * (figures().settle + figures().cues[static_cast<size_t>(CueKind::tilt)].hold),
                2 * 8334.0);
}

TEST(Coach, follows_a_rubric_that_an_instructor_changed) {
    Stream stream;
    for (Criterion& line : stream.rubric.criteria)
        if (line.measure == "tilt_median") line.band = {0, 0, 15'000, 20'000};
    stream.hold(3, tilted(12));
    EXPECT_EQ(stream.ids(), Ids{});
    std::erase_if(stream.rubric.criteria,
                  [](const Criterion& line) { return line.measure == "tilt_median"; });
    stream.hold(3, tilted(40));
    EXPECT_EQ(stream.ids(), Ids{}) << "a rubric without the line asks for nothing";
}

TEST(Coach, tells_of_each_fault_of_the_hand) {
    const auto with_flags = [](uint32_t flags) { return [=](shared::ContactRecord& r) { r.flags = flags; }; };
    const struct {
        const char* id;
        Stream::Change change;
        CueSeverity severity;
    } cases[] = {{"force_high", pressing(1300), CueSeverity::warning},
                 {"force_high", pressing(3500), CueSeverity::urgent},
                 {"force_low", pressing(150), CueSeverity::notice},
                 {"fast", at_speed(4), CueSeverity::notice},
                 {"fast", at_speed(8), CueSeverity::urgent},
                 {"slow", at_speed(1.2), CueSeverity::notice},
                 {"slow", at_speed(0.7), CueSeverity::warning},
                 {"dwell", at_speed(0.1), CueSeverity::warning},
                 {"motor_off", with_flags(shared::kContactTouching), CueSeverity::warning}};
    for (const auto& [id, change, severity] : cases) {
        Stream stream;
        stream.hold(2.5, change);
        const std::vector<Cue> told = stream.told();
        ASSERT_EQ(told.size(), 1u) << id;
        EXPECT_STREQ(cue_id(told[0].kind), id);
        EXPECT_EQ(told[0].severity, severity) << id;
    }
}

TEST(Coach, asks_for_traction_on_mobile_skin_alone) {
    const auto on_cheek = [](const Stream& stream, uint32_t permille) {
        return [cell = stream.cell_in(kCheek), permille](shared::ContactRecord& r) {
            r.zone = kCheek;
            r.cell = cell;
            r.flags = kWorking | permille << 8;
        };
    };
    for (const uint32_t permille : {0u, 100u, 200u}) {
        Stream stream;
        stream.hold(3, on_cheek(stream, permille));
        const std::vector<Cue> told = stream.told();
        ASSERT_EQ(told.size(), permille == 100 ? 0u : 1u) << permille;
        if (told.empty()) continue;
        EXPECT_EQ(told[0].kind, CueKind::traction);
        EXPECT_EQ(told[0].too_little(), permille == 0);
    }
}

TEST(Coach, tells_of_needles_at_the_wrong_depth_for_their_zone) {
    // Chin: 0.5 to 1.0 mm, care from 1.25, critical from 2.0; 0.05 of tolerance.
    const struct {
        uint32_t depth_um;
        std::optional<CueSeverity> told;
        bool too_little;
    } cases[] = {{460, {}, false},
                 {1040, {}, false},
                 {300, CueSeverity::warning, true},
                 {1200, CueSeverity::notice, false},
                 {1400, CueSeverity::warning, false},
                 {2100, CueSeverity::urgent, false}};
    for (const auto& [depth_um, severity, too_little] : cases) {
        Stream stream;
        for (int i = 0; i < 240; ++i) {
            stream.hold(1.0 / 120);
            stream.strike(stream.chin, depth_um, 11);
        }
        std::vector<Cue> told = stream.told();
        std::erase_if(told, [](const Cue& cue) {
            return cue.kind != CueKind::depth;
        });  // one spot is overworked as well
        ASSERT_EQ(told.size(), severity ? 1u : 0u) << depth_um;
        if (!severity) continue;
        EXPECT_EQ(told[0].severity, *severity) << depth_um;
        EXPECT_EQ(told[0].too_little(), too_little) << depth_um;
    }
}

TEST(Coach, warns_near_no_go_skin_and_is_urgent_inside_it_at_once) {
    Stream stream;
    const auto& cells = stream.stage.face->cells;
    uint32_t ring = 0;
    while (cells.zone[ring] != kCheek || cells.no_go_distance_um[ring] == 0 ||
           cells.no_go_distance_um[ring] >= 2000)
        ++ring;
    uint32_t inside = 0;
    while (cells.zone[inside] != kLid) ++inside;
    for (int i = 0; i < 24; ++i) {
        stream.hold(1.0 / 120);
        stream.strike(ring, 700, 2);
    }
    ASSERT_EQ(stream.ids(), Ids{"no_go"});
    EXPECT_EQ(stream.told()[0].severity, CueSeverity::warning);
    EXPECT_EQ(stream.told()[0].value, cells.no_go_distance_um[ring]);
    const uint32_t before_us = stream.now_us();
    stream.hold(1.0 / 120);
    stream.strike(inside, 700, 1);
    EXPECT_EQ(stream.told()[0].severity, CueSeverity::urgent);
    EXPECT_EQ(stream.told()[0].until_us, stream.now_us());
    EXPECT_GT(stream.now_us(), before_us);
}

TEST(Coach, tells_of_dry_skin_where_gel_is_in_play) {
    Stream plain;
    plain.hold(3);
    EXPECT_EQ(plain.ids(), Ids{});
    for (const char* event : {kPrepBegin, "glide_medium"}) {
        Stream stream;
        stream.event(event, "chin");
        stream.hold(3);
        EXPECT_EQ(stream.ids(), Ids{"medium"}) << event;
    }
    Stream asked;
    asked.event(kCoachEvent, "tilt medium");
    asked.hold(3);
    EXPECT_EQ(asked.ids(), Ids{"medium"});
    Stream wet;
    wet.event(kPrepBegin);
    wet.hold(3, [](shared::ContactRecord& r) { r.flags |= shared::kContactMedium; });
    EXPECT_EQ(wet.ids(), Ids{});
}

TEST(Coach, shows_the_thin_part_of_a_zone_once_the_rest_is_done) {
    const auto thin = [](const Stream& stream) {
        return [&cells = stream.stage.face->cells](uint32_t cell) { return cells.seed[cell].x > 20e-3; };
    };
    Stream begun;  // half of what one pass leaves: nothing is thin yet
    begun.hold(1);
    begun.fill(kChin, 600, 450, [&](uint32_t cell) { return !thin(begun)(cell); });
    begun.hold(4);
    EXPECT_EQ(begun.ids(), Ids{});

    Stream done;
    done.event(kCoachEvent, "gap");
    done.hold(1);
    done.fill(kChin, 4000, 700, [&](uint32_t cell) { return !thin(done)(cell); });
    done.hold(4);
    ASSERT_EQ(done.ids(), Ids{"gap"});
    const Cue cue = done.told()[0];
    EXPECT_EQ(cue.zone, kChin);
    ASSERT_GT(cue.cells.size(), 100u);
    size_t right = 0;
    for (const uint32_t cell : cue.cells) {
        EXPECT_EQ(done.stage.face->cells.zone[cell], kChin);
        right += thin(done)(cell);
    }
    EXPECT_GT(right, cue.cells.size() * 8 / 10) << "neighbourhoods on the border hold some of either";
    // Whoever works there already is not told.
    Stream there = done;
    there.contacts.clear();
    there.punctures.clear();
    there.steps = 0;
    const uint32_t cell = cue.cells[cue.cells.size() / 2];
    const auto at = [&](shared::ContactRecord& r) { r.cell = cell; };
    there.hold(1, at);
    there.fill(kChin, 4000, 700, [&](uint32_t c) { return !thin(there)(c); });
    there.hold(4, at);
    EXPECT_EQ(there.ids(), Ids{});
}

TEST(Coach, asks_to_cross_a_zone_that_was_worked_in_one_direction) {
    for (const uint32_t directions : {1u, 3u}) {
        Stream stream;
        stream.hold(1);
        stream.fill(kChin, 2000, 700, {}, directions);
        stream.hold(3);
        EXPECT_EQ(stream.ids(), directions == 1 ? Ids{"direction"} : Ids{}) << directions;
    }
}

TEST(Coach, tells_of_overworked_skin_under_the_pen) {
    Stream stream;
    stream.event(kCoachEvent, "overworked");
    const uint32_t under = stream.chin, own = stream.stage.face->cells.neighbourhood[under];
    const auto near = [&](uint32_t cell) { return stream.stage.face->cells.neighbourhood[cell] == own; };
    stream.hold(1);
    stream.fill(kChin, 5000, 700, near);
    stream.hold(1.5);
    ASSERT_EQ(stream.ids(), Ids{"overworked"});
    EXPECT_EQ(stream.told()[0].severity, CueSeverity::notice);
    const std::vector<uint32_t> cells = stream.told()[0].cells;
    for (const uint32_t cell : cells) EXPECT_TRUE(near(cell));
    stream.fill(kChin, 5000, 700, near);
    stream.hold(0.5);
    EXPECT_EQ(stream.told()[0].severity, CueSeverity::urgent);
}

TEST(Coach, tells_that_a_zone_has_come_to_its_end_and_more_urgently_of_going_on) {
    Stream stream;
    stream.event(kCoachEvent, "end_point");
    std::optional<CueSeverity> gravest;
    for (int second = 0; second < 120; ++second) {
        stream.hold(1);
        stream.fill(kChin, 150, 800);
    }
    const std::vector<Cue> told = stream.told();
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.front().severity, CueSeverity::notice);
    for (const Cue& cue : told) gravest = std::max(gravest.value_or(CueSeverity::notice), cue.severity);
    EXPECT_EQ(gravest, CueSeverity::urgent);
    // Who has called it and stops hears nothing.
    Stream called = stream;
    const size_t kept = told.front().since_us / 8333;
    called.contacts.resize(kept);
    std::erase_if(called.punctures,
                  [&](const shared::Puncture& p) { return p.time_us > called.contacts.back().time_us; });
    called.steps = static_cast<uint32_t>(kept);
    called.events.push_back({told.front().since_us - 2'000'000, kEndPoint, "chin"});
    called.lift(5);
    EXPECT_EQ(called.ids(), Ids{});
}

// --- How it is told ---

TEST(Coach, does_not_flicker_about_the_edge_of_a_band) {
    Stream stream;
    stream.hold(2, tilted(8));
    for (int i = 0; i < 60; ++i) {
        stream.hold(0.05, tilted(3.5));
        stream.hold(0.05, tilted(6.5));
    }
    EXPECT_LE(stream.told().size(), 1u);
    Stream other;
    for (int i = 0; i < 100; ++i) {
        other.hold(0.1, tilted(4));
        other.hold(0.1, tilted(6));
    }
    EXPECT_EQ(other.ids(), Ids{}) << "right as long as wrong is no fault yet";
}

TEST(Coach, falls_silent_when_it_is_put_right_and_stays_for_a_least_time) {
    Stream stream;
    stream.hold(1.2, tilted(12));
    stream.hold(10);
    const std::vector<Cue> told = stream.told();
    ASSERT_EQ(told.size(), 1u);
    const uint32_t lasted_ms = (told[0].until_us - told[0].since_us) / 1000;
    const CueFigures& tilt = figures().cues[static_cast<size_t>(CueKind::tilt)];
    EXPECT_GE(lasted_ms + 10, tilt.least);
    EXPECT_LE(lasted_ms, tilt.least + 500);
}

TEST(Coach, does_not_nag) {
    Stream stream;
    stream.hold(60, tilted(12));
    const std::vector<Cue> told = stream.told();
    const CueFigures& tilt = figures().cues[static_cast<size_t>(CueKind::tilt)];
    ASSERT_GT(told.size(), 2u);
    for (size_t i = 1; i < told.size(); ++i) {
        EXPECT_NEAR(told[i - 1].until_us - told[i - 1].since_us, tilt.most * 1000.0, 2 * 8334.0);
        EXPECT_GE(told[i].since_us - told[i - 1].until_us, tilt.rest * 1000 - 2 * 8334u);
    }
}

TEST(Coach, tells_one_thing_at_a_time_the_gravest_then_the_one_with_most_points) {
    Stream stream;  // both beyond the warning: pressure has 8 points, tilt 4
    stream.hold(2, [](shared::ContactRecord& r) { r.tilt_cdeg = 1200, r.force_mn = 1300; });
    EXPECT_EQ(stream.ids(), Ids{"force_high"});
    Stream notice;  // a warning goes before a notice whatever their points
    notice.hold(2, [](shared::ContactRecord& r) { r.tilt_cdeg = 1200, r.force_mn = 150; });
    EXPECT_EQ(notice.ids(), Ids{"tilt"});
    Stream urgent;  // what is critical is told at once, whatever is being told
    urgent.hold(1.2, tilted(12));
    urgent.hold(0.5, [](shared::ContactRecord& r) { r.tilt_cdeg = 1200, r.force_mn = 3500; });
    EXPECT_EQ(urgent.ids(), (Ids{"tilt", "force_high"}));
    for (const Stream* each : {&stream, &notice, &urgent}) {
        const std::vector<Cue> told = each->told();
        for (size_t i = 1; i < told.size(); ++i) EXPECT_LE(told[i - 1].until_us, told[i].since_us);
    }
}

TEST(Coach, tells_the_cause_before_what_follows_from_it) {
    Stream stream;
    for (int i = 0; i < 240; ++i) {
        stream.hold(1.0 / 120, tilted(9));
        stream.strike(stream.chin, 300, 11);
        stream.punctures.back().cell = stream.chin;
    }
    stream.events.push_back({0, kCoachEvent, "tilt depth"});
    EXPECT_EQ(stream.ids(), Ids{"tilt"});
    stream.events = {{0, kCoachEvent, "depth"}};
    EXPECT_EQ(stream.ids(), Ids{"depth"}) << "where tilt is not told of, depth is";
}

TEST(Coach, goes_silent_when_the_pen_is_lifted) {
    Stream stream;
    stream.hold(1.2, tilted(12));
    stream.lift(5);
    ASSERT_EQ(stream.told().size(), 1u);
    EXPECT_NEAR(stream.told()[0].until_us, 1'200'000 + figures().lifted * 1000.0, 3 * 8334.0);
}

TEST(Coach, tells_only_what_the_session_allows) {
    Stream off;
    off.event(kCoachEvent, "");
    off.hold(10, tilted(40));
    EXPECT_EQ(off.ids(), Ids{});
    Stream some;
    some.event(kCoachEvent, "force_high fast");
    some.hold(3, [](shared::ContactRecord& r) { r.tilt_cdeg = 4000, r.force_mn = 1300; });
    EXPECT_EQ(some.ids(), Ids{"force_high"});
    some.event(kCoachEvent, "");
    some.hold(1, [](shared::ContactRecord& r) { r.tilt_cdeg = 4000, r.force_mn = 1300; });
    EXPECT_LE(some.told().back().until_us, 3'000'000u) << "silenced at once";
    Stream broken;  // by hand: as if it were not there
    broken.event(kCoachEvent, "tilt tlit");
    broken.hold(2, tilted(12));
    EXPECT_EQ(broken.ids(), Ids{"tilt"});
}

// --- Names ---

TEST(Coach, names_every_cue) {
    for (size_t i = 0; i < kCueKinds; ++i)
        EXPECT_EQ(find_cue(cue_id(static_cast<CueKind>(i))), static_cast<CueKind>(i));
    EXPECT_EQ(find_cue("tlit"), std::nullopt);
    EXPECT_EQ(*parse_cues(cue_ids(all_cues())), all_cues());
    EXPECT_EQ(*parse_cues(""), CueSet());
    EXPECT_EQ(cue_ids(*parse_cues(" fast  tilt ")), "tilt fast");
    const auto wrong = parse_cues("tilt tlit");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("no cue 'tlit'; there are no_go motor_off"));
}

// --- Sessions ---

Stage pad_stage() {
    return complete(training_test::small_pad());
}

Recording session_of(const Stage& stage, Skill skill, uint64_t seed) {
    return training_test::record(stage, perform_operator(stage, skill, seed), "operator");
}

double told_share(const Recording& recording, const std::vector<Cue>& told) {
    double sum = 0;
    for (const Cue& cue : told) sum += cue.until_us - cue.since_us;
    return sum * 1e-6 / recording.duration();
}

TEST(CoachSession, says_the_same_of_a_session_in_pieces_and_of_its_recording) {
    const Stage stage = pad_stage();
    const Rubric rubric = rubric_of(stage);
    const Performance performance = perform_operator(stage, Skill::novice, 3);
    Recording recording = training_test::record(stage, performance, "operator");
    const std::vector<Cue> replayed = cues_of(recording, stage, rubric);
    ASSERT_FALSE(replayed.empty());
    for (const size_t piece : {size_t{1}, size_t{7}, size_t{120}}) {
        Session session(std::make_shared<Stage>(stage), std::nullopt);
        Coach live(stage, rubric, figures());
        for (const input::ProcedureEvent& event : performance.events) session.event(event), live.event(event);
        std::span<const input::PenSample> samples = performance.samples;
        size_t punctures = 0, contacts = 0;
        while (!samples.empty()) {
            const size_t count = std::min(piece, samples.size());
            ASSERT_TRUE(session.advance(samples.first(count)));
            samples = samples.subspan(count);
            live.add(std::span(session.punctures()).subspan(punctures),
                     std::span(session.contacts()).subspan(contacts));
            punctures = session.punctures().size();
            contacts = session.contacts().size();
        }
        EXPECT_EQ(live.told(), replayed) << piece;
    }
    recording.events.insert(recording.events.begin(), {0, kCoachEvent, ""});
    EXPECT_EQ(cues_of(recording, stage, rubric), std::vector<Cue>());
    Stage broken = stage;
    broken.coach.reset();
    EXPECT_EQ(cues_of(recording, broken, rubric), std::vector<Cue>());
}

TEST(CoachSession, a_replay_tells_whether_its_cues_are_found_by_the_sessions_own_figures) {
    Stage stage = pad_stage();
    Recording recording = session_of(stage, Skill::novice, 3);
    EXPECT_FALSE(other_coach(recording, stage)) << "an older one names none";
    recording.events.insert(recording.events.begin(), {0, kCoachFiguresEvent, stage.coach->hash.hex()});
    EXPECT_FALSE(other_coach(recording, stage));

    std::string text = *base::read_text(places().data / "coach.toml");
    const auto read_as = [&](const std::string& words, const std::string& instead) {
        std::string changed = text;
        changed.replace(changed.find(words), words.size(), instead);
        const base::fs::path file = base::fs::path(EVENHAND_BINARY_DIR) / "other-coach.toml";
        EXPECT_TRUE(base::write_file(file, std::string_view(changed)));
        stage.coach = std::make_shared<const CoachFigures>(*CoachFigures::read(file));
    };
    read_as("settle_ms = 200 ", "settle_ms = 200 # said otherwise ");
    EXPECT_FALSE(other_coach(recording, stage)) << "comments count for nothing";
    read_as("settle_ms = 200 ", "settle_ms = 201 ");
    EXPECT_TRUE(other_coach(recording, stage));
}

TEST(CoachSession, leaves_a_simulated_expert_in_peace_and_helps_a_novice) {
    const Stage stage = pad_stage();
    const Rubric rubric = rubric_of(stage);
    for (const uint64_t seed : {1u, 2u}) {
        const Recording expert = session_of(stage, Skill::expert, seed),
                        novice = session_of(stage, Skill::novice, seed);
        const double quiet = told_share(expert, cues_of(expert, stage, rubric));
        const double busy = told_share(novice, cues_of(novice, stage, rubric));
        EXPECT_LT(quiet, 0.10) << seed;
        EXPECT_GT(busy, 0.25) << seed;
    }
}

// --- content/coach.toml ---

class CoachFile : public testing::Test {
  protected:
    /// The shipped file with one text in place of another.
    std::string refusal(const std::string& text, const std::string& instead) {
        std::string content = *base::read_text(places().data / "coach.toml");
        const size_t at = content.find(text);
        CHECK(at != std::string::npos, text);
        content.replace(at, text.size(), instead);
        const base::fs::path file = base::fs::path(EVENHAND_BINARY_DIR) / "test-coach.toml";
        CHECK(static_cast<bool>(base::write_file(file, std::string_view(content))));
        const auto read = CoachFigures::read(file);
        return read ? "" : read.error().message;
    }
};

TEST_F(CoachFile, that_ships_is_sound) {
    EXPECT_TRUE(CoachFigures::load(places()));
    const Rubric rubric = *load_rubric(places(), "provisional");
    for (const CueFigures& cue : figures().cues)
        EXPECT_TRUE(std::any_of(rubric.criteria.begin(), rubric.criteria.end(), [&](const Criterion& line) {
            return line.measure == cue.measure;
        })) << cue.measure;
}

TEST_F(CoachFile, is_refused_with_line_and_column) {
    EXPECT_THAT(refusal("id = \"tilt\"", "id = \"tlit\""), HasSubstr("no cue 'tlit'"));
    EXPECT_THAT(refusal("id = \"tilt\"", "id = \"fast\""), HasSubstr("stands here twice"));
    EXPECT_THAT(refusal("measure = \"tilt_median\"", "measure = \"lean\""), HasSubstr("no measure 'lean'"));
    EXPECT_THAT(refusal("explains = \"depth\"", "explains = \"dept\""), HasSubstr("no cue 'dept'"));
    EXPECT_THAT(refusal("hold_ms = 700", "hold_ms = -1"), HasSubstr("hold_ms"));
    EXPECT_THAT(refusal("least_ms = 1500", "least_ms = 99000"), HasSubstr("must not be less than least_ms"));
    EXPECT_THAT(refusal("smooth_ms = 300", "smoth_ms = 300"), HasSubstr("smoo"));
    for (const char* wrong : {"smooth_ms = 300", "[[cue]]\nid = \"tilt\""})
        EXPECT_THAT(refusal(wrong, std::string("x") + wrong),
                    testing::ContainsRegex("test-coach.toml:[0-9]+:[0-9]+"))
            << wrong;
}

}  // namespace
}  // namespace training
