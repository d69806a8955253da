#pragma once

// Smooth curves through few points, as the generated head uses them: drawn in a flat view, sampled to a
// polyline, asked for the nearest point or for inside and outside. Deterministic.

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <limits>
#include <span>
#include <vector>

namespace face {

/// Natural cubic spline through the knots by chord length, `samples` >= 2 points evenly spread over the
/// parameter.
std::vector<glm::dvec2> open_curve(std::span<const glm::dvec2> knots, size_t samples);

/// Smooth closed curve through the knots (at least 3), `samples` points; the last one is not a copy of the
/// first.
std::vector<glm::dvec2> closed_curve(std::span<const glm::dvec2> knots, size_t samples);

/// Monotone cubic y(x) (Fritsch & Carlson 1980, with the harmonic mean of Fritsch & Butland 1984): no
/// overshoot between knots. Their x must rise; outside them the end value holds.
double monotone_cubic(std::span<const glm::dvec2> knots, double x);

/// True inside the closed polygon (crossing number; the border belongs to one side or the other).
bool inside_polygon(std::span<const glm::dvec2> polygon, glm::dvec2 point);

struct NearestOnLine {
    double distance = std::numeric_limits<double>::infinity();
    double share = 0;  ///< place along the line by index, 0 first point, 1 last
    size_t segment = 0;
};
/// Nearest point of a polyline of at least 2 points; `closed` joins the last to the first.
NearestOnLine nearest_on_line(std::span<const glm::dvec2> line, glm::dvec2 point, bool closed = false);
NearestOnLine nearest_on_line(std::span<const glm::dvec3> line, glm::dvec3 point);

}  // namespace face
