#pragma once

// Attempts made up of shares of each line's points.

#include "tests/unit/training_stage.h"
#include "training/core/cohort.h"

namespace training_test {

/// An attempt whose lines have these values in order (thousandths), judged by `rubric`.
inline training::Attempt attempt_with(const training::Rubric& rubric, const std::vector<int64_t>& values, const std::string& trainee,
                                      int number) {
    training::Attempt attempt;
    attempt.file = fmt::format("{}-{}.evh", trainee, number);
    attempt.trainee = trainee;
    attempt.case_id = "pad-flat";
    attempt.device_id = "pen-12";
    attempt.started = fmt::format("2026-11-{:02}T10:00:00Z", number);
    for (size_t i = 0; i < rubric.criteria.size(); ++i) {
        training::CriterionScore line;
        line.criterion = rubric.criteria[i];
        if (i < values.size()) line.value = values[i];
        attempt.score.criteria.push_back(std::move(line));
    }
    attempt.score = training::judge_again(attempt.score, rubric);
    return attempt;
}

/// Three lines of 50, 30 and 20 points; full from 80 to 100, none at 0.
inline training::Rubric three_lines() {
    training::Rubric rubric;
    rubric.id = "three";
    rubric.pass_mark = 7000;
    const char* ids[] = {"first", "second", "third"};
    const int32_t weights[] = {50, 30, 20};
    for (int i = 0; i < 3; ++i) {
        training::Criterion line;
        line.id = line.measure = line.name = ids[i];
        line.band = {0, 80'000, 100'000, 100'000};
        line.weight = weights[i];
        rubric.criteria.push_back(std::move(line));
    }
    return rubric;
}

}  // namespace training_test
