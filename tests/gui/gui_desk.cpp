// An instructor's work in the window with real mouse and keys: a roster imported, a rubric's bands tried on recorded sessions and saved, a
// lesson copied, changed and found in the list of lessons.

#include "tests/gui/window_test.h"

#include "engine/base/hash.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace {

namespace fs = std::filesystem;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

constexpr int kField = 650;  // in the middle of a field of the form, at 1280x720

class InstructorsDesk : public gui_test::WindowTest {
  protected:
    /// Two treatments of simulated hands and a session of a lesson lie in the folder before the window opens.
    std::vector<std::string> application() override {
        for (const auto& [hand, trainee] : {std::pair{"expert", "A-1"}, {"novice", "B-2"}})
            perform({"--case", "pad-small", "--operator", hand, "--seed", "1", "--trainee", trainee, "-o", session(trainee)});
        std::ofstream pen(scratch_ / "pen.csv"), events(scratch_ / "events.csv");
        pen << "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n";
        for (int i = 0; i < 120; ++i) pen << fmt::format("{:.4f},{:.5f},0,0,0,0,-1,1,1\n", i / 60.0, -0.02 + 0.0003 * i);
        events << "time_s,event,value\n0,lesson,one-row\n0,lesson_aids,cues\n";
        pen.close(), events.close();
        perform({"--case", "pad-small", "--pen", (scratch_ / "pen.csv").string(), "--events", (scratch_ / "events.csv").string(), "--trainee", "A-1",
                 "-o", session("lesson")});
        std::ofstream(scratch_ / "roster.csv") << "Code;Name;Group\nA-1;Ana;1\nC-3;Chen;2\n";
        return WindowTest::application();
    }
    void perform(std::vector<std::string> words) {
        words.insert(words.begin(), "perform");
        const Outcome done = evenhand(words, environment_);
        EXPECT_EQ(done.exit, 0) << done.err;
    }
    std::string session(const std::string& name) const { return (scratch_ / "sessions" / (name + ".evh")).string(); }

    void type(const std::string& words) { xdotool({"type", "--delay", "40", words}); }
    /// Over what stands in a field. Keys are held: ImGui misses those that come and go within one slow frame.
    void type_over(int x, int y, const std::string& words) {
        click(x, y);
        xdotool({"sleep", "0.4", "keydown", "ctrl", "keydown", "a", "sleep", "0.3", "keyup", "a", "keyup", "ctrl", "sleep", "0.2"});
        type(words);
        xdotool({"sleep", "0.4", "key", "Return", "sleep", "0.4"});
    }
    /// From the start screen to the score: one stroke on the patient's face.
    void practise_a_stroke() {
        key("Return");
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("space");
        ASSERT_TRUE(says("recording ")) << log();
        xdotool({"mousemove", "562", "360", "sleep", "0.2", "mousedown", "1", "sleep", "0.2", "mousemove", "622", "360", "sleep", "0.3", "mousemove", "662", "360",
                 "sleep", "0.2", "mouseup", "1", "sleep", "0.2", "key", "Return"});
        ASSERT_TRUE(says("score ")) << log();
        photograph("score-own-rubric");
    }
    std::string rubric_hash(const std::string& recording) {
        const Outcome scored = evenhand({"score", recording, "--json"}, environment_);
        EXPECT_EQ(scored.exit, 0) << scored.err;
        return scored.exit == 0 ? nlohmann::json::parse(scored.out).at("hashes").at("rubric").get<std::string>() : "";
    }
    void open_desk() {
        key("d");
        ASSERT_TRUE(says("screen desk 2 sessions")) << "a lesson's session is no treatment: " << log();
    }
};

