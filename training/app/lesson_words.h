#pragma once

// What lessons say of tasks, targets and aids, in the language spoken.

#include "training/app/strings.h"
#include "training/core/lesson_result.h"

#include <string>
#include <vector>

namespace app {

/// "Hold still for 5 s", and how far that has come: "3.2 of 5 s".
std::string task_words(const Words& words, const training::LessonTask& task);
std::string task_words_done(const Words& words, const training::LessonTask& task, double done);

/// "at most 5°", "85 % or more", "1.5 to 3 cm/s".
std::string target_words(const Words& words, const std::string& unit, const training::Band& band);
/// One line for each target, with the line's name.
std::vector<std::string> target_lines(const Words& words, const training::Lesson& lesson, const training::Rubric& rubric);
/// One line for each aid, or one that says that there is none.
std::vector<std::string> aid_lines(const Words& words, const std::vector<std::string>& aids);

}  // namespace app
