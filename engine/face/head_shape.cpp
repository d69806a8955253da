#include "engine/face/head_shape.h"

#include "engine/base/deterministic_math.h"
#include "engine/face/curve.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace face {
namespace {

using namespace base;

constexpr double kDegree = det::kPi / 180;
constexpr double kMidline = 3;    // mm: |x| is rounded off, or a ridge would stand on forehead and lips
constexpr double kOutside = 190;  // mm from the spine: outside every head
constexpr size_t kCurveSamples = 160;

double ellipsoid(glm::dvec3 p, glm::dvec3 radii) {
    glm::dvec3 q = p / radii;
    double k0 = glm::length(q), k1 = glm::length(q / radii);
    return k0 * (k0 - 1) / (k1 + 1e-9);
}

double capsule(glm::dvec3 p, glm::dvec3 a, glm::dvec3 b, double radius) {
    glm::dvec3 axis = b - a;
    double t = std::clamp(glm::dot(p - a, axis) / (glm::dot(axis, axis) + 1e-9), 0.0, 1.0);
    return glm::length(p - a - t * axis) - radius;
}

PrimitiveSpan span_of(const Primitive& s) {
    if (s.shape == Primitive::Shape::capsule) {
        double far = glm::length(s.b - s.a) / 2 + s.radius;
        return {(s.a + s.b) / 2.0, far, 1};
    }
    double far = std::max({s.b.x, s.b.y, s.b.z}), near = std::min({s.b.x, s.b.y, s.b.z});
    return {s.a, far, far / near};
}

double distance_to(const Primitive& s, glm::dvec3 p) {
    return s.shape == Primitive::Shape::ellipsoid ? ellipsoid(p - s.a, s.b) : capsule(p, s.a, s.b, s.radius);
}

// Spline sampled as y(x) without overshoot, mirrored at the midline so that it crosses it level.
std::vector<glm::dvec2> lip_line(std::vector<glm::dvec2> knots) {
    std::vector<glm::dvec2> both;
    for (size_t i = knots.size(); i-- > 1;) both.push_back({-knots[i].x, knots[i].y});
    both.insert(both.end(), knots.begin(), knots.end());
    std::vector<glm::dvec2> line(kCurveSamples);
    for (size_t i = 0; i < kCurveSamples; ++i) {
        double x = knots.back().x * static_cast<double>(i) / static_cast<double>(kCurveSamples - 1);
        line[i] = {x, monotone_cubic(both, x)};
    }
    return line;
}

// The drawn brow's upper (1) or lower (-1) edge, made this patient's.
std::vector<glm::dvec2> brow_edge(const HeadNumbers& numbers, const BrowForm& form, double side) {
    constexpr int kKnots = 15;
    std::vector<glm::dvec2> top = numbers.curve("brow_top"), bottom = numbers.curve("brow_bottom"), edge;
    double first = top.front().x, span = top.back().x - first;
    for (int i = 0; i < kKnots; ++i) {
        double u = static_cast<double>(i) / (kKnots - 1), x = first + span * u;
        double high = monotone_cubic(top, x), low = monotone_cubic(bottom, x);
        double from_apex = (u - form.apex) / (u < form.apex ? form.apex : 1.1 - form.apex);
        double arch = form.arch * (1 - from_apex * from_apex) + form.tilt * (u - 0.4);
        edge.push_back({first + form.gap + span * form.length * u,
                        (high + low) / 2 + arch + side * form.thickness * (high - low) / 2});
    }
    return edge;
}

}  // namespace

HeadShape::HeadShape(const HeadNumbers& numbers, const HeadForm& form)
    : form_(form), primitives_(numbers.primitives) {
    for (const Primitive& primitive : primitives_) spans_.push_back(span_of(primitive));
    auto open = [&](const char* name) { return open_curve(numbers.curve(name), kCurveSamples); };
    fissure_ = lift(lip_line(numbers.curve("lip_fissure")));
    vermilion_upper_ = lift(lip_line(numbers.curve("vermilion_upper")));
    vermilion_lower_ = lift(lip_line(numbers.curve("vermilion_lower")));
    lash_ = lift(open("lash_line"));
    crease_ = lift(open("lid_crease"));
    alar_ = lift(open("alar_crease"));
    nasolabial_ = lift(open("nasolabial_fold"));
    marionette_ = lift(open("marionette"));
    trough_ = lift(open("tear_trough"));
    nostril_front_ = numbers.curves.at("nostril_axis").front();
    nostril_back_ = numbers.curves.at("nostril_axis").back();
    ear_outline_ = closed_curve(numbers.curve("ear_outline"), 300);
    helix_ = open("ear_helix");
    scapha_ = open("ear_scapha");
    antihelix_ = open("ear_antihelix");
    lower_crus_ = open("ear_antihelix_lower_crus");
    helix_crus_ = open("ear_helix_crus");
    concha_ = closed_curve(numbers.curve("ear_concha"), 120);
    std::vector<glm::dvec2> muscle = numbers.curve("neck_muscle");
    for (glm::dvec2& knot : muscle) knot.x *= kNeckUnroll * kDegree;
    neck_muscle_ = open_curve(muscle, kCurveSamples);
    brow_top_ = brow_edge(numbers, form.brow, 1);
    brow_bottom_ = brow_edge(numbers, form.brow, -1);
}