TEST_F(InstructorsDesk, ImportsARosterAndTriesARubricOnRecordedSessions) {
    open_desk();
    ASSERT_TRUE(manager_->drop(window_, scratch_ / "roster.csv")) << log();
    ASSERT_TRUE(says("roster 2 members, 2 in all")) << log();
    photograph("desk-cohort");
    EXPECT_THAT(scenario::read(scratch_ / "desk" / "roster.toml"), HasSubstr("Chen"));

    key("2");
    key("c");
    ASSERT_THAT(told("preview "), HasSubstr("1 of 2 passed, 1 would"));
    key("Up");  // the kinds of pen, above the lines
    photograph("desk-rubric-pens");
    click(583, 272);  // a stylus led none of them
    ASSERT_TRUE(gui_test::until([&] { return told("preview ") == "1 of 2 passed, 0 would"; }, 20)) << log();
    key("z");
    ASSERT_TRUE(says("rubric undone")) << log();
    ASSERT_TRUE(gui_test::until([&] { return told("preview ") == "1 of 2 passed, 1 would"; }, 20)) << log();
    expect_once_more("preview ", [&] { click(406, 351); });  // a simulated operator did
    EXPECT_THAT(told("preview "), HasSubstr("1 of 2 passed, 1 would"));
    photograph("desk-rubric-pens-asked");
    type_over(186, 552, "100");  // the pass mark: the expert has them all
    for (int line = 0; line < 4; ++line) key("Down");
    xdotool({"sleep", "0.5"});
    photograph("desk-rubric");
    type_over(764, 430, "0");  // the upper end of the third line's target
    ASSERT_TRUE(gui_test::until([&] { return told("preview ") == "1 of 2 passed, 0 would"; }, 20)) << log();
    photograph("desk-rubric-edited");
    key("s");
    ASSERT_TRUE(says("rubric saved ")) << log();
    const std::string file = told("rubric saved ");
    EXPECT_EQ(evenhand({"rubric", "check", file}, environment_).exit, 0);
    EXPECT_THAT(scenario::read(file), HasSubstr("\npens = [\"operator\"]\n"));
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("screen desk") > log().rfind("rubric saved"); })) << log();
    key("b");
    ASSERT_TRUE(says("practise by " + file)) << log();
    key("Escape");
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("screen start") > log().rfind("practise by"); })) << log();
    photograph("start-own-rubric");
    practise_a_stroke();
    const std::string saved = base::sha256(scenario::read(file)).hex();
    EXPECT_EQ(rubric_hash(told("recording ")), saved);
    fs::remove(file);
    EXPECT_EQ(rubric_hash(told("recording ")), saved) << "the session keeps the rubric itself";
    expect_no_validation_message();
}

TEST_F(InstructorsDesk, CopiesALessonChangesItAndFindsItInTheList) {
    open_desk();
    key("3");
    ASSERT_TRUE(says("lesson preview 0 of 0 met")) << log();
    key("Down");
    key("Down");
    ASSERT_TRUE(says("lesson preview 0 of 1 met, 0 would")) << log();
    key("c");
    ASSERT_TRUE(says("lesson copied one-row-own")) << log();
    xdotool({"sleep", "0.5"});
    photograph("desk-lesson-copied");
    type_over(kField, 374, "N. Okafor");
    type_over(kField, 251, "A short row");
    xdotool({"key", "Tab", "sleep", "0.3", "key", "Return", "sleep", "0.5", "keydown", "End", "sleep", "0.3", "keyup", "End", "sleep", "0.2"});  // the goal, by keys
    type(" Twice.");
    xdotool({"sleep", "0.3", "key", "Return", "sleep", "0.3"});
    type_over(845, 528, "2");  // cm of the task: the recorded session glided farther
    photograph("desk-lesson-edited");
    key("d");  // this area already
    key("Escape");
    ASSERT_TRUE(says("asks about changes to the lesson")) << log();
    key("z");  // and what was asked is told no longer
    ASSERT_TRUE(says("lesson undone")) << log();
    type_over(845, 528, "3");
    key("s");
    ASSERT_TRUE(says("lesson saved one-row-own")) << log();
    photograph("desk-lesson-saved");

    const std::string text = scenario::read(scratch_ / "lessons" / "one-row-own.toml");
    for (const char* words : {"title = \"A short row\"", "author = \"N. Okafor\"", "one speed. Twice.\"", "amount = 3\n", "# A, clinical.md 2.3"})
        EXPECT_THAT(text, HasSubstr(words));
    EXPECT_EQ(evenhand({"lesson", "check", (scratch_ / "lessons" / "one-row-own.toml").string()}, environment_).exit, 0);
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    xdotool({"key", "--repeat", "40", "--delay", "10", "Down"});
    photograph("desk-lesson-listed");
    key("Return");
    ASSERT_TRUE(says("lesson one-row-own")) << log();
    ASSERT_TRUE(gui_test::until([&] { return log().rfind("screen practice") > log().rfind("screen lessons"); })) << log();
    expect_no_validation_message();
}

}  // namespace
