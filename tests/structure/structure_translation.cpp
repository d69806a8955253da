// What people read of the content that ships stands in every language of content/locale: nothing missing, nothing left over,
// no figure changed on the way.

#include "engine/base/toml.h"
#include "engine/base/translation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

namespace {

namespace fs = std::filesystem;

const fs::path kContent = fs::path(EVENHAND_SOURCE_DIR) / "content";

/// Content that base::translate() does not tell in other languages, and why.
const std::set<std::string> kToldOtherwise = {
    "locale",                     // the translations themselves
    "faces", "skins",             // names for the command line, sources for who edits them
    "advice.toml", "coach.toml", "sounds.toml", "visit_figures.toml"};  // with words of their own in content/locale

/// The same in another language: names, Latin, and a no.
const std::set<std::string> kTheSame = {
    "No", "No.", "Comedones", "Melasma", "Eczema", "Telangiectasia", "Pollen", "Hydroxychloroquine",
    "clinical.md 5.4: Harris 2015, Dogra 2014", "clinical.md 6: filtered-skin; sisu",
    "clinical.md 6: nuance, projectlead (F2); Spring 2017, JAMA Dermatology (F1)",
    "clinical.md 6: Dogra 2014; Al-Qarqaz (revivetrainings)"};

std::vector<fs::path> content_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(kContent)) {
        const fs::path file = entry.path().lexically_relative(kContent);
        if (file.extension() == ".toml" && !kToldOtherwise.contains(file.begin()->string())) files.push_back(file);
    }
    std::ranges::sort(files);
    return files;
}

std::map<std::string, std::string> texts_of(const fs::path& file) {
    const auto table = base::read_toml(file);
    EXPECT_TRUE(table) << (table ? "" : table.error().message);
    return table ? base::texts_to_read(*table) : std::map<std::string, std::string>();
}

/// "0.25 to 1,5 mm": 0.25, 1.5; in whatever order a language tells them.
std::multiset<std::string> figures_in(std::string text) {
    static const std::regex figure("[0-9]+([.,][0-9]+)?");
    std::multiset<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), figure), end; match != end; ++match) {
        std::string one = match->str();
        std::ranges::replace(one, ',', '.');
        found.insert(one);
    }
    return found;
}

class ContentTranslation : public testing::TestWithParam<const char*> {};

TEST_P(ContentTranslation, has_every_text_that_people_read) {
    size_t texts = 0;
    for (const fs::path& file : content_files()) {
        const auto ours = texts_of(kContent / file);
        ASSERT_FALSE(ours.empty()) << file << " holds nothing that engine/base/translation.h knows of; say in kToldOtherwise why";
        const fs::path translation = kContent / "locale" / GetParam() / file;
        ASSERT_TRUE(fs::exists(translation)) << translation << " is missing";
        const auto theirs = texts_of(translation);
        for (const auto& [key, text] : ours) {
            ++texts;
            const auto found = theirs.find(key);
            if (found == theirs.end()) {
                ADD_FAILURE() << translation << " lacks " << key << ": " << text;
                continue;
            }
            EXPECT_TRUE(found->second != text || kTheSame.contains(text)) << translation << ": " << key << " is in English";
            EXPECT_EQ(figures_in(found->second), figures_in(text)) << translation << ": " << key;
        }
    }
    EXPECT_GT(texts, 450u);
}

TEST_P(ContentTranslation, translates_nothing_that_is_not_there) {
    base::Places places;
    places.data = kContent;
    places.language = GetParam();
    for (const base::Error& mistake : base::translation_mistakes(places)) ADD_FAILURE() << mistake.message;
}

INSTANTIATE_TEST_SUITE_P(Content, ContentTranslation, testing::Values("es", "fr"));

}  // namespace
