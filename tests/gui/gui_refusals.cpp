// What cannot be done is told in the language chosen, not in the English of the command line: real faults met in the window by real
// events, in Spanish and in French.

#include "tests/gui/window_test.h"

#include <fstream>

namespace {

namespace fs = std::filesystem;

/// A content folder of our own whose first fault is a case without zones.
class Refusals : public gui_test::WindowTest, public testing::WithParamInterface<const char*> {
  protected:
    std::string settings() override { return WindowTest::settings() + "language = \"" + GetParam() + "\"\n"; }
    std::vector<std::string> application() override {
        const fs::path data = scratch_ / "content";
        fs::copy(EVENHAND_SOURCE_DIR "/content", data, fs::copy_options::recursive);
        std::ofstream(data / "cases" / "broken.toml") << "version = 1\nid = \"broken\"\nname = \"Broken\"\nface = \"demo-woman\"\n";
        std::ofstream(scratch_ / "broken.glb", std::ios::binary) << std::string(256, '?');
        std::ofstream(scratch_ / "roster.csv") << "Code;Name\nA-1;Ana\nA-1;Chen\n";
        return {EVENHAND_PROGRAM, "--log-level", "debug", "--data", data.string()};
    }
    std::string picture(const std::string& what) const { return fmt::format("refused-{}-{}", what, GetParam()); }
    /// Waits until the last refusal has the words in the language of the test.
    void expect_refused(const std::string& spanish, const std::string& french) {
        const std::string words = GetParam() == std::string("es") ? spanish : french;
        EXPECT_TRUE(gui_test::until([&] { return told("refusal ").find(words) != std::string::npos; })) << words << "\n" << log();
    }
};

TEST_P(Refusals, OfACaseAScanAndARosterAreToldInTheLanguageChosen) {
    expect_refused("broken.toml:1:1: zones: falta; dé las zonas que se tratan en su orden", "broken.toml:1:1\u00a0: zones\u00a0: manque\u00a0; donnez les zones à traiter dans leur ordre");
    photograph(picture("case"));
    ASSERT_TRUE(manager_->drop(window_, scratch_ / "broken.glb")) << log();
    ASSERT_TRUE(says("screen import")) << log();
    key("Return");
    expect_refused("broken.glb: no se puede leer como .glb (", "broken.glb\u00a0: ne peut pas être lu comme .glb (");
    photograph(picture("scan"));
    expect_once_more("screen start", [&] { key("Escape"); });
    key("d");
    ASSERT_TRUE(says("screen desk 0 sessions")) << log();
    ASSERT_TRUE(manager_->drop(window_, scratch_ / "roster.csv")) << log();
    expect_refused("roster.csv:3:1: el código «A-1» ya está", "roster.csv:3:1\u00a0: le code «\u00a0A-1\u00a0» y est déjà");
    photograph(picture("roster"));
    EXPECT_FALSE(fs::exists(scratch_ / "desk" / "roster.toml"));
    expect_no_validation_message();
}

INSTANTIATE_TEST_SUITE_P(Languages, Refusals, testing::Values("es", "fr"));

}  // namespace
