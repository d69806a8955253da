// What the window refuses is told in the reader's language: every form of a sentence that its screens can meet has a
// translation in content/locale/refusals. This reads the code and the translations as text.
//
// A new base::error("…") in a folder that the window reaches fails here until es.toml and fr.toml have its form; one that only
// the command line can tell is left out by its file in kNotInTheWindow, with the reason.

#include "engine/base/files.h"
#include "engine/base/foreign_words.h"
#include "engine/base/sentence.h"
#include "engine/base/toml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace {

namespace fs = std::filesystem;

const fs::path kSource = EVENHAND_SOURCE_DIR;

/// Begin of a path -> why no screen shows its sentences.
const std::map<std::string, std::string> kNotInTheWindow = {
    {"engine/base/log.cpp", "an option of the command line"},
    {"engine/gpu/", "told on the terminal, before there is a window"},
    {"engine/input/pen_file.cpp", "pen files are given to `perform`"},
    {"engine/render/window.cpp", "told on the terminal, before there is a window"},
    {"training/app/command_", "commands"},
    {"training/app/healing_times.cpp", "the option --after"},
    {"training/app/main.cpp", "commands"},
    {"training/app/passphrase.cpp", "typed on a terminal"},
    {"training/app/scene_maker.cpp", "told in the log of `serve`"},
    {"training/app/station_records.cpp", "records are kept by commands"},
    {"training/app/trust.cpp", "options of commands"},
    {"training/core/credential.cpp", "badges are given by a command"},
    {"training/core/exam.cpp", "told on the terminal, before there is a window"},
    {"training/core/exam_make.cpp", "packages are made by a command"},
    {"training/core/jws.cpp", "badges are given by a command"},
    {"training/core/population.cpp", "operators belong to `perform`"},
    {"training/core/rubric_fit.cpp", "`rubric fit`"},
    {"training/core/seal_check.cpp", "`verify`"},
    {"training/core/time_stamp.cpp", "`verify` and `stamp`"},
    {"training/core/treatment.cpp", "screens tell what cannot be done by act_cannot"},
    {"training/core/verify", "`verify`"},
    {"training/core/xapi.cpp", "`export --xapi`"},
    {"training/records/", "records are kept by commands"},
    {"training/serve/", "the server of a school, told on its terminal"},
};

/// The same in another language: but for keys of files there is no word in it.
const std::set<std::string> kTheSame = {"{}:{}:{}: zones: {}", "--candidate: {}"};

/// Functions that take a form and what fills it.
const std::set<std::string, std::less<>> kTakeForms = {"error", "refuse", "damaged", "mistake", "add", "find", "find_by_id", "guarded", "misplaced", "wrong", "spots_error"};

bool is_left_out(const std::string& path) {
    return std::ranges::any_of(kNotInTheWindow, [&](const auto& one) { return path.starts_with(one.first); });
}

std::vector<std::string> sources() {
    std::vector<std::string> found;
    for (const char* folder : {"engine", "training"})
        for (const auto& entry : fs::recursive_directory_iterator(kSource / folder))
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
                found.push_back(entry.path().lexically_relative(kSource).generic_string());
    std::ranges::sort(found);
    return found;
}

/// Behind the text in quotes that begins at `at`; `words` takes what it says.
size_t read_quoted(const std::string& code, size_t at, std::string& words) {
    for (++at; at < code.size() && code[at] != '"'; ++at) {
        if (code[at] == '\\') ++at;
        words += code[at];
    }
    return at + 1;
}

size_t skip_blanks(const std::string& code, size_t at) {
    while (at < code.size() && std::isspace(static_cast<unsigned char>(code[at]))) ++at;
    return at;
}

/// Texts side by side are one. `end` is behind it, and behind blanks.
std::string text_at(const std::string& code, size_t at, size_t& end) {
    std::string words;
    while (at < code.size() && code[at] == '"') at = skip_blanks(code, read_quoted(code, at, words));
    end = at;
    return words;
}

/// Behind what begins at `at` without leaving an argument half: brackets and texts are passed as a whole.
size_t pass(const std::string& code, size_t at) {
    std::string ignored;
    if (code[at] == '"') return read_quoted(code, at, ignored);
    if (code[at] == '\'' && code[at + 1] == '\\') return at + 4;
    if (code[at] == '\'' && at + 2 < code.size() && code[at + 2] == '\'') return at + 3;
    if (!std::strchr("([{", code[at])) return at + 1;
    for (++at; at < code.size() && !std::strchr(")]}", code[at]);) at = pass(code, at);
    return at + 1;
}

