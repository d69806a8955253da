#include "engine/base/sentence.h"

#include <gtest/gtest.h>

namespace {

const base::Translations kSpanish = {{"{}: {} of {} are empty", "{0}: de {2} hay {1} vacíos"},
                                     {"{}: is empty", "{}: está vacío"},
                                     {"{}: cannot be read: {}", "{}: no se puede leer: {}"},
                                     {"Permission denied", "permiso denegado"},
                                     {"{{ x }} is needed by {}", "{} pide {{ x }}"},
                                     {"{} is wrong", "está mal"},
                                     {"{} has {", "{} tiene {"},
                                     {"it fits {:.1f} mm", "encaja a {} mm"}};

std::string told(const base::Error& error) { return base::told(error, kSpanish); }

}  // namespace

TEST(Sentence, english_is_what_format_makes_of_it) {
    EXPECT_EQ(base::error("{}: {:04o} of {:>3} {{ x }}", "a.toml", 0640, 'c').message, fmt::format("{}: {:04o} of {:>3} {{ x }}", "a.toml", 0640, 'c'));
    EXPECT_EQ(base::error("nothing to fill").message, "nothing to fill");
    EXPECT_EQ(base::error("{1} before {0}", 1, 2).message, "2 before 1");
}

TEST(Sentence, places_are_filled_in_the_order_of_the_language) {
    EXPECT_EQ(told(base::error("{}: {} of {} are empty", "a", 2, 3)), "a: de 3 hay 2 vacíos");
}

TEST(Sentence, a_figure_is_written_as_in_english) {
    EXPECT_EQ(told(base::error("it fits {:.1f} mm", 0.26)), "encaja a 0.3 mm");
}

TEST(Sentence, a_sentence_in_a_sentence_is_told_too) {
    const base::Error inner = base::error("{}: is empty", "b");
    const base::Error outer = base::error("{}: cannot be read: {}", "a", inner);
    EXPECT_EQ(outer.message, "a: cannot be read: b: is empty");
    EXPECT_EQ(told(outer), "a: no se puede leer: b: está vacío");
    EXPECT_EQ(told(base::error("unknown: {}", inner)), "unknown: b: está vacío") << "where the outer one has no translation";
}

TEST(Sentence, a_text_that_has_a_translation_as_a_whole_is_told) {
    EXPECT_EQ(told(base::error("{}: cannot be read: {}", "a", "Permission denied")), "a: no se puede leer: permiso denegado");
    EXPECT_EQ(told(base::Error{"Permission denied"}), "permiso denegado");
}

TEST(Sentence, braces_in_forms_and_in_what_fills_them_stay) {
    EXPECT_EQ(told(base::error("{{ x }} is needed by {}", "{y}")), "{y} pide { x }");
    EXPECT_EQ(told(base::error("{}: is empty", "{}")), "{}: está vacío");
    EXPECT_EQ(told(base::Error{"{}: is empty"}), "{}: is empty") << "a plain text with the words of a form";
}

TEST(Sentence, what_has_no_translation_or_a_wrong_one_is_english) {
    EXPECT_EQ(told(base::error("{} is missing", "a")), "a is missing");
    EXPECT_EQ(told(base::error("{} is wrong", "a")), "a is wrong") << "its translation loses a place";
    EXPECT_EQ(told(base::Error{"out of the blue {"}), "out of the blue {");
}

TEST(Sentence, places_are_counted_with_their_numbers) {
    EXPECT_EQ(base::places_in("{}: {:.1f} {{}} {}"), (std::vector<size_t>{0, 1, 2}));
    EXPECT_EQ(base::places_in("{2} {0} {1}"), (std::vector<size_t>{0, 1, 2}));
    EXPECT_EQ(base::places_in("none"), std::vector<size_t>{});
    for (const char* broken : {"{", "}", "a { b", "{x}", "{0:{}}"}) EXPECT_FALSE(base::places_in(broken)) << broken;
}
