// Every screen in every language at a laptop's size and at 4K, and with texts of 150 to 300 %, for which panels have no room side
// by side: no words are cut where nothing scrolls, shortened, drawn over others or under something. The pictures are kept among the
// artefacts, to be looked at.

#include "tests/gui/toured_screens.h"
#include "tests/gui/tracker.h"

#include <algorithm>
#include <fstream>
#include <set>

// Last, with the macros of X11.
#include "tests/gui/exam_window.h"

namespace {

using namespace gui_test;

constexpr double kPad = 0.05;  // m, from the middle of the flat pad to its sides

struct View {
    const char* language;
    int width, height;
    double text = 0;  ///< its size; 0 = what suits the window
};

class Tour : public WindowTest, public testing::WithParamInterface<View> {
  protected:
    std::vector<std::string> server() override {
        return screen(GetParam().width, GetParam().height);
    }
    std::string settings() override {
        std::string chosen = WindowTest::settings() + fmt::format("language = \"{}\"\ntier = \"cpu\"\n", GetParam().language);
        if (GetParam().text > 0) chosen += fmt::format("text_size = {}\n", GetParam().text);
        return chosen;
    }
    std::vector<std::string> application() override { return {EVENHAND_PROGRAM, "--log-level", "trace"}; }

    void SetUp() override {
        WindowTest::SetUp();
        if (HasFatalFailure()) return;
        xdotool({"windowsize", "--sync", std::to_string(window_), std::to_string(GetParam().width), std::to_string(GetParam().height)});
        ASSERT_TRUE(until([&] { return up() == "StartScreen" || up() == "ExamScreen"; })) << log();
    }
    void TearDown() override {
        if (HasFatalFailure() || !window_) return;
        std::set<std::string> listed;
        for (const TouredView& one : kTouredViews)
            if (one.tour == tour()) listed.insert(one.view);
        EXPECT_EQ(seen_, listed);
        expect_no_validation_message();
        EXPECT_THAT(told_after("no room on a button: "), testing::IsEmpty());
        EXPECT_THAT(told_after("unreadable: "), testing::IsEmpty());
    }

    /// As the list of views names it: "VisitTour" of LanguagesAndSizes/VisitTour.
    static std::string tour() {
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->test_suite_name();
        return name.substr(name.find('/') + 1);
    }
    /// As the compiler spells a class among others.
    static std::string spelled(const std::string& screen) { return fmt::format("{}{}E", screen.size(), screen); }
    /// The screen that was shown last: its first picture is on the display, so that keys reach it.
    std::string up() const {
        const std::string last = told("shown ");
        for (const TouredView& one : kTouredViews)
            if (last.ends_with(spelled(one.screen))) return one.screen;
        return {};
    }
    /// Does something that leads to another screen, and waits for its first picture.
    void arrive(const std::string& screen, const std::function<void()>& act, double limit_s = 2 * kPatience) {
        const int before = times(spelled(screen));
        act();
        ASSERT_TRUE(until([&] { return times(spelled(screen)) > before; }, limit_s)) << screen << "\n" << log();
    }
    void arrive_by(const std::string& name, const std::string& screen) {
        arrive(screen, [&] { key(name); });
    }

