// A newcomer's first minutes under Xvfb with real mouse and key events: from the first start, with nothing kept but how
// finely pictures are drawn, to a scored first lesson; then on to the next. The hand's time is what the events themselves
// take: pauses between them and presses held, not how long this machine needs to draw.

#include "tests/gui/window_test.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace {

namespace fs = std::filesystem;
using gui_test::kPatience;
using gui_test::until;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

constexpr int kMiddleX = 622, kMiddleY = 360;  // of the picture between the panels at 1280x720
constexpr double kRead = 12, kReach = 1.5;     // s that a newcomer reads a screen or card; moves to something and clicks

class Lesson : public gui_test::WindowTest {
  protected:
    void hand(double seconds) { hand_s_ += seconds; }
    /// Its card lies over the pad. A key while its screen is made would be lost.
    bool is_read(const std::string& lesson) {
        return says("lesson " + lesson) && until([&] {
            const std::string text = log();
            return text.find("view reached", text.rfind("lesson " + lesson)) != std::string::npos;
        });
    }

    double hand_s_ = 0;  ///< simulated hand time so far
};

TEST_F(Lesson, ANewcomerScoresTheFirstLessonWithinNinetySecondsOfHandTime) {
    photograph("lesson-start");
    hand(kRead + kReach);
    click(1080, 627);
    ASSERT_TRUE(says("screen practice pad-small")) << log();
    ASSERT_TRUE(is_read("hold-still")) << log();
    photograph("lesson-card");
    EXPECT_EQ(told("recording "), "") << "the clock stands while the card is read";
    hand(kRead + kReach);
    key("Return");
    ASSERT_TRUE(says("lesson begun hold-still")) << log();
    photograph("lesson-ready");

    hand(kReach);
    xdotool({"mousemove", std::to_string(kMiddleX), std::to_string(kMiddleY), "sleep", "0.4", "mousedown", "1", "sleep", "3"});
    photograph("lesson-held");
    const bool scored = says("lesson result ", 60);
    xdotool({"mouseup", "1"});
    ASSERT_TRUE(scored) << log();
    const std::string file = told("lesson result ").substr(told("lesson result ").rfind(' ') + 1);
    hand(8);
    photograph("lesson-result");
    EXPECT_THAT(told("lesson result "), HasSubstr("hold-still met"));
    EXPECT_LT(hand_s_, 90) << "s of simulated hand time";
    RecordProperty("hand_seconds", static_cast<int>(hand_s_));

    const Outcome scores = evenhand({"score", file, "--json"}, environment_);
    ASSERT_EQ(scores.exit, 0) << scores.err;
    EXPECT_FALSE(nlohmann::json::parse(scores.out).at("criteria").empty());
    EXPECT_EQ(evenhand({"replay", file, "--verify"}, environment_).exit, 0);

    key("Return");
    ASSERT_TRUE(is_read("right-force")) << log();
    key("Escape");
    ASSERT_TRUE(says("screen lessons")) << log();
    photograph("lesson-list");
    key("t");
    ASSERT_TRUE(until([&] { return log().rfind("screen start") > log().rfind("screen lessons"); })) << log();
    expect_no_validation_message();
}

TEST_F(Lesson, IsChosenBegunAndLeftByKeysAlone) {
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    photograph("lessons");
    key("Right");
    key("Right");
    photograph("lessons-third");
    key("Return");
    ASSERT_TRUE(is_read("one-row")) << log();
    photograph("lesson-row-card");
    key("space");
    ASSERT_TRUE(says("lesson begun one-row")) << log();
    photograph("lesson-row");
    key("space");
    ASSERT_TRUE(says("recording ")) << log();
    const std::string file = told("recording ");
    key("Return");
    ASSERT_TRUE(says("lesson result one-row not_yet")) << log();
    key("v");
    ASSERT_TRUE(says("screen review")) << log();
    key("Escape");
    ASSERT_TRUE(says("score ")) << log();
    key("Escape");
    ASSERT_TRUE(until([&] { return log().rfind("lesson result one-row") > log().rfind("screen review"); })) << log();
    photograph("lesson-row-result");
    expect_once_more("score ", [&] { key("f"); });
    key("Escape");
    ASSERT_TRUE(until([&] { return log().rfind("lesson result") > log().rfind("score "); })) << log();
    key("Escape");
    ASSERT_TRUE(until([&] { return log().rfind("screen lessons") > log().rfind("lesson result"); })) << log();
    photograph("lessons-tried");
    expect_no_validation_message();
}

/// With a broken lesson of one's own beside a sound one.
class BrokenLesson : public Lesson {
  protected:
    std::vector<std::string> application() override {
        fs::create_directories(scratch_ / "lessons");
        std::ofstream(scratch_ / "lessons" / "mine.toml") << "version = 1\nid = \"mine\"\norder = 1 1\n";
        return Lesson::application();
    }
};

TEST_F(BrokenLesson, IsToldWithFileAndLineAndTheOthersWork) {
    EXPECT_TRUE(says("mine.toml:3:")) << log();
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    photograph("lessons-broken");
    key("Return");
    ASSERT_TRUE(says("lesson hold-still")) << log();
}

}  // namespace
