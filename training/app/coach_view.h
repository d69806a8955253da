#pragma once

// What the coach tells (training/core/coach.h), on the practice screen: one short line at the upper middle,
// and a mark on the face where the pen is. The line says what to do; the mark shows which way: an arrow for
// the lean, a ring that fills with the force, a gauge along the path for the speed, thin skin stands out.
// Quiet: nothing moves by itself, and nothing is there while all is well. Words, shapes and colours each tell
// it alone.

#include "training/app/projection.h"
#include "training/app/screens.h"
#include "training/core/coach.h"

namespace app {

class CoachView {
  public:
    /// What may be told, as far as the trainee wants a coach at all; a lesson allows less. All at first.
    void allow(const training::CueSet& cues) { allowed_ = cues; }

    /// Tells the session what may be told, once and whenever that changes.
    void settle(const Settings& settings, LiveSession& live, const training::Rubric& rubric);
    /// Draws what is told now, between `left` and `right` (pixels) and below `top`; thin skin becomes the
    /// scene's highlighted cells. False where nothing is told.
    bool draw(Desk& desk, const SessionView& view, const face::FaceAsset& face,
              const skin::DeviceProfile& device, render::SceneView& scene, float left, float right,
              float top);

  private:
    training::CueSet allowed_ = training::all_cues();
    std::optional<training::CueSet> settled_;
    ImVec2 way_{1, 0};  ///< of the pen on the picture, unit, to the right; for the gauge of speed
    std::optional<glm::dvec3> last_;
    double speed_ = 0, force_ = 0;  ///< cm/s, N, as an eye follows them
    std::string logged_;
};

/// Key of a cue's words in the group `coach`: "tilt", "depth_low", "depth_high".
std::string cue_words(const training::Cue& cue);

}  // namespace app
