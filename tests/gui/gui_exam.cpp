// An exam in the window: the way in by the station's passphrase, attempts with real presses and keys, one that is killed and gone on
// with, the invigilator's code, and what is handed in, judged by the commands.

#include "tests/gui/letters.h"
// After it, with the macros of X11.
#include "tests/gui/exam_window.h"
#include "tests/gui/pen_display.h"
#include "tests/gui/virtual_pad.h"
#include "tests/scenarios/small_disk.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>

#include <lo/lo.h>

namespace {

using gui_test::kA, gui_test::kB, gui_test::kX, gui_test::kY, gui_test::kBack, gui_test::kStart;
using gui_test::until;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr int kMiddleX = 622, kMiddleY = 360;
class ExamWindow : public gui_test::WindowTest {
  protected:
    /// Keys and package first: the window is one of this exam.
    std::vector<std::string> application() override { return gui_test::exam_in_window(scratch_, environment_, plan()); }
    virtual std::string plan() const { return gui_test::exam_plan("pad-flat", "attempts = 2\ntime_limit_s = 120\n"); }
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
    void open(int attempt) {
        open_station(gui_test::kExamPassphrase);
        ASSERT_TRUE(says(fmt::format("screen start exam board-2026 attempt {} open", attempt))) << log();
        photograph(fmt::format("exam-open-{}", attempt));
    }
    void begin(int attempt, const std::string& screen = "screen practice pad-flat") {
        open(attempt);
        key("Return");
        expect_begun(screen);
    }
    void expect_begun(const std::string& screen) {
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
    /// Asked first: a second press within the frame of the first is no answer.
    void hand_in() {
        expect_once_more("asks whether to hand in", [&] { key("Return"); });
        expect_once_more("screen handed in", [&] { key("Return"); });
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

/// Where the program's own memory holds `text`: of each place the mapping's name. As letters of one byte and as those of two, in
/// which Dear ImGui keeps a field's.
std::vector<std::string> places_in_memory(int process, const std::string& text) {
    std::string wide;
    for (const char letter : text) wide += letter, wide += '\0';
    std::ifstream maps(fmt::format("/proc/{}/maps", process)), memory(fmt::format("/proc/{}/mem", process), std::ios::binary);
    std::vector<std::string> found;
    for (std::string line; std::getline(maps, line);) {
        uint64_t from = 0, to = 0;
        char write = 0;
        if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " r%c", &from, &to, &write) != 3 || write != 'w') continue;
        std::string bytes(to - from, 0);
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(from));
        if (!memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) continue;
        for (const std::string& one : {text, wide})
            for (size_t at = bytes.find(one); at != std::string::npos; at = bytes.find(one, at + 1)) found.push_back(line);
    }
    return found;
}

TEST_F(ExamWindow, NothingOfAPassphraseIsInMemoryOnceItIsTyped) {
    const std::string wrong = "a mule that is no horse";
    for (const std::string& passphrase : {wrong, std::string(gui_test::kExamPassphrase)}) {
        const std::string most = passphrase.substr(1);  // a string that was moved from has lost its first letter
        ASSERT_TRUE(until([&] { return times("typing begins") > times("typing ends"); })) << log();
        xdotool({"type", "--delay", "40", passphrase});
        EXPECT_TRUE(until([&] { return !places_in_memory(application_->id(), most).empty(); })) << "while it is typed it is found, so that the search finds";
        key("Return");
        ASSERT_TRUE(until([&] { return passphrase == wrong ? times("screen start exam") == 2 : times("attempt 1 open") == 1; })) << log();
        ASSERT_TRUE(until([&] { return times("typing ends") == times("typing begins") || passphrase == wrong; })) << log();
        EXPECT_THAT(places_in_memory(application_->id(), most), testing::IsEmpty());
    }
}

/// Longer than what a field of a window mostly takes, and no longer than a terminal does.
class ExamBehindALongPassphrase : public ExamWindow {
  protected:
    std::vector<std::string> application() override { return gui_test::exam_in_window(scratch_, environment_, plan(), passphrase_); }
    const std::string passphrase_ = std::string(299, 'a') + "b";
};

TEST_F(ExamBehindALongPassphrase, IsOpenedInTheWindowAsByTheCommands) {
    ASSERT_TRUE(says("screen start exam board-2026 attempt 1")) << log();
    open_station(passphrase_);
    EXPECT_TRUE(says("screen start exam board-2026 attempt 1 open")) << log();
}

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
    const int seconds = times("clock ");
    needle();
    ASSERT_TRUE(until([&] { return times("clock ") > seconds + 6; })) << "the first checkpoint has a code\n" << log();
    hand_in();
    ASSERT_TRUE(says("screen handed in 2")) << log();
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

/// No pause is allowed.
class ExamWhoseTimeEnds : public ExamWindow {
  protected:
    std::string plan() const override { return gui_test::exam_plan("pad-flat", "attempts = 2\ntime_limit_s = 30\n"); }
};

/// Its program is stopped while an attempt runs, as on a machine that has no time for it.
TEST_F(ExamWhoseTimeEnds, WhereTheStationStandsStillTakesNothingFromTheCandidateAndTellsForHowLong) {
    begin(1);
    needle();
    wait_for_second(3);
    application_->signal(SIGSTOP);
    std::this_thread::sleep_for(std::chrono::seconds(4));
    application_->signal(SIGCONT);
    const int now = std::stoi(told("clock "));
    wait_for_second(now + 2);
    photograph("exam-stood-still");
    ASSERT_TRUE(says("screen handed in 1")) << "its time ends it\n" << log();
    const auto result = nlohmann::json::parse(command({"exam", "result", "--package", package(), folder(), "--json"}, 1).out);
    EXPECT_GE(result["attempts"][0]["stood_ms"].get<int>(), 3900) << result.dump();
    for (const auto& failure : result["failures"]) EXPECT_THAT(failure.get<std::string>(), HasSubstr("these are missing: 2")) << failure;
    const auto samples = exported(folder() + "/attempt-1.evh", "--samples");
    EXPECT_GT(samples.back().front(), 30 - 1) << "all of the session time was had";
    const gui_test::Outcome journal = command({"exam", "journal", folder()});
    EXPECT_THAT(journal.out, HasSubstr("handed in"));
}

/// In another language, with texts of some size.
class ExamStrip : public ExamWhoseTimeEnds, public testing::WithParamInterface<std::pair<const char*, const char*>> {
  protected:
    std::string settings() override { return WindowTest::settings() + fmt::format("language = \"{}\"\ntier = \"cpu\"\ntext_size = {}\n", GetParam().first, GetParam().second); }
    std::vector<std::string> application() override {
        std::vector<std::string> command = ExamWindow::application();
        std::ranges::replace(command, std::string("debug"), std::string("trace"));
        return command;
    }
};

TEST_P(ExamStrip, ShowsThatTheStationStoodStillBesideAllElse) {
    begin(1);
    wait_for_second(6);
    application_->signal(SIGSTOP);
    std::this_thread::sleep_for(std::chrono::seconds(4));
    application_->signal(SIGCONT);
    const int now = std::stoi(told("clock "));
    wait_for_second(now + 2);
    photograph(fmt::format("exam-strip-{}-{}", GetParam().first, GetParam().second));
    EXPECT_EQ(said("unreadable: "), "") << log();
    EXPECT_EQ(said("no room on a button: "), "");
}

INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, ExamStrip, testing::Values(std::pair{"fr", "1.0"}, std::pair{"es", "2.0"}));

