// What the README tells people to type.

#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;
using testing::HasSubstr;

std::string document(const std::string& name) {
    return scenario::read(fs::path(EVENHAND_SOURCE_DIR) / name);
}

/// The sections (## …) of a document that have commands for a shell, with those commands.
struct Section {
    std::string document, title, commands;
};
std::vector<Section> sections_with_commands() {
    std::vector<Section> sections;
    static const std::regex block("\n```sh\n([^`]*)```");
    for (const char* name : {"README.md", "docs/records.md", "docs/security.md", "docs/pens.md"}) {
        const std::string text = fmt::format("\n{}\n## ", document(name));
        for (size_t at = text.find("\n## "), next; (next = text.find("\n## ", at + 1)) != std::string::npos; at = next) {
            const std::string section = text.substr(at + 4, next - at - 4);
            std::string commands;
            for (std::sregex_iterator one(section.begin(), section.end(), block), last; one != last; ++one) commands += (*one)[1];
            if (!commands.empty()) sections.push_back({name, section.substr(0, section.find('\n')), commands});
        }
    }
    return sections;
}

/// As a new examiner would: one shell, an empty folder, the commands as they stand.
Outcome typed_in_an_empty_folder(const std::string& commands) {
    const scenario::Scratch scratch;
    scratch.write("run", fmt::format("#!/bin/sh\nexec '{}' \"$@\"\n", EVENHAND_PROGRAM));
    fs::permissions(scratch / "run", fs::perms::owner_all);
    const std::string script = scratch.write("commands", "set -e\ncd '" + scratch.folder().string() + "'\n" + commands);
    return scenario::run({"sh", script}, {{"EVENHAND_DESK", (scratch / "desk").string()}, {"EVENHAND_RECORDS", ""}});
}

class TheReadme : public testing::Test {};

TEST_F(TheReadme, LeadsFromKeysToABadgeAsItStands) {
    std::string commands;
    for (const Section& section : sections_with_commands())
        if (section.title == "An exam, from keys to a badge") commands = section.commands;
    ASSERT_GE(std::count(commands.begin(), commands.end(), '\n'), 15);
    const Outcome typed = typed_in_an_empty_folder(commands);
    EXPECT_EQ(typed.exit, 0) << typed.err << typed.out;
    EXPECT_EQ(typed.err, "");
    for (const char* told : {"body board (", "board certifies station-1 (", "certified by board until", "signature     holds", "this station may hold it",
                             "attempt 2 of 2 of the exam board-2026 is handed in", "sealed; the code of", "station       holds", "completeness  holds", "package       holds",
                             "candidate  K-17", "badge.json: ", "proof    holds", "issuer   holds: board", "revoked as retired", "this was signed before"})
        EXPECT_THAT(typed.out, HasSubstr(told));
    EXPECT_EQ(typed.out.find("FAILS"), std::string::npos) << typed.out;
}

TEST_F(TheReadme, HasNoCommandsThatNoTestTypes) {
    const std::set<std::string> typed = {"README.md: An exam, from keys to a badge",  // here
                                         "README.md: Records"};                       // clirecords_commands.cpp, which has a server
    for (const Section& section : sections_with_commands()) EXPECT_TRUE(typed.contains(section.document + ": " + section.title)) << section.document << ": " << section.title;
}

/// What a command helps with; empty where there is none of these words.
std::string help_of(std::vector<std::string> words) {
    words.push_back("--help");
    const Outcome help = scenario::evenhand(words);
    return help.exit == 0 ? help.out : "";
}

/// "badge issue" of "badge issue exam.evh --candidate K-17", as far as --help knows it.
std::vector<std::string> command_words(const std::vector<std::string>& line) {
    std::vector<std::string> words = {line[0]};
    const std::regex listed("\n  " + (line.size() > 1 ? std::regex_replace(line[1], std::regex("[^A-Za-z0-9]"), ".") : "-") + " ");
    const std::string help = help_of(words);
    const size_t subcommands = help.find("Subcommands:");
    if (subcommands != std::string::npos && line.size() > 1 && std::regex_search(help.begin() + static_cast<std::ptrdiff_t>(subcommands), help.end(), listed)) words.push_back(line[1]);
    return words;
}

// Blocks that nobody can type as they stand (files of one's own, a passphrase) name commands and options that there are.
TEST_F(TheReadme, NamesCommandsAndOptionsThatThereAre) {
    size_t lines = 0;
    static const std::regex command("(?:^|\\n)\\./run ([a-z][^\\n]*)"), option("--[a-z][a-z-]*");
    const std::string text = document("README.md");
    for (std::sregex_iterator one(text.begin(), text.end(), command), last; one != last; ++one, ++lines) {
        std::string line = (*one)[1];
        line = line.substr(0, line.find("   "));  // the words of explanation stand apart
        std::istringstream stream(line);
        const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
        const std::string help = help_of(command_words(words));
        EXPECT_NE(help, "") << line;
        for (std::sregex_iterator named(line.begin(), line.end(), option), end; named != end; ++named)
            EXPECT_TRUE(std::regex_search(help, std::regex("[ ,]" + named->str() + "[ ,\n]"))) << line << ": no " << named->str();
    }
    EXPECT_GE(lines, 40u);
}

}  // namespace
