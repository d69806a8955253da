#pragma once

// A recording opened together with all that it is judged by: what score, report, export and the score screen share.

#include "engine/render/scene_view.h"
#include "training/app/options.h"
#include "training/core/score.h"

#include <functional>
#include <memory>
#include <string>

namespace app {

/// A recording and its stage; its logs are known to fit the face.
struct OpenRecording {
    training::Recording recording;
    std::shared_ptr<const training::Stage> stage;
};
/// `stage`: the stage when it is at hand, else null: made from the recording's header.
base::Result<OpenRecording> open_recording(const base::Places& places, const base::fs::path& file,
                                           const face::Progress& progress = {},
                                           std::shared_ptr<const training::Stage> stage = {});

/// What to judge by, each an id or a TOML file; empty means the case's own.
struct YardstickChoice {
    std::string rubric, scope;
};

/// A recording with all that its score was made from.
struct ScoredSession {
    base::fs::path file;  ///< empty when it could not be written
    training::Recording recording;
    std::shared_ptr<const training::Stage> stage;
    training::Rubric rubric;  ///< as it holds for the device and the scope
    training::Scope scope;
    training::Score score;
    std::vector<render::WipeStroke> wipes;  ///< of all its `wipe` events
    /// Of one whose end could not be written: tries once more, and tells the file. Empty: there is nothing to try.
    std::function<base::Result<base::fs::path>()> save = {};
};
base::Result<ScoredSession> score_recording(const base::Places& places, OpenRecording opened,
                                            const YardstickChoice& choice = {});
base::Result<ScoredSession> score_file(const base::Places& places, const base::fs::path& file,
                                       const YardstickChoice& choice = {}, const face::Progress& progress = {},
                                       std::shared_ptr<const training::Stage> stage = {});

}  // namespace app
