#include "training/app/lesson_words.h"

#include "training/core/joined.h"

#include <algorithm>

namespace app {

std::string task_words(const Words& words, const training::LessonTask& task) {
    const auto amount = fmt::arg("amount", task.amount);
    switch (task.kind) {
        case training::TaskKind::hold: return words("lesson.hold", amount);
        case training::TaskKind::glide: return words("lesson.glide", amount);
        case training::TaskKind::cover: return words("lesson.cover", amount);
        case training::TaskKind::press: return words("lesson.press", amount);
    }
    return {};
}

std::string task_words_done(const Words& words, const training::LessonTask& task, double done) {
    const auto amount = fmt::arg("amount", task.amount);
    switch (task.kind) {
        case training::TaskKind::hold: return words("lesson.held", fmt::arg("done", fmt::format("{:.1f}", done)), amount);
        case training::TaskKind::glide: return words("lesson.glided", fmt::arg("done", fmt::format("{:.0f}", done)), amount);
        case training::TaskKind::cover: return words("lesson.covered", fmt::arg("done", fmt::format("{:.0f}", done)), amount);
        case training::TaskKind::press: return words("lesson.pressed", fmt::arg("done", fmt::format("{:.0f}", done)), amount);
    }
    return {};
}

std::string target_words(const Words& words, const std::string& unit, const training::Band& band) {
    const auto figure = [&](int64_t value) {
        const std::string shown = training::thousandths_text(value);
        if (unit.empty()) return shown;
        return unit == "deg" ? words("value.degrees", fmt::arg("value", shown)) : training::with_unit_word(words, shown, words.name("unit", unit));
    };
    if (band.warn_low == band.target_low && band.target_high == band.target_low) return words("lesson.none_of", fmt::arg("value", figure(band.target_high)));
    if (band.warn_low == band.target_low) return words("lesson.at_most", fmt::arg("value", figure(band.target_high)));
    if (band.warn_high == band.target_high) return words("lesson.at_least", fmt::arg("value", figure(band.target_low)));
    return words("lesson.between", fmt::arg("low", training::thousandths_text(band.target_low)), fmt::arg("high", figure(band.target_high)));
}

std::vector<std::string> target_lines(const Words& words, const training::Lesson& lesson, const training::Rubric& rubric) {
    std::vector<std::string> lines;
    if (lesson.points) lines.push_back(words("lesson.points", fmt::arg("points", *lesson.points * 0.01)));
    for (const training::LessonTarget& target : lesson.targets) {
        const auto found = std::ranges::find(rubric.criteria, target.criterion, &training::Criterion::id);
        if (found == rubric.criteria.end()) continue;
        lines.push_back(training::with_colon(words, found->name, target_words(words, found->unit, target.band.value_or(found->band))));
    }
    return lines;
}

std::vector<std::string> aid_lines(const Words& words, const std::vector<std::string>& aids) {
    std::vector<std::string> lines;
    for (const std::string& aid : aids) lines.push_back(words.name("lesson_aid", aid));
    if (lines.empty()) lines.push_back(words("lesson.no_aids"));
    return lines;
}

}  // namespace app
