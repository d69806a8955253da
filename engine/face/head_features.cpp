// Fine features of the generated head: how feature curves displace the skin. Lengths in mm; q is the signed
// distance to a curve, positive above it. Amplitudes and widths were tuned by eye against closed-eye
// reference heads.

#include "engine/face/head_shape.h"

#include "engine/base/deterministic_math.h"
#include "engine/face/curve.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

using base::det::smoothstep;

double bell(double q, double width) {
    double t = q / width;
    return t * t > 40 ? 0 : base::det::exp(-t * t);
}

double bell2(double x, double y, double width_x, double width_y) {
    return bell(x, width_x) * bell(y, width_y);
}

// Spacing that grows away from a feature.
double spacing_near(double finest, double distance) {
    return finest + 0.22 * std::max(0.0, distance - 0.8);
}

}  // namespace

bool HeadShape::near(const LiftedCurve& c, glm::dvec3 p, double margin) {
    return p.x > c.low.x - margin && p.x < c.high.x + margin && p.y > c.low.y - margin &&
           p.y < c.high.y + margin && p.z > c.low.z - margin && p.z < c.high.z + margin;
}

HeadShape::Side HeadShape::side_of(const LiftedCurve& curve, glm::dvec3 p) {
    NearestOnLine nearest = nearest_on_line(curve.line, p);
    glm::dvec2 from = curve.flat[nearest.segment], step = curve.flat[nearest.segment + 1] - from;
    double above = step.x * (p.y - from.y) - step.y * (p.x - from.x);
    return {above < 0 ? -nearest.distance : nearest.distance, nearest.share};
}

double HeadShape::lips(glm::dvec3 p, HeadPoint& point) const {
    if (!near(fissure_, p, 16)) return 0;
    auto [q, u] = side_of(fissure_, p);
    double corner = fissure_.line.back().x;
    double end = p.x > corner ? bell(p.x - corner, 1.6) : 1;
    double out = 0;
    // The fissure: shallow enough that the lips stay closed when the warp shortens or stretches them.
    double fade = 1 - 0.5 * smoothstep(0.72, 1.0, u);
    if (std::fabs(q) < 12 && p.x < corner + 2.5) {
        out -= (1.2 * bell(q, 0.5) + 0.5 * bell(q, 1.5)) * fade * end;
        out += 0.6 * bell(q - 2.4, 1.7) * smoothstep(1, 0.55, u) +
               1.0 * bell(q + 3.4, 2.7) * smoothstep(1, 0.45, u);
    }
    out -= 0.8 * bell2(p.x - corner - 1.2, p.y - 43.2, 2.6, 2.6);
    auto [upper, upper_u] = side_of(vermilion_upper_, p);
    auto [lower, lower_u] = side_of(vermilion_lower_, p);
    if (p.x < corner) {
        out += 0.16 * bell(upper - 0.3, 1.0) * smoothstep(1, 0.8, upper_u) - 0.13 * bell(upper + 1.3, 0.9);
        out += 0.16 * bell(lower + 0.3, 0.9) * smoothstep(1, 0.8, lower_u);
    }
    if (p.x < corner + 0.4) point.lip = smoothstep(0.55, -0.55, upper) * smoothstep(-0.55, 0.55, lower);
    point.lip_line = bell(q, 0.8) * end;
    // Philtrum: groove and two columns from the nose down to the cupid's bow.
    double philtrum = smoothstep(53, 56, p.y) * smoothstep(63, 60.5, p.y);
    out += philtrum * (0.35 * bell(p.x - 5.2 - (56 - p.y) * 0.12, 1.7) - 0.45 * bell(p.x, 2.2));
    double border = std::min({std::fabs(upper), std::fabs(lower), p.x > corner ? 1e9 : std::fabs(q) - 0.3});
    point.spacing = std::min({point.spacing, spacing_near(0.75, border), spacing_near(0.6, std::fabs(q))});
    return out;
}

