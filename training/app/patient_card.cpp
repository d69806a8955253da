#include "training/app/patient_card.h"

#include "engine/base/log.h"

#include <algorithm>

namespace app {

namespace {

constexpr float kRow = 24, kHead = 24, kNoteWidth = 316;  // design pixels
constexpr double kRest = 0.2;                             // s before a lesion under the pointer is named

/// What forbids most comes first.
int rank(const std::string& action) {
    static constexpr std::string_view kOrder[] = {"refuse", "refer", "defer", "avoid", "caution", "proceed"};
    return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), action) - std::begin(kOrder));
}

Mark mark_of(const std::string& action) {
    return action == "proceed" ? Mark::target : action == "caution" ? Mark::warning : Mark::critical;
}

}  // namespace

PatientCard::PatientCard(const base::Places& places, std::shared_ptr<const face::FaceAsset> face)
    : face_(std::move(face)) {
    if (face_->lesions.empty()) return;
    std::vector<base::Error> told_with_the_content;
    auto kinds = face::load_condition_kinds(places, &told_with_the_content);
    if (!kinds) {
        spdlog::warn("{}", kinds.error().message);
        return;
    }
    for (face::ConditionKind& kind : *kinds) {
        const auto is_it = [&](const face::Lesion& lesion) { return lesion.condition == kind.id; };
        const auto count =
            static_cast<size_t>(std::count_if(face_->lesions.begin(), face_->lesions.end(), is_it));
        if (count > 0) found_.push_back({std::move(kind), count, {}});
    }
    std::ranges::stable_sort(found_, {}, [](const Found& found) { return rank(found.kind.action); });
    for (uint32_t cell = 0; cell < face_->cell_lesion.size(); ++cell) {
        if (face_->cell_lesion[cell] == 0) continue;
        const std::string& id = face_->lesions[face_->cell_lesion[cell] - 1u].condition;
        for (Found& found : found_)
            if (found.kind.id == id) found.cells.push_back(cell);
    }
}

float PatientCard::height(const Style& style, float room) const {
    if (found_.empty()) return 0;
    const float whole = style.px(kHead) + static_cast<float>(found_.size()) * style.px(kRow) + style.px(6);
    return std::min(whole, std::max(room, style.px(kHead + 2 * kRow)));
}

void PatientCard::draw_list(const Style& style, const Words& words, float height) {
    hovered_.reset();
    if (found_.empty()) return;
    text(style.body, colour::kSoft, words("patient.conditions"), in_column(style) ? ImGui::GetContentRegionAvail().x : 0);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    begin_list(style, "##conditions", {0, height - style.px(kHead)});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    for (size_t i = 0; i < found_.size(); ++i) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        const RowWords name = row_words(style.body, found_[i].kind.name, width - style.px(30));
        const ImVec2 end{at.x + width, at.y + style.px(kRow) + name.height - style.body->FontSize};
        ImGui::PushID(static_cast<int>(i));
        if (ImGui::InvisibleButton("##condition", {end.x - at.x, end.y - at.y}))
            chosen_ = chosen_ == i ? std::nullopt : std::optional(i);
        ImGui::PopID();
        if (ImGui::IsItemHovered()) hovered_ = i;
        if (chosen_ == i && !ImGui::IsItemVisible()) ImGui::SetScrollHereY();
        if (hovered_ == i || chosen_ == i)
            draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, 20), style.px(6));
        if (chosen_ == i) draw.AddRectFilled(at, {at.x + style.px(3), end.y}, colour::kBlue, style.px(1.5));
        const float line = style.body->FontSize, middle = (at.y + end.y) * 0.5f;
        draw_mark(draw, {at.x + style.px(14), middle}, line * 0.75f, mark_of(found_[i].kind.action));
        draw_row_words(draw, style.body, {at.x + style.px(26), middle - name.height * 0.5f}, colour::kText, name);
    }
    end_list(style);
    ImGui::PopStyleVar();
}

void PatientCard::step() {
    if (found_.empty()) return;
    const size_t next = chosen_ ? *chosen_ + 1 : 0;
    chosen_ = next < found_.size() ? std::optional(next) : std::nullopt;
}

