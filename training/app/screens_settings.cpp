// The panel of the settings: what is chosen here is kept. None of it reaches a score, but for fingers that follow the pen.

#include "training/app/screens.h"

namespace app {

namespace {

constexpr float kWidth = 660, kHeight = 626;  // design pixels

/// A heading, and choices side by side; returns the one clicked, or -1.
int choice(const Style& style, const std::string& heading, const std::vector<std::string>& names, int chosen) {
    text(style.strong, colour::kText, heading);
    const float gap = style.px(6);
    const auto count = static_cast<float>(names.size());
    const ImVec2 size{(ImGui::GetContentRegionAvail().x - gap * (count - 1)) / count, style.px(34)};
    int clicked = -1;
    ImGui::PushID(heading.c_str());
    for (size_t i = 0; i < names.size(); ++i) {
        if (i > 0) ImGui::SameLine(0, gap);
        if (chip(style, names[i], size, static_cast<int>(i) == chosen)) clicked = static_cast<int>(i);
    }
    ImGui::PopID();
    return clicked;
}

void choose_tier(Desk& desk) {
    const Words& words = desk.words;
    const int now = desk.settings.tier ? 1 + static_cast<int>(*desk.settings.tier) : 0;
    const int clicked = choice(desk.style, words("settings.tier"),
                               {words("settings.automatic"), words("tier.cpu"), words("tier.low"), words("tier.high")}, now);
    if (clicked == 0) desk.settings.tier.reset();
    if (clicked > 0) desk.settings.tier = static_cast<render::Tier>(clicked - 1);
    static constexpr const char* kNames[] = {"cpu", "low", "high"};
    const char* used = kNames[static_cast<size_t>(desk.tier())];
    text(desk.style.body, colour::kSoft, words.name("tier_means", used), ImGui::GetContentRegionAvail().x);
}

void choose_resolution(Desk& desk) {
    static constexpr double kShares[] = {0.55, 0.7, 0.85, 1.0};
    std::vector<std::string> names = {desk.words("settings.automatic")};
    int now = 0;
    for (size_t i = 0; i < std::size(kShares); ++i) {
        names.push_back(desk.words("value.percent", fmt::arg("value", fmt::format("{:.0f}", kShares[i] * 100))));
        if (desk.settings.resolution == kShares[i]) now = static_cast<int>(i) + 1;
    }
    const int clicked = choice(desk.style, desk.words("settings.resolution"), names, now);
    if (clicked == 0) desk.settings.resolution.reset();
    if (clicked > 0) desk.settings.resolution = kShares[clicked - 1];
    text(desk.style.body, colour::kSoft, desk.words("settings.resolution_means"), ImGui::GetContentRegionAvail().x);
}

/// Two choices side by side in half the width.
void choose_hand(Desk& desk) {
    const Words& words = desk.words;
    const int clicked = choice(desk.style, words("settings.hand"), {words("settings.right"), words("settings.left")},
                               desk.settings.left_handed ? 1 : 0);
    if (clicked >= 0) desk.settings.left_handed = clicked == 1;
}

void choose_close_up(Desk& desk) {
    const Words& words = desk.words;
    const int clicked = choice(desk.style, words("settings.close_up"), {words("settings.off"), words("settings.on")},
                               desk.settings.close_up ? 1 : 0);
    if (clicked >= 0) desk.settings.close_up = clicked == 1;
}

void choose_fingers(Desk& desk) {
    const Words& words = desk.words;
    const int clicked = choice(desk.style, words("settings.fingers"), {words("settings.by_hand"), words("settings.by_themselves")},
                               desk.settings.automatic_fingers ? 1 : 0);
    if (clicked >= 0) desk.settings.automatic_fingers = clicked == 1;
    text(desk.style.body, colour::kSoft, words("settings.fingers_mean"), ImGui::GetContentRegionAvail().x);
}

void choose_language(Desk& desk) {
    std::vector<std::string> names = {desk.words("settings.automatic")};
    int now = 0;
    for (const Language& language : desk.languages) {
        names.push_back(language.name);
        if (desk.settings.language == language.id) now = static_cast<int>(names.size()) - 1;
    }
    const int clicked = choice(desk.style, desk.words("settings.language"), names, now);
    if (clicked >= 0) desk.settings.language = clicked == 0 ? "" : desk.languages[static_cast<size_t>(clicked) - 1].id;
}

/// True once it is to be closed.
bool draw_settings(Desk& desk, ImVec2 size) {
    const Style& style = desk.style;
    text(style.title, colour::kText, desk.words("settings.title"));
    choose_tier(desk);
    ImGui::Dummy({0, style.px(2)});
    choose_resolution(desk);
    ImGui::Dummy({0, style.px(2)});
    const float half = (ImGui::GetContentRegionAvail().x - style.px(20)) * 0.5f;
    ImGui::BeginChild("##hand", {half, style.px(70)}, false);
    choose_hand(desk);
    ImGui::EndChild();
    ImGui::SameLine(0, style.px(20));
    ImGui::BeginChild("##close_up", {half, style.px(70)}, false);
    choose_close_up(desk);
    ImGui::EndChild();
    choose_fingers(desk);
    ImGui::Dummy({0, style.px(2)});
    choose_language(desk);
    const ImVec2 done{style.px(140), style.px(38)};
    ImGui::SetCursorPos({size.x - done.x - style.px(16), size.y - done.y - style.px(14)});
    const bool closed = button(style, desk.words("settings.done"), done, true);
    ImGui::SetCursorPos({style.px(16), size.y - done.y - style.px(14)});
    if (button(style, desk.words("settings.pens"), done)) desk.pens_open = true;
    return closed;
}

}  // namespace

void draw_settings_panel(Desk& desk) {
    if (!desk.settings_open) return;
    const Style& style = desk.style;
    const ImVec2 size{std::min(style.px(kWidth), desk.width()), std::min(style.px(kHeight), desk.height())};
    // What lies under it is dimmed, and takes no click but the one that closes the panel.
    const float beyond = style.px(20);  // its corners are round
    begin_panel("##dimmed", {-beyond, -beyond}, {desk.width() + 2 * beyond, desk.height() + 2 * beyond}, style, IM_COL32(8, 10, 12, 150), true);
    const bool outside = ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    end_panel();
    begin_panel("##settings", {(desk.width() - size.x) * 0.5f, (desk.height() - size.y) * 0.5f}, size, style,
                IM_COL32(26, 30, 35, 255), true);
    const ImVec2 at = ImGui::GetWindowPos();
    ImGui::GetWindowDrawList()->AddRect(at, {at.x + size.x, at.y + size.y}, IM_COL32(255, 255, 255, 40), style.px(10));
    bool closed = outside;
    const bool leave = desk.pressed_in_panel(keys::kEscape) || desk.pressed_in_panel(keys::kEnter);
    if (desk.pens_open) {
        if (!draw_pens_page(desk) || leave || outside) desk.pens_open = false;
    } else {
        closed = draw_settings(desk, size) || leave || outside;
    }
    end_panel();
    if (closed) desk.settings_open = desk.pens_open = false;
}

}  // namespace app
