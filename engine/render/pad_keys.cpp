#include "engine/render/pad_keys.h"

namespace render {

namespace {

constexpr int kNone = 0, kEscape = 256, kEnter = 257, kTab = 258, kBackspace = 259, kRight = 262, kLeft = 263, kDown = 264,
              kUp = 265, kPageUp = 266, kPageDown = 267;
constexpr int kShift = 1 << 16;  // beside a key
constexpr double kFirstRepeat = 0.4, kNextRepeat = 0.1;  // s

using Pad = input::GamepadState;

struct Button {
    bool Pad::*down;
    int keys[5];  ///< as a part of screens, as the pen, as the pen with the tools held, in the menu, of the letters on screen
    bool repeats;
};
constexpr Button kButtons[] = {
    {&Pad::up, {kUp, kNone, 'W', kTab | kShift, kUp}, true},
    {&Pad::down, {kDown, kNone, 'S', kTab, kDown}, true},
    {&Pad::cross_left, {kLeft, 'X', 'A', kTab | kShift, kLeft}, true},
    {&Pad::cross_right, {kRight, 'B', 'D', kTab, kRight}, true},
    {&Pad::south, {kEnter, kNone, kNone, kEnter, ' '}, false},
    {&Pad::north, {' ', kNone, 'O', ' ', kTab}, false},
    {&Pad::east, {kEscape, kEscape, 'H', kEscape, kEscape}, false},
    {&Pad::west, {kTab, 'G', 'N', kTab, kBackspace}, true},
    {&Pad::left_shoulder, {kPageUp, '[', kDown | kShift, kNone, kPageUp}, false},
    {&Pad::right_shoulder, {kPageDown, ']', kUp | kShift, kNone, kPageDown}, false},
    {&Pad::back, {kBackspace, kEnter, kBackspace, kNone, kBackspace}, false},
    {&Pad::start, {kNone, kNone, 'P', kEscape, kEnter}, false},
};

size_t column_of(PadPart part, const Pad& pad) {
    switch (part) {
        case PadPart::screens: return 0;
        case PadPart::pen: return input::tools_held(pad) ? 2 : 1;
        case PadPart::menu: return 3;
        case PadPart::letters: return 4;
    }
    return 0;
}

}  // namespace

std::vector<PadKeys::Press> PadKeys::update(double time, const Pad& pad, PadPart part) {
    static_assert(std::tuple_size_v<decltype(held_)> == std::size(kButtons));
    const size_t column = column_of(part, pad);
    const bool changed = column != column_;
    column_ = column;
    std::vector<Press> presses;
    for (size_t i = 0; i < std::size(kButtons); ++i) {
        const Button& button = kButtons[i];
        Held& held = held_[i];
        const bool down = pad.*button.down, began = down && !held.down;
        const int key = button.keys[column];
        held.down = down;
        if (!down || key == kNone) continue;
        if (changed && !began) held.next = 1e300;
        const bool again = button.repeats && time >= held.next;
        if (!began && !again) continue;
        presses.push_back({key & ~kShift, !began, (key & kShift) != 0});
        held.next = time + (began ? kFirstRepeat : kNextRepeat);
    }
    return presses;
}

}  // namespace render
