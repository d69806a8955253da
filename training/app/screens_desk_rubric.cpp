// Rubrics: bands, weights and pass mark edited against recorded sessions.

#include "engine/base/log.h"
#include "training/app/screens_desk.h"
#include "training/app/screens_import.h"
#include "training/app/session_files.h"
#include "training/core/decimal.h"
#include "training/core/joined.h"
#include "training/core/pen_kinds.h"

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr ImU32 kMarked = IM_COL32(255, 255, 255, 20), kChanged = IM_COL32(240, 178, 52, 34);

/// How far one press of a stepper goes, thousandths of the unit.
int64_t step_of(const std::string& unit) {
    if (unit.empty()) return 10;
    return unit == "deg" ? 500 : unit == "cm/s" || unit == "cm" ? 100 : 1000;
}

bool is_own(const DeskFile& file) {
    return std::ranges::any_of(file.own, [&](const DeskFile::Listed& one) { return one.reference == file.rubric; });
}

}  // namespace

RubricPage::RubricPage(const DeskFile& file) : edited_(file.base), editing_(is_own(file)) {
    for (const std::vector<DeskFile::Listed>* all : {&file.shipped, &file.own})
        for (const DeskFile::Listed& one : *all) spdlog::debug("rubric listed {}, {}", one.name, one.version);
    changed(file);
}

void RubricPage::changed(const DeskFile& file) {
    const auto words = training::edited_rubric_text(file.rubric_text, edited_);
    warned_ = saved_ = false;
    mistakes_.clear();
    if (words)
        mistakes_ = training::read_rubric_text(file.places, *words, edited_.id).mistakes;
    else
        mistakes_.push_back(words.error());
    if (!mistakes_.empty()) return;
    previews_ = training::preview_of(file.shelf.attempts, edited_);
    std::stable_sort(previews_.begin(), previews_.end(), [](const training::Preview& a, const training::Preview& b) {
        const auto rank = [](const training::Preview& p) { return p.passed_before != p.passes_after ? 0 : p.changed() ? 1 : 2; };
        return rank(a) < rank(b);
    });
    const auto count = [&](auto passes) { return std::ranges::count_if(previews_, passes); };
    spdlog::info("preview {} of {} passed, {} would", count([](auto& p) { return p.passed_before; }), previews_.size(),
                 count([](auto& p) { return p.passes_after; }));
}

std::unique_ptr<Screen> RubricPage::frame(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size) {
    read_keys(desk, file);
    training::Rubric before = edited_;
    const Style& style = desk.style;
    // In a column they stand below each other, whatever their places.
    const float gap = style.px(14), list = style.px(230), preview = style.px(330);
    draw_rubrics(desk, file, at, {list, size.y});
    draw_lines(desk, file, {at.x + list + gap, at.y}, {size.x - list - preview - 2 * gap, size.y});
    draw_preview(desk, file, {at.x + size.x - preview, at.y}, {preview, size.y});
    if (dirty_) undo_.push_back(std::move(before));
    if (dirty_ || undone_) {
        dirty_ = undone_ = false;
        if (warned_) desk.problem.clear();  // who goes on is no longer asked
        changed(file);
    }
    if (std::exchange(save_, false)) return save(desk, file);
    if (asked_.empty()) return nullptr;
    const std::string asked = std::exchange(asked_, {});
    return may_leave(desk, file) ? open_desk_rubric(desk, asked) : nullptr;
}

bool RubricPage::may_leave(Desk& desk, const DeskFile& file) {
    if (!editing_ || saved_) return true;
    const auto words = training::edited_rubric_text(file.rubric_text, edited_);
    if ((words && *words == file.rubric_text) || std::exchange(warned_, true)) return true;
    desk.problem = desk.words("desk.rubric_unsaved");
    spdlog::info("asks about changes to the rubric");
    return false;
}

