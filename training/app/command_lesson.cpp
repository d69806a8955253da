// lesson: what lessons there are, whether one is sound, and a copy of one's own.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/lesson_shelf.h"
#include "training/core/lesson_edit.h"

namespace app {

int lesson_list(const Options& options) {
    const auto shelf = read_lessons(options.places);
    for (const training::Lesson& lesson : shelf->lessons)
        fmt::print("{:<20} {:>3}  {:<28} {}\n", lesson.id, lesson.order, lesson.title,
                   lesson.shipped() ? "locked" : "by " + lesson.author + ", " + lesson.file.string());
    for (const base::Error& problem : shelf->problems) fmt::print(stderr, "evenhand: {}\n", problem);
    return shelf->problems.empty() ? kDone : kUnusable;
}

int lesson_check(const Options& options, const std::string& file) {
    const base::Result<std::string> text = base::read_text(file, 1u << 20);
    if (!text) return refuse(text.error());
    const auto lesson = training::check_lesson(options.places, *text, file, read_lessons(options.places)->lessons);
    if (!lesson) return refuse(lesson.error());
    fmt::print("{}: sound\n", file);
    return kDone;
}

int lesson_copy(const Options& options, const LessonCopyArguments& arguments) {
    const auto shelf = read_lessons(options.places);
    const training::Lesson* found = training::find_lesson(shelf->lessons, arguments.id);
    if (!found) return refuse(base::error("no lesson '{}'; `evenhand lesson list` tells which there are", arguments.id));
    training::Lesson copy = *found;
    const base::fs::path file = arguments.output.empty() ? own_lessons_folder() / (arguments.id + "-copy.toml") : base::fs::path(arguments.output);
    copy.id = file.stem().string();
    copy.author = arguments.author;
    std::error_code trouble;
    if (arguments.output.empty()) base::fs::create_directories(file.parent_path(), trouble);
    if (base::fs::exists(file, trouble)) return refuse(base::error("{}: exists already; give another name with -o", file.string()));
    if (training::find_lesson(shelf->lessons, copy.id))
        return refuse(base::error("{}: there is a lesson '{}' already; name the file otherwise", file.string(), copy.id));
    if (const base::Status written = training::write_lesson(options.places, copy, file); !written) return refuse(written.error());
    fmt::print("{}\n", file.string());
    return kDone;
}

}  // namespace app
