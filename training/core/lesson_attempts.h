#pragma once

// The lessons that were practised, as the recordings of a folder tell: each is judged once, by the same score as everything
// else, and what came of it is remembered in the cache (lesson-attempts.json, only a cache: it can be deleted). A recording or
// lesson that has changed since is judged again.

#include "training/core/lesson_result.h"

#include <map>
#include <string>
#include <vector>

namespace training {

/// By lesson id, each list in the order of time.
using AttemptsByLesson = std::map<std::string, std::vector<LessonAttempt>>;

struct KnownAttempts {
    AttemptsByLesson attempts;
    std::vector<base::fs::path> unread;  ///< recordings that must be read first
};
/// What is remembered. Costs a look at the folder, not at its files.
KnownAttempts known_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const base::fs::path& folder);

/// Reads these recordings and remembers what they say. One that cannot be read, was not closed or is of no lesson counts as none.
/// Takes about a second for each that is of a lesson.
base::Status judge_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const std::vector<base::fs::path>& files);

/// Remembers what has just been judged.
base::Status remember_attempt(const base::Places& places, const Lesson& lesson, const LessonAttempt& attempt);

}  // namespace training
