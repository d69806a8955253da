#include "training/app/coach_view.h"

#include "engine/base/log.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using training::Cue;
using training::CueKind;
using training::CueSeverity;

constexpr ImU32 kDark = IM_COL32(10, 12, 14, 255), kShade = IM_COL32(10, 12, 14, 190);
constexpr float kPi = 3.14159265f;
constexpr float kFrom = 0.75f * kPi, kTo = 2.25f * kPi;  // of a round gauge, clockwise from the lower left
constexpr double kUpright = 0.05;                        // sine of the lean below which no arrow is drawn
constexpr double kFollows = 0.15;                        // share of a change that an eye sees in a frame

/// That a zone is done is good news.
Mark mark_of(const Cue& cue) {
    if (cue.kind == CueKind::end_point && cue.severity == CueSeverity::notice) return Mark::target;
    switch (cue.severity) {
        case CueSeverity::notice:
            return Mark::warning;
        case CueSeverity::warning:
            return Mark::beyond;
        case CueSeverity::urgent:
            return Mark::critical;
    }
    return Mark::none;
}

/// A band's figures laid on a gauge from 0 to a little beyond what is still tolerated.
struct Gauge {
    double low, high, most;  ///< in the value's unit
    double share(double value) const { return std::clamp(value / most, 0.0, 1.0); }
};

Gauge gauge_of(const training::Band& band) {
    const double low = static_cast<double>(band.target_low) * 1e-3,
                 high = static_cast<double>(band.target_high) * 1e-3;
    return {low, high, std::max(1.6 * high, 1.15 * static_cast<double>(band.warn_high) * 1e-3)};
}

ImVec2 plus(ImVec2 at, ImVec2 way, float by) {
    return {at.x + way.x * by, at.y + way.y * by};
}

ImVec2 turned(ImVec2 way) {
    return {-way.y, way.x};
}

/// Everything on the face is seen on all skin: light on a dark rim.
struct Pencil {
    ImDrawList& draw;
    const Style& style;
    ImU32 shade;

    void line(ImVec2 from, ImVec2 to, float width) const {
        draw.AddLine(from, to, kDark, style.px(width + 2.5f));
        draw.AddLine(from, to, shade, style.px(width));
    }
    void arc(ImVec2 middle, float radius, float from, float to, float width, ImU32 colour) const {
        draw.PathArcTo(middle, radius, from, to, 48);
        draw.PathStroke(colour, 0, style.px(width));
    }
    void head(ImVec2 tip, ImVec2 way, float size) const {
        const auto triangle = [&](float grow, ImU32 colour) {
            const ImVec2 side = turned(way), end = plus(tip, way, grow),
                         back = plus(tip, way, -size - grow * 0.6f);
            draw.AddTriangleFilled(end, plus(back, side, size * 0.62f + grow),
                                   plus(back, side, -size * 0.62f - grow), colour);
        };
        triangle(style.px(2.2), kDark);
        triangle(0, shade);
    }
    void arrow(ImVec2 from, ImVec2 to, ImVec2 way) const {
        const float size = style.px(13);
        const ImVec2 neck = plus(to, way, -size * 0.7f);
        draw.AddLine(from, neck, kDark, style.px(6.5));
        head(to, way, size);
        draw.AddLine(from, neck, shade, style.px(4));
    }
};

struct Place {
    ImVec2 tip;
    float radius;  ///< pixels, of a ring that leaves the pen's tip free
};

void draw_tilt(const Pencil& pencil, const Place& at, const Projection& seen, const skin::Contact& contact) {
    // The pen's top goes where the skin's normal points; the dotted line is where it would then stand.
    const glm::dvec3 lean = contact.axis + contact.normal * -glm::dot(contact.axis, contact.normal);
    const ImVec2 foot = seen(contact.position), ahead = seen(contact.position + lean * 50e-3);
    const float x = ahead.x - foot.x, y = ahead.y - foot.y, length = std::hypot(x, y);
    const ImVec2 way = length > 0.5f ? ImVec2{x / length, y / length} : ImVec2{0, -1};
    const ImVec2 top = seen(contact.position + contact.normal * 45e-3);
    for (int i = 1; i <= 9; ++i) {
        const float share = static_cast<float>(i) / 9;
        const ImVec2 dot{foot.x + (top.x - foot.x) * share, foot.y + (top.y - foot.y) * share};
        pencil.draw.AddCircleFilled(dot, pencil.style.px(2.8), kDark, 12);
        pencil.draw.AddCircleFilled(dot, pencil.style.px(1.7), IM_COL32_WHITE, 12);
    }
    if (glm::length(lean) < kUpright) return;  // it was put right
    pencil.arrow(plus(at.tip, way, at.radius), plus(at.tip, way, at.radius + pencil.style.px(40)), way);
}

