#include "training/app/coach_marks.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using training::Cue;
using training::CueKind;

constexpr ImU32 kRim = IM_COL32(10, 12, 14, 255);
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

/// One of what a mark is painted in, from the outermost inwards.
struct Layer {
    float grow;  ///< design pixels beyond the mark's own shape, on every side
    ImU32 colour;
};

/// Whatever the skin, either the rim or the casing within it stands out from it.
struct Pencil {
    ImDrawList& draw;
    const Style& style;
    ImU32 shade;

    /// paint(layer) draws the whole mark in one layer, so that no part's rim lies over another part. `core` is its own colour.
    template <class Paint>
    void mark(ImU32 core, const Paint& paint) const {
        for (const Layer& layer : {Layer{2.8f, kRim}, Layer{1.5f, IM_COL32_WHITE}, Layer{0, core}}) paint(layer);
    }
    template <class Paint>
    void mark(const Paint& paint) const {
        mark(shade, paint);
    }
    void line(const Layer& layer, ImVec2 from, ImVec2 to, float width) const {
        const float x = to.x - from.x, y = to.y - from.y, length = std::max(std::hypot(x, y), 1e-3f), grow = style.px(layer.grow);
        const ImVec2 way{x / length, y / length};
        draw.AddLine(plus(from, way, -grow), plus(to, way, grow), layer.colour, style.px(width) + 2 * grow);
    }
    void arc(const Layer& layer, ImVec2 middle, float radius, float from, float to, float width) const {
        const float grow = style.px(layer.grow), beyond = grow / radius;
        draw.PathArcTo(middle, radius, from - beyond, to + beyond, 48);
        draw.PathStroke(layer.colour, 0, style.px(width) + 2 * grow);
    }
    void ring(const Layer& layer, ImVec2 middle, float radius, float width) const {
        draw.AddCircle(middle, radius, layer.colour, 48, style.px(width) + 2 * style.px(layer.grow));
    }
    void head(const Layer& layer, ImVec2 tip, ImVec2 way, float size) const {
        const float grow = style.px(layer.grow);
        const ImVec2 side = turned(way), back = plus(tip, way, -size - grow);
        const float half = size * 0.62f + 1.6f * grow;
        draw.AddTriangleFilled(plus(tip, way, 1.6f * grow), plus(back, side, half), plus(back, side, -half), layer.colour);
    }
    void arrow(const Layer& layer, ImVec2 from, ImVec2 to, ImVec2 way) const {
        const float size = style.px(13);
        line(layer, from, plus(to, way, -size * 0.7f), 4);
        head(layer, to, way, size);
    }
};

/// Away from the pen, so many design pixels long.
void draw_arrow(const Pencil& pencil, const PenOnPicture& at, ImVec2 way, float length) {
    const ImVec2 from = plus(at.tip, way, at.radius), to = plus(at.tip, way, at.radius + pencil.style.px(length));
    pencil.mark([&](const Layer& layer) { pencil.arrow(layer, from, to, way); });
}

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
        pencil.draw.AddCircleFilled(dot, pencil.style.px(2.8), kRim, 12);
        pencil.draw.AddCircleFilled(dot, pencil.style.px(1.7), IM_COL32_WHITE, 12);
    }
    if (glm::length(lean) < kUpright) return;  // it was put right
    draw_arrow(pencil, at, way, 40);
}

void draw_force(const Pencil& pencil, const PenOnPicture& at, const Gauge& gauge, double force) {
    const auto angle = [&](double value) {
        return kFrom + (kTo - kFrom) * static_cast<float>(gauge.share(value));
    };
    // The band lies outside, so that what fills the ring never hides it.
    const float outside = at.radius + pencil.style.px(9.5);
    pencil.mark(colour::kBlue, [&](const Layer& layer) { pencil.arc(layer, at.tip, outside, angle(gauge.low), angle(gauge.high), 3.5); });
    pencil.mark(colour::kTrack, [&](const Layer& layer) { pencil.arc(layer, at.tip, at.radius, kFrom, kTo, 5); });
    pencil.arc({0, pencil.shade}, at.tip, at.radius, kFrom, std::max(angle(force), kFrom + 0.02f), 5);
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
    pencil.mark(colour::kTrack, [&](const Layer& layer) { pencil.line(layer, begin, end, 6); });
    pencil.line({0, colour::kBlue}, on(gauge.low), on(gauge.high), 6);
    const ImVec2 pointer = plus(on(speed), aside, -pencil.style.px(1)), down{-aside.x, -aside.y};
    pencil.mark([&](const Layer& layer) { pencil.head(layer, pointer, down, pencil.style.px(12)); });
}

/// To and fro across the way that was gone.
void draw_across(const Pencil& pencil, const PenOnPicture& at, ImVec2 way) {
    for (const float sign : {1.0f, -1.0f}) draw_arrow(pencil, at, {turned(way).x * sign, turned(way).y * sign}, 34);
}

void draw_ring(const Pencil& pencil, const PenOnPicture& at) {
    pencil.mark([&](const Layer& layer) { pencil.ring(layer, at.tip, at.radius, 3); });
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
    draw_arrow(pencil, at, way, 40);
}

/// A ring with a bar across it, which leaves the tip free.
void draw_forbidden(const Pencil& pencil, const PenOnPicture& at) {
    constexpr float kSlant = 0.70710678f;
    const ImVec2 way{kSlant, -kSlant};
    pencil.mark([&](const Layer& layer) {
        pencil.ring(layer, at.tip, at.radius, 3);
        for (const float sign : {1.0f, -1.0f})
            pencil.line(layer, plus(at.tip, way, sign * at.radius), plus(at.tip, way, sign * at.radius * 0.4f), 3.5f);
    });
}

/// Beside the pen the skin's line, and an arrow from it: out of the skin where the needles go too deep, else into it.
void draw_depth(const Pencil& pencil, const PenOnPicture& at, bool too_deep) {
    draw_ring(pencil, at);
    const Style& style = pencil.style;
    const ImVec2 skin{at.tip.x + at.radius + style.px(26), at.tip.y}, way{0, too_deep ? -1.0f : 1.0f};
    pencil.mark([&](const Layer& layer) {
        pencil.line(layer, {skin.x - style.px(15), skin.y}, {skin.x + style.px(15), skin.y}, 3);
        pencil.arrow(layer, plus(skin, way, style.px(5)), plus(skin, way, style.px(36)), way);
    });
}

/// A ring with a tick where the zone is done, with a cross where it was worked on beyond that.
void draw_end(const Pencil& pencil, const PenOnPicture& at, bool done) {
    draw_ring(pencil, at);
    const float size = pencil.style.px(13);
    const ImVec2 c{at.tip.x + at.radius + 1.9f * size, at.tip.y};
    pencil.mark([&](const Layer& layer) {
        if (done) {
            const ImVec2 bend{c.x - size * 0.3f, c.y + size * 0.7f};
            pencil.line(layer, {c.x - size * 0.9f, c.y + size * 0.1f}, bend, 4);
            pencil.line(layer, bend, {c.x + size, c.y - size * 0.7f}, 4);
            pencil.draw.AddCircleFilled(bend, pencil.style.px(2 + layer.grow), layer.colour, 12);
        } else {
            pencil.line(layer, {c.x - size * 0.8f, c.y - size * 0.8f}, {c.x + size * 0.8f, c.y + size * 0.8f}, 4);
            pencil.line(layer, {c.x - size * 0.8f, c.y + size * 0.8f}, {c.x + size * 0.8f, c.y - size * 0.8f}, 4);
        }
    });
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
