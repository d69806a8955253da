#include "engine/face/head_tension.h"

#include "engine/base/deterministic_math.h"
#include "engine/face/curve.h"

#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

constexpr double kStep = 5;                  // mm between samples of a curve
constexpr double kMillimetresPerDegree = 1.2;  // along the skin at the sides of the face, about
constexpr double kRound = 3;                 // mm: within this distance a curve's own direction holds

// Walks from outside to the solids.
glm::dvec3 lifted(const HeadShape& shape, glm::dvec3 from, glm::dvec3 inwards) {
    glm::dvec3 p = from;
    for (int i = 0; i < 200; ++i) {
        double d = shape.distance(p);
        if (std::fabs(d) < 1e-6) break;
        p += inwards * std::clamp(0.7 * d, -3.0, 8.0);
    }
    return p;
}

glm::dvec3 lifted(const HeadShape& shape, glm::dvec2 flat, bool wrap) {
    constexpr double kOutside = 190;  // mm
    if (!wrap) return lifted(shape, {flat.x, flat.y, kOutside}, {0, 0, -1});
    double azimuth = flat.x * base::det::kPi / 180;
    glm::dvec3 out(base::det::sin(azimuth), 0, base::det::cos(azimuth));
    return lifted(shape, kOutside * out + glm::dvec3(0, flat.y, 0), -out);
}

size_t sample_count(const TensionLine& line) {
    double length = 0;
    for (size_t i = 1; i < line.knots.size(); ++i) {
        glm::dvec2 step = line.knots[i] - line.knots[i - 1];
        if (line.wrap) step.x *= kMillimetresPerDegree;
        length += glm::length(step);
    }
    return static_cast<size_t>(length / kStep) + 3;
}

}  // namespace

TensionField::TensionField(const HeadNumbers& numbers, const HeadShape& shape) {
    for (const TensionLine& line : numbers.tension) {
        std::vector<glm::dvec3> places;
        for (glm::dvec2 flat : open_curve(line.knots, sample_count(line)))
            places.push_back(lifted(shape, flat, line.wrap));
        for (size_t i = 0; i < places.size(); ++i) {
            glm::dvec3 tangent = places[std::min(i + 1, places.size() - 1)] - places[i > 0 ? i - 1 : 0];
            if (!(glm::length(tangent) > 0)) continue;
            tangent = glm::normalize(tangent);
            glm::dvec3 mirror(-1, 1, 1);
            samples_.push_back({places[i], tangent});
            samples_.push_back({mirror * places[i], mirror * tangent});
        }
    }
}

glm::dvec3 TensionField::at(glm::dvec3 place, glm::dvec3 normal) const {
    double xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0;
    for (const Sample& s : samples_) {
        glm::dvec3 gap = place - s.place, t = s.tangent;
        double near = 1 / (glm::dot(gap, gap) + kRound * kRound);
        double w = near * near;
        xx += w * t.x * t.x, xy += w * t.x * t.y, xz += w * t.x * t.z;
        yy += w * t.y * t.y, yz += w * t.y * t.z, zz += w * t.z * t.z;
    }
    glm::dmat3 mean{{xx, xy, xz}, {xy, yy, yz}, {xz, yz, zz}};
    glm::dvec3 level = std::fabs(normal.y) < 0.9 ? glm::dvec3(0, 1, 0) : glm::dvec3(0, 0, 1);
    glm::dvec3 u = glm::normalize(glm::cross(level, normal)), v = glm::cross(normal, u);
    double a = glm::dot(u, mean * u), b = glm::dot(u, mean * v), c = glm::dot(v, mean * v);
    // Half the angle whose cosine and sine are (a - c) and 2 b, over their length.
    double length = std::sqrt((a - c) * (a - c) + 4 * b * b);
    double twice = length > 0 ? (a - c) / length : 1;
    double cosine = std::sqrt(std::max(0.0, (1 + twice) / 2)), sine = std::sqrt(std::max(0.0, (1 - twice) / 2));
    return glm::normalize(cosine * u + (b < 0 ? -sine : sine) * v);
}

}  // namespace face
