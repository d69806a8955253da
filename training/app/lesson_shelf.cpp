#include "training/app/lesson_shelf.h"

#include "engine/base/user_folder.h"

namespace app {

base::fs::path own_lessons_folder() { return base::user_folder(base::UserFolder::data, "EVENHAND_LESSONS", "evenhand/lessons"); }

std::shared_ptr<const LessonShelf> read_lessons(const base::Places& places) {
    LessonShelf shelf;
    shelf.lessons = training::list_lessons(places, own_lessons_folder(), shelf.problems);
    return std::make_shared<const LessonShelf>(std::move(shelf));
}

}  // namespace app
