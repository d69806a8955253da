#pragma once

// The rows to follow on the skin, and the pen of a simulated expert that goes ahead of the trainee's along them.

#include "training/app/widgets.h"
#include "training/core/lesson.h"
#include "training/core/session.h"
#include "training/core/stroke_plan.h"

namespace app {

/// The rows of a lesson's guide, as a simulated expert lays them on its zones. About a second on a face.
std::vector<training::Stroke> guide_of(const training::Lesson& lesson, const training::Stage& stage);

class Ghost {
  public:
    explicit Ghost(std::vector<training::Stroke> strokes) : strokes_(std::move(strokes)) {}
    bool empty() const { return strokes_.empty(); }
    /// Goes on for `seconds`, never further than a little ahead of a pen at `pen` on the skin; without one it shows the row
    /// at hand again and again.
    void advance(double seconds, const std::optional<glm::dvec3>& pen);
    /// Where the expert's pen is; there must be strokes.
    const training::StrokePoint& at() const;
    /// The rows near the one at hand, that one brightest; `pen_shown` also the expert's pen. `size`: of the picture, px.
    void draw(ImDrawList& draw, const Style& style, const render::Camera& camera, ImVec2 size, bool rows, bool pen_shown) const;

  private:
    void follow(glm::dvec3 pen);

    std::vector<training::Stroke> strokes_;
    size_t stroke_ = 0;    ///< that the trainee is at
    size_t reached_ = 0;   ///< point of it
    double shown_ = 0;     ///< points along it where the ghost is
    double rest_ = 0;      ///< s that it still waits at the end
    bool worked_ = false;  ///< the pen is on the skin, or was on this row
};

}  // namespace app