void RubricPage::read_keys(Desk& desk, const DeskFile& file) {
    if (ended_typing(desk) || ImGui::GetIO().WantTextInput) return;
    if (desk.pressed('P')) desk.settings_open = true;
    if (desk.pressed('C')) editing_ = true;
    if (desk.pressed('S') && editing_ && mistakes_.empty()) save_ = true;
    if (desk.pressed('B') && is_own(file)) practise_by(desk, file);
    if (desk.pressed('Z')) undo();
    const int page = desk.pressed(keys::kPageDown) ? 1 : desk.pressed(keys::kPageUp) ? -1 : 0;
    if (page != 0) ask_beside(file, page);
    const int count = static_cast<int>(edited_.criteria.size());
    const int step = desk.steps(keys::kDown, keys::kUp);
    if (step == 0 || count == 0) return;
    chosen_ = std::clamp(chosen_ + step, kPens, count - 1);
    bring_into_view_ = true;
}

void RubricPage::undo() {
    if (undo_.empty()) return;
    edited_ = std::move(undo_.back());
    undo_.pop_back();
    undone_ = true;
    spdlog::info("rubric undone");
}

/// The rubric below or above this one in the list.
void RubricPage::ask_beside(const DeskFile& file, int step) {
    std::vector<DeskFile::Listed> all = file.shipped;
    all.insert(all.end(), file.own.begin(), file.own.end());
    const auto here = std::ranges::find(all, file.rubric, &DeskFile::Listed::reference) - all.begin();
    const auto next = std::clamp<ptrdiff_t>(here + step, 0, std::ssize(all) - 1);
    if (next != here) asked_ = all[static_cast<size_t>(next)].reference;
}

void RubricPage::draw_rubrics(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##rubrics", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto row = [&](const std::string& reference, const std::string& name, const std::string& told) {
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        const RowWords first = row_words(style.body, name, width - style.px(18)), second = row_words(style.body, told, width - style.px(18));
        const float height = first.height + second.height + style.px(16);
        ImGui::PushID(reference.c_str());
        if (ImGui::InvisibleButton("##rubric", {width, height}) && reference != file.rubric) asked_ = reference;
        ImGui::PopID();
        const bool on = reference == file.rubric;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (on || ImGui::IsItemHovered()) draw.AddRectFilled(corner, {corner.x + width, corner.y + height}, kMarked, style.px(8));
        if (on) draw.AddRectFilled(corner, {corner.x + style.px(3), corner.y + height}, colour::kBlue, style.px(2));
        draw_row_words(draw, style.body, {corner.x + style.px(12), corner.y + style.px(6)}, colour::kText, first);
        draw_row_words(draw, style.body, {corner.x + style.px(12), corner.y + style.px(9) + first.height}, colour::kSoft, second);
    };
    const bool own = is_own(file);
    const float foot = style.px(own ? 228 : 182);
    begin_list(style, "##list", {0, -foot});
    text(style.strong, colour::kText, desk.words("desk.rubrics"));
    const auto version = [&](const DeskFile::Listed& one) { return desk.words("desk.rubric_version", fmt::arg("version", one.version)); };
    for (const DeskFile::Listed& one : file.shipped) row(one.reference, one.name, version(one) + ", " + desk.words("desk.locked"));
    for (const DeskFile::Listed& one : file.own) row(one.reference, one.name, version(one));
    end_list(style);
    int64_t mark = edited_.pass_mark * 10;
    text(style.body, colour::kSoft, desk.words("desk.pass_mark"));
    if (number_field(desk, "pass_mark", "", mark, 1000, false)) edited_.pass_mark = static_cast<int32_t>(mark / 10);
    ImGui::Dummy({0, style.px(4)});
    if (!editing_) {
        text(style.body, colour::kSoft, desk.words("desk.copy_told"), width);
        if (button(style, desk.words("desk.copy"), {width, style.px(38)}, true)) editing_ = true;
    } else {
        if (button(style, desk.words("desk.save"), {width, style.px(38)}, true, mistakes_.empty())) save_ = true;
        if (button(style, desk.words("desk.undo"), {width, style.px(38)}, false, !undo_.empty())) undo();
    }
    if (own && chip(style, desk.words(desk.rubric == file.rubric ? "desk.practised_by" : "desk.practise_by"), {width, style.px(38)}, desk.rubric == file.rubric))
        practise_by(desk, file);
    end_panel(style);
}