    /// Keeps a picture of what is up, and waits until its words were looked at.
    void picture(const std::string& name) {
        photograph(fmt::format("tour_{}_{}_{}", GetParam().language, size_name(), name));
        look_at_words();
    }
    void look_at_words() {
        const int before = times("words looked at");
        ASSERT_TRUE(until([&] { return times("words looked at") > before; })) << log();
    }
    /// A listed view; `parts` pictures of it where texts are so large that it scrolls, from its top.
    void see(const std::string& view, int parts = 1) {
        const auto listed = std::ranges::find_if(kTouredViews, [&](const TouredView& one) { return tour() == one.tour && view == one.view; });
        ASSERT_NE(listed, std::end(kTouredViews)) << view << " is not listed";
        ASSERT_EQ(up(), listed->screen) << log();
        seen_.insert(view);
        picture(view);
        if (GetParam().text == 0) return;
        for (int part = 2; part <= parts; ++part) {
            press("ctrl+Down", 3);
            picture(fmt::format("{}_{}", view, part));
        }
    }
    static std::string size_name() {
        const View& view = GetParam();
        return view.text > 0 ? fmt::format("{}_{:.0f}", view.height, 100 * view.text) : std::to_string(view.height);
    }
    void press(const std::string& name, int times) {
        for (int i = 0; i < times; ++i) key(name);
    }
    /// A place of the window, of 1 in both directions, right of the column that large texts stand in.
    void point_at_picture() {
        const bool narrow = GetParam().text > 0;
        xdotool({"mousemove", std::to_string(GetParam().width * (narrow ? 78 : 49) / 100), std::to_string(GetParam().height / 2), "sleep", "0.3"});
    }
    void go_home() {
        const int before = times(spelled("StartScreen"));
        const auto there = [&] { return times(spelled("StartScreen")) > before; };
        for (int i = 0; i < 4 && !there(); ++i) {
            key("Escape");
            until(there, 5);
        }
        ASSERT_TRUE(there()) << log();
    }
    /// A simulated treatment that lies among the sessions before the window opens.
    void perform(const std::string& name, std::vector<std::string> words) {
        words.insert(words.begin(), "perform");
        words.insert(words.end(), {"-o", (scratch_ / "sessions" / (name + ".evh")).string()});
        const Outcome made = scenario::evenhand(words, environment_);
        EXPECT_EQ(made.exit, 0) << made.err;
    }
    /// What the log says after these words, each once.
    std::set<std::string> told_after(const std::string& words) const {
        std::set<std::string> all;
        std::istringstream lines(log());
        for (std::string line; std::getline(lines, line);)
            if (const size_t at = line.find(words); at != std::string::npos) all.insert(line.substr(at + words.size()));
        return all;
    }

