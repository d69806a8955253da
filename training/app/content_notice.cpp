#include "training/app/content_notice.h"

#include "engine/base/log.h"
#include "engine/sound/figures.h"
#include "training/app/lesson_shelf.h"
#include "training/app/screens.h"
#include "training/app/session_files.h"
#include "training/app/visit_figures.h"

#include <algorithm>

namespace app {

namespace {

constexpr ImU32 kBack = IM_COL32(64, 44, 14, 255), kMarked = IM_COL32(255, 255, 255, 20);
constexpr float kPad = 10, kButton = 34, kGap = 8;  // design pixels
constexpr int kMostLines = 6;                       // of the notice beside panels; none of ours is longer, and the list tells all

bool same(const std::vector<base::Error>& a, const std::vector<base::Error>& b) {
    return std::ranges::equal(a, b, {}, &base::Error::message, &base::Error::message);
}

float button_width(const Style& style, const std::string& words) {
    return text_size(style.body, words).x + style.px(24);
}

}  // namespace

training::OwnContent own_content() {
    return {own_lessons_folder(), desk_folder() / "rubrics"};
}

std::vector<base::Error> all_content_mistakes(const base::Places& places) {
    std::vector<base::Error> mistakes = training::content_mistakes(places, own_content());
    if (const auto figures = sound::Figures::load(places); !figures) mistakes.push_back(figures.error());
    if (const auto figures = VisitFigures::load(places); !figures) mistakes.push_back(figures.error());
    return mistakes;
}

void ContentNotice::look(Desk& desk) {
    looking_.reset();
    looking_.emplace(desk.aside, [places = desk.options.places](std::stop_token) { return all_content_mistakes(places); });
}

void ContentNotice::poll(Desk& desk) {
    if (!looking_) return;
    auto found = looking_->poll();
    if (!found) return;
    looking_.reset();
    if (same(*found, mistakes_)) return;
    for (const base::Error& mistake : *found)
        if (std::ranges::find(mistakes_, mistake.message, &base::Error::message) == mistakes_.end()) spdlog::warn("{}", mistake);
    mistakes_ = std::move(*found);
    put_away_ = false;
    marked_ = 0;
    spdlog::info("content {} mistakes", mistakes_.size());
    if (mistakes_.empty() && listed_) listed_ = desk.settings_open = false;
}

std::string ContentNotice::told(const Desk& desk) const {
    const std::string first = desk.words(mistakes_.front());
    if (mistakes_.size() == 1) return desk.words("content.one", fmt::arg("mistake", first));
    return desk.words("content.many", fmt::arg("count", mistakes_.size()), fmt::arg("mistake", first));
}

void ContentNotice::open_list(Desk& desk) {
    listed_ = desk.settings_open = bring_into_view_ = true;
    copied_ = false;
    marked_ = 0;
    spdlog::info("content list {}", mistakes_.size());
}

float ContentNotice::draw(Desk& desk, ImVec2 at, float width) {
    poll(desk);
    if (mistakes_.empty()) return 0;
    if (desk.pressed('M') && !ImGui::GetIO().WantTextInput) open_list(desk);
    if (put_away_) return 0;
    const Style& style = desk.style;
    const bool column = in_column(style);
    const std::string words = told(desk);
    if (std::exchange(told_, words) != words) spdlog::info("refusal {}", words);
    const std::string names[] = {mistakes_.size() == 1 ? desk.words("content.show_one") : desk.words("content.show", fmt::arg("count", mistakes_.size())),
                                 desk.words("content.put_away")};
    const float pad = style.px(kPad), mark = style.px(18), gap = style.px(kGap);
    if (column) width = ImGui::GetContentRegionAvail().x;
    float buttons = 0;
    for (const std::string& name : names) buttons += button_width(style, name) + gap;
    const float wrap = width - 3 * pad - mark - (column ? 0 : buttons);
    const std::string shown = column ? words : fit_lines(style.body, words, wrap, kMostLines);
    const float lines = text_size(style.body, shown, wrap + 1).y, height = std::max(lines, column ? 0 : style.px(kButton)) + 2 * pad;
    const auto draw_words = [&](ImVec2 corner) {
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw.AddRectFilled(corner, {corner.x + width, corner.y + height}, kBack, style.px(8));
        draw_mark(draw, {corner.x + pad + mark * 0.5f, corner.y + height * 0.5f}, mark, Mark::warning);
        draw_text(draw, style.body, {corner.x + mark + 2 * pad, corner.y + (height - lines) * 0.5f}, colour::kText, shown, wrap + 1);
    };
    bool opens = false;
    if (column) {
        draw_words(ImGui::GetCursorScreenPos());
        ImGui::Dummy({width, height});
        const ButtonRows rows = button_rows(style, names, width, gap);
        opens = button(style, names[0], {rows.width, style.px(kButton)});
        if (rows.columns > 1) ImGui::SameLine(0, gap);
        put_away_ = button(style, names[1], {rows.width, style.px(kButton)});
    } else {
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##content_notice", at, {width, height}, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        draw_words(at);
        ImGui::SetCursorPos({width - buttons - pad + gap, (height - style.px(kButton)) * 0.5f});
        opens = button(style, names[0], {button_width(style, names[0]), style.px(kButton)});
        ImGui::SameLine(0, gap);
        put_away_ = button(style, names[1], {button_width(style, names[1]), style.px(kButton)});
        end_panel(style);
    }
    if (opens) open_list(desk);
    return height + style.px(12);
}

void ContentNotice::copy(const Desk& desk) {
    std::string all;
    for (const base::Error& mistake : mistakes_) all += desk.words(mistake) + "\n";
    ImGui::SetClipboardText(all.c_str());
    copied_ = true;
    spdlog::info("content copied {}", mistakes_.size());
}

void ContentNotice::read_list_keys(Desk& desk) {
    if (desk.pressed_in_panel('C')) copy(desk);
    constexpr int kPage = 5;
    const int last = static_cast<int>(mistakes_.size()) - 1, before = marked_;
    for (const render::KeyPress& press : desk.window.keys_pressed()) {
        const int step = press.key == keys::kDown       ? 1
                         : press.key == keys::kUp       ? -1
                         : press.key == keys::kPageDown ? kPage
                         : press.key == keys::kPageUp   ? -kPage
                                                        : 0;
        marked_ = std::clamp(marked_ + step, 0, last);
    }
    if (marked_ == before) return;
    bring_into_view_ = true;
    spdlog::info("content marked {}", marked_ + 1);
}

void ContentNotice::draw_row(Desk& desk, size_t index, float width) {
    const Style& style = desk.style;
    const std::string words = desk.words(mistakes_[index]);
    const float pad = style.px(kPad), wrap = width - 2 * pad;
    const ImVec2 at = ImGui::GetCursorScreenPos(), size{width, text_size(style.body, words, wrap + 1).y + 2 * pad}, end{at.x + size.x, at.y + size.y};
    ImGui::PushID(static_cast<int>(index));
    if (ImGui::InvisibleButton("##mistake", size)) marked_ = static_cast<int>(index);
    ImGui::PopID();
    const bool marked = marked_ == static_cast<int>(index);
    if (marked && std::exchange(bring_into_view_, false)) scroll_here(style);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (marked || ImGui::IsItemHovered()) draw.AddRectFilled(at, end, kMarked, style.px(8));
    if (marked) draw.AddRect(at, end, colour::kBlue, style.px(8), 0, style.px(2));
    draw_text(draw, style.body, {at.x + pad, at.y + pad}, colour::kText, words, wrap + 1);
}

bool ContentNotice::draw_list(Desk& desk, ImVec2 size) {
    const Style& style = desk.style;
    if (mistakes_.empty()) return true;
    read_list_keys(desk);
    const float room = ImGui::GetContentRegionAvail().x, gap = style.px(kGap);
    text(style.title, colour::kText, desk.words("content.title", fmt::arg("count", mistakes_.size())), room);
    text(style.body, colour::kSoft, desk.words("content.told"), room);
    const std::string names[] = {desk.words(copied_ ? "content.copied" : "content.copy"), desk.words("content.close")};
    const ButtonRows rows = button_rows(style, names, in_column(style) ? room : std::min(room, style.px(480)), gap);
    if (!in_column(style)) ImGui::Dummy({0, style.px(4)});
    begin_list(style, "##mistakes", {0, -style.px(38 + 12)});
    const float width = ImGui::GetContentRegionAvail().x;
    for (size_t i = 0; i < mistakes_.size(); ++i) draw_row(desk, i, width);
    end_list(style);
    if (!in_column(style)) ImGui::SetCursorPos({size.x - style.px(16) - rows.width * 2 - gap, size.y - style.px(38 + 14)});
    if (button(style, names[0] + "###copy", {rows.width, style.px(38)})) copy(desk);
    if (rows.columns > 1) ImGui::SameLine(0, gap);
    return button(style, names[1], {rows.width, style.px(38)}, true);
}

}  // namespace app
