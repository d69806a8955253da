// The cohort: roster, table and plots.

#include "engine/base/log.h"
#include "training/app/fields.h"
#include "training/app/plots.h"
#include "training/app/screens_desk.h"
#include "training/app/screens_import.h"
#include "training/app/screens_progress.h"
#include "training/app/session_files.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using training::MemberStanding;
using training::StandingColumn;

constexpr ImU32 kMarked = IM_COL32(255, 255, 255, 20);

constexpr float kTableWidth = 980;  // design pixels, where it scrolls sideways

struct TableColumn {
    StandingColumn by;
    const char* word;
    float share;  ///< of the table's width
    bool right;   ///< numbers end at the column's edge
};
constexpr TableColumn kColumns[] = {
    {StandingColumn::code, "desk.code", 0.11f, false},     {StandingColumn::name, "desk.name", 0.16f, false},
    {StandingColumn::group, "desk.group", 0.10f, false},   {StandingColumn::sessions, "desk.sessions", 0.12f, true},
    {StandingColumn::last, "desk.last", 0.14f, false},     {StandingColumn::median, "desk.median", 0.11f, true},
    {StandingColumn::passed, "desk.passed", 0.11f, true},  {StandingColumn::weakest, "desk.weakest", 0.15f, false},
};

std::string cell_of(const Words& words, const MemberStanding& s, StandingColumn by) {
    switch (by) {
        case StandingColumn::code:
            return s.member.code;
        case StandingColumn::name:
            return s.member.name;
        case StandingColumn::group:
            return s.member.group;
        case StandingColumn::sessions:
            return std::to_string(s.sessions);
        case StandingColumn::last:
            return short_name({}, s.last);
        case StandingColumn::median:
            return s.median ? fmt::format("{:.1f}", *s.median) : "";
        case StandingColumn::passed:
            return s.passed ? words("value.percent", fmt::arg("value", std::lround(*s.passed * 100))) : "";
        case StandingColumn::weakest:
            break;
    }
    return s.weakest_name;
}

/// Many dots at one place stand beside each other.
float beside(size_t number) {
    constexpr float kSteps[] = {0, -1, 1, -0.5f, 0.5f};
    return kSteps[number % std::size(kSteps)];
}

}  // namespace

CohortPage::CohortPage(const DeskFile& file) {
    renew(file);
}

void CohortPage::renew(const DeskFile& file) {
    standings_ = training::standings_of(file.roster, file.shelf.attempts);
    training::sort_standings(standings_, by_, descending_);
    medians_.assign(file.base.criteria.size(), {});
    for (const MemberStanding& standing : standings_) {
        const training::Progress progress = training::progress_of(training::attempts_of(file.shelf.attempts, standing.member.code));
        for (size_t i = 0; i < file.base.criteria.size(); ++i)
            for (const training::Course& line : progress.lines)
                if (line.id == file.base.criteria[i].id && !line.shares.empty()) medians_[i].push_back(line.spread.median);
    }
    chosen_ = std::clamp(chosen_, 0, std::max(0, static_cast<int>(standings_.size()) - 1));
}

std::unique_ptr<Screen> CohortPage::frame(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size) {
    read_keys(desk, file);
    if (in_column(desk.style)) {
        const float width = ImGui::GetContentRegionAvail().x;
        draw_import(desk, file, {}, {});
        draw_table(desk, {}, {width, 0});
        draw_totals(desk, file, {}, {width, desk.style.px(170)});
        draw_lines(desk, file, {}, {});
    } else {
        const float gap = desk.style.px(14), head = desk.style.px(58), plots = desk.style.px(430);
        const float table = size.x - plots - gap;
        draw_import(desk, file, at, {table, head});
        draw_table(desk, {at.x, at.y + head + gap}, {table, size.y - head - gap});
        const float totals = std::min(desk.style.px(190), size.y * 0.36f);
        draw_totals(desk, file, {at.x + table + gap, at.y}, {plots, totals});
        draw_lines(desk, file, {at.x + table + gap, at.y + totals + gap}, {plots, size.y - totals - gap});
    }
    if (std::exchange(begin_, false)) import(desk, file);
    if (opened_ < 0) return nullptr;
    return open_progress_of(desk, standings_[static_cast<size_t>(opened_)].member.code);
}

