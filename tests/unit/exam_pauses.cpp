// Attempts in parts, judged whole, on machines whose time passes as the test says.

#include "engine/base/random.h"
#include "tests/scenarios/exam.h"
#include "tests/scenarios/kills.h"
#include "training/core/exam_result.h"

#include <gmock/gmock.h>

#include <cmath>

namespace training {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ExamPauses : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        board_ = new sealed::Institution;
        package_ = new ExamPackage(exams::package(*board_, "attempts = 1\nresume_limit_s = 600\npause_limit_s = 100\n"));
        stage_ = new std::shared_ptr<const Stage>(*load_stage(scenarios::source_places(), "pad-flat", "pen-12"));
    }
    static void TearDownTestSuite() {
        delete board_;
        delete package_;
        delete stage_;
    }
    /// One part of the attempt: a pen held still over the pad until `until_s` of session time. It is open `open_s` on the machine, which stands
    /// still for `stood_s` of them.
    void sit(int until_s, int open_s, bool hand_in, double stood_s = 0) {
        const auto folder = ExamFolder::open(folder_.path());
        ASSERT_TRUE(folder);
        const auto next = folder->next(*package_, "K-17", {station_time().utc_s, machine_});
        ASSERT_TRUE(next) << next.error().message;
        auto session = begin_attempt(*next, *stage_, make_header(**stage_, "mouse", "K-17"), package_->programs.front(),
                                     exams::sealer(*board_, *package_, [this] { return machine_; }));
        ASSERT_TRUE(session) << session.error().message;
        std::vector<input::PenSample> samples;
        const uint32_t from_us = next->cut ? next->cut->recording.samples.back().time_us : 0;
        for (uint32_t time_us = from_us + 10'000; time_us <= static_cast<uint32_t>(until_s) * 1'000'000; time_us += 10'000) {
            input::PenSample& sample = samples.emplace_back();
            sample.time_us = time_us;
            sample.tip_nm[2] = 50'000'000;
            sample.axis_q30[2] = -(1 << 30);
        }
        machine_.ms += open_s * 1000;
        ASSERT_TRUE(session->advance(samples));
        if (stood_s > 0) {
            session->event(stood_event(stood_s, samples.back().time_us));
            ASSERT_TRUE(session->keep());
        }
        if (hand_in) {
            ASSERT_TRUE(session->finish());
        }
    }
    ExamResult judged() const {
        StageStore stages(scenarios::source_places());
        const auto result = exam_result(*package_, {folder_.path()}, board_->trust(), stages);
        EXPECT_TRUE(result) << result.error().message;
        return result ? *result : ExamResult();
    }
    /// What does not hold, a line each.
    std::string faults() const {
        std::string lines;
        for (const Finding& finding : judged().findings)
            if (!finding.holds) lines += finding.what + ": " + finding.words + "\n";
        return lines;
    }

    static inline sealed::Institution* board_ = nullptr;
    static inline ExamPackage* package_ = nullptr;
    static inline std::shared_ptr<const Stage>* stage_ = nullptr;
    sealed::Folder folder_;
    BootTime machine_{base::sha256("a start"), 1'000};
};

TEST_F(ExamPauses, of_all_parts_count_together) {
    sit(2, 2 + 60, false);
    machine_.ms += 30'000;
    sit(4, 2 + 60, false);
    machine_.ms += 40'000;
    sit(5, 1, true);
    EXPECT_EQ(faults(), "") << "120 s of pauses, 100 are granted and 10 for each part";
    EXPECT_THAT(judged().attempts.front().gaps_s, ElementsAre(30, 40));
    EXPECT_THAT(judged().attempts.front().gaps_steady, ElementsAre(true, true));
    EXPECT_THAT(exam_result_text(judged()), HasSubstr("taken up 30 s after it was cut off; taken up 40 s after it was cut off\n"));
}

TEST_F(ExamPauses, that_are_too_long_only_together_are_told) {
    sit(2, 2 + 70, false);
    machine_.ms += 30'000;
    sit(4, 2 + 70, false);
    machine_.ms += 40'000;
    sit(5, 1, true);
    EXPECT_THAT(faults(), HasSubstr("attempt 1: pauses: the pauses of its 3 parts were 140 s together; 100 s are allowed"));
}

