// Records through the command line: kept on the station, sent to a school's server, decided on, handed out as a table.

#include "tests/scenarios/postgres.h"
#include "tests/scenarios/strict_lrs.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <thread>

namespace {

using scenario::evenhand;
using scenario::Outcome;
using scenario::PostgresServer;
using testing::HasSubstr;
using testing::Not;

class RecordsByCommand : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shared_ = new scenario::Scratch;
        for (const char* seed : {"1", "2"}) {
            const Outcome made = evenhand({"perform", "--case", "pad-flat", "--operator", "expert", "--seed", seed, "--trainee", "A-17", "-o", file(seed)});
            ASSERT_EQ(made.exit, 0) << made.err;
        }
    }
    static void TearDownTestSuite() { delete shared_; }
    static std::string file(const std::string& seed) { return (*shared_ / ("s" + seed + ".evh")).string(); }

    Outcome records(std::vector<std::string> arguments, const scenario::Environment& more = {}) {
        arguments.insert(arguments.begin(), "records");
        scenario::Environment environment = {{"EVENHAND_DESK", home_.folder().string()}, {"EVENHAND_RECORDS", ""}};
        environment.insert(more.begin(), more.end());
        return evenhand(arguments, environment);
    }
    Outcome done(std::vector<std::string> arguments, const scenario::Environment& more = {}) {
        const Outcome outcome = records(std::move(arguments), more);
        EXPECT_EQ(outcome.exit, 0) << outcome.err << outcome.out;
        return outcome;
    }
    void expect_sentence(const Outcome& outcome, const std::string& telling, int exit = 2) {
        EXPECT_EQ(outcome.exit, exit) << outcome.out;
        EXPECT_THAT(outcome.err, HasSubstr(telling));
        EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    }

    static inline scenario::Scratch* shared_ = nullptr;
    scenario::Scratch home_;
};

TEST_F(RecordsByCommand, ASessionIsAddedListedShownDecidedOnAndHandedOut) {
    const Outcome added = done({"add", file("1"), "--station", "room 2"});
    const std::string evidence = added.out.substr(0, 12);
    EXPECT_THAT(done({"add", file("1")}).out, HasSubstr("(kept before)"));
    EXPECT_THAT(done({"list"}).out, testing::AllOf(HasSubstr(evidence), HasSubstr("A-17"), HasSubstr("room 2"), HasSubstr("pad-flat")));
    done({"decide", evidence, "--examiner", "N. Okafor", "--decision", "fail", "--reason", "uneven"});
    EXPECT_THAT(done({"decide", evidence, "--examiner", "J. Roy", "--decision", "pass", "--reason", "appeal upheld"}).out, HasSubstr("correcting"));
    EXPECT_THAT(done({"show", evidence}).out, testing::AllOf(HasSubstr("operator expert 1"), HasSubstr("fail by N. Okafor: uneven"),
                                                             HasSubstr("pass by J. Roy: appeal upheld"), HasSubstr("rubric provisional")));
    home_.write("spring.csv", "code;name;group\nA-17;Ama Boateng;spring\nB-3;Bo;spring\n");
    done({"roster", (home_ / "spring.csv").string()});
    const std::string table = (home_ / "results.csv").string();
    done({"results", "--cohort", "spring", "-o", table});
    EXPECT_THAT(scenario::read(table), testing::AllOf(HasSubstr("A-17,spring,room 2,practice,1,pad-flat,"), HasSubstr(",pass,J. Roy,appeal upheld,")));
    EXPECT_THAT(scenario::read(home_ / "records.db"), Not(HasSubstr("Boateng"))) << "names stay behind";
}

