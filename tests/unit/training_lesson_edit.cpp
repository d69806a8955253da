#include "training/core/lesson_edit.h"

#include "tests/unit/training_lessons.h"
#include "training/core/toml_edits.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using testing::HasSubstr;
using testing::Not;
using training_test::lesson;
using training_test::lessons;
using training_test::places;

TEST(TomlEdits, adds_and_takes_away_keys_and_tables_and_leaves_all_else) {
    const std::string text = "a = 1  # one\nb = 2\n\n# of c\n[c]\nd = [\n  1,\n  2,\n]  # list\n\n[[e]]\nf = 1\n\n[[e]]\nf = 2\n\n# the last\n[g]";
    const base::Result<toml::table> table = base::parse_toml(text, "x");
    ASSERT_TRUE(table);
    const toml::table& c = *(*table)["c"].as_table();
    const toml::array& e = *(*table)["e"].as_array();
    TomlEdits edits(text);
    edits.set(*table, "h", "3");
    edits.set(*table, "i", "4");
    edits.set(*table, "a", "5");
    edits.remove(*table, "b");
    edits.remove(*table, "nothing");
    edits.set(c, "k", "6");
    edits.remove(*e.get(0)->as_table());
    edits.add_behind(*e.get(1)->as_table(), "\n[[e]]\nf = 3\n");
    edits.set(*(*table)["g"].as_table(), "l", "7");
    EXPECT_EQ(edits.apply(), "a = 5  # one\nh = 3\ni = 4\n\n# of c\n[c]\nd = [\n  1,\n  2,\n]  # list\nk = 6\n\n[[e]]\nf = 2\n\n[[e]]\nf = 3\n\n"
                             "# the last\n[g]\nl = 7\n");
}

class LessonEdit : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = base::fs::path(EVENHAND_BINARY_DIR) / "lesson-edit-test" / testing::UnitTest::GetInstance()->current_test_info()->name();
        base::fs::remove_all(folder_);
    }
    void TearDown() override { base::fs::remove_all(folder_); }

    LessonDraft draft(const std::string& id, const base::Places& by = places()) {
        const Lesson& of = *find_lesson(all_, id);
        const auto made = of.shipped() ? copy_lesson(by, all_, of, folder_, "N. Okafor") : draft_lesson(by, of);
        EXPECT_TRUE(made);
        return *made;
    }
    void save(LessonDraft& one) {
        const base::Status saved = save_draft(places(), all_, one);
        EXPECT_TRUE(saved) << saved.error().message;
        std::vector<base::Error> problems;
        all_ = list_lessons(places(), folder_, problems);
        EXPECT_THAT(problems, testing::IsEmpty());
    }

    base::fs::path folder_;
    std::vector<Lesson> all_ = lessons();
};

TEST_F(LessonEdit, copies_a_shipped_lesson_with_its_comments_and_lists_it_at_once) {
    LessonDraft copy = draft("one-row");
    EXPECT_FALSE(copy.saved);
    EXPECT_EQ(copy.lesson.id, "one-row-own");
    copy.lesson.title = "My \"row\"";
    copy.lesson.time_limit = 90;
    copy.lesson.depth_um.reset();
    copy.lesson.next = "";
    copy.lesson.points = 8000;
    copy.lesson.task.amount = 12.5;
    copy.lesson.fade = {{"cues"}, {}};
    ASSERT_EQ(copy.lesson.targets[0].criterion, "speed");
    set_band(copy.lesson.targets[0], Band{1'000, 1'500, 2'500, 3'000});
    std::erase_if(copy.lesson.targets, [](const LessonTarget& one) { return one.criterion == "force"; });
    copy.lesson.targets.push_back({"tilt", {}, {}, {}});
    save(copy);
    EXPECT_FALSE(copy.changed());

    const Lesson* listed = find_lesson(all_, "one-row-own");
    ASSERT_NE(listed, nullptr);
    EXPECT_EQ(listed->author, "N. Okafor");
    EXPECT_EQ(listed->title, "My \"row\"");
    EXPECT_EQ(listed->time_limit, 90);
    EXPECT_FALSE(listed->depth_um);
    EXPECT_EQ(listed->next, "");
    EXPECT_EQ(listed->points, 8000);
    EXPECT_EQ(listed->task.amount, 12.5);
    EXPECT_EQ(listed->fade, (std::vector<std::vector<std::string>>{{"cues"}, {}}));
    ASSERT_EQ(listed->targets.size(), 3u);
    EXPECT_EQ(*listed->targets[0].band, (Band{1'000, 1'500, 2'500, 3'000}));
    EXPECT_EQ(listed->targets[0].source, "set by an instructor");
    EXPECT_EQ(listed->targets[2].criterion, "tilt");
    EXPECT_EQ(lesson_keys(*find_lesson(all_, "one-row")), lesson_keys(lesson("one-row"))) << "the shipped one is locked";
    EXPECT_THAT(*base::read_text(listed->file), HasSubstr("guide_rows = 3\nfade = [[\"cues\"], []]\n"));
}

