#include "engine/base/log.h"
#include "training/app/screens.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr float kPad = 14, kBar = 12;  // design pixels

/// What could not be done, as draw_notice tells it beside panels; the column goes to its top when it is new.
void draw_problem(Desk& desk) {
    const Style& style = desk.style;
    ImGuiStorage& kept = *ImGui::GetStateStorage();
    const ImGuiID key = ImGui::GetID("##told");
    const auto told = static_cast<int>(ImGui::GetID(desk.problem.c_str()));
    if (kept.GetInt(key) != told && !desk.problem.empty()) ImGui::SetScrollY(0);
    kept.SetInt(key, told);
    if (desk.problem.empty()) return;
    const float width = ImGui::GetContentRegionAvail().x, pad = style.px(10), mark = style.px(18), wrap = width - mark - 3 * pad;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = text_size(style.body, desk.problem, wrap + 1).y + 2 * pad;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + width, at.y + height}, IM_COL32(64, 44, 14, 245), style.px(8));
    draw_mark(draw, {at.x + pad + mark * 0.5f, at.y + height * 0.5f}, mark, Mark::warning);
    draw_text(draw, style.body, {at.x + mark + 2 * pad, at.y + pad}, colour::kText, desk.problem, wrap + 1);
    ImGui::Dummy({width, height});
}

}  // namespace

void begin_column(Desk& desk, const char* id, ImVec2 at, ImVec2 size, bool on_top) {
    const Style& style = desk.style;
    if (on_top && !ImGui::IsAnyItemActive()) ImGui::SetNextWindowFocus();
    ImGui::SetNextWindowPos(at);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {style.px(kPad), style.px(kPad)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarSize, style.px(kBar));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, on_top ? IM_COL32(26, 30, 35, 255) : IM_COL32(20, 23, 27, 255));
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, colour::kTrack);
    ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, colour::kSoft);
    constexpr ImGuiWindowFlags kFixed = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                                        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysVerticalScrollbar;
    ImGui::Begin(id, nullptr, kFixed | (on_top ? ImGuiWindowFlags_None : ImGuiWindowFlags_NoBringToFrontOnFocus));
    const float turned = static_cast<float>(desk.window.turned_beyond().y);
    if (turned != 0) {
        const float to = std::clamp(ImGui::GetScrollY() + turned * size.y, 0.0f, ImGui::GetScrollMaxY());
        ImGui::SetScrollY(to);
        spdlog::trace("column {:.0f} of {:.0f}", to, ImGui::GetScrollMaxY());
    }
    desk.column.open = desk.column.told = true;
    draw_problem(desk);
}

void end_column(Desk& desk) {
    desk.column.open = false;
    ImGui::End();
    ImGui::PopStyleColor(3);
    ImGui::PopStyleVar(3);
}

void scroll_with_keys(Desk& desk, const char* id, float height) {
    const float turned = static_cast<float>(desk.window.turned_beyond().y);
    if (in_column(desk.style) || turned == 0 || ImGui::GetScrollMaxY() <= 0) return;
    const float to = std::clamp(ImGui::GetScrollY() + turned * height, 0.0f, ImGui::GetScrollMaxY());
    ImGui::SetScrollY(to);
    spdlog::trace("part {} {:.0f} of {:.0f}", id, to, ImGui::GetScrollMaxY());
}

void begin_whole_column(Desk& desk, const char* id) {
    begin_column(desk, id, {0, 0}, {desk.width(), desk.height()});
}

void begin_side_column(Desk& desk, const char* id) {
    begin_column(desk, id, {0, 0}, {desk.column_width(), desk.height()});
}

}  // namespace app
