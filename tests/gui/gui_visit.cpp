// A whole visit in the window with real key and mouse events: what is done on screen is what is recorded and scored.

#include "tests/gui/window_test.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace {

namespace fs = std::filesystem;

using gui_test::kPatience;
using nlohmann::json;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

class VisitWindow : public gui_test::WindowTest {
  protected:
    /// From the start screen, which lists visits by id.
    void open_visit(const std::string& id) {
        int before = 0;
        for (const auto& one : fs::directory_iterator(EVENHAND_SOURCE_DIR "/content/cases"))
            if (const std::string name = one.path().stem().string(); name.starts_with("visit-") && name < id) ++before;
        key("6");
        press("Right", before);
        photograph("visits");
        key("Return");
        ASSERT_TRUE(says("screen visit " + id, 3 * kPatience)) << log();
        ASSERT_TRUE(says("recording ")) << log();
        file_ = told("recording ");
    }

    void press(const std::string& name, int times) {
        for (int i = 0; i < times; ++i) key(name);
    }

    /// Goes to the row so many below the one in hand, with the choice so far to the right, and does it.
    void act(int down, int right, const std::string& told_as) {
        press("Down", down);
        press("Right", right);
        key("space");
        ASSERT_TRUE(says("act " + told_as)) << log();
    }

    /// "name value" of what the window says that was done.
    std::vector<std::string> acts() const {
        std::vector<std::string> all;
        std::istringstream lines(log());
        for (std::string line; std::getline(lines, line);)
            if (const size_t at = line.find(" act "); at != std::string::npos) all.push_back(line.substr(at + 5));
        return all;
    }

    /// The same of the recording's events, without the pen's own.
    std::vector<std::string> recorded() const {
        std::vector<std::string> all;
        sqlite3* base = nullptr;
        EXPECT_EQ(sqlite3_open_v2(file_.c_str(), &base, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
        sqlite3_busy_timeout(base, 5000);  // the session is being written
        const auto keep = [](void* list, int, char** cells, char**) {
            static_cast<std::vector<std::string>*>(list)->push_back(fmt::format("{} {}", cells[0], cells[1]));
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(base, "SELECT name, value FROM event WHERE name NOT IN ('depth_mm', 'rate_hz', 'pen', 'coach', 'coach_figures') ORDER BY rowid",
                               keep, &all, nullptr), SQLITE_OK);
        sqlite3_close(base);
        return all;
    }

    json score() {
        const Outcome outcome = evenhand({"score", file_, "--json"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return outcome.exit == 0 ? json::parse(outcome.out) : json();
    }

    std::string file_;
};

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
