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
    double fade = 1 - 0.75 * smoothstep(0.7, 1.0, u);
    if (std::fabs(q) < 12 && p.x < corner + 2.5) {
        out -= (0.85 * bell(q, 0.45) + 0.4 * bell(q, 1.5)) * fade * end;
        double full = std::max(0.2, 1 + form_.lip_fullness - 0.4 * form_.ageing);
        out += full * (0.6 * bell(q - 2.4, 1.7) * smoothstep(1, 0.55, u) +
                       1.0 * bell(q + 3.4, 2.7) * smoothstep(1, 0.45, u));
        // The tubercle in the middle of the upper lip, two fuller places beside the middle of the lower one.
        out += 0.25 * full * (bell2(p.x, q - 3.0, 3.2, 2.2) + bell2(p.x - 6, q + 4.0, 4.5, 3.0));
    }
    out -= 0.6 * bell2(p.x - corner - 1.0, p.y - 43.2, 2.4, 2.6);
    auto [upper, upper_u] = side_of(vermilion_upper_, p);
    auto [lower, lower_u] = side_of(vermilion_lower_, p);
    if (p.x < corner) {
        // The white roll: skin stands up where the red begins, then dips.
        double roll = 1 - 0.5 * form_.ageing;
        double on_upper = roll * smoothstep(1, 0.6, upper_u), on_lower = roll * smoothstep(1, 0.6, lower_u);
        out += on_upper * (0.27 * bell(upper - 1.0, 1.25) - 0.16 * bell(upper + 0.9, 1.0));
        out += on_lower * (0.20 * bell(lower + 0.9, 1.2) - 0.10 * bell(lower - 0.8, 1.0));
        point.white_roll =
            std::max(on_upper * bell(upper - 0.9, 0.9), 0.6 * on_lower * bell(lower + 0.8, 0.9));
    }
    if (p.x < corner + 0.4) point.lip = smoothstep(0.55, -0.55, upper) * smoothstep(-0.55, 0.55, lower);
    point.lip_line = bell(q, 0.8) * end * fade;
    // Philtrum: groove and two columns from the nose down to the cupid's bow.
    double philtrum = smoothstep(52.5, 56, p.y) * smoothstep(64, 58.5, p.y);
    double relief = 1 - 0.45 * form_.ageing;
    out += philtrum * relief * (0.62 * bell(p.x - 5.0 - (56 - p.y) * 0.14, 1.9) - 0.7 * bell(p.x, 2.5));
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
    double along = smoothstep(0.02, 0.34, fold_u) * smoothstep(1, 0.6, fold_u);
    // The solids leave a moat round the eyeball: soft tissue fills it.
    out += 0.7 * bell2(p.x - 30, p.y - 97.5, 15, 4.5) + 0.5 * bell2(p.x - 48, p.y - 109, 4.5, 8) -
           0.5 * bell2(p.x - 31, p.y - 110, 10, 6) + 0.6 * bell2(p.x - 31.5, p.y - 108, 5.5, 4.2) +
           2.3 * bell2(p.x - 18.5, p.y - 117.5, 8.5, 6.5) +
           form_.orbit_fullness *
               (0.5 * bell2(p.x - 13.5, p.y - 113, 5, 7) + 0.25 * bell2(p.x - 20.5, p.y - 109.5, 5, 4.5) +
                0.3 * bell2(p.x - 47, p.y - 117, 7, 6));
    if (p.x < crease_.line.back().x) {
        double depth = 1 + form_.lid_fold;
        out += (0.38 * bell(fold - 2.2, 2.1) - 0.62 * bell(fold, 0.8) - 0.1 * bell(fold + 1.5, 1.5)) * along *
               depth;
        // A lid without a fold is full to the lashes.
        if (form_.lid_fold < 0) out -= form_.lid_fold * 0.9 * bell(fold + 0.5, 4.0) * along;
        point.lid_crease = bell(fold, 1.0) * along * std::min(1.0, depth);
    }
    point.spacing = std::min(point.spacing, spacing_near(0.8, std::fabs(fold)));
    return out;
}

double HeadShape::nose(glm::dvec3 p, HeadPoint& point) const {
    if (!near(alar_, p, 8)) return 0;
    // The groove begins over the wing, between it and the tip, deepens behind it and runs out in the sill.
    auto [q, u] = side_of(alar_, p);
    double over = smoothstep(0, 0.2, u), behind = smoothstep(0.22, 0.45, u) * smoothstep(1, 0.8, u);
    point.alar_crease = bell(q, 1.3) * (0.2 * over + 0.8 * behind);
    point.spacing = std::min(point.spacing, spacing_near(0.85, std::fabs(q)));
    double groove = -behind * (0.95 * bell(q, 0.95) + 0.35 * bell(q - 0.6, 2.6)) -
                    0.4 * over * (1 - behind) * bell(q, 2.2);
    double lobule = 0.75 * bell(q + 4.2, 3.0) * smoothstep(0.12, 0.45, u) * smoothstep(1, 0.7, u);
    return groove + lobule;
}