void CohortPage::read_keys(Desk& desk, DeskFile& file) {
    for (const std::string& dropped : desk.window.files_dropped()) {
        path_.fill(0);
        dropped.copy(path_.data(), path_.size() - 1);
        begin_ = true;
    }
    const bool enter = desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter);
    if (ended_typing(desk)) {
        begin_ = begin_ || enter;
        return;
    }
    if (ImGui::GetIO().WantTextInput) return;
    if (desk.pressed('P')) desk.settings_open = true;
    if (desk.pressed('I')) typing_ = true;
    if (desk.pressed('S')) {  // the next column
        by_ = static_cast<StandingColumn>((static_cast<int>(by_) + 1) % static_cast<int>(std::size(kColumns)));
        renew(file);
    }
    const int count = static_cast<int>(standings_.size());
    const int step = desk.steps(keys::kDown, keys::kUp);
    if (step != 0 && count > 0) {
        chosen_ = std::clamp(chosen_ + step, 0, count - 1);
        bring_into_view_ = true;
    }
    if (enter && count > 0) opened_ = chosen_;
}

void CohortPage::import(Desk& desk, DeskFile& file) {
    std::string path = path_.data();
    if (path.starts_with("file://")) path.erase(0, 7);
    if (path.empty()) {
        desk.problem = desk.words("desk.no_file");
        return;
    }
    auto members = training::read_roster_csv(path);
    if (!members) {
        desk.refuse(members.error());
        spdlog::info("roster refused {}", members.error().message);
        return;
    }
    desk.problem.clear();
    file.roster = training::merge_rosters(std::move(file.roster), *members);
    if (auto kept = training::save_roster(file.folder, file.roster); !kept) desk.refuse(kept.error());
    told_ = desk.words("desk.imported", fmt::arg("count", members->size()));
    spdlog::info("roster {} members, {} in all", members->size(), file.roster.size());
    renew(file);
}

/// Words, field and button below each other.
void CohortPage::list_import(Desk& desk) {
    const Style& style = desk.style;
    const float width = ImGui::GetContentRegionAvail().x;
    text(style.body, told_.empty() ? colour::kSoft : colour::kText, told_.empty() ? desk.words("desk.roster_told") : told_, width);
    ImGui::SetNextItemWidth(width);
    if (std::exchange(typing_, false)) ImGui::SetKeyboardFocusHere();
    line_field(style, "##path", desk.words("desk.path"), path_, ImGuiInputTextFlags_AutoSelectAll);
    if (button(style, desk.words("desk.import"), {width, style.px(34)}, true)) begin_ = true;
}

void CohortPage::draw_import(Desk& desk, DeskFile&, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##roster", at, size, style, colour::kCard);
    if (in_column(style)) {
        list_import(desk);
        return end_panel(style);
    }
    const float wide = style.px(170), height = style.px(34);
    ImGui::SetCursorPosY((size.y - height) * 0.5f);
    const std::string& words = told_.empty() ? desk.words("desk.roster_told") : told_;
    const float told = size.x * 0.34f;
    ImGui::GetWindowDrawList()->AddText(style.body, style.body->FontSize, {at.x + style.px(16), at.y + (size.y - style.body->FontSize) * 0.5f},
                                        told_.empty() ? colour::kSoft : colour::kText, fit(style.body, words, told - style.px(16)).c_str());
    ImGui::SetCursorPos({told + style.px(8), (size.y - height) * 0.5f});
    ImGui::SetNextItemWidth(size.x - told - wide - style.px(36));
    if (std::exchange(typing_, false)) ImGui::SetKeyboardFocusHere();
    line_field(style, "##path", desk.words("desk.path"), path_, ImGuiInputTextFlags_AutoSelectAll);
    ImGui::SetCursorPos({size.x - wide - style.px(16), (size.y - height) * 0.5f});
    if (button(style, desk.words("desk.import"), {wide, height}, true)) begin_ = true;
    end_panel(style);
}

/// In a column the table keeps its width and scrolls both ways.
void CohortPage::begin_wide_table(Desk& desk, float width) const {
    const Style& style = desk.style;
    const float rows = static_cast<float>(std::max<size_t>(1, standings_.size())) * (2 * style.body->FontSize + style.px(23));
    const float height = std::min(rows + style.px(60), desk.height() * 0.75f);
    ImGui::BeginChild("##wide", {width, height}, false, ImGuiWindowFlags_HorizontalScrollbar);
    const float turned = static_cast<float>(desk.window.turned_beyond().x);
    if (turned != 0) ImGui::SetScrollX(std::clamp(ImGui::GetScrollX() + turned * width, 0.0f, ImGui::GetScrollMaxX()));
}

