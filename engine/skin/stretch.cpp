#include "engine/skin/stretch.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

constexpr double kForgotten = 1e-6;    // N
constexpr double kNearSkin = 15e-3;    // m from a fingertip's place to the skin
constexpr double kStrainReach = 1e-3;  // m, half the way over which a strain is measured
constexpr double kTautFrom = 4;        // times as much as its area the greatest strain is, where skin begins to gather (A)
constexpr double kCoupledFor = 0.5e-3;  // m that a finger slides before its reach is found anew: a fiftieth of it
constexpr double kNoSlip = 1e-9;       // m
constexpr double kMostShift = 30e-3;   // m that one grip draws skin along; no skin of a face goes further (A)
constexpr int kMostLetGo = 4;          // fingers that are remembered: older ones are nearly forgotten
constexpr int kRounds = 12;            // of fingers settling against each other
constexpr double kDirectionOnly = 0.1;  // a longer pull is no way in metres but a bare direction
constexpr double kSamePlace = 10e-6;    // m: two events mean the same fingertip

double length(glm::dvec3 v) {
    return std::sqrt(glm::dot(v, v));
}

glm::dvec3 in_plane(glm::dvec3 v, glm::dvec3 normal) {
    return v - normal * glm::dot(v, normal);
}

}  // namespace

Stretch::Stretch(const face::FaceAsset& face, const SkinModel& skin) : face_(face), skin_(skin), creep_(skin) {}

/// What the finger's disc is on.
void Stretch::grasp(Source& finger, const mesh::SurfaceHit& hit) const {
    face::TissueAt tissue = face_.tissue_felt(hit.point);
    glm::dvec3 normal = mesh::normal_at(face_.felt(), hit.point), first = in_plane(finger.grip.first, normal);
    finger.grip.place = hit.position;
    finger.grip.normal = normal;
    finger.grip.radius = kFingerRadius;
    finger.grip.membrane = Membrane(skin_, tissue);
    finger.grip.tension = tissue.tension;
    finger.grip.anisotropy = tissue.anisotropy;
    if (double size = length(first); size > 0.0) finger.grip.first = first / size;
    finger.self = finger.grip.self_compliance();
}

std::optional<Stretch::Source> Stretch::finger_at(int finger, glm::dvec3 place, glm::dvec3 pull) const {
    std::optional<mesh::SurfaceHit> hit = face_.felt_index().closest(place, kNearSkin);
    if (!hit) return std::nullopt;
    Source source;
    grasp(source, *hit);
    source.finger = finger;
    source.told = place;
    source.way = pull;
    source.pull = in_plane(pull, source.grip.normal);
    if (double way = length(source.pull); way > 0.0) source.grip.first = source.pull / way;
    return source;
}

void Stretch::hold(const Hold& hold) {
    release();
    double way = length(hold.pull);
    if (!(way > 0.0)) return;
    glm::dvec3 towards = hold.pull / way;
    if (way > kDirectionOnly) way = kUsualPull;
    for (int finger : {1, 2}) {
        double side = finger == 1 ? 1.0 : -1.0;
        if (std::optional<Source> put = finger_at(finger, hold.place + side * kApart * towards, side * way * towards))
            fingers_.push_back(*put);
    }
    couple();
}

void Stretch::place(int finger, glm::dvec3 at, glm::dvec3 way) {
    Source* there = holding(finger);
    if (!there || length(there->told - at) > kSamePlace) {
        lift(finger);
        std::optional<Source> put = finger_at(finger, at, way);
        if (!put) return;
        there = &fingers_.emplace_back(*put);
        couple();
    }
    there->pull = in_plane(there->pull + (way - there->way), there->grip.normal);
    there->way = way;
    there->slides = true;
}

/// What the loads of those that hold do under themselves and under each other.
void Stretch::couple() {
    for (Source& here : fingers_) {
        here.coupled_at = here.grip.place;
        for (const Source& from : fingers_) {
            if (!here.holds || !from.holds) continue;
            for (glm::length_t axis = 0; axis < 3; ++axis) {
                glm::dvec3 unit{0};
                unit[axis] = 1;
                auto& by = &here == &from ? here.by_own : here.by_other;
                by[axis] = from.grip.mean_displacement(here.grip, in_plane(unit, from.grip.normal));
            }
        }
    }
}

void Stretch::let_go(const std::function<bool(const Source&)>& which) {
    for (Source& finger : fingers_)
        if (which(finger)) finger.holds = false;
    std::stable_partition(fingers_.begin(), fingers_.end(), [](const Source& finger) { return !finger.holds; });
    auto kept = std::find_if(fingers_.begin(), fingers_.end(), [](const Source& finger) { return finger.holds; });
    if (kept - fingers_.begin() > kMostLetGo) fingers_.erase(fingers_.begin(), kept - kMostLetGo);
}

void Stretch::release() {
    let_go([](const Source&) { return true; });
}

void Stretch::lift(int finger) {
    let_go([finger](const Source& one) { return one.finger == finger; });
}

Stretch::Source* Stretch::holding(int finger) {
    for (Source& one : fingers_)
        if (one.holds && one.finger == finger) return &one;
    return nullptr;
}

