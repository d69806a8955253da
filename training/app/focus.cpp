#include "training/app/focus.h"

#include "training/app/screens.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr int kFollows = 3;

bool presses(int key) {
    return key == ' ' || key == keys::kEnter || key == keys::kPadEnter;
}

bool moves(const render::KeyPress& press) {
    return !press.shift && (press.key == keys::kUp || press.key == keys::kDown || press.key == keys::kLeft || press.key == keys::kRight);
}

/// The least that its lists scroll to show all of it with some room round it.
void scroll_to(ImVec2 from, ImVec2 to, float margin) {
    const ImRect whole({from.x - margin, from.y - margin}, {to.x + margin, to.y + margin});
    ImGui::ScrollToRect(ImGui::GetCurrentWindow(), whole, ImGuiScrollFlags_KeepVisibleEdgeX | ImGuiScrollFlags_KeepVisibleEdgeY);
}

}  // namespace

void FocusRing::begin_frame(std::span<const render::KeyPress> keys, bool put_away) {
    controls_.swap(now_);
    now_.clear();
    fronted_ = std::ranges::any_of(controls_, &Control::front);
    rested_ = resting_ && !fronted_;
    resting_ = pressed_ = moved_ = false;
    brought_.reset();
    if (follows_ > 0) --follows_;
    const bool gone = std::ranges::none_of(controls_, [&](const Control& one) { return one.id == focused_ && reachable(one); });
    if (gone || put_away) focused_ = 0;
    if (rested_) return;
    for (const render::KeyPress& press : keys) {
        if (press.key == keys::kTab) step(press.shift);
        // Who goes on with the arrows is at a list; Enter is its own then.
        if (moves(press) && focused_ != 0) typed_into_ = std::exchange(focused_, 0);
        if (focused_ != 0 && presses(press.key) && !press.repeat) pressed_ = true;
    }
}

void FocusRing::step(bool back) {
    std::vector<ImGuiID> round;
    for (const Control& one : controls_)
        if (reachable(one)) round.push_back(one.id);
    if (round.empty()) return;
    if (back) std::ranges::reverse(round);
    const auto at = std::ranges::find(round, focused_ != 0 ? focused_ : std::exchange(typed_into_, 0));
    focused_ = at == round.end() || at + 1 == round.end() ? round.front() : *(at + 1);
    moved_ = true;
    follows_ = kFollows;
}

void FocusRing::bring(ImVec2 from, ImVec2 to) {
    // What its window hides cannot be brought by moving the page.
    const ImVec2 window = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    const auto x = [&](float value) { return std::clamp(value, window.x, window.x + size.x); };
    const auto y = [&](float value) { return std::clamp(value, window.y, window.y + size.y); };
    brought_ = render::Region{{x(from.x), y(from.y)}, {x(to.x), y(to.y)}};
}

bool FocusRing::control(ImGuiID id, ImVec2 from, ImVec2 to, float unit) {
    now_.push_back({id, front_});
    if (id != focused_ || rested_) return false;
    if (moved_) scroll_to(from, to, 8 * unit);
    if (follows_ > 0) bring(from, to);
    ImGui::GetForegroundDrawList()->AddRect({from.x - 2 * unit, from.y - 2 * unit}, {to.x + 2 * unit, to.y + 2 * unit},
                                            IM_COL32(255, 255, 255, 255), 9 * unit, 0, 2.5f * unit);
    return pressed_;
}

bool FocusRing::takes(int key) const {
    return focused_ != 0 && !rested_ && presses(key);
}

}  // namespace app
