#include "tests/scenarios/places.h"
#include "training/app/strings.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

/// A content folder with languages of our own.
class Languages : public testing::Test {
  protected:
    void SetUp() override {
        places_.data = base::fs::path(EVENHAND_BINARY_DIR) / "scratch" / "languages" /
                       testing::UnitTest::GetInstance()->current_test_info()->name();
        base::fs::remove_all(places_.data);
        base::fs::create_directories(places_.data / "locale");
        write("en", "version = 1\n[language]\nname = \"English\"\n[a]\nb = \"pen\"\nc = \"only here\"\n");
        write("es", "version = 1\n[language]\nname = \"Español\"\n[a]\nb = \"lápiz\"\n");
        for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
    }

    void write(const std::string& id, std::string_view text) {
        ASSERT_TRUE(base::write_file(places_.data / "locale" / (id + ".toml"), text));
    }

    base::Places places_;
};

}  // namespace

TEST_F(Languages, english_stands_in_for_what_another_language_lacks) {
    const auto words = app::Words::load(places_, "es");
    ASSERT_TRUE(words) << words.error().message;
    EXPECT_EQ((*words)("a.b"), "lápiz");
    EXPECT_EQ((*words)("a.c"), "only here");
}

TEST_F(Languages, a_broken_file_is_told_with_its_line_and_left_out_of_the_choice) {
    write("fr", "version = 1\n[language]\nname = 7\n");
    const auto words = app::Words::load(places_, "fr");
    ASSERT_FALSE(words);
    EXPECT_NE(words.error().message.find("fr.toml:3:"), std::string::npos) << words.error().message;
    const std::vector<app::Language> found = app::languages(places_);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].name, "English");
    EXPECT_EQ(found[1].name, "Español");
}

TEST_F(Languages, the_systems_is_taken_where_there_is_a_file_for_it) {
    EXPECT_EQ(app::system_language(places_), "en");
    ::setenv("LANG", "es_MX.UTF-8", 1);
    EXPECT_EQ(app::system_language(places_), "es");
    ::setenv("LC_ALL", "C.UTF-8", 1);
    EXPECT_EQ(app::system_language(places_), "en") << "the first that is set decides";
    ::setenv("LC_ALL", "../locale/es", 1);
    EXPECT_EQ(app::system_language(places_), "en");
}