/// Cases are practised by this rubric from now on, or again by their own. As it is in its file: changes count once they are saved.
void RubricPage::practise_by(Desk& desk, const DeskFile& file) {
    desk.rubric = desk.rubric == file.rubric ? std::string() : file.rubric;
    const DeskFile::Listed named = file.listed();
    desk.rubric_named = desk.words("report.rubric_is", fmt::arg("name", named.name), fmt::arg("version", named.version));
    spdlog::info("practise by {}", desk.rubric.empty() ? "the case's rubric" : desk.rubric);
}

/// A field of the chosen line.
bool RubricPage::number_field(Desk& desk, const char* id, const std::string& name, int64_t& thousandths, int64_t step, bool whole) {
    const bool changed = fields_.number(desk.style, fmt::format("{}#{}", chosen_, id), name, thousandths, step, editing_);
    if (whole) thousandths = thousandths / 1000 * 1000;
    dirty_ = dirty_ || changed;
    return changed;
}

void RubricPage::draw_lines(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##lines", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x;
    int32_t weights = 0;
    for (const training::Criterion& line : edited_.criteria) weights += line.weight;
    const RowWords name = row_words(style.strong, file.listed().name, in_column(style) ? width : width - style.px(170));
    text(style.strong, colour::kText, name.shown, name.wrap);
    const std::string sum = desk.words("desk.weights", fmt::arg("sum", weights));
    if (in_column(style))
        text(style.body, weights == 100 ? colour::kSoft : colour::kAmber, sum, width);
    else
        ImGui::GetWindowDrawList()->AddText(style.body, style.body->FontSize, {at.x + size.x - style.px(16) - text_size(style.body, sum).x, at.y + style.px(15)},
                                        weights == 100 ? colour::kSoft : colour::kAmber, sum.c_str());
    for (size_t i = 0; i < std::min<size_t>(mistakes_.size(), 2); ++i) {
        const std::string told = desk.words(mistakes_[i]);
        text(style.body, colour::kAmber, in_column(style) ? told : fit_lines(style.body, told, width, 2), width);
    }
    begin_list(style, "##list", {0, 0});
    const float inner = ImGui::GetContentRegionAvail().x - style.px(4);
    draw_pens(desk, inner);
    for (int i = 0; i < static_cast<int>(edited_.criteria.size()); ++i) draw_line(desk, i, inner);
    bring_into_view_ = false;
    end_list(style);
    end_panel(style);
}

/// Which kinds of pen count: a row like those of the lines, above them.
void RubricPage::draw_pens(Desk& desk, float width) {
    const Style& style = desk.style;
    std::string kinds;
    for (const std::string& kind : edited_.pens) training::add_to_list(desk.words, kinds, desk.words.name("pen_kind", kind));
    const std::string told = training::with_colon(desk.words, desk.words("desk.pens"), kinds.empty() ? desk.words("desk.any_pen") : kinds);
    const RowWords name = row_words(style.body, told, width - style.px(16));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = name.height + style.px(14);
    if (ImGui::InvisibleButton("##pens", {width, height})) chosen_ = kPens;
    const bool on = chosen_ == kPens;
    if (on && bring_into_view_) scroll_here(style);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (on || ImGui::IsItemHovered()) draw.AddRectFilled(at, {at.x + width, at.y + height}, kMarked, style.px(6));
    draw_row_words(draw, style.body, {at.x + style.px(8), at.y + style.px(6)}, on ? colour::kText : colour::kSoft, name);
    if (on) draw_pen_chips(desk, width - style.px(16));
}

