#include "training/app/ghost.h"

#include "training/app/projection.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr double kPoint = 1e-3;        // m between the points of a stroke
constexpr double kLead = 18;           // points that the ghost is ahead of the pen
constexpr double kOnRow = 7e-3;        // m: the pen is on a row
constexpr double kRest = 0.8;          // s that the ghost waits at a row's end before it shows it again
constexpr size_t kAhead = 3;           // rows that are shown beyond the one at hand

/// The strokes of a row lesson: the middle ones.
void keep_middle(std::vector<training::Stroke>& strokes, size_t count) {
    if (count == 0 || strokes.size() <= count) return;
    const auto first = static_cast<ptrdiff_t>((strokes.size() - count) / 2);
    strokes = std::vector(strokes.begin() + first, strokes.begin() + first + static_cast<ptrdiff_t>(count));
}

}  // namespace

std::vector<training::Stroke> guide_of(const training::Lesson& lesson, const training::Stage& stage) {
    std::vector<uint8_t> zones;
    for (const std::string& id : lesson.zones)
        if (const int zone = stage.face->find_zone(id); zone > 0) zones.push_back(static_cast<uint8_t>(zone));
    training::PlanSettings settings;
    if (!lesson.guide_directions.empty()) settings.directions = lesson.guide_directions;
    settings.fewest_passes = static_cast<int>(settings.directions.size());
    settings.border_passes = 0;
    if (stage.device.kind == skin::DeviceKind::roller) settings.spacing = 0.5 * stage.device.drum_width;
    base::Random random(1);
    std::vector<training::Stroke> strokes;
    for (const training::ZonePlan& plan : training::plan_strokes(*stage.face, stage.device, zones, settings, random))
        strokes.insert(strokes.end(), plan.strokes.begin(), plan.strokes.end());
    keep_middle(strokes, static_cast<size_t>(lesson.guide_rows));
    return strokes;
}

/// The row that the pen is on, this one or one of the next, and how far along.
void Ghost::follow(glm::dvec3 pen) {
    double nearest = kOnRow;
    for (size_t stroke = stroke_; stroke < std::min(strokes_.size(), stroke_ + kAhead); ++stroke) {
        const auto& points = strokes_[stroke].points;
        for (size_t i = 0; i < points.size(); ++i) {
            const double away = glm::distance(points[i].position, pen);
            if (away >= nearest) continue;
            nearest = away;
            if (stroke != stroke_) shown_ = static_cast<double>(i);
            stroke_ = stroke;
            reached_ = i;
            worked_ = true;
        }
    }
}

void Ghost::advance(double seconds, const std::optional<glm::dvec3>& pen) {
    if (strokes_.empty()) return;
    if (pen) follow(*pen);
    const auto& points = strokes_[stroke_].points;
    const double last = static_cast<double>(points.size() - 1);
    // The row is done: on to the next, which shows itself.
    if (!pen && worked_ && static_cast<double>(reached_) > 0.8 * last) {
        worked_ = false;
        reached_ = 0;
        shown_ = 0;
        stroke_ = std::min(stroke_ + 1, strokes_.size() - 1);
        return;
    }
    const double speed = points[std::min(static_cast<size_t>(shown_), points.size() - 1)].speed / kPoint;
    const double most = worked_ ? std::min(last, static_cast<double>(reached_) + kLead) : last;
    if (shown_ < most) {
        shown_ = std::min(most, shown_ + speed * seconds);
        rest_ = kRest;
    } else if (!worked_ && (rest_ -= seconds) < 0) {
        shown_ = 0;
    }
}

const training::StrokePoint& Ghost::at() const {
    const auto& points = strokes_[stroke_].points;
    return points[std::min(static_cast<size_t>(shown_), points.size() - 1)];
}

void Ghost::draw(ImDrawList& draw, const Style& style, const render::Camera& camera, ImVec2 size, bool rows, bool pen_shown) const {
    if (strokes_.empty() || !(rows || pen_shown)) return;
    const Projection seen(camera, size.x, size.y);
    const glm::dvec3 eye = camera.eye();
    const auto faces_us = [&](const training::StrokePoint& point) { return glm::dot(point.inward, glm::normalize(point.position - eye)) > 0.15; };
    const auto trace = [&](const training::Stroke& stroke, ImU32 shade, double width) {
        for (size_t i = 0; i + 2 < stroke.points.size(); i += 2) {
            const auto &a = stroke.points[i], &b = stroke.points[i + 2];
            if (faces_us(a) && faces_us(b)) draw.AddLine(seen(a.position), seen(b.position), shade, style.px(width));
        }
    };
    if (rows) {
        for (size_t i = std::min(strokes_.size(), stroke_ + kAhead + 1); i-- > stroke_ + 1;) trace(strokes_[i], IM_COL32(255, 255, 255, 70), 1.5);
        trace(strokes_[stroke_], IM_COL32(10, 12, 14, 150), 5);
        trace(strokes_[stroke_], IM_COL32(255, 255, 255, 230), 2);
    }
    if (!pen_shown) return;
    const training::StrokePoint& at = this->at();
    if (!faces_us(at)) return;
    // Its body stands out of the skin: a tapering shape from the rim up, and the rim as it lies on the skin.
    const ImVec2 foot = seen(at.position), top = seen(at.position - at.inward * 45e-3);
    const auto radius = static_cast<float>(seen.scale(at.position) * 5e-3);
    const float dx = top.x - foot.x, dy = top.y - foot.y, length = std::max(1.0f, std::sqrt(dx * dx + dy * dy));
    const ImVec2 side{-dy / length * radius, dx / length * radius};
    const ImVec2 body[] = {{foot.x + side.x * 0.8f, foot.y + side.y * 0.8f}, {top.x + side.x * 1.5f, top.y + side.y * 1.5f},
                           {top.x - side.x * 1.5f, top.y - side.y * 1.5f}, {foot.x - side.x * 0.8f, foot.y - side.y * 0.8f}};
    draw.AddConvexPolyFilled(body, 4, IM_COL32(150, 210, 250, 60));
    draw.AddPolyline(body, 4, IM_COL32(150, 210, 250, 150), ImDrawFlags_Closed, style.px(1.5));
    draw.AddCircleFilled(foot, radius, IM_COL32(94, 180, 236, 70));
    draw.AddCircle(foot, radius, IM_COL32(10, 12, 14, 200), 0, style.px(3.5));
    draw.AddCircle(foot, radius, IM_COL32(150, 210, 250, 255), 0, style.px(1.8));
}

}  // namespace app
