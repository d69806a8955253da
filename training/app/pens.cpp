#include "training/app/pens.h"

#include "engine/base/log.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace app {

namespace {

constexpr double kHeldStill = 0.5;   // s
constexpr double kGivenUp = 3.0;     // s without a pose
constexpr double kStill = 2e-3;      // m

}  // namespace

std::array<KnownPoint, 3> calibration_points(const face::FaceAsset& face) {
    glm::dvec3 low(face.mesh.positions.front()), high = low, nose = low;
    for (const auto& vertex : face.mesh.positions) {
        const glm::dvec3 place(vertex);
        low = glm::min(low, place), high = glm::max(high, place);
        if (place.z > nose.z) nose = place;
    }
    const auto on_skin = [&](glm::dvec3 near) {
        const auto hit = face.index->closest(near, 1.0);
        return hit ? hit->position : near;
    };
    if (face.kind == face::Kind::pad)
        return {KnownPoint{"upper_left", on_skin({low.x, high.y, high.z})}, {"upper_right", on_skin({high.x, high.y, high.z})},
                {"lower_left", on_skin({low.x, low.y, high.z})}};
    // Of the ears' skin the point nearest to the axis outside of it.
    return {KnownPoint{"nose_tip", nose}, {"left_tragus", on_skin({high.x, 0, 0})}, {"right_tragus", on_skin({low.x, 0, 0})}};
}

base::Status Pens::listen(const input::OscPlace& place) {
    if (place == place_) return {};
    place_ = place;
    receiver_.reset();
    last_tracked_.reset();
    if (place_.port == 0) return {};
    auto opened = input::OscReceiver::open(place_);
    if (!opened) return opened.error();
    receiver_ = std::move(*opened);
    return {};
}

void Pens::read(const render::Window& window) {
    for (const render::PointerEvent& event : window.pointer_trail())
        if (event.pen) stylus_ = event.pen;
    if (window.styluses().empty()) stylus_.reset();
    gamepad_ = window.gamepad();
    if (!window.pointer_trail().empty() || !gamepad_) gamepad_was_last_ = false;
    const uint32_t down = gamepad_ ? input::buttons_down(*gamepad_) : 0;
    if (down != 0) gamepad_was_last_ = true;
    if (down != buttons_) spdlog::debug("pad buttons {:03x}", down);
    buttons_ = down;
    tracked_.clear();
    const double now = window.events_read_at();
    if (receiver_) tracked_ = receiver_->read(now);
    if (!tracked_.empty()) last_tracked_ = tracked_.back();
    take(now);
}

void Pens::touch(size_t index, double now) {
    touches_.taking = index;
    touches_.problem_key.clear();
    taking_since_ = now;
    taken_.clear();
}

void Pens::take(double now) {
    if (!touches_.taking) return;
    const auto end = [&](const char* problem) {
        spdlog::info("calibration point {} {}", *touches_.taking + 1, *problem ? problem : "taken");
        touches_.taking.reset();
        touches_.problem_key = problem;
    };
    for (const input::TrackedPose& pose : tracked_) {
        taken_.push_back(pose.tip);
        if (glm::distance(pose.tip, taken_.front()) > kStill) return end("moved");
    }
    if (taken_.empty() && now - taking_since_ > kGivenUp) return end("silent");
    if (taken_.empty() || now - taking_since_ < kHeldStill) return;
    glm::dvec3 sum(0);
    for (const glm::dvec3& place : taken_) sum += place;
    touches_.points[*touches_.taking] = sum / static_cast<double>(taken_.size());
    end("");
}

std::optional<base::Result<input::Calibration>> Pens::calibrated() {
    if (!known || touches_.taking || !std::ranges::all_of(touches_.points, [](const auto& point) { return point.has_value(); }))
        return std::nullopt;
    std::array<glm::dvec3, 3> touched, places;
    for (size_t i = 0; i < 3; ++i) touched[i] = *touches_.points[i], places[i] = (*known)[i].place;
    touches_.points = {};
    return input::calibrate(touched, places);
}

}  // namespace app
