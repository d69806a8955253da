#include "training/app/review_notes.h"

#include "engine/base/log.h"
#include "training/core/html.h"
#include "training/core/utc.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

template <size_t kSize>
void set(std::array<char, kSize>& field, const std::string& text) {
    field.fill(0);
    std::copy_n(text.begin(), std::min(text.size(), kSize - 1), field.begin());
}

/// "2026-11-21 22:05" of "2026-11-21T22:05:09Z".
std::string day_and_hour(const std::string& utc) {
    return utc.size() < 16 ? utc : utc.substr(0, 10) + " " + utc.substr(11, 5);
}

std::string trimmed(const std::string& words) {
    const size_t first = words.find_first_not_of(" \t\n"), last = words.find_last_not_of(" \t\n");
    return first == std::string::npos ? std::string() : words.substr(first, last - first + 1);
}

}  // namespace

ReviewNotes::ReviewNotes(base::fs::path file) : file_(std::move(file)) {
    read();
}

void ReviewNotes::read() {
    if (file_.empty()) return;
    auto notes = training::load_notes(file_);
    problem_ = notes ? std::nullopt : std::optional(notes.error());
    standing_ = notes ? training::standing_notes(*notes) : std::vector<training::Note>();
    if (!chosen() && !standing_.empty()) chosen_ = standing_.front().id;
    spdlog::info("notes {}", standing_.size());
}

void ReviewNotes::begin(Desk& desk, uint32_t time_us, std::optional<uint32_t> cell) {
    training::Note draft;
    draft.time_us = time_us;
    draft.cell = cell;
    begin(desk, std::move(draft), "");
}

void ReviewNotes::begin(Desk& desk, training::Note draft, const std::string& text) {
    if (file_.empty() || problem_) return;
    draft_ = std::move(draft);
    set(author_, desk.settings.note_author);
    set(text_, text);
    focus_ = author_[0] ? Field::text : Field::author;
    spdlog::info("note begun");
}

const training::Note* ReviewNotes::chosen() const {
    const auto found = std::ranges::find(standing_, chosen_, &training::Note::id);
    return found == standing_.end() ? nullptr : &*found;
}

void ReviewNotes::correct(Desk& desk) {
    if (const training::Note* note = chosen())
        begin(desk, {.time_us = note->time_us, .cell = note->cell, .text = {}, .author = {}, .written = {}, .replaces = note->id}, note->text);
}

void ReviewNotes::take_back(Desk& desk) {
    const training::Note* note = chosen();
    if (!note) return;
    begin(desk, {.time_us = note->time_us, .cell = note->cell, .text = {}, .author = {}, .written = {}, .replaces = note->id}, "");
    if (!desk.settings.note_author.empty()) keep(desk);
}

void ReviewNotes::choose(int64_t id) {
    chosen_ = id;
    bring_ = true;
}

void ReviewNotes::keep(Desk& desk) {
    draft_->author = trimmed(author_.data());
    draft_->text = trimmed(text_.data());
    draft_->written = training::utc_now();
    auto kept = training::add_note(file_, *draft_);
    if (!kept) {
        desk.refuse(kept.error());
        return;
    }
    desk.problem.clear();
    desk.settings.note_author = draft_->author;
    spdlog::info("note {} {}", kept->text.empty() ? "taken back" : "kept", kept->text.empty() ? *kept->replaces : kept->id);
    choose(kept->id);
    draft_.reset();
    read();
}

float ReviewNotes::height(const Style& style) const {
    if (writing()) return style.px(330);
    if (problem_ || file_.empty()) return style.px(170);  // a sentence
    return style.strong->FontSize + listed_ + buttons_height(style) + 2 * ImGui::GetStyle().ItemSpacing.y + 2 * ImGui::GetStyle().WindowPadding.y;
}

float ReviewNotes::buttons_height(const Style& style) const {
    return style.px(standing_.empty() ? 36 : 80);
}

ReviewNotes::Wish ReviewNotes::draw(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const float width = ImGui::GetContentRegionAvail().x;
    Wish wish;
    text(style.strong, colour::kText, words("review.notes"));
    if (problem_) {
        text(style.body, colour::kAmber, words(*problem_), width);
        return wish;
    }
    if (file_.empty()) {
        text(style.body, colour::kSoft, words("review.no_file"), width);
        return wish;
    }
    if (writing()) {
        draw_field(desk);
        return wish;
    }
    // In a column, which is as long as all its notes, they would be out of reach below them.
    if (in_column(style)) draw_buttons(desk, width, wish);
    draw_list(desk, wish);
    if (!in_column(style)) draw_buttons(desk, width, wish);
    return wish;
}

void ReviewNotes::draw_buttons(Desk& desk, float width, Wish& wish) {
    const Style& style = desk.style;
    const bool any = chosen() != nullptr;
    const float gap = style.px(8);
    wish.begin = button(style, desk.words("review.new_note"), {width, style.px(36)});
    if (standing_.empty()) return;  // nothing to correct
    const std::string names[] = {desk.words("review.correct"), desk.words("review.take_back")};
    const ButtonRows rows = button_rows(style, names, width, gap);
    if (button(style, names[0], {rows.width, style.px(36)}, false, any)) correct(desk);
    if (rows.columns > 1) ImGui::SameLine(0, gap);
    if (button(style, names[1], {rows.width, style.px(36)}, false, any)) take_back(desk);
}

