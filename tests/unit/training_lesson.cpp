#include "training/core/lesson_result.h"

#include "tests/unit/training_lessons.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using testing::HasSubstr;
using training_test::places;

using training_test::lesson;
using training_test::lessons;

TEST(Lessons, all_that_are_shipped_load_and_lead_from_the_first_to_the_last) {
    ASSERT_GE(lessons().size(), 12u);
    const Lesson* now = &lessons().front();
    for (size_t i = 0; i < lessons().size(); ++i) {
        EXPECT_EQ(now, &lessons()[i]) << "order and next agree";
        EXPECT_EQ(now->order, static_cast<int64_t>(i) + 1);
        EXPECT_TRUE(now->shipped()) << now->id;
        EXPECT_TRUE(now->fade.back().empty()) << now->id << ": its aids fade";
        EXPECT_FALSE(now->fade.front().empty()) << now->id << ": it begins with help";
        now = next_lesson(lessons(), *now);
        ASSERT_EQ(now == nullptr, i + 1 == lessons().size()) << "the last alone has no next";
    }
}

TEST(Lessons, become_cases_whose_text_says_what_they_treat) {
    for (const Lesson& one : lessons()) {
        const base::Result<Case> practice = lesson_case(places(), one);
        ASSERT_TRUE(practice) << practice.error().message;
        EXPECT_EQ(practice->zones, one.zones) << one.id;
        const base::Result<Case> again = parse_case(practice->text, "again.toml");
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(again->zones, practice->zones) << one.id;
        EXPECT_EQ(again->device, practice->device) << one.id;
        EXPECT_EQ(again->conditions.size(), practice->conditions.size()) << one.id;
    }
}

TEST(Lessons, text_that_is_written_reads_as_the_same_lesson) {
    for (const Lesson& one : lessons()) {
        const std::string text = lesson_text(one);
        const base::Result<Lesson> back = parse_lesson(places(), text, one.file);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(lesson_text(*back), text) << one.id;
        EXPECT_EQ(back->task, one.task) << one.id;
        EXPECT_EQ(back->targets, one.targets) << one.id;
        EXPECT_EQ(back->fade, one.fade) << one.id;
        EXPECT_EQ(back->guide_directions, one.guide_directions) << one.id;
        EXPECT_EQ(back->know, one.know) << one.id;
    }
}

// --- mistakes ---

class LessonFile : public testing::Test {
  protected:
    LessonFile() : good_(*base::read_text(lesson("even-rows").file)) {}

    /// What is said of the shipped lesson with `from` replaced.
    std::string refusal(const std::string& from, const std::string& to) {
        std::string text = good_;
        const size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        const base::Result<Lesson> read = parse_lesson(places(), text, "mine.toml");
        EXPECT_FALSE(read) << to;
        return read ? std::string() : read.error().message;
    }
    std::string good_;
};

TEST_F(LessonFile, mistakes_are_told_with_line_and_column) {
    EXPECT_THAT(refusal("criterion = \"speed\"", "criterion = \"sped\""), HasSubstr("has no line 'sped'; it has screening, "));
    EXPECT_THAT(refusal("criterion = \"speed\"", "criterion = \"overlap\""), HasSubstr("counts already"));
    EXPECT_THAT(refusal("case = \"pad-small\"", "case = \"pad-smal\""), HasSubstr("mine.toml:9:8: case: no case 'pad-smal'"));
    EXPECT_THAT(refusal("case = \"pad-small\"", "case = \"pad-small\"\nzones = [\"cheek_left\"]"), HasSubstr("does not treat 'cheek_left'"));
    EXPECT_THAT(refusal("picture = \"rows\"", "picture = \"photo\""), HasSubstr("there is no picture 'photo'"));
    EXPECT_THAT(refusal("[\"cues\", \"overlay\"]", "[\"cues\", \"hints\"]"), HasSubstr("there is no aid 'hints'"));
    EXPECT_THAT(refusal("overlay = \"coverage\"", ""), HasSubstr("names none; add overlay"));
    EXPECT_THAT(refusal("overlay = \"coverage\"", "overlay = \"colour\""), HasSubstr("must be one of coverage"));
    EXPECT_THAT(refusal("kind = \"cover\"", "kind = \"paint\""), HasSubstr("must be one of hold, glide, cover, press"));
    EXPECT_THAT(refusal("amount = 80", "amount = 180"), HasSubstr("at most 100"));
    EXPECT_THAT(refusal("nearly = [75, 100]", "nearly = [95, 100]"), HasSubstr("must hold the target"));
    EXPECT_THAT(refusal("basis = \"A\"", ""), HasSubstr("basis"));
    EXPECT_THAT(refusal("goal = ", "gaol = "), HasSubstr("goal"));
    EXPECT_THAT(refusal("time_limit_s = 240", "time_limit_s = 240 s"), HasSubstr("mine.toml:11:"));
    EXPECT_THAT(refusal("id = \"even-rows\"", "id = \"even rows\""), HasSubstr("mine.toml:2:6: id: must be made of"));
    EXPECT_THAT(refusal("guide_directions = [0]", "guide_directions = [0, \"up\"]"), HasSubstr("needs numbers"));
    EXPECT_THAT(refusal("fade = [[", "fade = [[\"cues\", \"cues\"], ["), HasSubstr("names 'cues' twice"));
}

