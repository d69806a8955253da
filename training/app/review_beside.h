#pragma once

// Another run of the same case beside the one that is reviewed: a simulated expert's, or an earlier session. It is made ready on
// a worker and drawn by a renderer of its own on the same device, because a renderer holds one face with one session's evidence.

#include "training/app/review_picture.h"
#include "training/app/screens.h"
#include "training/app/session_files.h"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

class ReviewBeside {
  public:
    /// A simulated expert treats the case. Always called simulated.
    ReviewBeside(Desk& desk, std::shared_ptr<const ScoredSession> own);
    /// A recording of the same face.
    ReviewBeside(Desk& desk, std::shared_ptr<const ScoredSession> own, const base::fs::path& file, const std::string& begun);

    const std::string& name() const { return name_; }
    bool ready() const { return picture_ != nullptr; }
    /// Looks whether the run is there and puts it on its stage. What went wrong is one sentence.
    base::Status work(Desk& desk);
    /// The moment of this run that stands beside `time_us` of one that takes `of_us`.
    uint32_t time_beside(uint32_t time_us, uint32_t of_us, bool by_share) const;
    /// Shows that moment under the other picture's camera, overlay and tier.
    void show(uint32_t time_us, const render::SceneView& like);
    render::Beside picture() const { return {renderer_.get(), &scene_}; }
    /// What the hand did then; null off the skin.
    const shared::ContactRecord* contact() const;
    uint32_t time_us() const { return shown_us_; }

  private:
    using Run = base::Result<std::shared_ptr<const ScoredSession>>;
    base::Status set_stage(Desk& desk, std::shared_ptr<const ScoredSession> run);

    std::string name_;
    std::unique_ptr<ReviewPicture> picture_;
    std::unique_ptr<render::Renderer> renderer_;
    render::SceneView scene_;
    uint32_t shown_us_ = 0;
    bool shown_ = false;
    std::future<Run> run_;  ///< last: its end is waited for before the rest goes
};

/// Sessions of the same case that can stand beside this one, the newest first.
std::vector<SessionFile> sessions_beside(const base::fs::path& folder, const ScoredSession& own, size_t most);

}  // namespace app
