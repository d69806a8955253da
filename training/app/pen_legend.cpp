#include "training/app/pen_legend.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr float kPad = 10, kKeyPad = 5, kKeyGap = 6, kItemGap = 16, kRowGap = 5;  // design pixels

/// One entry of the strip: the key on a ground of its own, then what it does.
float width_of(const Style& style, const LegendRow& row) {
    return text_size(style.strong, row.by).x + text_size(style.body, row.does).x + style.px(2 * kKeyPad + kKeyGap);
}

/// So many of the first rows stand in a line of `room` pixels, at least one.
size_t in_a_line(const Style& style, std::span<const LegendRow> rows, float room) {
    size_t count = 0;
    for (float used = 0; count < rows.size(); ++count) {
        used += width_of(style, rows[count]) + (count > 0 ? style.px(kItemGap) : 0);
        if (used > room && count > 0) break;
    }
    return count;
}

void draw_line(ImDrawList& draw, const Style& style, std::span<const LegendRow> rows, ImVec2 at) {
    const float line = style.body->FontSize;
    for (const LegendRow& row : rows) {
        const float key = text_size(style.strong, row.by).x + style.px(2 * kKeyPad);
        draw.AddRectFilled({at.x, at.y - style.px(1)}, {at.x + key, at.y + line + style.px(2)}, colour::kTrack, style.px(4));
        draw.AddText(style.strong, style.strong->FontSize, {at.x + style.px(kKeyPad), at.y + (line - style.strong->FontSize) * 0.5f},
                     colour::kText, row.by.c_str());
        draw.AddText(style.body, line, {at.x + key + style.px(kKeyGap), at.y}, colour::kText, row.does.c_str());
        at.x += width_of(style, row) + style.px(kItemGap);
    }
}

}  // namespace

float draw_pen_legend(const Style& style, std::span<const LegendRow> rows, float left, float right, float foot) {
    const float room = right - left - style.px(2 * kPad), line = style.body->FontSize + style.px(kRowGap);
    std::vector<std::span<const LegendRow>> lines;
    for (auto rest = rows; !rest.empty(); rest = rest.subspan(lines.back().size())) lines.push_back(rest.first(in_a_line(style, rest, room)));
    float widest = 0;
    for (const auto& one : lines) {
        float width = style.px(kItemGap) * static_cast<float>(one.size() - 1);
        for (const LegendRow& row : one) width += width_of(style, row);
        widest = std::max(widest, width);
    }
    const float height = line * static_cast<float>(lines.size()) + style.px(2 * kPad - kRowGap);
    const ImVec2 from{std::floor((left + right - widest) * 0.5f - style.px(kPad)), foot - height};
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    draw.AddRectFilled(from, {from.x + widest + style.px(2 * kPad), foot}, colour::kPanel, style.px(10));
    ImVec2 at{from.x + style.px(kPad), from.y + style.px(kPad)};
    for (const auto& one : lines) {
        draw_line(draw, style, one, at);
        at.y += line;
    }
    return from.y;
}

void list_pen_legend(const Style& style, std::span<const LegendRow> rows) {
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    for (const LegendRow& row : rows)
        ImGui::Dummy({width, draw_pair(style, ImGui::GetCursorScreenPos(), width, row.does, row.by) + style.px(3)});
    ImGui::PopStyleVar();
}

}  // namespace app
