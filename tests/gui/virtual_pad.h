#pragma once

// A gamepad below GLFW: a wired Xbox 360 pad, or one of Sony's or Nintendo's, at the kernel's own interface (evdev: /dev/input/event5, its events and ioctls), played by
// umockdev to a program that is started with environment(). Neither /dev/uinput nor a root account is needed. What no test sees
// this way is the kernel's driver and the hardware.

#include "tests/gui/letters.h"
#include "tests/gui/window_test.h"

#include <gtest/gtest.h>

#include <linux/input.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <umockdev.h>

namespace gui_test {

/// What the kernel tells of a kind of pad. Sony's and Nintendo's have their buttons by place (BTN_SOUTH and so on), Nintendo's triggers
/// are buttons alone, as the kernel's own drivers give them; Xbox's go by letter.
struct PadKind {
    input_id who;
    const char* name;
};
inline constexpr PadKind kXbox360{{BUS_USB, 0x045e, 0x028e, 0x0114}, "Microsoft X-Box 360 pad"};
inline constexpr PadKind kDualSense{{BUS_USB, 0x054c, 0x0ce6, 0x8111}, "Sony Interactive Entertainment Wireless Controller"};
inline constexpr PadKind kSwitchPro{{BUS_USB, 0x057e, 0x2009, 0x8111}, "Nintendo Co., Ltd. Pro Controller"};

class VirtualPad {
  public:
    explicit VirtualPad(const PadKind& kind = kXbox360) : kind_(kind), testbed_(umockdev_testbed_new()), kernel_(umockdev_ioctl_base_new()) {
        for (const int stick : {ABS_X, ABS_Y, ABS_RX, ABS_RY}) axes_[stick] = {0, -32768, 32767, 0, 0, 0};
        if (kind_.who.vendor != kSwitchPro.who.vendor)
            for (const int trigger : {ABS_Z, ABS_RZ}) axes_[trigger] = {0, 0, 255, 0, 0, 0};
        for (const int cross : {ABS_HAT0X, ABS_HAT0Y}) axes_[cross] = {0, -1, 1, 0, 0, 0};
        g_signal_connect(kernel_, "handle-ioctl", G_CALLBACK(&VirtualPad::answer), this);
        const char* device = "P: /devices/pad/input/input5/event5\nN: input/event5\nE: DEVNAME=/dev/input/event5\nE: SUBSYSTEM=input\n\n";
        ready_ = umockdev_testbed_add_from_string(testbed_, device, nullptr) && umockdev_testbed_attach_ioctl(testbed_, kNode, kernel_, nullptr);
        events_ = ready_ ? umockdev_testbed_get_dev_fd(testbed_, kNode) : -1;
        ready_ = ready_ && events_ >= 0;
    }
    ~VirtualPad() {
        g_object_unref(testbed_);
        g_object_unref(kernel_);
    }
    VirtualPad(const VirtualPad&) = delete;

    bool ready() const { return ready_; }
    /// Of a program that is to find the pad.
    scenario::Environment environment() const {
        char* root = umockdev_testbed_get_root_dir(testbed_);
        scenario::Environment names = {{"LD_PRELOAD", "libumockdev-preload.so.0"}, {"UMOCKDEV_DIR", root}};
        g_free(root);
        return names;
    }

    /// `code`: BTN_A and so on, as linux/input.h names them.
    void button(int code, bool down) { tell({{EV_KEY, code, down ? 1 : 0}}); }
    /// ABS_X and so on; `share` of its way from the middle, or of a trigger from rest: [-1, 1].
    void axis(int code, double share) {
        const std::lock_guard lock(mutex_);
        input_absinfo& axis = axes_.at(code);
        axis.value = static_cast<int>(share * axis.maximum);
        tell({{EV_ABS, code, axis.value}});
    }

  private:
    struct Event {
        int type, code, value;
    };
    static constexpr const char* kNode = "/dev/input/event5";

    void tell(std::initializer_list<Event> all) {
        for (const auto& [type, code, value] : all) write(type, code, value);
        write(EV_SYN, SYN_REPORT, 0);
    }
    void write(int type, int code, int value) {
        input_event event{};
        event.type = static_cast<uint16_t>(type), event.code = static_cast<uint16_t>(code), event.value = value;
        EXPECT_EQ(::write(events_, &event, sizeof event), static_cast<ssize_t>(sizeof event));
    }