void ReviewNotes::draw_list(Desk& desk, Wish& wish) {
    const Style& style = desk.style;
    begin_list(style, "##list", {0, ImGui::GetContentRegionAvail().y - buttons_height(style) - ImGui::GetStyle().ItemSpacing.y});
    if (standing_.empty()) text(style.body, colour::kSoft, desk.words("review.no_notes"), ImGui::GetContentRegionAvail().x);
    for (const training::Note& note : standing_) draw_note(desk, note, wish);
    listed_ = ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y;
    end_list(style);
}

void ReviewNotes::draw_note(Desk& desk, const training::Note& note, Wish& wish) {
    const Style& style = desk.style;
    const float width = ImGui::GetContentRegionAvail().x, pad = style.px(8), inner = width - 2 * pad;
    const std::string head = training::clock_moment(note.time_us) + "  " + note.author;
    const std::string said = in_column(style) ? note.text : fit_lines(style.body, note.text, inner, chosen_ == note.id ? 12 : 3);
    const RowWords first = row_words(style.body, head, inner);
    const std::string signed_at = desk.words("review.written", fmt::arg("time", day_and_hour(note.written)));
    const RowWords last = row_words(style.body, signed_at, inner);
    const float height = first.height + last.height + text_size(style.body, said, inner).y + 2 * pad + style.px(6);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(static_cast<int>(note.id));
    bool pressed = ImGui::InvisibleButton("##note", {width, height});
    if (style.focus) pressed |= style.focus->control(ImGui::GetID("##note"), at, {at.x + width, at.y + height}, style.unit);
    if (chosen_ == note.id && std::exchange(bring_, false)) scroll_here(style);
    if (pressed) {
        chosen_ = note.id;
        wish.go_to = note;
    }
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + width, at.y + height}, chosen_ == note.id ? IM_COL32(48, 58, 70, 255) : colour::kCard, style.px(6));
    if (ImGui::IsItemHovered())
        draw.AddRect(at, {at.x + width, at.y + height}, colour::kBlue, style.px(6), 0, style.px(1.5));
    ImGui::PopID();
    draw_row_words(draw, style.body, {at.x + pad, at.y + pad}, colour::kBlue, first);
    draw_text(draw, style.body, {at.x + pad, at.y + pad + first.height + style.px(3)}, colour::kText, said, inner);
    draw_row_words(draw, style.body, {at.x + pad, at.y + height - pad - last.height}, colour::kFaint, last);
}

void ReviewNotes::draw_field(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const float width = ImGui::GetContentRegionAvail().x;
    text(style.body, colour::kSoft, words("review.note_on", fmt::arg("time", training::clock_moment(draft_->time_us))), width);
    // ImGui misses a Tab that came and went within one slow frame.
    if (desk.pressed(keys::kTab)) focus_ = typing_ == Field::author ? Field::text : Field::author;
    const Field focus = std::exchange(focus_, Field::none);
    if (focus != Field::none) ImGui::SetKeyboardFocusHere(focus == Field::author ? 0 : 1);
    ImGui::SetNextItemWidth(width);
    ImGui::InputTextWithHint("##author", words("review.author").c_str(), author_.data(), author_.size());
    if (ImGui::IsItemActive()) typing_ = Field::author;
    ImGui::InputTextMultiline("##text", text_.data(), text_.size(),
                              {width, in_column(style) ? style.px(110) : ImGui::GetContentRegionAvail().y - style.px(46)},
                              ImGuiInputTextFlags_CtrlEnterForNewLine);
    if (ImGui::IsItemActive()) typing_ = Field::text;
    // A correction without words takes the note back.
    const bool complete = !trimmed(author_.data()).empty() && (draft_->replaces || !trimmed(text_.data()).empty());
    const std::string names[] = {words("review.cancel"), words("review.keep")};
    const ButtonRows rows = button_rows(style, names, width, style.px(8));
    const float half = rows.width;
    if (button(style, names[0], {half, style.px(36)})) return cancel();
    if (rows.columns > 1) ImGui::SameLine(0, style.px(8));
    const bool entered = desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter);
    if ((button(style, words("review.keep"), {half, style.px(36)}, true, complete) || entered) && complete)
        keep(desk);
    else if (entered)
        focus_ = trimmed(author_.data()).empty() ? Field::author : Field::text;
}

void ReviewNotes::draw_pins(const Desk& desk, const render::Camera& camera, const face::FaceAsset& face) const {
    const Style& style = desk.style;
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    const double scale = desk.height() / (2 * std::tan(camera.fov / 2));
    const glm::dvec3 ahead = glm::normalize(camera.target - camera.eye());
    for (const training::Note& note : standing_) {
        if (!note.cell || *note.cell >= face.cells.size()) continue;
        const glm::dvec3 way = face.cells.seed[*note.cell] - camera.eye();
        const double depth = glm::dot(way, ahead);
        if (depth < 0.02 || glm::dot(way, face.cells.normal[*note.cell]) > 0) continue;  // behind, or seen from behind
        const float x = static_cast<float>(desk.width() / 2 + glm::dot(way, camera.right()) * scale / depth);
        const float y = static_cast<float>(desk.height() / 2 - glm::dot(way, camera.up()) * scale / depth);
        const float r = style.px(chosen_ == note.id ? 8 : 6), up = style.px(18);
        draw.AddLine({x, y}, {x, y - up}, IM_COL32(10, 12, 14, 255), style.px(4));
        draw.AddLine({x, y}, {x, y - up}, colour::kText, style.px(2));
        draw.AddCircleFilled({x, y - up}, r + style.px(2), IM_COL32(10, 12, 14, 255));
        draw.AddCircleFilled({x, y - up}, r, chosen_ == note.id ? colour::kBlue : colour::kText);
    }
}

}  // namespace app
