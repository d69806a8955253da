#include "training/app/lesson_pictures.h"

#include <cmath>

namespace app {

namespace {

constexpr ImU32 kBack = IM_COL32(27, 33, 41, 255), kSkin = IM_COL32(214, 170, 140, 255), kSkinEdge = IM_COL32(150, 112, 90, 255),
                kPen = IM_COL32(226, 232, 238, 255), kPenDark = IM_COL32(120, 134, 148, 255), kRow = IM_COL32(94, 180, 236, 255),
                kWarn = IM_COL32(240, 178, 52, 255), kGlove = IM_COL32(126, 196, 190, 255);

/// Draws in a square of 100 units, y down.
class Sketch {
  public:
    Sketch(ImDrawList& draw, ImVec2 at, float side) : draw_(draw), at_(at), unit_(side / 100) {}

    ImVec2 p(float x, float y) const { return {at_.x + x * unit_, at_.y + y * unit_}; }
    float l(float units) const { return units * unit_; }
    void line(ImVec2 a, ImVec2 b, ImU32 shade, float width) const { draw_.AddLine(p(a.x, a.y), p(b.x, b.y), shade, l(width)); }
    void block(ImVec2 a, ImVec2 b, ImU32 shade, float round) const { draw_.AddRectFilled(p(a.x, a.y), p(b.x, b.y), shade, l(round)); }
    void disc(float x, float y, float r, ImU32 shade) const { draw_.AddCircleFilled(p(x, y), l(r), shade); }
    void ring(float x, float y, float r, ImU32 shade, float width) const { draw_.AddCircle(p(x, y), l(r), shade, 0, l(width)); }
    void arrow(ImVec2 a, ImVec2 b, ImU32 shade, float width) const {
        line(a, b, shade, width);
        const float dx = b.x - a.x, dy = b.y - a.y, size = std::sqrt(dx * dx + dy * dy);
        const float ux = dx / size, uy = dy / size, head = 3.2f * width;
        draw_.AddTriangleFilled(p(b.x + ux * head * 0.5f, b.y + uy * head * 0.5f),
                                p(b.x - ux * head - uy * head * 0.75f, b.y - uy * head + ux * head * 0.75f),
                                p(b.x - ux * head + uy * head * 0.75f, b.y - uy * head - ux * head * 0.75f), shade);
    }
    /// Its tip at (x, y), leaning by `lean` to the right for each unit of height.
    void pen(float x, float y, float lean, float size = 1) const {
        const auto along = [&](float across, float up) { return p(x + size * (across + lean * up), y - size * (up - lean * across)); };
        const ImVec2 body[] = {along(-7, 14), along(-8, 58), along(8, 58), along(7, 14)};
        const ImVec2 tip[] = {along(-5.5f, 0), along(-7, 14), along(7, 14), along(5.5f, 0)};
        draw_.AddConvexPolyFilled(tip, 4, kPenDark);
        draw_.AddConvexPolyFilled(body, 4, kPen);
        draw_.AddLine(along(-7.4f, 30), along(7.4f, 30), kPenDark, l(1.4f * size));
    }
    /// The head from the front.
    void face(float x, float y, float r, ImU32 shade) const {
        ImDrawList& d = draw_;
        const auto q = [&](float u, float v) { return p(x + u * r, y + v * r); };
        d.PathLineTo(q(-0.66f, -0.2f));
        d.PathBezierCubicCurveTo(q(-0.7f, -1.2f), q(0.7f, -1.2f), q(0.66f, -0.2f));
        d.PathBezierCubicCurveTo(q(0.66f, 0.6f), q(0.28f, 1), q(0, 1));
        d.PathBezierCubicCurveTo(q(-0.28f, 1), q(-0.66f, 0.6f), q(-0.66f, -0.2f));
        d.PathFillConvex(shade);
        const float w = l(0.07f * r);
        for (const float side : {-1.0f, 1.0f}) {
            d.AddBezierQuadratic(q(side * 0.45f, -0.16f), q(side * 0.29f, -0.05f), q(side * 0.13f, -0.16f), kSkinEdge, w);
            d.AddBezierQuadratic(q(side * 0.5f, -0.36f), q(side * 0.3f, -0.48f), q(side * 0.12f, -0.36f), kSkinEdge, w * 0.8f);
        }
        d.AddBezierQuadratic(q(0.03f, -0.12f), q(-0.16f, 0.3f), q(0.04f, 0.3f), kSkinEdge, w);
        d.AddBezierQuadratic(q(-0.22f, 0.56f), q(0, 0.68f), q(0.22f, 0.56f), kSkinEdge, w);
    }
    ImDrawList& draw() const { return draw_; }

