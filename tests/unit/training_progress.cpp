#include "engine/base/random.h"
#include "tests/unit/training_attempts.h"
#include "tests/unit/training_lessons.h"
#include "training/core/csv.h"
#include "training/core/lesson_attempts.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <chrono>
#include <clocale>
#include <fstream>

namespace training {
namespace {

using testing::HasSubstr;
using training_test::attempt_with;
using training_test::places;
using training_test::three_lines;

TEST(Progress, follows_each_line_and_the_total_through_finished_attempts) {
    const Rubric rubric = three_lines();
    std::vector<Attempt> attempts = {attempt_with(rubric, {40'000, 80'000, 80'000}, "A", 1),
                                     attempt_with(rubric, {60'000, 80'000}, "A", 2), attempt_with(rubric, {0, 0, 0}, "A", 3)};
    attempts[2].finished = false;
    const Progress progress = progress_of(attempts);
    ASSERT_EQ(progress.attempts.size(), 2u);
    EXPECT_EQ(progress.lines[0].shares, (std::vector<double>{0.5, 0.75}));
    EXPECT_EQ(progress.lines[2].attempts, (std::vector<size_t>{0})) << "not assessed in the second";
    EXPECT_DOUBLE_EQ(progress.total.shares[0], 0.75);
    EXPECT_EQ(progress.total.trend.says, Trend::Says::too_few);
}

TEST(Progress, advises_the_line_with_the_most_to_gain_by_its_rule) {
    const Rubric rubric = three_lines();
    // 10 of 50 lost once in one; 15 of 30 lost each of three times.
    std::vector<Attempt> attempts;
    for (int i = 0; i < 3; ++i) attempts.push_back(attempt_with(rubric, {i == 2 ? 64'000 : 80'000, 40'000, 80'000}, "A", i + 1));
    const Progress progress = progress_of(attempts);
    ASSERT_EQ(progress.advice.size(), 2u);
    EXPECT_EQ(progress.advice[0].criterion, "second");
    EXPECT_DOUBLE_EQ(progress.advice[0].lost, 15);
    EXPECT_DOUBLE_EQ(progress.advice[0].gain, 15 * 4.0 / 5);
    EXPECT_EQ(progress.advice[0].times, 3u);
    EXPECT_DOUBLE_EQ(progress.advice[1].gain, 10.0 / 3 * 2 / 5);
    EXPECT_FALSE(progress.advice[0].unsafe);
}

TEST(Progress, counts_a_line_that_fails_the_session_in_full) {
    Rubric rubric = three_lines();
    rubric.criteria[2].critical_below = 70'000;
    const std::vector<Attempt> attempts = {attempt_with(rubric, {70'000, 72'000, 69'000}, "A", 1)};
    const Progress progress = progress_of(attempts);
    EXPECT_EQ(progress.advice[0].criterion, "third");
    EXPECT_DOUBLE_EQ(progress.advice[0].lost, 20);
    EXPECT_TRUE(progress.advice[0].unsafe);
}

TEST(Progress, looks_at_the_newest_attempts_alone_for_advice) {
    const Rubric rubric = three_lines();
    std::vector<Attempt> attempts;
    for (int i = 0; i < 9; ++i) attempts.push_back(attempt_with(rubric, {i < 4 ? 0 : 80'000, 80'000, 76'000}, "A", i + 1));
    const Progress progress = progress_of(attempts);
    ASSERT_EQ(progress.advice.size(), 1u);
    EXPECT_EQ(progress.advice[0].criterion, "third");
    EXPECT_EQ(progress.advice[0].of, kLately);
}

TEST(Progress, finds_the_trend_of_hands_whose_skill_rises_and_seldom_one_where_it_does_not) {
    const Rubric rubric = three_lines();
    base::Random random(3);
    int rises = 0, alarms = 0, lines = 0;
    for (int hand = 0; hand < 200; ++hand) {
        std::vector<Attempt> learner, steady;
        for (int i = 0; i < 10; ++i) {
            const auto value = [&](double mean) { return static_cast<int64_t>(std::clamp(mean + 6'000 * random.normal(), 0.0, 80'000.0)); };
            learner.push_back(attempt_with(rubric, {value(20'000 + 5'000 * i), value(20'000 + 5'000 * i), value(20'000 + 5'000 * i)}, "A", i + 1));
            steady.push_back(attempt_with(rubric, {value(50'000), value(50'000), value(50'000)}, "B", i + 1));
        }
        rises += progress_of(learner).total.trend.says == Trend::Says::rising;
        const Progress same = progress_of(steady);
        alarms += same.total.trend.says == Trend::Says::rising || same.total.trend.says == Trend::Says::falling;
        for (const Course& line : same.lines) lines += line.trend.says == Trend::Says::rising || line.trend.says == Trend::Says::falling;
    }
    EXPECT_GE(rises, 198);
    EXPECT_LE(alarms, 20) << "5 % of 200 are 10";
    EXPECT_LE(lines, 15) << "1 % of 600 are 6";
}

TEST(ProgressCsv, has_a_row_for_each_attempt_and_line_that_a_spreadsheet_reads_and_never_runs) {
    const Rubric rubric = three_lines();
    std::vector<Attempt> attempts = {attempt_with(rubric, {40'500, 80'000}, "=cmd|'/c calc'!A1", 1)};
    attempts[0].source = "mouse, \"old\"";
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    const std::string csv = progress_csv(attempts);
    std::setlocale(LC_ALL, "C");
    const auto rows = parse_csv(csv, "progress.csv");
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 4u);
    for (const CsvRow& row : *rows) EXPECT_EQ(row.size(), 17u);
    EXPECT_EQ((*rows)[1][0].text, "'=cmd|'/c calc'!A1");
    EXPECT_EQ((*rows)[1][5].text, "mouse, \"old\"");
    EXPECT_EQ((*rows)[1][12].text, "40.5");
    EXPECT_EQ((*rows)[1][14].text, "25.31");
    EXPECT_EQ((*rows)[3][12].text, "") << "not assessed";
    EXPECT_EQ((*rows)[3][16].text, "not_assessed");
}

TEST(Csv, takes_what_spreadsheets_write) {
    const auto rows = parse_csv("\xef\xbb\xbf" "a;b\r\n\"x;\"\"y\"\"\";2\r\n\r\n;z", "x.csv");
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 3u);
    EXPECT_EQ((*rows)[1][0].text, "x;\"y\"");
    EXPECT_EQ((*rows)[2][0].text, "");
    EXPECT_EQ((*rows)[2][1].text, "z");
    EXPECT_EQ((*rows)[2][1].line, 4u);
    EXPECT_EQ((*rows)[2][1].column, 2u);
}

TEST(Csv, names_line_and_column_of_what_is_wrong) {
    const auto message = [](std::string_view text) { return parse_csv(text, "x.csv").error().message; };
    EXPECT_THAT(message("a,b\n1,\"two"), HasSubstr("x.csv:2:3: this quote is never closed"));
    EXPECT_THAT(message("a,b\n\"1\"x,2"), HasSubstr("x.csv:2:4: letters behind a closing quote"));
    EXPECT_THAT(message("a,b\nü\xff,2"), HasSubstr("x.csv:2:2: these bytes are not UTF-8"));
    EXPECT_THAT(message("a,b\n1\"2,3"), HasSubstr("x.csv:2:2: a quote inside a cell"));
}

TEST(Csv, reads_back_every_cell_that_it_wrote) {
    for (const std::string& text : {std::string("plain"), std::string("a,b"), std::string("a\"b"), std::string("a\r\nb"), std::string("é;\t")})
        EXPECT_EQ((*parse_csv(csv_cell(text) + ",end\n", "x"))[0][0].text, text);
    for (const char* formula : {"=1+1", "+1", "-1", "@a"}) EXPECT_EQ((*parse_csv(csv_cell(formula), "x"))[0][0].text, "'" + std::string(formula));
}

/// Real recordings of simulated operators on a small pad.
class SessionShelf : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = base::fs::path(EVENHAND_BINARY_DIR) / "shelf-test" / testing::UnitTest::GetInstance()->current_test_info()->name();
        base::fs::remove_all(folder_);
        base::fs::create_directories(folder_ / "sessions");
        places_ = places();
        places_.cache = folder_ / "cache";
    }
    void TearDown() override { base::fs::remove_all(folder_); }

    std::shared_ptr<const Stage> stage() {
        const base::fs::path pad = folder_ / "small.toml";
        EXPECT_TRUE(base::write_file(pad, std::string_view("version = 1\nid = \"small\"\nkind = \"pad\"\nsize_mm = [40, 40]\nthickness_mm = 12.5\n"
                                                           "stiffness_kpa = 20\npoisson = 0.45\n")));
        if (!stage_) stage_ = *load_stage(places_, pad.string());
        return stage_;
    }
    base::fs::path perform(const std::string& name, const std::string& trainee, double skill, const std::string& started,
                           const std::string& lesson = {}) {
        RecordingHeader header = make_header(*stage(), "operator test", trainee);
        header.started = started;
        const base::fs::path file = folder_ / "sessions" / (name + ".evh");
        auto recorder = Recorder::create(file, header);
        EXPECT_TRUE(recorder);
        Session session(stage(), std::move(*recorder));
        const Performance hand = perform_operator(*stage(), *parse_operator(fmt::format("{}", skill), {}, false), 5);
        if (!lesson.empty()) session.event({0, kLessonEvent, lesson});
        if (!lesson.empty()) session.event({0, kLessonAidsEvent, "cues"});
        for (const input::ProcedureEvent& event : hand.events) session.event(event);
        EXPECT_TRUE(session.advance(hand.samples));
        EXPECT_TRUE(session.finish());
        return file;
    }
    Shelf read(const std::string& rubric = {}) {
        auto shelf = read_shelf(places_, folder_ / "sessions", rubric);
        EXPECT_TRUE(shelf) << shelf.error().message;
        return *shelf;
    }

    base::fs::path folder_;
    base::Places places_;
    std::shared_ptr<const Stage> stage_;
};

TEST_F(SessionShelf, scores_as_the_recording_is_scored_once_and_again_where_anything_changed) {
    perform("b", "A-1", 1.0, "2026-11-21T10:00:00Z");
    const base::fs::path novice = perform("a", "B-2", 0.0, "2026-11-22T10:00:00Z");
    const Shelf fresh = read(), kept = read();
    EXPECT_EQ(fresh.measured_now, 2u);
    EXPECT_EQ(kept.measured_now, 0u);
    ASSERT_EQ(kept.attempts.size(), 2u);
    EXPECT_EQ(kept.attempts[0].trainee, "A-1") << "by their start, not by name";
    EXPECT_TRUE(kept.attempts[0].simulated());
    const Rubric rubric = *load_rubric(places_, "provisional");
    const Score whole = score(*load_recording(novice), *stage(), rubric, *load_scope(places_, "medical"));
    for (const Shelf& shelf : {fresh, kept}) {
        const Score& score = shelf.attempts[1].score;
        EXPECT_EQ(score.total, whole.total);
        EXPECT_EQ(score.pass, whole.pass);
        EXPECT_EQ(score.failures, whole.failures);
        ASSERT_EQ(score.criteria.size(), whole.criteria.size());
        for (size_t i = 0; i < whole.criteria.size(); ++i) {
            EXPECT_EQ(score.criteria[i].points, whole.criteria[i].points) << whole.criteria[i].criterion.id;
            EXPECT_EQ(score.criteria[i].verdict, whole.criteria[i].verdict) << whole.criteria[i].criterion.id;
            EXPECT_EQ(score.criteria[i].reason, whole.criteria[i].reason);
        }
    }
    std::string text = *base::read_text(places_.data / "rubrics/provisional.toml");
    ASSERT_TRUE(base::write_file(folder_ / "mine.toml", std::string_view(text + "# changed\n")));
    EXPECT_EQ(read((folder_ / "mine.toml").string()).measured_now, 2u) << "another rubric measures again";
    EXPECT_EQ(read().measured_now, 0u) << "and the first is still known";
}

TEST_F(SessionShelf, tells_of_a_damaged_file_and_reads_the_rest_and_survives_a_damaged_cache) {
    perform("a", "A-1", 1.0, "2026-11-21T10:00:00Z");
    const base::fs::path other = perform("b", "A-1", 0.0, "2026-11-22T10:00:00Z");
    EXPECT_EQ(read().attempts.size(), 2u);
    {
        SQLite::Database database(other.string(), SQLite::OPEN_READWRITE);
        database.exec("UPDATE meta SET value = 'C-3' WHERE key = 'trainee'");
    }
    base::fs::last_write_time(other, base::fs::last_write_time(other) + std::chrono::seconds(2));
    ASSERT_TRUE(base::write_file(folder_ / "sessions/c.evh", std::string_view("no database")));
    Shelf shelf = read();
    EXPECT_EQ(shelf.attempts.size(), 1u);
    ASSERT_EQ(shelf.unusable.size(), 2u);
    EXPECT_THAT(shelf.unusable[0].message, HasSubstr("b.evh: is damaged"));
    ASSERT_TRUE(base::write_file(places_.cache / "sessions.db", std::string_view("no database either")));
    EXPECT_EQ(read().attempts.size(), 1u);
    EXPECT_EQ(read_shelf(places_, folder_ / "nowhere")->attempts.size(), 0u);
    EXPECT_FALSE(read_shelf(places_, folder_ / "sessions", "no-such-rubric"));
}

TEST_F(SessionShelf, leaves_sessions_of_a_lesson_out_known_or_not) {
    perform("a", "A-1", 1.0, "2026-11-21T10:00:00Z");
    perform("b", "A-1", 0.0, "2026-11-22T10:00:00Z", "one-row");
    for (const size_t measured : {1u, 0u}) {
        const Shelf shelf = read();
        ASSERT_EQ(shelf.attempts.size(), 1u);
        EXPECT_EQ(shelf.attempts[0].file.stem(), "a");
        EXPECT_EQ(shelf.lessons, 1u);
        EXPECT_EQ(shelf.measured_now, measured);
        EXPECT_TRUE(shelf.unusable.empty());
    }
}

/// One cache for both: what the lessons' list has read, the shelf need not read again, and the other way round.
TEST_F(SessionShelf, tells_the_lessons_of_each_trainee_by_themselves_and_judges_each_once) {
    const Lesson& row = training_test::lesson("one-row");
    const std::vector<Lesson>& lessons = training_test::lessons();
    const base::fs::path folder = folder_ / "sessions";
    perform("a", "A-1", 1.0, "2026-11-22T10:00:00Z", row.id);
    perform("b", "A-1", 0.0, "2026-11-21T10:00:00Z", row.id);
    perform("c", "B-2", 1.0, "2026-11-23T10:00:00Z", row.id);
    perform("d", "", 1.0, "2026-11-24T10:00:00Z", "no-such-lesson");
    perform("e", "A-1", 1.0, "2026-11-25T10:00:00Z");
    ASSERT_TRUE(base::write_file(folder / "f.evh", std::string_view("no recording")));
    const auto known = [&](const std::string& trainee) { return known_attempts(places_, lessons, folder, trainee); };

    EXPECT_EQ(known("A-1").unread.size(), 6u);
    EXPECT_TRUE(known("A-1").attempts.empty());
    judge_attempts(places_, lessons, known("A-1").unread);
    for (const char* trainee : {"A-1", "B-2", ""}) EXPECT_TRUE(known(trainee).unread.empty()) << trainee;
    const AttemptsByLesson first = known("A-1").attempts, second = known("B-2").attempts;
    ASSERT_EQ(first.size(), 1u);
    ASSERT_EQ(first.at(row.id).size(), 2u);
    EXPECT_EQ(first.at(row.id)[0].file.stem(), "b") << "in the order of time";
    EXPECT_EQ(first.at(row.id)[1].aids, (std::vector<std::string>{"cues"}));
    ASSERT_EQ(second.at(row.id).size(), 1u);
    EXPECT_TRUE(known("").attempts.empty()) << "a lesson that is no more";
    for (const auto& attempt : first.at(row.id)) {
        const Recording recording = *load_recording(attempt.file);
        const Score whole = score(recording, *stage(), *load_rubric(places_, "provisional"), *load_scope(places_, "medical"));
        EXPECT_EQ(attempt.outcome, lesson_result(whole, row, recording, *stage()->face).outcome) << attempt.file;
    }
    EXPECT_EQ(read().attempts.size(), 1u);
    EXPECT_TRUE(known("A-1").unread.empty());

    std::vector<Lesson> changed = lessons;
    for (Lesson& one : changed) one.hash = base::sha256("another text");
    EXPECT_EQ(known_attempts(places_, changed, folder, "A-1").unread.size(), 2u) << "another lesson judges again";
    base::fs::last_write_time(folder / "c.evh", base::fs::last_write_time(folder / "c.evh") + std::chrono::seconds(2));
    EXPECT_EQ(known("A-1").unread.size(), 1u) << "a file that changed is read again, whosever it is";

    std::stop_source stop;
    stop.request_stop();
    judge_attempts(places_, lessons, known("A-1").unread, stop.get_token());
    EXPECT_EQ(known("A-1").unread.size(), 1u);
    const Recording recording = *load_recording(folder / "c.evh");
    remember_attempt(places_, row, folder / "c.evh", recording, *stage(), LessonOutcome::nearly);
    EXPECT_TRUE(known("A-1").unread.empty());
    EXPECT_EQ(known("B-2").attempts.at(row.id)[0].outcome, LessonOutcome::nearly);
}

/// Bands, limits and weights enter no value: what was measured, judged again, is what measuring again says.
TEST_F(SessionShelf, judging_again_by_other_bands_says_what_scoring_by_them_says) {
    const base::fs::path file = perform("a", "A-1", 0.3, "2026-11-21T10:00:00Z");
    const Attempt attempt = read().attempts.front();
    Rubric edited = *load_rubric(places_, "provisional");
    for (Criterion& line : edited.criteria) {
        const int64_t wide = (line.band.target_high - line.band.target_low) / 3;
        line.band.target_high -= wide;
        line.band.warn_high = std::max(line.band.target_high, line.band.warn_high - wide);
        if (line.critical_above) line.critical_above = *line.critical_above - wide / 2;
    }
    std::swap(edited.criteria[0].weight, edited.criteria[2].weight);
    edited.pass_mark = 6100;
    const Score again = judge_again(attempt.score, rubric_for(edited, attempt));
    const Score whole = score(*load_recording(file), *stage(), edited, *load_scope(places_, "medical"));
    EXPECT_EQ(again.total, whole.total);
    EXPECT_NE(again.total, attempt.score.total);
    EXPECT_EQ(again.failures, whole.failures);
    for (size_t i = 0; i < whole.criteria.size(); ++i) {
        EXPECT_EQ(again.criteria[i].value, whole.criteria[i].value) << whole.criteria[i].criterion.id;
        EXPECT_EQ(again.criteria[i].points, whole.criteria[i].points) << whole.criteria[i].criterion.id;
        EXPECT_EQ(again.criteria[i].verdict, whole.criteria[i].verdict) << whole.criteria[i].criterion.id;
    }
}

}  // namespace
}  // namespace training
