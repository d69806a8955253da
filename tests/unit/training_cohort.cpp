#include "tests/unit/training_attempts.h"
#include "training/core/case_change.h"
#include "training/core/pen_kinds.h"
#include "training/core/rubric_edit.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using testing::HasSubstr;
using training_test::attempt_with;
using training_test::places;
using training_test::three_lines;

TEST(Roster, is_read_as_spreadsheets_write_it) {
    const auto members = parse_roster("\xef\xbb\xbf" "Name;CODE;Phone;Group\r\n\"Ana; B.\"; A-1 ;0;x\r\n;B-2;;\r\n", "r.csv");
    ASSERT_TRUE(members) << members.error().message;
    EXPECT_EQ(*members, (std::vector<Member>{{"A-1", "Ana; B.", "x"}, {"B-2", "", ""}}));
}

TEST(Roster, names_line_and_column_of_a_mistake) {
    const auto message = [](std::string_view text) { return parse_roster(text, "r.csv").error().message; };
    EXPECT_THAT(message(""), HasSubstr("r.csv:1:1: the roster is empty"));
    EXPECT_THAT(message("name,group\nA,B"), HasSubstr("r.csv:1:1: no column is called code"));
    EXPECT_THAT(message("code,name\nA,x\n,y"), HasSubstr("r.csv:3:1: a code is needed"));
    EXPECT_THAT(message("name,code\nx,A\ny,A"), HasSubstr("r.csv:3:3: the code 'A' is there already"));
    EXPECT_THAT(message("code\n" + std::string(65, 'a')), HasSubstr("r.csv:2:1: the trainee's code is longer"));
}

TEST(Roster, is_kept_and_joined_by_code) {
    const base::fs::path folder = base::fs::path(EVENHAND_BINARY_DIR) / "roster-test";
    base::fs::remove_all(folder);
    EXPECT_TRUE(load_roster(folder)->empty());
    std::vector<Member> members = {{"A", "Ana \"B\"", "x"}, {"B", "", ""}};
    members = merge_rosters(members, std::vector<Member>{{"B", "Bo", "y"}, {"C", "", ""}});
    EXPECT_EQ(members[1], (Member{"B", "Bo", "y"}));
    ASSERT_TRUE(save_roster(folder, members));
    EXPECT_EQ(*load_roster(folder), members);
    ASSERT_TRUE(base::write_file(folder / "roster.toml", std::string_view("version = 1\n[[member]]\nname = 3\n")));
    EXPECT_THAT(load_roster(folder).error().message, HasSubstr("roster.toml:"));
    base::fs::remove_all(folder);
}