void RubricPage::draw_pen_chips(Desk& desk, float width) {
    const Style& style = desk.style;
    const float gap = style.px(6);
    std::vector<std::string> names;
    for (const std::string_view kind : training::pen_kinds()) names.push_back(desk.words.name("pen_kind", std::string(kind)));
    constexpr int kInRow = 3;
    const ButtonRows rows = in_column(style) ? button_rows(style, names, width, gap) : ButtonRows{kInRow, (width - gap * (kInRow - 1)) / kInRow};
    ImGui::Indent(style.px(8));
    text(style.body, colour::kFaint, desk.words("desk.pens_told"), width);
    ImGui::BeginDisabled(!editing_);
    for (size_t i = 0; i < names.size(); ++i) {
        if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
        const std::string_view kind = training::pen_kinds()[i];
        if (!chip(style, names[i], {rows.width, style.px(32)}, std::ranges::find(edited_.pens, kind) != edited_.pens.end()) || !editing_) continue;
        edited_.pens = training::with_pen_toggled(edited_.pens, kind);
        dirty_ = true;
    }
    ImGui::EndDisabled();
    ImGui::Unindent(style.px(8));
}

/// A row; the chosen one opens its fields.
void RubricPage::draw_line(Desk& desk, int number, float width) {
    const Style& style = desk.style;
    training::Criterion& line = edited_.criteria[static_cast<size_t>(number)];
    const std::string unit = desk.words.name("unit", line.unit);
    const std::string band = training::with_unit_word(
        desk.words, fmt::format("{} \u2013 {}", training::thousandths_text(line.band.target_low), training::thousandths_text(line.band.target_high)), unit);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float right = at.x + width - style.px(8), from = right - style.px(40) - text_size(style.body, band).x;
    // In a column the band stands below the name.
    const float room = in_column(style) ? width - style.px(16) : from - at.x - style.px(18), below = in_column(style) ? style.body->FontSize : 0;
    const RowWords name = row_words(style.body, line.name, room);
    const float height = name.height + below + style.px(14), figures = at.y + style.px(6) + (below > 0 ? name.height : 0);
    ImGui::PushID(number);
    if (ImGui::InvisibleButton("##line", {width, height})) chosen_ = number;
    const bool on = chosen_ == number;
    if (on && bring_into_view_) scroll_here(style);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (on || ImGui::IsItemHovered()) draw.AddRectFilled(at, {at.x + width, at.y + height}, kMarked, style.px(6));
    const std::string weight = std::to_string(line.weight);
    draw_row_words(draw, style.body, {at.x + style.px(8), at.y + style.px(6)}, on ? colour::kText : colour::kSoft, name);
    draw.AddText(style.body, style.body->FontSize, {from, figures}, colour::kText, band.c_str());
    draw.AddText(style.body, style.body->FontSize, {right - text_size(style.body, weight).x, figures}, colour::kSoft, weight.c_str());
    if (on) draw_fields(desk, line);
    ImGui::PopID();
}

