// Each kind of file of the content, broken in every way that happens to files: it is named, with the line where there is one, and
// nothing else is refused for it.

#include "engine/base/sentence.h"
#include "engine/base/toml.h"
#include "tests/content/broken_content.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>
#include <set>

namespace {

namespace fs = base::fs;
using testing::Each;
using testing::HasSubstr;

const fs::path kContent = fs::path(EVENHAND_SOURCE_DIR) / "content";

/// Read by the window alone, tests/replay/cli_content.cpp has them.
const std::set<std::string> kOfTheWindow = {"sounds.toml", "visit_figures.toml"};
/// Of these folders the first file stands for all: the same reader has them.
const std::regex kAlike("cases|conditions|devices|lessons|scopes|locale/[a-z]+/[a-z]+");

std::vector<std::string> kinds_of_files() {
    std::set<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(kContent))
        if (entry.is_regular_file()) all.insert(entry.path().lexically_relative(kContent).generic_string());
    std::vector<std::string> files;
    std::set<std::string> folders;
    for (const std::string& file : all) {
        const std::string folder = fs::path(file).parent_path().generic_string();
        const bool again = std::regex_match(folder, kAlike) && !folders.insert(folder).second;
        if (!again && !kOfTheWindow.contains(file)) files.push_back(file);
    }
    return files;
}

/// The last line that a pattern fits, with what it says instead; the text as it was where none does.
std::string with_last(const std::string& text, const std::regex& pattern, const std::string& instead) {
    size_t at = text.npos, length = 0;
    std::string line;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
        at = static_cast<size_t>(match->position());
        length = static_cast<size_t>(match->length());
        line = match->format(instead);
    }
    return at == text.npos ? text : text.substr(0, at) + line + text.substr(at + length);
}

base::Translations spanish() {
    base::Translations texts;
    const auto table = base::read_toml(kContent / "locale/refusals/es.toml");
    EXPECT_TRUE(table) << (table ? "" : table.error().message);
    for (const auto& [key, node] : table ? *table : toml::table())
        if (const auto text = node.value<std::string>()) texts[std::string(key.str())] = *text;
    return texts;
}

/// No English words in a sentence, or in what fills it, that has no translation. Lists, names and what libraries say beside words of ours
/// are no sentences.
bool is_translated(const base::Error& error, const base::Translations& translations) {
    static const std::regex english("[a-z]{2,} [a-z]{2,} [a-z]{2,}");
    const std::string& form = error.sentence ? error.sentence->form : error.message;
    if (!translations.contains(form) && std::regex_search(form, english)) return false;
    if (!error.sentence) return true;
    return std::ranges::all_of(error.sentence->arguments, [&](const base::Error& one) { return is_translated(one, translations); });
}

class EachFile : public content_test::BrokenContent, public testing::WithParamInterface<std::string> {
  protected:
    fs::path file() const { return places_.data / GetParam(); }
    bool is_table() const { return file().extension() == ".toml"; }
    std::string sound() const { return *base::read_text(kContent / GetParam()); }
    void expect_only_it(const std::string& how, bool with_line) const {
        static const base::Translations translations = spanish();
        std::vector<std::string> sentences;
        for (const base::Error& mistake : training::content_mistakes(places_, own_)) {
            sentences.push_back(mistake.message);
            EXPECT_TRUE(is_translated(mistake, translations)) << how << ": " << mistake.message << "\n" << base::told(mistake, translations);
        }
        EXPECT_FALSE(sentences.empty()) << how;
        EXPECT_THAT(sentences, Each(HasSubstr(file().string() + ":"))) << how;
        for (const std::string& sentence : sentences) EXPECT_EQ(sentence.find_first_of("\n\x1b"), sentence.npos) << how;
        const bool has_line = !sentences.empty() && training::place_of({sentences.front()}).line.has_value();
        EXPECT_TRUE(has_line || !with_line) << how << testing::PrintToString(sentences);
    }
};

TEST_P(EachFile, ThatIsNoTextOrNoTomlIsToldWithItsLine) {
    put(file(), sound() + "\nx = = 3\n");
    if (is_table()) expect_only_it("syntax", true);
    put(file(), sound() + "\xff\xfe\n");
    expect_only_it("no UTF-8", is_table());
}

TEST_P(EachFile, WithAValueOfAnotherTypeOrOutOfRangeIsToldWithItsLine) {
    const std::string text = sound();
    const std::string other = with_last(text, std::regex("\n([a-z_0-9\"]+) = [^\n]*"), "\n$1 = { odd = 1 }");
    if (is_table()) {
        ASSERT_NE(other, text);
        put(file(), other);
        expect_only_it("another type", true);
    }
    const std::string far = with_last(text, std::regex("\n([a-z_0-9]+ = [^#\"0-9\n-]*)-?[0-9][0-9.e-]*([^\n]*)"), "\n$011e99$2");
    if (far == text || far.find("version = 1e99") != far.npos) return;  // no figure is in it
    put(file(), far);
    expect_only_it("out of range", true);
}

TEST_P(EachFile, ThatIsEmptyRubbishOrAFolderIsTold) {
    put(file(), "");
    expect_only_it("empty", false);
    put(file(), std::string(10 << 20, '\x07'));
    expect_only_it("10 MiB of rubbish", false);
    fs::remove(file());
    fs::create_directory(file());
    expect_only_it("a folder", false);
}

TEST_P(EachFile, ThatIsGoneIsToldOrWhatNeedsItIs) {
    fs::remove(file());
    EXPECT_THAT(told(), testing::Contains(HasSubstr(file().stem().string())));
}

std::string name_of(const testing::TestParamInfo<std::string>& file) {
    return std::regex_replace(file.param, std::regex("[^A-Za-z0-9]"), "_");
}

INSTANTIATE_TEST_SUITE_P(Content, EachFile, testing::ValuesIn(kinds_of_files()), name_of);

}  // namespace