void draw_force(const Pencil& pencil, const Place& at, const Gauge& gauge, double force) {
    const auto angle = [&](double value) {
        return kFrom + (kTo - kFrom) * static_cast<float>(gauge.share(value));
    };
    pencil.arc(at.tip, at.radius, kFrom, kTo, 9, kShade);
    pencil.arc(at.tip, at.radius, kFrom, kTo, 5, colour::kTrack);
    pencil.arc(at.tip, at.radius, kFrom, std::max(angle(force), kFrom + 0.02f), 5, pencil.shade);
    // The band lies outside, so that what fills the ring never hides it.
    const float outside = at.radius + pencil.style.px(7.5);
    pencil.arc(at.tip, outside, angle(gauge.low), angle(gauge.high), 6, kDark);
    pencil.arc(at.tip, outside, angle(gauge.low), angle(gauge.high), 3.5, colour::kBlue);
}

void draw_speed(const Pencil& pencil, const Place& at, ImVec2 way, const Gauge& gauge, double speed) {
    const float half = pencil.style.px(52);
    ImVec2 aside = turned(way);
    if (aside.y > 0) aside = {-aside.x, -aside.y};
    const ImVec2 middle = plus(at.tip, aside, at.radius + pencil.style.px(8));
    const auto on = [&](double value) {
        return plus(middle, way, half * (2 * static_cast<float>(gauge.share(value)) - 1));
    };
    const ImVec2 begin = on(0), end = on(gauge.most);
    pencil.draw.AddLine(plus(begin, way, -pencil.style.px(3)), plus(end, way, pencil.style.px(3)), kDark,
                        pencil.style.px(10));
    pencil.draw.AddLine(begin, end, colour::kTrack, pencil.style.px(6));
    pencil.draw.AddLine(on(gauge.low), on(gauge.high), colour::kBlue, pencil.style.px(6));
    pencil.head(plus(on(speed), aside, -pencil.style.px(1)), {-aside.x, -aside.y}, pencil.style.px(12));
}

/// To and fro across the way that was gone.
void draw_across(const Pencil& pencil, const Place& at, ImVec2 way) {
    for (const float sign : {1.0f, -1.0f}) {
        const ImVec2 across{turned(way).x * sign, turned(way).y * sign};
        pencil.arrow(plus(at.tip, across, at.radius), plus(at.tip, across, at.radius + pencil.style.px(34)),
                     across);
    }
}

void draw_ring(const Pencil& pencil, const Place& at) {
    pencil.arc(at.tip, at.radius, 0, 2 * kPi, 6, kShade);
    pencil.arc(at.tip, at.radius, 0, 2 * kPi, 3, pencil.shade);
}

/// From the pen to the middle of the skin that waits.
void draw_way_to(const Pencil& pencil, const Place& at, const Projection& seen, const face::FaceAsset& face,
                 const std::vector<uint32_t>& cells) {
    glm::dvec3 sum(0);
    for (const uint32_t cell : cells) sum += face.cells.seed[cell];
    const ImVec2 there = seen(sum / static_cast<double>(cells.size()));
    const float x = there.x - at.tip.x, y = there.y - at.tip.y, length = std::hypot(x, y);
    if (length < at.radius + pencil.style.px(48)) return;
    const ImVec2 way{x / length, y / length};
    pencil.arrow(plus(at.tip, way, at.radius), plus(at.tip, way, at.radius + pencil.style.px(40)), way);
}

