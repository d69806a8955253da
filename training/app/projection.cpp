#include "training/app/projection.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace app {

Projection::Projection(const render::Camera& camera, float width, float height)
    : eye_(camera.eye()),
      ahead_(glm::normalize(camera.target - camera.eye())),
      right_(camera.right()),
      up_(camera.up()),
      zoom_(height / (2 * std::tan(camera.fov / 2))),
      width_(width),
      height_(height) {}

double Projection::scale(glm::dvec3 place) const {
    return zoom_ / std::max(0.02, glm::dot(place - eye_, ahead_));
}

ImVec2 Projection::operator()(glm::dvec3 place) const {
    const glm::dvec3 way = place - eye_;
    const double size = scale(place);
    return {static_cast<float>(width_ / 2 + glm::dot(way, right_) * size),
            static_cast<float>(height_ / 2 - glm::dot(way, up_) * size)};
}

}  // namespace app
