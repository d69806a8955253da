#include "engine/face/head_warp.h"

#include <glm/geometric.hpp>

#include <cmath>

namespace face {
namespace {

constexpr double kSmoothing =
    20;  // mm^3: lets a landmark miss its target by a few tenths where neighbours disagree

glm::dvec3 mirrored(glm::dvec3 p) {
    return {-p.x, p.y, p.z};
}

std::vector<glm::dvec3> both_sides(const std::vector<Landmark>& landmarks,
                                   const std::vector<glm::dvec3>& places) {
    std::vector<glm::dvec3> all;
    for (size_t i = 0; i < landmarks.size(); ++i) {
        all.push_back(places[i]);
        if (landmarks[i].paired) all.push_back(mirrored(places[i]));
    }
    return all;
}

std::vector<glm::dvec3> places_of(const std::vector<Landmark>& landmarks) {
    std::vector<glm::dvec3> places;
    for (const Landmark& l : landmarks) places.push_back(l.place);
    return places;
}

double cubed_distance(glm::dvec3 a, glm::dvec3 b) {
    double r = glm::length(a - b);
    return r * r * r;
}

// Gaussian elimination with partial pivoting; rows hold the matrix and three right-hand sides.
std::vector<glm::dvec3> solve(std::vector<std::vector<double>> rows) {
    size_t n = rows.size();
    for (size_t c = 0; c < n; ++c) {
        size_t best = c;
        for (size_t r = c + 1; r < n; ++r)
            if (std::fabs(rows[r][c]) > std::fabs(rows[best][c])) best = r;
        std::swap(rows[c], rows[best]);
        CHECK(std::fabs(rows[c][c]) > 1e-9, c);
        for (size_t r = c + 1; r < n; ++r) {
            double factor = rows[r][c] / rows[c][c];
            for (size_t k = c; k < n + 3; ++k) rows[r][k] -= factor * rows[c][k];
        }
    }
    std::vector<glm::dvec3> x(n);
    for (size_t r = n; r-- > 0;)
        for (int k = 0; k < 3; ++k) {
            double sum = rows[r][n + static_cast<size_t>(k)];
            for (size_t c = r + 1; c < n; ++c) sum -= rows[r][c] * x[c][k];
            x[r][k] = sum / rows[r][r];
        }
    return x;
}

}  // namespace

std::vector<glm::dvec3> landmark_targets(const HeadNumbers& numbers, const HeadMeasures& m) {
    double scale = m.head_height / numbers.landmark("vertex").y;
    std::vector<glm::dvec3> places = places_of(numbers.landmarks);
    for (glm::dvec3& p : places) p *= scale;
    auto at = [&](const char* name) -> glm::dvec3& {
        size_t i = 0;
        while (numbers.landmarks[i].name != name) ++i;
        return places[i];
    };
    // How far the root of the nose moves; eyes and brow follow it in part.
    double root = m.nasion - at("nasion").y;
    at("nasion").y = m.nasion;
    at("pronasale").y = m.pronasale;
    at("subnasale").y = m.subnasale;
    at("labiale_superius").y = m.labiale_superius;
    at("stomion").y = m.stomion;
    at("labiale_inferius").y = m.labiale_inferius;
    at("sublabiale").y = m.sublabiale;
    at("pogonion").y = m.pogonion;
    // Protrusion is measured along the nose's underside; 0.88 of it points forward there.
    at("pronasale").z = at("subnasale").z - 0.4 + 0.88 * m.nose_protrusion;
    // The canonical lower face lies back under a full upper lip: bring it forward, and the lips level.
    at("labiale_superius").z -= 1.0;
    at("stomion").z += 0.8;
    at("labiale_inferius").z += 2.2;
    at("sublabiale").z += 2.2;
    at("pogonion").z += 3.6;
    at("menton").z += 3.0;
    at("alare").x = m.alare;
    at("cheilion").x = m.cheilion;
    at("endocanthion").x = m.endocanthion;
    at("exocanthion").x = m.exocanthion;
    at("zygion").x = m.zygion;
    at("gonion").x = m.gonion;
    at("frontotemporale").x = m.frontotemporale;
    at("eurion").x = m.eurion;
    at("tragion").x = m.tragion;
    at("cheilion").y = m.stomion - 0.2;
    at("alare").y = m.subnasale + 11.0 * scale;
    for (const char* name : {"endocanthion", "exocanthion", "orbitale", "pupil"}) at(name).y += 0.75 * root;
    at("pupil").x = at("orbitale").x = 1.02 * (m.endocanthion + m.exocanthion) / 2;
    double shorten = at("glabella").z - at("opisthocranion").z - m.head_length;
    at("opisthocranion").z += 0.8 * shorten;
    at("glabella").z -= 0.1 * shorten;
    at("nasion").z -= 0.1 * shorten;
    at("glabella").y += 0.7 * root;
    return places;
}

HeadWarp::HeadWarp(const HeadNumbers& numbers, const HeadMeasures& measures)
    : scale_(measures.head_height / numbers.landmark("vertex").y) {
    centres_ = both_sides(numbers.landmarks, places_of(numbers.landmarks));
    std::vector<glm::dvec3> targets = both_sides(numbers.landmarks, landmark_targets(numbers, measures));
    for (glm::dvec3 anchor : both_sides(numbers.anchors, places_of(numbers.anchors))) {
        centres_.push_back(anchor);
        targets.push_back(anchor * scale_ * glm::dvec3(0.96, 1, 0.97));
    }
    size_t n = centres_.size();
    std::vector<std::vector<double>> rows(n + 4, std::vector<double>(n + 7, 0.0));
    for (size_t r = 0; r < n; ++r) {
        for (size_t c = 0; c < n; ++c) rows[r][c] = cubed_distance(centres_[r], centres_[c]);
        rows[r][r] += kSmoothing;
        double linear[4] = {1, centres_[r].x, centres_[r].y, centres_[r].z};
        for (size_t k = 0; k < 4; ++k) rows[r][n + k] = rows[n + k][r] = linear[k];
        glm::dvec3 move = targets[r] - scale_ * centres_[r];
        for (size_t k = 0; k < 3; ++k) rows[r][n + 4 + k] = move[static_cast<int>(k)];
    }
    std::vector<glm::dvec3> x = solve(std::move(rows));
    weights_.assign(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
    shift_ = x[n];
    tail_ = glm::dmat3(x[n + 1], x[n + 2], x[n + 3]);
}

glm::dvec3 HeadWarp::at(glm::dvec3 p) const {
    glm::dvec3 moved = scale_ * p + shift_ + tail_ * p;
    for (size_t i = 0; i < centres_.size(); ++i) moved += cubed_distance(p, centres_[i]) * weights_[i];
    return moved;
}

}  // namespace face
