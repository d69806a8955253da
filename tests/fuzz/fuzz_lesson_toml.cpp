#include "tests/fuzz/fuzz_target.h"
#include "training/core/lesson_edit.h"

// A lesson as somebody wrote it, and as the form changes it.

namespace fuzz {

namespace {

/// What is written is read again as it was meant.
void check_writing(const training::Lesson& lesson) {
    const auto again = training::parse_lesson(source_places(), training::lesson_text(lesson), lesson.file);
    CHECK(static_cast<bool>(again), again ? "" : again.error().message, training::lesson_text(lesson));
    CHECK(training::lesson_keys(*again) == training::lesson_keys(lesson), training::lesson_text(lesson));
}

/// The form's change is in the text, or is refused; never another one.
void check_form(training::LessonDraft draft) {
    draft.lesson.order = draft.lesson.order == 7 ? 8 : 7;
    draft.lesson.title = "A \"new\" title\\";
    draft.lesson.next.clear();
    const auto text = training::draft_text(draft);
    const auto changed = text ? training::parse_lesson(source_places(), *text, draft.lesson.file) : text.error();
    if (!changed) CHECK(changed.error().message.find('\n') == std::string::npos, changed.error().message);
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string text(as_text(bytes));
    const base::fs::path file = "/lessons/fuzz.toml";
    const auto lesson = training::parse_lesson(source_places(), text, file);
    if (!lesson) {
        CHECK(lesson.error().message.starts_with("/lessons/fuzz.toml"), lesson.error().message);
        CHECK(lesson.error().message.find('\n') == std::string::npos, lesson.error().message);
        return false;
    }
    check_writing(*lesson);
    check_form({text, *lesson, *lesson, true});
    return true;
}

}  // namespace

Target lesson_toml() {
    return {"lesson_toml", {content("lessons/one-row.toml"), content("lessons/right-force.toml"), content("lessons/hold-still.toml")}, accepts, 400};
}

}  // namespace fuzz

FUZZ_PROGRAM(lesson_toml)
