#include "training/app/evaluation.h"

namespace app {

base::Result<OpenRecording> open_recording(const base::Places& places, const std::string& path,
                                           const face::Progress& progress) {
    base::Result<training::Recording> recording = training::load_recording(path);
    if (!recording) return recording.error();
    base::Result<std::shared_ptr<const training::Stage>> stage =
        training::load_stage(places, recording->header, progress);
    if (!stage) return base::error("{}: {}", path, stage.error().message);
    return OpenRecording{std::move(*recording), *stage};
}

base::Result<Yardstick> load_yardstick(const base::Places& places, const training::Case& practice,
                                       const std::string& rubric, const std::string& scope) {
    base::Result<training::Rubric> loaded_rubric =
        training::load_rubric(places, rubric.empty() ? practice.rubric : rubric);
    if (!loaded_rubric) return loaded_rubric.error();
    base::Result<training::Scope> loaded_scope = training::load_scope(places, scope.empty() ? practice.scope : scope);
    if (!loaded_scope) return loaded_scope.error();
    return Yardstick{std::move(*loaded_rubric), std::move(*loaded_scope)};
}

base::Result<Evaluation> evaluate(const base::Places& places, const std::string& path, const std::string& rubric,
                                  const std::string& scope, const face::Progress& progress) {
    base::Result<OpenRecording> opened = open_recording(places, path, progress);
    if (!opened) return opened.error();
    base::Result<Yardstick> yardstick = load_yardstick(places, opened->stage->practice, rubric, scope);
    if (!yardstick) return yardstick.error();
    training::Score score = training::score(opened->recording, *opened->stage, yardstick->rubric, yardstick->scope);
    return Evaluation{std::move(*opened), std::move(*yardstick), std::move(score)};
}

}  // namespace app
