#include "engine/base/sentence.h"

#include "engine/base/foreign_words.h"
#include "engine/base/utf8.h"

#include <gtest/gtest.h>

namespace {

const base::Translations kSpanish = {{"{}: {} of {} are empty", "{0}: de {2} hay {1} vacíos"},
                                     {"{}: is empty", "{}: está vacío"},
                                     {"{}: cannot be read: {}", "{}: no se puede leer: {}"},
                                     {"Permission denied", "permiso denegado"},
                                     {"{{ x }} is needed by {}", "{} pide {{ x }}"},
                                     {"{} is wrong", "está mal"},
                                     {"{0}: {1} is in {0} and in {2}", "{1} está en {0} y en {2}"},
                                     {"{:.{}f} mm of {}: {}", "{3}: {0} mm de {2}"},
                                     {"{} has {", "{} tiene {"},
                                     {"it fits {:.1f} mm", "encaja a {} mm"}};

std::string told(const base::Error& error) { return base::told(error, kSpanish); }

}  // namespace

TEST(Sentence, english_is_what_format_makes_of_it) {
    EXPECT_EQ(base::error("{}: {:04o} of {:>3} {{ x }}", "a.toml", 0640, 'c').message, fmt::format("{}: {:04o} of {:>3} {{ x }}", "a.toml", 0640, 'c'));
    EXPECT_EQ(base::error("nothing to fill").message, "nothing to fill");
    EXPECT_EQ(base::error("{1} before {0}", 1, 2).message, "2 before 1");
}

TEST(Sentence, what_fills_a_place_breaks_no_line_and_steers_no_terminal) {
    EXPECT_EQ(base::error("{}: no such zone", "a\nb\x1b[2J\x7f\u0085 niño").message, "a?b?[2J?? niño: no such zone");
    EXPECT_EQ(told(base::error("{}: is empty", "a\nb")), "a?b: está vacío");
    EXPECT_EQ(base::foreign_words(base::error("no"), "saw 'fa\n'").message, "saw 'fa?'");
    EXPECT_EQ(base::one_line("ERROR:  no\n\tDETAIL: so \n"), "ERROR: no DETAIL: so");
}

TEST(Sentence, marks_that_turn_a_line_or_its_direction_are_not_shown) {
    for (const char* mark : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\u0080", "\u009f", "\x7f", "\n"}) {
        EXPECT_EQ(base::plain(std::string("a") + mark + "b"), "a?b");
        EXPECT_FALSE(base::is_plain(mark));
    }
    for (const char* text : {"", "Zoë 王 😀 نادین", "\u00a0 1", "\u2027\u202f\u2065\u206a\u200d"}) {
        EXPECT_EQ(base::plain(text), text);
        EXPECT_TRUE(base::is_plain(text));
    }
    EXPECT_EQ(base::plain("\xe2\x80"), "\xe2\x80") << "cut off";
    EXPECT_FALSE(base::is_plain("\xff"));
}

TEST(Sentence, places_are_filled_in_the_order_of_the_language) {
    EXPECT_EQ(told(base::error("{}: {} of {} are empty", "a", 2, 3)), "a: de 3 hay 2 vacíos");
}

TEST(Sentence, what_has_two_places_is_told_in_each_as_often_as_the_language_needs) {
    const base::Error twice = base::error("{0}: {1} is in {0} and in {2}", "a", "b", "c");
    EXPECT_EQ(twice.message, "a: b is in a and in c");
    EXPECT_EQ(told(twice), "b está en a y en c");
    EXPECT_EQ(told(base::error("{0} or {0}: {1}", "a", base::error("{}: is empty", "b"))), "a or a: b: está vacío");
}

TEST(Sentence, a_width_that_is_an_argument_too_is_no_place) {
    const base::Error outer = base::error("{:.{}f} mm of {}: {}", 0.256, 2, 3, base::error("{}: is empty", "b"));
    EXPECT_EQ(outer.message, "0.26 mm of 3: b: is empty");
    EXPECT_EQ(told(outer), "b: está vacío: 0.26 mm de 3");
    EXPECT_EQ(base::error("{0:>{1}}|{2:{3}.{4}f}", 1, 3, 2.0, 6, 1).message, "  1|   2.0");
    EXPECT_EQ(told(base::error("{:>{}} of {}", 1, 3, 2)), "  1 of 2");
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

TEST(Sentence, an_id_with_a_name_fills_a_place_by_it_and_in_english_as_it_is) {
    const base::Error outer = base::error("{}: is empty", base::named("zone_in.chin", "chin"));
    EXPECT_EQ(outer.message, "chin: is empty");
    EXPECT_EQ(base::told(outer, {{"{}: is empty", "{}: está vacío"}, {"zone_in.chin", "el mentón"}}), "el mentón: está vacío");
    EXPECT_EQ(base::told(outer, {}), "chin: is empty") << "where nobody has a name for it";
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

TEST(Sentence, names_files_by_their_names_and_says_once_where_they_lie) {
    const base::NamedFiles named = base::with_file_names(base::error("{}: cannot be read: {}", "/home/a b/list.csv", base::error("{}: is empty", "/home/a b/list.csv")));
    EXPECT_EQ(named.error.message, "list.csv: cannot be read: list.csv: is empty");
    EXPECT_EQ(told(named.error), "list.csv: no se puede leer: list.csv: está vacío");
    EXPECT_EQ(named.paths, std::vector<std::string>{"/home/a b/list.csv"});
    for (const char* none : {"list.csv", "/", "/list.csv", "/home/", "mm/s", "a/b"}) {
        const base::Error error = base::error("{}: is empty", none);
        EXPECT_EQ(base::with_file_names(error).error.message, error.message) << none;
        EXPECT_TRUE(base::with_file_names(error).paths.empty()) << none;
    }
    EXPECT_EQ(base::with_file_names(base::Error{"/a/b"}).error.message, "/a/b") << "no sentence that was made";
}

TEST(Sentence, places_are_counted_with_their_numbers) {
    EXPECT_EQ(base::places_in("{}: {:.1f} {{}} {}"), (std::vector<size_t>{0, 1, 2}));
    EXPECT_EQ(base::places_in("{2} {0} {1}"), (std::vector<size_t>{0, 1, 2}));
    EXPECT_EQ(base::places_in("{0} {1} {0}"), (std::vector<size_t>{0, 1}));
    EXPECT_EQ(base::places_in("{:.{}f} {:{}.{}f} {}"), (std::vector<size_t>{0, 2, 5}));
    EXPECT_EQ(base::places_in("none"), std::vector<size_t>{});
    for (const char* broken : {"{", "}", "a { b", "{x}", "{0:{}}", "{:{1}}", "{:{x}}", "{:{}"}) EXPECT_FALSE(base::places_in(broken)) << broken;
}
