#pragma once

// A recording opened together with all that it is judged by: what score, report, export and the score screen share.

#include "training/app/options.h"
#include "training/core/score.h"

#include <memory>
#include <string>

namespace app {

struct OpenRecording {
    training::Recording recording;
    std::shared_ptr<const training::Stage> stage;
};
base::Result<OpenRecording> open_recording(const base::Places& places, const std::string& path,
                                           const face::Progress& progress = {});

struct Yardstick {
    training::Rubric rubric;
    training::Scope scope;
};
/// Rubric and scope by id or file; empty means the case's own.
base::Result<Yardstick> load_yardstick(const base::Places& places, const training::Case& practice,
                                       const std::string& rubric = {}, const std::string& scope = {});

struct Evaluation {
    OpenRecording opened;
    Yardstick yardstick;
    training::Score score;
};
base::Result<Evaluation> evaluate(const base::Places& places, const std::string& path, const std::string& rubric = {},
                                  const std::string& scope = {}, const face::Progress& progress = {});

}  // namespace app
