#include "training/app/finger_hand.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

constexpr double kTouch = 11e-3;     // m from a pad's middle within which the pointer takes that finger
constexpr double kClick = 1.5e-3;    // m within which a press was no drag
constexpr double kSpeed = 20e-3;     // m/s of fingers that go by themselves (A)
constexpr double kLeast = 50e-6;     // m of way worth telling
constexpr double kMostPull = 15e-3;  // m by keys
constexpr double kServes = 12e-3;    // m from between the fingers within which the skin is taut enough (A)
constexpr double kServesStroke = 18e-3;  // m; a stroke under way is not disturbed as soon
constexpr double kArm = 90e-3;           // m from the skin between the fingertips to the hand
constexpr double kNearSkin = 15e-3;      // m

/// Whole micrometres, as events tell it.
glm::dvec3 rounded(glm::dvec3 v) {
    return glm::dvec3(std::round(v.x * 1e6), std::round(v.y * 1e6), std::round(v.z * 1e6)) * 1e-6;
}

}  // namespace

void FingerHand::put(size_t finger, glm::dvec3 place, glm::dvec3 wished, glm::dvec3 up) {
    const auto hit = face_.index->closest(place, kNearSkin);
    if (!hit) return lift(finger);
    Finger one;
    one.place = one.pad = rounded(hit->position);
    one.normal = mesh::normal_at(face_.mesh, hit->point);
    one.wished = wished;
    // Fingers spread from a hand below.
    const glm::dvec3 aside = wished - up * glm::dot(wished, up);
    const double way = glm::length(aside);
    one.pointing =
        glm::normalize(up * kArm + (way > 0 ? aside * (skin::Stretch::kApart / way) : glm::dvec3(0)));
    one.put = ++puts_;
    fingers_[finger] = one;
}

void FingerHand::lift(size_t finger) {
    if (fingers_[finger] && fingers_[finger]->told) to_lift_[finger] = true;
    fingers_[finger].reset();
    if (!lead_ || lead_->finger != finger) return;
    lead_.reset();
    lost_ = true;
}

FingerHand::Lead FingerHand::begin(glm::dvec3 place, glm::dvec3 up) {
    for (size_t i = 0; i < 2; ++i)
        if (fingers_[i] && glm::distance(fingers_[i]->pad, place) < kTouch)
            return {i, place, fingers_[i]->wished, true};
    const size_t free = !fingers_[0] ? 0 : !fingers_[1] ? 1 : fingers_[0]->put < fingers_[1]->put ? 0 : 1;
    put(free, place, {}, up);
    return {free, place, {}};
}

void FingerHand::lead(glm::dvec3 place, glm::dvec3 up) {
    if (lost_) return;
    followed_.reset();
    if (!lead_) lead_ = begin(place, up);
    lead_->moved = lead_->moved || glm::distance(place, lead_->from) > kClick;
    if (lead_->took_up && !lead_->moved) return;
    fingers_[lead_->finger]->wished = lead_->wished_then + (place - lead_->from);
}

void FingerHand::leave() {
    lost_ = false;
    if (!lead_) return;
    const Lead lead = *lead_;
    lead_.reset();
    if (lead.took_up && !lead.moved) lift(lead.finger);
}

void FingerHand::hold(glm::dvec3 middle, glm::dvec3 towards, glm::dvec3 up) {
    // Along the skin, which often turns away from who looks at it.
    if (const auto hit = face_.index->closest(middle, kNearSkin)) {
        const glm::dvec3 normal = mesh::normal_at(face_.mesh, hit->point);
        const glm::dvec3 along = towards - normal * glm::dot(towards, normal);
        if (glm::length(along) > 0.1) towards = glm::normalize(along);
    }
    for (size_t i = 0; i < 2; ++i) {
        const double side = i == 0 ? 1 : -1;
        put(i, middle + side * skin::Stretch::kApart * towards, side * kPull * towards, up);
    }
}

void FingerHand::lift() {
    for (size_t i = 0; i < 2; ++i) lift(i);
    followed_.reset();
}