  private:
    ImDrawList& draw_;
    ImVec2 at_;
    float unit_;
};

void pad_from_side(const Sketch& s) { s.block({8, 74}, {92, 90}, kSkin, 3), s.line({8, 75}, {92, 75}, kSkinEdge, 1.2f); }

/// Rows across a sheet, seen from above.
void sheet(const Sketch& s) { s.block({14, 14}, {86, 86}, kSkin, 6); }

void rows(const Sketch& s, int count, ImU32 shade, float width) {
    for (int i = 0; i < count; ++i) {
        const float y = 24 + 52 * (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
        s.arrow({i % 2 ? 76.0f : 24.0f, y}, {i % 2 ? 26.0f : 74.0f, y}, shade, width);
    }
}

void draw_hold(const Sketch& s) {
    pad_from_side(s);
    s.line({50, 6}, {50, 74}, IM_COL32(94, 180, 236, 90), 1);
    s.pen(50, 74, 0);
    s.line({34, 74}, {34, 64}, kRow, 1.8f);
    s.line({33.2f, 64}, {44, 64}, kRow, 1.8f);
    s.disc(39, 69, 1.4f, kRow);
}

void draw_press(const Sketch& s) {
    pad_from_side(s);
    s.pen(50, 76, 0);
    s.arrow({24, 30}, {24, 62}, kRow, 3.4f);
    s.arrow({76, 62}, {76, 30}, kRow, 3.4f);
}

void draw_row(const Sketch& s) {
    sheet(s);
    s.block({20, 44}, {80, 56}, IM_COL32(94, 180, 236, 120), 6);
    s.arrow({24, 50}, {74, 50}, kRow, 3);
    for (const float x : {24.0f, 37.0f, 50.0f, 63.0f, 76.0f}) s.line({x, 64}, {x, 69}, kSkinEdge, 1.4f);
}

void draw_rows(const Sketch& s) {
    sheet(s);
    for (int i = 0; i < 5; ++i) {
        const float y = 20 + 11.0f * static_cast<float>(i);
        s.block({20, y}, {80, y + 16}, IM_COL32(60, 140, 205, 90), 8);
    }
    rows(s, 5, kRow, 2.2f);
}

void draw_cross(const Sketch& s) {
    sheet(s);
    for (int i = 0; i < 4; ++i) {
        const float t = 27 + 15.3f * static_cast<float>(i);
        s.line({20, t}, {80, t}, kRow, 2);
        s.line({t, 20}, {t, 80}, IM_COL32(36, 104, 160, 255), 2);
    }
    for (const float t : {-24.0f, 0.0f, 24.0f}) s.line({26 + t * 0.5f, 74 + t * 0.5f - 2}, {74 + t * 0.5f, 26 + t * 0.5f - 2}, kWarn, 2);
}

void draw_curve(const Sketch& s) {
    ImDrawList& d = s.draw();
    d.PathArcTo(s.p(50, 96), s.l(40), 3.1415927f, 6.2831853f, 40);
    d.PathFillConvex(kSkin);
    s.pen(50, 56, 0, 0.75f);
    s.pen(22, 67.5f, -0.95f, 0.42f);
    s.pen(78, 67.5f, 0.95f, 0.42f);
}

void draw_taut(const Sketch& s) {
    s.block({8, 40}, {92, 84}, kSkin, 10);
    for (const float x : {22.0f, 78.0f}) {
        s.block({x - 9, 50}, {x + 9, 98}, kGlove, 9);
        s.ring(x, 60, 5, IM_COL32(90, 156, 150, 255), 1.4f);
    }
    s.arrow({36, 62}, {33, 62}, kRow, 2.6f);
    s.line({44, 62}, {36, 62}, kRow, 2.6f);
    s.line({56, 62}, {64, 62}, kRow, 2.6f);
    s.arrow({64, 62}, {67, 62}, kRow, 2.6f);
    s.pen(50, 56, 0, 0.75f);
}

void draw_bone(const Sketch& s) {
    s.block({8, 60}, {92, 72}, kSkin, 4);
    s.block({8, 70}, {92, 92}, IM_COL32(232, 226, 208, 255), 4);
    for (const float x : {20.0f, 36.0f, 66.0f, 82.0f}) s.disc(x, 81, 2.4f, IM_COL32(200, 190, 166, 255));
    s.pen(50, 60, 0, 0.85f);
    s.arrow({24, 40}, {24, 52}, kRow, 2.2f);
}

void draw_nose(const Sketch& s) {
    ImDrawList& d = s.draw();
    d.PathLineTo(s.p(14, 10));
    d.PathBezierCubicCurveTo(s.p(34, 34), s.p(40, 40), s.p(66, 62));
    d.PathBezierCubicCurveTo(s.p(78, 74), s.p(62, 84), s.p(46, 80));
    d.PathBezierCubicCurveTo(s.p(36, 88), s.p(20, 88), s.p(14, 92));
    d.PathFillConvex(kSkin);
    s.disc(47, 78, 4, kSkinEdge);
    s.pen(36, 34, 0.9f, 0.62f);
    s.pen(69, 68, 1.6f, 0.38f);
}

void draw_spare(const Sketch& s) {
    sheet(s);
    rows(s, 4, IM_COL32(94, 180, 236, 150), 2);
    s.disc(56, 50, 15, kSkin);
    s.ring(56, 50, 14, kWarn, 2.2f);
    s.disc(56, 50, 6.5f, IM_COL32(92, 58, 44, 255));
}

void draw_half(const Sketch& s) {
    ImDrawList& d = s.draw();
    s.face(50, 52, 42, kSkin);
    d.PushClipRect(s.p(50, 0), s.p(100, 100), true);
    s.face(50, 52, 42, IM_COL32(226, 140, 122, 255));
    d.PopClipRect();
    s.line({50, 6}, {50, 96}, IM_COL32(255, 255, 255, 150), 1);
}

void draw_roller(const Sketch& s) {
    pad_from_side(s);
    s.line({46, 60}, {80, 14}, kPen, 7);
    s.disc(44, 60, 15, kPenDark);
    s.disc(44, 60, 9, kPen);
    for (int i = 0; i < 16; ++i) {
        const float a = static_cast<float>(i) * 0.3927f;
        s.line({44 + 14 * std::cos(a), 60 + 14 * std::sin(a)}, {44 + 18.5f * std::cos(a), 60 + 18.5f * std::sin(a)}, kPen, 1.3f);
    }
    s.arrow({66, 68}, {82, 68}, kRow, 2.4f);
}

void draw_stamp(const Sketch& s) {
    sheet(s);
    for (int i = 0; i < 9; ++i) {
        const float x = 30 + 20 * static_cast<float>(i % 3), y = 30 + 20 * static_cast<float>(i / 3);
        s.disc(x, y, 8.5f, i < 5 ? IM_COL32(60, 140, 205, 150) : IM_COL32(255, 255, 255, 60));
        for (const auto& [u, v] : {std::pair(-3.0f, -3.0f), {3.0f, -3.0f}, {0.0f, 0.0f}, {-3.0f, 3.0f}, {3.0f, 3.0f}})
            if (i < 5) s.disc(x + u, y + v, 1, kPen);
    }
    s.ring(70, 50, 9.5f, kRow, 2);
}

void draw_whole_face(const Sketch& s) {
    s.face(46, 52, 42, IM_COL32(226, 160, 136, 255));
    s.ring(82, 20, 12, kPen, 2.6f);
    s.line({82, 20}, {82, 12.5f}, kPen, 2.2f);
    s.line({82, 20}, {87.5f, 23}, kPen, 2.2f);
}

struct Picture {
    std::string_view id;
    void (*draw)(const Sketch&);
};
constexpr Picture kPictures[] = {{"hold", draw_hold},   {"press", draw_press}, {"row", draw_row},     {"rows", draw_rows},
                                 {"cross", draw_cross}, {"curve", draw_curve}, {"taut", draw_taut},   {"bone", draw_bone},
                                 {"nose", draw_nose},   {"spare", draw_spare}, {"half", draw_half},   {"roller", draw_roller},
                                 {"stamp", draw_stamp}, {"face", draw_whole_face}};

}  // namespace

void draw_lesson_picture(ImDrawList& draw, std::string_view id, ImVec2 at, float side) {
    draw.AddRectFilled(at, {at.x + side, at.y + side}, kBack, side * 0.06f);
    draw.PushClipRect(at, {at.x + side, at.y + side}, true);
    for (const Picture& picture : kPictures)
        if (picture.id == id) picture.draw(Sketch(draw, at, side));
    draw.PopClipRect();
}

}  // namespace app
