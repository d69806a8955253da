#include "training/app/coach_marks.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using training::Cue;
using training::CueKind;

constexpr ImU32 kDark = IM_COL32(10, 12, 14, 255), kShade = IM_COL32(10, 12, 14, 190);
constexpr float kPi = 3.14159265f;
constexpr float kFrom = 0.75f * kPi, kTo = 2.25f * kPi;  // of a round gauge, clockwise from the lower left
constexpr double kUpright = 0.05;                        // sine of the lean below which no arrow is drawn

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

/// Light on a dark rim.
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

void draw_tilt(const Pencil& pencil, const PenOnPicture& at, const Projection& seen, const skin::Contact& contact) {
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

void draw_force(const Pencil& pencil, const PenOnPicture& at, const Gauge& gauge, double force) {
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

void draw_speed(const Pencil& pencil, const PenOnPicture& at, ImVec2 way, const Gauge& gauge, double speed) {
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
void draw_across(const Pencil& pencil, const PenOnPicture& at, ImVec2 way) {
    for (const float sign : {1.0f, -1.0f}) {
        const ImVec2 across{turned(way).x * sign, turned(way).y * sign};
        pencil.arrow(plus(at.tip, across, at.radius), plus(at.tip, across, at.radius + pencil.style.px(34)),
                     across);
    }
}

void draw_ring(const Pencil& pencil, const PenOnPicture& at) {
    pencil.arc(at.tip, at.radius, 0, 2 * kPi, 6, kShade);
    pencil.arc(at.tip, at.radius, 0, 2 * kPi, 3, pencil.shade);
}

/// From the pen to the middle of the skin that waits.
void draw_way_to(const Pencil& pencil, const PenOnPicture& at, const Projection& seen, const face::FaceAsset& face,
                 const std::vector<uint32_t>& cells) {
    glm::dvec3 sum(0);
    for (const uint32_t cell : cells) sum += face.cells.seed[cell];
    const ImVec2 there = seen(sum / static_cast<double>(cells.size()));
    const float x = there.x - at.tip.x, y = there.y - at.tip.y, length = std::hypot(x, y);
    if (length < at.radius + pencil.style.px(48)) return;
    const ImVec2 way{x / length, y / length};
    pencil.arrow(plus(at.tip, way, at.radius), plus(at.tip, way, at.radius + pencil.style.px(40)), way);
}

/// A ring with a bar across it.
void draw_forbidden(const Pencil& pencil, const PenOnPicture& at) {
    constexpr float kSlant = 0.70710678f;
    draw_ring(pencil, at);
    const ImVec2 way{kSlant, -kSlant};
    pencil.line(plus(at.tip, way, -at.radius), plus(at.tip, way, -at.radius * 0.35f), 3.5f);
    pencil.line(plus(at.tip, way, at.radius * 0.35f), plus(at.tip, way, at.radius), 3.5f);
}

/// Beside the pen the skin's line, and an arrow from it: out of the skin where the needles go too deep, else into it.
void draw_depth(const Pencil& pencil, const PenOnPicture& at, bool too_deep) {
    draw_ring(pencil, at);
    const Style& style = pencil.style;
    const ImVec2 skin{at.tip.x + at.radius + style.px(26), at.tip.y};
    pencil.line({skin.x - style.px(15), skin.y}, {skin.x + style.px(15), skin.y}, 3);
    const ImVec2 way{0, too_deep ? -1.0f : 1.0f};
    pencil.arrow(plus(skin, way, style.px(5)), plus(skin, way, style.px(36)), way);
}

/// A ring with a tick where the zone is done, with a cross where it was worked on beyond that.
void draw_end(const Pencil& pencil, const PenOnPicture& at, bool done) {
    draw_ring(pencil, at);
    const float size = pencil.style.px(9);
    const ImVec2 c{at.tip.x + at.radius + 2.2f * size, at.tip.y};
    if (done) {
        pencil.line({c.x - size, c.y}, {c.x - size * 0.25f, c.y + size * 0.8f}, 3.5f);
        pencil.line({c.x - size * 0.25f, c.y + size * 0.8f}, {c.x + size, c.y - size * 0.8f}, 3.5f);
    } else {
        pencil.line({c.x - size * 0.8f, c.y - size * 0.8f}, {c.x + size * 0.8f, c.y + size * 0.8f}, 3.5f);
        pencil.line({c.x - size * 0.8f, c.y + size * 0.8f}, {c.x + size * 0.8f, c.y - size * 0.8f}, 3.5f);
    }
}

}  // namespace

void draw_coach_mark(ImDrawList& draw, const Style& style, ImU32 shade, const Cue& cue, const PenOnPicture& at, const Projection& seen,
                     const skin::Contact& contact, const face::FaceAsset& face) {
    const Pencil pencil{draw, style, shade};
    switch (cue.kind) {
        case CueKind::tilt:
            return draw_tilt(pencil, at, seen, contact);
        case CueKind::force_high:
        case CueKind::force_low:
            return draw_force(pencil, at, gauge_of(cue.band), at.force);
        case CueKind::fast:
        case CueKind::slow:
        case CueKind::dwell:
            return draw_speed(pencil, at, at.way, gauge_of(cue.band), at.speed);
        case CueKind::direction:
            return draw_across(pencil, at, at.way);
        case CueKind::gap:
            if (!cue.cells.empty()) draw_way_to(pencil, at, seen, face, cue.cells);
            return;
        case CueKind::no_go:
            return draw_forbidden(pencil, at);
        case CueKind::depth:
            return draw_depth(pencil, at, !cue.too_little());
        case CueKind::end_point:
            return draw_end(pencil, at, cue.severity == training::CueSeverity::notice);
        default:
            return draw_ring(pencil, at);
    }
}

}  // namespace app