double HeadShape::lids(glm::dvec3 p, HeadPoint& point) const {
    if (!near(crease_, p, 28)) return 0;
    double out = 0;
    auto [q, u] = side_of(lash_, p);
    double first = lash_.line.front().x, last = lash_.line.back().x;
    if (std::fabs(q) < 14) {
        double inner = smoothstep(0, 0.07, u) * smoothstep(1, 0.95, u);
        double beyond = p.x > last ? bell(p.x - last, 1.2) : p.x < first ? bell(first - p.x, 1.0) : 1;
        out -= (0.95 * bell(q + 0.25, 0.5) + 0.35 * bell(q + 0.6, 1.4)) * (0.35 + 0.65 * inner) * beyond;
        out += (0.55 * bell(q - 1.0, 1.1) + 0.25 * bell(q - 3.2, 2.2) + 0.22 * bell(q + 1.9, 0.9)) * inner *
               beyond;
        point.lash_line = bell(q, 0.6) * beyond;
        point.spacing = std::min(point.spacing, spacing_near(0.6, std::fabs(q)));
    }
    out -= 0.7 * bell2(p.x - 15.3, p.y - 108.2, 1.7, 1.7);
    auto [fold, fold_u] = side_of(crease_, p);
    double along = smoothstep(0, 0.25, fold_u) * smoothstep(1, 0.66, fold_u);
    // The solids leave a moat round the eyeball: soft tissue fills it.
    out += 0.7 * bell2(p.x - 30, p.y - 97.5, 15, 4.5) + 0.5 * bell2(p.x - 48, p.y - 109, 4.5, 8) -
           0.5 * bell2(p.x - 31, p.y - 110, 10, 6);
    if (p.x < crease_.line.back().x) {
        out += (0.5 * bell(fold - 1.8, 1.6) - 0.38 * bell(fold, 0.8) - 0.1 * bell(fold + 1.5, 1.5)) * along;
        point.lid_crease = bell(fold, 1.0) * along;
    }
    point.spacing = std::min(point.spacing, spacing_near(0.8, std::fabs(fold)));
    return out;
}

double HeadShape::nose(glm::dvec3 p, HeadPoint& point) const {
    if (!near(alar_, p, 8)) return 0;
    NearestOnLine alar = nearest_on_line(alar_.line, p);
    point.alar_crease = bell(alar.distance, 1.3);
    point.spacing = std::min(point.spacing, spacing_near(0.9, alar.distance));
    return -0.45 * bell(alar.distance, 1.2) * smoothstep(0, 0.25, alar.share) *
           smoothstep(1, 0.8, alar.share);
}

double HeadShape::folds(glm::dvec3 p, HeadPoint& point) const {
    double out = 0;
    if (near(nasolabial_, p, 14)) {
        auto [q, u] = side_of(nasolabial_, p);
        double along = smoothstep(0, 0.25, u) * smoothstep(1, 0.6, u);
        out += (0.35 * bell(q - 5.0, 4.5) - 0.28 * bell(q, 2.2)) * along;
        point.spacing = std::min(point.spacing, spacing_near(1.6, std::fabs(q)));
    }
    if (near(trough_, p, 12)) {
        auto [q, u] = side_of(trough_, p);
        out -= 0.4 * bell(q, 2.2) * smoothstep(0, 0.2, u) * smoothstep(1, 0.35, u);
    }
    if (p.y < 66) out += neck(p) * smoothstep(66, 48, p.y);
    return out;
}

// The muscle that runs from behind the ear to the breastbone, the hollow before it, and the larynx.
double HeadShape::neck(glm::dvec3 p) const {
    glm::dvec2 unrolled(kNeckUnroll * base::det::atan2(p.x, p.z), p.y);
    NearestOnLine muscle = nearest_on_line(neck_muscle_, unrolled);
    double before = unrolled.x < neck_muscle_[muscle.segment].x ? muscle.distance : -muscle.distance;
    double along = smoothstep(0.02, 0.3, muscle.share);
    double ridge = 1.7 * bell(before + 5, 7) - 1.3 * bell(before - 7, 6);
    return along * ridge + 1.3 * bell2(p.x, p.y + 24, 7, 9) * smoothstep(20, 30, p.z);
}

