// The panel of the settings: what is chosen here is kept. None of it reaches a score, but for fingers that follow the pen.

#include "engine/base/log.h"
#include "training/app/screens.h"

namespace app {

namespace {

constexpr float kWidth = 660, kHeight = 640;  // design pixels

/// The same in as many rows as the names need.
int column_choice(const Style& style, const char* heading, const std::vector<std::string>& names, int chosen) {
    const float gap = style.px(6);
    const ButtonRows rows = button_rows(style, names, ImGui::GetContentRegionAvail().x, gap);
    int clicked = -1;
    ImGui::PushID(heading);
    for (int i = 0; i < static_cast<int>(names.size()); ++i) {
        if (i % rows.columns != 0) ImGui::SameLine(0, gap);
        if (chip(style, fmt::format("{}###{}", names[static_cast<size_t>(i)], i), {rows.width, style.px(34)}, i == chosen)) clicked = i;
    }
    ImGui::PopID();
    return clicked;
}

/// A heading, and choices side by side, each as wide as its name asks; returns the one clicked, or -1. Known by their place, so
/// that the keyboard's focus outlives a change of language.
int choice(const Desk& desk, const char* heading, const std::vector<std::string>& names, int chosen) {
    const Style& style = desk.style;
    const float gap = style.px(6);
    if (in_column(style)) text(style.strong, colour::kText, desk.words(heading), ImGui::GetContentRegionAvail().x);
    if (in_column(style)) return column_choice(style, heading, names, chosen);
    text(style.strong, colour::kText, desk.words(heading));
    const auto count = static_cast<float>(names.size());
    float room = ImGui::GetContentRegionAvail().x - gap * (count - 1), widest = 0;
    for (const std::string& name : names) widest = std::max(widest, text_size(style.body, name).x + style.px(16));
    const bool alike = widest * count <= room;
    for (const std::string& name : names) room -= alike ? widest : text_size(style.body, name).x;
    int clicked = -1;
    ImGui::PushID(heading);
    for (size_t i = 0; i < names.size(); ++i) {
        if (i > 0) ImGui::SameLine(0, gap);
        const float width = (alike ? widest : text_size(style.body, names[i]).x) + room / count;
        if (chip(style, fmt::format("{}###{}", names[i], i), {width, style.px(34)}, static_cast<int>(i) == chosen)) clicked = static_cast<int>(i);
    }
    ImGui::PopID();
    return clicked;
}

void choose_tier(Desk& desk) {
    const Words& words = desk.words;
    const int now = desk.settings.tier ? 1 + static_cast<int>(*desk.settings.tier) : 0;
    const int clicked = choice(desk, "settings.tier",
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
    const int clicked = choice(desk, "settings.resolution", names, now);
    if (clicked == 0) desk.settings.resolution.reset();
    if (clicked > 0) desk.settings.resolution = kShares[clicked - 1];
    text(desk.style.body, colour::kSoft, desk.words("settings.resolution_means"), ImGui::GetContentRegionAvail().x);
}

/// Off and on, or two other words.
void choose_of_two(Desk& desk, const char* heading, const char* first, const char* second, bool& now) {
    const Words& words = desk.words;
    const int clicked = choice(desk, heading, {words(first), words(second)}, now ? 1 : 0);
    if (clicked >= 0) now = clicked == 1;
}

void choose_switch(Desk& desk, const char* heading, bool& now) {
    choose_of_two(desk, heading, "settings.off", "settings.on", now);
}

void choose_fingers(Desk& desk) {
    choose_of_two(desk, "settings.fingers", "settings.by_hand", "settings.by_themselves", desk.settings.automatic_fingers);
    text(desk.style.body, colour::kSoft, desk.words("settings.fingers_mean"), ImGui::GetContentRegionAvail().x);
}

/// Where the window has too little room for it, it shows a part of the page.
void choose_text_size(Desk& desk) {
    static constexpr double kSizes[] = {0.75, 1, 1.25, 1.5, 2, 2.5, 3};
    std::vector<std::string> names = {desk.words("settings.automatic")};
    int now = 0;
    for (size_t i = 0; i < std::size(kSizes); ++i) {
        names.push_back(desk.words("value.percent", fmt::arg("value", fmt::format("{:.0f}", kSizes[i] * 100))));
        if (desk.settings.text_size == kSizes[i]) now = static_cast<int>(i) + 1;
    }
    const int clicked = choice(desk, "settings.text_size", names, now);
    if (clicked >= 0) desk.settings.text_size = clicked == 0 ? 0 : kSizes[clicked - 1];
    text(desk.style.body, colour::kSoft,
         desk.words(desk.window.page().whole() ? "settings.text_size_now" : "settings.text_size_page",
                    fmt::arg("percent", fmt::format("{:.0f}", desk.window.scale() * 100))),
         ImGui::GetContentRegionAvail().x);
}

void choose_language(Desk& desk) {
    std::vector<std::string> names = {desk.words("settings.automatic")};
    int now = 0;
    for (const Language& language : desk.languages) {
        names.push_back(language.name);
        if (desk.settings.language == language.id) now = static_cast<int>(names.size()) - 1;
    }
    const int clicked = choice(desk, "settings.language", names, now);
    if (clicked >= 0) desk.settings.language = clicked == 0 ? "" : desk.languages[static_cast<size_t>(clicked) - 1].id;
}

void space(const Desk& desk) {
    ImGui::Dummy({0, desk.style.px(6)});
}

void draw_picture_page(Desk& desk) {
    choose_tier(desk);
    space(desk);
    choose_resolution(desk);
    space(desk);
    choose_switch(desk, "settings.close_up", desk.settings.close_up);
}

void draw_hand_page(Desk& desk) {
    choose_of_two(desk, "settings.hand", "settings.right", "settings.left", desk.settings.left_handed);
    space(desk);
    choose_fingers(desk);
    space(desk);
    choose_switch(desk, "coach.title", desk.settings.coach);
}

void draw_words_page(Desk& desk) {
    choose_language(desk);
    space(desk);
    choose_text_size(desk);
    space(desk);
    choose_switch(desk, "settings.reduced_motion", desk.settings.reduced_motion);
    text(desk.style.body, colour::kSoft, desk.words("settings.reduced_motion_means"), ImGui::GetContentRegionAvail().x);
}

void draw_sound_page(Desk& desk) {
    static constexpr double kVolumes[] = {0.1, 0.25, 0.5, 0.75, 1};
    choose_switch(desk, "settings.sound", desk.settings.sound);
    text(desk.style.body, colour::kSoft, desk.words("settings.sound_means"), ImGui::GetContentRegionAvail().x);
    space(desk);
    std::vector<std::string> names;
    int now = -1;
    for (size_t i = 0; i < std::size(kVolumes); ++i) {
        names.push_back(desk.words("value.percent", fmt::arg("value", fmt::format("{:.0f}", kVolumes[i] * 100))));
        if (desk.settings.volume == kVolumes[i]) now = static_cast<int>(i);
    }
    const int clicked = choice(desk, "settings.volume", names, now);
    if (clicked >= 0) desk.settings.volume = kVolumes[clicked];
    space(desk);
    choose_switch(desk, "settings.subtitles", desk.settings.subtitles);
    text(desk.style.body, colour::kSoft, desk.words("settings.subtitles_mean"), ImGui::GetContentRegionAvail().x);
}

struct Page {
    const char* name;
    void (*draw)(Desk&);
};
constexpr Page kPages[] = {{"settings.page_picture", draw_picture_page},
                           {"settings.page_hand", draw_hand_page},
                           {"settings.page_words", draw_words_page},
                           {"settings.page_pens", draw_pens_page},
                           {"settings.page_sound", draw_sound_page}};

/// True once it is to be closed.
bool draw_settings(Desk& desk, ImVec2 size) {
    const Style& style = desk.style;
    text(style.title, colour::kText, desk.words("settings.title"));
    const float gap = style.px(6);
    std::vector<std::string> names;
    for (const Page& page : kPages) names.push_back(fmt::format("{} ({})", desk.words(page.name), names.size() + 1));
    const ButtonRows tabs = button_rows(style, names, ImGui::GetContentRegionAvail().x, gap);
    for (int i = 0; i < static_cast<int>(names.size()); ++i) {
        if (i % tabs.columns != 0) ImGui::SameLine(0, gap);
        if (chip(style, fmt::format("{}###page{}", names[static_cast<size_t>(i)], i + 1), {tabs.width, style.px(36)}, desk.settings_page == i) ||
            desk.pressed_in_panel('1' + i)) {
            desk.settings_page = i;
            if (in_column(style)) ImGui::SetScrollY(0);
            spdlog::debug("settings page {}", i + 1);
        }
    }
    space(desk);
    kPages[desk.settings_page].draw(desk);
    const ImVec2 done{in_column(style) ? ImGui::GetContentRegionAvail().x : style.px(140), style.px(38)};
    if (!in_column(style)) ImGui::SetCursorPos({size.x - done.x - style.px(16), size.y - done.y - style.px(14)});
    return button(style, desk.words("settings.done"), done, true);
}

bool leaves_settings(const Desk& desk) {
    return desk.pressed_in_panel(keys::kEscape) || desk.pressed_in_panel(keys::kEnter);
}

void close_settings(Desk& desk, bool closes) {
    if (!closes) return;
    desk.settings_open = false;
    spdlog::debug("{} closed", desk.content.listed() ? "content list" : "settings");
    desk.content.close_list();
    desk.focus.leave_front();
}

/// The settings, or what lies in their place. True once it is to be closed.
bool draw_what_is_open(Desk& desk, ImVec2 size) {
    return desk.content.listed() ? desk.content.draw_list(desk, size) : draw_settings(desk, size);
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
    end_panel(style);
    desk.focus.begin_front();
    if (desk.narrow()) {
        begin_column(desk, "##settings", {0, 0}, {desk.width(), desk.height()}, true);
        close_settings(desk, draw_what_is_open(desk, {}) || leaves_settings(desk));
        end_column(desk);
        desk.focus.end_front();
        return;
    }
    begin_panel("##settings", {(desk.width() - size.x) * 0.5f, (desk.height() - size.y) * 0.5f}, size, style,
                IM_COL32(26, 30, 35, 255), true);
    const ImVec2 at = ImGui::GetWindowPos();
    ImGui::GetWindowDrawList()->AddRect(at, {at.x + size.x, at.y + size.y}, IM_COL32(255, 255, 255, 40), style.px(10));
    const bool leave = leaves_settings(desk);
    close_settings(desk, draw_what_is_open(desk, size) || leave || outside);
    end_panel(style);
    desk.focus.end_front();
}

}  // namespace app
