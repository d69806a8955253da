// The window under Xvfb with real mouse and key events: what a trainee does from the start screen to the
// report, and what is kept when the window or the program goes away in the middle. Screenshots are kept as
// artefacts.

#include "tests/gui/window_test.h"

#include <nlohmann/json.hpp>

namespace {

namespace fs = std::filesystem;
using gui_test::kPatience;
using gui_test::until;
using nlohmann::json;
using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

constexpr int kMiddleX = 622, kMiddleY = 360;  // of the picture between the panels at 1280x720

class Practice : public gui_test::WindowTest {
  protected:
    /// Glides across the middle of the picture and back, needling on the way, `lines` times.
    void needle(int lines) {
        for (int line = 0; line < lines; ++line) {
            const int y = kMiddleY - 30 + 60 * line / std::max(1, lines - 1);
            std::vector<std::string> words = {"mousemove",
                                              std::to_string(kMiddleX - 60),
                                              std::to_string(y),
                                              "sleep",
                                              "0.15",
                                              "mousedown",
                                              "1",
                                              "sleep",
                                              "0.2"};
            for (int x = -60; x <= 60; x += 4)
                words.insert(words.end(),
                             {"mousemove", std::to_string(kMiddleX + x), std::to_string(y), "sleep", "0.03"});
            words.insert(words.end(), {"mouseup", "1", "sleep", "0.1"});
            xdotool(words);
        }
    }

    /// From the start screen by keyboard into the demo patient, the left cheek before the pen.
    void begin_practice() {
        key("Return");
        look_at_the_left_cheek();
    }
    void look_at_the_left_cheek() {
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("8");
        ASSERT_TRUE(says("view reached")) << log();
    }
    /// Space starts the clock; the file's name.
    std::string begin_recording() {
        key("space");
        EXPECT_TRUE(says("recording ")) << log();
        return told("recording ");
    }
    /// Whole seconds of session time that the application told of; -1 before the first.
    int clock() const {
        const std::string now = told("clock ");
        return now.empty() ? -1 : std::stoi(now);
    }
    void wait_for_second(int second) {
        ASSERT_TRUE(until([&] { return clock() >= second; })) << log();
    }