TEST_F(LessonEdit, changes_one_value_and_leaves_every_other_byte) {
    LessonDraft copy = draft("one-row");
    save(copy);
    const std::string noted = "# mine\n" + copy.text + "# the end\n";
    ASSERT_TRUE(base::write_file(copy.lesson.file, std::string_view(noted)));
    LessonDraft again = draft("one-row-own");
    EXPECT_TRUE(again.saved);
    EXPECT_FALSE(again.changed());
    again.lesson.time_limit = 75;
    EXPECT_TRUE(again.changed());
    save(again);
    std::string wanted = noted;
    wanted.replace(wanted.find("time_limit_s = 150"), 18, "time_limit_s = 75");
    EXPECT_EQ(*base::read_text(copy.lesson.file), wanted);
    EXPECT_EQ(draft("one-row").lesson.id, "one-row-own-2") << "the first name is taken";
    EXPECT_EQ(copy_lesson(places(), all_, *find_lesson(all_, "one-row-own"), folder_, "B")->lesson.id, "one-row-own-2");
    EXPECT_EQ(origin_of(all_, "one-row-own"), "one-row");
    EXPECT_EQ(origin_of(all_, "one-row"), "one-row");
}

TEST_F(LessonEdit, says_what_the_check_says_and_writes_nothing_unsound) {
    LessonDraft copy = draft("one-row");
    copy.lesson.targets.clear();
    copy.lesson.targets.push_back({"no-such-line", {}, {}, {}});
    const auto message = [&] { return save_draft(places(), all_, copy).error().message; };
    EXPECT_THAT(message(), HasSubstr("one-row-own.toml:"));
    EXPECT_THAT(message(), HasSubstr("no line 'no-such-line'"));
    copy = draft("one-row");
    copy.lesson.next = "nowhere";
    EXPECT_THAT(message(), HasSubstr(": next: there is no lesson 'nowhere'"));
    EXPECT_THAT(message(), testing::ContainsRegex("one-row-own.toml:[0-9]+:[0-9]+: next"));
    copy = draft("one-row");
    copy.lesson.author = "";
    EXPECT_THAT(message(), HasSubstr("names its author"));
    copy = draft("one-row");
    copy.lesson.file = places().data / "lessons" / "one-row.toml";
    EXPECT_THAT(message(), HasSubstr("locked"));
    copy = draft("one-row");
    copy.text.replace(copy.text.find("[aids]"), std::string::npos, "aids = { fade = [[]] }\n");
    copy.lesson.back_after = 5;
    EXPECT_FALSE(save_draft(places(), all_, copy));
    EXPECT_FALSE(base::fs::exists(folder_));
}

