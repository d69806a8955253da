// Keys, sealed sessions and verify through the command line, as a body, a station and a verifier use them.

#include "tests/scenarios/authority_server.h"
#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;
using testing::HasSubstr;
using testing::Not;

/// A body, a station that it certifies and a verifier who knows the body, each with a folder of its own; and
/// one sealed session.
class SealCommands : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shared_ = new scenario::Scratch;
        shared_->write("passphrase", "correct horse\n");
        ::chmod((*shared_ / "passphrase").c_str(), 0600);
        ok("body", {"keys", "new", "--name", "board", "--role", "body", "--passphrase-file", passphrase()});
        ok("station",
           {"keys", "new", "--name", "station-1", "--role", "station", "--passphrase-file", passphrase()});
        ok("body", {"keys", "certify", path("station/station-1.public.json"), "--passphrase-file",
                    passphrase(), "-o", path("certificate.json")});
        ok("station", {"keys", "trust", path("certificate.json")});
        ok("verifier", {"keys", "trust", path("body/board.public.json")});
        ok("station",
           {"perform", "--case", "pad-flat", "--operator", "novice", "--seed", "1", "--trainee", "A-17",
            "--seal", "--nonce", nonce(), "--passphrase-file", passphrase(), "-o", path("exam.evh")});
        ok("station", {"perform", "--case", "pad-flat", "--operator", "novice", "--seed", "1", "-o",
                       path("practice.evh")});
        ok("station", {"perform", "--case", "pad-flat", "--operator", "expert", "--seed", "2", "--trainee",
                       "A-17", "--seal", "--passphrase-file", passphrase(), "-o", path("passed.evh")});
    }
    static void TearDownTestSuite() { delete shared_; }

    static std::string path(const std::string& name) { return (*shared_ / name).string(); }
    static std::string passphrase() { return path("passphrase"); }
    static std::string nonce() { return std::string(64, 'a'); }
    static Outcome as(const std::string& who, const std::vector<std::string>& arguments) {
        return scenario::evenhand(arguments, {{"EVENHAND_KEYS", path(who)}});
    }
    static void ok(const std::string& who, const std::vector<std::string>& arguments) {
        const Outcome outcome = as(who, arguments);
        ASSERT_EQ(outcome.exit, 0) << arguments[0] << ": " << outcome.err;
    }
    std::string copy(const std::string& name, const std::string& sql = {}) const {
        const std::string file = scratch_.write(name, scenario::read(path("exam.evh")));
        if (!sql.empty()) {
            EXPECT_EQ(scenario::run({"sqlite3", file, sql}).exit, 0);
        }
        return file;
    }

    static inline scenario::Scratch* shared_ = nullptr;
    scenario::Scratch scratch_;
};

TEST_F(SealCommands, ASealedSessionHoldsForWhoTrustsTheBodyAndSaysSoLineByLine) {
    const Outcome verified = as("verifier", {"verify", path("exam.evh"), "--nonce", nonce()});
    EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
    for (const char* what : {"integrity", "chain", "signatures", "station", "completeness", "nonce",
                             "content", "replay", "score"})
        EXPECT_THAT(verified.out, testing::ContainsRegex(fmt::format("(^|\n){} +holds: ", what)));
    EXPECT_THAT(verified.out, HasSubstr("which board"));
    EXPECT_EQ(as("verifier", {"score", path("exam.evh")}).exit, 0);
}

TEST_F(SealCommands, ASessionFasterThanLifeIsSignedEverySecondOfItAllTheSame) {
    const Outcome spans = scenario::run({"sqlite3", path("exam.evh"),
                                         "SELECT count(*) > 30, max(b.time_us - a.time_us) <= 1000000 FROM "
                                         "link a JOIN link b ON b.id = a.id + 1"});
    EXPECT_EQ(spans.out, "1|1\n") << spans.err;
}

TEST_F(SealCommands, TheCodeThatASessionShowsIsFoundInItAgain) {
    const std::string file = (scratch_ / "x.evh").string();
    const Outcome performed =
        as("station", {"perform", "--case", "pad-flat", "--operator", "novice", "--seal", "--passphrase-file",
                       passphrase(), "-o", file});
    const size_t at = performed.out.find(" is ");
    ASSERT_NE(at, std::string::npos) << performed.out << performed.err;
    const std::string code = performed.out.substr(at + 4, 9);
    const Outcome verified = as("verifier", {"verify", file, "--code", code});
    EXPECT_EQ(verified.exit, 0) << verified.out;
    EXPECT_THAT(verified.out, HasSubstr("code          holds: " + code));
    EXPECT_EQ(as("verifier", {"verify", path("exam.evh"), "--code", code}).exit, 1);
}

