#include "engine/render/scene_view.h"

#include "shaders/shared/picture.h"

#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace render {

namespace {

constexpr double kNear = 0.02, kFar = 5;
constexpr std::array<const char*, 5> kOverlayNames{"none", "coverage", "evenness", "depth", "pressure"};

/// Unit vector from the target to the eye.
glm::dvec3 outward(const Camera& camera) {
    return {std::sin(camera.yaw) * std::cos(camera.pitch), std::sin(camera.pitch),
            std::cos(camera.yaw) * std::cos(camera.pitch)};
}

struct Extent {
    glm::dvec3 centre{0};
    glm::dvec3 normal{0};
    double radius = 0;
};

/// Area-weighted centre and normal of the triangles that `take` accepts, and the radius that holds them.
template <typename Take>
Extent extent_of(const mesh::SurfaceMesh& mesh, Take take) {
    Extent extent;
    double area_sum = 0;
    const auto corner = [&](glm::uvec3 t, int k) { return mesh.positions[t[k]]; };
    for (uint32_t i = 0; i < mesh.triangle_count(); ++i) {
        if (!take(i)) continue;
        const glm::uvec3 t = mesh.triangles[i];
        const glm::dvec3 cross = glm::cross(corner(t, 1) - corner(t, 0), corner(t, 2) - corner(t, 0));
        const double area = glm::length(cross);
        extent.centre += (corner(t, 0) + corner(t, 1) + corner(t, 2)) * (area / 3);
        extent.normal += cross;
        area_sum += area;
    }
    if (area_sum <= 0) return extent;
    extent.centre /= area_sum;
    extent.normal = glm::normalize(extent.normal);
    for (uint32_t i = 0; i < mesh.triangle_count(); ++i) {
        if (!take(i)) continue;
        for (int k = 0; k < 3; ++k)
            extent.radius =
                std::max(extent.radius, glm::length(corner(mesh.triangles[i], k) - extent.centre));
    }
    return extent;
}

/// A camera along `normal` that shows a sphere of `radius` round `centre`.
Camera looking_at(glm::dvec3 centre, glm::dvec3 normal, double radius) {
    Camera camera;
    camera.target = centre;
    camera.yaw = std::atan2(normal.x, normal.z);
    camera.pitch = std::clamp(std::asin(std::clamp(normal.y, -1.0, 1.0)), -1.0, 1.2);
    camera.distance = std::max(0.20, radius / std::sin(camera.fov / 2));
    return camera;
}

/// What a close-up shows: the middle of a zone's skin, from this height of picture.
struct CloseUp {
    std::string_view name, zone;
    double height;  // m
};
constexpr std::array<CloseUp, 5> kCloseUps = {{{"cheek", "cheek_left", 0.030},
                                               {"nose", "nose_sidewall_left", 0.060},
                                               {"lips", "vermilion", 0.065},
                                               {"eye", "eyelid_left", 0.050},
                                               {"ear", "ear_left", 0.085}}};

/// The head without its shoulders, seen along the camera: moved to the picture's middle and as near as a square picture
/// holds it.
void frame_head(const face::FaceAsset& face, Camera& camera) {
    constexpr double kNeckShown = 0.045, kRoom = 1.06;
    double chin = 1;
    for (uint32_t i = 0; i < face.mesh.triangle_count(); ++i) {
        const std::string& id = face.zones[face.zone[i]].id;
        if (id == "neck" || id.starts_with("outside")) continue;
        for (int k = 0; k < 3; ++k) chin = std::min(chin, face.mesh.positions[face.mesh.triangles[i][k]].y);
    }
    glm::dvec3 low(1e9), high(-1e9);  // along right, up, towards the eye
    const glm::dvec3 right = camera.right(), up = camera.up(), towards = glm::cross(right, up);
    const auto hold = [&](const mesh::SurfaceMesh& mesh) {
        for (const glm::dvec3& place : mesh.positions) {
            if (place.y < chin - kNeckShown) continue;
            const glm::dvec3 seen(glm::dot(place, right), glm::dot(place, up), glm::dot(place, towards));
            low = glm::min(low, seen);
            high = glm::max(high, seen);
        }
    };
    hold(face.mesh);
    for (const face::Dressing& dressing : face.dressing)
        if (dressing.material == "cap") hold(dressing.mesh);
    if (low.x > high.x) return;
    const glm::dvec3 middle = (low + high) * 0.5, half = (high - low) * 0.5;
    camera.target = right * middle.x + up * middle.y + towards * middle.z;
    camera.distance = kRoom * (std::max(half.x, half.y) / std::tan(camera.fov / 2) + 0.35 * half.z);
}

std::optional<Camera> close_up(const face::FaceAsset& face, std::string_view name) {
    for (const CloseUp& wish : kCloseUps) {
        if (wish.name != name) continue;
        const int zone = face.find_zone(wish.zone);
        if (zone < 0) return std::nullopt;
        const Extent extent = extent_of(face.mesh, [&](uint32_t i) { return face.zone[i] == zone; });
        if (extent.radius <= 0) return std::nullopt;
        Camera camera = looking_at(extent.centre, extent.normal, extent.radius);
        camera.distance = wish.height / (2 * std::tan(camera.fov / 2));
        return camera;
    }
    return std::nullopt;
}

}  // namespace