/// The texts that stand alone as arguments of the call whose bracket opens at `at`.
std::vector<std::string> texts_given(const std::string& code, size_t at) {
    std::vector<std::string> texts;
    at = skip_blanks(code, at + 1);
    bool begins = true;
    while (at < code.size() && code[at] != ')') {
        if (begins && code[at] == '"') {
            std::string words = text_at(code, at, at);
            if (at < code.size() && (code[at] == ',' || code[at] == ')')) texts.push_back(words);
        } else {
            begins = code[at] == ',';
            at = begins ? skip_blanks(code, at + 1) : pass(code, at);
            continue;
        }
        begins = false;
    }
    return texts;
}

bool is_sentence(const std::string& text) {
    const bool words = text.find(' ') != std::string::npos && std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c); });
    return text != "{}" && (words || text.find('{') != std::string::npos);
}

/// The forms of the sentences that a file makes: of each call the first text that is one, of spots_error() both.
std::set<std::string> forms_in(const std::string& code) {
    std::set<std::string> forms;
    for (size_t at = 0; (at = code.find('(', at)) != std::string::npos; ++at) {
        size_t begin = at;
        while (begin > 0 && (std::isalnum(static_cast<unsigned char>(code[begin - 1])) || code[begin - 1] == '_')) --begin;
        const std::string_view name = std::string_view(code).substr(begin, at - begin);
        const std::string_view before = std::string_view(code).substr(0, begin);
        const bool of_another = (name == "find" && (before.ends_with('.') || before.ends_with("->") || before.ends_with(':'))) ||
                                (name == "add" && !before.ends_with("mistakes.") && !before.ends_with("mistakes_."));
        if (!kTakeForms.contains(name) || of_another) continue;
        for (const std::string& text : texts_given(code, at)) {
            if (!is_sentence(text)) continue;
            forms.insert(text);
            if (name != "spots_error") break;
        }
    }
    return forms;
}

std::set<std::string> all_texts_in(const std::string& code) {
    std::set<std::string> texts;
    for (size_t at = 0; at < code.size();) {
        if (code[at] == '"') texts.insert(text_at(code, at, at));
        else at = code[at] == '\'' ? pass(code, at) : at + 1;
    }
    return texts;
}

base::Translations translations(const std::string& language) {
    const auto table = base::read_toml(kSource / "content/locale/refusals" / (language + ".toml"));
    EXPECT_TRUE(table) << (table ? "" : table.error().message);
    base::Translations texts;
    if (!table) return texts;
    for (const auto& [key, node] : *table)
        if (auto text = node.value<std::string>()) texts[std::string(key.str())] = *text;
    return texts;
}

bool is_told_by_the_system(const std::string& text) {
    for (int number = 1; number < 140; ++number)
        if (text == std::strerror(number)) return true;
    return false;
}

TEST(Refusals, forms_are_found_in_code_as_it_is_written) {
    const std::set<std::string> found = forms_in(R"x(
        return base::error("{}: is \"empty\"; "
                           "fill it", file.string());
        if (!one.refuse(key, "a, b (c) {}", f(1, "no form")) && text.find("{} ") == 3) return damaged("row {}", ')');
        spots_error(own(a), "{} is", "{} are"); refuse("key", why); log("not {} this"); mistakes.add(at, "m {}"); page.add("<b>{}");
    )x");
    EXPECT_EQ(found, (std::set<std::string>{"{}: is \"empty\"; fill it", "a, b (c) {}", "row {}", "{} is", "{} are", "m {}"}));
}

TEST(Refusals, an_error_inside_a_sentence_is_handed_on_whole) {
    const auto cut_short = [](const std::string& code) {
        for (size_t at = 0; (at = code.find("error(\"", at)) != std::string::npos;) {
            const size_t bracket = code.find('(', at);
            at = pass(code, bracket);
            if (code.substr(bracket, at - bracket).find(".error().message") != std::string::npos) return true;
        }
        return false;
    };
    EXPECT_TRUE(cut_short(R"x(return base::error("{}: {}", name, sound.error().message);)x"));
    EXPECT_FALSE(cut_short(R"x(return base::error("{}: {}", name, sound.error()); log(sound.error().message);)x"));
    for (const std::string& path : sources())
        EXPECT_FALSE(cut_short(*base::read_text(kSource / path)))
            << path << ": error(\"…\", x.error().message) stays English in every language; give x.error() itself";
}

TEST(Refusals, what_the_system_says_passes_through_words_of_ours) {
    for (const std::string& path : sources()) {
        if (is_left_out(path) || path == "engine/base/foreign_words.cpp") continue;
        const std::string code = *base::read_text(kSource / path);
        for (const char* own : {"strerror(", ".message()"})
            EXPECT_EQ(code.find(own), std::string::npos) << path << " tells what the system says with " << own << "; give base::system_error()";
    }
}

