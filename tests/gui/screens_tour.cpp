// Every screen in every language at a laptop's size and at 4K, and with texts of 150 to 300 %, for which panels have no room side
// by side: no words are cut where nothing scrolls, drawn over others or under something. The pictures are kept among the artefacts,
// to be looked at.

#include "tests/gui/exam_window.h"

#include <fstream>
#include <set>

namespace {

using namespace gui_test;

struct View {
    const char* language;
    int width, height;
    double text = 0;  ///< its size; 0 = what suits the window
};

class Tour : public WindowTest, public testing::WithParamInterface<View> {
  protected:
    std::vector<std::string> server() override {
        return {"Xvfb", "-displayfd", "1", "-screen", "0", fmt::format("{}x{}x24", GetParam().width, GetParam().height), "-nolisten", "tcp"};
    }
    void choose_settings() {
        fs::create_directories(scratch_ / "config");
        std::ofstream(scratch_ / "config/settings.toml") << "version = 1\nlanguage = \"" << GetParam().language << "\"\ntier = \"cpu\"\n";
        if (GetParam().text > 0) std::ofstream(scratch_ / "config/settings.toml", std::ios::app) << "text_size = " << GetParam().text << "\n";
    }
    std::vector<std::string> application() override {
        choose_settings();
        const Outcome made = scenario::evenhand({"perform", "--case", "demo-spare", "--operator", "novice", "--seed", "3", "-o",
                                                 (scratch_ / "sessions/2026-11-21_09-30-05_demo-spare.evh").string()},
                                                environment_);
        EXPECT_EQ(made.exit, 0) << made.err;
        return {EVENHAND_PROGRAM, "--log-level", "trace"};
    }