TEST_F(SealCommands, TrustMayBeNamedAndThenASealIsDemanded) {
    EXPECT_EQ(as("nobody", {"verify", path("exam.evh"), "--trust", path("body/board.public.json")}).exit, 0);
    EXPECT_EQ(as("nobody", {"verify", "--trust", path("verifier"), path("exam.evh")}).exit, 0);
    EXPECT_EQ(as("nobody", {"verify", path("exam.evh")}).exit, 1);
    const Outcome practice = as("verifier", {"verify", path("practice.evh")});
    EXPECT_EQ(practice.exit, 0) << practice.out;
    EXPECT_THAT(practice.out, HasSubstr("seal          none: nobody vouches"));
    EXPECT_EQ(
        as("verifier", {"verify", path("practice.evh"), "--trust", path("body/board.public.json")}).exit, 1);
    EXPECT_EQ(as("verifier", {"verify", path("practice.evh"), "--sealed"}).exit, 1);
}

TEST_F(SealCommands, WhatDoesNotHoldIsNamedAndTheRestStillLookedAt) {
    struct Case {
        const char *sql, *named;
    };
    for (const Case& edit :
         {Case{"UPDATE link SET signature = zeroblob(64) WHERE id = 2", "signatures    FAILS: link 2"},
          Case{"DELETE FROM seal WHERE key = 'closing'; DELETE FROM meta WHERE key = 'finished'",
               "completeness  FAILS: an unfinished session"}}) {
        const Outcome verified = as("verifier", {"verify", copy("a.evh", edit.sql)});
        EXPECT_EQ(verified.exit, 1);
        EXPECT_THAT(verified.out, HasSubstr(edit.named));
        EXPECT_THAT(verified.out, HasSubstr("replay        holds"));
    }
    EXPECT_EQ(as("verifier", {"verify", copy("b.evh", "UPDATE event SET value = '1.5'")}).exit, 1);
    EXPECT_EQ(as("verifier", {"verify", path("exam.evh"), "--nonce", std::string(64, 'b')}).exit, 1);
    EXPECT_EQ(as("verifier", {"verify", path("exam.evh"), "--code", "AAAA-AAAA"}).exit, 1);
    for (const std::string& file : {path("none.evh"), path("passphrase"), path("body")}) {
        const Outcome refused = as("verifier", {"verify", file});
        EXPECT_EQ(refused.exit, 2) << file;
        EXPECT_THAT(refused.err, testing::MatchesRegex("evenhand: [^\n]+\n"));
    }
}

TEST_F(SealCommands, ARevokedStationIsRefusedAndWhatARetiredOneDidBeforeIsTold) {
    fs::copy(path("body"), scratch_ / "body", fs::copy_options::recursive);
    ::chmod((scratch_ / "body").c_str(), 0700);
    const auto verify = [&](const std::string& reason, const std::string& since) {
        fs::remove(scratch_ / "body/revocations.jsonl");
        const Outcome revoked = scenario::evenhand({"keys", "revoke", "station-1", "--reason", reason,
                                                    "--since", since, "--passphrase-file", passphrase()},
                                                   {{"EVENHAND_KEYS", (scratch_ / "body").string()}});
        EXPECT_EQ(revoked.exit, 0) << revoked.err;
        return as("nobody", {"verify", path("exam.evh"), "--trust", path("verifier"), "--trust",
                             (scratch_ / "body/revocations.jsonl").string()});
    };
    const Outcome after = verify("retired", "2020-01-01T00:00:00Z");
    EXPECT_EQ(after.exit, 1);
    EXPECT_THAT(after.out, HasSubstr("revoked as retired from 2020-01-01T00:00:00Z"));
    const Outcome before = verify("retired", "2199-01-01T00:00:00Z");
    EXPECT_EQ(before.exit, 0) << before.out;
    EXPECT_THAT(before.out, HasSubstr("signed before"));
    EXPECT_EQ(verify("compromised", "2199-01-01T00:00:00Z").exit, 1);
}

