#pragma once

// Relaxed skin tension lines of the canonical head as a smooth line field: directions without a sign, drawn as curves
// (content/faces/head/tension_lines.toml) and interpolated between them.

#include "engine/face/head_shape.h"

namespace face {

class TensionField {
  public:
    TensionField(const HeadNumbers& numbers, const HeadShape& shape);

    /// Unit, across `normal`, of either sign. The mean of the outer products of the curves' tangents, weighted by
    /// nearness (Shepard 1968, inverse fourth power), laid into the skin; its greatest principal direction there.
    glm::dvec3 at(glm::dvec3 place, glm::dvec3 normal) const;

  private:
    struct Sample {
        glm::dvec3 place, tangent;
    };
    std::vector<Sample> samples_;  ///< of both halves
};

}  // namespace face
