#include "engine/base/toml.h"
#include "tests/scenarios/places.h"
#include "training/core/joined.h"
#include "training/core/phrases.h"

#include <gtest/gtest.h>

namespace training {
namespace {

TEST(Phrases, english_is_built_in_as_the_file_has_it) {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    const auto file = Phrases::load(places);
    ASSERT_TRUE(file) << file.error().message;
    for (const char* key : {"language.name", "verdict.target", "zone.cheek_left"}) {
        ASSERT_TRUE(Phrases::english().has(key)) << key;
        EXPECT_EQ(Phrases::english()(key), (*file)(key));
    }
}

TEST(Phrases, another_language_lies_over_english) {
    Phrases phrases = Phrases::english();
    ASSERT_TRUE(phrases.add("[zone]\nchin = \"mentón\"\n[a]\nb = \"{n} de {m}\"\n", "es.toml"));
    EXPECT_EQ(phrases.name("zone", "chin"), "mentón");
    EXPECT_EQ(phrases.name("zone", "neck"), Phrases::english().name("zone", "neck"));
    EXPECT_EQ(phrases("a.b", fmt::arg("m", 4), fmt::arg("n", 3)), "3 de 4");
    EXPECT_FALSE(Phrases::english().has("a.b"));
}

TEST(Phrases, texts_are_put_together_with_the_marks_of_their_language) {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    const auto spanish = Phrases::load(places, "es"), french = Phrases::load(places, "fr");
    ASSERT_TRUE(spanish && french);
    for (const Phrases& words : {Phrases::english(), *spanish}) {
        EXPECT_EQ(with_colon(words, "a", "{b}"), "a: {b}");
        EXPECT_EQ(with_unit_word(words, "1.5", "mm"), "1.5 mm");
    }
    EXPECT_EQ(with_colon(*french, "a", "{b}"), "a\u00a0: {b}");
    EXPECT_EQ(with_unit_word(*french, "1.5", "mm"), "1.5\u00a0mm");
    std::string list, theirs;
    for (const char* one : {"a", "b", "c"}) {
        add_to_list(Phrases::english(), list, one);
        add_to_list(*french, theirs, one);
    }
    EXPECT_EQ(list, "a; b; c");
    EXPECT_EQ(theirs, "a\u00a0; b\u00a0; c");
}

TEST(Phrases, what_is_refused_is_told_in_the_language_and_commands_say_it_in_english) {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    const auto spanish = Phrases::load(places, "es"), french = Phrases::load(places, "fr");
    ASSERT_TRUE(spanish) << spanish.error().message;
    ASSERT_TRUE(french) << french.error().message;
    const base::Error missing = base::read_text("no-such.toml").error();
    EXPECT_EQ((*spanish)(missing), "no-such.toml: ese archivo no existe; revise el nombre");
    EXPECT_EQ((*french)(missing), "no-such.toml\u00a0: ce fichier n'existe pas\u00a0; vérifiez le nom");
    EXPECT_EQ(Phrases::english()(missing), missing.message);
    const base::Error zone = base::error("{}: is empty", base::named("zone_in.cheek_left", "cheek_left"));
    EXPECT_EQ(zone.message, "cheek_left: is empty");
    EXPECT_EQ((*Phrases::load(places))(zone), "left cheek: is empty");
    EXPECT_EQ((*french)(zone), "la joue gauche\u00a0: est vide");
    const auto table = base::parse_toml("weight = 400\n", "x.toml");
    ASSERT_TRUE(table);
    base::TomlReader reader(*table, "x.toml");
    reader.number("weight", 0, 100);
    EXPECT_EQ((*spanish)(reader.status().error()), "x.toml:1:10: weight: debe ser un número de 0 a 100");
}

TEST(Phrases, an_unknown_id_stays_as_it_is_and_an_unknown_key_shows) {
    EXPECT_EQ(Phrases::english().name("zone", "elbow"), "elbow");
    EXPECT_EQ(Phrases::english()("no.such"), "‹no.such›");
    EXPECT_EQ(&Phrases::english()("no.such"), &Phrases::english()("no.such"));
}

TEST(Phrases, a_place_that_nobody_fills_is_told_and_shown_as_it_stands) {
    Phrases phrases = Phrases::english();
    ASSERT_TRUE(phrases.add("[a]\nb = \"{n} of {most}\"\n", "x.toml"));
    EXPECT_EQ(phrases("a.b", fmt::arg("n", 3)), "{n} of {most}");
}

TEST(Phrases, a_broken_language_names_line_and_column) {
    Phrases phrases = Phrases::english();
    const base::Status status = phrases.add("[a]\nb = 7\n", "x.toml");
    ASSERT_FALSE(status);
    EXPECT_TRUE(status.error().message.starts_with("x.toml:2:5: ")) << status.error().message;
}

}  // namespace
}  // namespace training
