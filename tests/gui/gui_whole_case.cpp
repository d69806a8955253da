// A whole case, from the first word to the follow-up, led by keys alone, by a gamepad alone and by the mouse alone: each needles real
// punctures, puts gel on, wipes, calls the end point and comes to a score.

#include "tests/gui/virtual_pad.h"
#include "tests/gui/visit_window.h"

namespace {

using gui_test::json;
using gui_test::kA, gui_test::kX, gui_test::kY, gui_test::kRight, gui_test::kBack, gui_test::kStart;
using gui_test::kCrossLeft, gui_test::kCrossRight, gui_test::kCrossDown;
using gui_test::until;
using gui_test::VisitWindow;
using scenario::evenhand;
using scenario::Outcome;
using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

class WholeCase : public VisitWindow {
  protected:
    static constexpr const char* kVisit = "visit-anna-lines";

    /// Until the session's clock has gone on by so many seconds.
    void pass(int seconds) {
        for (int second = 0; second < seconds; ++second) {
            const std::string before = told("clock ");
            ASSERT_TRUE(until([&] { return told("clock ") != before; })) << log();
        }
    }

    /// What comes next has a screen of its own, which hears what is done after its first picture.
    void end_needling(const std::function<void()>& act) {
        expect_once_more("recording ", act);
        ASSERT_TRUE(says("visit finish")) << log();
    }

