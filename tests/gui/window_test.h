#pragma once

// The program's window on a display of its own, driven with real mouse and key events and read by its log.
// Screenshots are kept as artefacts.

#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

// Last: its macros (None, Bool) spoil other headers.
#include <X11/Xlib.h>

namespace gui_test {

namespace fs = std::filesystem;
using scenario::Outcome;

constexpr double kPatience = 60;  // s, for baking a face on a slow machine

/// Looks every few milliseconds until `holds`; false after the limit.
inline bool until(const std::function<bool()>& holds, double limit_s = kPatience) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

/// A program whose output of one stream goes to a file that can be read while it runs.
inline std::unique_ptr<scenario::Process> start(std::vector<std::string> command, int stream,
                                                const fs::path& log, scenario::Environment environment) {
    environment["TEST_LOG"] = log.string();
    std::vector<std::string> shell = {"sh", "-c", fmt::format("exec \"$@\" {}>\"$TEST_LOG\"", stream), "sh"};
    shell.insert(shell.end(), command.begin(), command.end());
    return std::make_unique<scenario::Process>(shell, environment);
}

/// What a window manager asks of a window; the test plays its part since Xvfb has none.
class Manager {
  public:
    explicit Manager(const std::string& display) : display_(XOpenDisplay(display.c_str())) {}
    ~Manager() {
        if (display_) XCloseDisplay(display_);
    }
    Manager(const Manager&) = delete;

    void ask_to_close(Window window) {
        XEvent event{};
        event.xclient.type = ClientMessage;
        event.xclient.window = window;
        event.xclient.message_type = atom("WM_PROTOCOLS");
        event.xclient.format = 32;
        event.xclient.data.l[0] = static_cast<long>(atom("WM_DELETE_WINDOW"));
        XSendEvent(display_, window, False, NoEventMask, &event);
        XSync(display_, False);
    }

    void minimise(Window window) {
        XUnmapWindow(display_, window);
        set_state(window, 3);
    }
    void restore(Window window) {
        XMapWindow(display_, window);
        set_state(window, 1);
    }

    /// What a file manager does when a file is let go over the window: the XDND protocol, version 5. False
    /// when the window did not take the file within ten seconds.
    bool drop(Window window, const fs::path& file) {
        const Window source = XCreateSimpleWindow(display_, DefaultRootWindow(display_), 0, 0, 1, 1, 0, 0, 0);
        const Atom selection = atom("XdndSelection"), uris = atom("text/uri-list");
        XSetSelectionOwner(display_, selection, source, CurrentTime);
        send(window, source, "XdndEnter", {5l << 24, static_cast<long>(uris), 0, 0});
        send(window, source, "XdndPosition",
             {0, 640l << 16 | 360, CurrentTime, static_cast<long>(atom("XdndActionCopy"))});
        send(window, source, "XdndDrop", {0, CurrentTime, 0, 0});
        const bool finished = until([&] { return answer(file.string()); }, 10);
        XDestroyWindow(display_, source);
        XSync(display_, False);
        return finished;
    }

  private:
    void send(Window to, Window from, const char* message, std::array<long, 4> rest) {
        XEvent event{};
        event.xclient.type = ClientMessage;
        event.xclient.window = to;
        event.xclient.message_type = atom(message);
        event.xclient.format = 32;
        event.xclient.data.l[0] = static_cast<long>(from);
        std::copy(rest.begin(), rest.end(), event.xclient.data.l + 1);
        XSendEvent(display_, to, False, NoEventMask, &event);
        XSync(display_, False);
    }

    /// Hands the file's address to whoever asks for the selection; true once they say that they have it.
    bool answer(const std::string& path) {
        while (XPending(display_) > 0) {
            XEvent event;
            XNextEvent(display_, &event);
            if (event.type == ClientMessage && event.xclient.message_type == atom("XdndFinished"))
                return true;
            if (event.type != SelectionRequest) continue;
            const XSelectionRequestEvent& asked = event.xselectionrequest;
            const std::string address = "file://" + path + "\r\n";
            XChangeProperty(display_, asked.requestor, asked.property, asked.target, 8, PropModeReplace,
                            reinterpret_cast<const unsigned char*>(address.data()),
                            static_cast<int>(address.size()));
            XEvent reply{};
            reply.xselection.type = SelectionNotify;
            reply.xselection.requestor = asked.requestor;
            reply.xselection.selection = asked.selection;
            reply.xselection.target = asked.target;
            reply.xselection.property = asked.property;
            reply.xselection.time = asked.time;
            XSendEvent(display_, asked.requestor, False, NoEventMask, &reply);
            XSync(display_, False);
        }
        return false;
    }