TEST_F(LessonFile, one_that_is_broken_or_taken_hides_no_other) {
    const base::fs::path own_folder = base::fs::path(EVENHAND_BINARY_DIR) / "test-lessons";
    base::fs::remove_all(own_folder);
    base::fs::create_directories(own_folder);
    const auto keep = [&](const char* name, const std::string& text) {
        EXPECT_TRUE(base::write_file(own_folder / name, std::string_view(text)));
    };
    std::string own = good_;
    own.replace(own.find("id = \"even-rows\""), 16, "id = \"my-rows\"\nauthor = \"N. Okafor\"");
    keep("a.toml", own);
    keep("b.toml", "version = 1\nid = ");
    keep("c.toml", good_);
    own.replace(own.find("my-rows"), 7, "my-line");
    own.replace(own.find("next = \"cross-rows\""), 19, "next = \"nowhere\"");
    keep("d.toml", own);

    std::vector<base::Error> problems;
    const std::vector<Lesson> all = list_lessons(places(), own_folder, problems);
    EXPECT_EQ(all.size(), lessons().size() + 2);
    ASSERT_NE(find_lesson(all, "my-rows"), nullptr);
    EXPECT_FALSE(find_lesson(all, "my-rows")->shipped());
    ASSERT_EQ(problems.size(), 3u);
    EXPECT_THAT(problems[0].message, HasSubstr("b.toml:2:"));
    EXPECT_THAT(problems[1].message, HasSubstr("c.toml:2:6: id: there is a lesson 'even-rows' already"));
    EXPECT_THAT(problems[2].message, HasSubstr("d.toml:13:8: next: there is no lesson 'nowhere'"));
}

TEST(Lessons, shipped_ones_are_locked_and_copies_are_not) {
    Lesson copy = lesson("one-row");
    EXPECT_FALSE(write_lesson(places(), copy, places().data / "lessons" / "new.toml"));
    const base::fs::path file = base::fs::path(EVENHAND_BINARY_DIR) / "test-my-row.toml";
    EXPECT_FALSE(write_lesson(places(), copy, file)) << "no author";
    copy.author = "N. Okafor";
    copy.id = "my-row";
    copy.title = "My \"row\"";
    ASSERT_TRUE(write_lesson(places(), copy, file));
    const base::Result<Lesson> back = read_lesson(places(), file);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->title, "My \"row\"");
    copy.picture = "photo";
    EXPECT_FALSE(write_lesson(places(), copy, file)) << "what could not be read is not written";
    EXPECT_TRUE(read_lesson(places(), file));
}

// --- tasks ---

shared::ContactRecord contact(uint32_t step, bool touching, uint32_t cell = 0, uint32_t speed_um_s = 0) {
    shared::ContactRecord record{};
    record.time_us = skin::step_end_us(step);
    record.cell = cell;
    record.zone = 1;
    record.speed_um_s = speed_um_s;
    record.flags = shared::kNoDirection | (touching ? shared::kContactTouching | shared::kContactMotor : 0);
    return record;
}

Lesson with_task(TaskKind kind, double amount) {
    Lesson one;
    one.zones = {"pad"};
    one.task = {kind, amount, 4e-3, true};
    return one;
}

TEST(LessonTask, holding_starts_anew_where_the_pen_lifts_or_strays) {
    const auto pad = training_test::flat_pad();
    const auto& seeds = pad->cells.seed;
    uint32_t far = 0;
    while (glm::distance(seeds[far], seeds[0]) < 5e-3) ++far;
    TaskProgress task(with_task(TaskKind::hold, 5), *pad);
    std::vector<shared::ContactRecord> log;
    for (uint32_t step = 0; step < 360; ++step) log.push_back(contact(step, true));
    task.add(log);
    EXPECT_NEAR(task.now(), 3, 1e-5);
    log.clear();
    for (uint32_t step = 360; step < 480; ++step) log.push_back(contact(step, true, far));
    task.add(log);
    EXPECT_NEAR(task.now(), 1, 1e-5);
    EXPECT_NEAR(task.done(), 3, 1e-5) << "the longest counts";
    task.add(std::vector{contact(480, false)});
    EXPECT_EQ(task.now(), 0);
    log.clear();
    for (uint32_t step = 481; step < 481 + 600; ++step) log.push_back(contact(step, true, far));
    task.add(std::span(log).first(599));
    EXPECT_FALSE(task.complete());
    task.add(std::span(log).last(1));
    EXPECT_TRUE(task.complete());
}

