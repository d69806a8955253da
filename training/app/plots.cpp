#include "training/app/plots.h"

#include <algorithm>

namespace app {

namespace {

using Says = training::Trend::Says;

constexpr ImU32 kBand = IM_COL32(94, 180, 236, 42), kGrid = IM_COL32(255, 255, 255, 22);

void draw_dashes(ImDrawList& draw, ImVec2 from, float to_x, ImU32 shade, const Style& style) {
    for (float x = from.x; x < to_x; x += style.px(9))
        draw.AddLine({x, from.y}, {std::min(x + style.px(5), to_x), from.y}, shade, style.px(1.2));
}

bool moves(const training::Trend& trend) {
    return trend.says == Says::rising || trend.says == Says::falling;
}

}  // namespace

int draw_course(ImDrawList& draw, ImVec2 from, ImVec2 to, const training::Course& course, double mark, const Style& style) {
    const auto y_of = [&](double share) { return to.y - static_cast<float>(std::clamp(share, 0.0, 1.0)) * (to.y - from.y); };
    const size_t count = course.shares.size();
    const float inset = style.px(6);
    const auto x_of = [&](size_t i) {
        const float room = to.x - from.x - 2 * inset;
        return from.x + inset + (count > 1 ? room * static_cast<float>(i) / static_cast<float>(count - 1) : room * 0.5f);
    };
    for (const double share : {0.0, 0.5, 1.0}) draw.AddLine({from.x, y_of(share)}, {to.x, y_of(share)}, kGrid, style.px(1));
    if (mark >= 0) draw_dashes(draw, {from.x, y_of(mark)}, to.x, colour::kAmber, style);
    if (count == 0) return -1;
    const training::Spread& spread = course.spread;
    if (moves(course.trend)) {
        const double end = course.trend.start + course.trend.slope * static_cast<double>(count - 1);
        const ImVec2 band[] = {{x_of(0), y_of(course.trend.start + spread.high)},
                               {x_of(count - 1), y_of(end + spread.high)},
                               {x_of(count - 1), y_of(end + spread.low)},
                               {x_of(0), y_of(course.trend.start + spread.low)}};
        draw.AddConvexPolyFilled(band, 4, kBand);
        draw.AddLine({x_of(0), y_of(course.trend.start)}, {x_of(count - 1), y_of(end)}, colour::kBlue, style.px(2));
    } else if (count > 1) {
        draw.AddRectFilled({from.x, y_of(spread.high)}, {to.x, y_of(spread.low) + style.px(1)}, kBand);
        draw.AddLine({from.x, y_of(spread.median)}, {to.x, y_of(spread.median)}, colour::kBlue, style.px(2));
    }
    int under = -1;
    const float radius = std::clamp((to.x - from.x) / static_cast<float>(count + 4) * 0.4f, style.px(1.6), style.px(to.y - from.y > style.px(90) ? 4.5 : 3));
    for (size_t i = 0; i < count; ++i) {
        const ImVec2 at{x_of(i), y_of(course.shares[i])};
        const ImVec2 pointer = ImGui::GetIO().MousePos;
        const float reach = std::max(radius, style.px(7));
        if ((pointer.x - at.x) * (pointer.x - at.x) + (pointer.y - at.y) * (pointer.y - at.y) < reach * reach) under = static_cast<int>(i);
        draw.AddCircleFilled(at, radius + style.px(1), IM_COL32(20, 23, 27, 255));
        draw.AddCircleFilled(at, radius, colour::kText);
    }
    if (under >= 0) draw.AddCircle({x_of(static_cast<size_t>(under)), y_of(course.shares[static_cast<size_t>(under)])}, radius + style.px(3), colour::kBlue, 0, style.px(2));
    return under;
}

void draw_trend(ImDrawList& draw, ImVec2 c, float size, Says says) {
    const float r = size * 0.5f;
    if (says == Says::rising) draw.AddTriangleFilled({c.x, c.y - r}, {c.x + r, c.y + r * 0.8f}, {c.x - r, c.y + r * 0.8f}, colour::kBlue);
    if (says == Says::falling) draw.AddTriangleFilled({c.x, c.y + r}, {c.x - r, c.y - r * 0.8f}, {c.x + r, c.y - r * 0.8f}, colour::kVermilion);
    if (says == Says::none) draw.AddRectFilled({c.x - r, c.y - r * 0.18f}, {c.x + r, c.y + r * 0.18f}, colour::kSoft, r * 0.18f);
}

}  // namespace app
