#pragma once

// The lessons: their list, the way into one, and what came of it.

#include "training/app/evaluation.h"
#include "training/app/lesson_run.h"

namespace app {

/// The area of lessons, the one to do next chosen.
std::unique_ptr<Screen> lessons_screen(Desk& desk);
/// Loads what the lesson is practised on, then shows its card over the practice.
std::unique_ptr<Screen> open_lesson(Desk& desk, std::shared_ptr<const LessonShelf> shelf, const std::string& id);
/// The practice screen with a lesson on it.
std::unique_ptr<Screen> practice_lesson(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Rubric rubric,
                                        std::shared_ptr<LessonRun> lesson);
/// Scores the lesson's session and shows what came of it.
std::unique_ptr<Screen> end_lesson(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Recording recording,
                                   const SessionView& last, std::shared_ptr<LiveSession> ended);
/// What came of a session of a lesson; null where it is of none that there is.
std::unique_ptr<Screen> lesson_result_screen(Desk& desk, std::shared_ptr<const ScoredSession> session);

/// From the full score of a lesson's session to its result, or to the same lesson once more; null where it is of none.
std::unique_ptr<Screen> back_to_lesson(Desk& desk, std::shared_ptr<const ScoredSession> session, bool again);

/// For whoever has practised nothing yet: where to begin, in the place of the list of sessions. True when it is chosen.
bool draw_start_here(Desk& desk, ImVec2 at, ImVec2 size);

}  // namespace app
