// What the strip of buttons or keys says: complete in each language, and no button told of twice.

#include "training/app/pen_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using namespace app;

Words words(const std::string& language) {
    return *Words::load({base::fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}}, language);
}

constexpr const char* kPads[] = {"X360 Controller", "Xbox One Wireless Controller", "PS3 Controller", "PS5 Controller", "Sony DualShock 4", "Nintendo Switch Pro Controller",
                                 "PDP Wired Fight Pad Pro for Nintendo Switch", ""};
const PenTask kAll{true, true, true, true, false}, kLeast{false, false, false, false, false};

TEST(PenWords, a_button_goes_by_the_name_that_its_maker_prints_on_it) {
    const Words english = words("en");
    EXPECT_EQ(pad_button(english, "X360 Controller", "west"), "X");
    EXPECT_EQ(pad_button(english, "PS5 Controller", "west"), "□");
    EXPECT_EQ(pad_button(english, "Nintendo Switch Pro Controller", "west"), "Y");
    EXPECT_EQ(pad_button(english, "some pad", "right_trigger"), "RT");
    EXPECT_EQ(pad_button(english, "Sony DualShock 4", "shoulders"), "L1, R1");
    EXPECT_EQ(pad_button(english, "X360 Controller", "cross_left"), "D-pad ←");
}

/// South, east, west, north, back, start.
std::string prints(const char* pad) {
    const Words english = words("en");
    std::string all;
    for (const char* id : {"south", "east", "west", "north", "back", "start"}) all += pad_button(english, pad, id) + " ";
    return all;
}

TEST(PenWords, names_are_those_of_the_generation_that_is_held) {
    EXPECT_EQ(prints("PS3 Controller"), "× ○ □ △ Select Start ");
    EXPECT_EQ(prints("PlayStation Vita"), "× ○ □ △ Select Start ");
    EXPECT_EQ(prints("PS4 Controller"), "× ○ □ △ Share Options ");
    EXPECT_EQ(prints("Sony DualSense"), "× ○ □ △ Create Options ");
    EXPECT_EQ(prints("X360 Controller"), "A B X Y Back Start ");
    EXPECT_EQ(prints("Microsoft X-Box One pad"), "A B X Y View Menu ");
    EXPECT_EQ(prints("Xbox Series Controller"), "A B X Y View Menu ");
}

TEST(PenWords, nintendos_letters_stand_where_nintendo_prints_them_and_where_the_mapping_puts_them) {
    EXPECT_EQ(prints("Nintendo Switch Pro Controller"), "B A Y X − + ");
    EXPECT_EQ(prints("Wireless HORIPAD Switch Pro Controller"), "B A Y X − + ");
    EXPECT_EQ(prints("PDP Rock Candy Wired Controller for Nintendo Switch"), "A B X Y − + ") << "GLFW calls south what A is printed on";
    EXPECT_EQ(prints("PDP Wired Fight Pad Pro for Nintendo Switch"), "A B X Y − + ");
}

TEST(PenWords, every_row_is_named_in_every_language_and_each_button_does_one_thing) {
    for (const char* language : {"en", "es", "fr"})
        for (const char* pad : kPads)
            for (const PadLegend part : {PadLegend::pen, PadLegend::tools, PadLegend::menu}) {
                std::set<std::string> buttons, does;
                for (const LegendRow& row : pad_legend(words(language), pad, part, kAll)) {
                    EXPECT_TRUE(buttons.insert(row.by).second) << row.by << " of " << pad;
                    EXPECT_TRUE(does.insert(row.does).second) << row.does;
                    EXPECT_EQ((row.by + row.does).find('_'), std::string::npos) << row.by << ": " << row.does << " has no text in " << language;
                }
                EXPECT_GE(buttons.size(), 3u);
            }
}

TEST(PenWords, only_what_can_be_done_here_is_told) {
    const Words english = words("en");
    const auto does = [&](const std::vector<LegendRow>& rows, const std::string& what) {
        return std::ranges::any_of(rows, [&](const LegendRow& row) { return row.does == what; });
    };
    EXPECT_TRUE(does(pad_legend(english, "", PadLegend::pen, kAll), "end point"));
    EXPECT_FALSE(does(pad_legend(english, "", PadLegend::pen, kLeast), "end point"));
    EXPECT_FALSE(does(pad_legend(english, "", PadLegend::pen, kLeast), "motor"));
    EXPECT_FALSE(does(pad_legend(english, "", PadLegend::tools, kLeast), "maps")) << "an exam has none";
    EXPECT_FALSE(does(pad_legend(english, "", PadLegend::pen, kAll), "finish")) << "a visit goes on";
    EXPECT_TRUE(does(pad_legend(english, "", PadLegend::pen, kAll), "next step"));
    EXPECT_TRUE(does(keys_legend(english, kLeast), "finish"));
    for (const auto& [what, of_practice, of_exam] : {std::tuple("pause", false, false), {"leave", true, false}, {"go on", false, true}}) {
        EXPECT_EQ(does(pad_legend(english, "", PadLegend::pen, {.aided = true, .paused = true}), what), of_practice) << what;
        EXPECT_EQ(does(pad_legend(english, "", PadLegend::pen, {.aided = false, .paused = true}), what), of_exam) << what;
    }
    EXPECT_TRUE(does(pad_legend(english, "", PadLegend::pen, kAll), "pause"));
    EXPECT_TRUE(does(pad_legend(english, "", PadLegend::menu, kAll), "scroll"));
    EXPECT_FALSE(does(pad_legend(english, "", PadLegend::menu, kLeast), "scroll")) << "all is seen";
    EXPECT_TRUE(does(pad_legend(english, "", PadLegend::tools, kAll), "scroll"));
    EXPECT_FALSE(does(pad_legend(english, "", PadLegend::tools, kLeast), "scroll"));
    EXPECT_TRUE(does(keys_legend(english, kAll), "end point"));
    EXPECT_FALSE(does(keys_legend(english, kLeast), "depth"));
    for (const auto& rows : {keys_legend(words("es"), kAll), keys_legend(words("fr"), kAll)})
        for (const LegendRow& row : rows) EXPECT_EQ((row.by + row.does).find('_'), std::string::npos) << row.by << ": " << row.does;
}

}  // namespace
