#pragma once

// The landmarks of a scan while a person corrects them: where each lies, which were moved, and the way back.

#include "engine/base/result.h"

#include <glm/vec3.hpp>

#include <optional>
#include <vector>

namespace app {

class LandmarkEdits {
  public:
    /// `moved`: those that a person placed before.
    LandmarkEdits(std::vector<glm::dvec3> places, std::vector<bool> moved);

    size_t size() const { return now_.size(); }
    glm::dvec3 place(size_t landmark) const { return now_[landmark].place; }
    bool moved(size_t landmark) const { return now_[landmark].moved; }
    /// True since the first move; undoing all of them makes it false again.
    bool changed() const { return !undo_.empty(); }

    /// A drag is one step back however often it sets: begin it, then set.
    void begin(size_t landmark);
    void set(size_t landmark, glm::dvec3 place);
    /// One step back; the landmark that it concerned.
    std::optional<size_t> undo();

  private:
    struct Spot {
        glm::dvec3 place;
        bool moved;
    };
    struct Step {
        size_t landmark;
        Spot before;
    };
    std::vector<Spot> now_;
    std::vector<Step> undo_;
    std::optional<Step> begun_;
};

}  // namespace app
