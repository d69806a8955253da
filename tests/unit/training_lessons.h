#pragma once

// The lessons that are shipped, and what simulated operators make of them.

#include "tests/unit/training_stage.h"
#include "training/core/lesson_result.h"

namespace training_test {

inline const std::vector<training::Lesson>& lessons() {
    static const std::vector<training::Lesson> all = [] {
        std::vector<base::Error> problems;
        std::vector<training::Lesson> found = training::list_lessons(places(), {}, problems);
        for (const base::Error& problem : problems) ADD_FAILURE() << problem.message;
        return found;
    }();
    return all;
}

inline const training::Lesson& lesson(const char* id) {
    const training::Lesson* found = training::find_lesson(lessons(), id);
    CHECK(found != nullptr, id);
    return *found;
}

/// Prints what it came to, for whoever sets the targets.
inline training::LessonResult perform(const training::Lesson& one, training::Skill skill) {
    base::Result<training::Case> practice = training::lesson_case(places(), one);
    CHECK(static_cast<bool>(practice), one.id);
    const auto stage = training::load_stage(places(), std::move(*practice));
    CHECK(static_cast<bool>(stage), one.id);
    const training::Recording recording = record(**stage, training::perform_operator(**stage, skill, 1), "operator");
    const base::Result<training::Rubric> rubric = training::load_rubric(places(), (*stage)->practice.rubric);
    const training::Score scored =
        training::score(recording, **stage, *rubric, *training::load_scope(places(), (*stage)->practice.scope));
    const training::LessonResult result = training::lesson_result(scored, one, recording, *(*stage)->face);
    std::string told = fmt::format("{} {}: {}, task {:.1f}", one.id, skill == training::Skill::expert ? "expert" : "novice",
                                   training::outcome_name(result.outcome), result.task_done);
    for (const training::LessonLine& line : result.lines) {
        const training::CriterionScore& of = scored.criteria[line.line];
        told += fmt::format(", {} {} {}", of.criterion.id, of.value ? training::thousandths_text(*of.value) : "-",
                            training::verdict_name(line.verdict));
    }
    if (result.points) told += fmt::format(", points {}", *result.points);
    fmt::print("{}\n", told);
    return result;
}

}  // namespace training_test