TEST_F(SealCommands, KeysAreShownAndBadOnesRefusedInASentence) {
    EXPECT_THAT(as("station", {"keys", "show"}).out, HasSubstr("certified by board until"));
    EXPECT_THAT(as("verifier", {"keys", "show"}).out, HasSubstr("trusted"));
    const auto refused = [&](const std::vector<std::string>& arguments) {
        const Outcome outcome = as("station", arguments);
        EXPECT_EQ(outcome.exit, 2) << outcome.out;
        EXPECT_THAT(outcome.err, testing::MatchesRegex("evenhand: [^\n]+\n"));
        return outcome.err;
    };
    EXPECT_THAT(
        refused({"keys", "new", "--name", "../out", "--role", "body", "--passphrase-file", passphrase()}),
        HasSubstr("a key's name is"));
    EXPECT_THAT(refused({"keys", "new", "--name", "two", "--role", "body"}), HasSubstr("no terminal"));
    EXPECT_THAT(
        refused({"keys", "revoke", "station-1", "--reason", "bored", "--passphrase-file", passphrase()}),
        HasSubstr("compromised or retired"));
    const std::string open = scratch_.write("open", "correct horse\n");
    ::chmod(open.c_str(), 0644);
    EXPECT_THAT(refused({"keys", "new", "--name", "two", "--role", "body", "--passphrase-file", open}),
                HasSubstr("others may read"));
    const std::string wrong = scratch_.write("wrong", "incorrect horse\n");
    ::chmod(wrong.c_str(), 0600);
    const std::vector<std::string> perform = {
        "perform", "--case", "pad-flat", "--operator", "novice", "-o", (scratch_ / "x.evh").string()};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), perform.begin(), perform.end());
        return more;
    };
    EXPECT_THAT(refused(with({"--seal", "--passphrase-file", wrong})), HasSubstr("does not open it"));
    EXPECT_THAT(refused(with({"--seal", "--key", "none", "--passphrase-file", passphrase()})),
                HasSubstr("no such key"));
    EXPECT_THAT(refused(with({"--seal", "--nonce", "12", "--passphrase-file", passphrase()})),
                HasSubstr("--nonce"));
    EXPECT_THAT(refused(with({"--nonce", nonce()})), HasSubstr("go with --seal"));
    EXPECT_FALSE(fs::exists(scratch_ / "x.evh"));
}