    static std::vector<char> bits(std::initializer_list<int> set) {
        std::vector<char> bytes(KEY_CNT / 8);
        for (const int bit : set) bytes[static_cast<size_t>(bit / 8)] = static_cast<char>(bytes[static_cast<size_t>(bit / 8)] | 1 << bit % 8);
        return bytes;
    }
    template <typename Value>
    static std::vector<char> bytes_of(const Value& value) {
        const char* from = reinterpret_cast<const char*>(&value);
        return {from, from + sizeof value};
    }
    /// The kernel's drivers for Sony's and Nintendo's pads have the triggers as buttons, too, and Nintendo's one more.
    std::vector<char> keys() const {
        if (kind_.who.vendor == kXbox360.who.vendor)
            return bits({BTN_A, BTN_B, BTN_X, BTN_Y, BTN_TL, BTN_TR, BTN_SELECT, BTN_START, BTN_MODE, BTN_THUMBL, BTN_THUMBR});
        const auto common = {BTN_SOUTH, BTN_EAST, BTN_NORTH, BTN_WEST, BTN_TL, BTN_TR, BTN_TL2, BTN_TR2, BTN_SELECT, BTN_START, BTN_MODE, BTN_THUMBL, BTN_THUMBR};
        std::vector<char> all = bits(common);
        if (kind_.who.vendor == kSwitchPro.who.vendor) all[BTN_Z / 8] = static_cast<char>(all[BTN_Z / 8] | 1 << BTN_Z % 8);
        return all;
    }
    /// What the kernel tells of the pad by this ioctl.
    std::vector<char> told(unsigned number) {
        const std::lock_guard lock(mutex_);
        if (number == _IOC_NR(EVIOCGID)) return bytes_of(kind_.who);
        if (number == _IOC_NR(EVIOCGNAME(0))) return {kind_.name, kind_.name + std::strlen(kind_.name) + 1};
        if (number == _IOC_NR(EVIOCGBIT(0, 0))) return bits({EV_SYN, EV_KEY, EV_ABS});
        if (number == _IOC_NR(EVIOCGBIT(EV_KEY, 0)))
            return keys();
        if (number == _IOC_NR(EVIOCGBIT(EV_ABS, 0)))
            return axes_.contains(ABS_Z) ? bits({ABS_X, ABS_Y, ABS_Z, ABS_RX, ABS_RY, ABS_RZ, ABS_HAT0X, ABS_HAT0Y})
                                         : bits({ABS_X, ABS_Y, ABS_RX, ABS_RY, ABS_HAT0X, ABS_HAT0Y});
        const auto axis = axes_.find(static_cast<int>(number - _IOC_NR(EVIOCGABS(0))));
        return axis == axes_.end() ? std::vector<char>() : bytes_of(axis->second);
    }
    static gboolean answer(UMockdevIoctlBase*, UMockdevIoctlClient* client, VirtualPad* pad) {
        const unsigned long request = umockdev_ioctl_client_get_request(client);
        const std::vector<char> told = pad->told(_IOC_NR(request));
        if (told.empty()) return false;
        const size_t room = std::min<size_t>(told.size(), _IOC_SIZE(request));
        UMockdevIoctlData* into = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, _IOC_SIZE(request), nullptr);
        if (!into) return false;
        std::memcpy(into->data, told.data(), room);
        umockdev_ioctl_client_complete(client, static_cast<glong>(room), 0);
        g_object_unref(into);
        return true;
    }

    const PadKind kind_;
    std::mutex mutex_;
    std::map<int, input_absinfo> axes_;
    UMockdevTestbed* testbed_;
    UMockdevIoctlBase* kernel_;
    int events_ = -1;
    bool ready_ = false;
};

/// What a thumb presses: a button, or one way of the cross.
struct PadButton {
    int code, down;
    bool cross = false;
};
inline constexpr PadButton kA{BTN_A, 1}, kB{BTN_B, 1}, kX{BTN_X, 1}, kY{BTN_Y, 1}, kRight{BTN_TR, 1}, kBack{BTN_SELECT, 1}, kStart{BTN_START, 1},
    kCrossLeft{ABS_HAT0X, -1, true}, kCrossRight{ABS_HAT0X, 1, true}, kCrossDown{ABS_HAT0Y, 1, true};

/// A test of the window to which such a pad is plugged in.
template <typename Window, const PadKind& kKind = kXbox360>
class OnPad : public Window {
  protected:
    std::vector<std::string> application() override {
        EXPECT_TRUE(pad_.ready());
        const std::vector<std::string> command = Window::application();
        this->environment_.merge(pad_.environment());
        return command;
    }
    void set(const PadButton& button, int value) {
        this->expect_once_more("pad buttons ", [&] { button.cross ? pad_.axis(button.code, value) : pad_.button(button.code, value != 0); });
    }
    /// Down until the window has seen it, and up again until it has seen that: it looks once a picture.
    void tap(const PadButton& button, int times = 1) {
        for (int i = 0; i < times; ++i) set(button, button.down), set(button, 0);
    }
    void tap_for(const PadButton& button, const std::string& words) {
        this->expect_once_more(words, [&] { tap(button); });
    }
    /// On the letters on screen, which have opened: from where the mark is, which at first is q or what stands there in the language.
    void spell(const Letters& letters, const std::string& words) {
        if (const int opened = this->times("letters open"); std::exchange(opened_, opened) != opened) mark_ = {0, 1, 0};
        for (const std::string& letter : Letters::letters_of(words)) {
            if (letter == " ") {
                tap(kY);
                continue;
            }
            const Letters::Place place = letters.of(letter, mark_.page);
            for (; mark_.page != place.page; mark_ = {(mark_.page + 1) % 3, 0, 0}) tap(kRight);
            for (; mark_.row != place.row; mark_.row += mark_.row < place.row ? 1 : -1) tap({ABS_HAT0Y, mark_.row < place.row ? 1 : -1, true});
            mark_.column = std::min(mark_.column, letters.columns(place.page, place.row) - 1);
            for (; mark_.column != place.column; mark_.column += mark_.column < place.column ? 1 : -1)
                tap({ABS_HAT0X, mark_.column < place.column ? 1 : -1, true});
            tap(kA);
        }
    }

    VirtualPad pad_{kKind};
    Letters::Place mark_;
    int opened_ = 0;  ///< so often did the letters
};

}  // namespace gui_test
