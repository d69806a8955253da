#include "engine/render/pad_keys.h"

namespace render {

namespace {

constexpr int kNone = 0, kEscape = 256, kEnter = 257, kTab = 258, kBackspace = 259, kRight = 262, kLeft = 263, kDown = 264,
              kUp = 265, kPageUp = 266, kPageDown = 267;
constexpr double kFirstRepeat = 0.4, kNextRepeat = 0.1;  // s

struct Button {
    bool input::GamepadState::*down;
    int key, while_leading;
    bool repeats;
};
constexpr Button kButtons[] = {
    {&input::GamepadState::up, kUp, kNone, true},
    {&input::GamepadState::down, kDown, kNone, true},
    {&input::GamepadState::cross_left, kLeft, kNone, true},
    {&input::GamepadState::cross_right, kRight, kNone, true},
    {&input::GamepadState::south, kEnter, kNone, false},
    {&input::GamepadState::north, ' ', kNone, false},
    {&input::GamepadState::east, kEscape, kEscape, false},
    {&input::GamepadState::west, kTab, kNone, true},
    {&input::GamepadState::left_shoulder, kPageUp, '[', false},
    {&input::GamepadState::right_shoulder, kPageDown, ']', false},
    {&input::GamepadState::back, kBackspace, kEnter, false},
};

}  // namespace

std::vector<PadKeys::Press> PadKeys::update(double time, const input::GamepadState& pad, bool leads_pen) {
    static_assert(std::tuple_size_v<decltype(held_)> == std::size(kButtons));
    const bool changed = leads_pen != led_pen_;
    led_pen_ = leads_pen;
    std::vector<Press> presses;
    for (size_t i = 0; i < std::size(kButtons); ++i) {
        const Button& button = kButtons[i];
        Held& held = held_[i];
        const bool down = pad.*button.down, began = down && !held.down;
        const int key = leads_pen ? button.while_leading : button.key;
        held.down = down;
        if (!down || key == kNone) continue;
        if (changed && !began) held.next = 1e300;
        if (began)
            presses.push_back({key, false});
        else if (button.repeats && time >= held.next)
            presses.push_back({key, true});
        else
            continue;
        held.next = time + (began ? kFirstRepeat : kNextRepeat);
    }
    return presses;
}

}  // namespace render