void PatientCard::look_at(std::optional<glm::dvec3> place, glm::dvec3 normal, double seconds) {
    uint16_t lesion = 0;
    if (place && !face_->cell_lesion.empty()) {
        const uint32_t cell = face_->cells.find(*place, normal);
        if (cell < face_->cell_lesion.size()) lesion = face_->cell_lesion[cell];
    }
    rested_ = lesion == lesion_ ? rested_ + seconds : 0;
    lesion_ = lesion;
    outline();
}

/// The entry in hand: under the pointer in the list, or the lesion under the pointer, or else chosen.
const PatientCard::Found* PatientCard::told() const {
    if (hovered_) return &found_[*hovered_];
    if (lesion_ != 0 && rested_ >= kRest)
        for (const Found& found : found_)
            if (found.kind.id == face_->lesions[lesion_ - 1u].condition) return &found;
    return chosen_ ? &found_[*chosen_] : nullptr;
}

void PatientCard::outline() {
    const Found* now = told();
    // On the face a single lesion is outlined; lines and pores have no outline of their own.
    const bool single = now && !hovered_ && lesion_ != 0 && rested_ >= kRest;
    const std::optional<std::pair<size_t, uint16_t>> wish =
        now ? std::optional(
                  std::pair(static_cast<size_t>(now - found_.data()), single ? lesion_ : uint16_t{0}))
            : std::nullopt;
    if (wish == outlined_) return;
    outlined_ = wish;
    cells_.clear();
    if (!now || (single && now->kind.layout != face::Layout::spots)) return;
    for (const uint32_t cell : now->cells)
        if (!single || face_->cell_lesion[cell] == lesion_) cells_.push_back(cell);
}

std::vector<PatientCard::Line> PatientCard::lines_of(const Style& style, const Words& words, const face::ConditionKind& kind) {
    const std::string margin =
        kind.margin > 0 ? words("patient.margin", fmt::arg("mm", kind.margin * 1e3)) : "";
    return {
        {style.strong, colour::kText, kind.name},
        {style.body, mark_colour(mark_of(kind.action)), words.name("condition_action", kind.action) + margin},
        {style.body, colour::kText, words.name("condition_is", kind.id)},
        {style.body, colour::kText, kind.advice},
        {style.body, colour::kSoft,
         words("patient.basis", fmt::arg("tag", kind.tag),
               fmt::arg("meaning", words.name("basis", kind.tag)))}};
}

void PatientCard::list_notes(const Style& style, const Words& words) const {
    const Found* now = told();
    if (!now) return;
    for (const Line& line : lines_of(style, words, now->kind)) text(line.font, line.shade, line.words, ImGui::GetContentRegionAvail().x);
}

void PatientCard::draw_notes(const Style& style, const Words& words, ImVec2 at) const {
    const Found* now = told();
    if (!now) return;
    const std::vector<Line> lines = lines_of(style, words, now->kind);
    const float inset = style.px(14), gap = style.px(7), wrap = style.px(kNoteWidth) - 2 * inset;
    float height = 2 * inset - gap;
    for (const Line& line : lines) height += text_size(line.font, line.words, wrap).y + gap;
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    draw.AddRectFilled(at, {at.x + style.px(kNoteWidth), at.y + height}, colour::kPanel, style.px(10));
    float y = at.y + inset;
    for (const Line& line : lines) {
        draw_text(draw, line.font, {at.x + inset, y}, line.shade, line.words, wrap + 1);
        y += text_size(line.font, line.words, wrap).y + gap;
    }
}

void PatientCard::draw_name(const Style& style, ImVec2 pointer) const {
    const Found* now = told();
    if (!now || hovered_ || lesion_ == 0 || rested_ < kRest) return;
    const face::ConditionKind& kind = now->kind;
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    const ImVec2 size = text_size(style.body, kind.name);
    const ImVec2 from{pointer.x + style.px(22), pointer.y - style.px(34)};
    draw.AddRectFilled(from, {from.x + size.x + style.px(16), from.y + size.y + style.px(10)}, colour::kPanel,
                       style.px(6));
    draw.AddText(style.body, style.body->FontSize, {from.x + style.px(8), from.y + style.px(5)},
                 colour::kText, kind.name.c_str());
}

}  // namespace app
