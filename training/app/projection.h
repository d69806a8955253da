#pragma once

// From the head's frame to the window, for what is drawn over the picture.

#include "engine/render/scene_view.h"

#include <imgui.h>

namespace app {

/// Places of a head frame as the window shows them.
class Projection {
  public:
    Projection(const render::Camera& camera, float width, float height);
    ImVec2 operator()(glm::dvec3 place) const;
    /// Pixels that a metre there takes, across the view.
    double scale(glm::dvec3 place) const;

  private:
    glm::dvec3 eye_, ahead_, right_, up_;
    double zoom_;
    float width_, height_;
};

}  // namespace app
