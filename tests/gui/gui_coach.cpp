// The coach over the practice screen: real presses and keys make a fault, and what is told of it is read from
// the log and photographed; the recording keeps what could be told. Pictures of marks are looked at with eyes of every kind.

#include "tests/scenarios/colour_vision.h"
#include "training/app/marks.h"

// After ours: X's macros spoil them.
#include "tests/gui/window_test.h"

#include <sqlite3.h>

#include <cmath>
#include <cstring>

namespace {

using gui_test::kPatience;
using gui_test::until;
using testing::HasSubstr;

constexpr int kMiddleX = 622, kMiddleY = 360;

class CoachWindow : public gui_test::WindowTest {
  protected:
    void begin() {
        key("Return");
        ASSERT_TRUE(says("screen practice demo")) << log();
        key("1");  // the forehead, over bone
        ASSERT_TRUE(says("view reached")) << log();
        key("space");
        ASSERT_TRUE(says("recording ")) << log();
    }
    /// From the lesson that was chosen to its first stroke. A key while its screen is made would be lost.
    void begin_lesson(const std::string& id) {
        ASSERT_TRUE(says("lesson " + id)) << log();
        ASSERT_TRUE(says("view reached")) << log();
        key("Return");
        ASSERT_TRUE(says("lesson begun " + id)) << log();
    }
    /// Slowly enough for a machine with much to do.
    void keys(const std::string& name, int times) {
        for (int i = 0; i < times; ++i) xdotool({"key", name, "sleep", "0.3"});
    }
    void turn_wheel(const std::string& button, int notches) {
        xdotool({"mousemove", std::to_string(kMiddleX), std::to_string(kMiddleY)});
        for (int i = 0; i < notches; ++i) xdotool({"click", button, "sleep", "0.12"});
    }
    struct Place {
        int x, y;  ///< pixels of the window
    };
    /// Where a hand that goes line beside line round the middle is.
    virtual Place place(int step) const {
        const int line = step / 25, along = line % 2 ? 25 - step % 25 : step % 25;
        return {middle_.x - 60 + 5 * along, middle_.y - 60 + 15 * (line % 7)};
    }
    /// Line beside line with the button held, until the coach tells `cue`; it stays down.
    void glide_until(const std::string& cue, int x = kMiddleX, int y = kMiddleY, double limit_s = kPatience) {
        middle_ = {x, y};
        const auto go = [&] {
            at_ = place(step_);
            xdotool({"mousemove", std::to_string(at_.x), std::to_string(at_.y), "sleep", "0.06"});
        };
        go();
        xdotool({"sleep", "0.2", "mousedown", "1"});
        ASSERT_TRUE(until([&] {
            go();
            ++step_;
            return told("coach ") == cue;
        }, limit_s)) << cue
            << "\n"
            << log();
    }
    /// Glides until the coach tells `cue` and keeps a picture in which it still does: a cue passes, and pictures are slow.
    void see_mark(const std::string& cue, const std::string& name, int x = kMiddleX, int y = kMiddleY) {
        for (int i = 0; i < 4; ++i) {
            glide_until(cue, x, y, 5 * kPatience);
            if (HasFatalFailure()) return;
            photograph(name);
            if (told("coach ") == cue) return;
        }
        ADD_FAILURE() << cue << " was never told for as long as a picture takes";
    }
    /// On the picture of that name the mark stands round the pen in its colour, leaves the skin under the tip free, and is seen by
    /// eyes of every kind: near each of its pixels some of its own contrast with each other.
    void expect_mark(const std::string& name, ImU32 shade) {
        using namespace colour_vision;
        const std::string bytes = scenario::read(artefacts() / (name + ".png"));
        const auto picture = base::decode_png({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, name);
        ASSERT_TRUE(picture) << picture.error().message;
        constexpr int kReach = 100, kFree = 8, kNear = 7;
        std::vector<Place> found;
        for (int y = std::max(kNear, at_.y - kReach); y < std::min(int(picture->height) - kNear, at_.y + kReach); ++y)
            for (int x = std::max(kNear, at_.x - kReach); x < std::min(int(picture->width) - kNear, at_.x + kReach); ++x)
                if (std::memcmp(&picture->rgba[4 * (size_t(y) * picture->width + size_t(x))], &shade, 3) == 0) found.push_back({x, y});
        EXPECT_GE(found.size(), 150u) << name;
        for (const Place at : found) EXPECT_GT(std::hypot(at.x - at_.x, at.y - at_.y), kFree) << name;
        for (const Eyes& eyes : kEyesAndGrey) {
            const std::vector<double> seen = luminances(eyes, *picture);
            double worst = 1e9;
            for (const Place at : found) {
                double light = 0, dark = 1;
                for (int y = at.y - kNear; y <= at.y + kNear; ++y)
                    for (int x = at.x - kNear; x <= at.x + kNear; ++x) {
                        const double here = seen[size_t(y) * picture->width + size_t(x)];
                        light = std::max(light, here), dark = std::min(dark, here);
                    }
                worst = std::min(worst, contrast(light, dark));
            }
            RecordProperty(name + "_" + eyes.name, fmt::format("{:.1f}", worst));
            EXPECT_GE(worst, kReadable) << name << ", " << eyes.name;
        }
    }
    void lift() {
        xdotool({"mouseup", "1"});
        ASSERT_TRUE(until([&] { return told("coach ") == "quiet"; })) << log();
    }
    std::string allowed() {
        std::string value = "no event";
        sqlite3* base = nullptr;
        EXPECT_EQ(sqlite3_open_v2(told("recording ").c_str(), &base, SQLITE_OPEN_READONLY, nullptr),
                  SQLITE_OK);
        sqlite3_busy_timeout(base, 5000);  // the session is being written
        const auto keep = [](void* kept, int, char** cells, char**) {
            *static_cast<std::string*>(kept) = cells[0];
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(base, "SELECT value FROM event WHERE name = 'coach' ORDER BY rowid", keep,
                               &value, nullptr),
                  SQLITE_OK);
        sqlite3_close(base);
        return value;
    }

    int step_ = 0;
    Place middle_{kMiddleX, kMiddleY}, at_{kMiddleX, kMiddleY};
};

TEST_F(CoachWindow, TellsOfATiltWithWordsAndAnArrowAndIsQuietOnceThePenIsLiftedOrTheTraineeWishes) {
    begin();
    keys("e", 10);
    glide_until("tilt");
    photograph("coach-tilt");
    lift();
    photograph("coach-quiet");
    EXPECT_THAT(allowed(), HasSubstr("no_go motor_off force_high"));
    key("p");
    key("2");
    ASSERT_TRUE(says("settings page 2")) << log();
    keys("Tab", 5 + 2 + 2 + 1);  // the pages, the pen's hand, the fingers; then the coach: off
    key("space");
    photograph("coach-settings");
    key("Escape");
    ASSERT_TRUE(until([&] { return allowed().empty(); })) << log();
    expect_no_validation_message();
}

TEST_F(CoachWindow, ShowsTooMuchForceAsARing) {
    begin();
    turn_wheel("4", 24);
    glide_until("force_high");
    photograph("coach-force");
    lift();
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksTooLittleForce) {
    begin();
    turn_wheel("5", 24);
    see_mark("force_low", "coach-force-low");
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksNeedlesThatGoTooDeep) {
    begin();
    keys("Prior", 16);
    see_mark("depth_high", "coach-depth");
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksSkinToKeepAwayFrom) {
    begin();
    const int before = times("view reached");
    key("f");
    ASSERT_TRUE(until([&] { return times("view reached") > before; })) << log();  // no pen is put down while the view moves
    see_mark("no_go", "coach-no-go", 622, 500);  // the lips
    expect_no_validation_message();
}

TEST_F(CoachWindow, MarksNeedlesThatStayTooShallow) {
    begin();
    const int before = times("view reached");
    key("8");  // a cheek, where needles go deeper than elsewhere
    ASSERT_TRUE(until([&] { return times("view reached") > before; })) << log();
    key("Next");
    see_mark("depth_low", "coach-depth-low");
    expect_mark("coach-depth-low", app::colour::kVermilion);
    expect_no_validation_message();
}

/// A lesson of one's own on a pad so small, with so many needles, that it is pink after some seconds.
class CoachAtTheEnd : public CoachWindow {
  protected:
    std::vector<std::string> application() override {
        const std::string pad = scratch_.write("pad.toml", R"(version = 1
id = "pad-tiny"
kind = "pad"
size_mm = [24, 24]
thickness_mm = 12.5
stiffness_kpa = 20
poisson = 0.45
)");
        std::filesystem::create_directories(scratch_ / "lessons");
        scratch_.write("lessons/to-the-end.toml", fmt::format(R"(version = 1
id = "to-the-end"
order = 100
author = "A. Teacher"
title = "To the end point"
goal = "Stop where the skin is evenly pink."
text = "Needle the pad until it is pink all over."
picture = "cross"
source = "clinical.md 5.3"
case = "{}"
device = "pen-36"
depth_mm = 0.25
time_limit_s = 420
[task]
kind = "cover"
amount = 95
ends = false
[[target]]
criterion = "end_point"
[aids]
cues = ["end_point"]
fade = [["cues"]]
)", pad));
        return CoachWindow::application();
    }
    /// All over the pad, and never off it: there is no mark without a pen on the skin.
    Place place(int step) const override {
        constexpr int kAlong = 12, kLines = 6;
        const int line = step / kAlong, along = line % 2 ? kAlong - step % kAlong : step % kAlong;
        return {532 + 14 * along, 268 + 31 * (line % kLines)};
    }
};

TEST_F(CoachAtTheEnd, MarksAZoneThatIsDoneAndOneThatIsOverdone) {
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    keys("Down", 10);  // past those that ship to the last, two in a row
    key("Return");
    begin_lesson("to-the-end");
    see_mark("end_point", "coach-end-point");
    expect_mark("coach-end-point", app::colour::kBlue);
    see_mark("end_point_over", "coach-end-point-over");
    expect_mark("coach-end-point-over", app::colour::kVermilion);
    expect_no_validation_message();
}

/// Lines of one direction all over the pad of the lesson that teaches to cross them.
TEST_F(CoachWindow, MarksLinesOfOneDirection) {
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    keys("Right", 4);
    key("Return");
    begin_lesson("cross-rows");
    see_mark("direction", "coach-direction");
    expect_no_validation_message();
}

}  // namespace
