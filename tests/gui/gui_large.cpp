// Texts at three times their size on a small window: what has no room side by side stands in a column that scrolls, whatever the
// keyboard reaches is seen whole, keys scroll, and the pen works in the picture beside. A window that is too small even for that
// shows a part of a page, where the pointer pushes at the edges and keys turn.

#include "tests/gui/virtual_pad.h"

#include <cstdio>
#include <fstream>
#include <optional>
#include <set>

namespace {

namespace fs = std::filesystem;
using gui_test::until;

struct Box {
    double left, top, right, bottom;
};

class LargeText : public gui_test::WindowTest {
  protected:
    std::vector<std::string> application() override {
        fs::create_directories(scratch_ / "config");
        std::ofstream(scratch_ / "config/settings.toml") << "version = 1\ntier = \"cpu\"\ntext_size = 3.0\n";
        return {EVENHAND_PROGRAM, "--log-level", "trace"};
    }
    static std::optional<Box> box_of(const std::string& line, const std::string& words) {
        const size_t at = line.find(words);
        Box box{};
        if (at == std::string::npos ||
            std::sscanf(line.c_str() + at + words.size(), "%lf %lf %lf %lf", &box.left, &box.top, &box.right, &box.bottom) != 4)
            return std::nullopt;
        return box;
    }
    std::optional<Box> last(const std::string& words) const { return box_of(words + said(words), words); }
    /// The pads alone: a column of few windows.
    void list_few() {
        expect_once_more("filter pads", [&] { key("5"); });
    }
    /// Where the column stands: it tells so when it is scrolled.
    bool column_told() {
        const std::string words = said("column ");
        return std::sscanf(words.c_str(), "%lf of %lf", &at_, &most_) == 2;
    }
    bool at_end() { return column_told() && at_ == most_; }
    bool at_top() { return column_told() && at_ == 0; }
    Box page() const { return last("page ").value_or(Box{}); }

    double at_ = 0, most_ = 0;  ///< px
};

TEST_F(LargeText, TheKeyboardsFocusIsAlwaysSeenWhole) {
    constexpr double kChip = 3 * 34;  // pixels tall, the least of those here
    std::set<std::pair<double, double>> places;
    for (int i = 0; i < 14; ++i) {  // the areas, the settings, the first lesson, filters, devices
        const size_t before = log().size();
        key("Tab");
        ASSERT_TRUE(until([&] { return log().find("brought ", before) != std::string::npos; }, 20)) << log();
        photograph("large-focus");
        const auto control = last("brought ");
        ASSERT_TRUE(control);
        const Box seen = page();
        EXPECT_EQ(seen.right, 1280) << "all of the page is in the window";
        EXPECT_EQ(seen.bottom, 720);
        EXPECT_GE(control->bottom - control->top, kChip) << "number " << i << " is hidden by what it stands in";
        places.insert({control->left, control->top});
    }
    EXPECT_GT(places.size(), 7u);
    expect_no_validation_message();
}

TEST_F(LargeText, KeysScrollTheColumnToItsEndAndBack) {
    list_few();
    for (int i = 0; i < 60 && !at_end(); ++i) expect_once_more("column ", [&] { key("ctrl+Down"); });
    ASSERT_TRUE(at_end()) << log();
    EXPECT_GT(most_, 720) << "there is more than a window of it";
    photograph("large-end");
    for (int i = 0; i < 60 && !at_top(); ++i) expect_once_more("column ", [&] { key("ctrl+Up"); });
    ASSERT_TRUE(at_top()) << log();
}

class LargeTextByPad : public gui_test::OnPad<LargeText> {};

TEST_F(LargeTextByPad, TheRightStickScrollsTheColumnAndLeansThePenWhereThatIsLed) {
    list_few();
    pad_.axis(ABS_RY, 1);
    ASSERT_TRUE(until([&] { return at_end(); })) << log();
    pad_.axis(ABS_RY, -1);
    ASSERT_TRUE(until([&] { return at_top(); })) << log();
    pad_.axis(ABS_RY, 0);
    expect_once_more("filter all", [&] { key("1"); });
    tap(gui_test::kA);
    ASSERT_TRUE(says("pen led by gamepad")) << log();
    expect_once_more("view reached", [&] { tap(gui_test::kRight); });
    photograph("large-pad-legend");
    const int turns = times("column ");
    pad_.axis(ABS_RY, 1);
    photograph("large-pad-leans");
    EXPECT_EQ(times("column "), turns);
    pad_.axis(ABS_RY, 0);
    pad_.axis(ABS_Z, 1);
    photograph("large-pad-tools");
    expect_once_more("column ", [&] { pad_.axis(ABS_RY, 1); });
    ASSERT_TRUE(until([&] { return at_end(); })) << log();
    pad_.axis(ABS_RY, -1);
    ASSERT_TRUE(until([&] { return at_top(); })) << log();
    pad_.axis(ABS_RY, 0);
    pad_.axis(ABS_Z, 0);
    EXPECT_EQ(times("pad menu opens"), 0) << "the pad led the pen all the while";
    tap_for(gui_test::kStart, "pad menu opens");
    expect_once_more("column ", [&] { pad_.axis(ABS_RY, 1); });
    expect_no_validation_message();
}

TEST_F(LargeText, AWindowTooSmallForAColumnIsPushedAtItsEdges) {
    xdotool({"windowsize", "--sync", std::to_string(window_), "640", "400"});
    ASSERT_TRUE(until([&] { return page().right == 640 && page().bottom == 400; }, 20)) << log();
    photograph("large-start");
    xdotool({"mousemove", "639", "200"});
    ASSERT_TRUE(until([&] { return page().right == 1200; }, 20)) << log();
    xdotool({"mousemove", "320", "399"});
    ASSERT_TRUE(until([&] { return page().bottom == 675; }, 20)) << log();
    xdotool({"mousemove", "320", "200"});
    key("ctrl+Up");
    ASSERT_TRUE(until([&] { return page().bottom == 575; }, 20)) << log();
    key("ctrl+Left");
    ASSERT_TRUE(until([&] { return page().right == 1040; }, 20)) << log();
    expect_no_validation_message();
}

TEST_F(LargeText, ThePenNeedlesTheSkinThatIsSeen) {
    key("Return");
    ASSERT_TRUE(says("screen practice demo")) << log();
    key("1");
    ASSERT_TRUE(says("view reached")) << log();
    photograph("large-practice");
    xdotool({"mousemove", "985", "360", "sleep", "0.2", "mousedown", "1", "sleep", "1", "mousemove", "1000", "372", "sleep", "1", "mouseup", "1"});
    ASSERT_TRUE(says("recording ")) << log();
    const std::string file = told("recording ");
    photograph("large-needled");
    key("Return");
    ASSERT_TRUE(says("score ")) << log();
    photograph("large-score");
    const scenario::Outcome outcome = scenario::evenhand({"export", file, "--punctures", (scratch_ / "p.csv").string()}, environment_);
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
    std::istringstream rows(scenario::read(scratch_ / "p.csv"));
    size_t forehead = 0, all = 0;
    for (std::string row; std::getline(rows, row); ++all) forehead += row.find(",forehead,") != std::string::npos;
    EXPECT_GT(forehead, 100u);
    EXPECT_EQ(forehead + 1, all) << "no other skin than what was seen";
    expect_no_validation_message();
}

}  // namespace