    std::set<std::string> seen_;  ///< views, of this tour
};

/// The patients' screens: practice, its score and review, and how the skin heals.
class PatientTour : public Tour {
  protected:
    std::vector<std::string> application() override {
        perform("2026-11-21_09-30-05_demo-spare", {"--case", "demo-spare", "--operator", "novice", "--seed", "3"});
        return Tour::application();
    }
};

TEST_P(PatientTour, AllWordsCanBeRead) {
    see("start", 3);
    key("p");
    for (const char* page : {"1", "2", "3", "4", "5"}) {
        expect_once_more(fmt::format("settings page {}", page), [&] { key(page); });
        see(fmt::format("settings_{}", page), 2);
    }
    expect_once_more("settings closed", [&] { key("Escape"); });
    arrive_by("i", "ImportScreen");
    see("import", 2);
    go_home();

    arrive_by("Return", "PracticeScreen");  // the first patient
    see("practice", 4);
    key("h");
    see("keys", 2);
    key("h");
    expect_once_more("recording ", [&] { key("space"); });
    see("recording");
    go_home();

    // Back from the import's chip: the oldest session, a novice's, performed before.
    press("shift+Tab", 2);
    arrive_by("Return", "ScoreScreen");
    ASSERT_THAT(told("score "), testing::HasSubstr("demo-spare"));
    see("score", 4);
    arrive_by("v", "ReviewScreen");
    see("review", 4);
    arrive_by("Escape", "ScoreScreen");
    arrive_by("h", "HealingScreen");
    see("healing", 3);

    // 48 steps from minutes to a year, with more sessions on the way.
    const auto go = [&](const char* name, int steps) { expect_once_more("healing after ", [&] { press(name, steps); }); };
    go("Left", 20);
    see("healing_minutes");
    int sessions = 1;
    for (const auto& [view, steps] : {std::pair{"healing_hours", 9}, {"healing_days", 14}, {"healing_weeks", 10}, {"healing_months", 9}, {"healing_year", 9}}) {
        sessions = sessions % 4 + 1;
        expect_once_more(fmt::format("healing sessions {}", sessions), [&] { key(std::to_string(sessions)); });
        go("Right", steps);
        see(view);
    }
    key("c");
    key("u");
    see("healing_compared");
}

/// A visit from the record to the healed skin.
class VisitTour : public Tour {
  protected:
    void on(const std::string& step) {
        expect_once_more("visit " + step, [&] { key("Next"); });
        see("visit_" + step, 3);
    }
    /// The row so far below, with the choice so far to the right.
    void act(int down, int right, const std::string& told_as) {
        expect_once_more("act " + told_as, [&] { press("Down", down), press("Right", right), key("space"); });
    }
};

TEST_P(VisitTour, AllWordsCanBeRead) {
    key("6");
    press("Right", 2);  // of visits that are listed by id, one that may be treated
    arrive_by("Return", "VisitScreen");
    ASSERT_THAT(told("screen visit "), testing::HasSubstr("visit-anna-lines"));
    see("visit_consultation", 3);
    on("decision");
    act(0, 0, "decide session proceed");
    on("plan");
    on("preparation");
    key("Escape");
    see("visit_leave");
    arrive_by("Next", "PracticeScreen");
    see("visit_needling", 3);
    expect_once_more("view reached", [&] { key("1"); });
    point_at_picture();
    ASSERT_TRUE(until([&] { return key("g"), until([&] { return times("act glide_medium forehead") > 0; }, 3); })) << "once the zone under the pointer is known\n" << log();
    expect_once_more("act needle_zone forehead", [&] { xdotool({"mousedown", "1", "sleep", "1.5", "mouseup", "1"}); });
    expect_once_more("act end_point forehead", [&] { key("b"); });
    see("visit_end_point");
    arrive_by("Return", "VisitScreen");
    see("visit_finish", 3);
    on("aftercare");
    on("follow_up");
    for (const char* day : {"1", "2", "3", "5", "7", "14", "28", "42", "90", "180", "365"}) {
        act(0, day == std::string("1") ? 0 : 1, fmt::format("follow_look {}", day));
        look_at_words();
    }
    see("visit_followed", 3);
    arrive_by("h", "HealingScreen");
    see("visit_healing");
    arrive_by("Escape", "ScoreScreen");
    see("visit_score", 4);
}

/// A lesson, its result, and its review beside an expert's run.
class LessonTour : public Tour {};

TEST_P(LessonTour, AllWordsCanBeRead) {
    arrive_by("l", "LessonsScreen");
    see("lessons", 3);
    press("Right", 2);
    arrive_by("Return", "PracticeScreen");
    see("lesson", 2);
    expect_once_more("lesson begun ", [&] { key("space"); });
    expect_once_more("recording ", [&] { key("space"); });
    see("lesson_begun");
    arrive_by("Return", "LessonResultScreen");
    see("lesson_result", 3);
    arrive_by("v", "ReviewScreen");
    see("lesson_review", 2);
    key("b");
    see("review_choice", 2);
    expect_once_more("review beside ", [&] { key("1"); });
    see("review_beside", 2);
    key("Escape");
    expect_once_more("note begun", [&] { key("n"); });
    see("review_note");
}

/// Trainees over time, and the instructor's desk.
class DeskTour : public Tour {
  protected:
    std::vector<std::string> application() override {
        for (const auto& [hand, trainee] : {std::pair{"expert", "A-1"}, {"novice", "B-2"}})
            perform(trainee, {"--case", "pad-small", "--operator", hand, "--seed", "1", "--trainee", trainee});
        std::ofstream(scratch_ / "roster.csv") << "Code;Name;Group\nA-1;Ana Carolina Etxeberria;Evening 2\nB-2;Bo;Evening 2\nC-3;Chen;1\n";
        std::ofstream(scratch_ / "no-roster.csv") << "Name\nAna\n";
        return Tour::application();
    }
};

TEST_P(DeskTour, AllWordsCanBeRead) {
    arrive_by("r", "ProgressScreen");
    see("progress", 3);
    arrive_by("d", "DeskScreen");
    expect_once_more("roster refused ", [&] { manager_->drop(window_, scratch_ / "no-roster.csv"); });
    see("desk_roster_refused");
    expect_once_more("roster 3 members", [&] { manager_->drop(window_, scratch_ / "roster.csv"); });
    see("desk", 3);
    key("2");
    ASSERT_TRUE(says("preview ")) << log();
    see("desk_rubrics", 3);
    key("c");
    press("Down", 3);
    see("desk_rubric_edited", 4);
    key("3");
    ASSERT_TRUE(says("lesson preview ")) << log();
    see("desk_lessons", 4);
    press("Down", 2);
    look_at_words();  // the third is chosen before it is copied
    expect_once_more("lesson copied ", [&] { key("c"); });
    see("desk_lesson_draft", 4);
    key("Down");
    see("desk_lesson_unsaved");
    key("x");
    key("1");
    arrive_by("Return", "ProgressScreen");
    see("progress_of_member", 3);
}

/// A head scan becomes a patient.
class ScanTour : public Tour {
  protected:
    std::vector<std::string> application() override {
        const Outcome made = scenario::evenhand({"face", "export", "demo-woman", "-o", (scratch_ / "Eva.glb").string()}, environment_);
        EXPECT_EQ(made.exit, 0) << made.err;
        return Tour::application();
    }
};

TEST_P(ScanTour, AllWordsCanBeRead) {
    arrive("ImportScreen", [&] { manager_->drop(window_, scratch_ / "Eva.glb"); });
    see("scan_chosen", 2);
    arrive_by("Return", "LoadingScreen");
    see("scan_fitting");
    arrive("LandmarkScreen", [] {}, 3 * kPatience);
    see("scan_landmarks", 4);
}

/// The page of the pens with a tracked one.
class CalibrationTour : public Tour {
  protected:
    std::vector<std::string> application() override { return {EVENHAND_PROGRAM, "--log-level", "trace", "--osc", tracker_port()}; }