bool Stretch::held() const {
    return std::any_of(fingers_.begin(), fingers_.end(), [](const Source& finger) { return finger.holds; });
}

/// What is left of past loads, with the last force until the end of the step that passes.
void Stretch::pass_memory(Source& source) const {
    for (size_t k = 0; k < creep_.terms().size(); ++k)
        source.late[k] = creep_.terms()[k].kept * source.late[k] + creep_.terms()[k].of_last * source.force;
}

void Stretch::keep(Source& source) const {
    for (size_t k = 0; k < creep_.terms().size(); ++k) source.late[k] += creep_.terms()[k].of_new * source.force;
}

glm::dvec3 Stretch::remembered(const Source& source) const {
    glm::dvec3 sum{0};
    for (size_t k = 0; k < creep_.terms().size(); ++k) sum += creep_.terms()[k].share * source.late[k];
    return sum;
}

/// Brings the source's load to `wanted`, as far as a force of `most_force` can.
void Stretch::load(Source& source, glm::dvec3 wanted, double most_force) const {
    glm::dvec3 past = remembered(source);
    source.force = (wanted - past) / creep_.present_share();
    double size = length(source.force);
    if (size > most_force) source.force *= size > 0.0 ? most_force / size : 0.0;
    source.grip.load = past + creep_.present_share() * source.force;
    // A tip that leaps from thick skin to a lid brings a load that the lid cannot bear: it slips.
    double shift = source.self * length(source.grip.load);
    if (!(shift > kMostShift)) return;
    for (glm::dvec3* part : {&source.force, &source.grip.load}) *part *= kMostShift / shift;
    for (glm::dvec3& late : source.late) late *= kMostShift / shift;
}

/// By what was let go and by the tip.
glm::dvec3 Stretch::shift_of_others(const Source& finger) const {
    glm::dvec3 sum{0};
    for (const Source& other : fingers_)
        if (!other.holds) sum += other.grip.displacement(finger.grip.place, other.grip.load);
    if (drag_) sum += drag_->grip.displacement(finger.grip.place, drag_->grip.load);
    return sum;
}

/// m that its own load draws the skin under it.
glm::dvec3 Stretch::answer(const Source& finger) const {
    glm::dvec3 sum{0};
    for (glm::length_t axis = 0; axis < 3; ++axis) sum += finger.by_own[axis] * finger.grip.load[axis];
    return sum;
}

/// Friction has given way: the skin comes along less than the hand does. `there`: m, by all others. False when the finger
/// slid off the skin.
bool Stretch::slip(Source& finger, glm::dvec3 there) const {
    glm::dvec3 wished = finger.pull;
    finger.pull = in_plane(there + (finger.slides ? answer(finger) : finger.self * finger.grip.load), finger.grip.normal);
    glm::dvec3 over = wished - finger.pull;
    finger.slid += length(over);
    if (!finger.slides || length(over) < kNoSlip) return true;
    std::optional<mesh::SurfaceHit> hit = face_.felt_index().closest(finger.grip.place + over, kNearSkin);
    if (!hit) return false;
    grasp(finger, *hit);
    for (glm::dvec3* along : {&finger.pull, &finger.grip.load, &finger.force}) *along = in_plane(*along, finger.grip.normal);
    for (glm::dvec3& late : finger.late) late = in_plane(late, finger.grip.normal);
    return true;
}

/// Each finger's load draws the skin under it by its pull, with what all others do there: Gauss-Seidel, which converges
/// because each acts most where it holds. One that slips holds on where it came to.
void Stretch::pull_fingers() {
    double most = skin_.friction_finger * skin_.finger_force;
    size_t first = 0;
    while (first < fingers_.size() && !fingers_[first].holds) ++first;
    std::array<glm::dvec3, 2> others{};
    size_t count = fingers_.size() - first;
    CHECK(count <= others.size());
    for (size_t i = 0; i < count; ++i) others[i] = shift_of_others(fingers_[first + i]);
    auto there = [&](size_t i) {
        glm::dvec3 shift = others[i];
        if (count < 2) return shift;
        const Source &finger = fingers_[first + i], &other = fingers_[first + 1 - i];
        for (glm::length_t axis = 0; axis < 3; ++axis) shift += finger.by_other[axis] * other.grip.load[axis];
        return shift;
    };
    for (int round = 0; round < kRounds; ++round)
        for (size_t i = 0; i < count; ++i) {
            Source& finger = fingers_[first + i];
            glm::dvec3 lacks = finger.pull - there(i);
            if (finger.slides) lacks += finger.self * finger.grip.load - answer(finger);
            load(finger, in_plane(lacks, finger.grip.normal) / finger.self, most);
        }
    bool moved = false, lost = false;
    for (size_t i = 0; i < count; ++i) {
        Source& finger = fingers_[first + i];
        if (length(finger.force) < most * (1.0 - 1e-9)) continue;
        if (!slip(finger, there(i))) finger.holds = false, lost = true;
        moved = moved || length(finger.grip.place - finger.coupled_at) > kCoupledFor;
    }
    if (lost) let_go([](const Source& finger) { return !finger.holds; });
    if (moved) couple();
}

