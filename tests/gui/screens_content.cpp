// The notice of broken content and its list in every language and size: they take their own place, so that no word of the page is
// cut, covered or drawn over, and none of theirs.

#include "tests/gui/broken_content.h"

#include <set>

namespace {

using namespace gui_test;

struct View {
    const char* language;
    int width, height;
    double text = 0;  ///< its size; 0 = what suits the window
    bool much = true;
};

class ContentTour : public BrokenContent, public testing::WithParamInterface<View> {
  protected:
    std::vector<std::string> server() override {
        return screen(GetParam().width, GetParam().height);
    }
    std::string settings() override {
        const View& view = GetParam();
        return WindowTest::settings() + "language = \"" + view.language + "\"\ntier = \"cpu\"\n" + (view.text > 0 ? fmt::format("text_size = {}\n", view.text) : "");
    }
    std::string language() override { return GetParam().language; }
    void break_content() override { GetParam().much ? break_much() : break_a_case(); }

    std::string name(const std::string& screen) const {
        const View& view = GetParam();
        return fmt::format("content_{}_{}_{:.0f}_{}_{}", view.language, view.height, 100 * view.text, view.much ? "many" : "one", screen);
    }
    /// A screen that is there, and with large texts the rest of its column.
    void see(const std::string& words, const std::string& screen) {
        ASSERT_TRUE(says(words)) << log();
        photograph(name(screen));
        if (GetParam().text <= 1) return;
        for (int i = 0; i < 3; ++i) key("ctrl+Down");
        photograph(name(screen + "_2"));
    }
    std::set<std::string> told_after(const std::string& words) const {
        std::set<std::string> all;
        std::istringstream lines(log());
        for (std::string line; std::getline(lines, line);)
            if (const size_t at = line.find(words); at != std::string::npos) all.insert(line.substr(at + words.size()));
        return all;
    }
};

TEST_P(ContentTour, AllWordsCanBeRead) {
    xdotool({"windowsize", "--sync", std::to_string(window_), std::to_string(GetParam().width), std::to_string(GetParam().height)});
    see("refusal ", "start");
    key("m");
    see("content list ", "list");
    key("Escape");
    ASSERT_TRUE(says("content list closed")) << log();
    key("l");
    see("screen lessons", "lessons");
    key("r");
    see("screen progress", "progress");
    key("d");
    see("screen desk", "desk");
    key("2");
    see("preview ", "desk_rubrics");
    key("3");
    see("lesson preview ", "desk_lessons");
    expect_no_validation_message();
    EXPECT_THAT(told_after("no room on a button: "), testing::IsEmpty());
    EXPECT_THAT(told_after("unreadable: "), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(LanguagesAndSizes, ContentTour,
                         testing::Values(View{"en", 1280, 720}, View{"es", 1280, 720}, View{"fr", 1280, 720}, View{"fr", 1280, 720, 0, false},
                                         View{"en", 3840, 2160}, View{"fr", 3840, 2160}, View{"es", 1280, 720, 0.75}, View{"fr", 1280, 720, 2},
                                         View{"es", 1280, 720, 2, false}, View{"en", 1280, 720, 3}, View{"fr", 1920, 1080, 3}),
                         [](const testing::TestParamInfo<View>& info) {
                             const View& view = info.param;
                             return fmt::format("{}_{}_{:.0f}_{}", view.language, view.height, 100 * view.text, view.much ? "many" : "one");
                         });

}  // namespace
