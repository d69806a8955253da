// A session is looked at again in the window: played, scrubbed with mouse and keys, reached from a line of its score, noted on,
// and the note found again.

#include "tests/gui/window_test.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <set>
#include <utility>

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
    /// Until its first picture is made: what is pressed before goes to the screen that is left.
    void open_review() {
        const int before = times("review at ");
        ASSERT_TRUE(gui_test::until([&] {
            key("v");
            return gui_test::until([&] { return times("review at ") > before; }, 10);
        })) << log();
    }
    /// s of the moment that the screen told of last; -1 before the first.
    double shown() const {
        const std::string at = told("review at ");
        return at.empty() ? -1 : std::stod(at);
    }
    /// The texts of the notes beside the session, as they were written.
    std::vector<std::string> notes() const {
        std::vector<std::string> texts;
        sqlite3* file = nullptr;
        sqlite3_stmt* read = nullptr;
        EXPECT_EQ(sqlite3_open_v2(session().c_str(), &file, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
        EXPECT_EQ(sqlite3_prepare_v2(file, "SELECT text FROM note ORDER BY id", -1, &read, nullptr), SQLITE_OK);
        while (sqlite3_step(read) == SQLITE_ROW) texts.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(read, 0)));
        sqlite3_finalize(read);
        sqlite3_close(file);
        return texts;
    }
    /// x of a moment on the timeline of a session that lasts so long, s.
    static int pixel_of(double time, double end) { return static_cast<int>(239 + time / end * (1242 - 239)); }
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

    const double noted = shown();
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
    xdotool({"sleep", "0.5"});
    // All of it between two frames, as on a machine that is busy.
    application_->signal(SIGSTOP);
    xdotool({"key", "ctrl+a", "type", "--delay", "5", "Lean it backk"});
    xdotool({"key", "BackSpace", "period", "Return"});
    application_->signal(SIGCONT);
    ASSERT_TRUE(says("note kept 2")) << log();
    EXPECT_EQ(notes().back(), "Lean it back.") << "typed over what was there, letter for letter in its order";
    EXPECT_EQ(told("notes "), "1") << "the correction stands for what it corrects";
    photograph("review-corrected");
    key("End");
    ASSERT_TRUE(gui_test::until([&] { return shown() > noted + 1; }, 20)) << log();
    const int pin = pixel_of(noted, shown()) + 3;
    expect_once_more("review at ", [&] { xdotool({"mousemove", std::to_string(pin), "672", "sleep", "0.2", "mousedown", "1", "sleep", "1.5", "mouseup", "1", "sleep", "0.5"}); });
    EXPECT_NEAR(shown(), noted, 0.001) << "the note's moment, not the pointer's";
    EXPECT_EQ(printed_score(), before) << "notes are no evidence";
    EXPECT_EQ(evenhand({"replay", session(), "--verify"}, environment_).exit, 0);

    key("Escape");
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("score ") > log().rfind("screen review"); })) << log();
    open_review();
    EXPECT_EQ(told("notes "), "1");
    EXPECT_THAT(scenario::read(scratch_ / "config" / "settings.toml"), HasSubstr("note_author = \"Dr. Ana\""));
    key("x");
    ASSERT_TRUE(says("note taken back 2")) << log();
    EXPECT_TRUE(gui_test::until([&] { return told("notes ") == "0"; }, 20)) << log();
    expect_no_validation_message();
}

TEST_F(Review, EachLineThatWentWrongIsReachedByKeysAndGoesToItsFaults) {
    std::set<std::string> wrong;
    const nlohmann::json score = nlohmann::json::parse(printed_score());
    for (const auto& line : score.at("criteria"))
        if (line.at("below_floor") == true || (line.at("verdict") != "target" && line.at("verdict") != "not_assessed")) wrong.insert(line.at("id"));
    ASSERT_GT(wrong.size(), 6u) << "more than are seen at once";
    open_score();
    open_review();
    std::set<std::string> reached;
    key("shift+Tab");  // the button for a new note, which is the last
    for (size_t row = 0; row < wrong.size(); ++row) {
        key("shift+Tab");
        xdotool({"sleep", "0.3"});
        ASSERT_NO_FATAL_FAILURE(expect_once_more("review criterion ", [&] { key("Return"); }));
        reached.insert(told("review criterion "));
        if (row == 0) photograph("review-last-fault");
    }
    EXPECT_EQ(reached, wrong);
    photograph("review-first-fault");
    expect_no_validation_message();
}

/// With another session of the case in the folder.
class SideBySide : public Review {
  protected:
    std::vector<std::string> application() override {
        const std::string other = (scratch_ / "sessions" / "2026-11-20_08-00-00_pad-flat.evh").string();
        const scenario::Outcome done = evenhand({"perform", "--case", "pad-flat", "--operator", "intermediate", "--seed", "4", "-o", other}, environment_);
        EXPECT_EQ(done.exit, 0) << done.err;
        return Review::application();
    }
    bool both_are_seen_with(const std::string& name) const {
        const std::string text = log();
        const size_t ready = text.rfind("review beside " + name);
        return ready != std::string::npos && text.find("review halves ", ready) != std::string::npos;
    }
    /// s of both halves, after a key that goes elsewhere.
    std::pair<double, double> halves_after(const std::string& pressed) {
        expect_once_more("review halves ", [&] { key(pressed); });
        std::istringstream told_of(told("review halves "));
        std::pair<double, double> seconds;
        told_of >> seconds.first >> seconds.second;
        return seconds;
    }
};

TEST_F(SideBySide, AnExpertsRunAndAnOtherOfOnesOwnStayInStepWhileTheSessionIsScrubbed) {
    open_score();
    open_review();
    for (const auto& [number, name] : {std::pair{"1", "Simulated expert"}, std::pair{"2", "Session of 2026-11-2"}}) {
        key("End");
        key("b");
        key(number);
        ASSERT_TRUE(gui_test::until([&] { return both_are_seen_with(name); }, 120)) << log();
        halves_after("Home");
        for (const char* pressed : {"Right", "Right", "shift+Right", "Right", "Left"}) {
            const auto [own, other] = halves_after(pressed);
            EXPECT_GT(own, 0.9);
            EXPECT_EQ(own, other) << log();
        }
        EXPECT_THAT(told("review halves "), testing::AllOf(HasSubstr("This session  0:02"), HasSubstr(std::string("| ") + name)));
        halves_after("t");  // by share of each
        const auto [own_end, other_end] = halves_after("End");
        EXPECT_NE(own_end, other_end) << "they take different times";
        const auto [own, other] = halves_after("Page_Up");
        EXPECT_NEAR(own, own_end - 10, 0.001);
        EXPECT_NEAR(other, own * other_end / own_end, 0.001);
        key("t");
        photograph(std::string("review-beside-") + number);
    }
    expect_no_validation_message();
}

}  // namespace
