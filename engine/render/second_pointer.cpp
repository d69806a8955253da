#include "engine/render/second_pointer.h"

#include <algorithm>

#include "engine/render/x_display.h"

namespace render {

struct SecondPointer::State {
    std::unique_ptr<Display, CloseDisplay> display;
    Window window = 0;
    int extension = 0;
    std::vector<int> devices;  ///< second master pointers, ours over the window
    Event last{};              ///< that was told of

    void take_up();
    const Event& heard(const XIDeviceEvent& event);
};

/// Grabbed while they are over the window: their moves would else look like the first pointer's to whoever listens
/// to plain X events.
void SecondPointer::State::take_up() {
    const QuietErrors quiet(display.get());
    int chosen = 0, count = 0;
    const bool is_chosen = XIGetClientPointer(display.get(), 0, &chosen);
    EventBits bits;
    std::vector<int> now;
    XIDeviceInfo* all = XIQueryDevice(display.get(), XIAllMasterDevices, &count);
    // Plain X events are the chosen pointer's or, as nearly always, the oldest one's.
    const int first = is_chosen || count == 0 ? chosen : all[0].deviceid;
    for (int i = 0; i < count; ++i) {
        const int device = all[i].deviceid;
        if (all[i].use != XIMasterPointer || device == first) continue;
        now.push_back(device);
        if (std::find(devices.begin(), devices.end(), device) != devices.end()) continue;
        XIEventMask mask = mask_of(device, bits, {XI_Motion, XI_ButtonPress, XI_ButtonRelease, XI_Enter});
        XIGrabModifiers any{static_cast<int>(XIAnyModifier), 0};
        XIGrabEnter(display.get(), device, window, 0, XIGrabModeAsync, XIGrabModeAsync, False, &mask, 1, &any);
    }
    XIFreeDeviceInfo(all);
    devices = now;
}

const SecondPointer::Event& SecondPointer::State::heard(const XIDeviceEvent& event) {
    const bool button = event.evtype == XI_ButtonPress || event.evtype == XI_ButtonRelease;
    if (button && event.detail == 1) last.pressed = event.evtype == XI_ButtonPress;
    last.place = {event.event_x, event.event_y};
    return last;
}

SecondPointer::SecondPointer(std::unique_ptr<State> state) : state_(std::move(state)) {}
SecondPointer::~SecondPointer() = default;

std::unique_ptr<SecondPointer> SecondPointer::watch(unsigned long window) {
    if (window == 0) return nullptr;
    auto state = std::make_unique<State>();
    state->display.reset(XOpenDisplay(nullptr));
    if (!state->display) return nullptr;
    Display* display = state->display.get();
    state->extension = xinput2_of(display);
    if (state->extension == 0) return nullptr;
    state->window = window;
    EventBits bits;
    XIEventMask mask = mask_of(XIAllDevices, bits, {XI_HierarchyChanged});
    XISelectEvents(display, DefaultRootWindow(display), &mask, 1);
    state->take_up();
    return std::unique_ptr<SecondPointer>(new SecondPointer(std::move(state)));
}

std::vector<SecondPointer::Event> SecondPointer::read() {
    std::vector<Event> events;
    Display* display = state_->display.get();
    // What the first pointer's listener heard of an entering, we hear in the same call.
    if (!state_->devices.empty()) XSync(display, False);
    while (XPending(display) > 0) {
        XEvent event;
        XNextEvent(display, &event);
        XGenericEventCookie& cookie = event.xcookie;
        if (event.type != GenericEvent || cookie.extension != state_->extension ||
            !XGetEventData(display, &cookie))
            continue;
        switch (cookie.evtype) {
            case XI_HierarchyChanged:
                state_->take_up();
                if (!state_->devices.empty() || !state_->last.pressed) break;
                state_->last.pressed = false;  // taken away, it lets go
                events.push_back(state_->last);
                break;
            case XI_Motion:
            case XI_ButtonPress:
            case XI_ButtonRelease:
                events.push_back(state_->heard(*static_cast<const XIDeviceEvent*>(cookie.data)));
                break;
            case XI_Enter: {
                const auto& enter = *static_cast<const XIEnterEvent*>(cookie.data);
                events.push_back({{enter.event_x, enter.event_y}, state_->last.pressed, true});
                break;
            }
            default:
                break;
        }
        XFreeEventData(display, &cookie);
    }
    return events;
}

}  // namespace render