    /// What `score --json` says of a recording, also of one that is still being written.
    json score(const std::string& file) {
        const Outcome outcome = evenhand({"score", file, "--json"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return outcome.exit == 0 ? json::parse(outcome.out) : json();
    }
    static json zone_of(const json& score, const std::string& id) {
        for (const json& zone : score.at("zones"))
            if (zone.at("id") == id) return zone;
        ADD_FAILURE() << "no zone " << id;
        return {};
    }
    void expect_verified(const std::string& file) {
        const Outcome outcome = evenhand({"replay", file, "--verify"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("verified"));
    }
};

TEST_F(Practice, ATraineeTreatsTheLeftCheekAndTheCommandLineAgreesWithTheScreen) {
    photograph("start");
    click(300, 250);
    look_at_the_left_cheek();
    const std::string file = begin_recording();
    wait_for_second(2);
    EXPECT_EQ(zone_of(score(file), "cheek_left").at("coverage").get<double>(), 0)
        << "nothing was touched yet";

    needle(3);
    photograph("practice");
    key("o");
    photograph("overlay");
    key("Return");
    ASSERT_TRUE(says("score ")) << log();
    photograph("score");
    const std::string shown = told("score ");
    ASSERT_TRUE(until([&] {  // a machine with much to do loses a click between two frames
        click(200, 222);     // the depth, which has its times, whether two lines stand above or three
        xdotool({"sleep", "0.5"});  // a control takes a click in the frame after its release
        key("Return");
        return says("moment ", 5);
    })) << log();
    photograph("moment");
    key("Escape");

    const size_t blank = shown.find(' ');
    ASSERT_NE(blank, std::string::npos) << shown;
    EXPECT_EQ(shown.substr(blank + 1), file);
    const json counted = score(file);
    EXPECT_EQ(counted.at("total").get<int>(), std::stoi(shown)) << "hundredths, as the screen showed";
    const json cheek = zone_of(counted, "cheek_left");
    EXPECT_GT(cheek.at("coverage").get<double>(), 0);
    EXPECT_GT(cheek.at("punctures").get<int>(), 100);
    expect_verified(file);

    key("h");
    ASSERT_TRUE(says("screen healing")) << log();
    photograph("healing");
    key("c");
    click(771, 623);
    ASSERT_TRUE(says("healing sessions 2")) << log();
    for (int k = 0; k < 24; ++k) key("Right");
    photograph("healing-later");
    key("Escape");
    ASSERT_TRUE(until([&] { return log().rfind("score ") > log().rfind("screen healing"); })) << log();

    ASSERT_TRUE(until([&] {  // as above
        click(120, 675);
        return says("report ", 10);
    })) << log();
    photograph("report");
    EXPECT_EQ(fs::path(told("report ")), fs::path(file).replace_extension(".html"));
    EXPECT_THAT(scenario::read(told("report ")), HasSubstr("</html>"));
    expect_no_validation_message();
}

TEST_F(Practice, GelAndAWipeAreSeenAndBelongToTheSession) {
    begin_practice();
    const std::string file = begin_recording();
    xdotool({"mousemove", std::to_string(kMiddleX), std::to_string(kMiddleY), "sleep", "0.3"});
    key("g");
    for (int i = 0; i < 6; ++i) key("Prior");
    needle(3);
    wait_for_second(clock() + 5);
    photograph("gel");
    key("x");
    wait_for_second(clock() + 1);
    photograph("wiped");
    key("Return");
    ASSERT_TRUE(says("score ")) << log();
    photograph("wiped_score");
    expect_verified(file);
    expect_no_validation_message();
}

TEST_F(Practice, ClosingTheWindowKeepsTheSession) {
    begin_practice();
    const std::string file = begin_recording();
    needle(1);
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(kPatience), 0) << log();
    EXPECT_GT(zone_of(score(file), "cheek_left").at("punctures").get<int>(), 0);
    expect_verified(file);
    expect_no_validation_message();
}

TEST_F(Practice, AKillCostsAtMostASecondOfTheSession) {
    begin_practice();
    const std::string file = begin_recording();
    needle(1);
    wait_for_second(4);
    application_->signal(SIGKILL);
    ASSERT_EQ(application_->wait(kPatience), 128 + SIGKILL);
    const int shown = clock();

    score(file);
    expect_verified(file);
    const std::string samples = (scratch_ / "samples.csv").string();
    const Outcome exported = evenhand({"export", file, "--samples", samples}, environment_);
    ASSERT_EQ(exported.exit, 0) << exported.err;
    const std::string rows = scenario::read(samples);
    const size_t last = rows.rfind('\n', rows.size() - 2);
    EXPECT_GE(std::stod(rows.substr(last + 1)), shown - 1.0) << "the clock had shown " << shown << " s";
}

TEST_F(Practice, TheWindowIsResizedAndMinimisedWhileTheSessionGoesOn) {
    begin_practice();
    const std::string file = begin_recording();
    const std::string id = std::to_string(window_);
    const std::pair<int, int> sizes[] = {{900, 600}, {640, 400}, {1280, 720}, {1001, 703}};
    for (const auto& [width, height] : sizes) {
        xdotool({"windowsize", "--sync", id, std::to_string(width), std::to_string(height)});
        wait_for_second(clock() + 1);
    }
    photograph("resized");
    for (int time = 0; time < 2; ++time) {
        manager_->minimise(window_);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        EXPECT_TRUE(application_->running()) << log();
        manager_->restore(window_);
        wait_for_second(clock() + 1);
    }
    key("Return");
    ASSERT_TRUE(says("score ")) << log();
    manager_->ask_to_close(window_);
    EXPECT_EQ(application_->wait(kPatience), 0) << log();
    expect_verified(file);
    expect_no_validation_message();
}

}  // namespace
