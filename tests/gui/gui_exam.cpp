// An exam in the window: the way in by the station's passphrase, attempts with real presses and keys, one that is killed and gone on
// with, the invigilator's code, and what is handed in, judged by the commands.

#include "tests/gui/exam_window.h"

#include <nlohmann/json.hpp>

namespace {

using gui_test::until;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr int kMiddleX = 622, kMiddleY = 360;
class ExamWindow : public gui_test::WindowTest {
  protected:
    /// Keys and package first: the window is one of this exam.
    std::vector<std::string> application() override { return gui_test::exam_in_window(scratch_, environment_, plan()); }
    virtual std::string plan() const { return gui_test::exam_plan("pad-flat", "attempts = 2\ntime_limit_s = 30\n"); }
    std::string package() const { return (scratch_ / "board.evx").string(); }
    std::string folder() const { return (scratch_ / "K-17").string(); }

    gui_test::Outcome command(const std::vector<std::string>& arguments, int exit = 0) {
        const gui_test::Outcome outcome = scenario::evenhand(arguments, environment_);
        EXPECT_EQ(outcome.exit, exit) << arguments[0] << ": " << outcome.out << outcome.err;
        return outcome;
    }
    void open_station(const std::string& passphrase) {
        expect_once_more("typing ends", [&] {
            ASSERT_TRUE(until([&] { return times("typing begins") > times("typing ends"); })) << log();
            xdotool({"type", "--delay", "40", passphrase});
            xdotool({"key", "Return"});
        });
    }
    void begin(int attempt, const std::string& screen = "screen practice pad-flat") {
        open_station(gui_test::kExamPassphrase);
        ASSERT_TRUE(says(fmt::format("screen start exam board-2026 attempt {} open", attempt))) << log();
        photograph(fmt::format("exam-open-{}", attempt));
        key("Return");
        ASSERT_TRUE(says(screen)) << log();
        ASSERT_TRUE(says("recording ")) << log();
    }
    void restart_after_a_kill() {
        application_->signal(SIGKILL);
        application_->wait(60);
        open_application();
    }
    void needle() {
        ASSERT_TRUE(says("view reached")) << "a press while the view glides is none\n" << log();
        xdotool({"mousemove", std::to_string(kMiddleX - 60), std::to_string(kMiddleY), "sleep", "0.3", "mousedown", "1"});
        for (int step = 1; step <= 30; ++step)
            xdotool({"mousemove", std::to_string(kMiddleX - 60 + 4 * step), std::to_string(kMiddleY), "sleep", "0.05"});
        xdotool({"mouseup", "1"});
    }
    void wait_for_second(int second) {
        ASSERT_TRUE(until([&] {
            const std::string now = told("clock ");
            return !now.empty() && std::stoi(now) >= second;
        })) << log();
    }
    /// The code that the page tells after an attempt.
    std::string code_of(int attempt) const {
        const std::string words = told(fmt::format("screen handed in {} ", attempt));
        return words.substr(0, words.find(','));
    }
};

TEST_F(ExamWindow, AnExamIsHeldKilledOnceAndGoneOnWithAndTheCommandsSayTheSameOfIt) {
    photograph("exam-start");
    open_station("wrong horse");
    ASSERT_TRUE(until([&] { return times("screen start exam") == 2; })) << "a wrong passphrase opens nothing\n" << log();
    EXPECT_THAT(log(), HasSubstr("refusal "));
    photograph("exam-wrong");
    EXPECT_FALSE(fs::exists(folder() + "/attempt-1.evh"));

    begin(1);
    for (const char* name : {"o", "p", "c", "n", "space", "Escape", "space"}) key(name);  // neither aids nor settings, pause or way out
    needle();
    photograph("exam-attempt");
    wait_for_second(6);
    restart_after_a_kill();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(says("screen start exam board-2026 attempt 1")) << log();
    photograph("exam-goes-on");
    begin(1);
    ASSERT_THAT(told("recording "), HasSubstr("attempt-1-part-2.evh"));
    needle();
    wait_for_second(11);
    photograph("exam-second-part");
    EXPECT_THAT(log(), Not(HasSubstr("screen handed in")));
    expect_once_more("asks whether to hand in", [&] { key("Return"); });
    photograph("exam-sure");
    key("Return");
    ASSERT_TRUE(says("screen handed in 1")) << log();
    photograph("exam-handed-in");
    const std::string code = code_of(1);

    key("Return");
    ASSERT_TRUE(says("screen start exam board-2026 attempt 2")) << log();
    begin(2);
    needle();
    ASSERT_TRUE(says("screen handed in 2")) << "its time ends it\n" << log();
    photograph("exam-result");

    command({"verify", folder() + "/attempt-1-part-2.evh", "--package", package(), "--code", code});
    command({"verify", folder() + "/attempt-1-part-2.evh", "--package", package(), "--code", code_of(2)}, 1);
    const auto result = nlohmann::json::parse(command({"exam", "result", "--package", package(), folder(), "--json"}).out);
    EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
    ASSERT_EQ(result["attempts"].size(), 2u);
    EXPECT_EQ(result["attempts"][0]["gaps_s"].size(), 1u) << result.dump();
    EXPECT_FALSE(result["attempts"][0]["cut_off"].get<bool>());
    EXPECT_THAT(told("screen handed in 2 "), testing::EndsWith(result["pass"].get<bool>() ? " passed" : " not passed"));
    const gui_test::Outcome exported = command({"export", folder() + "/attempt-1-part-2.evh", "--punctures", (scratch_ / "p.csv").string()});
    const std::string punctures = scenario::read(scratch_ / "p.csv");
    EXPECT_GT(std::count(punctures.begin(), punctures.end(), '\n'), 100) << "both strokes' needles";
    expect_no_validation_message();
}

/// Of a rubric that asks for a pen which measures force.
class ExamByStylus : public ExamWindow {
  protected:
    std::vector<std::string> application() override {
        if (!fs::exists(scratch_ / "content")) {
            fs::copy(fs::path(EVENHAND_SOURCE_DIR) / "content", scratch_ / "content", fs::copy_options::recursive);
            std::string rubric = scenario::read(scratch_ / "content/rubrics/provisional.toml");
            rubric.insert(rubric.find("pass_mark"), "pens = [\"stylus\", \"tracked\"]\n");
            scratch_.write("content/rubrics/provisional.toml", rubric);
        }
        environment_["EVENHAND_DATA"] = (scratch_ / "content").string();
        return ExamWindow::application();
    }
};

TEST_F(ExamByStylus, AMouseDoesNotNeedleAndIsToldSo) {
    photograph("exam-stylus-start");
    begin(1);
    needle();
    photograph("exam-wrong-pen");
    key("Return");
    key("Return");
    ASSERT_TRUE(says("screen handed in 1")) << log();
    const gui_test::Outcome exported = command({"export", folder() + "/attempt-1.evh", "--punctures", (scratch_ / "p.csv").string()});
    const std::string punctures = scenario::read(scratch_ / "p.csv");
    EXPECT_EQ(std::count(punctures.begin(), punctures.end(), '\n'), 1) << "the head alone";
    EXPECT_THAT(log(), HasSubstr("wrong pen"));
}

/// A case with a patient to talk to.
class ExamOfAVisit : public ExamWindow {
  protected:
    std::string plan() const override { return gui_test::exam_plan("visit-anna-lines", "attempts = 1\ntime_limit_s = 25\n"); }
};

TEST_F(ExamOfAVisit, GoesOnAtTheStepWhereItWasKilled) {
    begin(1, "screen visit visit-anna-lines consultation");
    expect_once_more("act consult_ask ", [&] { key("space"); });
    photograph("exam-visit");
    for (const char* name : {"Escape", "Escape", "p"}) key(name);  // no way out, no settings
    expect_once_more("visit decision", [&] { key("Next"); });
    xdotool({"sleep", "2"});  // what was done is signed within a second
    restart_after_a_kill();
    if (HasFatalFailure()) return;
    begin(1, "screen visit visit-anna-lines decision");
    photograph("exam-visit-goes-on");
    ASSERT_TRUE(says("screen handed in 1")) << "its time ends it\n" << log();
    const auto result = nlohmann::json::parse(command({"exam", "result", "--package", package(), folder(), "--json"}).out);
    EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
    EXPECT_EQ(result["attempts"][0]["gaps_s"].size(), 1u) << result.dump();
}

}  // namespace