TEST(Cohort, stands_as_its_sessions_say) {
    const Rubric rubric = three_lines();
    const std::vector<Attempt> attempts = {attempt_with(rubric, {80'000, 80'000, 40'000}, "B", 1), attempt_with(rubric, {0, 0, 0}, "B", 2),
                                           attempt_with(rubric, {80'000, 80'000, 80'000}, "Z", 3)};
    std::vector<MemberStanding> standings = standings_of(std::vector<Member>{{"A", "Ana", ""}, {"B", "Bo", ""}}, attempts);
    ASSERT_EQ(standings.size(), 3u);
    EXPECT_EQ(standings[0].sessions, 0u);
    EXPECT_FALSE(standings[0].median);
    EXPECT_DOUBLE_EQ(*standings[1].median, 45);
    EXPECT_DOUBLE_EQ(*standings[1].passed, 0.5);
    EXPECT_EQ(standings[1].weakest, "first");
    EXPECT_FALSE(standings[2].enrolled);
    sort_standings(standings, StandingColumn::median, true);
    EXPECT_EQ(standings[0].member.code, "Z");
    EXPECT_EQ(standings[2].member.code, "A") << "without a value, last either way";
    sort_standings(standings, StandingColumn::median, false);
    EXPECT_EQ(standings[0].member.code, "B");
    EXPECT_EQ(standings[2].member.code, "A");
}

TEST(Cohort, preview_tells_who_would_pass) {
    const Rubric rubric = three_lines();
    std::vector<Attempt> attempts = {attempt_with(rubric, {60'000, 60'000, 60'000}, "A", 1), attempt_with(rubric, {80'000, 80'000, 80'000}, "B", 2),
                                     attempt_with(rubric, {0}, "C", 3)};
    attempts[2].finished = false;
    Rubric strict = rubric;
    strict.criteria[0].band = {40'000, 80'000, 100'000, 100'000};  // 60 is now worth half
    const std::vector<Preview> previews = preview_of(attempts, strict);
    ASSERT_EQ(previews.size(), 2u);
    EXPECT_EQ(previews[0].before, 7500);
    EXPECT_EQ(previews[0].after, 6250);
    EXPECT_TRUE(previews[0].passed_before && !previews[0].passes_after && previews[0].changed());
    EXPECT_FALSE(previews[1].changed());
}

class RubricEdit : public testing::Test {
  protected:
    void SetUp() override { base::fs::remove_all(folder_); }
    void TearDown() override { base::fs::remove_all(folder_); }

    const base::fs::path folder_ = base::fs::path(EVENHAND_BINARY_DIR) / "rubric-edit" / testing::UnitTest::GetInstance()->current_test_info()->name();
    const std::string text_ = *base::read_text(places().data / "rubrics/provisional.toml");
    const Rubric base_ = *load_rubric(places(), "provisional");
};

TEST_F(RubricEdit, without_a_change_is_the_same_text) {
    EXPECT_EQ(*edited_rubric_text(text_, base_), text_);
}

TEST_F(RubricEdit, saves_a_sound_new_version_each_time_and_keeps_what_was_said) {
    Rubric edited = base_;
    const auto line = std::ranges::find(edited.criteria, "tilt", &Criterion::id);
    line->band = {0, 0, 4'500, 9'000};
    edited.pass_mark = 7550;
    const auto first = save_own_rubric(places(), folder_, text_, edited), second = save_own_rubric(places(), folder_, text_, edited);
    ASSERT_TRUE(first && second) << first.error().message;
    EXPECT_EQ(first->filename(), "provisional-own-1.toml");
    EXPECT_EQ(second->filename(), "provisional-own-2.toml");
    EXPECT_TRUE(check_rubric(places(), *first).empty());
    const Rubric saved = *load_rubric(places(), first->string());
    EXPECT_EQ(saved.id, "provisional-own");
    EXPECT_EQ(saved.version, base_.version + "+own.1");
    EXPECT_EQ(saved.pass_mark, 7550);
    const Criterion& tilt = *std::ranges::find(saved.criteria, "tilt", &Criterion::id);
    EXPECT_EQ(tilt.band, line->band);
    EXPECT_EQ(tilt.basis, "A");
    EXPECT_THAT(tilt.source, HasSubstr("before: target [0, 5], warning [0, 10], F1"));
    EXPECT_THAT(*base::read_text(*first), HasSubstr("# A, clinical.md 3.1")) << "comments stay";
    const auto third = save_own_rubric(places(), folder_, *base::read_text(*second), *load_rubric(places(), second->string()));
    ASSERT_TRUE(third);
    EXPECT_EQ(load_rubric(places(), third->string())->version, base_.version + "+own.3");
    std::vector<base::Error> problems;
    EXPECT_EQ(own_rubrics(places(), folder_, problems).size(), 3u);
}

TEST_F(RubricEdit, is_kept_whole_by_a_case_that_is_practised_by_it) {
    Rubric edited = base_;
    edited.pass_mark = 7550;
    const auto saved = save_own_rubric(places(), folder_, text_, edited);
    ASSERT_TRUE(saved);
    const auto practice = changed_case(places(), "demo", {.rubric = saved->string()});
    ASSERT_TRUE(practice) << practice.error().message;
    const base::Hash hash = base::sha256(*base::read_text(*saved));
    base::fs::remove(*saved);
    const auto again = parse_case(practice->text, "elsewhere/demo.toml", places());
    ASSERT_TRUE(again) << again.error().message;
    const auto rubric = load_rubric(places(), again->rubric);
    ASSERT_TRUE(rubric) << rubric.error().message;
    EXPECT_EQ(rubric->hash, hash);
    EXPECT_EQ(rubric->pass_mark, 7550);
}

TEST_F(RubricEdit, asks_for_kinds_of_pen_that_are_written_changed_and_taken_out_again) {
    Rubric edited = base_;
    edited.pens = {"stylus", "tracked"};
    const auto asked = save_own_rubric(places(), folder_, text_, edited);
    ASSERT_TRUE(asked) << asked.error().message;
    EXPECT_EQ(load_rubric(places(), asked->string())->pens, edited.pens);
    const std::string text = *base::read_text(*asked);
    edited = *load_rubric(places(), asked->string());
    edited.pens = {"tracked"};
    EXPECT_EQ(read_rubric_text({}, *edited_rubric_text(text, edited), "own").rubric.pens, edited.pens);
    edited.pens.clear();
    const std::string without = *edited_rubric_text(text, edited);
    EXPECT_TRUE(read_rubric_text({}, without, "own").rubric.pens.empty());
    EXPECT_THAT(without, testing::Not(HasSubstr("pens =")));
}

TEST_F(RubricEdit, of_kinds_of_pen_is_previewed_on_sessions_by_what_led_them) {
    Rubric strict = three_lines();
    std::vector<Attempt> attempts = {attempt_with(strict, {90'000, 90'000, 90'000}, "A", 1), attempt_with(strict, {90'000, 90'000, 90'000}, "B", 2)};
    attempts[0].score.pens = {"mouse"};
    attempts[1].score.pens = {"stylus"};
    strict.pens = {"stylus", "tracked"};
    const std::vector<Preview> previews = preview_of(attempts, strict);
    EXPECT_TRUE(previews[0].passed_before && !previews[0].passes_after);
    EXPECT_TRUE(previews[1].passes_after);
}

TEST_F(RubricEdit, takes_kinds_of_pen_in_and_out) {
    const std::vector<std::string> none, stylus = {"stylus"}, both = {"mouse", "stylus"};
    EXPECT_EQ(with_pen_toggled(none, "stylus"), stylus);
    EXPECT_EQ(with_pen_toggled(stylus, "mouse"), both) << "in the order of their list";
    EXPECT_EQ(with_pen_toggled(both, "mouse"), stylus);
    EXPECT_EQ(with_pen_toggled(stylus, "stylus"), none);
    std::vector<std::string> all;
    for (const std::string_view kind : pen_kinds()) all = with_pen_toggled(all, kind);
    EXPECT_TRUE(all.empty()) << "all of them is any";
}

TEST_F(RubricEdit, writes_nothing_that_is_not_sound) {
    Rubric edited = base_;
    edited.criteria[0].weight += 1;
    const auto saved = save_own_rubric(places(), folder_, text_, edited);
    ASSERT_FALSE(saved);
    EXPECT_THAT(saved.error().message, HasSubstr("sum to 101"));
    EXPECT_TRUE(base::fs::is_empty(folder_));
}

}  // namespace
}  // namespace training