TEST_F(RecordsByCommand, WhatIsKeptWithoutANetworkIsSentOnceWhenThereIsOne) {
    PostgresServer& server = PostgresServer::shared();
    const std::string url = server.url(server.new_database());
    home_.write("records.toml", "version = 1\nstation = \"room 2\"\nurl = \"" + url + "\"\n");
    const Outcome kept = done({"add", file("1"), "--db", "postgresql://station:sesame77@127.0.0.1:1/school"});
    EXPECT_THAT(kept.out, HasSubstr("sent 0, waiting 1, refused 0"));
    EXPECT_THAT(kept.err, testing::AllOf(HasSubstr("cannot be reached"), Not(HasSubstr("sesame77"))));
    expect_sentence(records({"send", "--patience", "0"}), "records setup");
    done({"setup", "--db", url});
    EXPECT_THAT(done({"send"}).out, HasSubstr("sent 1, waiting 0, refused 0"));
    EXPECT_THAT(done({"send"}).out, HasSubstr("sent 0, waiting 0, refused 0"));
    EXPECT_THAT(done({"add", file("2")}).out, HasSubstr("sent 1, waiting 0, refused 0"));
    const std::string listed = done({"list", "--db", url}).out;
    EXPECT_EQ(std::count(listed.begin(), listed.end(), '\n'), 2) << listed;
    EXPECT_EQ(listed, done({"list"}).out) << "both stores say the same";
}