TEST(Refusals, what_is_left_out_is_there) {
    const std::vector<std::string> all = sources();
    for (const auto& [begin, why] : kNotInTheWindow)
        EXPECT_TRUE(std::ranges::any_of(all, [&](const std::string& path) { return path.starts_with(begin); }))
            << begin << " (" << why << ") is no file any more";
}

class Refused : public testing::TestWithParam<const char*> {};

TEST_P(Refused, every_sentence_that_the_window_can_show_is_translated_with_the_same_places) {
    const auto theirs = translations(GetParam());
    size_t count = 0;
    for (const std::string& path : sources()) {
        if (is_left_out(path)) continue;
        for (const std::string& form : forms_in(*base::read_text(kSource / path))) {
            ++count;
            const auto places = base::places_in(form);
            ASSERT_TRUE(places) << path << ": the braces of this do not close: " << form;
            const auto found = theirs.find(form);
            if (found == theirs.end()) {
                ADD_FAILURE() << path << ": content/locale/refusals/" << GetParam() << ".toml lacks\n" << base::toml_text(form) << " = \"\"";
                continue;
            }
            EXPECT_EQ(base::places_in(found->second), places) << found->second;
            const bool has_words = form.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos;
            EXPECT_TRUE(found->second != form || !has_words || kTheSame.contains(form)) << "still in English: " << form;
        }
    }
    EXPECT_GT(count, 330u);
}

TEST_P(Refused, nothing_is_translated_that_nobody_says) {
    std::set<std::string> said;
    for (const std::string& path : sources()) said.merge(all_texts_in(*base::read_text(kSource / path)));
    for (const auto& [form, text] : translations(GetParam())) {
        EXPECT_TRUE(said.contains(form) || is_told_by_the_system(form)) << "no sentence of the code has this form: " << form;
        EXPECT_FALSE(text.empty()) << form;
    }
}

TEST_P(Refused, what_the_system_says_is_told_in_words_of_ours) {
    const auto theirs = translations(GetParam());
    for (int number = 1; number < 140; ++number) {
        if (!::strerrorname_np(number)) continue;
        const base::Error error = base::system_error(number);
        EXPECT_EQ(error.message, std::strerror(number));
        EXPECT_EQ(base::told(error, theirs).find(error.message), std::string::npos) << error.message;
    }
}

/// Every letter of a text taken out, and every letter of `others` put in everywhere.
std::vector<std::string> slips_in(const std::string& text, std::string_view others) {
    std::vector<std::string> slips;
    for (size_t at = 0; at < text.size(); ++at) {
        slips.push_back(text.substr(0, at) + text.substr(at + 1));
        for (const char other : others) slips.push_back(text.substr(0, at) + other + text.substr(at));
    }
    return slips;
}

TEST_P(Refused, what_the_parser_of_files_says_is_told_in_words_of_ours) {
    const auto theirs = translations(GetParam());
    const std::string text =
        "version = 1\nname.first = 'a\\u'\nsecond = \"a\\tb\\u00e9\"\nlist = [1, -2.5e3, 0x1f, true]\r\n[\"one two\"]\nday = 2026-11-21T22:05:09Z\n"
        "at = { x = 1, y = inf } # note\n[[many]]\nlong = \"\"\"\nend\"\"\"\n";
    ASSERT_TRUE(base::parse_toml(text, "x.toml")) << base::parse_toml(text, "x.toml").error().message;
    std::set<std::string> told;
    for (const std::string& slip : slips_in(text, std::string_view("\"'[]{}=,.\\-+_9azT:# \n\r\0\x01", 25))) {
        const auto read = base::parse_toml(slip, "x.toml");
        if (read) continue;
        const std::string message = read.error().message, where = message.substr(0, message.find(": "));
        const std::string ours = base::told(read.error(), {}), other = base::told(read.error(), theirs);
        ASSERT_TRUE(ours.starts_with(where) && other.starts_with(where)) << ours << other;
        EXPECT_NE(ours, message) << "the parser's own words";
        EXPECT_NE(other, ours) << "in English";
        EXPECT_EQ(ours.find("this is no TOML"), std::string::npos) << message << " is not told apart";
        told.insert(other.substr(where.size()));
    }
    EXPECT_GE(told.size(), 12u) << "kinds of mistakes are told apart";
}

INSTANTIATE_TEST_SUITE_P(Words, Refused, testing::Values("es", "fr"));

}  // namespace