double HeadShape::folds(glm::dvec3 p, HeadPoint& point) const {
    double out = 0;
    double age = form_.ageing;
    if (near(nasolabial_, p, 16)) {
        auto [q, u] = side_of(nasolabial_, p);
        double along = smoothstep(0, 0.22, u) * smoothstep(1, 0.55, u);
        // Fat rests on the crease from the cheek's side: a slow rise, a quick fall.
        out += ((0.35 + 1.3 * age) * bell(q - 5.5, 5.0) + 0.4 * age * bell(q - 2.6, 2.0) -
                (0.28 + 0.75 * age) * bell(q + 0.3, 2.4)) *
               along;
        point.spacing = std::min(point.spacing, spacing_near(1.6 - 0.5 * age, std::fabs(q)));
    }
    if (near(trough_, p, 12)) {
        auto [q, u] = side_of(trough_, p);
        double along = smoothstep(0, 0.2, u) * smoothstep(1, 0.35 + 0.4 * age, u);
        out -= (0.4 + 0.9 * age) * bell(q, 2.2) * along;
        out += 0.9 * age * bell(q - 4.5, 3.0) * smoothstep(0.05, 0.35, u) * smoothstep(1, 0.7, u);
    }
    if (near(marionette_, p, 14)) {
        auto [q, u] = side_of(marionette_, p);
        double along = smoothstep(0, 0.35, u) * smoothstep(1, 0.35, u);
        out += age * (0.6 * bell(q - 5.0, 5.0) - 0.8 * bell(q, 2.5)) * along;
        if (age > 0.2) point.spacing = std::min(point.spacing, spacing_near(1.4, std::fabs(q)));
    }
    if (p.y < 66) out += neck(p, point) * smoothstep(66, 48, p.y);
    return out;
}

// The muscle that runs from behind the ear to the breastbone, the hollow before it, the larynx, and what age
// adds: bands of the platysma and lines across.
double HeadShape::neck(glm::dvec3 p, HeadPoint& point) const {
    glm::dvec2 unrolled(kNeckUnroll * base::det::atan2(p.x, p.z), p.y);
    NearestOnLine muscle = nearest_on_line(neck_muscle_, unrolled);
    double before = unrolled.x < neck_muscle_[muscle.segment].x ? muscle.distance : -muscle.distance;
    double along = smoothstep(0.02, 0.3, muscle.share);
    double ridge = 1.7 * bell(before + 5, 7) - 1.3 * bell(before - 7, 6);
    double front = smoothstep(20, 30, p.z), below = smoothstep(2, -12, p.y) * smoothstep(-50, -34, p.y);
    double larynx = 1.3 * bell2(p.x, p.y + 24, 7, 9) +
                    form_.larynx * (bell2(p.x, p.y + 27, 6, 7) - 0.25 * bell2(p.x, p.y + 13, 9, 4));
    double bands = 1.0 * bell(unrolled.x - 13 - 0.1 * (p.y + 20), 4.2) - 0.3 * bell(unrolled.x - 6, 4.0);
    double curved = 0.004 * unrolled.x * unrolled.x;
    double lines = bell(p.y + 13 + curved, 2.4) + bell(p.y + 28 + curved, 2.4);
    double age = form_.ageing;
    if (age * front * below > 0.1)
        point.spacing = std::min(point.spacing, 1.6 + 0.1 * std::max(0.0, unrolled.x - 18));
    return along * ridge + front * (larynx + age * below * (bands - 0.4 * lines));
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
    // Only what lies near the opening's plane: the ellipse would run on through the wing's outer side.
    double here = smoothstep(8.0, 6.0, std::fabs(glm::dot(p - centre, opening)));
    if (here <= 0) return glm::dvec3(0);
    double pit = here * smoothstep(1.05, 0.5, rho);
    point.nostril = here * smoothstep(1.1, 0.8, rho);
    point.spacing = std::min(point.spacing, spacing_near(0.7, std::max(0.0, (rho - 1.1) * 3)));
    // The wing's edge arches over the opening.
    double arch = 1.0 * bell(rho - 1.3, 0.5) * smoothstep(-0.2, -0.9, wide) * bell(along, 0.9);
    return here * 0.26 * bell(rho - 1.3, 0.28) * point.normal + here * arch * glm::dvec3(0, 1, 0) +
           6.8 * pit * glm::dvec3(0.06 * side, 0.95, -0.30);
}

