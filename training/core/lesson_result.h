#pragma once

// How a lesson went, from the same evidence and the same score as everything else; and how it goes over time: what was met,
// and which aids are still given. All of it is derived from recordings.

#include "training/core/lesson.h"
#include "training/core/score.h"

#include <map>

namespace training {

/// How far the task has come. The same while it happens, in whatever pieces, and afterwards.
class TaskProgress {
  public:
    TaskProgress(const Lesson& lesson, const face::FaceAsset& face);
    void add(std::span<const shared::ContactRecord> contacts);
    /// `statistics`: by zone, as the tracker has them now; of cover alone.
    void add(std::span<const shared::ZoneStats> statistics);
    double done() const { return done_; }  ///< in the task's unit; of cover as it stands, else it never falls
    double now() const { return now_; }    ///< of hold: this time that the pen is down
    double share() const;                  ///< 0..1
    bool complete() const { return share() >= 1; }

  private:
    LessonTask task_;
    const face::FaceAsset& face_;
    std::vector<uint8_t> prescribed_;  ///< by zone
    double done_ = 0, now_ = 0;
    bool touching_ = false;
    uint32_t began_us_ = 0, put_down_ = shared::kNoCell;
    uint64_t way_um_ = 0;
};

enum class LessonOutcome : uint8_t { met, nearly, not_yet };
const char* outcome_name(LessonOutcome outcome);

struct LessonLine {
    size_t line = 0;           ///< of Score::criteria
    Band band{};               ///< that judged it
    Verdict verdict = Verdict::not_assessed;
    bool too_little = false;   ///< the value lies below the band, else above
};

struct LessonResult {
    LessonOutcome outcome = LessonOutcome::not_yet;
    double task_done = 0;
    bool task_complete = false;
    std::vector<LessonLine> lines;      ///< in the order of Lesson::targets
    int worst = -1;                     ///< of lines, the one to work on next; -1 = none
    std::optional<int32_t> points;      ///< hundredths of 100 over the lines, where the lesson asks for points

    bool met() const { return outcome == LessonOutcome::met; }
};

/// Met: the task is done and each line lies in its target; nearly: done, and none beyond what is tolerated. A line that could
/// not be assessed is not met.
LessonResult lesson_result(const Score& score, const Lesson& lesson, const Recording& recording, const face::FaceAsset& face);

// --- how it goes over time ---

/// One session of a lesson, as its recording tells. Derived, never kept as a truth of its own.
struct LessonAttempt {
    base::fs::path file;
    std::string started;  ///< UTC, ISO 8601
    std::string lesson;   ///< id
    std::vector<std::string> aids;
    LessonOutcome outcome = LessonOutcome::not_yet;

    bool operator==(const LessonAttempt&) const = default;
};

/// What the events of a session say: which lesson, with which aids; empty id = none.
LessonAttempt lesson_of(const std::vector<input::ProcedureEvent>& events);

enum class LessonState : uint8_t { fresh, tried, met, mastered };
const char* state_name(LessonState state);

/// The step of Lesson::fade for the next attempt, after these (of this lesson, in the order of time).
size_t fade_step(const Lesson& lesson, std::span<const LessonAttempt> attempts);
/// Mastered: met once without any aid.
LessonState lesson_state(std::span<const LessonAttempt> attempts);
/// The lesson to do next: the first in order that was never met; null when all are.
const Lesson* lesson_at_hand(const std::vector<Lesson>& lessons, const std::map<std::string, std::vector<LessonAttempt>>& attempts);

}  // namespace training
