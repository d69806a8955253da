#pragma once

// All lessons that there are, shipped and one's own, as the screens hand them on.

#include "training/core/lesson_attempts.h"

#include <memory>

namespace app {

struct LessonShelf {
    std::vector<training::Lesson> lessons;
    std::vector<base::Error> problems;  ///< one for each file that cannot be used
};
/// EVENHAND_LESSONS, else XDG_DATA_HOME/evenhand/lessons, else ~/.local/share/evenhand/lessons. It need not exist.
base::fs::path own_lessons_folder();
std::shared_ptr<const LessonShelf> read_lessons(const base::Places& places);

}  // namespace app
