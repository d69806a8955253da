// What is filled in elsewhere with keys and mouse, by a gamepad alone: a note of the review, the instructor's forms, and the points that
// place a tracked pen.

#include "tests/gui/tracker.h"
#include "tests/gui/virtual_pad.h"

#include <sqlite3.h>

#include <cstdio>
#include <fstream>

namespace {

using gui_test::kA, gui_test::kB, gui_test::kX, gui_test::kRight, gui_test::kStart, gui_test::kCrossRight, gui_test::kCrossDown;
using gui_test::Letters;
using gui_test::until;
using scenario::evenhand;
using testing::AllOf;
using testing::HasSubstr;

/// Goes round by the pad's button of Tab, and knows where the ring is.
class RoundByPad : public gui_test::OnPad<gui_test::WindowTest> {
  protected:
    std::vector<std::string> application() override {
        std::vector<std::string> command = OnPad::application();
        std::ranges::replace(command, "debug", "trace");
        return command;
    }
    /// To the control at a place of the window, at 1280x720.
    void go_round_to(int x, int y) {
        constexpr int kMost = 90, kFrames = 3;  // for which the page follows the focus
        for (int step = 0; step < kMost; ++step) {
            const int before = times("brought ");
            tap(kX);
            ASSERT_TRUE(until([&] { return times("brought ") >= before + kFrames; })) << log();
            float left = 0, top = 0, right = 0, foot = 0;
            ASSERT_EQ(std::sscanf(told("brought ").c_str(), "%f %f %f %f", &left, &top, &right, &foot), 4);
            if (static_cast<float>(x) >= left && static_cast<float>(x) < right && static_cast<float>(y) >= top && static_cast<float>(y) < foot) return;
        }
        photograph("pad-lost");
        FAIL() << "nothing at " << x << " " << y << "\n" << log();
    }
    void press_at(int x, int y, const std::string& words) {
        ASSERT_NO_FATAL_FAILURE(go_round_to(x, y));
        tap_for(kA, words);
    }
    /// The letters are done, and put away: before that the pad's buttons are theirs.
    void done(const std::string& words) {
        tap_for(kStart, words);
        ASSERT_TRUE(until([&] { return times("letters close") == times("letters open"); })) << log();
    }
    void perform(std::vector<std::string> words) {
        words.insert(words.begin(), "perform");
        const scenario::Outcome done = evenhand(words, environment_);
        EXPECT_EQ(done.exit, 0) << done.err;
    }
};

class NoteByPad : public RoundByPad {
  protected:
    std::string settings() override { return RoundByPad::settings() + "language = \"fr\"\n"; }
    std::vector<std::string> application() override {
        perform({"--case", "pad-flat", "--operator", "novice", "--seed", "3", "-o", session()});
        return RoundByPad::application();
    }
    std::string session() const { return (scratch_ / "sessions" / "2026-11-21_09-30-05_pad-flat.evh").string(); }
    /// "author: text" of the last that was written.
    std::string last_note() const {
        std::string note;
        sqlite3* file = nullptr;
        sqlite3_stmt* read = nullptr;
        EXPECT_EQ(sqlite3_open_v2(session().c_str(), &file, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
        EXPECT_EQ(sqlite3_prepare_v2(file, "SELECT author || ': ' || text FROM note ORDER BY id DESC LIMIT 1", -1, &read, nullptr), SQLITE_OK);
        if (sqlite3_step(read) == SQLITE_ROW) note = reinterpret_cast<const char*>(sqlite3_column_text(read, 0));
        sqlite3_finalize(read);
        sqlite3_close(file);
        return note;
    }
};

TEST_F(NoteByPad, IsSignedWrittenKeptCorrectedAndTakenBack) {
    tap(kX, 10);  // four areas and the settings, then the filters, of which pads are the last but one
    tap_for(kA, "filter pads");
    tap(kCrossRight, 3);  // behind the pads, the session
    tap_for(kA, "ScoreScreenE");  // its first picture
    press_at(223, 673, "ReviewScreenE");
    press_at(165, 111, "note begun");
    ASSERT_TRUE(says("letters open")) << log();
    const Letters letters("fr");
    spell(letters, "zo\u00e9");
    photograph("pad-note-signed");
    tap_for(kStart, "letters open");  // in the field below
    spell(letters, "mi");
    photograph("pad-note-written");
    done("note kept 1");
    EXPECT_EQ(last_note(), "zo\u00e9: mi");

    expect_once_more("letters open", [&] { press_at(95, 205, "note begun"); });
    spell(letters, "el");
    done("note kept 2");
    EXPECT_EQ(last_note(), "zo\u00e9: miel") << "on from what was there";
    photograph("pad-note-corrected");
    press_at(235, 205, "note taken back 2");
    expect_no_validation_message();
}

class DeskByPad : public RoundByPad {
  protected:
    /// A path of a few letters: the program stands in a folder of its own.
    std::vector<std::string> application() override {
        for (const auto& [hand, trainee] : {std::pair{"expert", "A-1"}, {"novice", "B-2"}})
            perform({"--case", "pad-small", "--operator", hand, "--seed", "1", "--trainee", trainee, "-o", (scratch_ / "sessions" / trainee).string() + ".evh"});
        std::ofstream(scratch_ / "r.csv") << "Code;Name;Group\nA-1;Ana;1\nC-3;Chen;2\n";
        std::vector<std::string> command = RoundByPad::application();
        command.insert(command.begin(), {"env", "-C", scratch_.folder().string()});
        return command;
    }
    void open_desk() {
        tap(kX, 4);
        tap_for(kA, "DeskScreenE");
    }
    const Letters letters_{"en"};
};

TEST_F(DeskByPad, ARosterIsNamedAndARubricTriedAndSaved) {
    open_desk();
    press_at(448, 181, "letters open");
    spell(letters_, "r.csv");
    done("roster 2 members, 2 in all");
    EXPECT_THAT(scenario::read(scratch_ / "desk" / "roster.toml"), HasSubstr("Chen"));
    photograph("pad-desk-roster");

    press_at(341, 122, "desk page 2");
    ASSERT_NO_FATAL_FAILURE(go_round_to(145, 669));
    tap(kA);  // a copy
    press_at(186, 552, "letters open");
    spell(letters_, "100");  // the expert has them all
    done("preview ");
    EXPECT_EQ(told("preview "), "1 of 2 passed, 1 would");
    tap(kCrossDown, 3);
    press_at(764, 430, "letters open");  // the upper end of the fourth line's target
    spell(letters_, "0");
    photograph("pad-desk-rubric-line");
    done("preview ");
    EXPECT_EQ(told("preview "), "1 of 2 passed, 0 would");
    photograph("pad-desk-rubric-edited");
    press_at(145, 610, "rubric saved ");
    const std::string file = told("rubric saved ");
    EXPECT_EQ(evenhand({"rubric", "check", file}, environment_).exit, 0);
    EXPECT_THAT(scenario::read(file), HasSubstr("\npass_mark = 100"));
    ASSERT_TRUE(until([&] { return log().rfind("DeskScreenE") > log().rfind("rubric saved "); })) << log();
    EXPECT_THAT(log(), AllOf(HasSubstr("rubric listed Provisional technique rubric, 2026-11\n"), HasSubstr("rubric listed Provisional technique rubric, 2026-11+own.1\n")));
    photograph("pad-desk-rubric-saved");
    press_at(145, 669, "practise by " + file);
    tap_for(kB, "StartScreenE");
    photograph("pad-start-own-rubric");
    expect_no_validation_message();
}

TEST_F(DeskByPad, ALessonIsCopiedFilledInAndSaved) {
    open_desk();
    press_at(538, 122, "lesson preview ");
    tap(kCrossDown, 2);
    press_at(145, 669, "lesson copied one-row-own");
    press_at(650, 374, "letters open");
    spell(letters_, "al");
    done("typing ends");
    press_at(650, 251, "letters open");
    spell(letters_, "fun");  // over its name
    done("typing ends");
    press_at(845, 528, "letters open");
    spell(letters_, "3");
    done("typing ends");
    photograph("pad-desk-lesson");
    press_at(145, 543, "lesson saved one-row-own");
    const std::string text = scenario::read(scratch_ / "lessons" / "one-row-own.toml");
    for (const char* words : {"title = \"fun\"", "author = \"al\"", "amount = 3\n"}) EXPECT_THAT(text, HasSubstr(words));
    expect_no_validation_message();
}

/// Trainees' codes are typed on the page beside, and Tab goes on from there.
TEST_F(DeskByPad, ACodeIsTypedAndWhatStandsBesideIsReached) {
    tap(kX, 3);
    tap_for(kA, "ProgressScreenE");
    photograph("pad-progress");
    press_at(160, 230, "letters open");
    spell(letters_, "zz");
    done("trainee zz");
    press_at(1035, 50, "DeskScreenE");
}

class CalibrationByPad : public RoundByPad {
  protected:
    std::vector<std::string> application() override {
        std::vector<std::string> command = RoundByPad::application();
        command.insert(command.end(), {"--osc", gui_test::tracker_port()});
        return command;
    }
    /// Presses the button of a point, and holds the pen there until the page is done with it.
    void touch(int point, int x, int y, glm::dvec3 place) {
        const std::string taken = fmt::format("calibration point {} taken", point);
        ASSERT_NO_FATAL_FAILURE(go_round_to(x, y));
        tap(kA);
        ASSERT_TRUE(until([&] { return tracker_.send(place, 0), times(taken) > 0; })) << log();
    }
    gui_test::Tracker tracker_{gui_test::tracker_port()};
};

TEST_F(CalibrationByPad, ThreePointsAreTouchedAndForgotten) {
    tap(kX, 10);
    tap_for(kA, "filter pads");
    tap(kCrossRight);
    tap_for(kA, "screen practice pad-flat");
    ASSERT_TRUE(says("view reached")) << log();
    pad_.axis(ABS_Z, 1);
    expect_once_more("brought ", [&] { tap(kStart); });  // the settings
    pad_.axis(ABS_Z, 0);
    press_at(764, 104, "settings page 4");
    constexpr double kSide = 0.05;  // m, from the middle of the pad
    touch(1, 428, 517, {-kSide, kSide, 0});
    touch(2, 645, 517, {kSide, kSide, 0});
    photograph("pad-calibration");
    touch(3, 850, 517, {-kSide, -kSide, 0});
    ASSERT_TRUE(says("calibrated, residual ")) << log();
    EXPECT_EQ(told("calibrated, residual "), "0.00 mm");
    photograph("pad-calibrated");
    press_at(400, 587, "calibration forgotten");
    tap_for(kB, "settings closed");
    expect_no_validation_message();
}

}  // namespace