// Above elevation -40 all rays leave one point behind the nose's root; below it the origin runs down the
// neck, so that chin, throat and neck are each met about squarely. In front the rays first dip under the
// chin; behind they level out.
HeadShape::Ray HeadShape::ray(double azimuth_deg, double elevation_deg) {
    double s = std::clamp((-40 - elevation_deg) / 50, 0.0, 1.0);
    double dip = 45 * det::sin(det::kPi * s) * det::smoothstep(105, 30, std::fabs(azimuth_deg));
    double up = elevation_deg >= -40 ? elevation_deg : -40 * (1 - s) - dip;
    double azimuth = azimuth_deg * kDegree, elevation = up * kDegree;
    double flat = det::cos(elevation);
    return {{0, 100 - 60 * s - 110 * s * s, 0},
            {det::sin(azimuth) * flat, det::sin(elevation), det::cos(azimuth) * flat}};
}

// An ellipsoid's distance k0 (k0 - 1) / k1 is no less than near (|p| / far - 1), since k1 <= k0 / near and k0 >= |p| / far.
bool PrimitiveSpan::beyond(glm::dvec3 p, double limit) const {
    constexpr double kSpare = 1e-4;  // mm, above all rounding
    if (limit < 0) return false;
    double reach = far + (limit + kSpare) * stretch;
    p -= middle;
    return glm::dot(p, p) >= reach * reach;
}

// Polynomial smooth union and subtraction (Quilez, "smooth minimum"). What is too far off to blend is passed over: its share
// would be 0 exactly, so that the bits are those of the whole sum.
double HeadShape::distance(glm::dvec3 p) const {
    p.x = std::sqrt(p.x * p.x + kMidline * kMidline);
    double d = distance_to(primitives_.front(), p);
    for (size_t i = 1; i < primitives_.size(); ++i) {
        const Primitive& s = primitives_[i];
        if (spans_[i].beyond(p, (s.subtract ? -d : d) + s.blend)) continue;
        double e = distance_to(s, p), k = s.blend;
        if (s.subtract) {
            double h = std::clamp(0.5 - 0.5 * (d + e) / k, 0.0, 1.0);
            d = d * (1 - h) - e * h + k * h * (1 - h);
        } else {
            double h = std::clamp(0.5 + 0.5 * (d - e) / k, 0.0, 1.0);
            d = d * (1 - h) + e * h - k * h * (1 - h);
        }
    }
    return d;
}

glm::dvec3 HeadShape::normal(glm::dvec3 p) const {
    constexpr double kStep = 0.05;  // mm
    glm::dvec3 n;
    for (int i = 0; i < 3; ++i) {
        glm::dvec3 step(0);
        step[i] = kStep;
        n[i] = distance(p + step) - distance(p - step);
    }
    return glm::normalize(n);
}

double HeadShape::openness(glm::dvec3 p, glm::dvec3 n) const {
    double closed = 0, weight = 1;
    for (double reach : {3.0, 7.0, 14.0, 26.0}) {
        closed += weight * std::max(0.0, reach - distance(p + reach * n)) / reach;
        weight *= 0.8;
    }
    return std::clamp(1 - 0.42 * closed, 0.0, 1.0);
}

// Walks in from `from` by the distance, which is too long a step for flat ellipsoids, hence the bounds;
// close by, the secant finishes.
glm::dvec3 HeadShape::walked_in(const Ray& r, double from) const {
    double t = from, before_t = 0, before_d = 0;
    for (int i = 0; i < 120 && t > 5; ++i) {
        double d = distance(r.origin + t * r.direction);
        if (std::fabs(d) < 1e-7) break;
        double slope = i > 0 ? (d - before_d) / (t - before_t) : 0;
        before_t = t;
        before_d = d;
        bool close = std::fabs(d) < 1 && slope > 0.3 && slope < 1.5;
        t -= close ? d / slope : std::clamp(0.8 * d, -3.0, 12.0);
    }
    return r.origin + t * r.direction;
}

glm::dvec3 HeadShape::base_at(double azimuth_deg, double elevation_deg) const {
    return walked_in(ray(azimuth_deg, elevation_deg), kOutside);
}

glm::dvec3 HeadShape::base_near(double azimuth_deg, double elevation_deg, glm::dvec3 base) const {
    const Ray r = ray(azimuth_deg, elevation_deg);
    return walked_in(r, glm::dot(base - r.origin, r.direction));
}

