#include "training/app/screen_keyboard.h"

#include "engine/base/log.h"
#include "training/app/pen_words.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr float kMargin = 12, kPad = 10, kGap = 5, kKeyWidth = 62, kKeyHeight = 44;  // design pixels
constexpr float kMostShare = 0.56f;                                                // of the height that is seen

bool inside(ImVec2 at, ImVec2 from, ImVec2 to) {
    return at.x >= from.x && at.x < to.x && at.y >= from.y && at.y < to.y;
}

/// A letter or digit of a real keyboard went down; what is typed here comes without one.
bool keyboard_types(const Desk& desk) {
    return std::ranges::any_of(desk.window.keys_pressed(), [](const render::KeyPress& press) { return press.key >= ' ' && press.key < keys::kEscape; });
}

bool pad_presses(const Desk& desk) {
    return desk.pens.gamepad() && input::buttons_down(*desk.pens.gamepad()) != 0;
}

}  // namespace

void ScreenKeyboard::open(const Desk& desk) {
    const std::string pages[] = {desk.words("letters.plain"), desk.words("letters.signs"), desk.words("letters.accented")};
    grid_.emplace(pages);
    grid_->move(0, 1);  // below the digits
    spdlog::debug("letters open");
}

void ScreenKeyboard::begin_frame(Desk& desk) {
    const bool typing = ImGui::GetIO().WantTextInput;
    if (!typing || pad_presses(desk)) shunned_ = false;
    if (keyboard_types(desk)) shunned_ = true;
    const bool wanted = typing && !shunned_ && (grid_ || desk.pens.gamepad_was_last());
    if (wanted && !grid_) open(desk);
    if (!wanted && grid_) {
        grid_.reset();
        all_ = {};
        spdlog::debug("letters close");
    }
    if (!grid_) return;
    take_buttons(desk);
    take_pointer(desk);
}

void ScreenKeyboard::take_buttons(Desk& desk) {
    for (const render::KeyPress& press : desk.window.letter_keys_pressed()) {
        switch (press.key) {
            case keys::kLeft: grid_->move(-1, 0); break;
            case keys::kRight: grid_->move(1, 0); break;
            case keys::kUp: grid_->move(0, -1); break;
            case keys::kDown: grid_->move(0, 1); break;
            case ' ': this->press(desk, grid_->marked()); break;
            case keys::kTab: desk.window.type_letter(' '); break;
            case keys::kBackspace: desk.window.type_key(keys::kBackspace); break;
            case keys::kPageUp: grid_->turn_shift(); break;
            case keys::kPageDown: grid_->turn_page(); break;
            case keys::kEnter: desk.window.type_key(keys::kEnter); break;
            case keys::kEscape: desk.window.type_key(keys::kEscape); break;
            default: break;
        }
    }
}

/// What lies below sees nothing of it: a press beside a field would end the typing.
void ScreenKeyboard::take_pointer(Desk& desk) {
    ImGuiIO& io = ImGui::GetIO();
    if (!inside(io.MousePos, all_.from, all_.to)) return;
    if (io.MouseClicked[0])
        for (const LetterGrid::Key& key : grid_->keys())
            if (const Box box = box_of(key); inside(io.MousePos, box.from, box.to)) {
                grid_->mark(key);
                press(desk, key);
                break;
            }
    io.MouseClicked[0] = io.MouseDown[0] = false;
}

void ScreenKeyboard::press(Desk& desk, const LetterGrid::Key& key) {
    switch (key.kind) {
        case LetterKey::letter: return desk.window.type_letter(key.letter);
        case LetterKey::shift: return grid_->turn_shift();
        case LetterKey::page: return grid_->turn_page();
        case LetterKey::space: return desk.window.type_letter(' ');
        case LetterKey::erase: return desk.window.type_key(keys::kBackspace);
        case LetterKey::done: return desk.window.type_key(keys::kEnter);
    }
}

/// At the foot of what is seen, or at its top where the letters would go under it. Where text is so large that they would there
/// too, on the side with more room, with lower keys and without the line that says how.
void ScreenKeyboard::place(const Desk& desk) {
    const Style& style = desk.style;
    const Seen seen = desk.seen(0, desk.width());
    const float pad = style.px(kPad), gap = style.px(kGap), margin = std::min(style.px(kMargin), (seen.right - seen.left) * 0.02f);
    const float rows = static_cast<float>(grid_->rows()), most = (seen.foot - seen.top) * kMostShare;
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const float line = context.PlatformImePos.y, under = line + 1.5f * context.FontSize;  // the field's text, and below its frame
    const float below = seen.foot - margin - under, above = line - 0.5f * context.FontSize - seen.top - margin;
    head_ = style.body->FontSize + gap;
    key_.y = std::floor(std::min(style.px(kKeyHeight), (most - 2 * pad - head_ + gap) / rows));
    const auto height = [&] { return key_.y * rows - gap + 2 * pad + head_; };
    if (const float room = std::max(above, below); height() > room) {
        head_ = 0;
        key_.y = std::floor(std::clamp((room - 2 * pad + gap) / rows, style.body->FontSize, key_.y));
    }
    key_.x = std::floor(std::min(style.px(kKeyWidth), (seen.right - seen.left - 2 * (margin + pad) + gap) / LetterGrid::kColumns));
    const ImVec2 size{key_.x * LetterGrid::kColumns - gap + 2 * pad, height()};
    const float left = std::floor((seen.left + seen.right - size.x) * 0.5f);
    all_.from = {left, size.y <= below ? seen.foot - margin - size.y : seen.top + margin};
    all_.to = {left + size.x, all_.from.y + size.y};
    keys_ = {left + pad, all_.from.y + pad + head_};
    spdlog::trace("letters at {:.0f} {:.0f}, keys of {:.0f} {:.0f}", keys_.x, keys_.y, key_.x, key_.y);
}