TEST_F(SealCommands, AKillLeavesASealedSessionThatHoldsAsFarAsItWent) {
    const std::string file = (scratch_ / "killed.evh").string();
    scenario::Process process({EVENHAND_PROGRAM, "perform", "--case", "demo", "--operator", "expert",
                               "--seal", "--passphrase-file", passphrase(), "-o", file},
                              {{"EVENHAND_KEYS", path("station")}});
    for (int i = 0; i < 6000 && process.running(); ++i) {
        std::error_code code;
        if (fs::exists(file, code) && fs::file_size(file, code) > 200'000) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_TRUE(process.running()) << "finished before it could be killed";
    process.signal(SIGKILL);
    process.wait(10);
    const Outcome verified = as("verifier", {"verify", file});
    EXPECT_EQ(verified.exit, 1) << verified.err;
    EXPECT_THAT(verified.out, HasSubstr("completeness  FAILS: an unfinished session, signed until"));
    for (const char* what : {"integrity", "chain", "signatures", "station", "content", "replay"})
        EXPECT_THAT(verified.out, testing::ContainsRegex(fmt::format("(^|\n){} +holds: ", what)));
}

TEST_F(SealCommands, AFullDiskKeepsWhatWasSealedBefore) {
    const std::string file = (scratch_ / "exam.evh").string();
    const uintmax_t room = fs::file_size(path("exam.evh")) / 2 / 512;  // in blocks, as POSIX counts them
    const Outcome full = scenario::run({"sh", "-c", fmt::format("trap '' XFSZ; ulimit -f {}; exec \"$@\"", room), "sh", EVENHAND_PROGRAM, "perform", "--case", "pad-flat",
                                        "--operator", "novice", "--seed", "1", "--seal", "--passphrase-file", passphrase(), "-o", file},
                                       {{"EVENHAND_KEYS", path("station")}});
    EXPECT_EQ(full.exit, 2);
    EXPECT_THAT(full.err, testing::MatchesRegex("evenhand: [^\n]+ the space on it; what was sealed before is kept in [^\n]+\n"));
    const Outcome verified = as("verifier", {"verify", file});
    EXPECT_EQ(verified.exit, 1) << verified.err;
    for (const char* what : {"integrity", "chain", "signatures", "station", "content", "replay"})
        EXPECT_THAT(verified.out, testing::ContainsRegex(fmt::format("(^|\n){} +holds: ", what)));
    EXPECT_THAT(verified.out, testing::ContainsRegex("completeness  FAILS: an unfinished session, signed until [1-9][0-9]"));
    EXPECT_GT(fs::file_size(file), room * 512 * 8 / 10) << "nearly all that there was room for";
}

// As a hand, the mains or a time server sets it.
TEST_F(SealCommands, AClockThatIsSetBackDuringASessionIsToldAndCostsNothing) {
    const Outcome library = scenario::run({"faketime", "-f", "+0", "printenv", "LD_PRELOAD"});
    const std::string clock = scratch_.write("clock", "+0"), file = (scratch_ / "exam.evh").string();
    scenario::Process process({EVENHAND_PROGRAM, "perform", "--case", "pad-flat", "--operator", "expert", "--seal", "--passphrase-file", passphrase(), "-o", file},
                              {{"EVENHAND_KEYS", path("station")},
                               {"LD_PRELOAD", library.out.substr(0, library.out.find('\n'))},
                               {"FAKETIME_TIMESTAMP_FILE", clock},
                               {"FAKETIME_NO_CACHE", "1"},
                               {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}});
    for (int i = 0; i < 60000 && process.running(); ++i) {
        std::error_code code;
        if (fs::exists(file, code) && fs::file_size(file, code) > 0) break;  // it was begun, and nothing more
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    process.signal(SIGSTOP);
    ASSERT_TRUE(process.running()) << "finished before the clock could be set";
    scratch_.write("clock", "-1h");
    process.signal(SIGCONT);
    ASSERT_EQ(process.wait(300), 0);
    const Outcome verified = as("verifier", {"verify", file});
    EXPECT_EQ(verified.exit, 0) << verified.out;
    EXPECT_THAT(verified.out, testing::ContainsRegex("completeness  holds: closed in order at [^\n]+; the station's clock was set back by (3599|3600|3601) s meanwhile\n"));
    EXPECT_THAT(as("verifier", {"verify", path("exam.evh")}).out, Not(HasSubstr("clock")));
}

TEST_F(SealCommands, AFolderIsVerifiedALineEachAndTakenUpAgain) {
    fs::create_directories(scratch_ / "all/day-2");
    for (const char* name : {"all/a.evh", "all/day-2/b.evh"})
        scratch_.write(name, scenario::read(path("practice.evh")));
    scratch_.write("all/c.evh", scenario::read(path("exam.evh")));
    scratch_.write("all/d.evh", "no recording");
    const std::vector<std::string> command = {"verify", "--all", (scratch_ / "all").string(), "--jobs", "2"};
    const Outcome first = as("verifier", command);
    EXPECT_EQ(first.exit, 1) << first.err;
    EXPECT_THAT(first.out, HasSubstr("a.evh: holds, not sealed: "));
    EXPECT_THAT(first.out, HasSubstr("day-2/b.evh: holds, not sealed: "));
    EXPECT_THAT(first.out, HasSubstr("c.evh: holds, sealed: "));
    EXPECT_THAT(first.out, HasSubstr("d.evh: unusable: "));
    EXPECT_THAT(first.out,
                HasSubstr("4 recordings: 3 hold (1 sealed, 2 not), 0 do not, 1 cannot be used; 0 known"));

    // Torn in its last row, as a kill leaves it: that one is looked at again, and what changed too.
    const fs::path results = scratch_ / "all/verified.jsonl";
    std::string rows = scenario::read(results);
    scratch_.write("all/verified.jsonl", rows.substr(0, rows.size() - 40));
    fs::copy_file(scratch_ / "all/c.evh", scratch_ / "all/e.evh");
    const Outcome again = as("verifier", command);
    EXPECT_THAT(again.out, HasSubstr("3 known from an earlier run"));
    EXPECT_THAT(again.out, HasSubstr("e.evh: FAILS: the same session as c.evh"));
    EXPECT_EQ(std::count(again.out.begin(), again.out.end(), '\n'), 7);

    // Another yardstick: nothing counts that was found by the old one.
    std::vector<std::string> sealed_only = command;
    sealed_only.push_back("--sealed");
    EXPECT_THAT(as("verifier", sealed_only).out, HasSubstr("0 known from an earlier run"));
}

TEST_F(SealCommands, ShardsCoverAFolderOnceEach) {
    fs::create_directories(scratch_ / "all");
    for (const char* name : {"all/a.evh", "all/b.evh", "all/c.evh"}) scratch_.write(name, "no recording");
    std::string told;
    for (const char* shard : {"1/2", "2/2"}) {
        const Outcome outcome =
            as("verifier", {"verify", "--all", (scratch_ / "all").string(), "--shard", shard});
        EXPECT_EQ(outcome.exit, 1);
        told += outcome.out;
    }
    for (const char* name : {"a.evh: ", "b.evh: ", "c.evh: "}) {
        const size_t at = told.find(name);
        ASSERT_NE(at, std::string::npos);
        EXPECT_EQ(told.find(std::string("\n") + name, at + 1), std::string::npos);
    }
    for (const char* bad : {"0/2", "3/2", "2", "a/b", "1/"})
        EXPECT_EQ(as("verifier", {"verify", "--all", (scratch_ / "all").string(), "--shard", bad}).exit, 2)
            << bad;
}

TEST_F(SealCommands, AStationHasItsSessionsStampedAndNoAuthorityCostsASession) {
    fs::copy(path("station"), scratch_ / "station", fs::copy_options::recursive);
    ::chmod((scratch_ / "station").c_str(), 0700);
    const auto station = [&](const std::vector<std::string>& words) {
        return scenario::evenhand(words, {{"EVENHAND_KEYS", (scratch_ / "station").string()}});
    };
    const auto perform = [&](const char* name) {
        return station({"perform", "--case", "pad-flat", "--operator", "novice", "--seal", "--passphrase-file", passphrase(), "-o", (scratch_ / name).string()});
    };
    const scenario::StampingAuthority authority("Town Hall Time");
    const std::string root = scratch_.write("root.pem", authority.root_pem()), late = (scratch_ / "late.evh").string(), seen = (scratch_ / "seen.evh").string();
    EXPECT_EQ(station({"stamp", path("exam.evh")}).exit, 2);
    EXPECT_THAT(station({"stamp", path("exam.evh")}).err, HasSubstr("no time-stamping authority is named"));
    EXPECT_THAT(station({"keys", "trust", root}).out, HasSubstr("time stamps by Town Hall Time Root"));
    EXPECT_THAT(station({"keys", "show"}).out, HasSubstr("Town Hall Time Root, until"));

    scratch_.write("station/timestamp.toml", "version = 1\nurl = \"http://127.0.0.1:1/tsr\"\n");
    const Outcome alone = perform("late.evh");
    EXPECT_EQ(alone.exit, 0) << alone.err;
    EXPECT_THAT(alone.err, testing::MatchesRegex("evenhand: [^\n]+cannot be reached[^\n]+nothing is lost[^\n]+\n"));
    EXPECT_THAT(as("verifier", {"verify", late}).out, HasSubstr("time          none: no authority stamped this"));

    const scenario::AuthorityServer server(authority);
    scratch_.write("station/timestamp.toml", "version = 1\nurl = \"" + server.url() + "\"\n");
    EXPECT_THAT(perform("seen.evh").out, HasSubstr("by Town Hall Time\n"));
    EXPECT_EQ(station({"stamp", late}).exit, 0);
    EXPECT_THAT(station({"stamp", late}).out, HasSubstr(" before"));
    EXPECT_EQ(server.asked(), 2);
    for (const std::string& file : {late, seen}) {
        const Outcome verified = as("verifier", {"verify", file, "--trust", path("body/board.public.json"), "--trust", root});
        EXPECT_EQ(verified.exit, 0) << verified.out;
        EXPECT_THAT(verified.out, testing::ContainsRegex("\ntime          holds: stamped at [-0-9T:]+Z by Town Hall Time\n"));
        EXPECT_THAT(as("verifier", {"verify", file}).out, HasSubstr("whom nobody here trusts"));
    }
    EXPECT_EQ(station({"stamp", path("practice.evh")}).exit, 2);
    EXPECT_THAT(station({"stamp", path("practice.evh")}).err, HasSubstr("there is nothing to stamp"));
    scratch_.write("station/timestamp.toml", "version = 1\nurl = \"x\"\ncolour = 1\n");
    EXPECT_THAT(station({"stamp", late}).err, HasSubstr("timestamp.toml:3:1"));
}

TEST_F(SealCommands, ABodyGivesABadgeForWhatIsSealedAndPassedAndForNothingElse) {
    const auto issue = [&](const std::string& who, const std::string& recording, std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"badge", "issue", recording, "--passphrase-file", passphrase(), "-o", (scratch_ / "badge.json").string()};
        words.insert(words.end(), more.begin(), more.end());
        return as(who, words);
    };
    const std::string passed = path("passed.evh");
    EXPECT_THAT(issue("body", path("exam.evh")).err, HasSubstr("was not passed"));
    EXPECT_THAT(issue("body", path("practice.evh")).err, HasSubstr("no badge is given for it"));
    EXPECT_THAT(issue("station", passed, {"--by", "station-1"}).err, HasSubstr("a body gives badges"));
    EXPECT_THAT(issue("body", passed, {"--certifies"}).err, HasSubstr("Evenhand itself certifies nothing"));
    EXPECT_FALSE(fs::exists(scratch_ / "badge.json"));

    const Outcome given = issue("body", passed, {"--issuer", "Board of Nursing"});
    ASSERT_EQ(given.exit, 0) << given.err;
    const std::string badge = (scratch_ / "badge.json").string();
    const Outcome checked = as("verifier", {"badge", "check", badge});
    EXPECT_EQ(checked.exit, 0) << checked.out;
    EXPECT_THAT(checked.out, HasSubstr("training evidence, no certificate"));
    EXPECT_EQ(as("nobody", {"badge", "check", badge}).exit, 1) << "whoever trusts no body believes no badge";
    std::string better = scenario::read(badge);
    better.replace(better.find("A-17"), 4, "B-17");
    const Outcome refused = as("verifier", {"badge", "check", scratch_.write("better.json", better)});
    EXPECT_EQ(refused.exit, 1);
    EXPECT_THAT(refused.out, HasSubstr("its proof does not hold"));
}

TEST_F(SealCommands, ABadgeFallsWithTheBodysKeyAsTheReasonAndTheTimeSay) {
    const std::string badge = (scratch_ / "badge.json").string();
    ok("body",
       {"badge", "issue", path("passed.evh"), "--passphrase-file", passphrase(), "-o", badge});
    const auto check = [&](const std::string& reason, const std::string& since) {
        fs::remove_all(scratch_ / "body");
        fs::remove_all(scratch_ / "verifier");
        fs::copy(path("body"), scratch_ / "body", fs::copy_options::recursive);
        fs::copy(path("verifier"), scratch_ / "verifier", fs::copy_options::recursive);
        for (const char* folder : {"body", "verifier"}) ::chmod((scratch_ / folder).c_str(), 0700);
        const auto in = [&](const char* folder, const std::vector<std::string>& words) {
            return scenario::evenhand(words, {{"EVENHAND_KEYS", (scratch_ / folder).string()}});
        };
        const Outcome revoked = in("body", {"keys", "revoke", "board", "--reason", reason, "--since", since,
                                            "--passphrase-file", passphrase()});
        EXPECT_EQ(revoked.exit, 0) << revoked.err;
        EXPECT_EQ(in("verifier", {"badge", "check", badge}).exit, 0) << "whoever has not heard of it yet";
        EXPECT_EQ(in("verifier", {"keys", "trust", (scratch_ / "body/revocations.jsonl").string()}).exit, 0);
        return in("verifier", {"badge", "check", badge});
    };
    const std::string before = "2020-01-01T00:00:00Z", after = "2199-01-01T00:00:00Z";
    for (const auto& [reason, since] : {std::pair{"compromised", before}, {"compromised", after}, {"retired", before}}) {
        const Outcome checked = check(reason, since);
        EXPECT_EQ(checked.exit, 1) << reason << " " << since << ": " << checked.out;
        EXPECT_THAT(checked.out, testing::AllOf(HasSubstr("proof    holds"), HasSubstr("issuer   FAILS: the key of board was revoked from " + since)));
    }
    EXPECT_EQ(check("retired", after).exit, 0) << "given while the key was in good hands";
}

}  // namespace