// With the school's address, what is kept is also told to its learning record store.
TEST_F(RecordsByCommand, StatementsGoToTheLearningRecordStoreOnceWhateverBreaksOff) {
    scenario::StrictLrs lrs;
    home_.write("records.toml", "version = 1\nhome = \"https://school.example\"\nlrs = \"" + lrs.url() + "\"\n");
    done({"add", file("1")});
    EXPECT_TRUE(lrs.kept().empty()) << "`add` keeps, `send` sends";

    lrs.expect({500});
    const Outcome broken = records({"send", "--patience", "0"});
    expect_sentence(broken, "answered 500");
    EXPECT_THAT(broken.out, HasSubstr("sent 0, "));

    // Killed after the store has one and before its answer came.
    lrs.expect({scenario::StrictLrs::kLost});
    {
        scenario::Process killed({EVENHAND_PROGRAM, "records", "send"}, {{"EVENHAND_DESK", home_.folder().string()}, {"EVENHAND_RECORDS", ""}});
        for (int i = 0; i < 6000 && lrs.kept().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        ASSERT_EQ(lrs.kept().size(), 1u);
        killed.signal(SIGKILL);
        EXPECT_EQ(killed.wait(10), 128 + SIGKILL);
    }
    done({"send", "--lrs", lrs.url()});
    const std::map<std::string, std::string> kept = lrs.kept();
    EXPECT_EQ(lrs.again(), 1) << "the one that it had before the kill";
    std::multiset<std::string> verbs;
    for (const auto& [id, body] : kept) {
        const nlohmann::json statement = nlohmann::json::parse(body);
        EXPECT_EQ(statement["actor"]["account"]["name"], "A-17");
        EXPECT_EQ(statement["actor"]["account"]["homePage"], "https://school.example");
        const std::string verb = statement["verb"]["id"];
        verbs.insert(verb.substr(verb.rfind('/') + 1));
    }
    EXPECT_THAT(verbs, testing::UnorderedElementsAre("attempted", "completed", "scored", "passed"));

    done({"add", file("1")});
    EXPECT_THAT(done({"send"}).out, HasSubstr("sent 0, "));
    EXPECT_EQ(lrs.kept(), kept) << "the same session again tells nothing new";
    EXPECT_EQ(lrs.again(), 1);
}

// A station's clock is set by hand, by the mains and by summer time.
TEST_F(RecordsByCommand, AClockSetBackAnHourStallsAndDoublesNothing) {
    PostgresServer& server = PostgresServer::shared();
    const std::string url = server.url(server.new_database());
    done({"setup", "--db", url});
    const auto at = [&](const char* shift, std::vector<std::string> words) {
        words.insert(words.begin(), {"faketime", "-f", shift, EVENHAND_PROGRAM, "records"});
        const Outcome outcome = scenario::run(words, {{"EVENHAND_DESK", home_.folder().string()}, {"EVENHAND_RECORDS", ""}});
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return outcome.out;
    };
    at("+1h", {"add", file("1"), "--db", "postgresql://127.0.0.1:1/school"});
    at("+1h", {"add", file("2")});
    EXPECT_THAT(at("-1h", {"send", "--db", url}), HasSubstr("sent 2, waiting 0"));
    EXPECT_THAT(at("+0", {"send", "--db", url}), HasSubstr("sent 0, waiting 0"));
    EXPECT_EQ(server.psql(url.substr(url.find("@/") + 2, url.find('?') - url.find("@/") - 2), "SELECT count(*) FROM evenhand.session"), "2\n");
}

TEST_F(RecordsByCommand, ARefusedResultIsToldPutAsideAndTriedAgainWhenAsked) {
    const std::string school = (home_ / "school.db").string();
    done({"add", file("1"), "--db", school, "--candidate", "B-3"});
    done({"add", file("1")});
    expect_sentence(records({"send", "--db", school}), "refused and put aside", 1);
    EXPECT_THAT(done({"send", "--db", school}).out, HasSubstr("waiting 0, refused 1"));
    EXPECT_EQ(records({"send", "--again", "--db", school}).exit, 1);
}

TEST_F(RecordsByCommand, MistakesAreOneSentenceAndNoPasswordIsRepeated) {
    expect_sentence(records({"add", "missing.evh"}), "missing.evh");
    expect_sentence(records({"add", file("1"), "--candidate", std::string(65, 'x')}), "candidate's code");
    expect_sentence(records({"show", "abc"}), "no session begins with 'abc'");
    expect_sentence(records({"decide", "abc", "--examiner", "x", "--decision", "pass", "--reason", "y"}), "no session");
    expect_sentence(records({"send"}), "no store to send to is named");
    expect_sentence(records({"roster", "missing.csv"}), "missing.csv");
    expect_sentence(records({"results", "-o", "/nowhere/r.csv"}), "/nowhere");
    expect_sentence(records({"add", file("1"), "--db", "/proc/records.db"}), "check the permissions");
    for (const char* command : {"list", "results", "send"}) expect_sentence(records({command, "--db", (home_ / "typo.db").string()}), "no such store");
    EXPECT_FALSE(std::filesystem::exists(home_ / "typo.db"));
    home_.write("note.txt", "not a store");
    expect_sentence(records({"list", "--db", (home_ / "note.txt").string()}), "name another file");
    EXPECT_EQ(scenario::read(home_ / "note.txt"), "not a store");
    done({"add", file("1")});
    const std::string evidence = done({"list"}).out.substr(0, 12);
    expect_sentence(records({"decide", evidence, "--examiner", "x", "--decision", "maybe", "--reason", "y"}), "pass, fail or void");
    for (const char* url : {"postgresql://a:ses@ame77@h/d", "postgresql://a:sesame77@127.0.0.1:1/d", "mysql://a:sesame77@h/d"}) {
        const Outcome outcome = records({"list", "--db", url, "--log-level", "trace"});
        EXPECT_EQ(outcome.exit, 2);
        EXPECT_THAT(outcome.err + outcome.out, Not(HasSubstr("ame77")));
    }
    home_.write("records.toml", "version = 1\ncolour = \"red\"\n");
    expect_sentence(records({"add", file("1")}), "records.toml:2:1");
}

TEST_F(RecordsByCommand, ATextThatWouldSteerATerminalIsNotTaken) {
    expect_sentence(records({"add", file("1"), "--station", "\x1b[2Jroom\xc2\x9b"}), "the station holds control letters");
}

TEST_F(RecordsByCommand, EveryCommandHelpsWithAnExample) {
    for (const char* command : {"add", "list", "show", "decide", "send", "roster", "results", "setup"}) {
        const Outcome outcome = done({command, "--help"});
        EXPECT_THAT(outcome.out, HasSubstr(std::string("Example: evenhand records ") + command));
    }
}

/// A station's own file, and the same rows on a school's server as an auditor sees them.
class StoredSessions : public RecordsByCommand {
  protected:
    StoredSessions() {
        std::filesystem::create_directory(home_ / "sessions");
        for (const char* seed : {"1", "2"}) {
            std::filesystem::copy_file(file(seed), kept(seed));
            done({"add", kept(seed)});
        }
    }
    std::string kept(const std::string& seed) const { return (home_ / ("sessions/s" + seed + ".evh")).string(); }
    std::string store() const { return (home_ / "records.db").string(); }
    Outcome verify(const std::string& db, std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"verify", "--db", db};
        words.insert(words.end(), more.begin(), more.end());
        if (std::find(more.begin(), more.end(), "--all") == more.end()) words.insert(words.end(), {"--results", (home_ / "verified.jsonl").string()});
        return evenhand(words);
    }
    /// As whoever can write the file and switches its triggers off.
    void forge(const std::string& sql) {
        const Outcome triggers = scenario::run({"sqlite3", store(), "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'"});
        const Outcome forged = scenario::run({"sqlite3", store(), triggers.out + sql});
        ASSERT_EQ(forged.exit, 0) << forged.err;
    }
};

