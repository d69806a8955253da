#pragma once

// Which way a roller lies. A pen's samples know no turn about its axis, so the drum's way is taken from where
// it goes: the handle trails, and the axle lies across the way of the last millimetres on the skin (A).
// Rolled back and forth it keeps its axle; standing still it keeps its axle; put down anew, it is laid the
// way in which it then goes.

#include <glm/vec3.hpp>

namespace skin {

class Heading {
  public:
    /// Unit, along the skin: the way in which the drum rolls forwards.
    glm::dvec3 along() const { return along_; }
    /// It went far enough since it was put down to show its way; before, its axle lies as it will go.
    bool shown() const;

    /// The drum is in the air.
    void lift() { way_ = glm::dvec3(0); }
    /// On skin with this normal (unit) it went by `moved`, m.
    void go(glm::dvec3 moved, glm::dvec3 normal);

  private:
    glm::dvec3 along_{0, 1, 0};
    glm::dvec3 way_{0};  ///< m, what it remembers of its way
};

}  // namespace skin