    size_t punctures() const {
        const std::string path = (scratch_ / "punctures.csv").string();
        const Outcome outcome = evenhand({"export", file_, "--punctures", path}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        const std::string rows = scenario::read(path);
        return static_cast<size_t>(std::ranges::count(rows, '\n')) - 1;
    }

    /// What every way through has in common once the score is there. `pen`: how the recording begins to name what led it.
    void expect_a_whole_case(const std::string& pen) {
        const json result = score();
        EXPECT_FALSE(result.at("held_off"));
        EXPECT_GT(result.at("total").get<int>(), 0);
        for (const char* done : {"decide session proceed", "plan_indication ", "prep_consent", "glide_medium forehead", "needle_zone forehead",
                                 "wipe forehead", "end_point forehead", "finish_wipe", "advise_sun", "follow_look"})
            EXPECT_THAT(recorded(), Contains(StartsWith(done)));
        EXPECT_EQ(recorded(), acts());
        EXPECT_THAT(events("name = 'pen'"), ElementsAre(StartsWith("pen " + pen)));
        EXPECT_GT(punctures(), 500u) << "a second is more than a thousand";
        const Outcome replayed = evenhand({"replay", file_, "--verify"}, environment_);
        EXPECT_EQ(replayed.exit, 0) << replayed.err;
        expect_no_validation_message();
    }
};

TEST_F(WholeCase, IsLedByKeysAlone) {
    ASSERT_NO_FATAL_FAILURE(open_visit(kVisit));
    expect_once_more("visit decision", [&] { key("Next"); });
    act(0, 0, "decide session proceed");
    expect_once_more("visit plan", [&] { key("Next"); });
    act(0, 1, "plan_indication texture");
    expect_once_more("visit preparation", [&] { key("Next"); });
    act(0, 0, "prep_consent");
    expect_once_more("screen practice visit-anna-lines", [&] { key("Next"); });

    ASSERT_TRUE(says("hint hint.press_or_keys")) << log();
    expect_once_more("view reached", [&] { key("bracketright"); });
    expect_once_more("pen led by keys", [&] { key("k"); });
    photograph("whole-keys-legend");
    expect_once_more("act glide_medium forehead", [&] { key("g"); });
    press("u", 4);  // 0.2 N more
    expect_once_more("hand pen presses", [&] { key("space"); });
    xdotool({"keydown", "Right"});
    pass(2);
    xdotool({"keyup", "Right"});
    photograph("whole-keys-needling");
    expect_once_more("hand pen lifts", [&] { key("space"); });
    EXPECT_THAT(acts(), Contains("needle_zone forehead"));
    expect_once_more("act wipe forehead", [&] { key("x"); });
    expect_once_more("act end_point forehead", [&] { key("b"); });
    // Given back, the arrows lean the pen and Space is the clock's.
    expect_once_more("pen led by mouse", [&] { key("Escape"); });
    press("Right", 3);
    expect_once_more("hint hint.paused", [&] { key("space"); });
    key("space");
    end_needling([&] { key("Return"); });

    act(0, 0, "finish_wipe");
    expect_once_more("visit aftercare", [&] { key("Next"); });
    act(0, 0, "advise_sun");
    expect_once_more("visit follow_up", [&] { key("Next"); });
    act(0, 0, "follow_look");
    expect_once_more("score ", [&] { key("Next"); });
    expect_a_whole_case("keys arrow keys");
}

/// Pads of other makers, whose buttons lie at the same places and are told by the names printed there.
template <const gui_test::PadKind& kKind>
class OtherPad : public gui_test::OnPad<gui_test::WindowTest, kKind> {
  protected:
    void lead_on_the_flat_pad(const std::string& name, int pull) {
        for (const char* pressed : {"5", "Right"}) this->key(pressed);
        this->tap({BTN_SOUTH, 1});  // Enter
        ASSERT_TRUE(this->says("screen practice pad-flat")) << this->log();
        ASSERT_TRUE(this->says("pen led by gamepad")) << this->log();
        this->photograph(name);
        this->tap_for({BTN_START, 1}, "pad menu opens");
        this->photograph(name + "-menu");
        this->tap_for({BTN_EAST, 1}, "pad menu closes");
        this->expect_once_more("hand pen presses", [&] { pull == ABS_RZ ? this->pad_.axis(ABS_RZ, 0.5) : this->pad_.button(pull, true); });
        this->expect_once_more("hand pen lifts", [&] { pull == ABS_RZ ? this->pad_.axis(ABS_RZ, 0) : this->pad_.button(pull, false); });
        this->expect_no_validation_message();
    }
};
class PadOfSonys : public OtherPad<gui_test::kDualSense> {};
class PadOfNintendos : public OtherPad<gui_test::kSwitchPro> {};

/// The page of the pens in the settings, by a pad alone.
class PensPageByPad : public gui_test::OnPad<gui_test::WindowTest> {
  protected:
    std::vector<std::string> application() override {
        OnPad::application();
        return {EVENHAND_PROGRAM, "--log-level", "trace"};
    }
};

TEST_F(PensPageByPad, ItsWordsScrollWithTheRightStick) {
    key("p");
    key("4");
    expect_once_more("part ##gamepad ", [&] { pad_.axis(ABS_RY, 1); });
    EXPECT_TRUE(until([&] {
        std::istringstream words(told("part ##gamepad "));
        double at = -1, most = -2;
        std::string of;
        words >> at >> of >> most;
        return at == most;
    })) << told("part ##gamepad ");
    photograph("pad-pens-page");
    pad_.axis(ABS_RY, 0);
    expect_no_validation_message();
}

TEST_F(PadOfSonys, LeadsThePenByItsPlaces) { lead_on_the_flat_pad("pad-sony", ABS_RZ); }
TEST_F(PadOfNintendos, LeadsThePenByItsPlaces) { lead_on_the_flat_pad("pad-nintendo", BTN_TR2); }

class WholeCaseByPad : public gui_test::OnPad<WholeCase> {};

TEST_F(WholeCaseByPad, IsLedByAGamepadAlone) {
    tap(kX, 11);  // four areas and the settings, then six filters, of which visits are the last
    tap(kA);
    tap(kCrossRight, before(kVisit));
    photograph("whole-pad-visits");
    tap(kA);
    ASSERT_NO_FATAL_FAILURE(expect_opened(kVisit));
    tap_for(kRight, "visit decision");
    tap_for(kY, "act decide session proceed");
    tap_for(kRight, "visit plan");
    tap(kCrossRight);
    tap_for(kY, "act plan_indication texture");
    tap_for(kRight, "visit preparation");
    tap_for(kY, "act prep_consent");
    tap_for(kRight, "screen practice visit-anna-lines");

    ASSERT_TRUE(says("pen led by gamepad")) << "as it did something last\n" << log();
    tap_for(kRight, "view reached");
    photograph("whole-pad-legend");
    tap_for(kX, "act glide_medium forehead");
    expect_once_more("hand pen presses", [&] { pad_.axis(ABS_RZ, 0.35); });
    pad_.axis(ABS_X, 0.4);
    pass(2);
    photograph("whole-pad-needling");
    pad_.axis(ABS_X, 0);
    expect_once_more("hand pen lifts", [&] { pad_.axis(ABS_RZ, 0); });
    EXPECT_THAT(acts(), Contains("needle_zone forehead"));
    tap_for(kCrossLeft, "act wipe forehead");
    tap_for(kCrossRight, "act end_point forehead");
    // With the left trigger pulled the cross turns the head.
    pad_.axis(ABS_Z, 1);
    photograph("whole-pad-tools");
    expect_once_more("view reached", [&] { tap(kCrossRight); });
    pad_.axis(ABS_Z, 0);
    // The buttons on screen, of which the fifth puts gel on: behind those of depth and rate.
    tap_for(kStart, "pad menu opens");
    tap(kCrossDown, 5);
    photograph("whole-pad-menu");
    tap_for(kA, "act glide_medium ");
    tap_for(kStart, "pad menu closes");
    end_needling([&] { tap(kBack); });

    tap_for(kY, "act finish_wipe");
    tap_for(kRight, "visit aftercare");
    tap_for(kY, "act advise_sun");
    tap_for(kRight, "visit follow_up");
    tap_for(kY, "act follow_look");
    tap_for(kRight, "score ");
    expect_a_whole_case("gamepad ");
}

class WholeCaseByMouse : public WholeCase {
  protected:
    static constexpr int kOnX = 350, kOnY = 641;  // "Go on" of a visit's panel at 1280x720

