#pragma once

// A recorded session as it is drawn at one moment: the treated skin on the stage, and pen, dent, fingers, gel and wipes over
// it as in practice. One renderer shows one session.

#include "engine/render/renderer.h"
#include "training/app/evaluation.h"
#include "training/core/replay.h"

#include <memory>

namespace app {

class ReviewPicture {
  public:
    explicit ReviewPicture(std::shared_ptr<const ScoredSession> session);

    /// The scene, but for its camera, at a moment; evidence goes to the renderer, on whose stage the session's face is. Going
    /// back counts all of it anew.
    void go_to(render::Renderer& renderer, uint32_t time_us, render::SceneView& scene);
    /// The stage holds something else from now on.
    void forget() { shown_ = false; }

    const training::Replay& replay() const { return replay_; }
    const ScoredSession& session() const { return *session_; }
    /// Contact at the moment shown; none while it is not prepared or before the session.
    const skin::Contact* contact() const;

  private:
    void show_evidence(render::Renderer& renderer);
    void set_care(render::SceneView& scene) const;
    void set_fingers(render::SceneView& scene) const;
    void set_pen(render::SceneView& scene) const;

    std::shared_ptr<const ScoredSession> session_;
    training::Replay replay_;
    bool shown_ = false;
    size_t punctures_ = 0, contacts_ = 0;  ///< on the stage
    uint32_t shown_us_ = 0;
};

}  // namespace app
