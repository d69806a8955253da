#include "engine/face/curve.h"

#include "engine/base/result.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

// Second derivatives of the natural spline at the knots: the tridiagonal system by Thomas' algorithm.
std::vector<glm::dvec2> bend(std::span<const glm::dvec2> knots, std::span<const double> at) {
    size_t n = knots.size();
    std::vector<glm::dvec2> m(n, glm::dvec2(0)), right(n, glm::dvec2(0));
    std::vector<double> upper(n, 0);
    for (size_t i = 1; i + 1 < n; ++i) {
        double before = at[i] - at[i - 1], after = at[i + 1] - at[i];
        double pivot = 2 * (before + after) - before * upper[i - 1];
        glm::dvec2 jump = (knots[i + 1] - knots[i]) / after - (knots[i] - knots[i - 1]) / before;
        upper[i] = after / pivot;
        right[i] = (6.0 * jump - before * right[i - 1]) / pivot;
    }
    for (size_t i = n - 1; i-- > 1;) m[i] = right[i] - upper[i] * m[i + 1];
    return m;
}

glm::dvec2 spline_at(std::span<const glm::dvec2> knots, std::span<const double> at,
                     std::span<const glm::dvec2> bent, double t) {
    size_t i = static_cast<size_t>(std::upper_bound(at.begin(), at.end(), t) - at.begin());
    i = std::clamp<size_t>(i, 1, at.size() - 1) - 1;
    double h = at[i + 1] - at[i], a = (at[i + 1] - t) / h, b = (t - at[i]) / h;
    return a * knots[i] + b * knots[i + 1] +
           ((a * a * a - a) * bent[i] + (b * b * b - b) * bent[i + 1]) * (h * h / 6);
}

std::vector<double> chord_lengths(std::span<const glm::dvec2> knots) {
    std::vector<double> at(knots.size(), 0);
    for (size_t i = 1; i < knots.size(); ++i) at[i] = at[i - 1] + glm::length(knots[i] - knots[i - 1]);
    return at;
}

double knot_slope(std::span<const glm::dvec2> k, size_t i) {
    auto secant = [&](size_t j) { return (k[j + 1].y - k[j].y) / (k[j + 1].x - k[j].x); };
    if (i == 0) return secant(0);
    if (i + 1 == k.size()) return secant(i - 1);
    double before = secant(i - 1), after = secant(i);
    if (before * after <= 0) return 0;
    double hb = k[i].x - k[i - 1].x, ha = k[i + 1].x - k[i].x;
    double wb = 2 * ha + hb, wa = ha + 2 * hb;
    return (wb + wa) / (wb / before + wa / after);
}

template <typename Point>
NearestOnLine nearest(std::span<const Point> line, Point point, bool closed) {
    NearestOnLine best;
    double best_square = std::numeric_limits<double>::infinity();
    size_t segments = closed ? line.size() : line.size() - 1;
    for (size_t i = 0; i < segments; ++i) {
        Point from = line[i], step = line[(i + 1) % line.size()] - from;
        double t = std::clamp(glm::dot(point - from, step) / glm::dot(step, step), 0.0, 1.0);
        Point gap = point - (from + t * step);
        double square = glm::dot(gap, gap);
        if (square < best_square) {
            best_square = square;
            best.segment = i;
            best.share = (static_cast<double>(i) + t) / static_cast<double>(segments);
        }
    }
    best.distance = std::sqrt(best_square);
    return best;
}

}  // namespace

std::vector<glm::dvec2> open_curve(std::span<const glm::dvec2> knots, size_t samples) {
    CHECK(knots.size() >= 2 && samples >= 2, knots.size(), samples);
    std::vector<double> at = chord_lengths(knots);
    std::vector<glm::dvec2> bent = bend(knots, at), line(samples);
    for (size_t i = 0; i < samples; ++i)
        line[i] =
            spline_at(knots, at, bent, at.back() * static_cast<double>(i) / static_cast<double>(samples - 1));
    return line;
}

std::vector<glm::dvec2> closed_curve(std::span<const glm::dvec2> knots, size_t samples) {
    CHECK(knots.size() >= 3 && samples >= 3, knots.size(), samples);
    // A natural spline through the knots told twice and a half: its ends' influence has died out in the
    // middle round.
    size_t n = knots.size(), lead = std::min<size_t>(n, 12);
    std::vector<glm::dvec2> rounds;
    for (size_t i = 0; i < n + 2 * lead + 1; ++i) rounds.push_back(knots[(i + n * lead - lead) % n]);
    std::vector<double> at = chord_lengths(rounds);
    std::vector<glm::dvec2> bent = bend(rounds, at), line(samples);
    double first = at[lead], length = at[lead + n] - first;
    for (size_t i = 0; i < samples; ++i)
        line[i] = spline_at(rounds, at, bent,
                            first + length * static_cast<double>(i) / static_cast<double>(samples));
    return line;
}

double monotone_cubic(std::span<const glm::dvec2> k, double x) {
    CHECK(k.size() >= 2, k.size());
    if (x <= k.front().x) return k.front().y;
    if (x >= k.back().x) return k.back().y;
    size_t i = 0;
    while (i + 2 < k.size() && x >= k[i + 1].x) ++i;
    double h = k[i + 1].x - k[i].x, t = (x - k[i].x) / h;
    double t2 = t * t, t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * k[i].y + (t3 - 2 * t2 + t) * h * knot_slope(k, i) +
           (3 * t2 - 2 * t3) * k[i + 1].y + (t3 - t2) * h * knot_slope(k, i + 1);
}

bool inside_polygon(std::span<const glm::dvec2> polygon, glm::dvec2 point) {
    bool inside = false;
    for (size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        glm::dvec2 a = polygon[i], b = polygon[j];
        if ((a.y > point.y) == (b.y > point.y)) continue;
        if (point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y)) inside = !inside;
    }
    return inside;
}

NearestOnLine nearest_on_line(std::span<const glm::dvec2> line, glm::dvec2 point, bool closed) {
    return nearest<glm::dvec2>(line, point, closed);
}

NearestOnLine nearest_on_line(std::span<const glm::dvec3> line, glm::dvec3 point) {
    return nearest<glm::dvec3>(line, point, false);
}

}  // namespace face
