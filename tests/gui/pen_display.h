#pragma once

// An X server with a pen that measures pressure: Xorg with the dummy video driver and its own `inputtest` devices, driven
// through their sockets. Xvfb cannot do this: its devices have relative axes only.

#include "tests/gui/window_test.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <initializer_list>

#include <xorg/xf86-input-inputtest-protocol.h>

namespace gui_test {

/// The hand behind one `inputtest` device. Every event is waited for until the server has told all clients of it.
class Injector {
  public:
    explicit Injector(const fs::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        const auto* to = reinterpret_cast<const sockaddr*>(&address);
        ready_ = until([&] { return ::connect(socket_, to, sizeof address) == 0; }, 10);
        xf86ITEventClientVersion version{};
        version.major = XF86IT_PROTOCOL_VERSION_MAJOR;
        version.minor = XF86IT_PROTOCOL_VERSION_MINOR;
        send(version, XF86IT_EVENT_CLIENT_VERSION);
        xf86ITResponseServerVersion answer{};
        ready_ = ready_ && ::read(socket_, &answer, sizeof answer) == sizeof answer;
    }
    ~Injector() { ::close(socket_); }
    Injector(const Injector&) = delete;

    bool ready() const { return ready_; }
    void proximity(bool in) {
        xf86ITEventProximity event{};
        event.is_prox_in = in;
        send(event, XF86IT_EVENT_PROXIMITY);
        settle();
    }
    /// `place` in pixels of the display, `pressure` in its own range of 0 to 1000.
    void move(double x, double y, double pressure) {
        xf86ITEventMotion event{};
        event.is_absolute = 1;
        event.valuators = axes(x, y, pressure);
        send(event, XF86IT_EVENT_MOTION);
        settle();
    }
    void button(int number, bool press) {
        xf86ITEventButton event{};
        event.is_absolute = 1;
        event.button = number;
        event.is_press = press;
        send(event, XF86IT_EVENT_BUTTON);
        settle();
    }
    /// `code`: of the keyboard, X's own.
    void key(int code) {
        for (const bool press : {true, false}) {
            xf86ITEventKey event{};
            event.key_code = code;
            event.is_press = press;
            send(event, XF86IT_EVENT_KEY);
            settle();
        }
    }

  private:
    static xf86ITValuatorData axes(double x, double y, double pressure) {
        xf86ITValuatorData data{};
        const auto set = [&](int axis, double value) {
            data.mask[axis / 8] = static_cast<uint8_t>(data.mask[axis / 8] | 1 << axis % 8);
            data.valuators[axis] = data.unaccelerated[axis] = value;
        };
        // Both axes of position go from 0 to 65535 over a display of 1280 x 720.
        set(0, x * 65535 / 1280), set(1, y * 65535 / 720), set(4, pressure);
        return data;
    }
    template <typename Event>
    void send(Event& event, xf86ITEventType type) {
        event.header.length = sizeof event;
        event.header.type = type;
        ready_ = ready_ && ::write(socket_, &event, sizeof event) == sizeof event;
    }
    void settle() {
        xf86ITEventWaitForSync wait{};
        send(wait, XF86IT_EVENT_WAIT_FOR_SYNC);
        xf86ITResponseSyncFinished answer{};
        ready_ = ready_ && ::read(socket_, &answer, sizeof answer) == sizeof answer;
    }

    int socket_;
    bool ready_ = false;
};

}  // namespace gui_test