TEST_F(ExamPauses, before_the_machine_was_started_anew_count_and_the_gap_is_the_stations_clocks) {
    sit(2, 2 + 125, false);
    machine_ = {base::sha256("started anew"), 400'000};
    sit(3, 1, true);
    const ExamAttempt attempt = judged().attempts.front();
    EXPECT_THAT(attempt.gaps_steady, ElementsAre(false));
    EXPECT_THAT(exam_result_text(judged()), HasSubstr("s after it was cut off, by the station's clock"));
    EXPECT_THAT(faults(), HasSubstr("the pauses of its 2 parts were 125 s together"));
}

TEST_F(ExamPauses, are_not_what_the_station_stood_still) {
    sit(2, 2 + 300, false, 290.5);
    const auto next = ExamFolder::open(folder_.path())->next(*package_, "K-17", {station_time().utc_s, machine_});
    ASSERT_TRUE(next && next->cut);
    EXPECT_EQ(next->paused_s, 9) << "what is left of 300 s";
    sit(4, 2 + 250, false, 240);
    sit(5, 1, true);
    EXPECT_EQ(faults(), "") << "530.5 of 550 s stood still";
    EXPECT_EQ(judged().attempts.front().stood_s, 530.5);
    EXPECT_THAT(exam_result_text(judged()), HasSubstr("; the station stood still for 530.5 s of it"));
}

TEST_F(ExamPauses, are_what_a_station_stood_still_for_longer_than_a_power_cut_may_last) {
    sit(2, 2 + 500, false, 500);
    sit(4, 2 + 250, false, 250);
    sit(5, 1, true);
    EXPECT_THAT(faults(), HasSubstr("the pauses of its 3 parts were 150 s together; 100 s are allowed")) << "600 of 750 s are let pass";
}

TEST_F(ExamPauses, are_no_gap_that_a_station_may_make_up) {
    sit(2, 2, false);
    const auto gap = machine_;
    machine_.ms += 10'000;
    const auto folder = ExamFolder::open(folder_.path());
    auto next = folder->next(*package_, "K-17", {station_time().utc_s, machine_});
    ASSERT_TRUE(next && next->cut);
    EXPECT_EQ(next->gap_s, 10);
    machine_.ms = gap.ms + 300'000;  // more time passes than the part says
    auto session = begin_attempt(*next, *stage_, make_header(**stage_, "mouse", "K-17"), package_->programs.front(),
                                 exams::sealer(*board_, *package_, [this] { return machine_; }));
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->finish());
    EXPECT_THAT(faults(), HasSubstr("order: its gap of 10 s does not fit the 300.0 s that passed on the machine meanwhile"));
}

/// Tip on the pad, to and fro at a centimetre a second at most; so many samples since the attempt began.
input::PenSample needling(size_t samples) {
    const double time = static_cast<double>(samples + 1) / 120;
    return *input::quantise({time, {0.01 * std::sin(time), 0, 0}, {0, 0, -1}, 0.7, true, 0.5e-3, 110});
}

/// Frame by frame, as a window does, and never a frame without what came before it kept; tells the session time of each.
TEST_F(ExamPauses, are_made_by_kills_at_any_moment_which_cost_at_most_the_last_second_of_needling) {
    base::Random random(7);
    size_t punctures = 0;
    for (int kill = 0; kill < 12; ++kill) {
        const auto folder = ExamFolder::open(folder_.path());
        const auto next = folder->next(*package_, "K-17", station_time());
        ASSERT_TRUE(next) << next.error().message;
        const size_t before = next->cut ? next->cut->recording.samples.size() : 0;
        const auto delay = std::chrono::microseconds(random.below(20'000));
        const int steps = static_cast<int>(1 + random.below(10));
        const uint64_t seed = random.next();
        const int told_us = scenarios::killed_after(delay, steps, [&](const auto& tell) {
            auto session = begin_attempt(*next, *stage_, make_header(**stage_, "mouse", "K-17"), package_->programs.front(), exams::sealer(*board_, *package_));
            CHECK(static_cast<bool>(session));
            base::Random frames(seed);
            for (size_t done = before;;) {
                std::vector<input::PenSample> frame;
                for (uint32_t left = 1 + frames.below(60); left > 0; --left) frame.push_back(needling(done++));
                CHECK(session->advance(frame) && session->keep());
                tell(static_cast<int>(frame.back().time_us));
            }
        });
        const auto part = read_exam_part(*package_, next->file);
        ASSERT_TRUE(part) << part.error().message;
        const int64_t kept_us = part->recording.samples.empty() ? 0 : part->recording.samples.back().time_us;
        EXPECT_GE(kept_us, int64_t{told_us} - 1'000'000) << "kept";
        EXPECT_GE(static_cast<int64_t>(part->recording.seal->links.back().time_us), int64_t{told_us} - 1'000'000) << "signed";
        EXPECT_GE(part->recording.samples.size(), before) << "what was kept once is kept";
        for (const Finding& finding : check_seal(part->recording, board_->trust()))
            EXPECT_EQ(finding.holds, finding.what != "completeness") << finding.what << ": " << finding.words;
        punctures = part->recording.punctures.size();
    }
    EXPECT_GT(punctures, 1000u);
}

}  // namespace
}  // namespace training
