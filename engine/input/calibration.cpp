#include "engine/input/calibration.h"

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <cmath>

namespace input {
namespace {

constexpr double kLeastWidth = 10e-3;    // m, of a triangle across its longest side
constexpr double kMostResidual = 10e-3;  // m (A): an adult head of another size (9 % from the middle) leaves some 6 mm, a careful touch 2 mm

/// A triangle about its centroid, with the frame of its plane in the columns of `frame`.
struct Triangle {
    glm::dvec3 centroid;
    std::array<glm::dvec3, 3> spokes;
    glm::dmat3 frame;
    double width;  ///< m, height over the longest side
};

Triangle triangle_of(const std::array<glm::dvec3, 3>& points) {
    Triangle triangle{};
    triangle.centroid = (points[0] + points[1] + points[2]) / 3.0;
    for (size_t i = 0; i < 3; ++i) triangle.spokes[i] = points[i] - triangle.centroid;
    const glm::dvec3 across = glm::cross(points[1] - points[0], points[2] - points[0]);
    const double longest = std::max({glm::distance(points[0], points[1]), glm::distance(points[1], points[2]),
                                     glm::distance(points[2], points[0])});
    triangle.width = longest > 0 ? glm::length(across) / longest : 0;
    if (!(triangle.width > 0)) return triangle;
    const glm::dvec3 normal = glm::normalize(across), along = glm::normalize(points[1] - points[0]);
    triangle.frame = glm::dmat3(along, glm::cross(normal, along), normal);
    return triangle;
}

}  // namespace

base::Result<Calibration> calibrate(const std::array<glm::dvec3, 3>& touched, const std::array<glm::dvec3, 3>& known) {
    const Triangle from = triangle_of(touched), to = triangle_of(known);
    if (!(std::min(from.width, to.width) >= kLeastWidth))
        return base::error("the three points lie nearly on one line ({:.1f} mm across); touch points farther apart",
                           1e3 * std::min(from.width, to.width));
    // In the planes' own frames the turn that is left has a cosine and a sine proportional to these sums.
    double along = 0, across = 0;
    for (size_t i = 0; i < 3; ++i) {
        const glm::dvec3 a = glm::transpose(from.frame) * from.spokes[i], b = glm::transpose(to.frame) * to.spokes[i];
        along += a.x * b.x + a.y * b.y;
        across += a.x * b.y - a.y * b.x;
    }
    const double length = std::sqrt(along * along + across * across);
    const double cosine = along / length, sine = across / length;
    const glm::dmat3 turn(glm::dvec3(cosine, sine, 0), glm::dvec3(-sine, cosine, 0), glm::dvec3(0, 0, 1));

    Calibration found;
    found.head_from_tracker.rotation = to.frame * turn * glm::transpose(from.frame);
    found.head_from_tracker.translation = to.centroid - found.head_from_tracker.rotation * from.centroid;
    double squares = 0;
    for (size_t i = 0; i < 3; ++i) {
        const glm::dvec3 left = found.head_from_tracker.point(touched[i]) - known[i];
        squares += glm::dot(left, left);
    }
    found.residual = std::sqrt(squares / 3);
    if (found.residual > kMostResidual)
        return base::error("the three touches lie {:.0f} mm apart from the three points; touch each point again, in the order shown",
                           1e3 * found.residual);
    return found;
}

}  // namespace input