/// Killed at random moments, while the pen needles and while an attempt is handed in, and gone on with.
class ExamKilledOften : public ExamWindow {
  protected:
    std::string plan() const override {
        return gui_test::exam_plan("pad-flat", "attempts = 20\ntime_limit_s = 1800\npause_limit_s = 3600\nresume_limit_s = 86400\n");
    }
    void kill_at_random(int kills) {
        std::mt19937 random(5);
        int needling = 0, handing_in = 0, closed = 0;
        for (int i = 0; i < kills; ++i) {
            ASSERT_TRUE(says("screen start exam board-2026 attempt ")) << log();
            begin(std::stoi(told("screen start exam board-2026 attempt ")));
            if (HasFatalFailure()) return;
            const std::string file = recording();
            ASSERT_TRUE(says("view reached")) << log();
            const bool at_the_end = i % 4 == 3;
            stroke(at_the_end ? 1.5 : 0.2 + static_cast<double>(random() % 3000) / 1e3);
            if (at_the_end) {
                expect_once_more("asks whether to hand in", [&] { key("Return"); });
                key("Return");
                std::this_thread::sleep_for(std::chrono::milliseconds(random() % 250));
            }
            application_->signal(SIGKILL);
            application_->wait(60);
            const int shown_s = std::max(0, std::atoi(told("clock ").c_str()));
            const bool whole = expect_kept(file, shown_s);
            (at_the_end ? handing_in : needling) += 1;
            closed += whole;
            EXPECT_TRUE(at_the_end || !whole) << "nobody handed it in";
            open_application();
            if (HasFatalFailure()) return;
        }
        RecordProperty("killed_while_needling", needling);
        RecordProperty("killed_while_handing_in", handing_in);
        RecordProperty("of_these_closed", closed);
        fmt::print("killed {} times while needling, {} while handing in; of these {} were closed before\n", needling, handing_in, closed);
        const auto result = nlohmann::json::parse(command({"exam", "result", "--package", package(), folder(), "--json"}, 1).out);
        for (const auto& failure : result["failures"]) EXPECT_THAT(failure.get<std::string>(), HasSubstr("attempts: of 20 attempts these are missing")) << failure;
    }