    /// Waits for the screen, which draws a few pictures, and keeps one.
    void see(const std::string& screen, const std::string& name) {
        ASSERT_TRUE(says(screen)) << log();
        photograph(fmt::format("tour_{}_{}_{}", GetParam().language, size_name(), name));
    }
    static std::string size_name() {
        const View& view = GetParam();
        return view.text > 0 ? fmt::format("{}_{:.0f}", view.height, 100 * view.text) : std::to_string(view.height);
    }
    void press(const std::string& name, int times) {
        for (int i = 0; i < times; ++i) key(name);
    }
    /// Back on the start screen after `before` of them were told.
    void go_home() {
        const auto times = [&] {
            size_t found = 0;
            const std::string all = log();
            for (size_t at = 0; (at = all.find("screen start", at)) != std::string::npos; ++at) ++found;
            return found;
        };
        const size_t before = times();
        for (int i = 0; i < 4 && times() == before; ++i) {
            key("Escape");
            until([&] { return times() > before; }, 5);
        }
        ASSERT_GT(times(), before) << log();
        photograph("tour_home");  // and it has been drawn, so that Tab finds its controls
    }
    /// What the log says after these words, each once.
    std::set<std::string> told_after(const std::string& words) const {
        std::set<std::string> all;
        std::istringstream lines(log());
        for (std::string line; std::getline(lines, line);)
            if (const size_t at = line.find(words); at != std::string::npos) all.insert(line.substr(at + words.size()));
        return all;
    }
    /// A picture of each part of what scrolls on this screen, from its top.
    void see_all(const std::string& screen, const std::string& name, int parts) {
        see(screen, name);
        if (GetParam().text == 0) return;
        for (int part = 2; part <= parts; ++part) {
            press("ctrl+Down", 3);
            photograph(fmt::format("tour_{}_{}_{}_{}", GetParam().language, size_name(), name, part));
        }
    }
};

TEST_P(Tour, AllWordsCanBeRead) {
    xdotool({"windowsize", "--sync", std::to_string(window_), std::to_string(GetParam().width), std::to_string(GetParam().height)});
    see_all("screen start", "start", 3);
    key("p");
    for (const char* page : {"1", "2", "3", "4", "5"}) {
        key(page);
        see_all(fmt::format("settings page {}", page), fmt::format("settings_{}", page), 2);
    }
    key("Escape");
    ASSERT_TRUE(says("settings closed")) << log();
    key("i");
    see_all("screen import", "import", 2);
    go_home();
    key("l");
    see_all("screen lessons", "lessons", 3);
    key("Return");
    see_all("screen practice", "lesson", 2);
    key("Escape");
    ASSERT_TRUE(until([&] { return log().rfind("screen lessons") > log().rfind("screen practice"); }, 20)) << log();
    key("r");
    see_all("screen progress", "progress", 3);
    key("d");
    see_all("screen desk", "desk", 3);
    key("2");
    see_all("preview ", "desk_rubrics", 3);
    key("3");
    see_all("lesson preview ", "desk_lessons", 4);
    key("t");
    ASSERT_TRUE(until([&] { return log().rfind("screen start") > log().rfind("screen desk"); }, 20)) << log();

    key("Return");  // the first patient
    see_all("screen practice demo", "practice", 4);
    key("h");
    see_all("screen practice demo", "keys", 2);
    key("h");
    key("space");
    ASSERT_TRUE(says("recording ")) << log();
    photograph(fmt::format("tour_{}_{}_recording", GetParam().language, size_name()));
    go_home();

    // Back from the import's chip: the oldest session, a novice's, performed before.
    press("shift+Tab", 2);
    key("Return");
    see_all("score ", "score", 4);
    ASSERT_THAT(told("score "), testing::HasSubstr("demo-spare"));
    key("v");
    see_all("screen review", "review", 4);
    key("Escape");
    ASSERT_TRUE(until([&] { return log().rfind("score ") > log().rfind("screen review"); }, 20)) << log();
    key("h");
    see_all("screen healing", "healing", 3);
    go_home();

    key("6");
    key("Return");  // the first visit
    see_all("screen visit", "visit_consultation", 3);
    for (const char* step : {"decision", "plan", "preparation"}) {
        key("Next");
        see_all(fmt::format("visit {}", step), fmt::format("visit_{}", step), 3);
    }
    key("Escape");
    photograph(fmt::format("tour_{}_{}_visit_leave", GetParam().language, size_name()));
    go_home();
    expect_no_validation_message();
    EXPECT_THAT(told_after("no room on a button: "), testing::IsEmpty());
    EXPECT_THAT(told_after("unreadable: "), testing::IsEmpty());
}

/// The same of an exam's screens.
class ExamTour : public Tour {
  protected:
    std::vector<std::string> application() override {
        choose_settings();
        return exam_in_window(scratch_, environment_, exam_plan("demo", "attempts = 1\ntime_limit_s = 600\npause_limit_s = 60\n"));
    }
};

TEST_P(ExamTour, AllWordsCanBeRead) {
    xdotool({"windowsize", "--sync", std::to_string(window_), std::to_string(GetParam().width), std::to_string(GetParam().height)});
    see("screen start exam", "exam_start");
    xdotool({"type", "--delay", "40", kExamPassphrase});
    key("Return");
    see("attempt 1 open", "exam_open");
    key("Return");
    ASSERT_TRUE(says("recording ")) << log();
    see("clock 6 s", "exam_attempt");
    key("h");
    photograph(fmt::format("tour_{}_{}_exam_keys", GetParam().language, size_name()));
    key("Escape");
    expect_once_more("asks whether to hand in", [&] { key("Return"); });
    photograph(fmt::format("tour_{}_{}_exam_sure", GetParam().language, size_name()));
    key("Return");
    see("screen handed in 1", "exam_result");
    expect_no_validation_message();
    EXPECT_THAT(told_after("no room on a button: "), testing::IsEmpty());
    EXPECT_THAT(told_after("unreadable: "), testing::IsEmpty());
}

const auto kViews = testing::Values(View{"en", 1280, 720}, View{"es", 1280, 720}, View{"fr", 1280, 720}, View{"en", 3840, 2160},
                                    View{"es", 3840, 2160}, View{"fr", 3840, 2160}, View{"fr", 1280, 720, 1.5}, View{"es", 1280, 720, 2},
                                    View{"fr", 1280, 720, 2}, View{"en", 1280, 720, 3}, View{"fr", 1280, 720, 3}, View{"fr", 1920, 1080, 2},
                                    View{"fr", 1920, 1080, 3});
const auto kViewName = [](const testing::TestParamInfo<View>& info) {
    const View& view = info.param;
    const std::string name = fmt::format("{}_{}", view.language, view.height);
    return view.text > 0 ? fmt::format("{}_{:.0f}", name, 100 * view.text) : name;
};
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, Tour, kViews, kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, ExamTour, kViews, kViewName);

}  // namespace