    /// Holds the pen at a point until the page is done with it.
    void hold(glm::dvec3 place, int point) {
        const int before = times(fmt::format("calibration point {} ", point));
        ASSERT_TRUE(until([&] { return tracker_.send(place, 0), times(fmt::format("calibration point {} ", point)) > before; })) << log();
    }
    Tracker tracker_{tracker_port()};
};

TEST_P(CalibrationTour, AllWordsCanBeRead) {
    key("5");  // the pads alone
    press("Right", 1);
    arrive_by("Return", "PracticeScreen");
    ASSERT_THAT(told("screen practice "), testing::HasSubstr("pad-flat"));
    key("p");
    expect_once_more("settings page 4", [&] { key("4"); });
    see("pens_not_calibrated", 3);
    press("shift+Tab", 4);  // back from the panel's end, over its last button: the first of the points
    key("Return");
    see("pens_holding_still");
    ASSERT_TRUE(says("calibration point 1 silent")) << log();
    see("pens_point_failed");
    const glm::dvec3 corners[] = {{-kPad, kPad, 0}, {kPad, kPad, 0}, {-kPad, -kPad, 0}};
    for (int point = 1; point <= 3; ++point) {
        key("Return");
        hold(corners[point - 1], point);
        key("Tab");
    }
    ASSERT_TRUE(says("calibrated, residual ")) << log();
    see("pens_calibrated", 3);
}

/// The same of an exam's screens.
class ExamTour : public Tour {
  protected:
    std::vector<std::string> application() override {
        std::vector<std::string> command =
            exam_in_window(scratch_, environment_, exam_plan("demo", "attempts = 1\ntime_limit_s = 600\npause_limit_s = 60\n"));
        std::ranges::replace(command, "debug", "trace");
        return command;
    }
};

TEST_P(ExamTour, AllWordsCanBeRead) {
    see("exam_start");
    xdotool({"type", "--delay", "40", kExamPassphrase});
    arrive_by("Return", "ExamScreen");
    ASSERT_EQ(told("attempt "), "1 open");
    see("exam_open");
    arrive_by("Return", "PracticeScreen");
    ASSERT_TRUE(says("clock 6 s")) << log();
    see("exam_attempt");
    key("h");
    see("exam_keys");
    key("Escape");
    expect_once_more("asks whether to hand in", [&] { key("Return"); });
    see("exam_sure");
    arrive_by("Return", "HandedInScreen");
    see("exam_result", 3);
}

/// Three languages at both sizes, and texts for which panels have no room side by side.
const std::vector<View> kViews = {{"en", 1280, 720},    {"es", 1280, 720},    {"fr", 1280, 720},    {"en", 3840, 2160},
                                  {"es", 3840, 2160},   {"fr", 3840, 2160},   {"fr", 1280, 720, 2}, {"en", 1280, 720, 3}};
const std::vector<View> kMoreSizes = {{"fr", 1280, 720, 1.5}, {"es", 1280, 720, 2}, {"fr", 1280, 720, 3}, {"fr", 1920, 1080, 2}, {"fr", 1920, 1080, 3}};
const auto kViewName = [](const testing::TestParamInfo<View>& info) {
    const View& view = info.param;
    const std::string name = fmt::format("{}_{}", view.language, view.height);
    return view.text > 0 ? fmt::format("{}_{:.0f}", name, 100 * view.text) : name;
};
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, PatientTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, VisitTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, LessonTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, DeskTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, ScanTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, CalibrationTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, ExamTour, testing::ValuesIn(kViews), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizesMore, PatientTour, testing::ValuesIn(kMoreSizes), kViewName);
INSTANTIATE_TEST_SUITE_P(LanguagesAndSizesMore, ExamTour, testing::ValuesIn(kMoreSizes), kViewName);

}  // namespace
