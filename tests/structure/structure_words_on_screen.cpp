// Every word that the application shows lives in content/locale; this reads both sides as text.

#include "engine/base/files.h"
#include "engine/base/toml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;

const fs::path kSource = EVENHAND_SOURCE_DIR;

void flatten(const toml::table& table, const std::string& prefix, std::map<std::string, std::string>& texts) {
    for (const auto& [key, node] : table) {
        const std::string name =
            prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const auto* inner = node.as_table())
            flatten(*inner, name, texts);
        else if (auto text = node.value<std::string>())
            texts[name] = *text;
    }
}

std::map<std::string, std::string> texts_of(const std::string& language) {
    auto table = base::read_toml(kSource / "content/locale" / (language + ".toml"));
    EXPECT_TRUE(table) << (table ? "" : table.error().message);
    std::map<std::string, std::string> texts;
    if (table) flatten(*table, {}, texts);
    return texts;
}

std::map<std::string, std::string> english() {
    return texts_of("en");
}

/// Of all that speaks to people: the screens and the report.
std::string application_source() {
    std::string all;
    for (const char* folder : {"training/app", "training/core", "training/records", "training/serve"})
        for (const auto& entry : fs::directory_iterator(kSource / folder))
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
                all += *base::read_text(entry.path()) + "\n";
    return all;
}

std::set<std::string> found_in(const std::string& text, const std::regex& pattern) {
    std::set<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
        found.insert((*match)[1]);
    return found;
}

/// Groups whose keys the program puts together from an id.
const std::set<std::string> kNamed = {"zone", "overlay", "overlay_short", "verdict",  "basis",
                                      "unit", "bake", "healing_sign", "healing_about",    "help_key",      "help_does", "filter", "legend",
                                      "tier_means", "landmark", "scan_view", "condition_is", "condition_action", "calibration", "calibration_failed",
                                      "step", "act", "act_group", "act_cannot", "decision", "product", "zone_kind",
                                      "record", "open", "coach", "report_view", "measure", "area", "area_title", "area_told", "review_event", "answer", "zone_in", "pen_kind",
                                      "lesson_state", "lesson_outcome", "lesson_aid", "lesson_advice", "subtitle", "tone", "pen_does", "pen_key", "pad_button", "desk_aid", "serve_role", "serve_verdict", "serve_kind"};

TEST(Words, every_key_that_the_application_names_has_a_text) {
    const auto texts = english();
    // Keys are the only string literals of the form group.key in the application.
    const std::regex key(
        "\"((?:window|start|loading|practice|hint|figure|value|help|score|unit|joined|visit|report|reason|note|failure|serve|exam)\\.[a-z_0-9]+)\"");
    const auto keys = found_in(application_source(), key);
    EXPECT_GT(keys.size(), 40u);
    for (const std::string& name : keys)
        EXPECT_TRUE(texts.count(name)) << "content/locale/en.toml lacks " << name;
}

TEST(Words, no_text_is_left_over_that_nobody_shows) {
    const std::string source = application_source();
    for (const auto& [name, text] : english()) {
        if (kNamed.count(name.substr(0, name.find('.')))) continue;
        EXPECT_NE(source.find('"' + name + '"'), std::string::npos) << "nothing shows " << name;
    }
}

TEST(Words, every_group_that_is_named_by_id_is_asked_for) {
    const auto groups = found_in(application_source(), std::regex("\\bname\\(\"([a-z_]+)\""));
    EXPECT_EQ(groups, kNamed);
}

TEST(Words, every_sound_that_means_something_has_a_subtitle) {
    const auto texts = english();
    size_t cues = 0;
    for (const auto& [name, text] : texts) {
        if (!name.starts_with("coach.") || name == "coach.title") continue;
        ++cues;
        EXPECT_TRUE(texts.count("tone." + name.substr(6))) << name;
    }
    EXPECT_GT(cues, 15u);
    const std::string source = application_source();
    const auto told = found_in(source, std::regex(R"re(\btell\("[a-z]+", "([a-z_]+)"\))re"));
    EXPECT_GE(told.size(), 4u);
    for (const std::string& says : told) EXPECT_TRUE(texts.count("tone." + says)) << says;
    const auto sounds = found_in(source, std::regex(R"re("(motor_(?:runs|labours|stops))")re"));
    EXPECT_EQ(sounds.size(), 3u);
    for (const std::string& sound : sounds) EXPECT_TRUE(texts.count("subtitle." + sound)) << sound;
}