TEST_F(StoredSessions, SteerNoTerminalWhateverWasWrittenIntoTheirFile) {
    forge("UPDATE session SET station = char(27) || '[2Jroom' || char(155)");
    EXPECT_THAT(done({"list"}).out, testing::AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xc2\x9b")), HasSubstr("?[2Jroom?")));
}

TEST_F(StoredSessions, AreVerifiedALineEachAndTakenUpAgain) {
    const Outcome first = verify(store(), {"--jobs", "2"});
    EXPECT_EQ(first.exit, 0) << first.out << first.err;
    for (const char* seed : {"1", "2"}) EXPECT_THAT(first.out, testing::ContainsRegex(fmt::format("(^|\n)[0-9a-f]+ {}: holds", kept(seed))));
    EXPECT_THAT(first.out, HasSubstr("2 recordings: 2 hold (0 sealed, 2 not)"));
    EXPECT_THAT(verify(store()).out, HasSubstr("2 known from an earlier run"));
    std::string told;
    for (const char* shard : {"1/2", "2/2"}) told += verify(store(), {"--shard", shard}).out;
    for (const char* seed : {"1", "2"}) EXPECT_EQ(told.find(kept(seed)), told.rfind(kept(seed)));
    EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 4);
}

TEST_F(StoredSessions, WhoseRecordingIsMissingOrSaysSomethingElseAreTold) {
    std::filesystem::remove(kept("1"));
    const Outcome missing = verify(store());
    EXPECT_EQ(missing.exit, 1);
    EXPECT_THAT(missing.out, testing::ContainsRegex("s1.evh: unusable: [^\n]+no such file"));
    std::filesystem::copy_file(kept("2"), kept("1"));
    const Outcome other = verify(store());
    EXPECT_EQ(other.exit, 1);
    EXPECT_THAT(other.out, testing::ContainsRegex("s1.evh: FAILS: record: the store keeps the evidence"));
    EXPECT_THAT(other.out, testing::ContainsRegex("s2.evh: holds"));
}

TEST_F(StoredSessions, WhoseRowsWereForgedAreTold) {
    EXPECT_EQ(verify(store()).exit, 0);
    forge("UPDATE score SET total = 9999 WHERE evidence = (SELECT evidence FROM session WHERE recording LIKE '%s1.evh')");
    const Outcome better = verify(store());
    EXPECT_EQ(better.exit, 1);
    EXPECT_THAT(better.out, testing::ContainsRegex("s1.evh: FAILS: record: the score 99.99 by rubric [0-9a-f]+, passed, is kept; the recording scores "));
    EXPECT_THAT(better.out, HasSubstr("1 known from an earlier run")) << "the row that was not touched";
    forge("PRAGMA foreign_keys = OFF; UPDATE session SET candidate = 'B-3'; UPDATE score SET total = total - 1");
    EXPECT_THAT(verify(store()).out, HasSubstr("FAILS: record: the candidate is not the one that the store names"));
}

TEST_F(StoredSessions, AreFoundByTheirEvidenceInAFolderOfAnAuditorWhoMayReadAndNothingElse) {
    PostgresServer& server = PostgresServer::shared();
    const std::string database = server.new_database(), url = server.url(database), auditor = server.url(database, "reader");
    done({"setup", "--db", url});
    server.psql(database, "CREATE ROLE reader LOGIN IN ROLE evenhand_auditor");
    done({"send", "--db", url});
    const Outcome lost = verify(auditor, {"--all", (home_ / "elsewhere").string()});
    EXPECT_EQ(lost.exit, 2) << lost.out;
    std::filesystem::rename(home_ / "sessions", home_ / "elsewhere");
    EXPECT_EQ(verify(auditor).exit, 1) << "the rows name places that are no more";
    std::filesystem::copy_file(file("1"), home_ / "elsewhere/again.evh");
    scenario::run({"sqlite3", (home_ / "elsewhere/again.evh").string(), "UPDATE event SET value = '1.5'"});
    const Outcome found = verify(auditor, {"--all", (home_ / "elsewhere").string(), "--jobs", "2"});
    EXPECT_EQ(found.exit, 1);
    EXPECT_THAT(found.out, testing::ContainsRegex("[0-9a-f]+ s1.evh: holds"));
    EXPECT_THAT(found.out, testing::ContainsRegex("[0-9a-f]+ s2.evh: holds"));
    EXPECT_THAT(found.out, testing::ContainsRegex("[0-9a-f]+ again.evh: FAILS: integrity"));
    std::filesystem::remove(home_ / "elsewhere/again.evh");
    std::filesystem::remove(home_ / "elsewhere/s2.evh");
    scenario::evenhand({"perform", "--case", "pad-flat", "--operator", "novice", "--seed", "9", "-o", (home_ / "elsewhere/s9.evh").string()});
    const Outcome fewer = verify(auditor, {"--all", (home_ / "elsewhere").string()});
    EXPECT_EQ(fewer.exit, 1);
    EXPECT_THAT(fewer.out, testing::ContainsRegex("unusable: record: no recording of it below "));
    EXPECT_THAT(fewer.out, HasSubstr("1 more in "));
}

/// The commands of the README's section on records, as they stand, in one shell.
std::string readme_commands() {
    const std::string readme = scenario::read(EVENHAND_SOURCE_DIR "/README.md");
    const size_t begin = readme.find("\n## Records\n"), end = readme.find("\n## ", begin + 1);
    EXPECT_NE(begin, std::string::npos);
    const std::string section = readme.substr(begin, end - begin);
    static const std::regex block("```sh\n([^`]*)```");
    std::string commands;
    for (std::sregex_iterator one(section.begin(), section.end(), block), last; one != last; ++one) commands += (*one)[1];
    return commands;
}

TEST_F(RecordsByCommand, TheReadmesCommandsWorkAsTheyStand) {
    const std::string commands = readme_commands();
    ASSERT_GE(std::count(commands.begin(), commands.end(), '\n'), 8);
    PostgresServer& server = PostgresServer::shared();
    const std::string url = server.url(server.new_database());
    home_.write("run", fmt::format("#!/bin/sh\nexec '{}' \"$@\"\n", EVENHAND_PROGRAM));
    std::filesystem::permissions(home_ / "run", std::filesystem::perms::owner_all);
    const std::string script = home_.write("commands", "set -e\ncd '" + home_.folder().string() + "'\n" + commands);
    const Outcome outcome = scenario::run({"sh", script}, {{"EVENHAND_DESK", home_.folder().string()}, {"EVENHAND_RECORDS", ""}, {"SCHOOL", url}});
    EXPECT_EQ(outcome.exit, 0) << outcome.err << outcome.out;
    EXPECT_THAT(outcome.out, testing::AllOf(HasSubstr("ready"), HasSubstr("waiting 0, refused 0")));
}

}  // namespace
