// A whole visit in the window with real key and mouse events: what is done on screen is what is recorded and scored.

#include "tests/gui/visit_window.h"
#include "tests/scenarios/small_disk.h"

namespace {

using gui_test::json;
using gui_test::VisitWindow;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

TEST_F(VisitWindow, APregnantPatientIsAskedAndPostponedByKeysAlone) {
    ASSERT_NO_FATAL_FAILURE(open_visit("visit-anna-summer"));
    photograph("visit-consultation");
    for (int i = 0; i < 13; ++i) {
        if (i > 0) key("Down");
        key("space");
    }
    ASSERT_TRUE(says("act consult_ask products")) << log();
    for (const char* zone : {"forehead", "cheek_left", "cheek_right", "chin"}) act(1, 0, std::string("consult_look ") + zone);
    photograph("visit-examined");

    key("Next");
    ASSERT_TRUE(says("visit decision")) << log();
    act(0, 3, "decide pregnancy defer");
    act(1, 3, "decide session defer");
    act(1, 0, "decide_because pregnancy");
    act(1, 8, "decide_wait 270");
    photograph("visit-decision");
    key("Next");
    ASSERT_TRUE(says("score ")) << log();
    photograph("visit-score");

    const json result = score();
    EXPECT_TRUE(result.at("pass")) << result;
    EXPECT_TRUE(result.at("held_off"));
    EXPECT_EQ(result.at("total"), 10'000);
    EXPECT_THAT(result.at("explain").get<std::string>(), HasSubstr("pregnant"));
    EXPECT_EQ(recorded(), acts());
    EXPECT_EQ(recorded().size(), 1u + 1u + 13u + 4u + 1u + 4u + 1u) << "begin, one flag, questions, zones, decision, end";
    expect_no_validation_message();
}

/// Its sessions lie on a disk of their own.
class VisitOnASmallDisk : public VisitWindow {
  protected:
    void SetUp() override {
        if (!disk_.refusal().empty()) GTEST_SKIP() << disk_.refusal();
        VisitWindow::SetUp();
    }
    std::vector<std::string> application() override {
        environment_["EVENHAND_SESSIONS"] = disk_ / "sessions";
        return disk_.inside(VisitWindow::application());
    }
    json score_there() {
        const Outcome outcome = disk_.run({EVENHAND_PROGRAM, "score", file_, "--json"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return outcome.exit == 0 ? json::parse(outcome.out) : json();
    }

    scenario::SmallDisk disk_{8 << 10};
};

TEST_F(VisitOnASmallDisk, WhoseEndFindsItFullIsKeptSoFarAndSavedOnceThereIsRoom) {
    ASSERT_NO_FATAL_FAILURE(open_visit("visit-anna-summer"));
    expect_once_more("visit decision", [&] { key("Next"); });
    act(0, 3, "decide session defer");
    ASSERT_TRUE(gui_test::until([&] {  // what was being written just now gives its room back
        disk_.fill_but(0);
        xdotool({"sleep", "0.7"});
        return disk_.free_kib() == 0;
    }));
    key("Next");
    ASSERT_TRUE(says("score ")) << log();
    ASSERT_TRUE(says("refusal ")) << log();
    EXPECT_THAT(told("refusal "), testing::AllOf(HasSubstr("the disk is full"), HasSubstr("free some space"))) << log();
    photograph("visit-full-disk");
    EXPECT_FALSE(score_there().at("finished")) << "what was kept before can be read";
    const auto save = [&](const std::string& words) {  // a machine with much to do loses a click between two frames
        const int before = times(words);
        EXPECT_TRUE(gui_test::until([&] {
            click(120, 675);
            return gui_test::until([&] { return times(words) > before; }, 5);
        })) << log();
    };
    save("save refused");
    EXPECT_THAT(log(), testing::Not(HasSubstr("saved ")));
    disk_.make_room();
    save("saved ");
    EXPECT_EQ(told("saved "), file_);
    photograph("visit-saved");
    EXPECT_TRUE(score_there().at("finished"));
    EXPECT_EQ(disk_.run({EVENHAND_PROGRAM, "replay", file_, "--verify"}, environment_).exit, 0);
    expect_no_validation_message();
}

TEST_F(VisitWindow, ATreatmentGoesFromTheFirstWordToTheHealedSkin) {
    ASSERT_NO_FATAL_FAILURE(open_visit("visit-anna-lines"));
    key("Next");
    act(0, 0, "decide session proceed");
    key("Next");
    ASSERT_TRUE(says("visit plan")) << log();
    click(149, 235);  // the second of what may be treated
    ASSERT_TRUE(says("act plan_indication texture")) << log();
    photograph("visit-plan");
    key("Next");
    act(0, 0, "prep_consent");
    act(3, 0, "prep_anaesthetic_on");
    act(1, 2, "wait 20");
    act(1, 0, "prep_anaesthetic_off 20");
    photograph("visit-preparation");

    key("Next");
    ASSERT_TRUE(says("screen practice visit-anna-lines")) << log();
    key("1");
    ASSERT_TRUE(says("view reached")) << log();
    xdotool({"mousemove", "622", "360", "sleep", "0.3"});
    key("g");
    ASSERT_TRUE(says("act glide_medium forehead")) << log();
    std::vector<std::string> stroke = {"mousedown", "1", "sleep", "0.2"};
    for (int x = 622; x <= 700; x += 3) stroke.insert(stroke.end(), {"mousemove", std::to_string(x), "360", "sleep", "0.03"});
    stroke.insert(stroke.end(), {"mouseup", "1"});
    xdotool(stroke);
    ASSERT_TRUE(says("act needle_zone forehead")) << log();
    photograph("visit-needling");
    click(138, 507);  // the end point's button
    ASSERT_TRUE(says("act end_point forehead")) << log();
    key("Return");
    ASSERT_TRUE(says("visit finish")) << log();
    act(0, 0, "finish_wipe");
    photograph("visit-finish");
    key("Next");
    ASSERT_TRUE(says("visit aftercare")) << log();
    act(0, 0, "advise_sun");
    photograph("visit-aftercare");
    key("Next");
    ASSERT_TRUE(says("visit follow_up")) << log();
    act(0, 4, "follow_look 7");
    photograph("visit-follow-up");
    key("h");
    ASSERT_TRUE(says("screen healing")) << log();
    key("Escape");
    ASSERT_TRUE(says("score ")) << log();
    xdotool({"mousemove", "400", "500", "sleep", "0.3", "click", "--repeat", "60", "--delay", "30", "5", "sleep", "1"});
    photograph("visit-left-out");

    EXPECT_FALSE(score().at("held_off"));
    EXPECT_EQ(recorded(), acts());
    const Outcome replayed = evenhand({"replay", file_, "--verify"}, environment_);
    EXPECT_EQ(replayed.exit, 0) << replayed.err;
    expect_no_validation_message();
}

}  // namespace