void CohortPage::draw_table(Desk& desk, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##table", at, size, style, colour::kCard);
    const bool column_layout = in_column(style);
    if (column_layout) begin_wide_table(desk, size.x);
    const float width = column_layout ? style.px(kTableWidth) : ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
    float height = style.px(32);
    for (const TableColumn& column : kColumns)
        height = std::max(height, row_words(style.body, desk.words(column.word), width * column.share - style.px(by_ == column.by ? 22 : 12)).height + style.px(14));
    const ImVec2 heads = column_layout ? ImGui::GetCursorPos() : ImVec2{style.px(16), style.px(10)};
    float x = 0;
    bool turned = false;
    for (const TableColumn& column : kColumns) {
        ImGui::SetCursorPos({heads.x + x, heads.y});
        const ImVec2 corner = ImGui::GetCursorScreenPos(), room{width * column.share, height};
        ImGui::PushID(column.word);
        if (ImGui::InvisibleButton("##head", room)) {
            descending_ = by_ == column.by && !descending_;
            by_ = column.by;
            turned = true;
        }
        ImGui::PopID();
        const bool on = by_ == column.by;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (ImGui::IsItemHovered()) draw.AddRectFilled(corner, {corner.x + room.x, corner.y + height}, kMarked, style.px(6));
        const RowWords words = row_words(style.body, desk.words(column.word), room.x - style.px(on ? 22 : 12));
        const float wide = text_size(style.body, words.shown, words.wrap).x;
        const float from = column.right ? corner.x + room.x - wide - style.px(on ? 20 : 8) : corner.x + style.px(6);
        draw_row_words(draw, style.body, {from, corner.y + style.px(7)}, on ? colour::kText : colour::kSoft, words);
        if (on) {
            const ImVec2 c{from + wide + style.px(9), corner.y + style.px(16)};
            const float r = style.px(4) * (descending_ ? 1.f : -1.f);
            draw.AddTriangleFilled({c.x - style.px(4), c.y - r * 0.7f}, {c.x + style.px(4), c.y - r * 0.7f}, {c.x, c.y + r * 0.7f}, colour::kBlue);
        }
        x += room.x;
    }
    if (turned) training::sort_standings(standings_, by_, descending_);
    ImGui::SetCursorPos({column_layout ? heads.x : ImGui::GetStyle().WindowPadding.x, heads.y + height + style.px(4)});
    begin_list(style, "##rows", {0, 0});
    if (standings_.empty()) text(style.body, colour::kSoft, desk.words("desk.nobody"), column_layout ? size.x : width);
    for (size_t i = 0; i < standings_.size(); ++i) draw_row(desk, standings_[i], static_cast<int>(i), width);
    bring_into_view_ = false;
    end_list(style);
    if (column_layout) ImGui::EndChild();
    end_panel(style);
}

void CohortPage::draw_row(Desk& desk, const MemberStanding& standing, int row, float width) {
    const Style& style = desk.style;
    std::vector<RowWords> cells;
    float tallest = style.body->FontSize;
    for (const TableColumn& column : kColumns) {
        std::string words = cell_of(desk.words, standing, column.by);
        if (words.empty() && column.by == StandingColumn::code) words = desk.words("progress.no_code");
        cells.push_back(row_words(style.body, words.empty() ? "\u2013" : words, width * column.share - style.px(12)));
        tallest = std::max(tallest, cells.back().height);
    }
    const float height = tallest + style.px(15);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(row);
    if (ImGui::InvisibleButton("##row", {width, height})) opened_ = row;
    ImGui::PopID();
    if (row == chosen_ && bring_into_view_) scroll_here(style);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (row == chosen_ || ImGui::IsItemHovered()) draw.AddRectFilled(at, {at.x + width, at.y + height}, kMarked, style.px(6));
    if (row == chosen_) draw.AddRect(at, {at.x + width, at.y + height}, colour::kBlue, style.px(6), 0, style.px(1.5));
    float x = at.x;
    for (size_t i = 0; i < std::size(kColumns); ++i) {
        const float room = width * kColumns[i].share;
        const float from = kColumns[i].right ? x + room - text_size(style.body, cells[i].shown).x - style.px(8) : x + style.px(6);
        const bool first = kColumns[i].by == StandingColumn::code;
        draw_row_words(draw, style.body, {from, at.y + style.px(7)}, first && standing.enrolled ? colour::kText : colour::kSoft, cells[i]);
        x += room;
    }
}

