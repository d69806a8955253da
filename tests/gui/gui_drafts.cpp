// What an instructor has changed and not saved is lost by nobody's slip: every way to leave it asks once, with real keys.

#include "tests/gui/window_test.h"

namespace {

using gui_test::until;

class Drafts : public gui_test::WindowTest {
  protected:
    void open_desk() {
        key("d");
        ASSERT_TRUE(says("screen desk 0 sessions")) << log();
    }
    void copy_a_lesson() {
        open_desk();
        key("3");
        ASSERT_TRUE(says("lesson preview 0 of 0 met")) << log();
        key("c");
        ASSERT_TRUE(says("lesson copied hold-still-own")) << log();
    }
    void change_a_rubric() {
        open_desk();
        key("2");
        key("c");
        photograph("drafts-rubric");
        click(206, 552);  // the pass mark's field
        xdotool({"sleep", "0.4", "keydown", "ctrl", "keydown", "a", "sleep", "0.3", "keyup", "a", "keyup", "ctrl", "sleep", "0.2", "type", "55"});
        expect_once_more("typing ends", [&] { xdotool({"sleep", "0.4", "key", "Return"}); });
        ASSERT_EQ(times("preview "), 2) << log();
    }
    bool ended() {
        return until([&] { return !application_->running(); });
    }
};

TEST_F(Drafts, TheKeyThatDiscardsALessonAsksOnce) {
    copy_a_lesson();
    expect_once_more("asks whether to discard", [&] { key("x"); });
    photograph("drafts-discard");
    EXPECT_EQ(times("lesson discarded"), 0);
    expect_once_more("lesson discarded", [&] { key("x"); });
    expect_once_more("screen start", [&] { key("Escape"); });
    EXPECT_EQ(times("asks about changes"), 0) << "there is nothing to lose any more";
}

TEST_F(Drafts, EscapeAndAnotherAreaAskOnceBeforeALessonIsLost) {
    copy_a_lesson();
    expect_once_more("asks about changes to the lesson", [&] { key("Escape"); });
    photograph("drafts-escape");
    key("2");  // the rubrics and back: the lesson is still there
    expect_once_more("asks whether to discard", [&] { xdotool({"key", "3", "sleep", "0.5", "key", "x"}); });
    EXPECT_EQ(times("screen start"), 1);
    expect_once_more("screen lessons", [&] { key("l"); });
}

TEST_F(Drafts, ClosingTheWindowAsksOnceBeforeALessonIsLost) {
    copy_a_lesson();
    expect_once_more("asks about changes to the lesson", [&] { manager_->ask_to_close(window_); });
    photograph("drafts-close");
    ASSERT_TRUE(application_->running());
    manager_->ask_to_close(window_);
    EXPECT_TRUE(ended()) << log();
}

TEST_F(Drafts, AnotherAreaAsksOnceBeforeARubricIsLost) {
    change_a_rubric();
    expect_once_more("asks about changes to the rubric", [&] { key("l"); });
    photograph("drafts-rubric-asked");
    EXPECT_EQ(times("screen lessons"), 0);
    expect_once_more("screen lessons", [&] { key("l"); });
}

TEST_F(Drafts, EscapeAsksOnceBeforeARubricIsLost) {
    change_a_rubric();
    expect_once_more("asks about changes to the rubric", [&] { key("Escape"); });
    EXPECT_EQ(times("screen start"), 1);
    expect_once_more("screen start", [&] { key("Escape"); });
    EXPECT_EQ(times("asks about changes to the rubric"), 1);
}

TEST_F(Drafts, ClosingTheWindowAsksOnceBeforeARubricIsLost) {
    change_a_rubric();
    expect_once_more("asks about changes to the rubric", [&] { manager_->ask_to_close(window_); });
    ASSERT_TRUE(application_->running());
    manager_->ask_to_close(window_);
    EXPECT_TRUE(ended()) << log();
}

TEST_F(Drafts, AStudentsProgressAsksOnceBeforeALessonIsLostAndAChangeAsksAnew) {
    copy_a_lesson();
    expect_once_more("asks about changes to the lesson", [&] { key("r"); });
    EXPECT_EQ(times("screen progress"), 0);
    expect_once_more("asks whether to discard", [&] { key("x"); });
    expect_once_more("lesson discarded", [&] { key("x"); });
    expect_once_more("lesson copied hold-still-own", [&] { key("c"); });
    expect_once_more("asks about changes to the lesson", [&] { key("Escape"); });
    expect_once_more("screen progress", [&] { key("r"); });
}

TEST_F(Drafts, ClosingTheWindowWithNothingToLoseAsksNothing) {
    open_desk();
    manager_->ask_to_close(window_);
    EXPECT_TRUE(ended()) << log();
    EXPECT_EQ(times("asks about"), 0);
}

}  // namespace
