#include "training/app/lesson_shelf.h"

#include <cstdlib>

namespace app {

base::fs::path own_lessons_folder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return value ? base::fs::path(value) : base::fs::path();
    };
    if (const auto chosen = variable("EVENHAND_LESSONS"); !chosen.empty()) return chosen;
    if (const auto data = variable("XDG_DATA_HOME"); !data.empty()) return data / "evenhand/lessons";
    const auto home = variable("HOME");
    return home.empty() ? home : home / ".local/share/evenhand/lessons";
}

std::shared_ptr<const LessonShelf> read_lessons(const base::Places& places) {
    LessonShelf shelf;
    shelf.lessons = training::list_lessons(places, own_lessons_folder(), shelf.problems);
    return std::make_shared<const LessonShelf>(std::move(shelf));
}

}  // namespace app
