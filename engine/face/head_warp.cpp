#include "engine/face/head_warp.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

constexpr double kSmoothing =
    1;  // mm^3: a landmark misses its target by hundredths where neighbours disagree

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

std::vector<glm::dvec3> both_sides(const std::vector<Landmark>& landmarks, std::span<const glm::dvec3> left) {
    CHECK(landmarks.size() == left.size(), landmarks.size(), left.size());
    std::vector<glm::dvec3> all(left.begin(), left.end());
    for (size_t i = 0; i < landmarks.size(); ++i)
        if (landmarks[i].paired) all.push_back({-left[i].x, left[i].y, left[i].z});
    return all;
}

std::vector<glm::dvec3> landmark_targets(const HeadNumbers& numbers, const HeadMeasures& m,
                                         const HeadForm& form) {
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
    double rise = m.pronasale - m.subnasale;
    at("pronasale").z =
        at("subnasale").z + std::sqrt(std::max(1.0, m.nose_protrusion * m.nose_protrusion - rise * rise));
    // The canonical lower face lies back under a full upper lip: bring it forward to where profiles have lips
    // and chin against the subnasale (after Arnett 1999, K; two thirds of the way).
    double foot = at("subnasale").z;
    at("labiale_superius").z = foot + 1.9 + form.upper_lip;
    at("stomion").z = foot - 3.6 + 0.5 * (form.upper_lip + form.lower_lip);
    at("labiale_inferius").z = foot - 0.4 + form.lower_lip;
    at("sublabiale").z = foot - 7.0 + 0.4 * form.lower_lip + 0.4 * form.chin;
    at("pogonion").z = foot - 5.2 + form.chin;
    at("menton").z += 6.4 + form.chin;
    at("cheilion").z += 1.5 + 0.25 * (form.upper_lip + form.lower_lip);
    at("subnasale").z += 0.3 * form.upper_lip;
    at("pronasale").z += 0.3 * form.upper_lip;
    at("alare").x = m.alare;
    at("cheilion").x = m.cheilion;
    at("endocanthion").x = m.endocanthion;
    at("exocanthion").x = m.exocanthion;
    at("zygion").x = m.zygion;
    at("gonion").x = m.gonion;
    at("frontotemporale").x = m.frontotemporale;
    at("eurion").x = m.eurion;
    at("tragion").x = m.tragion;
    at("cheilion").y = m.stomion + 1.3 - 2.2 * form.ageing;
    at("alare").y = m.subnasale + 11.0 * scale - form.tip_lift;
    for (const char* name : {"endocanthion", "exocanthion", "orbitale", "pupil"}) at(name).y += 0.75 * root;
    at("exocanthion").y += 0.7 * form.eye_tilt;
    at("endocanthion").y -= 0.3 * form.eye_tilt;
    at("pupil").x = at("orbitale").x = 1.02 * (m.endocanthion + m.exocanthion) / 2;
    at("pupil").z += 0.35 * form.orbit_fullness - form.eye_depth;
    at("glabella").y += 0.7 * root;
    double shorten = at("glabella").z - at("opisthocranion").z - m.head_length;
    at("opisthocranion").z += 0.85 * shorten;
    at("glabella").z -= 0.15 * shorten;
    at("nasion").z -= 0.15 * shorten;
    at("glabella").z += form.brow_ridge;
    at("opisthocranion").z += form.brow_ridge;
    at("frontotemporale").z += 0.4 * form.brow_ridge;
    at("nasion").z += form.nose_root;
    return places;
}

void lean_targets(const std::vector<Landmark>& landmarks, const HeadLean& lean,
                  std::span<glm::dvec3> targets) {
    struct Share {
        const char* name;
        double eye, mouth, nose, jaw;
    };
    constexpr Share kShares[] = {
        {"pronasale", 0, 0, 1, 0},     {"alare", 0.1, 0, 0.7, 0},
        {"subnasale", 0, 0, 0.6, 0.1}, {"labiale_superius", 0, 0, 0.3, 0.3},
        {"stomion", 0, 0, 0.2, 0.4},   {"labiale_inferius", 0, 0, 0.1, 0.5},
        {"sublabiale", 0, 0, 0, 0.7},  {"pogonion", 0, 0, 0, 1},
        {"menton", 0, 0, 0, 1},        {"gonion", 0, 0.2, 0, 0.5},
        {"cheilion", 0, 1, 0.2, 0.4},  {"endocanthion", 0.7, 0, 0, 0},
        {"exocanthion", 1, 0, 0, 0},   {"pupil", 1, 0, 0, 0},
        {"orbitale", 1, 0, 0, 0},      {"zygion", 0.5, 0, 0, 0},
    };
    size_t right = landmarks.size();
    for (size_t i = 0; i < landmarks.size(); ++i) {
        const Share* share = std::ranges::find(kShares, landmarks[i].name, &Share::name);
        size_t mirrored = landmarks[i].paired ? right++ : i;
        if (share == std::end(kShares)) continue;
        glm::dvec3 aside(share->nose * lean.nose + share->jaw * lean.jaw, 0, 0);
        glm::dvec3 up(0, (share->eye * lean.eye + share->mouth * lean.mouth) / 2, 0);
        targets[i] += aside + (landmarks[i].paired ? up : glm::dvec3(0));
        if (landmarks[i].paired) targets[mirrored] += aside - up;
    }
}

HeadWarp::HeadWarp(const HeadNumbers& numbers, const HeadMeasures& measures, std::vector<glm::dvec3> from,
                   std::vector<glm::dvec3> to, double neck_width)
    : scale_(measures.head_height / numbers.landmark("vertex").y), centres_(std::move(from)) {
    CHECK(centres_.size() == to.size(), centres_.size(), to.size());
    std::vector<glm::dvec3> targets = std::move(to);
    for (glm::dvec3 anchor : both_sides(numbers.anchors, places_of(numbers.anchors))) {
        centres_.push_back(anchor);
        glm::dvec3 target = anchor * scale_ * glm::dvec3(0.96, 1, 0.97);
        if (anchor.y < 0 && anchor.x != 0) target.x += anchor.x > 0 ? neck_width : -neck_width;
        targets.push_back(target);
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
