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

/// The commands between ```bash and ``` of docs/cluster.md, block by block.
std::vector<std::string> cluster_commands() {
    const std::string text = document("docs/cluster.md");
    static const std::regex block("\n```bash\n([^`]*)```");
    std::vector<std::string> blocks;
    for (std::sregex_iterator one(text.begin(), text.end(), block), last; one != last; ++one) blocks.push_back((*one)[1]);
    return blocks;
}

class TheClustersPage : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(blocks_.size(), 2u) << "the job array, and what is asked when it has ended";
        scratch_.write("evenhand", fmt::format("#!/bin/sh\nexec '{}' \"$@\"\n", EVENHAND_PROGRAM));
        fs::permissions(scratch_ / "evenhand", fs::perms::owner_all);
    }
    void command(std::vector<std::string> words) const {
        const Outcome done = scenario::evenhand(words, {{"EVENHAND_KEYS", (scratch_ / "keys").string()}});
        ASSERT_EQ(done.exit, 0) << words[0] << ": " << done.err;
    }
    /// A body's public key where the page says, and a session that is sealed for it.
    std::string seal_a_session() const {
        const std::string secret = scratch_.write("passphrase", "correct horse\n"), certificate = (scratch_ / "certificate").string();
        fs::permissions(secret, fs::perms::owner_read | fs::perms::owner_write);
        for (const char* name : {"body", "station"}) command({"keys", "new", "--name", name, "--role", name, "--passphrase-file", secret});
        command({"keys", "certify", (scratch_ / "keys/station.public.json").string(), "--by", "body", "--passphrase-file", secret, "-o", certificate});
        command({"keys", "trust", certificate});
        fs::copy(scratch_ / "keys/body.public.json", scratch_ / "body.public.json");
        const std::string session = (scratch_ / "session.evh").string();
        command({"perform", "--case", "pad-flat", "--operator", "novice", "--seal", "--key", "station", "--passphrase-file", secret, "-o", session});
        return session;
    }
    Outcome typed(const std::string& commands, const scenario::Environment& environment = {}) const {
        return scenario::run({"bash", scratch_.write("typed", "cd '" + scratch_.folder().string() + "' && PATH=\"$PWD:$PATH\"\n" + commands)}, environment);
    }

    const std::vector<std::string> blocks_ = cluster_commands();
    const scenario::Scratch scratch_;
};

TEST_F(TheClustersPage, HasCommandsThatShellcheckFindsNothingIn) {
    for (const std::string& block : blocks_) {
        const Outcome checked = scenario::run({"shellcheck", "--shell=bash", scratch_.write("block", block)});
        EXPECT_EQ(checked.exit, 0) << checked.out << checked.err;
    }
}

/// Each part of the job array as Slurm would start it.
TEST_F(TheClustersPage, HasAJobArrayWhosePartsVerifyEachRecordingOnceAndGoOn) {
    std::smatch array;
    ASSERT_TRUE(std::regex_search(blocks_[0], array, std::regex("#SBATCH --array=1-([0-9]+)\n")));
    const int parts = std::stoi(array[1]);
    EXPECT_THAT(blocks_[0], HasSubstr(fmt::format("$SLURM_ARRAY_TASK_ID/{}\"", parts))) << "as many parts as tasks";
    const std::string session = seal_a_session();
    fs::create_directory(scratch_ / "sessions");
    const auto name = [](int i) { return fmt::format("{:02}.evh", i); };
    const int recordings = parts + 1;
    for (int i = 0; i < 2; ++i) fs::copy(session, scratch_ / "sessions" / name(i));
    for (int i = 2; i < recordings; ++i) scratch_.write("sessions/" + name(i), "no recording\n");
    const auto run = [&](int task, int exit, const std::string& told) {
        const Outcome done = typed(blocks_[0], {{"SLURM_ARRAY_TASK_ID", std::to_string(task)}, {"SLURM_CPUS_PER_TASK", "2"}});
        EXPECT_EQ(done.exit, exit) << done.out << done.err;
        EXPECT_THAT(done.out, HasSubstr(told)) << task;
    };
    run(1, 1, "2 recordings: 1 hold (1 sealed, 0 not), 0 do not, 1 cannot be used; 0 known");
    run(2, 0, "1 recordings: 1 hold (1 sealed, 0 not), 0 do not, 0 cannot be used; 0 known");
    for (int task = 3; task <= parts; ++task) run(task, 1, "1 recordings: 0 hold (0 sealed, 0 not), 0 do not, 1 cannot be used; 0 known");
    run(1, 1, "1 cannot be used; 2 known");
    fs::copy(session, scratch_ / "sessions" / name(2), fs::copy_options::overwrite_existing);
    run(3, 0, "1 recordings: 1 hold");
    std::string wrong;
    for (int i = 3; i < recordings; ++i) wrong += name(i) + "\n";
    const Outcome asked = typed(blocks_[1] + "true\n");
    EXPECT_EQ(asked.err, "");
    std::vector<std::string> lines;
    std::istringstream out(asked.out);
    for (std::string line; std::getline(out, line);) lines.push_back(line);
    ASSERT_FALSE(lines.empty());
    EXPECT_TRUE(std::regex_match(lines.back(), std::regex("[0-9a-f]{64}"))) << "the session that parts met, each by itself: " << lines.back();
    lines.pop_back();
    std::ranges::sort(lines);
    std::string told;
    for (const std::string& line : lines) told += line + "\n";
    EXPECT_EQ(told, wrong);
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