// Ridges and hollows of the auricle over its sheet, mm. The helix rolls over: its inner side falls quickly
// into the scapha. The antihelix is a round fold that forks softly; within it lies the shell, which the root
// of the helix divides, under the flap of the tragus.
double HeadShape::ear_relief(glm::dvec2 at, double inside, HeadPoint& point) const {
    auto ridge = [&](const std::vector<glm::dvec2>& line, double width, double begins, double ends) {
        NearestOnLine nearest = nearest_on_line(line, at);
        return bell(nearest.distance, width) * smoothstep(0, begins, nearest.share) *
               smoothstep(1, 1 - ends, nearest.share);
    };
    auto hill = [&](double cz, double cy, double wz, double wy) {
        return bell2(at.x - cz, at.y - cy, wz, wy);
    };
    auto either = [](double a, double b) { return std::sqrt(std::sqrt(a * a * a * a + b * b * b * b)); };
    double within = nearest_on_line(concha_, at, true).distance;
    if (!inside_polygon(concha_, at)) within = -within;
    double shell = smoothstep(-1.2, 4.6, within);
    double roll = 2.5 - 1.0 * smoothstep(1.5, 3.6, inside);
    double relief = either(3.1 * ridge(helix_, roll, 0.02, 0.3), 2.3 * ridge(helix_crus_, 1.9, 0.02, 0.5)) +
                    either(3.4 * ridge(antihelix_, 2.8, 0.2, 0.12), 2.5 * ridge(lower_crus_, 2.1, 0.2, 0.3));
    relief -= 1.3 * ridge(scapha_, 2.0, 0.25, 0.3);
    relief -= 1.9 * hill(4.0, 106.0, 3.0, 2.1);  // triangular fossa
    relief -= (8.4 - 2.6 * smoothstep(90, 97, at.y)) * shell;
    relief += 5.0 * hill(10.7, 85.2, 2.3, 3.7);  // tragus
    relief += 2.4 * hill(1.4, 75.2, 3.2, 2.2);   // antitragus
    relief -= 2.4 * hill(7.0, 76.4, 1.8, 2.6);   // intertragic notch
    relief += 1.3 * hill(4.6, 66.5, 5.0, 4.4);   // lobule
    point.hollow = std::max(shell * smoothstep(98, 80, at.y), hill(7.6, 85, 2.2, 3.0));
    return relief;
}

// The place in side view, as the mean ear lies.
glm::dvec2 HeadShape::beside_ear(glm::dvec3 p) const {
    return {1.13 * p.z / (1 + 0.6 * form_.ear_size), 88 + 0.97 * (p.y - 89.4) / (1 + form_.ear_size)};
}

// mm within the auricle's outline, far below 0 off the side of the head.
double HeadShape::inside_ear(glm::dvec3 p) const {
    const glm::dvec2 at = beside_ear(p);
    if (p.x < 50 || at.x < -40 || at.x > 30 || at.y < 42 || at.y > 136) return -1e9;
    const double rim_distance = nearest_on_line(ear_outline_, at, true).distance;
    return inside_polygon(ear_outline_, at) ? rim_distance : -rim_distance;
}

// The auricle in side view: a sheet that rises from the cheek backwards with its ridges and hollows, then
// folds over at the rim; the skin round its back half is drawn in under it, so that it stands free over a
// furrow behind.
glm::dvec3 HeadShape::ear_push(glm::dvec3 p, double side, HeadPoint& point) const {
    const double inside = inside_ear(p);
    if (inside < -16) return glm::dvec3(0);
    const glm::dvec2 at = beside_ear(p);
    const double z = at.x, y = at.y;
    double height = 9.0 - 0.52 * z + 3.2 * smoothstep(82, 66, y) * smoothstep(17, 2, z) -
                    1.6 * smoothstep(72, 60, y) - 3.0 * smoothstep(0, 10, z) * smoothstep(98, 110, y) +
                    (0.6 + form_.ear_stand_off) * smoothstep(8, -12, z);
    height = std::max(height, 0.0);
    double relief = ear_relief(at, inside, point);
    double free = std::max(1.0 * smoothstep(76, 64, y), 0.5 * smoothstep(100, 112, y));
    double behind = smoothstep(10 + 2 * free, -3 + 8 * free, z);
    double back_edge = smoothstep(-5.5, 0.4, inside), front_edge = smoothstep(-2.5, 7, inside);
    double edge = front_edge + (back_edge - front_edge) * behind;
    double rim = -1.9 * base::det::exp(-std::clamp(inside, 0.0, 9.0) / 1.1) * behind;
    double floored = height + rim + relief * smoothstep(-1.5, 1.5, inside);
    double lifted = 0.5 * (floored + std::sqrt(floored * floored + 1.0)) * edge;
    point.ear = smoothstep(-0.5, 1, inside);
    point.spacing = std::min(point.spacing, 1.25 + 0.3 * std::max(0.0, -inside - 5));
    if (z < 9) point.spacing = std::min(point.spacing, spacing_near(0.9, std::fabs(inside)));
    glm::dvec3 out = glm::normalize(point.base - glm::dvec3(0, point.base.y, 0) + glm::dvec3(side * 8, 0, 0));
    glm::dvec3 back(0, 0, -0.38 * lifted * smoothstep(12, -8, z));
    glm::dvec2 centre(5, 90);
    glm::dvec2 inwards = glm::normalize(centre - at);
    double drawn = 5.0 * smoothstep(0, -5.5, inside) * smoothstep(-10, -5.5, inside) * behind;
    glm::dvec3 under(0, 0.7 * inwards.y, inwards.x);
    under -= glm::dot(under, point.normal) * point.normal;
    return lifted * out + back + drawn * under;
}

