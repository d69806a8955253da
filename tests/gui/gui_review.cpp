// A session is looked at again in the window: played, scrubbed with mouse and keys, reached from a line of its score, noted on,
// and the note found again.

#include "tests/gui/window_test.h"

namespace {

namespace fs = std::filesystem;
using scenario::evenhand;
using testing::HasSubstr;

class Review : public gui_test::WindowTest {
  protected:
    /// A session of a simulated novice lies in the folder before the window opens.
    std::vector<std::string> application() override {
        const scenario::Outcome done = evenhand({"perform", "--case", "pad-flat", "--operator", "novice", "--seed", "3", "-o", session()}, environment_);
        EXPECT_EQ(done.exit, 0) << done.err;
        return WindowTest::application();
    }
    std::string session() const { return (scratch_ / "sessions" / "2026-11-21_09-30-05_pad-flat.evh").string(); }

    std::string printed_score() { return evenhand({"score", session(), "--json"}, environment_).out; }

    /// From the start screen to the score of the session, which is the last in its lists.
    void open_score() {
        ASSERT_TRUE(gui_test::until([&] {
            xdotool({"key", "--repeat", "60", "--delay", "8", "Right"});
            key("Return");
            return says("score ", 20);
        })) << log();
    }
    void open_review() {
        ASSERT_TRUE(gui_test::until([&] {
            key("v");
            return says("screen review", 10);
        })) << log();
    }
    /// s of the moment that the screen told of last; -1 before the first.
    double shown() const {
        const std::string at = told("review at ");
        return at.empty() ? -1 : std::stod(at);
    }
    bool goes_to(double seconds, double tolerance) {
        return gui_test::until([&] { return std::abs(shown() - seconds) <= tolerance; }, 20);
    }
};

TEST_F(Review, ASessionIsScrubbedReachedFromItsScoreAndNotedOn) {
    const std::string before = printed_score();
    open_score();
    for (int line = 0; line < 20 && told("moment ").empty(); ++line) {  // down to a line that has its moments
        key("Down");
        key("Return");
        says("moment ", 6);
    }
    ASSERT_FALSE(told("moment ").empty()) << log();
    photograph("review-score");
    open_review();
    ASSERT_FALSE(told("review criterion ").empty()) << "the line's places are marked: " << log();
    ASSERT_TRUE(goes_to(std::stod(told("moment ")), 0.06)) << "it begins at that line's moment: " << log();
    const double first = shown();
    photograph("review");

    key("Right");
    ASSERT_TRUE(goes_to(first + 1, 0.002)) << log();
    key("shift+Left");
    ASSERT_TRUE(goes_to(first + 1 - 1.0 / 120, 0.002)) << log();
    key("Home");
    ASSERT_TRUE(goes_to(0, 0.001)) << log();
    xdotool({"mousemove", "400", "640", "sleep", "0.2", "mousedown", "1", "sleep", "0.2", "mousemove", "600", "640", "sleep", "0.2",
             "mousemove", "800", "640", "sleep", "0.4", "mouseup", "1"});
    ASSERT_TRUE(gui_test::until([&] { return shown() > 1; }, 20)) << log();
    const double scrubbed = shown();
    key("space");
    ASSERT_TRUE(says("review plays")) << log();
    xdotool({"sleep", "1"});
    key("space");
    ASSERT_TRUE(says("review pauses")) << log();
    EXPECT_GT(std::stod(told("review pauses ")), scrubbed) << log();
    key("Down");
    key("o");
    photograph("review-overlay");

    key("n");
    ASSERT_TRUE(says("note begun")) << log();
    xdotool({"sleep", "0.5"});
    xdotool({"type", "--delay", "60", "Dr. Ana"});
    xdotool({"key", "Tab", "sleep", "0.5"});  // what is typed in the frame of the Tab would go to the field before
    xdotool({"type", "--delay", "60", "Hold it upright here."});
    photograph("review-note");
    key("Return");
    ASSERT_TRUE(says("note kept 1")) << log();
    photograph("review-noted");
    key("e");
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("note begun") > log().rfind("note kept 1"); }, 20)) << log();
    xdotool({"sleep", "0.5", "key", "ctrl+a", "sleep", "0.3"});
    xdotool({"type", "--delay", "60", "Lean it back."});
    xdotool({"sleep", "0.3", "key", "Return"});
    ASSERT_TRUE(says("note kept 2")) << log();
    EXPECT_EQ(told("notes "), "1") << "the correction stands for what it corrects";
    photograph("review-corrected");
    EXPECT_EQ(printed_score(), before) << "notes are no evidence";
    EXPECT_EQ(evenhand({"replay", session(), "--verify"}, environment_).exit, 0);

    key("Escape");
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("score ") > log().rfind("screen review"); })) << log();
    key("v");
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("notes 1") > log().rfind("score "); })) << log();
    EXPECT_THAT(scenario::read(scratch_ / "config" / "settings.toml"), HasSubstr("note_author = \"Dr. Ana\""));
    key("x");
    ASSERT_TRUE(says("note taken back 2")) << log();
    EXPECT_TRUE(gui_test::until([&] { return told("notes ") == "0"; }, 20)) << log();
    expect_no_validation_message();
}

}  // namespace