/// How the totals of all sessions are spread, in steps of five points.
void CohortPage::draw_totals(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##totals", at, size, style, colour::kCard);
    constexpr size_t kBins = 20;
    size_t bins[kBins] = {}, most = 1, sessions = 0;
    for (const MemberStanding& standing : standings_)
        for (const double total : standing.totals) {
            size_t& bin = bins[std::min(kBins - 1, static_cast<size_t>(total / 5))];
            most = std::max(most, ++bin);
            ++sessions;
        }
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (in_column(style)) at = ImGui::GetCursorScreenPos();
    const float pad = in_column(style) ? 0 : style.px(16), line = style.body->FontSize;
    draw.AddText(style.strong, style.strong->FontSize, {at.x + pad, at.y + style.px(12)}, colour::kText,
                 desk.words("desk.totals", fmt::arg("count", sessions)).c_str());
    const ImVec2 from{at.x + pad, at.y + style.px(44)}, to{at.x + size.x - pad, at.y + size.y - line - style.px(18)};
    const float step = (to.x - from.x) / kBins;
    for (size_t i = 0; i < kBins; ++i) {
        const float x = from.x + step * static_cast<float>(i), high = (to.y - from.y) * static_cast<float>(bins[i]) / static_cast<float>(most);
        if (bins[i] > 0) draw.AddRectFilled({x + style.px(1.5), to.y - high}, {x + step - style.px(1.5), to.y}, colour::kBlue, style.px(3));
    }
    draw.AddLine({from.x, to.y}, {to.x, to.y}, colour::kTrack, style.px(1.5));
    for (const int value : {0, 25, 50, 75, 100}) {
        const std::string number = std::to_string(value);
        const float x = from.x + (to.x - from.x) * static_cast<float>(value) * 0.01f, wide = text_size(style.body, number).x;
        draw.AddText(style.body, line, {std::clamp(x - wide * 0.5f, from.x, to.x - wide), to.y + style.px(5)}, colour::kFaint, number.c_str());
    }
    const float mark = from.x + (to.x - from.x) * static_cast<float>(file.base.pass_mark) / 10'000;
    draw.AddLine({mark, from.y - style.px(4)}, {mark, to.y}, colour::kAmber, style.px(1.5));
    if (in_column(style)) ImGui::Dummy(size);
    end_panel(style);
}

/// A strip for each line: a dot for each trainee, where their median lies.
void CohortPage::draw_lines(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##strips", at, size, style, colour::kCard);
    const bool column = in_column(style);
    text(style.strong, colour::kText, desk.words("desk.lines"), column ? ImGui::GetContentRegionAvail().x : 0);
    begin_list(style, "##list", {0, 0});
    const float width = ImGui::GetContentRegionAvail().x - (column ? 0 : ImGui::GetStyle().ScrollbarSize), height = style.px(21);
    const float name = column ? 0 : width * 0.6f;
    for (size_t i = 0; i < file.base.criteria.size(); ++i) {
        if (column) text(style.body, colour::kSoft, file.base.criteria[i].name, width);  // above its strip
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        const RowWords words = row_words(style.body, file.base.criteria[i].name, name - style.px(10));
        ImGui::Dummy({width, column ? height : std::max(height, words.height + style.px(4))});
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (!column) draw_row_words(draw, style.body, corner, colour::kSoft, words);
        const float left = corner.x + name, right = corner.x + width, middle = corner.y + style.body->FontSize * 0.5f;
        draw.AddRectFilled({left, middle - style.px(3)}, {right, middle + style.px(3)}, colour::kTrack, style.px(3));
        if (medians_[i].empty()) continue;
        for (size_t k = 0; k < medians_[i].size(); ++k)
            draw.AddCircleFilled({left + (right - left) * static_cast<float>(medians_[i][k]), middle + beside(k) * style.px(4)}, style.px(2.6), IM_COL32(94, 180, 236, 150));
        const float median = left + (right - left) * static_cast<float>(training::spread_of(medians_[i]).median);
        draw.AddRectFilled({median - style.px(1.5), middle - style.px(8)}, {median + style.px(1.5), middle + style.px(8)}, colour::kText, style.px(1.5));
    }
    end_list(style);
    end_panel(style);
}

}  // namespace app
