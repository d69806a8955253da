#include "tests/scenarios/exam.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace training {
namespace {

using testing::HasSubstr;

class ExamAttempts : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        board_ = new sealed::Institution;
        package_ = new ExamPackage(exams::package(*board_));
    }
    static void TearDownTestSuite() {
        delete board_;
        delete package_;
    }
    void write(const std::string& name, int attempt, bool finish, const std::string& candidate = "K-17", const ExamPackage& of = *package_) {
        auto recorder = Recorder::create(folder_ / name, sealed::header(candidate), exams::sealer(*board_, of, [this] { return boot_; }));
        ASSERT_TRUE(recorder) << recorder.error().message;
        recorder->add(attempt_event(attempt, of.programs.front()));
        ASSERT_TRUE(recorder->commit());
        for (uint32_t part = 0; part < 6; ++part) sealed::add_part(*recorder, part);
        boot_.ms += open_ms_;
        ASSERT_TRUE(finish ? recorder->finish() : recorder->commit());
    }
    /// Seconds since 1970, `later` than the file was written.
    int64_t now(int64_t later = 0) const { return *seconds_of(utc_now()) + later; }
    base::Result<NextAttempt> next_at(const StationTime& time, const std::string& candidate = "K-17") const {
        const auto folder = ExamFolder::open(folder_.path());
        return folder ? folder->next(*package_, candidate, time) : base::Result<NextAttempt>(folder.error());
    }
    /// On a machine that was started anew.
    base::Result<NextAttempt> next(int64_t later = 0, const std::string& candidate = "K-17") const {
        return next_at({now(later), {base::sha256("started anew"), 5'000}}, candidate);
    }
    /// On the machine that still runs; its clock was set by so much besides.
    base::Result<NextAttempt> next_here(int64_t later_ms, int64_t set_s) const {
        return next_at({now(later_ms / 1000 + set_s), {boot_.boot, boot_.ms + later_ms}});
    }
    std::string refusal(const std::string& candidate = "K-17") const {
        const auto what = next(0, candidate);
        return what ? "none" : what.error().message;
    }

    static inline sealed::Institution* board_ = nullptr;
    static inline ExamPackage* package_ = nullptr;
    sealed::Folder folder_;
    BootTime boot_{base::sha256("a start"), 90'000};
    int64_t open_ms_ = 4'000;  ///< how long writing a session takes by boot_
};

TEST_F(ExamAttempts, follow_one_another_until_all_were_made) {
    for (int attempt = 1; attempt <= 3; ++attempt) {
        const auto what = next();
        ASSERT_TRUE(what) << what.error().message;
        EXPECT_EQ(what->attempt, attempt);
        EXPECT_EQ(what->file.filename(), fmt::format("attempt-{}.evh", attempt));
        EXPECT_FALSE(what->cut);
        EXPECT_EQ(what->follows.has_value(), attempt > 1);
        write(what->file.filename(), attempt, true);
        EXPECT_EQ(next()->follows, read_exam_part(*package_, what->file)->last_link());
    }
    EXPECT_EQ(next()->attempt, 4);
}

TEST_F(ExamAttempts, that_were_cut_off_are_gone_on_with_in_time_and_have_ended_later) {
    write("attempt-1.evh", 1, false);
    const auto soon = next(200);
    ASSERT_TRUE(soon && soon->cut);
    EXPECT_EQ(soon->attempt, 1);
    EXPECT_EQ(soon->part, 2);
    EXPECT_EQ(soon->file.filename(), "attempt-1-part-2.evh");
    EXPECT_GE(soon->gap_s, 200);
    EXPECT_LE(soon->gap_s, 203);
    EXPECT_EQ(resumed_event(*soon, 5).value, fmt::format("2 {} {}", soon->gap_s, soon->cut->last_link().hex()));
    const auto late = next(302);
    ASSERT_TRUE(late);
    EXPECT_FALSE(late->cut);
    EXPECT_EQ(late->attempt, 2);
    EXPECT_THAT(late->told, HasSubstr("attempt 1 was cut off 30"));
    EXPECT_THAT(late->told, HasSubstr("counts as it ended"));
    const auto set_back = next(-3600);
    ASSERT_TRUE(set_back);
    EXPECT_EQ(set_back->attempt, 2) << "nobody can tell how long ago it was";
    EXPECT_THAT(set_back->told, HasSubstr("set back"));
}

TEST_F(ExamAttempts, name_the_one_before_them_in_what_is_signed_first) {
    const base::Hash link = base::sha256("a link");
    const auto read = [&](const std::string& value) -> std::optional<ExamPart> {
        std::error_code ignored;
        base::fs::remove(folder_ / "attempt.evh", ignored);
        auto recorder = Recorder::create(folder_ / "attempt.evh", sealed::header("K-17"), exams::sealer(*board_, *package_));
        recorder->add(input::ProcedureEvent{0, kAttemptEvent, value});
        CHECK(static_cast<bool>(recorder->finish()));
        auto part = read_exam_part(*package_, folder_ / "attempt.evh");
        return part ? std::optional(std::move(*part)) : std::nullopt;
    };
    const base::Hash program = package_->programs.front();
    EXPECT_EQ(read(attempt_event(2, program, link).value)->follows, link);
    EXPECT_FALSE(read(attempt_event(2, program).value)->follows) << "older recordings";
    EXPECT_FALSE(read(attempt_event(1, program, link).value)) << "nothing is before the first";
    EXPECT_FALSE(read(attempt_event(2, program).value + " 12"));
    EXPECT_FALSE(read(attempt_event(2, program, link).value + " x"));
}

TEST_F(ExamAttempts, that_were_cut_off_go_on_by_a_clock_that_nobody_sets_while_the_machine_runs) {
    write("attempt-1.evh", 1, false);
    for (const int64_t set_s : {0, 3600, -3600}) {
        const auto soon = next_here(200'900, set_s);
        ASSERT_TRUE(soon && soon->cut) << set_s << " s: the clock was set, and no time passed";
        EXPECT_EQ(soon->gap_s, 200);
        EXPECT_TRUE(soon->steady);
    }
    EXPECT_TRUE(next_here(300'999, 0)->cut);
    const auto late = next_here(301'000, -200);
    EXPECT_FALSE(late->cut);
    EXPECT_THAT(late->told, HasSubstr("attempt 1 was cut off 301 s ago"));
    EXPECT_FALSE(next(200)->steady) << "a machine that was started anew has the station's clock alone";
    EXPECT_FALSE(next_at({now(200), {}})->steady);
    EXPECT_FALSE(next_at({now(200), {boot_.boot, boot_.ms - 1}})->steady) << "no machine's time runs backwards";
}

TEST_F(ExamAttempts, tell_their_pauses_by_a_clock_that_nobody_sets) {
    open_ms_ = 63'000;
    write("attempt-1.evh", 1, false);
    const timeval later[2] = {{now(3600), 0}, {now(3600), 0}};  // the clock was set forward while it ran
    ASSERT_EQ(::utimes((folder_ / "attempt-1.evh").c_str(), later), 0);
    const auto here = next_here(10'000, 3600);
    ASSERT_TRUE(here && here->cut);
    EXPECT_EQ(here->paused_s, 60) << "3 s of it were session time";
    EXPECT_EQ(next_here(200'000, 3600)->paused_s, 60) << "a gap is no pause";
    const auto anew = next(3610);
    ASSERT_TRUE(anew && anew->cut);
    EXPECT_EQ(anew->paused_s, 60) << "what the links tell holds when the machine was started anew, too";
    EXPECT_NEAR(static_cast<double>(anew->gap_s), 10, 2);
}

TEST_F(ExamAttempts, that_were_cut_off_within_a_transaction_ended_when_the_power_went) {
    write("attempt-1.evh", 1, false);
    const std::string file = (folder_ / "attempt-1.evh").string();
    if (const pid_t child = ::fork(); child == 0) {
        SQLite::Database database(file, SQLite::OPEN_READWRITE);
        database.exec("PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE chunk SET samples = zeroblob(40000);");
        ::raise(SIGKILL);
    } else {
        ::waitpid(child, nullptr, 0);
    }
    ASSERT_TRUE(base::fs::exists(file + "-journal"));
    const int64_t cut = now(200);
    const timeval then[] = {{cut, 0}, {cut, 0}};
    ASSERT_EQ(::utimes(file.c_str(), then), 0);
    for (const char* reading : {"which takes back what was half done", "which finds all in order"}) {
        const auto soon = next(250);
        ASSERT_TRUE(soon && soon->cut) << reading;
        EXPECT_GE(soon->gap_s, 50) << reading;
        EXPECT_LE(soon->gap_s, 60) << reading;
    }
    EXPECT_FALSE(base::fs::exists(file + "-journal"));
}

TEST_F(ExamAttempts, are_none_where_nothing_was_signed_yet) {
    sealed::write_bytes(folder_ / "attempt-1.evh", "");
    const auto empty = next();
    ASSERT_TRUE(empty) << empty.error().message;
    EXPECT_EQ(empty->attempt, 1);
    EXPECT_EQ(empty->part, 1);
    EXPECT_FALSE(base::fs::exists(folder_ / "attempt-1.evh"));
    { ASSERT_TRUE(Recorder::create(folder_ / "attempt-1.evh", sealed::header("K-17"), exams::sealer(*board_, *package_))); }
    const auto begun = next();
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->attempt, 1);
    EXPECT_FALSE(begun->cut);
    EXPECT_EQ(begun->file.filename(), "attempt-1-part-2.evh") << "a file is never written over";
}

TEST_F(ExamAttempts, are_one_candidates_at_one_exam) {
    write("attempt-1.evh", 1, true, "B-2");
    EXPECT_THAT(refusal(), HasSubstr("is B-2's attempt, not K-17's"));
    EXPECT_EQ(refusal("B-2"), "none");
    write("other.evh", 1, true, "B-2", exams::package(*board_, "nonce = \"" + std::string(64, 'e') + "\"\n"));
    EXPECT_THAT(refusal("B-2"), HasSubstr("was not sealed for the exam board-2026"));
    base::fs::remove(folder_ / "other.evh");
    sealed::write_session(folder_ / "plain.evh", nullptr);
    EXPECT_THAT(refusal("B-2"), HasSubstr("is not sealed"));
    base::fs::remove(folder_ / "plain.evh");
    sealed::write_session(folder_ / "none.evh", exams::sealer(*board_, *package_), 6, true, sealed::header("B-2"));
    EXPECT_THAT(refusal("B-2"), HasSubstr("is none of an exam's attempt"));
}

TEST_F(ExamAttempts, are_made_one_at_a_time) {
    const auto held = ExamFolder::open(folder_.path());
    ASSERT_TRUE(held);
    EXPECT_THAT(refusal(), HasSubstr("an attempt is running in this folder"));
}

}  // namespace
}  // namespace training