  private:
    std::string recording() const {
        const std::string path = told("recording ");
        return path.substr(0, path.find(' '));
    }
    /// To and fro on the pad for so long, with the button down at the end.
    void stroke(double seconds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
        xdotool({"mousemove", std::to_string(kMiddleX - 60), std::to_string(kMiddleY), "mousedown", "1"});
        for (int step = 0; std::chrono::steady_clock::now() < end; ++step)
            xdotool({"mousemove", std::to_string(kMiddleX - 60 + 4 * (step % 30)), std::to_string(kMiddleY + step % 40), "sleep", "0.02"});
    }
    /// All but the last second that was shown is there and signed; whether it was closed.
    bool expect_kept(const std::string& file, int shown_s) {
        const gui_test::Outcome verified = scenario::evenhand({"verify", file, "--package", package()}, environment_);
        if (verified.exit == 0) return true;
        EXPECT_EQ(times_in(verified.out, " FAILS"), 1) << verified.out;
        const std::string until = "an unfinished session, signed until ";
        const size_t at = verified.out.find(until);
        EXPECT_NE(at, std::string::npos) << verified.out << verified.err;
        const double kept_s = at == std::string::npos ? -1 : std::strtod(verified.out.c_str() + at + until.size(), nullptr);
        EXPECT_GE(kept_s, shown_s - 1) << "more than the last second is missing of " << shown_s << " s that were shown";
        return false;
    }
    static int times_in(const std::string& text, const std::string& words) {
        int count = 0;
        for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
        return count;
    }
};

TEST_F(ExamKilledOften, AtMostTheLastSecondOfWhatWasShownIsMissing) {
    kill_at_random(12);
}

/// The same for longer.
using KilledWindows = ExamKilledOften;

TEST_F(KilledWindows, SixtyTimesMissAtMostTheLastSecond) {
    kill_at_random(60);
}

/// Its candidate's folder lies on a disk of its own.
class ExamOnASmallDisk : public ExamWindow {
  protected:
    void SetUp() override {
        if (!disk_.refusal().empty()) GTEST_SKIP() << disk_.refusal();
        ExamWindow::SetUp();
    }
    std::string plan() const override { return gui_test::exam_plan("pad-flat", "attempts = 1\ntime_limit_s = 600\n"); }
    std::vector<std::string> application() override {
        std::vector<std::string> command = ExamWindow::application();
        command.back() = disk_ / "K-17";
        return disk_.inside(command);
    }

