// Marks stand in each language as its readers expect: in French behind a blank at which no line is broken (U+00A0), so that no line
// begins with one, in Spanish behind none and opened before the sentence. This reads content/locale as text.

#include "engine/base/files.h"
#include "engine/base/toml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <regex>

namespace {

namespace fs = std::filesystem;

const fs::path kLocale = fs::path(EVENHAND_SOURCE_DIR) / "content/locale";

constexpr std::string_view kHeld = "\u00a0";    ///< a blank that holds a line together
constexpr std::string_view kNarrow = "\u202f";  ///< the same, but no font of the window has it

/// Is nothing of the same word behind a mark? "10:30", "https://" and "{}:{}" go on.
bool ends_a_word(std::string_view behind) {
    return behind.empty() || std::string_view(" )]\n").find(behind.front()) != std::string_view::npos || behind.starts_with(kHeld) ||
           behind.starts_with("»");
}

bool is_mark(char c) {
    return c == '?' || c == '!' || c == ';' || c == ':';
}

/// A figure, or what is filled with one, and its unit with a blank between that may end a line.
bool parts_figure_and_unit(const std::string& text) {
    static const std::regex parted("[0-9}] (%|°|mm|cm|m|µm|s|ms|min|h|j|sem|N|Hz|MiB|/cm|\\{unit\\})(?!\\w|'|-|’|\xc3)");
    return std::regex_search(text, parted);
}

bool is_french(const std::string& text) {
    const std::string_view all = text;
    for (size_t at = 0; at < all.size(); ++at) {
        const std::string_view before = all.substr(0, at), behind = all.substr(at + 1);
        const bool follows_mark = !before.empty() && is_mark(before.back());
        if (is_mark(all[at]) && (before.ends_with(' ') || (ends_a_word(behind) && !before.ends_with(kHeld) && !follows_mark))) return false;
        if (all.substr(at).starts_with("»") && !before.ends_with(kHeld)) return false;
        if (before.ends_with("«") && !all.substr(at).starts_with(kHeld)) return false;
    }
    return !parts_figure_and_unit(text) && text.find(kNarrow) == std::string::npos;
}

size_t count(std::string_view text, std::string_view mark) {
    size_t found = 0;
    for (size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size())) ++found;
    return found;
}

bool is_spanish(const std::string& text) {
    for (const std::string_view blank : {std::string_view(" "), kHeld, kNarrow}) {
        for (const char* mark : {"?", "!", ";", ":", "»"})
            if (text.find(std::string(blank) + mark) != std::string::npos) return false;
        for (const char* mark : {"¿", "¡", "«"})
            if (text.find(mark + std::string(blank)) != std::string::npos) return false;
    }
    return count(text, "?") == count(text, "¿") && count(text, "!") == count(text, "¡");
}

void each_text(const toml::node& node, const std::string& key, const std::function<void(const std::string& key, const std::string& text)>& tell) {
    if (const toml::table* table = node.as_table())
        for (const auto& [name, inner] : *table) each_text(inner, key + (key.empty() ? "" : ".") + std::string(name.str()), tell);
    else if (const toml::array* list = node.as_array())
        for (const toml::node& inner : *list) each_text(inner, key, tell);
    else if (const auto text = node.value<std::string>())
        tell(key, *text);
}

std::vector<fs::path> files_of(const std::string& language) {
    std::vector<fs::path> files = {kLocale / (language + ".toml"), kLocale / "refusals" / (language + ".toml")};
    for (const auto& entry : fs::recursive_directory_iterator(kLocale / language))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    return files;
}

/// Every text of a language that the rule does not hold for is told with its file and key. Keys of the letters on screen are no sentences.
void expect_all(const std::string& language, bool (*holds)(const std::string&), const char* what_to_do) {
    size_t texts = 0;
    for (const fs::path& file : files_of(language)) {
        const auto table = base::read_toml(file);
        ASSERT_TRUE(table) << table.error().message;
        each_text(*table, "", [&](const std::string& key, const std::string& text) {
            ++texts;
            if (key == "letters.signs") return;
            EXPECT_TRUE(holds(text)) << file.lexically_relative(kLocale).string() << ": " << key << " = " << text << "\n" << what_to_do;
        });
    }
    EXPECT_GT(texts, 1900u);
}

TEST(Typography, french_marks_and_units_stand_behind_a_blank_that_breaks_no_line) {
    expect_all("fr", is_french, "U+00A0 belongs before ? ! ; : » and units, and behind «");
}

TEST(Typography, spanish_marks_stand_behind_no_blank_and_sentences_are_opened) {
    expect_all("es", is_spanish, "no blank belongs before ? ! ; : » or behind ¿ ¡ «, and each ? and ! is opened");
}

/// Dear ImGui ends lines within figures and before U+00A0: what a call of it would break.
bool breaks_lines_itself(const std::string& code) {
    static const std::regex call("CalcWordWrap|PushTextWrapPos|TextWrapped|AddText\\([^;]*nullptr,|CalcTextSizeA\\([^,;]*,[^,;]*, *[^0 ][^;]*;");
    return std::regex_search(code, call);
}

TEST(Typography, lines_on_the_screen_end_where_line_breaks_has_them_end) {
    EXPECT_TRUE(breaks_lines_itself("draw.AddText(font, line, at,\n colour, words.c_str(), nullptr, width + 1);"));
    EXPECT_TRUE(breaks_lines_itself("font->CalcTextSizeA(font->FontSize, 1e9f, wrap, words.c_str());"));
    EXPECT_FALSE(breaks_lines_itself("font->CalcTextSizeA(font->FontSize, 1e9f, 0, words.c_str()); draw.AddText(font, at, shade, nothing);"));
    for (const auto& entry : fs::directory_iterator(fs::path(EVENHAND_SOURCE_DIR) / "training/app"))
        EXPECT_FALSE(breaks_lines_itself(*base::read_text(entry.path()))) << entry.path() << "; draw_text() and text() of widgets.h do it";
}

TEST(Typography, a_wrong_mark_is_found) {
    for (const char* text : {"à\u00a0!", "oui\u00a0: «\u00a0non\u00a0»\u00a0; (quoi\u00a0?)", "Ha\u00a0?!", "{}:{}:{}\u00a0: 10:30 https://x",
                             "1 à 5\u00a0mm", "3 séances", "95\u00a0%", "2 mois", "de A\u00a0:\nB"})
        EXPECT_TRUE(is_french(text)) << text;
    for (const char* text : {"à !", "à!", "oui : non", "oui: non", "oui ; non", "oui\u202f; non", "quoi ?", "(quoi?)", "« non\u00a0»",
                             "«\u00a0non »", "«non»", "{} : {}", "5 mm", "95 %", "{value} {unit}", "1\u202fmm", "{value:.1f} cm²"})
        EXPECT_FALSE(is_french(text)) << text;
    for (const char* text : {"¿Sí? ¡No!", "uno: dos; «tres»", "95 %"}) EXPECT_TRUE(is_spanish(text)) << text;
    for (const char* text : {"¿Sí ?", "Sí?", "¿ Sí?", "No!", "uno : dos", "uno\u00a0; dos", "« tres»", "«tres\u00a0»"})
        EXPECT_FALSE(is_spanish(text)) << text;
}

}  // namespace
