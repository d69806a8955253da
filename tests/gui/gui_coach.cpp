// The coach over the practice screen: real presses and keys make a fault, and what is told of it is read from
// the log and photographed; the recording keeps what could be told.

#include "tests/gui/window_test.h"

#include <sqlite3.h>

namespace {

using gui_test::kPatience;
using gui_test::until;
using testing::HasSubstr;

constexpr int kMiddleX = 622, kMiddleY = 360;

class CoachWindow : public gui_test::WindowTest {
  protected:
    void begin() {
        key("Return");
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("1");  // the forehead, over bone
        ASSERT_TRUE(says("view reached")) << log();
        key("space");
        ASSERT_TRUE(says("recording ")) << log();
    }
    /// Slowly enough for a machine with much to do.
    void keys(const std::string& name, int times) {
        for (int i = 0; i < times; ++i) xdotool({"key", name, "sleep", "0.3"});
    }
    void turn_wheel(const std::string& button, int notches) {
        xdotool({"mousemove", std::to_string(kMiddleX), std::to_string(kMiddleY)});
        for (int i = 0; i < notches; ++i) xdotool({"click", button, "sleep", "0.12"});
    }
    /// Line beside line with the button held, until the coach tells `cue`; it stays down.
    void glide_until(const std::string& cue, int x = kMiddleX, int y = kMiddleY, double limit_s = kPatience) {
        const auto at = [=](int step) {
            const int line = step / 25, along = line % 2 ? 25 - step % 25 : step % 25;
            return std::pair{std::to_string(x - 60 + 5 * along), std::to_string(y - 60 + 15 * (line % 7))};
        };
        xdotool({"mousemove", at(step_).first, at(step_).second, "sleep", "0.2", "mousedown", "1"});
        ASSERT_TRUE(until([&] {
            xdotool({"mousemove", at(step_).first, at(step_).second, "sleep", "0.06"});
            ++step_;
            return told("coach ") == cue;
        }, limit_s)) << cue
            << "\n"
            << log();
    }
    /// Glides until the coach tells `cue` and keeps a picture in which it still does: a cue passes, and pictures are slow.
    void see_mark(const std::string& cue, const std::string& name, int x = kMiddleX, int y = kMiddleY) {
        for (int i = 0; i < 4; ++i) {
            glide_until(cue, x, y, 5 * kPatience);
            if (HasFatalFailure()) return;
            photograph(name);
            if (told("coach ") == cue) return;
        }
        ADD_FAILURE() << cue << " was never told for as long as a picture takes";
    }
    void lift() {
        xdotool({"mouseup", "1"});
        ASSERT_TRUE(until([&] { return told("coach ") == "quiet"; })) << log();
    }
    std::string allowed() {
        std::string value = "no event";
        sqlite3* base = nullptr;
        EXPECT_EQ(sqlite3_open_v2(told("recording ").c_str(), &base, SQLITE_OPEN_READONLY, nullptr),
                  SQLITE_OK);
        sqlite3_busy_timeout(base, 5000);  // the session is being written
        const auto keep = [](void* kept, int, char** cells, char**) {
            *static_cast<std::string*>(kept) = cells[0];
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(base, "SELECT value FROM event WHERE name = 'coach' ORDER BY rowid", keep,
                               &value, nullptr),
                  SQLITE_OK);
        sqlite3_close(base);
        return value;
    }

    int step_ = 0;
};

TEST_F(CoachWindow, TellsOfATiltWithWordsAndAnArrowAndIsQuietOnceThePenIsLiftedOrTheTraineeWishes) {
    begin();
    keys("e", 10);
    glide_until("tilt");
    photograph("coach-tilt");
    lift();
    photograph("coach-quiet");
    EXPECT_THAT(allowed(), HasSubstr("no_go motor_off force_high"));
    key("p");
    key("2");
    ASSERT_TRUE(says("settings page 2")) << log();
    keys("Tab", 5 + 2 + 2 + 1);  // the pages, the pen's hand, the fingers; then the coach: off
    key("space");
    photograph("coach-settings");
    key("Escape");
    ASSERT_TRUE(until([&] { return allowed().empty(); })) << log();
    expect_no_validation_message();
}

TEST_F(CoachWindow, ShowsTooMuchForceAsARing) {
    begin();
    turn_wheel("4", 24);
    glide_until("force_high");
    photograph("coach-force");
    lift();
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksTooLittleForce) {
    begin();
    turn_wheel("5", 24);
    see_mark("force_low", "coach-force-low");
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksNeedlesThatGoTooDeep) {
    begin();
    keys("Prior", 16);
    see_mark("depth_high", "coach-depth");
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksSkinToKeepAwayFrom) {
    begin();
    const int before = times("view reached");
    key("f");
    ASSERT_TRUE(until([&] { return times("view reached") > before; })) << log();  // no pen is put down while the view moves
    see_mark("no_go", "coach-no-go", 622, 500);  // the lips
    expect_no_validation_message();
}

/// Lines of one direction all over the pad of the lesson that teaches to cross them.
TEST_F(CoachWindow, MarksLinesOfOneDirection) {
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    keys("Right", 4);
    key("Return");
    ASSERT_TRUE(says("lesson cross-rows")) << log();
    key("Return");
    ASSERT_TRUE(says("lesson begun")) << log();
    ASSERT_TRUE(says("view reached")) << log();
    see_mark("direction", "coach-direction");
    expect_no_validation_message();
}

}  // namespace