void draw_chip(Desk& desk, const Cue& cue, float left, float right, float top) {
    const Style& style = desk.style;
    const std::string& words = desk.words.name("coach", cue_words(cue));
    const float pad = style.px(16), mark = style.px(15), gap = style.px(10);
    const float room = right - left - 2 * pad - mark - gap - style.px(16);
    const ImVec2 size = text_size(style.strong, words, room);
    const float width = size.x + 2 * pad + mark + gap, tall = std::max(style.px(40), size.y + style.px(16));
    const ImVec2 at{std::floor((left + right - width) * 0.5f), top}, to{at.x + width, at.y + tall};
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    const ImU32 shade = mark_colour(mark_of(cue));
    draw.AddRectFilled(at, to, colour::kPanel, style.px(20));
    draw.AddRect(at, to, cue.severity == CueSeverity::urgent ? shade : IM_COL32(255, 255, 255, 36), style.px(20), 0,
                 style.px(cue.severity == CueSeverity::urgent ? 2 : 1));
    draw_mark(draw, {at.x + pad + mark * 0.5f, at.y + tall * 0.5f}, mark, mark_of(cue));
    draw.AddText(style.strong, style.strong->FontSize, {at.x + pad + mark + gap, at.y + (tall - size.y) * 0.5f}, colour::kText,
                 words.c_str(), nullptr, room + 1);
}

}  // namespace

std::string cue_words(const Cue& cue) {
    std::string key = training::cue_id(cue.kind);
    if (cue.kind == CueKind::depth || cue.kind == CueKind::traction)
        key += cue.too_little() ? "_low" : "_high";
    if (cue.kind == CueKind::end_point && cue.severity != CueSeverity::notice) key += "_over";
    return key;
}

void CoachView::settle(const Settings& settings, LiveSession& live, const training::Rubric& rubric) {
    const training::CueSet wished = settings.coach ? allowed_ : training::CueSet();
    if (settled_ == wished) return;
    settled_ = wished;
    live.set_coach(rubric, wished);
}

bool CoachView::draw(Desk& desk, const SessionView& view, const face::FaceAsset& face,
                     const skin::DeviceProfile& device, render::SceneView& scene, float left, float right,
                     float top) {
    const skin::Contact& contact = view.contact;
    const Projection seen(scene.camera, desk.width(), desk.height());
    force_ += ((contact.touching ? contact.force : 0) - force_) * kFollows;
    speed_ += ((contact.touching ? contact.speed * 100 : 0) - speed_) * kFollows;
    if (contact.touching && last_) {
        const ImVec2 here = seen(contact.position), before = seen(*last_);
        const float x = here.x - before.x, y = here.y - before.y, length = std::hypot(x, y);
        if (length > 6) way_ = x < 0 ? ImVec2{-x / length, -y / length} : ImVec2{x / length, y / length};
        if (length > 6) last_ = contact.position;
    } else {
        last_ = contact.touching ? std::optional(contact.position) : std::nullopt;
    }
    const std::string told = view.cue ? cue_words(*view.cue) : "";
    if (told != logged_) spdlog::debug("coach {}", told.empty() ? "quiet" : told);
    logged_ = told;
    if (!view.cue || view.phase != Phase::running) return false;

    const Cue& cue = *view.cue;
    const Pencil pencil{*ImGui::GetBackgroundDrawList(), desk.style, mark_colour(mark_of(cue))};
    if (!cue.cells.empty() && cue.kind == CueKind::gap) scene.highlighted_cells = cue.cells;
    draw_chip(desk, cue, left, right, top);
    if (!contact.touching) return true;
    const double tip = 1.5 * std::max(device.tip_radius, 1e-3) * seen.scale(contact.position);
    const Place at{seen(contact.position), std::max(static_cast<float>(tip), desk.style.px(26))};
    switch (cue.kind) {
        case CueKind::tilt:
            draw_tilt(pencil, at, seen, contact);
            break;
        case CueKind::force_high:
        case CueKind::force_low:
            draw_force(pencil, at, gauge_of(cue.band), force_);
            break;
        case CueKind::fast:
        case CueKind::slow:
        case CueKind::dwell:
            draw_speed(pencil, at, way_, gauge_of(cue.band), speed_);
            break;
        case CueKind::direction:
            draw_across(pencil, at, way_);
            break;
        case CueKind::gap:
            if (!cue.cells.empty()) draw_way_to(pencil, at, seen, face, cue.cells);
            break;
        default:
            draw_ring(pencil, at);
            break;
    }
    return true;
}

}  // namespace app
