#include "training/core/lesson_attempts.h"

#include "training/core/session_index.h"
#include "training/core/yardstick.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

/// Of one that cannot be judged: it counts as none.
constexpr const char* kNone = "none";

std::optional<LessonOutcome> parse_outcome(const std::string& told) {
    for (const auto one : {LessonOutcome::met, LessonOutcome::nearly, LessonOutcome::not_yet})
        if (told == outcome_name(one)) return one;
    return std::nullopt;
}

LessonAttempt attempt_of(const SessionFacts& facts, LessonOutcome outcome) {
    return {facts.file, facts.started, facts.lesson, facts.aids, outcome};
}

/// What lessons are judged by. Empty where rubric or scope cannot be had.
class LessonYardsticks {
  public:
    explicit LessonYardsticks(const base::Places& places) : yardsticks_(places) {}
    std::string of(const Lesson& lesson, const SessionFacts& facts) {
        const auto& rubric = yardsticks_.rubric(facts.rubric);
        const auto& scope = yardsticks_.scope(facts.scope);
        return rubric && scope ? yardsticks_.key(*rubric, *scope) + " " + lesson.hash.hex() : std::string();
    }

  private:
    Yardsticks yardsticks_;
};

std::string judge(const base::Places& places, const Lesson& lesson, const Recording& recording, const Stage& stage) {
    const base::Result<Yardstick> by = load_yardstick(places, stage);
    if (!by) return kNone;
    return outcome_name(lesson_result(score(recording, stage, by->rubric, by->scope), lesson, recording, *stage.face).outcome);
}

/// Reads one recording and judges it by its lesson, if it is of one and was closed.
void read_one(const base::Places& places, const std::vector<Lesson>& lessons, const fs::path& file, SessionIndex& index,
              LessonYardsticks& keys, Stages& stages) {
    const FileState state = state_of(file);
    const base::Result<Recording> recording = load_recording(file);
    if (!recording) {
        SessionFacts unreadable;
        unreadable.file = fs::absolute(file);
        return index.keep(unreadable, state);
    }
    const Lesson* lesson = find_lesson(lessons, lesson_of(recording->events).lesson);
    const auto stage = lesson ? stages.of(*recording, file) : base::Result<std::shared_ptr<const Stage>>(base::Error());
    const SessionFacts facts = facts_of(file, *recording, stage ? stage->get() : nullptr);
    if (lesson && recording->finished) {
        const std::string outcome = stage ? judge(places, *lesson, *recording, **stage) : kNone;
        index.keep(facts.evidence, keys.of(*lesson, facts), outcome);
    }
    index.keep(facts, state);
}

}  // namespace

KnownAttempts known_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const fs::path& folder,
                             const std::string& trainee) {
    KnownAttempts known;
    const base::Result<std::vector<fs::path>> files = recordings_in(folder);
    if (!files) return known;
    const SessionIndex index(places);
    LessonYardsticks keys(places);
    for (const fs::path& file : *files) {
        const auto facts = index.facts(file);
        if (!facts) {
            known.unread.push_back(file);
            continue;
        }
        const Lesson* lesson = find_lesson(lessons, facts->lesson);
        if (!lesson || !facts->finished || facts->trainee != trainee) continue;
        const auto told = index.told(facts->evidence, keys.of(*lesson, *facts));
        if (!told)
            known.unread.push_back(file);
        else if (const auto outcome = parse_outcome(*told))
            known.attempts[facts->lesson].push_back(attempt_of(*facts, *outcome));
    }
    for (auto& [id, attempts] : known.attempts)
        std::ranges::stable_sort(attempts, {}, &LessonAttempt::started);
    return known;
}

void judge_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const std::vector<fs::path>& files,
                    std::stop_token stop) {
    SessionIndex index(places);
    LessonYardsticks keys(places);
    Stages stages(places);
    for (const fs::path& file : files) {
        if (stop.stop_requested()) return;
        read_one(places, lessons, file, index, keys, stages);
    }
}

void remember_attempt(const base::Places& places, const Lesson& lesson, const fs::path& file, const Recording& recording,
                      const Stage& stage, LessonOutcome outcome) {
    SessionIndex index(places);
    const SessionFacts facts = facts_of(file, recording, &stage);
    index.keep(facts.evidence, LessonYardsticks(places).of(lesson, facts), outcome_name(outcome));
    index.keep(facts, state_of(file));
}

}  // namespace training