    void click_for(int x, int y, const std::string& words) {
        expect_once_more(words, [&] { click(x, y); });
    }
};

TEST_F(WholeCaseByMouse, IsLedByTheMouseAlone) {
    click_for(822, 120, "filter visits");
    click(268, 380);
    ASSERT_NO_FATAL_FAILURE(expect_opened(kVisit));
    click_for(kOnX, kOnY, "visit decision");
    click_for(95, 222, "act decide session proceed");
    click_for(kOnX, kOnY, "visit plan");
    click_for(149, 235, "act plan_indication texture");
    click_for(kOnX, kOnY, "visit preparation");
    click_for(100, 187, "act prep_consent");
    click_for(kOnX, kOnY, "screen practice visit-anna-lines");

    ASSERT_TRUE(says("hint hint.press")) << log();
    click_for(100, 100, "view reached");  // the first zone of the list
    xdotool({"mousemove", "622", "360", "sleep", "0.3"});
    click_for(1058, 586, "act glide_medium forehead");
    expect_once_more("hand pen presses", [&] { xdotool({"mousemove", "622", "360", "sleep", "0.3", "mousedown", "1"}); });
    for (int x = 622; x <= 690; x += 3) xdotool({"mousemove", std::to_string(x), "360", "sleep", "0.03"});
    pass(1);
    expect_once_more("hand pen lifts", [&] { xdotool({"mouseup", "1"}); });
    EXPECT_THAT(acts(), Contains("needle_zone forehead"));
    click_for(1189, 586, "act wipe forehead");
    click_for(138, 507, "act end_point forehead");
    end_needling([&] { click(1189, 635); });

    click_for(100, 177, "act finish_wipe");
    click_for(kOnX, kOnY, "visit aftercare");
    click_for(100, 177, "act advise_sun");
    click_for(kOnX, kOnY, "visit follow_up");
    click_for(283, 204, "act follow_look");
    click_for(kOnX, kOnY, "score ");
    expect_a_whole_case("mouse whole pixels");
}

}  // namespace
