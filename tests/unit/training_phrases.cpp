#include "engine/base/toml.h"
#include "tests/scenarios/places.h"
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

TEST(Phrases, what_is_refused_is_told_in_the_language_and_commands_say_it_in_english) {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    const auto spanish = Phrases::load(places, "es"), french = Phrases::load(places, "fr");
    ASSERT_TRUE(spanish) << spanish.error().message;
    ASSERT_TRUE(french) << french.error().message;
    const base::Error missing = base::read_text("no-such.toml").error();
    EXPECT_EQ((*spanish)(missing), "no-such.toml: ese archivo no existe; revise el nombre");
    EXPECT_EQ((*french)(missing), "no-such.toml : ce fichier n'existe pas ; vérifiez le nom");
    EXPECT_EQ(Phrases::english()(missing), missing.message);
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