double HeadShape::brow(glm::dvec3 p) const {
    if (p.z < 40 || p.x < brow_top_.front().x - 3 || p.x > brow_top_.back().x + 2) return 0;
    double low = monotone_cubic(brow_bottom_, p.x), high = monotone_cubic(brow_top_, p.x);
    double ends =
        det::smoothstep(-3, 3, p.x - brow_top_.front().x) * det::smoothstep(-1, 8, brow_top_.back().x - p.x);
    double tail = (p.x - brow_top_.front().x) / (brow_top_.back().x - brow_top_.front().x);
    double hairs =
        std::min(1.0, form_.brow.density) * (1 - form_.brow.bare_tail * det::smoothstep(0.5, 0.85, tail));
    return hairs * ends * det::smoothstep(-0.8, 1.2, p.y - low) * det::smoothstep(-0.8, 1.2, high - p.y);
}

double HeadShape::front_depth(double x, double y) const {
    double z = 160;
    for (int i = 0; i < 160; ++i) {
        double d = distance({x, y, z});
        z -= std::clamp(0.7 * d, -3.0, 6.0);
        if (std::fabs(d) < 1e-7) break;
    }
    return z;
}

LiftedCurve HeadShape::lift(std::span<const glm::dvec2> flat) const {
    LiftedCurve curve;
    curve.flat.assign(flat.begin(), flat.end());
    curve.low = glm::dvec3(1e9);
    curve.high = glm::dvec3(-1e9);
    for (glm::dvec2 p : flat) {
        glm::dvec3 lifted(p.x, p.y, front_depth(p.x, p.y));
        curve.line.push_back(lifted);
        curve.low = glm::min(curve.low, lifted);
        curve.high = glm::max(curve.high, lifted);
    }
    return curve;
}

HeadPoint HeadShape::at(double azimuth_deg, double elevation_deg) const {
    return with_features(base_at(azimuth_deg, elevation_deg));
}

HeadPoint HeadShape::at(double azimuth_deg, double elevation_deg, glm::dvec3 base) const {
    return with_features(base_near(azimuth_deg, elevation_deg, base));
}

HeadPoint HeadShape::masks_at(double azimuth_deg, double elevation_deg, glm::dvec3 base) const {
    HeadPoint point;
    point.base = base_near(azimuth_deg, elevation_deg, base);
    const glm::dvec3 mirrored(std::fabs(point.base.x), point.base.y, point.base.z);
    lips(mirrored, point);
    nostril_push(mirrored, 1, point);
    point.ear = det::smoothstep(-0.5, 1, inside_ear(mirrored));
    return point;
}

HeadPoint HeadShape::with_features(glm::dvec3 base) const {
    HeadPoint point;
    point.base = base;
    point.normal = normal(point.base);
    point.spacing = 1e9;
    double side = point.base.x < 0 ? -1 : 1;
    point.brow = brow({std::fabs(point.base.x), point.base.y, point.base.z});
    glm::dvec3 mirrored(std::fabs(point.base.x), point.base.y, point.base.z);
    double out = lips(mirrored, point) + lids(mirrored, point) + nose(mirrored, point) +
                 folds(mirrored, point) + ageing(mirrored);
    glm::dvec3 moved = formed(mirrored);
    point.place = point.base + glm::dvec3(side * moved.x, moved.y, moved.z) + out * point.normal +
                  nostril_push(mirrored, side, point) + ear_push(mirrored, side, point);
    return point;
}

HeadPoint HeadShape::at_front(double x, double y) const {
    double z = front_depth(x, y);
    CHECK(y > 35, x, y);  // below that the rays no longer leave one point
    double azimuth = det::atan2(x, z) / kDegree;
    double elevation = det::atan2(y - 100, std::sqrt(x * x + z * z)) / kDegree;
    return at(azimuth, elevation);
}

// Angles of the ray through p from the head's middle, then a pattern search on the skin itself.
glm::dvec2 HeadShape::angles_near(glm::dvec3 p) const {
    glm::dvec3 from = p - glm::dvec3(0, 100, 0);
    glm::dvec2 best(
        det::atan2(from.x, from.z) / kDegree,
        std::clamp(det::atan2(from.y, std::sqrt(from.x * from.x + from.z * from.z)) / kDegree, -80.0, 89.0));
    double nearest = glm::length(at(best.x, best.y).place - p);
    for (double step = 4; step > 2e-3;) {
        glm::dvec2 before = best;
        for (glm::dvec2 turn :
             {glm::dvec2(step, 0), glm::dvec2(-step, 0), glm::dvec2(0, step), glm::dvec2(0, -step)}) {
            glm::dvec2 next(before.x + turn.x,
                            std::clamp(before.y + turn.y, kLowestElevation, kHighestElevation));
            double away = glm::length(at(next.x, next.y).place - p);
            if (away < nearest) nearest = away, best = next;
        }
        if (best == before) step /= 2;
    }
    return best;
}

std::vector<glm::dvec3> landmarks_on(const HeadShape& shape, const HeadNumbers& numbers) {
    std::vector<glm::dvec3> places;
    for (const Landmark& landmark : numbers.landmarks) {
        glm::dvec2 angles = shape.angles_near(landmark.place);
        glm::dvec3 place = shape.at(angles.x, angles.y).place;
        places.push_back(landmark.paired ? place : glm::dvec3(0, place.y, place.z));
    }
    return places;
}

}  // namespace face