// Forms that no landmark holds: smooth moves, wide against their size, so that the skin never folds. For x >=
// 0.
glm::dvec3 HeadShape::formed(glm::dvec3 p) const {
    glm::dvec3 out(0);
    auto move = [&](glm::dvec3 centre, glm::dvec3 widths, glm::dvec3 by) {
        glm::dvec3 q = (p - centre) / widths, m = (p * glm::dvec3(-1, 1, 1) - centre) / widths;
        double square = glm::dot(q, q), other = glm::dot(m, m);
        if (square < 30) out += base::det::exp(-square) * by;
        if (centre.x > 0 && other < 30) out += base::det::exp(-other) * by * glm::dvec3(-1, 1, 1);
    };
    const HeadForm& f = form_;
    move({0, 99, 120}, {9, 10, 16}, {0, 0, f.nose_hump});
    move({8, 106, 106}, {7, 15, 12}, {f.bridge_width, 0, 0.3 * f.bridge_width});
    move({7, 81, 123}, {7, 8, 12}, {f.tip_width, 0, 0});
    move({0, 80, 129}, {13, 10, 14}, {0, 0.35 * f.tip_lift, 0});
    move({48, 66, 82}, {20, 22, 30}, {0.7 * f.cheek, 0, 0.8 * f.cheek});
    move({54, 91, 74}, {17, 14, 24}, {0.6 * f.cheekbone, 0, 0.9 * f.cheekbone});
    move({64, 134, 62}, {14, 20, 26}, {f.temple, 0, 0.3 * f.temple});
    move({50, 26, 58}, {18, 18, 34}, {0.9 * f.jaw, -0.2 * f.jaw, 0.2 * f.jaw});
    move({16, 14, 96}, {13, 15, 24}, {f.chin_width, 0, 0});
    move({31, 110, 98}, {17, 12, 22}, {0, 0, -f.eye_depth});
    move({34, 128, 100}, {22, 10, 26}, {0, f.brow_height - 1.6 * f.ageing, 0});
    move({36, 117, 98}, {16, 5, 20}, {0, -0.9 * f.ageing, 0.6 * f.ageing});
    move({23, 118, 100}, {18, 7.5, 24}, {0, -0.12 * f.orbit_fullness, f.orbit_fullness});
    move({22, 127, 108}, {20, 8, 22}, {0, -0.15 * f.brow_ridge, 0.8 * f.brow_ridge});
    return out;
}

// What the years do (clinical anatomy as commonly taught, K): volume sinks from temple and cheek to the jowl,
// the folds from nose and mouth deepen, the lower lid's fat stands out over its hollow.
double HeadShape::ageing(glm::dvec3 p) const {
    double age = form_.ageing;
    if (age <= 0 || p.z < 10) return 0;
    auto hill = [&](glm::dvec3 centre, glm::dvec3 widths) {
        glm::dvec3 q = (p - centre) / widths;
        double square = glm::dot(q, q);
        return square > 30 ? 0 : base::det::exp(-square);
    };
    double sunk = 1.6 * hill({66, 132, 60}, {14, 18, 24}) + 1.5 * hill({50, 72, 74}, {13, 15, 20}) +
                  0.9 * hill({40, 84, 90}, {10, 8, 14}) + 1.7 * hill({27, 9, 88}, {6.5, 9, 16});
    double full = 4.0 * hill({39, 13, 73}, {12.5, 10, 19}) + 0.9 * hill({43, 117, 90}, {9, 4.5, 14}) +
                  4.2 * hill({0, -8, 56}, {21, 14, 26});
    return age * (full - sunk);
}

}  // namespace face
