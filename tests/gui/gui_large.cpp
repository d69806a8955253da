// Texts at three times their size on a small window, which then shows a part of the page: whatever the keyboard reaches is
// seen, the pointer pushes at the edges, keys turn, and the pen works where the page was turned to.

#include "tests/gui/window_test.h"

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
    Box page() const { return last("page ").value_or(Box{}); }
};

TEST_F(LargeText, TheKeyboardsFocusIsAlwaysSeen) {
    std::set<std::pair<double, double>> places;
    for (int i = 0; i < 7; ++i) {  // the areas, the settings, the two chips below
        const size_t before = log().size();
        key("Tab");
        ASSERT_TRUE(until([&] { return log().find("brought ", before) != std::string::npos; }, 20)) << log();
        photograph("large-focus");
        const auto control = last("brought ");
        ASSERT_TRUE(control);
        const Box seen = page();
        EXPECT_GE(control->left, seen.left);
        EXPECT_GE(control->top, seen.top);
        EXPECT_LE(control->right, seen.right);
        EXPECT_LE(control->bottom, seen.bottom);
        places.insert({seen.left, seen.top});
    }
    EXPECT_GT(places.size(), 2u) << "the page was turned";
}

TEST_F(LargeText, ThePointerPushesAtTheEdgesAndKeysTurn) {
    photograph("large-start");
    xdotool({"mousemove", "1279", "360"});
    ASSERT_TRUE(until([&] { return page().right == 3840; }, 20)) << log();
    xdotool({"mousemove", "640", "719"});
    ASSERT_TRUE(until([&] { return page().bottom == 2160; }, 20)) << log();
    xdotool({"mousemove", "640", "360"});
    key("ctrl+Up");
    ASSERT_TRUE(until([&] { return page().bottom == 1980; }, 20)) << log();
    key("ctrl+Left");
    ASSERT_TRUE(until([&] { return page().right == 3520; }, 20)) << log();
    expect_no_validation_message();
}

TEST_F(LargeText, ThePenNeedlesTheSkinThatIsSeen) {
    key("Return");
    ASSERT_TRUE(says("screen practice demo")) << log();
    key("1");
    ASSERT_TRUE(says("view reached")) << log();
    photograph("large-practice");
    xdotool({"mousemove", "620", "360", "sleep", "0.2", "mousedown", "1", "sleep", "1", "mousemove", "640", "380", "sleep", "1", "mouseup", "1"});
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
