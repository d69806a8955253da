#include "training/app/camera_hand.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace app {

namespace {

constexpr double kShortestMove = 0.33, kLongestMove = 0.66;      // s
constexpr double kTurnSeconds = 0.08;                            // time constant of a turning head
constexpr double kNeck = 60 * std::numbers::pi / 180;            // rad
constexpr double kLeanYaw = 0.30, kLeanPitch = 0.50;  // rad
constexpr double kNearest = 0.07, kFarthest = 1.6;    // m

double shortest_turn(double from, double to) {
    return std::remainder(to - from, 2 * std::numbers::pi);
}

void zoom(render::Camera& camera, double notches) {
    camera.distance = std::clamp(camera.distance * std::pow(0.9, notches), kNearest, kFarthest);
}

/// Starts and ends without a jerk: speed and acceleration are 0 at both ends.
double eased(double s) {
    return s * s * s * (10 - 15 * s + 6 * s * s);
}

/// The camera carried round the head's middle (the head frame's origin).
render::Camera turned(render::Camera camera, glm::dvec2 turn) {
    camera.target = glm::angleAxis(turn.x, glm::dvec3(0, 1, 0)) * camera.target;
    camera.yaw += turn.x;
    const double pitch = std::clamp(camera.pitch - turn.y, -1.3, 1.3);
    camera.target = glm::angleAxis(camera.pitch - pitch, camera.right()) * camera.target;
    camera.pitch = pitch;
    return camera;
}

}  // namespace

CameraHand::CameraHand(const face::FaceAsset& face, Seat seat) : face_(face), seat_(seat) {
    now_ = render::named_view(face, "front").value_or(render::Camera{});
    from_ = to_ = now_;
}

bool CameraHand::go(std::string_view view, bool leaning) {
    auto camera = render::named_view(face_, view);
    if (!camera) return false;
    if (leaning) {
        camera->yaw -= seat_ == Seat::right ? kLeanYaw : -kLeanYaw;
        camera->pitch = std::min(camera->pitch + kLeanPitch, 1.2);
    }
    go(*camera);
    return true;
}

void CameraHand::go(const render::Camera& camera) {
    from_ = now_ = this->camera();
    turn_ = turn_to_ = {0, 0};
    to_ = camera;
    to_.yaw = from_.yaw + shortest_turn(from_.yaw, camera.yaw);
    share_ = 0;
    const double turn = std::abs(to_.yaw - from_.yaw) + std::abs(to_.pitch - from_.pitch);
    seconds_ = std::clamp(kShortestMove + 0.2 * turn, kShortestMove, kLongestMove);
}

void CameraHand::turn_head(glm::dvec2 by) {
    turn_to_ = glm::clamp(turn_to_ + by, -kNeck, kNeck);
}

/// What the head is turned becomes part of the view that the mouse moves on.
void CameraHand::settle_turn() {
    now_ = camera();
    turn_ = turn_to_ = {0, 0};
}

bool CameraHand::steer(bool wheel_zooms) {
    const ImGuiIO& io = ImGui::GetIO();
    const render::Camera before = now_;
    const glm::dvec2 moved{io.MouseDelta.x, io.MouseDelta.y};
    const double metres_per_pixel =
        2 * now_.distance * std::tan(now_.fov / 2) / std::max(1.0f, io.DisplaySize.y);
    if (!io.WantCaptureMouse) {
        const bool right = ImGui::IsMouseDown(ImGuiMouseButton_Right);
        if (ImGui::IsMouseDown(ImGuiMouseButton_Middle) || (right && io.KeyShift)) {
            settle_turn();
            now_.target -= metres_per_pixel * (moved.x * now_.right() - moved.y * now_.up());
        } else if (right) {
            const double radians_per_pixel = 2.6 / std::max(1.0f, io.DisplaySize.y);
            settle_turn();
            now_.yaw -= moved.x * radians_per_pixel;
            now_.pitch = std::clamp(now_.pitch + moved.y * radians_per_pixel, -1.3, 1.3);
        }
        if (io.MouseWheel != 0 && (wheel_zooms || io.KeyCtrl)) zoom(now_, io.MouseWheel);
    }
    // Also with the keyboard alone; '=' is the key that carries '+' on most layouts.
    for (const ImWchar letter : io.InputQueueCharacters) {
        if (letter == '+' || letter == '=') zoom(now_, 1);
        if (letter == '-') zoom(now_, -1);
    }
    const bool changed = before.yaw != now_.yaw || before.pitch != now_.pitch ||
                         before.distance != now_.distance || before.target != now_.target;
    if (changed) share_ = 1;  // the hand wins over a move under way
    return changed;
}

void CameraHand::tick(double seconds) {
    turn_ += (turn_to_ - turn_) * (1 - std::exp(-seconds / kTurnSeconds));
    if (glm::distance(turn_, turn_to_) < 1e-3) turn_ = turn_to_;
    if (share_ >= 1) return;
    share_ = std::min(1.0, share_ + seconds / seconds_);
    const double s = eased(share_);
    now_.target = glm::mix(from_.target, to_.target, s);
    now_.distance = glm::mix(from_.distance, to_.distance, s);
    now_.yaw = glm::mix(from_.yaw, to_.yaw, s);
    now_.pitch = glm::mix(from_.pitch, to_.pitch, s);
    now_.fov = to_.fov;
}

render::Camera CameraHand::camera() const {
    return turned(now_, turn_);
}

render::Camera CameraHand::centred(double left, double right, double width, double height) const {
    render::Camera camera = this->camera();
    const double free_middle = (left + width - right) / 2;
    const double metres_per_pixel = 2 * camera.distance * std::tan(camera.fov / 2) / std::max(1.0, height);
    camera.target += camera.right() * ((width / 2 - free_middle) * metres_per_pixel);
    return camera;
}

std::optional<render::Camera> view_of_cells(const face::FaceAsset& face, const std::vector<uint32_t>& cells) {
    glm::dvec3 centre{0}, normal{0};
    size_t count = 0;
    for (const uint32_t cell : cells) {
        if (cell >= face.cells.size()) continue;
        centre += face.cells.seed[cell];
        normal += face.cells.normal[cell];
        ++count;
    }
    if (count == 0) return std::nullopt;
    centre /= static_cast<double>(count);
    // Cells all round the head have no side of their own: from the front, then.
    if (glm::length(normal) < 0.25 * static_cast<double>(count)) return render::named_view(face, "front");
    normal = glm::normalize(normal);
    double reach = 0;
    for (const uint32_t cell : cells)
        if (cell < face.cells.size()) reach = std::max(reach, glm::length(face.cells.seed[cell] - centre));
    render::Camera camera;
    camera.target = centre;
    camera.yaw = std::atan2(normal.x, normal.z);
    camera.pitch = std::asin(std::clamp(normal.y, -0.9, 0.9));
    camera.distance = std::clamp(reach * 1.3 / std::tan(camera.fov / 2), 0.22, 0.75);
    return camera;
}

}  // namespace app