// The nostril is a pit, painted dark: never an open hole.
glm::dvec3 HeadShape::nostril_push(glm::dvec3 p, double side, HeadPoint& point) const {
    glm::dvec3 centre = (nostril_front_ + nostril_back_) / 2.0, axis = nostril_back_ - nostril_front_;
    if (glm::length(p - centre) > 14) return glm::dvec3(0);
    double half = glm::length(axis) / 2;
    axis /= 2 * half;
    glm::dvec3 opening = glm::normalize(glm::dvec3(0.18, -0.80, 0.57));
    glm::dvec3 across = glm::normalize(glm::cross(axis, opening));
    double along = glm::dot(p - centre, axis) / half,
           wide = glm::dot(p - centre, across) / (2.55 + 0.5 * along);
    double rho = std::sqrt(0.92 * along * along + wide * wide);
    if (std::fabs(glm::dot(p - centre, opening)) > 7) return glm::dvec3(0);
    double pit = smoothstep(1.05, 0.45, rho);
    point.nostril = smoothstep(1.1, 0.8, rho);
    point.spacing = std::min(point.spacing, spacing_near(0.7, std::max(0.0, (rho - 1.1) * 3)));
    return 0.35 * bell(rho - 1.22, 0.22) * point.normal + 5.5 * pit * glm::dvec3(0.12 * side, 0.80, -0.58);
}

glm::dvec3 HeadShape::ear_push(glm::dvec3 p, double side, HeadPoint& point) const {
    double z = 1.13 * p.z, y = 100 + 1.13 * (p.y - 100);
    if (p.x < 55 || z < -34 || z > 30 || y < 46 || y > 132) return glm::dvec3(0);
    glm::dvec2 at(z, y);
    double rim_distance = nearest_on_line(ear_outline_, at, true).distance;
    double inside = inside_polygon(ear_outline_, at) ? rim_distance : -rim_distance;
    auto ridge = [&](const std::vector<glm::dvec2>& line, double width, double height) {
        return height * bell(nearest_on_line(line, at).distance, width);
    };
    auto hill = [&](double cz, double cy, double wz, double wy) { return bell2(z - cz, y - cy, wz, wy); };
    double height = 9.3 - 0.55 * z + 4.0 * smoothstep(80, 66, y) * smoothstep(17, 2, z) +
                    smoothstep(90, 112, y) - 2.2 * smoothstep(72, 60, y);
    height = std::max(height, 0.0);
    height += ridge(helix_, 2.0, 2.2) - ridge(scapha_, 1.7, 1.9) + ridge(antihelix_, 2.3, 2.9) +
              ridge(lower_crus_, 1.5, 1.6) + ridge(helix_crus_, 1.6, 2.4);
    height -= 1.6 * hill(1.2, 104.3, 3.2, 2.8);  // triangular fossa
    height -= 10.0 * hill(3.0, 85.0, 6.3, 8.6);  // concha cavum
    height -= 4.6 * hill(2.6, 95.8, 5.4, 3.6);   // cymba
    height += 4.6 * hill(10.2, 86, 2.6, 4.6);    // tragus
    height += 2.2 * hill(1.2, 75.6, 3.0, 2.4);   // antitragus
    height -= 3.4 * hill(6.6, 76.3, 1.9, 2.6);   // intertragic notch
    double back_edge = smoothstep(-1.8, 2.4, inside), front_edge = smoothstep(-1.5, 7, inside);
    double edge = back_edge + (front_edge - back_edge) * smoothstep(3, 10, z);
    double rim = -1.3 * base::det::exp(-std::clamp(inside, 0.0, 9.0) / 1.3) * smoothstep(10, 5, z);
    point.ear = smoothstep(-0.5, 1, inside);
    point.spacing = std::min(point.spacing, 1.5 + 0.3 * std::max(0.0, -inside - 2));
    if (z < 8) point.spacing = std::min(point.spacing, spacing_near(0.95, std::fabs(inside)));
    glm::dvec3 out = glm::normalize(point.base - glm::dvec3(0, point.base.y, 0) + glm::dvec3(side * 8, 0, 0));
    double lifted = std::max(height + rim, 0.2) * edge;
    // The shell leans back over a furrow instead of standing on a wedge: what rises also moves back, the skin
    // just behind moves in under it.
    double behind = smoothstep(11, -6, z);
    glm::dvec3 back(0, 0, -0.40 * lifted * behind);
    glm::dvec3 under = glm::dvec3(-1.2 * side, 0, 3.4) * bell(inside + 2.2, 2.6) * (1 - back_edge) * behind;
    return lifted * out + back + under;
}

}  // namespace face
