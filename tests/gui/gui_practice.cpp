// The window under Xvfb with real mouse and key events: what a trainee does from the start screen to the
// report, and what is kept when the window or the program goes away in the middle. Screenshots are kept as
// artefacts.

#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <sstream>
#include <thread>

// Last: its macros (None, Bool) spoil other headers.
#include <X11/Xlib.h>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;
using testing::Not;

constexpr double kPatience = 60;               // s, for baking a face on a slow machine
constexpr int kMiddleX = 622, kMiddleY = 360;  // of the picture between the panels at 1280x720

/// Looks every few milliseconds until `holds`; false after the limit.
bool until(const std::function<bool()>& holds, double limit_s = kPatience) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

/// A program whose output of one stream goes to a file that can be read while it runs.
std::unique_ptr<scenario::Process> start(std::vector<std::string> command, int stream, const fs::path& log,
                                         scenario::Environment environment) {
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

  private:
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

class Practice : public testing::Test {
  protected:
    void SetUp() override {
        require("Xvfb", "xvfb");
        require("xdotool", "xdotool");
        if (HasFatalFailure()) return;
        fs::create_directories(artefacts());
        fs::create_directories(scratch_ / "sessions");
        fs::create_directories(scratch_ / "pictures");
        open_display();
        if (HasFatalFailure()) return;
        open_application();
    }

    static void require(const char* program, const char* package) {
        ASSERT_EQ(scenario::run({"sh", "-c", fmt::format("command -v {}", program)}).exit, 0)
            << program << " is missing: apt-get install " << package;
    }

    void open_display() {
        const fs::path number = scratch_ / "display";
        server_ = start({"Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"}, 1,
                        number, {});
        ASSERT_TRUE(until([&] { return scenario::read(number).ends_with('\n'); })) << "Xvfb did not start";
        std::string text = scenario::read(number);
        text.pop_back();
        environment_ = {{"DISPLAY", ":" + text},
                        {"WAYLAND_DISPLAY", ""},
                        {"EVENHAND_SESSIONS", (scratch_ / "sessions").string()},
                        {"EVENHAND_SCREENSHOT_DIR", (scratch_ / "pictures").string()},
                        {"EVENHAND_CONFIG", (scratch_ / "config").string()},
                        {"EVENHAND_CACHE", EVENHAND_BINARY_DIR "/gui-cache"},
                        {"EVENHAND_VALIDATION", "1"}};
        manager_ = std::make_unique<Manager>(":" + text);
    }

    void open_application() {
        application_ = start({EVENHAND_PROGRAM, "--log-level", "debug"}, 2, scratch_ / "log", environment_);
        ASSERT_TRUE(says("screen start")) << log();
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
    /// The same without blanks at its ends.
    std::string told(const std::string& words) const {
        const std::string found = said(words);
        const size_t first = found.find_first_not_of(' ');
        if (first == std::string::npos) return {};
        return found.substr(first, found.find_last_not_of(' ') - first + 1);
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

    /// Glides across the middle of the picture and back, needling on the way, `lines` times.
    void needle(int lines) {
        for (int line = 0; line < lines; ++line) {
            const int y = kMiddleY - 30 + 60 * line / std::max(1, lines - 1);
            std::vector<std::string> words = {"mousemove",
                                              std::to_string(kMiddleX - 60),
                                              std::to_string(y),
                                              "sleep",
                                              "0.15",
                                              "mousedown",
                                              "1",
                                              "sleep",
                                              "0.2"};
            for (int x = -60; x <= 60; x += 4)
                words.insert(words.end(),
                             {"mousemove", std::to_string(kMiddleX + x), std::to_string(y), "sleep", "0.03"});
            words.insert(words.end(), {"mouseup", "1", "sleep", "0.1"});
            xdotool(words);
        }
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

    /// From the start screen by keyboard into the demo patient, the left cheek before the pen.
    void begin_practice() {
        key("Return");
        look_at_the_left_cheek();
    }
    void look_at_the_left_cheek() {
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("8");
        ASSERT_TRUE(says("view reached")) << log();
    }
    /// Space starts the clock; the file's name.
    std::string begin_recording() {
        key("space");
        EXPECT_TRUE(says("recording ")) << log();
        return told("recording ");
    }
    /// Whole seconds of session time that the application told of; -1 before the first.
    int clock() const {
        const std::string now = told("clock ");
        return now.empty() ? -1 : std::stoi(now);
    }
    void wait_for_second(int second) {
        ASSERT_TRUE(until([&] { return clock() >= second; })) << log();
    }

    /// What `score --json` says of a recording, also of one that is still being written.
    json score(const std::string& file) {
        const Outcome outcome = evenhand({"score", file, "--json"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return outcome.exit == 0 ? json::parse(outcome.out) : json();
    }
    static json zone_of(const json& score, const std::string& id) {
        for (const json& zone : score.at("zones"))
            if (zone.at("id") == id) return zone;
        ADD_FAILURE() << "no zone " << id;
        return {};
    }
    void expect_verified(const std::string& file) {
        const Outcome outcome = evenhand({"replay", file, "--verify"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("verified"));
    }
    void expect_no_validation_message() { EXPECT_THAT(log(), Not(HasSubstr("validation"))); }

    scenario::Scratch scratch_;
    scenario::Environment environment_;
    std::unique_ptr<scenario::Process> server_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<scenario::Process> application_;  ///< last: ends before the server that it is drawn on
    Window window_ = 0;
};

TEST_F(Practice, ATraineeTreatsTheLeftCheekAndTheCommandLineAgreesWithTheScreen) {
    photograph("start");
    click(300, 190);
    look_at_the_left_cheek();
    const std::string file = begin_recording();
    wait_for_second(2);
    EXPECT_EQ(zone_of(score(file), "cheek_left").at("coverage").get<double>(), 0)
        << "nothing was touched yet";

    needle(3);
    photograph("practice");
    key("o");
    photograph("overlay");
    key("Return");
    ASSERT_TRUE(says("score ")) << log();
    photograph("score");

    const std::string shown = told("score ");
    const size_t blank = shown.find(' ');
    ASSERT_NE(blank, std::string::npos) << shown;
    EXPECT_EQ(shown.substr(blank + 1), file);
    const json counted = score(file);
    EXPECT_EQ(counted.at("total").get<int>(), std::stoi(shown)) << "hundredths, as the screen showed";
    const json cheek = zone_of(counted, "cheek_left");
    EXPECT_GT(cheek.at("coverage").get<double>(), 0);
    EXPECT_GT(cheek.at("punctures").get<int>(), 100);
    expect_verified(file);

    click(120, 675);
    ASSERT_TRUE(says("report ")) << log();
    photograph("report");
    EXPECT_EQ(fs::path(told("report ")), fs::path(file).replace_extension(".html"));
    EXPECT_THAT(scenario::read(told("report ")), HasSubstr("</html>"));
    expect_no_validation_message();
}

TEST_F(Practice, ClosingTheWindowKeepsTheSession) {
    begin_practice();
    const std::string file = begin_recording();
    needle(1);
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(kPatience), 0) << log();
    EXPECT_GT(zone_of(score(file), "cheek_left").at("punctures").get<int>(), 0);
    expect_verified(file);
    expect_no_validation_message();
}

TEST_F(Practice, AKillCostsAtMostASecondOfTheSession) {
    begin_practice();
    const std::string file = begin_recording();
    needle(1);
    wait_for_second(4);
    application_->signal(SIGKILL);
    ASSERT_EQ(application_->wait(kPatience), 128 + SIGKILL);
    const int shown = clock();

    score(file);
    expect_verified(file);
    const std::string samples = (scratch_ / "samples.csv").string();
    const Outcome exported = evenhand({"export", file, "--samples", samples}, environment_);
    ASSERT_EQ(exported.exit, 0) << exported.err;
    const std::string rows = scenario::read(samples);
    const size_t last = rows.rfind('\n', rows.size() - 2);
    EXPECT_GE(std::stod(rows.substr(last + 1)), shown - 1.0) << "the clock had shown " << shown << " s";
}

TEST_F(Practice, TheWindowIsResizedAndMinimisedWhileTheSessionGoesOn) {
    begin_practice();
    const std::string file = begin_recording();
    const std::string id = std::to_string(window_);
    const std::pair<int, int> sizes[] = {{900, 600}, {640, 400}, {1280, 720}, {1001, 703}};
    for (const auto& [width, height] : sizes) {
        xdotool({"windowsize", "--sync", id, std::to_string(width), std::to_string(height)});
        wait_for_second(clock() + 1);
    }
    photograph("resized");
    for (int time = 0; time < 2; ++time) {
        manager_->minimise(window_);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        EXPECT_TRUE(application_->running()) << log();
        manager_->restore(window_);
        wait_for_second(clock() + 1);
    }
    key("Return");
    ASSERT_TRUE(says("score ")) << log();
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(kPatience), 0) << log();
    expect_verified(file);
    expect_no_validation_message();
}

}  // namespace
