// Every screen of the program is on a tour that looks at its words in all languages and sizes.

#include "engine/base/files.h"
#include "tests/gui/toured_screens.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

namespace {

namespace fs = std::filesystem;

const fs::path kSource = EVENHAND_SOURCE_DIR;

TEST(Screens, each_that_exists_is_toured_and_no_other) {
    const std::regex screen("class (\\w+)(?: final)? : public Screen\\b");
    std::set<std::string> made, toured;
    for (const auto& entry : fs::directory_iterator(kSource / "training/app")) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
        const std::string text = *base::read_text(entry.path());
        for (std::sregex_iterator match(text.begin(), text.end(), screen), end; match != end; ++match) made.insert((*match)[1]);
    }
    for (const auto& one : gui_test::kTouredViews) toured.insert(one.screen);
    EXPECT_GE(made.size(), 15u);
    EXPECT_EQ(made, toured) << "list the new screen in tests/gui/toured_screens.h and show it in a tour";
}

}  // namespace
