// Fingertips that hold the skin taut, with real mouse and key events. Screenshots are kept as artefacts.

#include "tests/gui/window_test.h"

namespace {

using gui_test::kPatience;
using scenario::evenhand;
using scenario::Outcome;

class Fingers : public gui_test::WindowTest {
  protected:
    static constexpr int kX = 622, kY = 360;  // middle of the picture between the panels at 1280x720

    /// To the middle of the demo patient's left cheek, close to it.
    void begin_practice() {
        key("Return");
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("8");
        ASSERT_TRUE(says("view reached")) << log();
        xdotool({"mousemove", std::to_string(kX), std::to_string(kY)});
    }
    static std::vector<std::string> way(int x, int y, int dx) {
        std::vector<std::string> words;
        for (int i = 1; i <= 10; ++i)
            words.insert(words.end(),
                         {"mousemove", std::to_string(x + dx * i / 10), std::to_string(y), "sleep", "0.04"});
        return words;
    }
    /// Whose the press is, the program says: "hand pen presses", "hand fingers lifts".
    void press(const std::string& hand, int x, int y) {
        expect_once_more("hand " + hand + " presses", [&] {
            xdotool({"mousemove", std::to_string(x), std::to_string(y), "sleep", "0.2", "mousedown", "1"});
        });
    }
    void release(const std::string& hand) {
        expect_once_more("hand " + hand + " lifts", [&] { xdotool({"sleep", "0.2", "mouseup", "1"}); });
    }
    /// A fingertip put there, which makes so many, and dragged sideways by so many pixels.
    void put(int x, int y, int dx, int makes) {
        press("fingers", x, y);
        ASSERT_TRUE(holds(makes)) << log();
        xdotool(way(x, y, dx));
        release("fingers");
    }
    void drag(const std::string& hand, int x, int y, int dx) {
        press(hand, x, y);
        xdotool(way(x, y, dx));
        release(hand);
    }
    /// Waits until so many fingertips hold the skin.
    bool holds(int fingers) {
        return gui_test::until([&] { return told("debug fingers ") == std::to_string(fingers); });
    }
    void expect_verified(const std::string& file) {
        const Outcome outcome = evenhand({"replay", file, "--verify"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        EXPECT_THAT(outcome.out, testing::HasSubstr("verified"));
    }
};

TEST_F(Fingers, AreDraggedApartHoldWhileThePenNeedlesAndAreLifted) {
    begin_practice();
    xdotool({"keydown", "shift"});
    xdotool({"mousemove", std::to_string(kX + 70), std::to_string(kY), "sleep", "0.3"});
    photograph("fingers_over_skin");
    put(kX + 70, kY, 14, 1);
    put(kX - 70, kY, -14, 2);
    photograph("fingers_two");
    xdotool({"keyup", "shift"});
    drag("pen", kX - 15, kY, 30);
    photograph("fingers_needling");
    xdotool({"keydown", "shift"});
    drag("fingers", kX + 84, kY, 60);
    photograph("fingers_slipping");
    xdotool({"keyup", "shift"});
    key("h");
    photograph("fingers_help");
    key("h");
    key("t");
    ASSERT_TRUE(holds(0)) << log();
    const std::string file = told("recording ");
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(kPatience), 0) << log();
    expect_verified(file);
    expect_no_validation_message();
}

TEST_F(Fingers, AreUsedWithKeysAlone) {
    begin_practice();
    key("t");
    ASSERT_TRUE(holds(2)) << log();
    photograph("fingers_keys");
    for (const char* name : {"shift+Left", "shift+Left", "shift+Left", "shift+Up", "shift+Up"}) key(name);
    xdotool({"sleep", "0.6"});
    photograph("fingers_keys_turned");
    key("t");
    ASSERT_TRUE(holds(0)) << log();
    key("p");
    xdotool({"sleep", "0.3"});
    photograph("fingers_settings");
    // A slow picture must see the pointer where the button is let go.
    key("2");
    xdotool({"sleep", "0.3"});
    click(798, 267);  // they follow the pen
    xdotool({"sleep", "0.3"});
    click(884, 640);
    xdotool({"sleep", "0.3"});
    xdotool({"mousemove", std::to_string(kX - 60), std::to_string(kY - 20)});
    ASSERT_TRUE(holds(2)) << log();
    xdotool({"sleep", "0.5"});
    photograph("fingers_automatic");
    expect_no_validation_message();
}

}  // namespace
