#include "training/app/fields.h"

#include "engine/base/files.h"
#include "training/core/rubric.h"

#include <algorithm>
#include <utility>

namespace app {

ReachedField::ReachedField(const Style& style, const char* id) : style_(style), id_(ImGui::GetID(id)) {
    ImGuiStorage& kept = *ImGui::GetStateStorage();
    if (!kept.GetBool(id_)) return;
    kept.SetBool(id_, false);
    ImGui::SetKeyboardFocusHere();
}

ReachedField::~ReachedField() {
    if (!style_.focus) return;
    if (style_.focus->control(id_, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), style_.unit)) ImGui::GetStateStorage()->SetBool(id_, true);
    if (ImGui::IsItemActive()) style_.focus->goes_on_from(id_);
}

bool line_field(const Style& style, const char* id, const std::string& hint, std::span<char> into, int flags) {
    const ReachedField reached(style, id);
    return ImGui::InputTextWithHint(id, hint.c_str(), into.data(), into.size(), flags);
}

/// True while it is typed into; what was typed is in typed_, with what came in the frame that ended it.
bool Fields::input(const Style& style, const std::string& key, const std::string& shown, size_t most, float width, int flags) {
    std::array<char, 2048> buffer{};
    (typed_in_ == key ? std::string(typed_.data()) : shown).copy(buffer.data(), buffer.size() - 1);
    ImGui::SetNextItemWidth(width);
    if (begin_ == key) {
        ImGui::SetKeyboardFocusHere();
        begin_.clear();
    }
    ImGui::InputText("##field", buffer.data(), std::min(most + 1, buffer.size()), flags);
    const ImGuiID id = ImGui::GetID("##field");
    const bool active = ImGui::IsItemActive();
    if (style.focus && style.focus->control(id, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), style.unit)) begin_ = key;
    if (active || typed_in_ == key) typed_ = buffer;
    if (!active) return false;
    if (style.focus) style.focus->goes_on_from(id);
    typed_in_ = key;
    return true;
}

bool Fields::number(const Style& style, const std::string& key, const std::string& name, int64_t& thousandths, int64_t step, bool enabled) {
    const float height = style.px(30), field = style.px(84), width = ImGui::GetContentRegionAvail().x;
    const float left = width - field - 2 * height - style.px(8);
    const bool above = in_column(style) && text_size(style.body, name).x > left - style.px(6);
    if (above) text(style.body, colour::kSoft, name, width);
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float x = ImGui::GetCursorPosX();
    const RowWords shown = row_words(style.body, name, left - style.px(6));
    if (!above) draw_row_words(*ImGui::GetWindowDrawList(), style.body, {corner.x, corner.y + std::max(0.0f, (height - shown.height) * 0.5f - style.px(1))}, colour::kSoft, shown);
    ImGui::PushID(key.c_str());
    ImGui::BeginDisabled(!enabled);
    const int64_t before = thousandths;
    ImGui::SetCursorPosX(x + left);
    const auto press = [&](const char* sign) {
        ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.px(2), style.px(2)});
        const bool pressed = button(style, sign, {height, height}, false, enabled);
        ImGui::PopStyleVar();
        return pressed;
    };
    if (press("\u2212")) thousandths -= step;
    ImGui::SameLine(0, style.px(4));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.px(8), (height - style.body->FontSize) * 0.5f});
    const bool typing = input(style, key, training::thousandths_text(thousandths), 31, field, ImGuiInputTextFlags_AutoSelectAll | ImGuiInputTextFlags_CharsDecimal);
    ImGui::PopStyleVar();
    if (!typing && typed_in_ == key) {
        typed_in_.clear();
        if (const auto number = base::parse_number(typed_.data())) thousandths = static_cast<int64_t>(*number * 1000 + (*number < 0 ? -0.5 : 0.5));
    }
    ImGui::SameLine(0, style.px(4));
    if (press("+")) thousandths += step;
    ImGui::EndDisabled();
    ImGui::PopID();
    thousandths = std::clamp<int64_t>(thousandths, -1'000'000'000, 1'000'000'000);
    return thousandths != before;
}

bool Fields::words(const Style& style, const std::string& key, std::string& value, size_t most, float width, bool enabled) {
    ImGui::PushID(key.c_str());
    ImGui::BeginDisabled(!enabled);
    const bool typing = input(style, key, value, most, width, 0);
    ImGui::EndDisabled();
    ImGui::PopID();
    if (!typing && typed_in_ == key) typed_in_.clear();
    if (!typing || value == typed_.data()) return false;
    value = typed_.data();
    return true;
}

}  // namespace app
