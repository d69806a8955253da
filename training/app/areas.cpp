#include "training/app/areas.h"

#include "training/app/screens_desk.h"
#include "training/app/screens_lessons.h"
#include "training/app/screens_progress.h"

#include <algorithm>

namespace app {

namespace {

/// Its words are area.ID, area_title.ID and area_told.ID of the locale, its key a letter.
struct Area {
    std::string_view id;
    int key;
    std::unique_ptr<Screen> (*open)(Desk&);
};
constexpr Area kAreas[] = {
    {"patients", 'T', start_screen},
    {"lessons", 'L', lessons_screen},
    {"progress", 'R', open_progress},
    {"desk", 'D', open_desk},
};

bool heading_chip(Desk& desk, const std::string& id, const std::string& label, ImVec2 at, ImVec2 size, bool on) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    begin_panel(("##heading_" + id).c_str(), at, size, desk.style, IM_COL32(0, 0, 0, 0));
    ImGui::PopStyleVar();
    const bool clicked = chip(desk.style, label, size, on);
    end_panel(desk.style);
    return clicked;
}

}  // namespace

std::unique_ptr<Screen> Heading::next(Desk& desk) const {
    if (!opens) return nullptr;
    desk.problem.clear();
    return opens(desk);
}

CardBlock card_block(const Desk& desk) {
    const Style& style = desk.style;
    const float inner = std::min(desk.width() - style.px(96), style.px(1320)), tall = std::min(desk.height(), style.px(1000)),
                head = (desk.height() - tall) * 0.4f;
    return {(desk.width() - inner) * 0.5f, inner, head + style.px(32), head + tall - style.px(48)};
}

/// The same in a column.
static Heading column_heading(Desk& desk, std::string_view now) {
    const Style& style = desk.style;
    const float width = ImGui::GetContentRegionAvail().x, gap = style.px(6);
    desk.content.draw(desk, {0, 0}, width);
    text(style.title, colour::kText, desk.words.name("area_title", now), width);
    std::vector<std::string> names;
    for (const Area& area : kAreas) names.push_back(desk.words.name("area", area.id));
    names.push_back(desk.words("view.settings"));
    const ButtonRows rows = button_rows(style, names, width, gap);
    Heading heading{};
    for (size_t i = 0; i < names.size(); ++i) {
        if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
        const bool last = i == std::size(kAreas), here = !last && kAreas[i].id == now;
        const bool chosen = chip(style, names[i], {rows.width, style.px(36)}, here) ||
                            (!last && desk.pressed(kAreas[i].key) && !ImGui::GetIO().WantTextInput);
        if (chosen && last) desk.settings_open = true;
        if (chosen && !last && !here) heading.opens = kAreas[i].open;
    }
    text(style.body, colour::kSoft, desk.words.name("area_told", now), width);
    return heading;
}

Heading draw_heading(Desk& desk, std::string_view now, float left, float inner, float y) {
    const Style& style = desk.style;
    if (in_column(style)) return column_heading(desk, now);
    y += desk.content.draw(desk, {left, y}, inner);
    desk.column.told = true;
    if (!desk.problem.empty() && !desk.content.listed())  // the list of mistakes lies over all
        y = draw_notice(style, desk.problem, left, left + inner, y - style.px(12)) + style.px(12);
    ImDrawList& back = *ImGui::GetBackgroundDrawList();
    back.AddText(style.title, style.title->FontSize, {left, y}, colour::kText, desk.words.name("area_title", now).c_str());
    const float gap = style.px(8);
    const ImVec2 size{style.px(126), style.px(36)};
    float x = left + inner - size.x - static_cast<float>(std::size(kAreas)) * (size.x + gap);
    const Area* chosen = nullptr;
    for (const Area& area : kAreas) {
        const bool here = area.id == now;
        if (heading_chip(desk, std::string(area.id), desk.words.name("area", area.id), {x, y}, size, here) ||
            (desk.pressed(area.key) && !ImGui::GetIO().WantTextInput))
            chosen = here ? nullptr : &area;
        x += size.x + gap;
    }
    if (heading_chip(desk, "settings", desk.words("view.settings"), {x, y}, size, false)) desk.settings_open = true;
    y += std::max(style.title->FontSize, size.y) + style.px(6);  // clear of the chips, whatever the language
    back.AddText(style.body, style.body->FontSize, {left, y}, colour::kSoft, desk.words.name("area_told", now).c_str());
    Heading heading{y + style.body->FontSize + style.px(14)};
    if (chosen) heading.opens = chosen->open;
    return heading;
}

}  // namespace app