    Atom atom(const char* name) { return XInternAtom(display_, name, False); }

    /// ICCCM 4.1.3.1: 1 is normal, 3 iconic.
    void set_state(Window window, long state) {
        const long value[2] = {state, None};
        XChangeProperty(display_, window, atom("WM_STATE"), atom("WM_STATE"), 32, PropModeReplace,
                        reinterpret_cast<const unsigned char*>(value), 2);
        XSync(display_, False);
    }

    Display* display_;
};

class WindowTest : public testing::Test {
  protected:
    void SetUp() override {
        require("Xvfb", "xvfb");
        require("xdotool", "xdotool");
        if (HasFatalFailure()) return;
        fs::create_directories(artefacts());
        fs::create_directories(scratch_ / "sessions");
        fs::create_directories(scratch_ / "pictures");
        fs::create_directories(scratch_ / "config");
        std::ofstream(scratch_ / "config" / "settings.toml") << settings();
        open_display();
        if (HasFatalFailure()) return;
        open_application();
    }

    static void require(const char* program, const char* package) {
        ASSERT_EQ(scenario::run({"sh", "-c", fmt::format("command -v {}", program)}).exit, 0)
            << program << " is missing: apt-get install " << package;
    }

    /// The command of an X server that tells its display's number on stdout.
    virtual std::vector<std::string> server() { return screen(1280, 720); }

    /// Keys repeat only when held for long: on a busy machine xdotool may be late to let a key go.
    static std::vector<std::string> screen(int width, int height) {
        return {"Xvfb", "-displayfd", "1", "-screen", "0", fmt::format("{}x{}x24", width, height), "-ardelay", "5000", "-nolisten", "tcp"};
    }

    void open_display() {
        const fs::path number = scratch_ / "display";
        server_ = start(server(), 1, number, {});
        ASSERT_TRUE(until([&] { return scenario::read(number).ends_with('\n'); })) << "the X server did not start";
        std::string text = scenario::read(number);
        text.pop_back();
        environment_ = {{"DISPLAY", ":" + text},
                        {"WAYLAND_DISPLAY", ""},
                        {"EVENHAND_SESSIONS", (scratch_ / "sessions").string()},
                        {"EVENHAND_SCREENSHOT_DIR", (scratch_ / "pictures").string()},
                        {"EVENHAND_CONFIG", (scratch_ / "config").string()},
                        {"EVENHAND_FACES", (scratch_ / "faces").string()},
                        {"EVENHAND_LESSONS", (scratch_ / "lessons").string()},
                        {"EVENHAND_DESK", (scratch_ / "desk").string()},
                        {"EVENHAND_CACHE", EVENHAND_BINARY_DIR "/gui-cache"},
                        {"EVENHAND_VALIDATION", "1"}};
        manager_ = std::make_unique<Manager>(":" + text);
    }

    /// What the program finds chosen. On the CPU driver the 3D view is most of a picture's cost, and no test of the window
    /// needs it finer than half its pixels.
    virtual std::string settings() { return "version = 1\nresolution = 0.5\n"; }
    virtual std::vector<std::string> application() { return {EVENHAND_PROGRAM, "--log-level", "debug"}; }

    void open_application() {
        const std::vector<std::string> command = application();  // which may add to the environment
        application_ = start(command, 2, scratch_ / "log", environment_);
        ASSERT_TRUE(says("screen start")) << log();
        ASSERT_TRUE(says("First picture after")) << "a click before it meets nothing\n" << log();
        std::string found;
        ASSERT_TRUE(until([&] {
            found =
                scenario::run({"xdotool", "search", "--onlyvisible", "--name", "Evenhand"}, environment_).out;
            return !found.empty();
        })) << "no window; "
            << log();
        window_ = std::stoul(found);
    }

