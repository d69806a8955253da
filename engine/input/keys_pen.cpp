#include "engine/input/keys_pen.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>

namespace input {

namespace {
constexpr double kLostTime = 0.25;  // s
}

glm::dvec2 KeysPen::update(double time, glm::ivec2 way, const Field& field, const KeysPenFigures& figures) {
    const double gap = time - last_time_;
    const double seconds = gap > 0 && gap <= kLostTime ? gap : 0;
    last_time_ = time;
    const bool begins = way != glm::ivec2(0) && way_ == glm::ivec2(0);
    way_ = way;
    if (way == glm::ivec2(0)) {
        held_ = 0;
        return place_;
    }
    held_ += begins ? 0 : seconds;
    const double fast = down_ ? figures.glide : figures.travel;
    const double speed = figures.slow + (fast - figures.slow) * std::min(1.0, held_ / figures.ramp);
    const double metres = begins ? figures.tap : speed * seconds;
    place_ += glm::normalize(glm::dvec2(way)) * (metres / field.metres_high) / glm::dvec2(field.aspect, 1);
    place_ = glm::clamp(place_, glm::dvec2(field.left, 0), glm::dvec2(field.right, 1));
    return place_;
}

}  // namespace input