    scenario::SmallDisk disk_{8 << 10};
};

TEST_F(ExamOnASmallDisk, WhenItIsFullTheAttemptEndsWithASentenceAndIsGoneOnWithOnceThereIsRoom) {
    begin(1);
    needle();
    disk_.fill_but(0);
    ASSERT_TRUE(says("refusal ")) << log();
    EXPECT_THAT(told("refusal "), AllOf(HasSubstr("the disk is full"), HasSubstr("free some space"))) << log();
    ASSERT_TRUE(until([&] { return times("screen start exam board-2026 attempt 1") > 2; })) << "the page with which it is gone on\n" << log();
    photograph("exam-full-disk");
    EXPECT_THAT(disk_.listing("K-17"), testing::Contains("attempt-1.evh"));
    disk_.make_room();
    restart_after_a_kill();
    begin(1);
    wait_for_second(std::stoi(told("clock ")) + 2);
    hand_in();
    ASSERT_TRUE(says("screen handed in 1")) << log();
    const gui_test::Outcome judged = disk_.run({EVENHAND_PROGRAM, "exam", "result", "--package", package(), disk_ / "K-17", "--json"}, environment_);
    EXPECT_EQ(judged.exit, 0) << judged.out << judged.err;
    const auto result = nlohmann::json::parse(judged.out, nullptr, false);
    ASSERT_TRUE(result.is_object());
    EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
    EXPECT_EQ(result["attempts"][0]["gaps_s"].size(), 1u) << result.dump();
    EXPECT_FALSE(result["attempts"][0]["cut_off"].get<bool>());
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
    std::string recording() const { return folder() + "/attempt-1.evh"; }
    /// What is exported of the first attempt: one vector of columns per row.
    std::vector<std::vector<double>> rows(const char* what) { return exported(recording(), what); }
    /// Hands it in; the same. What was kept is sealed and follows from the pen's path.
    std::vector<std::vector<double>> handed_in(const char* what) {
        wait_for_second(std::stoi(told("clock ")) + 2);
        hand_in();
        EXPECT_TRUE(says("screen handed in 1")) << log();
        command({"replay", recording(), "--verify"});
        command({"verify", recording(), "--package", package()});
        return rows(what);
    }
    /// Rows in which the force is within one per cent of `newtons`.
    static int64_t with_force(const std::vector<std::vector<double>>& rows, size_t column, double newtons) {
        return std::ranges::count_if(rows, [&](const std::vector<double>& row) { return std::fabs(row.at(column) - newtons) <= 0.01 * newtons; });
    }
};

class ExamByStylusWithAPad : public gui_test::OnPad<ExamByStylus> {};

TEST_F(ExamByStylusWithAPad, NeitherMouseNorKeysNorPadNeedleAndEachIsToldSo) {
    photograph("exam-stylus-start");
    begin(1);
    needle();
    photograph("exam-wrong-pen");
    EXPECT_THAT(log(), HasSubstr("wrong pen mouse"));
    expect_once_more("wrong pen keys", [&] { key("k"); });
    for (const char* name : {"space", "Right", "Escape"}) key(name);  // Space pauses where that is allowed
    expect_once_more("wrong pen gamepad", [&] { pad_.axis(ABS_RZ, 0.9); });
    pad_.axis(ABS_X, 0.4);
    hand_in();
    ASSERT_TRUE(says("screen handed in 1")) << log();
    const gui_test::Outcome exported = command({"export", folder() + "/attempt-1.evh", "--punctures", (scratch_ / "p.csv").string()});
    const std::string punctures = scenario::read(scratch_ / "p.csv");
    EXPECT_EQ(std::count(punctures.begin(), punctures.end(), '\n'), 1) << "the head alone";
    EXPECT_THAT(log(), AllOf(Not(HasSubstr("pen led by keys")), Not(HasSubstr("pen led by gamepad"))));
}

