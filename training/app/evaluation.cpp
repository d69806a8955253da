#include "training/app/evaluation.h"

#include "training/app/care.h"
#include "training/core/yardstick.h"

namespace app {

base::Result<OpenRecording> open_recording(const base::Places& places, const base::fs::path& file,
                                           const face::Progress& progress,
                                           std::shared_ptr<const training::Stage> stage) {
    auto recording = training::load_recording(file);
    if (!recording) return recording.error();
    if (!stage) {
        auto made = training::load_stage(places, recording->header, progress);
        if (!made) return base::error("{}: {}", file.string(), made.error());
        stage = *made;
    }
    if (auto fits = training::check_fits(*recording, *stage->face); !fits)
        return base::error("{}: {}", file.string(), fits.error());
    return OpenRecording{std::move(*recording), std::move(stage)};
}

base::Result<ScoredSession> score_recording(const base::Places& places, OpenRecording opened,
                                            const YardstickChoice& choice) {
    auto yardstick = training::load_yardstick(places, *opened.stage, choice.rubric, choice.scope);
    if (!yardstick) return yardstick.error();
    ScoredSession session;
    std::optional<training::Phrases> phrases;  // none where no language is asked for: a program reads the score
    if (!places.language.empty()) {
        auto loaded = training::Phrases::load(places, places.language);
        if (!loaded) return loaded.error();
        phrases = std::move(*loaded);
    }
    session.score = training::score(opened.recording, *opened.stage, yardstick->rubric, yardstick->scope,
                                    phrases ? *phrases : training::Phrases::english());
    session.recording = std::move(opened.recording);
    session.stage = std::move(opened.stage);
    session.rubric = std::move(yardstick->held);
    session.scope = std::move(yardstick->scope);
    session.wipes = wipes_of(*session.stage->face, session.recording.events);
    return session;
}

base::Result<ScoredSession> score_file(const base::Places& places, const base::fs::path& file,
                                       const YardstickChoice& choice, const face::Progress& progress,
                                       std::shared_ptr<const training::Stage> stage) {
    auto opened = open_recording(places, file, progress, std::move(stage));
    if (!opened) return opened.error();
    auto session = score_recording(places, std::move(*opened), choice);
    if (session) session->file = file;
    return session;
}

}  // namespace app
