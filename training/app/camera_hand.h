#pragma once

// The hand that turns the head: orbit, pan and zoom with the mouse, and calm moves to named views.

#include "engine/render/scene_view.h"

#include <glm/vec2.hpp>

#include <string>
#include <vector>

namespace app {

class CameraHand {
  public:
    explicit CameraHand(const face::FaceAsset& face);

    /// Moves to "front", "left", "right" or "zone:ID" within a third of a second; false when there is no such
    /// view. `leaning`: somewhat from above and the other side, as one looks past the pen in one's right
    /// hand; straight on, the pen would hide what it does.
    bool go(std::string_view view, bool leaning = false);
    void go(const render::Camera& camera);
    /// Reads mouse and keys of this frame (right drag, middle or shift+right drag, ctrl+wheel or plain wheel
    /// where `wheel_zooms`, + and -). True when the trainee moved the view.
    bool steer(bool wheel_zooms);
    void tick(double seconds);

    /// The camera with its target in the middle of what panels leave free, `left` and `right` pixels from the
    /// edges.
    render::Camera centred(double left, double right, double width, double height) const;
    bool moving() const { return share_ < 1; }

  private:
    const face::FaceAsset& face_;
    render::Camera from_, to_, now_;
    double share_ = 1;
};

/// A camera that looks at these cells from outside, or nothing when there are none.
std::optional<render::Camera> view_of_cells(const face::FaceAsset& face, const std::vector<uint32_t>& cells);

}  // namespace app