ScreenKeyboard::Box ScreenKeyboard::box_of(const LetterGrid::Key& key) const {
    const ImVec2 from{keys_.x + key_.x * static_cast<float>(key.column), keys_.y + key_.y * static_cast<float>(key.row)};
    return {from, {from.x + key_.x * static_cast<float>(key.columns), from.y + key_.y}};
}

std::string ScreenKeyboard::name_of(const Desk& desk, const LetterGrid& grid, const LetterGrid::Key& key) {
    const Words& words = desk.words;
    switch (key.kind) {
        case LetterKey::letter: return written(key.letter);
        case LetterKey::shift: return words("letters.shift");
        case LetterKey::page: return words(grid.page() == 0 ? "letters.to_signs" : grid.page() == 1 ? "letters.to_accented" : "letters.to_plain");
        case LetterKey::space: return words("letters.space");
        case LetterKey::erase: return words("letters.erase");
        case LetterKey::done: return words("letters.done");
    }
    return {};
}

/// Keys that are no letters have the button of the pad that does the same behind their name, where there is room.
void ScreenKeyboard::draw_key(const Desk& desk, const LetterGrid::Key& key) const {
    const Style& style = desk.style;
    ImDrawList& draw = *ImGui::GetForegroundDrawList();
    const float gap = style.px(kGap);
    Box box = box_of(key);
    box.to.x -= gap, box.to.y -= head_ > 0 ? gap : gap / 3;
    const LetterGrid::Key marked = grid_->marked();
    const bool is_marked = marked.row == key.row && marked.column == key.column;
    const bool lit = key.kind == LetterKey::shift && grid_->shift();
    draw.AddRectFilled(box.from, box.to, lit ? IM_COL32(36, 92, 138, 255) : colour::kTrack, style.px(6));
    if (is_marked) draw.AddRect(box.from, box.to, IM_COL32(255, 255, 255, 255), style.px(6), 0, style.px(3));
    constexpr const char* kButtons[] = {"south", "left_shoulder", "right_shoulder", "north", "west", "start"};
    const float room = box.to.x - box.from.x - gap, line = style.body->FontSize;
    const std::string button = key.kind == LetterKey::letter ? "" : pad_button(desk.words, desk.window.gamepad_name(), kButtons[static_cast<size_t>(key.kind)]);
    const float beside = button.empty() ? 0 : text_size(style.body, button).x + gap;
    const std::string name = name_of(desk, *grid_, key);
    const float wide = text_size(style.strong, name).x;
    const bool both = wide + beside <= room;
    const std::string shown = both ? name : fit(style.strong, name, room);
    const float x = (box.from.x + box.to.x - text_size(style.strong, shown).x - (both ? beside : 0)) * 0.5f, y = (box.from.y + box.to.y - line) * 0.5f;
    draw_text(draw, style.strong, {x, y}, colour::kText, shown);
    if (both && beside > 0) draw_text(draw, style.body, {x + wide + gap, y}, colour::kSoft, button);
}

void ScreenKeyboard::draw(Desk& desk) {
    if (!grid_) return;
    desk.window.use_gamepad(render::PadPart::letters);
    place(desk);
    const Style& style = desk.style;
    ImDrawList& draw = *ImGui::GetForegroundDrawList();
    draw.AddRectFilled(all_.from, all_.to, IM_COL32(20, 23, 27, 255), style.px(10));
    draw.AddRect(all_.from, all_.to, colour::kSoft, style.px(10), 0, style.px(1.5));
    if (head_ > 0) draw_how(desk);
    for (const LetterGrid::Key& key : grid_->keys()) draw_key(desk, key);
}

void ScreenKeyboard::draw_how(const Desk& desk) const {
    const Style& style = desk.style;
    const auto button = [&](const char* id) { return pad_button(desk.words, desk.window.gamepad_name(), id); };
    const std::string how = desk.words("letters.how", fmt::arg("press", button("south")), fmt::arg("leave", button("east")));
    draw_text(*ImGui::GetForegroundDrawList(), style.body, {keys_.x, all_.from.y + style.px(kPad)}, colour::kSoft,
              fit(style.body, how, all_.to.x - all_.from.x - style.px(2 * kPad)));
}

}  // namespace app