    static fs::path artefacts() { return EVENHAND_BINARY_DIR "/artefacts"; }
    std::string log() const { return scenario::read(scratch_ / "log"); }

    /// Waits for a line of the log that contains `words`.
    bool says(const std::string& words, double limit_s = kPatience) {
        return until([&] { return !said(words).empty() || !application_->running(); }, limit_s) &&
               !said(words).empty();
    }
    /// What follows `words` in the last complete line of the log that has them, and a blank; empty without
    /// one.
    std::string said(const std::string& words) const {
        std::istringstream lines(log());
        std::string found;
        for (std::string line; std::getline(lines, line) && !lines.eof();)
            if (const size_t at = line.find(words); at != std::string::npos)
                found = line.substr(at + words.size()) + " ";
        return found;
    }
    /// How often the complete lines of the log say it.
    int times(const std::string& words) const {
        std::string text = log();
        text.resize(text.rfind('\n') + 1);  // to nothing where there is no line
        int count = 0;
        for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
        return count;
    }
    /// The same without blanks at its ends.
    std::string told(const std::string& words) const {
        const std::string found = said(words);
        const size_t first = found.find_first_not_of(' ');
        if (first == std::string::npos) return {};
        return found.substr(first, found.find_last_not_of(' ') - first + 1);
    }

    /// Does something and waits until the log says it once more than before.
    void expect_once_more(const std::string& words, const std::function<void()>& act) {
        const int before = times(words);
        act();
        ASSERT_TRUE(until([&] { return times(words) > before; })) << words << "\n" << log();
    }
    /// A key that gives a text field the keys; then what is typed and Enter, which ends it.
    void type(const std::string& begin, const std::string& what) {
        expect_once_more("typing begins", [&] { key(begin); });
        expect_once_more("typing ends", [&] { xdotool({"type", "--delay", "20", what}), xdotool({"key", "Return"}); });
    }

    void xdotool(std::vector<std::string> words) {
        words.insert(words.begin(), "xdotool");
        const Outcome outcome = scenario::run(words, environment_, 60);
        ASSERT_EQ(outcome.exit, 0) << outcome.err;
    }
    void key(const std::string& name) { xdotool({"key", name}); }
    void click(int x, int y) {
        xdotool({"mousemove", std::to_string(x), std::to_string(y), "sleep", "0.2", "mousedown", "1", "sleep",
                 "0.2", "mouseup", "1"});
    }

    /// F12; the picture is kept under `name`.
    void photograph(const std::string& name) {
        const std::string before = told("screenshot ");
        key("F12");
        ASSERT_TRUE(until([&] { return told("screenshot ") != before; })) << log();
        fs::copy_file(told("screenshot "), artefacts() / (name + ".png"),
                      fs::copy_options::overwrite_existing);
        EXPECT_GT(fs::file_size(artefacts() / (name + ".png")), 10'000u) << name;
    }

    /// What `export` tells of a recording, `--samples` or another: one vector of columns per row.
    std::vector<std::vector<double>> exported(const std::string& recording, const std::string& what) {
        const std::string path = (scratch_ / "rows.csv").string();
        const scenario::Outcome outcome = scenario::evenhand({"export", recording, what, path}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        std::istringstream text(scenario::read(path));
        std::vector<std::vector<double>> rows;
        std::string line;
        for (std::getline(text, line); std::getline(text, line);) {
            std::istringstream cells(line);
            std::vector<double>& row = rows.emplace_back();
            for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::strtod(cell.c_str(), nullptr));
        }
        return rows;
    }
    void expect_no_validation_message() {
        EXPECT_THAT(log(), testing::Not(testing::HasSubstr("validation")));
    }

    scenario::Scratch scratch_;
    scenario::Environment environment_;
    std::unique_ptr<scenario::Process> server_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<scenario::Process> application_;  ///< last: ends before the server that it is drawn on
    Window window_ = 0;
};

}  // namespace gui_test
