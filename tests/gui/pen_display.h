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

inline constexpr double kPenX = 622, kPenY = 360;             // middle of the picture
inline constexpr double kPenDeadZone = 0.03, kPenFull = 3.0;  // as delivered; N

/// What the curve makes of a pressure of [0, 1000].
inline double newtons(double pressure) { return kPenFull * std::max(0.0, pressure * 1e-3 - kPenDeadZone) / (1 - kPenDeadZone); }

/// A window's test on such a server; skipped where none starts.
template <typename Window>
class OnPenDisplay : public Window {
  protected:
    void SetUp() override {
        if (scenario::run({"sh", "-c", "command -v Xorg"}).exit != 0)
            GTEST_SKIP() << "there is no Xorg: apt-get install xserver-xorg-core xserver-xorg-video-dummy libxcvt0";
        if (!starts())
            GTEST_SKIP() << "Xorg does not start on this machine: " << scenario::read(this->scratch_ / "probe.err");
        Window::SetUp();
        pen_ = std::make_unique<Injector>(this->scratch_ / "pen.sock");
        ASSERT_TRUE(pen_->ready()) << "the pen's socket does not answer";
    }

    /// Xorg needs more of a machine than Xvfb, such as a root account: tried once before the test.
    bool starts() {
        const auto command = server();
        const fs::path number = this->scratch_ / "probe", said = this->scratch_ / "probe.err";
        std::vector<std::string> shell = {"sh", "-c", "exec \"$@\" 2>\"" + said.string() + "\"", "sh"};
        shell.insert(shell.end(), command.begin(), command.end());
        const auto probe = start(shell, 1, number, {});
        return until([&] { return scenario::read(number).ends_with('\n') || !probe->running(); }, 20) &&
               scenario::read(number).ends_with('\n');
    }

    std::vector<std::string> server() override {
        const std::string config = this->scratch_.write("xorg.conf", fmt::format(R"(
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "InputDevice"
  Identifier "test stylus"
  Driver "inputtest"
  Option "SocketPath" "{0}/pen.sock"
  Option "DeviceType" "PointerAbsoluteProximity"
  Option "PointerHasPressure" "true"
EndSection
Section "InputDevice"
  Identifier "test keyboard"
  Driver "inputtest"
  Option "SocketPath" "{0}/keyboard.sock"
  Option "DeviceType" "Keyboard"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
  Modeline "1280x720" 74.5 1280 1344 1472 1664 720 723 728 748
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1280x720"
  EndSubSection
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "test stylus" "CorePointer"
  InputDevice "test keyboard" "CoreKeyboard"
EndSection
)",
                                                                           this->scratch_.folder().string()));
        return {"Xorg", "-displayfd", "1", "-config", config, "-logfile", (this->scratch_ / "xorg.log").string(),
                "-noreset", "-nolisten", "tcp"};
    }

    /// Holds the pen at a pressure for half a second, going on a little.
    void hold(double from_x, double pressure) {
        for (int i = 0; i <= 20; ++i) {
            pen_->move(from_x + 0.5 * i, kPenY, pressure);
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
    }

    std::unique_ptr<Injector> pen_;
};

}  // namespace gui_test