const char* overlay_name(Overlay overlay) {
    return kOverlayNames[static_cast<size_t>(overlay)];
}

std::optional<Overlay> parse_overlay(std::string_view name) {
    for (size_t i = 0; i < kOverlayNames.size(); ++i) {
        if (name == kOverlayNames[i]) return static_cast<Overlay>(i);
    }
    return std::nullopt;
}

std::optional<Tier> parse_tier(std::string_view name) {
    if (name == "cpu") return Tier::cpu;
    if (name == "low") return Tier::low;
    if (name == "high") return Tier::high;
    return std::nullopt;
}

glm::dvec3 Camera::eye() const {
    return target + distance * outward(*this);
}
glm::dvec3 Camera::right() const {
    return {std::cos(yaw), 0, -std::sin(yaw)};
}
glm::dvec3 Camera::up() const {
    return glm::cross(outward(*this), right());
}

glm::mat4 Camera::view() const {
    return glm::mat4(glm::lookAt(eye(), target, up()));
}

glm::mat4 Camera::projection(double aspect) const {
    glm::dmat4 projection = glm::perspective(fov, aspect, kNear, kFar);
    projection[1][1] = -projection[1][1];  // Vulkan's y points down the picture
    return glm::mat4(projection);
}

glm::dvec3 Camera::ray(double x, double y, double aspect) const {
    const double half = std::tan(fov / 2);
    return glm::normalize(-outward(*this) + right() * ((2 * x - 1) * half * aspect) +
                          up() * ((1 - 2 * y) * half));
}

Crop common(const Crop& a, const Crop& b) {
    const double left = std::max(a.left, b.left), top = std::max(a.top, b.top);
    return {left, top, std::max(0.0, std::min(a.left + a.width, b.left + b.width) - left),
            std::max(0.0, std::min(a.top + a.height, b.top + b.height) - top)};
}

Crop within(const Crop& outer, const Crop& inner) {
    return {(inner.left - outer.left) / outer.width, (inner.top - outer.top) / outer.height, inner.width / outer.width,
            inner.height / outer.height};
}

std::optional<Camera> named_view(const face::FaceAsset& face, std::string_view name) {
    constexpr double kProfile = 65 * std::numbers::pi / 180, kThreeQuarter = 35 * std::numbers::pi / 180;
    constexpr std::string_view kZone = "zone:", kCloseUp = "close:";
    if (name.starts_with(kZone)) {
        const int zone = face.find_zone(name.substr(kZone.size()));
        if (zone < 0) return std::nullopt;
        const Extent extent = extent_of(face.mesh, [&](uint32_t i) { return face.zone[i] == zone; });
        if (extent.radius <= 0) return std::nullopt;
        return looking_at(extent.centre, extent.normal, extent.radius * 1.1);
    }
    if (name.starts_with(kCloseUp)) return close_up(face, name.substr(kCloseUp.size()));
    const double yaw = name == "front"           ? 0
                       : name == "three_quarter" ? kThreeQuarter
                       : name == "left"          ? kProfile
                       : name == "right"         ? -kProfile
                                                 : NAN;
    if (std::isnan(yaw)) return std::nullopt;
    const Extent extent =
        extent_of(face.mesh, [&](uint32_t i) { return !face.zones[face.zone[i]].id.starts_with("outside"); });
    Camera camera;
    if (face.kind == face::Kind::pad) {
        camera = looking_at(extent.centre, extent.normal, extent.radius * 1.05);
        camera.yaw += yaw * 0.7;
        camera.pitch += yaw == 0 ? 0.0 : 0.3;
        return camera;
    }
    camera.yaw = yaw;
    frame_head(face, camera);
    return camera;
}

glm::vec3 overlay_colour(Overlay overlay, float v) {
    return overlay_colour(legend_range(overlay), v);
}

glm::vec3 overlay_colour(const LegendRange& range, float v) {
    const double value = range.low + (range.high - range.low) * v;
    return shared::overlay_map(shared::overlay_place(float(value), float(range.low), float(range.high),
                                                     float(range.band.low), float(range.band.high)));
}

// Bands of the provisional rubric, from the lowest of any zone to the highest where they differ by zone.
LegendRange legend_range(Overlay overlay) {
    switch (overlay) {
        case Overlay::none:
            return {0, 1, "", {0, 1}};
        case Overlay::coverage:
            return {0, 6000, "punctures/cm²", {1500, 4500}};  // clinical.md 9 row 11
        case Overlay::evenness:
            return {0, 200, "% of zone mean", {50, 150}};  // below half the mean is uncovered: row 10
        case Overlay::depth:
            return {0, 1.5, "mm", {0.2, 1.05}};  // rows 2 and 3
        case Overlay::pressure:
            return {0, 2, "N", {0.3, 1.5}};  // row 6: above 2 N is beyond the warning band
    }
    return {0, 1, "", {0, 1}};
}

LegendRange legend_range(Overlay overlay, const std::vector<OverlayBand>& bands) {
    LegendRange range = legend_range(overlay);
    for (const OverlayBand& band : bands) range.high = std::max(range.high, band.high * 4 / 3);
    return range;
}

}  // namespace render
