#pragma once

// The lessons that were practised, as the recordings of a folder tell: each is judged once, by the same score as everything
// else, and what came of it is remembered (session_index.h). A recording or lesson that has changed since is judged again.

#include "training/core/lesson_result.h"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace training {

/// By lesson id, each list in the order of time.
using AttemptsByLesson = std::map<std::string, std::vector<LessonAttempt>>;

struct KnownAttempts {
    AttemptsByLesson attempts;
    std::vector<base::fs::path> unread;  ///< recordings that must be read first
};
/// What is remembered of whoever has this code; empty = of the sessions that carry none. Costs a look at the folder, not at its files.
KnownAttempts known_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const base::fs::path& folder,
                             const std::string& trainee);

/// Reads these recordings and remembers what they say. One that cannot be read, was not closed or is of no lesson counts as none.
/// Takes about a second for each that is of a lesson; `stop` ends it between two of them.
void judge_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const std::vector<base::fs::path>& files,
                    std::stop_token stop = {});

/// Remembers what has just been judged: the outcome of the recording in `file`.
void remember_attempt(const base::Places& places, const Lesson& lesson, const base::fs::path& file, const Recording& recording,
                      const Stage& stage, LessonOutcome outcome);

}  // namespace training