TEST(LessonTask, glides_count_their_way_and_presses_their_number) {
    const auto pad = training_test::flat_pad();
    TaskProgress glide(with_task(TaskKind::glide, 4), *pad), press(with_task(TaskKind::press, 3), *pad);
    for (uint32_t step = 0; step < 480; ++step) {
        const std::vector one = {contact(step, step % 120 != 0, 0, 24'000)};
        glide.add(one);
        press.add(one);
    }
    EXPECT_NEAR(glide.done(), 4 * 119 * 0.02, 1e-9) << "2.4 cm/s on the skin alone";
    EXPECT_EQ(press.done(), 4);
    EXPECT_EQ(press.share(), 1);
}

TEST(LessonTask, cover_is_the_area_weighted_share_of_the_lessons_zones) {
    const auto dome = training_test::dome();
    Lesson one = with_task(TaskKind::cover, 50);
    one.zones = {"cheek_left", "chin"};
    TaskProgress task(one, *dome);
    std::vector<shared::ZoneStats> zones(4);
    zones[1].area_mm2 = 3000, zones[1].coverage_e4 = 5000;
    zones[2].area_mm2 = 5000, zones[2].coverage_e4 = 10000;
    zones[3].area_mm2 = 1000, zones[3].coverage_e4 = 1000;
    task.add(zones);
    EXPECT_NEAR(task.done(), (3000 * 50 + 1000 * 10) / 4000.0, 1e-9);
}

// --- results ---

Score score_of(std::vector<std::tuple<const char*, int64_t, Verdict>> lines) {
    Score score;
    for (const auto& [id, value, verdict] : lines) {
        CriterionScore line;
        line.criterion.id = id;
        line.criterion.band = {0, 10'000, 20'000, 30'000};
        line.criterion.weight = 5;
        line.max = 500;
        line.value = value;
        line.points = points(line.criterion.band, 5, value);
        line.verdict = verdict;
        score.criteria.push_back(line);
    }
    return score;
}

struct Judged {
    Lesson lesson = with_task(TaskKind::press, 1);
    Recording recording;
    Judged() { recording.contacts = {contact(0, true)}; }
    LessonResult operator()(const Score& score) { return lesson_result(score, lesson, recording, *training_test::flat_pad()); }
};

TEST(LessonResult, is_met_nearly_or_not_by_its_own_lines_alone) {
    Judged judge;
    judge.lesson.targets = {{"force", {}, {}, {}}, {"tilt", {}, {}, {}}};
    const auto with = [&](Verdict force, Verdict tilt) {
        return judge(score_of({{"force", 15'000, force}, {"speed", 0, Verdict::critical}, {"tilt", 15'000, tilt}}));
    };
    EXPECT_EQ(with(Verdict::target, Verdict::target).outcome, LessonOutcome::met);
    EXPECT_EQ(with(Verdict::target, Verdict::target).worst, -1);
    EXPECT_EQ(with(Verdict::target, Verdict::warning).outcome, LessonOutcome::nearly);
    EXPECT_EQ(with(Verdict::target, Verdict::warning).worst, 1);
    EXPECT_EQ(with(Verdict::beyond, Verdict::warning).outcome, LessonOutcome::not_yet);
    EXPECT_EQ(with(Verdict::beyond, Verdict::warning).worst, 0);
    EXPECT_EQ(with(Verdict::critical, Verdict::target).outcome, LessonOutcome::not_yet);
    EXPECT_EQ(with(Verdict::target, Verdict::not_assessed).outcome, LessonOutcome::not_yet);
    judge.recording.contacts.clear();
    EXPECT_EQ(with(Verdict::target, Verdict::target).outcome, LessonOutcome::not_yet) << "nothing was done";
}

TEST(LessonResult, a_lessons_own_band_goes_before_the_rubrics) {
    Judged judge;
    judge.lesson.targets = {{"force", Band{1'000, 2'000, 3'000, 4'000}, "A", "test"}};
    const auto with = [&](int64_t value) { return judge(score_of({{"force", value, Verdict::beyond}})); };
    EXPECT_EQ(with(2'000).outcome, LessonOutcome::met);
    EXPECT_EQ(with(1'999).outcome, LessonOutcome::nearly);
    EXPECT_TRUE(with(1'999).lines[0].too_little);
    EXPECT_FALSE(with(3'500).lines[0].too_little);
    EXPECT_EQ(with(4'001).outcome, LessonOutcome::not_yet);
}

TEST(LessonResult, points_are_of_the_lines_that_count) {
    Judged judge;
    judge.lesson.points = 8000;
    judge.lesson.targets = {{"force", {}, {}, {}}, {"tilt", {}, {}, {}}};
    const auto with = [&](int64_t tilt, Verdict verdict) {
        return judge(score_of({{"force", 15'000, Verdict::target}, {"tilt", tilt, verdict}, {"speed", 40'000, Verdict::beyond}}));
    };
    EXPECT_EQ(*with(26'000, Verdict::warning).points, 7000);
    EXPECT_EQ(with(26'000, Verdict::warning).outcome, LessonOutcome::nearly);
    EXPECT_EQ(with(24'000, Verdict::warning).outcome, LessonOutcome::met);
    EXPECT_EQ(with(24'000, Verdict::critical).outcome, LessonOutcome::not_yet);
    EXPECT_EQ(with(30'000, Verdict::beyond).outcome, LessonOutcome::not_yet);
}

// --- over time ---

std::vector<LessonAttempt> tries(std::string_view outcomes, std::vector<std::string> aids = {"cues"}) {
    std::vector<LessonAttempt> attempts;
    for (const char c : outcomes) {
        LessonAttempt attempt;
        attempt.outcome = c == 'm' ? LessonOutcome::met : c == 'n' ? LessonOutcome::nearly : LessonOutcome::not_yet;
        attempt.aids = aids;
        attempts.push_back(attempt);
    }
    return attempts;
}

TEST(LessonAids, fade_with_each_target_met_and_come_back_after_failures) {
    const Lesson& one = lesson("one-row");
    ASSERT_EQ(one.fade.size(), 3u);
    EXPECT_EQ(fade_step(one, {}), 0u);
    EXPECT_EQ(fade_step(one, tries("xnx")), 0u);
    EXPECT_EQ(fade_step(one, tries("m")), 1u);
    EXPECT_EQ(fade_step(one, tries("mm")), 2u);
    EXPECT_EQ(fade_step(one, tries("mmmm")), 2u);
    EXPECT_EQ(fade_step(one, tries("mmxx")), 2u);
    EXPECT_EQ(fade_step(one, tries("mmxxx")), 1u);
    EXPECT_EQ(fade_step(one, tries("mmxxxxxx")), 0u);
    EXPECT_EQ(fade_step(one, tries("mmxxmxx")), 2u) << "three in a row";
}

TEST(LessonAids, a_lesson_is_mastered_when_met_without_any) {
    EXPECT_EQ(lesson_state({}), LessonState::fresh);
    EXPECT_EQ(lesson_state(tries("xn")), LessonState::tried);
    EXPECT_EQ(lesson_state(tries("xm")), LessonState::met);
    EXPECT_EQ(lesson_state(tries("x", {})), LessonState::tried);
    EXPECT_EQ(lesson_state(tries("mx", {})), LessonState::mastered) << "a bad day takes nothing away";
}

TEST(LessonAids, what_is_next_is_the_first_not_yet_met) {
    std::map<std::string, std::vector<LessonAttempt>> attempts;
    EXPECT_EQ(lesson_at_hand(lessons(), attempts)->id, "hold-still");
    attempts["hold-still"] = tries("xm");
    attempts["one-row"] = tries("m");
    EXPECT_EQ(lesson_at_hand(lessons(), attempts)->id, "right-force");
    for (const Lesson& one : lessons()) attempts[one.id] = tries("m");
    EXPECT_EQ(lesson_at_hand(lessons(), attempts), nullptr);
}

TEST(LessonAids, the_recording_tells_lesson_and_aids) {
    EXPECT_EQ(lesson_of({}).lesson, "");
    const LessonAttempt told = lesson_of({{0, "cartridge_new", ""}, {0, "lesson", "one-row"}, {0, "lesson_aids", "cues ghost"}});
    EXPECT_EQ(told.lesson, "one-row");
    EXPECT_EQ(told.aids, (std::vector<std::string>{"cues", "ghost"}));
    EXPECT_TRUE(lesson_of({{0, "lesson", "one-row"}, {0, "lesson_aids", ""}}).aids.empty());
}

// --- simulated operators ---

/// Lessons on pads that a simulated operator can do: they treat whole zones and hold nothing still.
class OperatorLesson : public testing::TestWithParam<const char*> {};

TEST_P(OperatorLesson, is_met_by_the_expert_and_not_by_the_novice) {
    const Lesson& one = lesson(GetParam());
    EXPECT_TRUE(training_test::perform(one, Skill::expert).met());
    EXPECT_FALSE(training_test::perform(one, Skill::novice).met());
}

INSTANTIATE_TEST_SUITE_P(OnPads, OperatorLesson, testing::Values("one-row", "even-rows", "cross-rows", "round-curve", "stamp", "roller"));

}  // namespace
}  // namespace training