/// Sums over points and differences take this for their first direction, so that they turn with skin and fingers, not with
/// the head's axes; 0 without fingers.
glm::dvec3 Stretch::finger_tangent(glm::dvec3 normal) const {
    if (fingers_.empty()) return {};
    glm::dvec3 along = in_plane(fingers_.back().grip.first, normal);
    double size = length(along);
    return size > 0.1 ? along / size : glm::dvec3(0);
}

void Stretch::drag(const Gliding& tip, glm::dvec3 way) {
    slid_ = in_plane(way, tip.normal);
    if (!(tip.force > 0.0)) {
        if (drag_) drag_->holds = false, load(*drag_, {}, 0.0);
        return;
    }
    if (!drag_) drag_ = Source{};
    Source& drag = *drag_;
    Membrane under(skin_, tip.tissue);
    drag.grip = {tip.place, tip.normal, tip.radius, under, tip.tissue.tension, tip.tissue.anisotropy, drag.grip.load};
    drag.grip.first = finger_tangent(tip.normal);
    drag.self = drag.grip.self_compliance();
    // Stuck, the skin goes along with the tip by its whole way.
    glm::dvec3 before = drag.holds ? drag.self * in_plane(drag.grip.load, tip.normal) : glm::dvec3(0);
    drag.holds = true;
    for (glm::dvec3& late : drag.late) late = in_plane(late, tip.normal);
    load(drag, (before + slid_) / drag.self, tip.friction * tip.force);
    glm::dvec3 went_along = drag.self * drag.grip.load - before;
    slid_ -= in_plane(went_along, tip.normal);
}

void Stretch::forget() {
    auto over = [&](const Source& source) { return !source.holds && length(remembered(source)) < kForgotten; };
    std::erase_if(fingers_, over);
    if (drag_ && over(*drag_)) drag_.reset();
}

void Stretch::pass(double seconds, const Gliding& tip, glm::dvec3 way) {
    creep_.set(seconds);
    for (Source& finger : fingers_) pass_memory(finger);
    if (drag_) pass_memory(*drag_);
    drag(tip, way);
    for (Source& finger : fingers_)
        if (!finger.holds) load(finger, {}, 0.0);
    pull_fingers();
    for (Source& finger : fingers_) keep(finger);
    if (drag_) keep(*drag_);
    forget();
}

glm::dvec3 Stretch::displacement(glm::dvec3 at) const {
    glm::dvec3 sum{0};
    for (const Source& finger : fingers_) sum += finger.grip.displacement(at, finger.grip.load);
    if (drag_) sum += drag_->grip.displacement(at, drag_->grip.load);
    return sum;
}

Drawn Stretch::drawn(glm::dvec3 at, glm::dvec3 normal) const {
    Drawn drawn;
    face::FaceAsset::tangent_frame(normal, drawn.along, drawn.across);
    if (glm::dvec3 along = finger_tangent(normal); length(along) > 0.0)
        drawn.along = along, drawn.across = glm::cross(normal, along);
    if (drag_) drawn.shift = drag_->grip.displacement(at, drag_->grip.load);
    if (fingers_.empty()) return drawn;
    auto by_fingers = [&](glm::dvec3 place) {
        glm::dvec3 sum{0};
        for (const Source& finger : fingers_) sum += finger.grip.displacement(place, finger.grip.load);
        return sum;
    };
    auto slope = [&](glm::dvec3 direction) {
        glm::dvec3 way = kStrainReach * direction;
        return (by_fingers(at + way) - by_fingers(at - way)) / (2.0 * kStrainReach);
    };
    drawn.shift += by_fingers(at);
    drawn.by_along = slope(drawn.along);
    drawn.by_across = slope(drawn.across);
    double xx = glm::dot(drawn.by_along, drawn.along), yy = glm::dot(drawn.by_across, drawn.across);
    double xy = 0.5 * (glm::dot(drawn.by_along, drawn.across) + glm::dot(drawn.by_across, drawn.along));
    double half = 0.5 * (xx - yy);
    drawn.stretch = std::max(0.0, 0.5 * (xx + yy) + std::sqrt(half * half + xy * xy));
    // Pairs draw apart. Theirs is the greatest strain as it is, so that what was recorded with them stays the same.
    if (std::none_of(fingers_.begin(), fingers_.end(), [](const Source& finger) { return finger.slides; })) return drawn;
    double growth = 0;
    for (const Source& finger : fingers_) growth += finger.grip.growth(at, kStrainReach);
    drawn.stretch = std::clamp(kTautFrom * growth, 0.0, drawn.stretch);
    return drawn;
}

std::vector<Fingertip> Stretch::fingertips() const {
    std::vector<Fingertip> all;
    for (const Source& one : fingers_)
        if (one.holds) all.push_back({one.finger, one.grip.place, one.grip.normal, one.pull, one.slid});
    return all;
}

std::vector<Grip> Stretch::grips() const {
    std::vector<Grip> all;
    for (const Source& finger : fingers_) all.push_back(finger.grip);
    if (drag_) all.push_back(drag_->grip);
    return all;
}

}  // namespace skin