TEST_F(LessonEdit, every_shipped_lesson_can_be_copied_and_taken_to_another_case) {
    for (const Lesson& one : lessons()) {
        LessonDraft copy = draft(one.id);
        copy.lesson.title += "!";
        save(copy);
        copy.lesson.practice = "demo";
        copy.lesson.zones.clear();
        const base::Result<std::string> text = draft_text(copy);
        ASSERT_TRUE(text);
        EXPECT_THAT(*text, HasSubstr("case = \"demo\"")) << one.id;
        EXPECT_THAT(*text, Not(HasSubstr("zones ="))) << one.id;
    }
}

TEST_F(LessonEdit, a_copy_made_in_another_language_is_written_in_it) {
    base::Places spanish = places();
    spanish.language = "es";
    LessonDraft copy = draft("one-row", spanish);
    EXPECT_NE(copy.lesson.title, lesson("one-row").title);
    const std::string title = copy.lesson.title;
    save(copy);
    EXPECT_EQ(find_lesson(all_, "one-row-own")->title, title);
}

TEST_F(LessonEdit, a_band_says_what_it_was_once) {
    LessonTarget target{"tilt", Band{0, 0, 5'000, 8'000}, "F1", "clinical.md 3"};
    set_band(target, Band{0, 0, 4'000, 8'000});
    EXPECT_EQ(target.basis, "A");
    EXPECT_EQ(target.source, "set by an instructor; before: target [0, 5], nearly [0, 8], F1, clinical.md 3");
    set_band(target, Band{0, 0, 3'000, 8'000});
    EXPECT_THAT(target.source, HasSubstr("target [0, 5]"));
    set_band(target, std::nullopt);
    EXPECT_EQ(target, (LessonTarget{"tilt", {}, {}, {}}));
}

/// The preview must say what judging the recording by the changed lesson says.
TEST_F(LessonEdit, tells_who_would_meet_a_changed_lesson) {
    base::Places cached = places();
    cached.cache = folder_ / "cache";
    const Lesson& row = lesson("one-row");
    const auto stage = load_stage(cached, *lesson_case(cached, row));
    ASSERT_TRUE(stage);
    base::fs::create_directories(folder_ / "sessions");
    const auto perform = [&](const char* name, Skill skill, const std::string& of) {
        RecordingHeader header = make_header(**stage, "operator test", "A-1");
        header.started = fmt::format("2026-11-2{}T10:00:00Z", name);
        Session session(*stage, std::move(*Recorder::create(folder_ / "sessions" / (std::string(name) + ".evh"), header)));
        session.event({0, kLessonEvent, of});
        const Performance hand = perform_operator(**stage, skill, 1);
        for (const input::ProcedureEvent& event : hand.events) session.event(event);
        EXPECT_TRUE(session.advance(hand.samples));
        EXPECT_TRUE(session.finish());
    };
    perform("1", Skill::expert, row.id);
    perform("2", Skill::novice, row.id);
    perform("3", Skill::expert, "even-rows");
    const auto sessions = lesson_sessions(cached, folder_ / "sessions", {row.id});
    ASSERT_EQ(sessions.size(), 2u);
    EXPECT_EQ(sessions[0].facts.started.substr(0, 10), "2026-11-21");
    const auto outcomes = [&](const Lesson& changed) {
        std::vector<LessonOutcome> after;
        for (const LessonPreview& one : preview_of(sessions, row, changed)) after.push_back(one.after);
        return after;
    };
    using enum LessonOutcome;
    EXPECT_EQ(outcomes(row), (std::vector{met, not_yet}));
    Lesson harder = row;
    harder.task.amount = 10'000;
    EXPECT_EQ(outcomes(harder), (std::vector{not_yet, not_yet})) << "the task is not done";
    Lesson easier = row;
    easier.targets.resize(1);
    set_band(easier.targets[0], Band{0, 0, 1'000'000, 1'000'000});
    EXPECT_EQ(outcomes(easier), (std::vector{met, met}));
    EXPECT_EQ(preview_of(sessions, row, easier)[1].before, not_yet);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(lesson_sessions(cached, folder_ / "sessions", {row.id}, stop.get_token()).empty());
}

}  // namespace
}  // namespace training