/// Where it draws to; one that rests draws away from the other.
glm::dvec3 FingerHand::direction_of(size_t i) const {
    const Finger& finger = *fingers_[i];
    if (const double way = glm::length(finger.wished); way > kLeast) return finger.wished / way;
    const auto& other = fingers_[1 - i];
    const glm::dvec3 away = other ? finger.place - other->place : finger.pointing;
    const double length = glm::length(away);
    return length > 0 ? away / length : finger.pointing;
}

void FingerHand::pull_more(double by) {
    followed_.reset();
    std::array<glm::dvec3, 2> wished{};
    for (size_t i = 0; i < 2; ++i)
        if (fingers_[i])
            wished[i] = direction_of(i) * std::clamp(glm::length(fingers_[i]->wished) + by, 0.0, kMostPull);
    for (size_t i = 0; i < 2; ++i)
        if (fingers_[i]) fingers_[i]->wished = wished[i];
}

void FingerHand::turn(double by) {
    followed_.reset();
    if (!holds()) return;
    glm::dvec3 normal{0}, middle{0};
    for (const auto& finger : fingers_)
        if (finger)
            normal += finger->normal, middle += finger->place * (fingers_[0] && fingers_[1] ? 0.5 : 1.0);
    if (glm::length(normal) < 0.1) return;
    const glm::dquat turned = glm::angleAxis(by, glm::normalize(normal));
    for (size_t i = 0; i < 2; ++i) {
        if (!fingers_[i]) continue;
        if (!fingers_[1 - i]) {
            fingers_[i]->wished = turned * fingers_[i]->wished;
            continue;
        }
        const Finger before = *fingers_[i];
        put(i, middle + turned * (before.place - middle), turned * before.wished, before.pointing);
        fingers_[i]->pointing = before.pointing;
    }
}

void FingerHand::follow(std::optional<glm::dvec3> tip, bool pressed, glm::dvec3 towards, glm::dvec3 up) {
    if (holds() && !followed_) return;  // the trainee's own hold
    if (!tip) {
        if (followed_ && !pressed) lift();
        return;
    }
    if (followed_ && glm::distance(*followed_, *tip) < (pressed ? kServesStroke : kServes)) return;
    hold(*tip, towards, up);
    followed_ = *tip;
}

std::vector<FingerHand::Told> FingerHand::step(double seconds) {
    std::vector<Told> told;
    for (size_t i = 0; i < 2; ++i) {
        if (std::exchange(to_lift_[i], false) && !fingers_[i])
            told.push_back({"finger_lift", fmt::format("{}", i + 1)});
        if (!fingers_[i]) continue;
        Finger& finger = *fingers_[i];
        const glm::dvec3 left = finger.wished - finger.way;
        const double most = kSpeed * seconds, size = glm::length(left);
        const bool arrives = size <= most || (lead_ && lead_->finger == i);
        finger.way = rounded(arrives ? finger.wished : finger.way + left * (most / size));
        const double untold = finger.told ? glm::distance(*finger.told, finger.way) : kLeast;
        if (untold < kLeast && (!arrives || untold == 0)) continue;
        finger.told = finger.way;
        told.push_back({"finger_place", fmt::format("{} {:.6f} {:.6f} {:.6f} {:.6f} {:.6f} {:.6f}", i + 1,
                                                    finger.place.x, finger.place.y, finger.place.z,
                                                    finger.way.x, finger.way.y, finger.way.z)});
    }
    return told;
}

void FingerHand::see(std::span<const skin::Fingertip> held) {
    for (size_t i = 0; i < 2; ++i) {
        if (!fingers_[i] || !fingers_[i]->told) continue;
        const auto found = std::find_if(held.begin(), held.end(), [&](const skin::Fingertip& one) {
            return one.finger == static_cast<int>(i) + 1;
        });
        Finger& finger = *fingers_[i];
        if (found == held.end()) {
            if (++finger.unseen > 2) lift(i);
            continue;
        }
        finger.unseen = 0;
        finger.pad = found->place + found->pull;
        finger.normal = found->normal;
    }
    if (!holds()) followed_.reset();
}

std::array<glm::dvec3, 2> FingerHand::pointing() const {
    std::array<glm::dvec3, 2> both{glm::dvec3(0, 1, 0), glm::dvec3(0, 1, 0)};
    for (size_t i = 0; i < 2; ++i)
        if (fingers_[i]) both[i] = fingers_[i]->pointing;
    return both;
}

}  // namespace app
