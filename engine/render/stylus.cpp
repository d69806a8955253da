#include "engine/render/stylus.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "engine/render/x_display.h"

namespace render {

namespace {

/// One axis of a device: where it stands among its values, and its range.
struct Axis {
    int number = -1;
    double low = 0, high = 1;
    double value = 0;

    bool there() const { return number >= 0; }
    double share() const { return high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.0; }
    /// Valuators are sent only when they change.
    void hear(const XIValuatorState& state) {
        if (!there() || number >= state.mask_len * 8 || !XIMaskIsSet(state.mask, number)) return;
        size_t before = 0;
        for (int i = 0; i < number; ++i) before += XIMaskIsSet(state.mask, i) ? 1 : 0;
        if (std::isfinite(state.values[before])) value = state.values[before];
    }
};

struct Pen {
    int device = 0;
    StylusInfo info;
    Axis pressure, tilt_x, tilt_y;
    Stylus::Event last;
};

/// Tablets tell tilt in degrees, or in another unit with its resolution in units per radian, as libinput does.
double degrees_of(const Axis& axis) {
    const double largest = std::max(std::fabs(axis.low), std::fabs(axis.high));
    return largest > 90 ? axis.value / largest * 60 : axis.value;
}

std::optional<Pen> pen_of(Display* display, const XIDeviceInfo& device) {
    if (device.use != XISlavePointer || !device.enabled) return std::nullopt;
    Pen pen;
    pen.device = device.deviceid;
    pen.info.name = device.name;
    for (int i = 0; i < device.num_classes; ++i) {
        if (device.classes[i]->type != XIValuatorClass) continue;
        const auto& valuator = *reinterpret_cast<const XIValuatorClassInfo*>(device.classes[i]);
        if (valuator.mode != XIModeAbsolute || valuator.label == None) continue;
        char* raw = XGetAtomName(display, valuator.label);
        const std::string label = raw ? raw : "";
        if (raw) XFree(raw);
        Axis* axis = label == "Abs Pressure" ? &pen.pressure
                     : label == "Abs Tilt X" ? &pen.tilt_x
                     : label == "Abs Tilt Y" ? &pen.tilt_y
                                             : nullptr;
        if (axis) *axis = {valuator.number, valuator.min, valuator.max, valuator.value};
    }
    if (!pen.pressure.there() || !(pen.pressure.high > pen.pressure.low)) return std::nullopt;
    pen.info.pressure_levels = static_cast<int>(std::min(1e9, pen.pressure.high - pen.pressure.low));
    pen.info.tilt = pen.tilt_x.there() && pen.tilt_y.there();
    return pen;
}

/// Asks the display anew; errors of devices that go away meanwhile are left to the caller.
std::vector<Pen> find_pens(Display* display) {
    std::vector<Pen> pens;
    int count = 0;
    XIDeviceInfo* all = XIQueryDevice(display, XIAllDevices, &count);
    for (int i = 0; all && i < count; ++i)
        if (auto pen = pen_of(display, all[i])) pens.push_back(std::move(*pen));
    if (all) XIFreeDeviceInfo(all);
    return pens;
}

}  // namespace

struct Stylus::State {
    std::unique_ptr<Display, CloseDisplay> display;
    Window window = 0;
    int extension = 0;
    std::vector<Pen> pens;
    std::vector<StylusInfo> infos;

    void take_up(std::vector<Event>& events);
    void hear(const XIDeviceEvent& event, std::vector<Event>& events);
};

/// Pens that are there now, heard over our window; of those that went away the ones that were down lift.
void Stylus::State::take_up(std::vector<Event>& events) {
    const QuietErrors quiet(display.get());
    std::vector<Pen> now = find_pens(display.get());
    EventBits bits;
    for (Pen& pen : now) {
        const auto known = std::ranges::find(pens, pen.device, &Pen::device);
        if (known != pens.end()) {
            pen.last = known->last;
            continue;
        }
        XIEventMask mask = mask_of(pen.device, bits, {XI_Motion, XI_ButtonPress, XI_ButtonRelease});
        XISelectEvents(display.get(), window, &mask, 1);
    }
    for (const Pen& pen : pens) {
        if (!pen.last.pressed || std::ranges::find(now, pen.device, &Pen::device) != now.end()) continue;
        events.push_back(pen.last);
        events.back().pressed = false;
        events.back().pressure = 0;
        events.back().pen = now.size();
    }
    pens = std::move(now);
    infos.clear();
    for (const Pen& pen : pens) infos.push_back(pen.info);
}

void Stylus::State::hear(const XIDeviceEvent& event, std::vector<Event>& events) {
    const auto pen = std::ranges::find(pens, event.deviceid, &Pen::device);
    if (pen == pens.end()) return;
    const bool button = event.evtype == XI_ButtonPress || event.evtype == XI_ButtonRelease;
    // Buttons tell no axes: theirs are the last that were told.
    if (!button)
        for (Axis* axis : {&pen->pressure, &pen->tilt_x, &pen->tilt_y}) axis->hear(event.valuators);
    if (button && event.detail == 1) pen->last.pressed = event.evtype == XI_ButtonPress;
    pen->last.time_ms = static_cast<uint32_t>(event.time);
    pen->last.place = {event.event_x, event.event_y};
    pen->last.pressure = pen->last.pressed ? pen->pressure.share() : 0.0;
    if (pen->info.tilt) pen->last.tilt = glm::dvec2(degrees_of(pen->tilt_x), degrees_of(pen->tilt_y));
    pen->last.pen = static_cast<size_t>(pen - pens.begin());
    events.push_back(pen->last);
}

Stylus::Stylus(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stylus::~Stylus() = default;

std::unique_ptr<Stylus> Stylus::watch(unsigned long window) {
    if (window == 0) return nullptr;
    auto state = std::make_unique<State>();
    state->display.reset(XOpenDisplay(nullptr));
    if (!state->display) return nullptr;
    state->extension = xinput2_of(state->display.get());
    if (state->extension == 0) return nullptr;
    state->window = window;
    EventBits bits;
    XIEventMask mask = mask_of(XIAllDevices, bits, {XI_HierarchyChanged});
    XISelectEvents(state->display.get(), DefaultRootWindow(state->display.get()), &mask, 1);
    std::vector<Event> none;
    state->take_up(none);
    return std::unique_ptr<Stylus>(new Stylus(std::move(state)));
}

std::vector<Stylus::Event> Stylus::read() {
    std::vector<Event> events;
    Display* display = state_->display.get();
    // What GLFW heard of a pen, we hear in the same call.
    if (!state_->pens.empty()) XSync(display, False);
    while (XPending(display) > 0) {
        XEvent event;
        XNextEvent(display, &event);
        XGenericEventCookie& cookie = event.xcookie;
        if (event.type != GenericEvent || cookie.extension != state_->extension || !XGetEventData(display, &cookie))
            continue;
        if (cookie.evtype == XI_HierarchyChanged)
            state_->take_up(events);
        else
            state_->hear(*static_cast<const XIDeviceEvent*>(cookie.data), events);
        XFreeEventData(display, &cookie);
    }
    return events;
}

std::span<const StylusInfo> Stylus::pens() const {
    return state_->infos;
}

std::vector<StylusInfo> list_styluses() {
    const std::unique_ptr<Display, CloseDisplay> display(XOpenDisplay(nullptr));
    if (!display || xinput2_of(display.get()) == 0) return {};
    const QuietErrors quiet(display.get());
    std::vector<StylusInfo> found;
    for (Pen& pen : find_pens(display.get())) found.push_back(std::move(pen.info));
    return found;
}

}  // namespace render
