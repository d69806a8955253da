#include "engine/skin/heading.h"

#include <glm/geometric.hpp>

#include <cmath>

namespace skin {
namespace {

constexpr double kRemembered = 8e-3;  // m of way that the axle's line is the mean of (A)
constexpr double kTells = 0.3e-3;     // m of way from which it has a direction (A)

double length_of(glm::dvec3 v) {
    return std::sqrt(glm::dot(v, v));
}

}  // namespace

bool Heading::shown() const {
    return length_of(way_) >= kTells;
}

void Heading::go(glm::dvec3 moved, glm::dvec3 normal) {
    glm::dvec3 level = moved - normal * glm::dot(moved, normal);
    if (glm::dot(level, along_) < 0.0) level = -level;  // pulled back, it rolls back
    way_ += level;
    double length = length_of(way_);
    if (length > kRemembered) way_ *= kRemembered / length;
    if (length < kTells) return;
    glm::dvec3 flat = way_ - normal * glm::dot(way_, normal);
    if (length_of(flat) > 0.5 * kTells) along_ = flat / length_of(flat);
}

}  // namespace skin
