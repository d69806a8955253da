#include "engine/base/toml.h"
#include "engine/base/translation.h"

#include <gtest/gtest.h>

namespace {

constexpr const char* kCase = R"(version = 1
id = "x"
name = "Jo, 40"
face = "jo"
[record]
wish = "Softer lines"
age = 40
[[question]]
id = "wish"
answer = "Softer"
flag = "none"
[[question]]
id = "own"
ask = "Since when?"
answer = "Since May"
)";

/// A content folder with one case and its Spanish.
class Translated : public testing::Test {
  protected:
    void SetUp() override {
        places_.data = base::fs::path(EVENHAND_BINARY_DIR) / "scratch" / "translation" /
                       testing::UnitTest::GetInstance()->current_test_info()->name();
        places_.language = "es";
        base::fs::remove_all(places_.data);
        base::fs::create_directories(places_.data / "cases");
        base::fs::create_directories(places_.data / "locale/es/cases");
        ASSERT_TRUE(base::write_file(places_.data / kFile, std::string_view(kCase)));
    }

    void translation(std::string_view text) { ASSERT_TRUE(base::write_file(places_.data / "locale/es" / kFile, text)); }

    /// The case as told in the language of the places.
    toml::table told(const std::string& text = kCase) {
        toml::table table = *base::parse_toml(text, "x.toml");
        base::translate(table, places_, kFile);
        return table;
    }

    static constexpr const char* kFile = "cases/x.toml";
    base::Places places_;
};

}  // namespace

TEST_F(Translated, texts_are_replaced_and_nothing_else) {
    translation("name = \"Jo, de 40\"\n[record]\nwish = \"Líneas más suaves\"\n"
                "[[question]]\nid = \"own\"\nask = \"¿Desde cuándo?\"\n");
    const toml::table table = told();
    EXPECT_EQ(table["name"].value_or(""), std::string("Jo, de 40"));
    EXPECT_EQ(table["record"]["wish"].value_or(""), std::string("Líneas más suaves"));
    EXPECT_EQ(table["record"]["age"].value_or(0), 40);
    EXPECT_EQ(table["question"][0]["answer"].value_or(""), std::string("Softer")) << "matched by id, not by place";
    EXPECT_EQ(table["question"][1]["ask"].value_or(""), std::string("¿Desde cuándo?"));
    EXPECT_EQ(table["question"][1]["answer"].value_or(""), std::string("Since May")) << "what is not translated stays";
    const std::vector<base::Error> mistakes = base::translation_mistakes(places_);
    ASSERT_EQ(mistakes.size(), 1u);
    EXPECT_NE(mistakes[0].message.find("es/cases/x.toml: lacks 2 of 5 texts of "), std::string::npos) << mistakes[0].message;
}

TEST_F(Translated, a_whole_translation_has_no_mistake) {
    translation("name = \"Jo, de 40\"\n[record]\nwish = \"Líneas más suaves\"\n"
                "[[question]]\nid = \"wish\"\nanswer = \"Suave\"\n[[question]]\nid = \"own\"\nask = \"¿Desde cuándo?\"\nanswer = \"Mayo\"\n");
    for (const base::Error& mistake : base::translation_mistakes(places_)) ADD_FAILURE() << mistake.message;
}

TEST_F(Translated, ids_and_figures_cannot_be_translated) {
    translation("face = \"otra\"\n[record]\nage = 20\n[[question]]\nid = \"wish\"\nflag = \"pregnancy\"\n");
    EXPECT_EQ(told(), *base::parse_toml(kCase, "x.toml"));
    const std::vector<base::Error> mistakes = base::translation_mistakes(places_);
    ASSERT_EQ(mistakes.size(), 3u);
    EXPECT_NE(mistakes[0].message.find("x.toml:1:8: face: "), std::string::npos) << mistakes[0].message;
    EXPECT_NE(mistakes[1].message.find("x.toml:6:8: question.wish.flag: "), std::string::npos) << mistakes[1].message;
    EXPECT_NE(mistakes[2].message.find("x.toml:3:7: record.age: "), std::string::npos) << mistakes[2].message;
}

TEST_F(Translated, a_mistake_is_told_with_its_place_and_the_rest_is_translated) {
    translation("name = 7\n[record]\nwish = \"Suave\"\n[[question]]\nid = \"no-such\"\nanswer = \"A\"\n");
    const toml::table table = told();
    EXPECT_EQ(table["name"].value_or(""), std::string("Jo, 40"));
    EXPECT_EQ(table["record"]["wish"].value_or(""), std::string("Suave"));
    const std::vector<base::Error> mistakes = base::translation_mistakes(places_);
    ASSERT_EQ(mistakes.size(), 2u);
    EXPECT_NE(mistakes[0].message.find("x.toml:1:8: name: must be a text"), std::string::npos) << mistakes[0].message;
    EXPECT_NE(mistakes[1].message.find("x.toml:6:10: question.no-such.answer: "), std::string::npos) << mistakes[1].message;
}

TEST_F(Translated, a_broken_translation_or_one_of_nothing_is_told) {
    translation("name = \n");
    ASSERT_TRUE(base::write_file(places_.data / "locale/es/cases/gone.toml", std::string_view("name = \"a\"\n")));
    EXPECT_EQ(told(), *base::parse_toml(kCase, "x.toml"));
    const std::vector<base::Error> mistakes = base::translation_mistakes(places_);
    ASSERT_EQ(mistakes.size(), 2u);
    EXPECT_NE(mistakes[0].message.find("gone.toml:1:1: "), std::string::npos) << mistakes[0].message;
    EXPECT_NE(mistakes[1].message.find("x.toml:1:"), std::string::npos) << mistakes[1].message;
}

TEST_F(Translated, a_text_that_differs_from_the_shipped_one_stays) {
    translation("name = \"Jo, de 40\"\n[record]\nwish = \"Suave\"\n");
    std::string older = kCase;
    older.replace(older.find("Softer lines"), 12, "Fewer lines!");
    const toml::table table = told(older);
    EXPECT_EQ(table["name"].value_or(""), std::string("Jo, de 40"));
    EXPECT_EQ(table["record"]["wish"].value_or(""), std::string("Fewer lines!"));
}

TEST_F(Translated, without_a_language_or_a_translation_all_is_as_it_was_written) {
    const toml::table written = *base::parse_toml(kCase, "x.toml");
    EXPECT_EQ(told(), written) << "no translation";
    translation("name = \"Jo, de 40\"\n");
    for (const char* language : {"", "en", "xx"}) {
        places_.language = language;
        EXPECT_EQ(told(), written) << language;
    }
}

TEST_F(Translated, content_that_is_told_in_other_ways_is_left_to_its_reader) {
    ASSERT_TRUE(base::write_file(places_.data / "advice.toml", std::string_view("[tilt]\nlow = \"Up\"\n")));
    ASSERT_TRUE(base::write_file(places_.data / "locale/es/advice.toml", std::string_view("[tilt]\nlow = \"Arriba\"\n")));
    EXPECT_TRUE(base::translation_mistakes(places_).empty());
}
