// Whoever uses no pointer, reads large letters or is made dizzy by motion: the keyboard's focus and the settings for them.

#include "tests/gui/window_test.h"

namespace {

using namespace gui_test;

class Access : public WindowTest {
  protected:
    std::string kept_settings() const { return scenario::read(scratch_ / "config/settings.toml"); }
    bool kept(const std::string& line) {
        return until([&] { return kept_settings().find(line) != std::string::npos; }, 20);
    }
    void tab(int times, const char* name = "Tab") {
        for (int i = 0; i < times; ++i) key(name);
    }
};

TEST_F(Access, ReachesEverySettingByTabAndPressesItByEnterOrSpace) {
    key("p");
    key("3");
    ASSERT_TRUE(says("settings page 3")) << log();
    // Five pages, then the languages: as the system speaks, English, Spanish.
    tab(5 + 3);
    key("space");
    ASSERT_TRUE(kept("language = \"es\"")) << kept_settings();
    // On past French to the sizes: automatic, 75 %.
    tab(3);
    key("Return");
    ASSERT_TRUE(kept("text_size = 0.75")) << kept_settings();
    tab(6 + 2);
    key("Return");
    ASSERT_TRUE(kept("reduced_motion = true")) << kept_settings();
    photograph("access_settings");
    tab(2, "shift+Tab");
    key("Return");
    ASSERT_TRUE(kept("text_size = 3.00")) << kept_settings();
    photograph("access_no_room");
    expect_no_validation_message();
}

TEST_F(Access, EnterPressesWhatHasTheFocusAndNothingElse) {
    // Enter opens the marked patient, but for the last of the controls, which imports a scan, while that has the focus.
    tab(1, "shift+Tab");
    photograph("access_focus");
    key("Return");
    ASSERT_TRUE(says("screen import")) << log();
    key("Escape");
    EXPECT_EQ(said("screen practice"), "") << log();
    ASSERT_TRUE(until([&] { return log().rfind("screen start") > log().rfind("screen import"); })) << log();
    tab(1, "shift+Tab");
    // The pointer takes the focus away; Enter means the marked patient again.
    xdotool({"mousemove", "400", "90", "sleep", "0.3", "mousemove", "410", "90", "sleep", "0.3"});
    key("Return");
    ASSERT_TRUE(says("screen practice demo")) << log();
    expect_no_validation_message();
}

}  // namespace