void RubricPage::draw_fields(Desk& desk, training::Criterion& line) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const int64_t step = step_of(line.unit);
    ImGui::Indent(style.px(8));
    // Where the values stand among their bands.
    const double low = static_cast<double>(line.band.warn_low) / 1000, high = static_cast<double>(line.band.warn_high) / 1000, room = std::max(high - low, 0.001) * 0.15;
    const BandScale scale{low - room, high + room, low, static_cast<double>(line.band.target_low) / 1000, static_cast<double>(line.band.target_high) / 1000, high, {}, {}};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x - style.px(12);
    draw_band(*ImGui::GetWindowDrawList(), {at.x, at.y + style.px(2)}, {at.x + width, at.y + style.px(16)}, scale, {}, style);
    ImGui::Dummy({width, style.px(20)});
    begin_list(style, "##fields", {width, style.px(line.critical_above && line.critical_below ? 172 : 134)});
    ImGui::Columns(in_column(style) ? 1 : 2, nullptr, false);
    number_field(desk, "target_low", words("desk.target_low"), line.band.target_low, step, false);
    number_field(desk, "warn_low", words("desk.warn_low"), line.band.warn_low, step, false);
    int64_t weight = line.weight * 1000;
    if (number_field(desk, "weight", words("desk.weight"), weight, 1000, true)) line.weight = static_cast<int32_t>(weight / 1000);
    if (!in_column(style)) ImGui::NextColumn();
    number_field(desk, "target_high", words("desk.target_high"), line.band.target_high, step, false);
    number_field(desk, "warn_high", words("desk.warn_high"), line.band.warn_high, step, false);
    if (line.critical_above) number_field(desk, "critical_above", words("desk.critical_above"), *line.critical_above, step, false);
    if (line.critical_below) number_field(desk, "critical_below", words("desk.critical_below"), *line.critical_below, step, false);
    ImGui::Columns(1);
    end_list(style);
    const std::string basis = fmt::format("{} \u00b7 {}", line.basis, source_words(words, line.source));
    text(style.body, colour::kFaint, in_column(style) ? basis : fit_lines(style.body, basis, width, 2), width);
    ImGui::Unindent(style.px(8));
}

void RubricPage::draw_preview(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##preview", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto before = std::ranges::count_if(previews_, [](const training::Preview& p) { return p.passed_before; });
    const auto after = std::ranges::count_if(previews_, [](const training::Preview& p) { return p.passes_after; });
    text(style.strong, colour::kText, desk.words("desk.who_passes"), in_column(style) ? width : 0);
    text(style.title, after == before ? colour::kText : colour::kAmber,
         fmt::format("{} \u2192 {}", before, desk.words("desk.of_sessions", fmt::arg("passes", after), fmt::arg("count", previews_.size()))),
         in_column(style) ? width : 0);
    text(style.body, colour::kSoft, desk.words(mistakes_.empty() ? "desk.preview_told" : "desk.preview_old"), width);
    begin_list(style, "##list", {0, 0});
    const float inner = ImGui::GetContentRegionAvail().x - style.px(4), body = style.body->FontSize, height = body + style.px(12);
    for (const training::Preview& preview : previews_) {
        const training::Attempt& attempt = file.shelf.attempts[preview.attempt];
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        ImGui::Dummy({inner, height});
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (preview.passed_before != preview.passes_after) draw.AddRectFilled(corner, {corner.x + inner, corner.y + height}, kChanged, style.px(6));
        const float numbers = style.px(130), y = corner.y + style.px(5), middle = y + body * 0.5f;
        const std::string who = short_name(attempt.trainee, attempt.started);
        draw.AddText(style.body, body, {corner.x + style.px(6), y}, colour::kText, fit(style.body, who, inner - numbers - style.px(10)).c_str());
        const float x = corner.x + inner - numbers;
        const auto mark = [](bool pass) { return pass ? Mark::target : Mark::beyond; };
        draw_mark(draw, {x + style.px(6), middle}, style.px(11), mark(preview.passed_before));
        draw.AddText(style.body, body, {x + style.px(16), y}, colour::kSoft, training::points_text(preview.before).c_str());
        draw_mark(draw, {x + style.px(76), middle}, style.px(11), mark(preview.passes_after));
        draw.AddText(style.body, body, {x + style.px(86), y}, preview.changed() ? colour::kText : colour::kSoft, training::points_text(preview.after).c_str());
    }
    end_list(style);
    end_panel(style);
}

std::unique_ptr<Screen> RubricPage::save(Desk& desk, DeskFile& file) {
    auto saved = training::save_own_rubric(desk.options.places, file.folder / "rubrics", file.rubric_text, edited_);
    if (!saved) {
        desk.refuse(saved.error());
        return nullptr;
    }
    spdlog::info("rubric saved {}", saved->string());
    saved_ = true;
    return open_desk_rubric(desk, saved->string());
}

}  // namespace app