/// The X server's own pen, whose pressure is force.
class ExamWithTheStylus : public gui_test::OnPenDisplay<ExamByStylus> {};

TEST_F(ExamWithTheStylus, ItsPressureDrivesAStrokeAndTheSealedForceFollows) {
    using gui_test::kPenX, gui_test::kPenY;
    begin(1);
    ASSERT_TRUE(says("view reached")) << log();
    const std::vector<double> pressures = {250, 750, 400};
    pen_->proximity(true);
    pen_->move(kPenX - 60, kPenY, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    double x = kPenX - 60;
    pen_->move(x, kPenY, pressures.front());
    pen_->button(1, true);
    for (const double pressure : pressures) hold(x += 12, pressure);
    photograph("exam-stylus");
    pen_->button(1, false);
    pen_->move(x, kPenY, 0);
    pen_->proximity(false);
    const std::vector<std::vector<double>> samples = handed_in("--samples"), punctures = rows("--punctures");
    for (const double pressure : pressures) {
        EXPECT_GT(with_force(samples, 7, gui_test::newtons(pressure)), 40) << pressure << ": half a second is 60 samples";
        EXPECT_GT(with_force(punctures, 8, gui_test::newtons(pressure)), 300) << pressure << ": half a second is 600 punctures and more";
    }
    EXPECT_THAT(log(), Not(HasSubstr("wrong pen")));
    expect_no_validation_message();
}

/// A tracker that sends poses over UDP, as liblo does.
class ExamWithATrackedPen : public ExamByStylus {
  protected:
    static constexpr const char* kPort = "29473";

    std::vector<std::string> application() override {
        std::vector<std::string> command = ExamByStylus::application();
        command.insert(command.begin() + 1, {"--osc", kPort});
        return command;
    }
    /// Poses at some 50 Hz until the attempt's clock tells `second`, along x at 2 mm/s on the middle of the pad; `force` 0 hovers.
    void send_until(int second, double force) {
        const lo_address target = lo_address_new("127.0.0.1", kPort);
        EXPECT_TRUE(until([&] {
            lo_send(target, "/evenhand/pen/axis", "ddddddd", x_, 0.0, force > 0 ? 0.0 : 0.01, 0.0, 0.0, -1.0, force);
            x_ += 4e-5;
            const std::string now = told("clock ");
            return !now.empty() && std::stoi(now) >= second;
        })) << log();
        lo_address_free(target);
    }

    double x_ = -0.02;
};

TEST_F(ExamWithATrackedPen, ItsPosesLeadAStrokeWithTheForceTheyTell) {
    begin(1);
    ASSERT_TRUE(says("view reached")) << log();
    send_until(4, 0.9);
    photograph("exam-tracked");
    send_until(6, 0);
    const std::vector<std::vector<double>> samples = handed_in("--samples"), punctures = rows("--punctures");
    EXPECT_GT(with_force(samples, 7, 0.9), 200) << "it pressed for some three seconds, 120 samples each";
    EXPECT_GT(with_force(punctures, 8, 0.9), 2000) << "at more than a thousand a second";
    EXPECT_THAT(log(), Not(HasSubstr("wrong pen")));
    expect_no_validation_message();
}

/// Begun by the candidate, with what leads the pen, and led by that to its end.
class ExamLedByOne : public ExamWindow {
  protected:
    std::string plan() const override { return gui_test::exam_plan("pad-flat", "attempts = 1\ntime_limit_s = 600\npause_limit_s = 300\n"); }
    void wait_for_seconds(int count) { wait_for_second(std::stoi(told("clock ")) + count); }
    void expect_handed_in(const std::string& pen) {
        command({"verify", folder() + "/attempt-1.evh", "--package", package()});
        const auto result = nlohmann::json::parse(command({"exam", "result", "--package", package(), folder(), "--json"}).out);
        EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
        command({"export", folder() + "/attempt-1.evh", "--punctures", (scratch_ / "p.csv").string()});
        const std::string punctures = scenario::read(scratch_ / "p.csv");
        EXPECT_GT(std::count(punctures.begin(), punctures.end(), '\n'), 500) << "a second is more than a thousand";
        EXPECT_THAT(log(), AllOf(HasSubstr("pen led by " + pen), Not(HasSubstr("wrong pen"))));
        expect_no_validation_message();
    }
};

TEST_F(ExamLedByOne, WhatItCameToIsToldAgainInAnotherWindow) {
    begin(1);
    ASSERT_TRUE(says("view reached")) << log();
    hand_in();
    EXPECT_EQ(told("screen handed in "), "1  not passed") << "no checkpoint, so no code";
    photograph("exam-result-no-code");
    manager_->ask_to_close(window_);
    ASSERT_EQ(application_->wait(60), 0) << log();
    open_application();
    ASSERT_TRUE(says("screen start exam board-2026 attempt 2")) << log();
    key("shift+Tab");  // the last of its buttons
    expect_once_more("screen handed in 1", [&] { key("Return"); });
    EXPECT_EQ(told("screen handed in "), "1  not passed");
    photograph("exam-result-again");
    expect_no_validation_message();
}

TEST_F(ExamLedByOne, KeysAloneNeedlePauseAndHandInWhichIsAskedFirst) {
    begin(1);
    ASSERT_TRUE(says("view reached")) << log();
    expect_once_more("pen led by keys", [&] { key("k"); });
    expect_once_more("hand pen presses", [&] { key("space"); });
    xdotool({"keydown", "Right"});
    wait_for_seconds(2);
    xdotool({"keyup", "Right"});
    photograph("exam-keys");
    expect_once_more("hand pen lifts", [&] { key("space"); });
    expect_once_more("pen led by mouse", [&] { key("Escape"); });
    expect_once_more("subtitle motor_stops", [&] { key("space"); });
    expect_once_more("subtitle motor_runs", [&] { key("space"); });
    expect_once_more("asks whether to hand in", [&] { key("Return"); });
    key("Escape");  // not yet
    hand_in();
    expect_handed_in("keys");
}

class ExamLedByPad : public gui_test::OnPad<ExamLedByOne> {};

TEST_F(ExamLedByPad, APadAloneNeedlesPausesAndHandsInWhichIsAskedFirst) {
    open(1);
    tap(kA);
    expect_begun("screen practice pad-flat");
    ASSERT_TRUE(says("view reached")) << log();
    pad_.axis(ABS_Z, 1);
    photograph("exam-pad-tools");
    for (const gui_test::PadButton& aid : {kY, kX, kStart}) tap(aid);  // maps, findings, settings: none here
    pad_.axis(ABS_Z, 0);
    expect_once_more("hand pen presses", [&] { pad_.axis(ABS_RZ, 0.35); });
    pad_.axis(ABS_X, 0.4);
    wait_for_seconds(2);
    photograph("exam-pad");
    pad_.axis(ABS_X, 0);
    expect_once_more("hand pen lifts", [&] { pad_.axis(ABS_RZ, 0); });
    tap_for(kB, "subtitle motor_stops");
    photograph("exam-pad-paused");
    tap_for(kB, "subtitle motor_runs");
    tap_for(kStart, "pad menu opens");
    tap_for(kStart, "subtitle motor_runs");
    tap_for(kBack, "asks whether to hand in");
    tap(kB);  // not yet
    tap_for(kBack, "asks whether to hand in");
    photograph("exam-pad-sure");
    tap_for(kBack, "screen handed in");
    EXPECT_THAT(log(), Not(HasSubstr("pen led by mouse")));
    expect_handed_in("gamepad");
}

/// The invigilator types on the letters on screen.
using ExamOpenedByPad = ExamLedByPad;

TEST_F(ExamOpenedByPad, ThePassphraseIsTypedWithThePadAndTheAttemptBegins) {
    ASSERT_TRUE(says("typing begins")) << log();
    tap_for(gui_test::kCrossDown, "letters open");
    photograph("exam-letters");
    const gui_test::Letters letters("en");
    spell(letters, "x");
    tap(kX);  // takes it back
    spell(letters, gui_test::kExamPassphrase);
    photograph("exam-letters-typed");
    tap_for(kStart, "screen start exam board-2026 attempt 1 open");
    EXPECT_THAT(log(), HasSubstr("letters close"));
    EXPECT_THAT(log(), Not(HasSubstr(gui_test::kExamPassphrase)));
    tap(kA);
    expect_begun("screen practice pad-flat");
    expect_no_validation_message();
}

/// The letters that a pad brought up, pressed by the mouse.
class LettersByMouse : public ExamLedByPad, public testing::WithParamInterface<const char*> {
  protected:
    std::string settings() override { return ExamLedByPad::settings() + fmt::format("language = \"{}\"\n", GetParam()); }
    std::vector<std::string> application() override {
        std::vector<std::string> command = ExamLedByPad::application();
        std::ranges::replace(command, "debug", "trace");
        return command;
    }
    void press(int row, double column) {
        double x = 0, y = 0, width = 0, height = 0;
        ASSERT_EQ(std::sscanf(told("letters at ").c_str(), "%lf %lf, keys of %lf %lf", &x, &y, &width, &height), 4) << log();
        click(static_cast<int>(x + (column + 0.45) * width), static_cast<int>(y + (row + 0.45) * height));
    }
    /// Of the keys that are no letters: 0 is Shift.
    void press_foot(int key) { press(letters_.rows(page_), 2 * key + 0.5); }
    void turn_page() {
        press_foot(1);
        page_ = (page_ + 1) % 3;
    }
    void type(const std::string& letter) {
        const Letters::Place place = letters_.of(letter, page_);
        while (page_ != place.page) turn_page();
        press(place.row, place.column);
    }

    using Letters = gui_test::Letters;
    const Letters letters_{GetParam()};
    int page_ = 0;
};

TEST_P(LettersByMouse, TypeAPassphraseFromEveryPage) {
    ASSERT_TRUE(says("typing begins")) << log();
    tap_for(gui_test::kCrossDown, "letters open");
    ASSERT_TRUE(says("letters at ")) << log();
    for (const char* unwanted : {"x", "%", "\u00e9"}) {
        type(unwanted);
        photograph(fmt::format("letters-mouse-{}-{}", GetParam(), page_));
        press_foot(3);  // and taken back
    }
    turn_page();
    press_foot(0);
    photograph(fmt::format("letters-mouse-{}-shift", GetParam()));
    press_foot(0);
    for (const std::string& letter : Letters::letters_of(gui_test::kExamPassphrase)) letter == " " ? press_foot(2) : type(letter);
    expect_once_more("screen start exam board-2026 attempt 1 open", [&] { press_foot(4); });
    EXPECT_THAT(log(), HasSubstr("letters close"));
    expect_no_validation_message();
}
INSTANTIATE_TEST_SUITE_P(ExamOpenedByPadLanguages, LettersByMouse, testing::Values("en", "es", "fr"), [](const auto& info) { return std::string(info.param); });

/// In the largest text, in a language with letters of its own.
class ExamOpenedByPadInLargeText : public ExamOpenedByPad {
  protected:
    std::string settings() override { return ExamOpenedByPad::settings() + "text_size = 3.0\nlanguage = \"fr\"\n"; }
};

TEST_F(ExamOpenedByPadInLargeText, EveryPageOfLettersIsReachedAndPutAway) {
    ASSERT_TRUE(says("typing begins")) << log();
    tap_for(gui_test::kCrossDown, "letters open");
    photograph("exam-letters-large");
    tap(gui_test::kRight);
    photograph("exam-letters-large-signs");
    tap_for(kStart, "letters close");
    expect_no_validation_message();
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
    ASSERT_TRUE(says("signed event decide_begin")) << log();
    restart_after_a_kill();
    if (HasFatalFailure()) return;
    begin(1, "screen visit visit-anna-lines decision");
    photograph("exam-visit-goes-on");
    ASSERT_TRUE(says("screen handed in 1")) << "its time ends it\n" << log();
    const auto result = nlohmann::json::parse(command({"exam", "result", "--package", package(), folder(), "--json"}).out);
    EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
    EXPECT_EQ(result["attempts"][0]["gaps_s"].size(), 1u) << result.dump();
}

/// A visit whose end finds a full disk.
class ExamOfAVisitOnASmallDisk : public ExamOnASmallDisk {
  protected:
    std::string plan() const override { return gui_test::exam_plan("visit-anna-lines", "attempts = 1\ntime_limit_s = 25\n"); }
};

TEST_F(ExamOfAVisitOnASmallDisk, WhoseTimeEndsOnAFullDiskIsGoneOnWithOnceThereIsRoom) {
    begin(1, "screen visit visit-anna-lines consultation");
    expect_once_more("act consult_ask ", [&] { key("space"); });
    disk_.fill_but(0);
    ASSERT_TRUE(says("refusal ")) << "at its end at the latest\n" << log();
    EXPECT_THAT(told("refusal "), AllOf(HasSubstr("the disk is full"), HasSubstr("free some space"))) << log();
    ASSERT_TRUE(until([&] { return times("screen start exam board-2026 attempt 1") > 2; })) << "the page with which it is gone on\n" << log();
    photograph("exam-visit-full-disk");
    EXPECT_THAT(log(), Not(HasSubstr("screen handed in")));
    disk_.make_room();
    restart_after_a_kill();
    begin(1, "screen visit visit-anna-lines consultation");
    ASSERT_TRUE(says("screen handed in 1")) << "its time ends it\n" << log();
    const gui_test::Outcome judged = disk_.run({EVENHAND_PROGRAM, "exam", "result", "--package", package(), disk_ / "K-17", "--json"}, environment_);
    EXPECT_EQ(judged.exit, 0) << judged.out << judged.err;
    const auto result = nlohmann::json::parse(judged.out, nullptr, false);
    ASSERT_TRUE(result.is_object());
    EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
    EXPECT_EQ(result["attempts"][0]["gaps_s"].size(), 1u) << result.dump();
    EXPECT_FALSE(result["attempts"][0]["cut_off"].get<bool>());
}

/// With texts so large that all stands in one column.
class ExamOfAVisitInAColumn : public ExamWindow {
  protected:
    std::string plan() const override { return gui_test::exam_plan("visit-anna-lines", "attempts = 1\ntime_limit_s = 90\n"); }
    std::vector<std::string> application() override {
        fs::create_directories(scratch_ / "config");
        std::ofstream(scratch_ / "config/settings.toml") << "version = 1\nlanguage = \"en\"\ntier = \"cpu\"\ntext_size = 3.0\n";
        return ExamWindow::application();
    }
};

TEST_F(ExamOfAVisitInAColumn, HasNoWayOutBesideItsEnd) {
    begin(1, "screen visit visit-anna-lines consultation");
    const int screens = times("screen ");
    xdotool({"mousemove", "300", "360", "sleep", "0.3", "click", "--repeat", "80", "--delay", "20", "5", "sleep", "1"});
    xdotool({"click", "--repeat", "4", "--delay", "20", "4", "sleep", "1"});  // the panel's foot stands above the strip and the views
    photograph("exam-visit-column");
    for (int y = 700; y > 0; y -= 30)  // from below: leave, back, go on
        xdotool({"mousemove", "300", std::to_string(y), "sleep", "0.3", "click", "--repeat", "2", "--delay", "300", "1"});
    EXPECT_TRUE(says("visit decision")) << "the presses met the foot\n" << log();
    EXPECT_EQ(times("screen "), screens) << "a press in the column left the attempt\n" << log();
}

}  // namespace