TEST(Words, every_condition_says_what_it_is_and_what_to_do) {
    const auto texts = english();
    size_t conditions = 0;
    for (const auto& entry : fs::directory_iterator(kSource / "content/conditions")) {
        const auto table = base::read_toml(entry.path());
        ASSERT_TRUE(table) << table.error().message;
        ++conditions;
        EXPECT_TRUE(texts.count("condition_is." + (*table)["id"].value_or(std::string()))) << entry.path();
        EXPECT_TRUE(texts.count("condition_action." + (*table)["action"].value_or(std::string()))) << entry.path();
        EXPECT_TRUE(texts.count("basis." + (*table)["tag"].value_or(std::string()))) << entry.path();
    }
    EXPECT_GT(conditions, 10u);
}

TEST(Words, every_zone_overlay_and_verdict_has_a_name) {
    const auto texts = english();
    const std::string zones = *base::read_text(kSource / "engine/face/zones.h");
    for (const char* zone : {"outside",           "forehead",           "glabella",
                             "temple_left",       "temple_right",       "periorbital_left",
                             "periorbital_right", "eyelid_left",        "eyelid_right",
                             "nose_dorsum",       "nose_sidewall_left", "nose_sidewall_right",
                             "nostril",           "cheek_left",         "cheek_right",
                             "upper_lip",         "vermilion",          "chin",
                             "jawline_left",      "jawline_right",      "neck",
                             "ear_left",          "ear_right",          "pad"}) {
        EXPECT_NE(zones.find(zone), std::string::npos) << zone << " is no zone any more";
        EXPECT_TRUE(texts.count(std::string("zone.") + zone)) << zone;
    }
    for (const char* overlay : {"none", "coverage", "evenness", "depth", "pressure"}) {
        EXPECT_TRUE(texts.count(std::string("overlay.") + overlay)) << overlay;
        EXPECT_TRUE(texts.count(std::string("overlay_short.") + overlay)) << overlay;
    }
    for (const char* verdict : {"target", "warning", "beyond", "critical", "not_assessed"})
        EXPECT_TRUE(texts.count(std::string("verdict.") + verdict)) << verdict;
}

/// "{value:.1f} of {most}": {value}, {most}; a place filled twice counts twice.
std::multiset<std::string> places_in(const std::string& text) {
    static const std::regex place("\\{([a-z_]+)");
    std::multiset<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), place), end; match != end; ++match) found.insert((*match)[1]);
    return found;
}

TEST(Words, texts_are_not_empty_and_their_braces_close) {
    for (const auto& [name, text] : english()) {
        EXPECT_FALSE(text.empty()) << name;
        EXPECT_EQ(std::count(text.begin(), text.end(), '{'), std::count(text.begin(), text.end(), '}'))
            << name;
    }
}

/// One on screen is a shortening, which the tours of the screens count as words that cannot be read.
TEST(Words, no_text_of_ours_ends_in_an_ellipsis) {
    size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(kSource / "content")) {
        if (entry.path().extension() != ".toml") continue;
        ++files;
        std::istringstream lines(*base::read_text(entry.path()));
        for (std::string line; std::getline(lines, line);)
            EXPECT_TRUE(line.starts_with('#') || line.find("\u2026") == line.npos) << entry.path() << ": " << line;
    }
    EXPECT_GT(files, 50u);
}

class Translation : public testing::TestWithParam<const char*> {};

TEST_P(Translation, has_every_text_and_no_other_with_the_same_places_to_fill) {
    const auto ours = english(), theirs = texts_of(GetParam());
    for (const auto& [name, text] : theirs) EXPECT_TRUE(ours.count(name)) << name << " is not in en.toml";
    size_t same = 0;
    for (const auto& [name, text] : ours) {
        const auto found = theirs.find(name);
        ASSERT_NE(found, theirs.end()) << GetParam() << ".toml lacks " << name;
        EXPECT_EQ(places_in(found->second), places_in(text)) << name;
        same += found->second == text;
    }
    EXPECT_LT(same, ours.size() / 5) << "texts that are still in English";  // units, keys and Latin names are the same
}

INSTANTIATE_TEST_SUITE_P(Words, Translation, testing::Values("es", "fr"));

}  // namespace
