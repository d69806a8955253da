#pragma once

// What those who listen to an X11 display on a connection of their own share. Last among a file's includes: X11's macros
// (None, Bool) spoil other headers.

#include <array>
#include <initializer_list>

#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>

namespace render {

struct CloseDisplay {
    void operator()(Display* display) const { XCloseDisplay(display); }
};

/// Opcode of XInput 2 on this display; 0 where it has none.
inline int xinput2_of(Display* display) {
    int opcode = 0, event = 0, error = 0, major = 2, minor = 2;
    if (!XQueryExtension(display, "XInputExtension", &opcode, &event, &error)) return 0;
    return XIQueryVersion(display, &major, &minor) == Success && major >= 2 ? opcode : 0;
}

using EventBits = std::array<unsigned char, XIMaskLen(XI_LASTEVENT)>;

/// A mask over `bits`, which must outlive it.
inline XIEventMask mask_of(int device, EventBits& bits, std::initializer_list<int> events) {
    bits = {};
    for (int event : events) {  // as XISetMask does, which narrows
        unsigned char& eight = bits[static_cast<size_t>(event) / 8];
        eight = static_cast<unsigned char>(eight | 1u << (event % 8));
    }
    return {device, static_cast<int>(bits.size()), bits.data()};
}

/// Errors of X are no news here, such as of a device that was pulled out a moment ago; left alone they end the program.
class QuietErrors {
  public:
    explicit QuietErrors(Display* display)
        : display_(display), before_(XSetErrorHandler([](Display*, XErrorEvent*) { return 0; })) {}
    ~QuietErrors() {
        XSync(display_, False);
        XSetErrorHandler(before_);
    }
    QuietErrors(const QuietErrors&) = delete;

  private:
    Display* display_;
    XErrorHandler before_;
};

}  // namespace render
