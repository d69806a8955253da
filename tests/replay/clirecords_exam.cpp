// Results of an exam on their way from a station to the school's server, by the commands that a station runs, killed at random moments.

#include "tests/scenarios/exam.h"
#include "tests/scenarios/postgres.h"
#include "tests/scenarios/program.h"
#include "tests/scenarios/strict_lrs.h"
#include "training/records/store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <set>
#include <thread>

namespace {

using scenario::Outcome;
using Command = std::vector<std::string>;

class ResultsOfAnExam : public testing::Test {
  protected:
    void SetUp() override {
        const std::string passphrase = scratch_.write("passphrase", std::string(sealed::kPassphrase) + "\n");
        std::filesystem::permissions(passphrase, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        const std::string plan = scratch_.write("plan.toml", exams::plan_text()), package = (scratch_ / "board.evx").string();
        ASSERT_EQ(run({"exam", "make", plan, "--passphrase-file", passphrase, "-o", package}, body_.body_keys.path()).exit, 0);
        ASSERT_EQ(run({"keys", "trust", (body_.body_keys / "board.public.json").string()}).exit, 0);
        for (int attempt = 1; attempt <= 3; ++attempt) {
            const Outcome performed = run({"perform", "--package", package, "--candidate", "K-17", "--operator", "novice", "--key", "station-1", "--passphrase-file",
                                           passphrase, "-o", (scratch_ / "K-17").string()});
            ASSERT_EQ(performed.exit, 0) << performed.err;
        }
        url_ = server_.url(server_.new_database());
        ASSERT_TRUE(records::Store::set_up(*records::parse_place(url_)));
    }

    scenario::Environment environment(const base::fs::path& keys) const {
        return {{"EVENHAND_KEYS", keys.string()}, {"EVENHAND_DESK", scratch_.folder().string()}, {"EVENHAND_RECORDS", (scratch_ / "records.db").string()}};
    }
    Outcome run(const Command& command, const base::fs::path& keys) const { return scenario::evenhand(command, environment(keys)); }
    Outcome run(const Command& command) const { return run(command, body_.station_keys.path()); }
    /// Begins it, and kills it in the second half of the time that it takes, where it keeps and sends.
    int killed(const Command& command, int64_t lasts_ms, base::Random& random) const {
        Command whole{EVENHAND_PROGRAM};
        whole.insert(whole.end(), command.begin(), command.end());
        scenario::Process process(whole, environment(body_.station_keys.path()));
        std::this_thread::sleep_for(std::chrono::milliseconds(lasts_ms / 2 + random.below(static_cast<uint32_t>(lasts_ms / 2) + 1)));
        process.signal(SIGKILL);
        return process.wait(60);
    }
    int64_t lasts_ms(const Command& command) const {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_EQ(run(command).exit, 0);
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
    }
    Command add(int attempt) const { return {"records", "add", (scratch_ / "K-17" / fmt::format("attempt-{}.evh", attempt)).string(), "--db", url_}; }
    Command send() const { return {"records", "send", "--db", url_}; }

    void expect_each_once(int kills) {
        const int64_t adding_ms = lasts_ms(add(1)), sending_ms = lasts_ms(send());
        base::Random random(5);
        int cut = 0;
        for (int kill = 0; kill < kills; ++kill) {
            const bool sends = kill % 4 == 3;
            cut += killed(sends ? send() : add(1 + kill % 3), sends ? sending_ms : adding_ms, random) == 128 + SIGKILL;
            if (kill % 8 != 7) continue;
            server_.stop();
            server_.start();
        }
        EXPECT_GT(cut, kills / 8) << "that had not ended before";
        for (int attempt = 1; attempt <= 3; ++attempt) EXPECT_EQ(run(add(attempt)).exit, 0);
        const Outcome last = run(send());
        EXPECT_EQ(last.exit, 0) << last.err;
        EXPECT_THAT(last.out, testing::HasSubstr("waiting 0, refused 0"));
        auto school = records::Store::open(*records::parse_place(url_));
        ASSERT_TRUE(school);
        const auto listed = school->list();
        ASSERT_TRUE(listed);
        std::set<int64_t> attempts;
        for (const records::Listed& row : *listed) {
            EXPECT_EQ(row.session.kind, records::SessionKind::exam);
            EXPECT_EQ(row.session.candidate, "K-17");
            attempts.insert(row.session.attempt);
        }
        EXPECT_EQ(listed->size(), 3u) << "each once";
        EXPECT_EQ(attempts, (std::set<int64_t>{1, 2, 3}));
    }

    scenario::PostgresServer server_{true};  // its own: it is stopped
    sealed::Institution body_;
    scenario::Scratch scratch_;
    std::string url_;
};

TEST_F(ResultsOfAnExam, ArriveOnceHoweverOftenTheirSendingIsKilled) {
    expect_each_once(40);
}

// Beside the statements of each attempt, one of the exam as a whole, whose mean stands in both stores.
TEST_F(ResultsOfAnExam, AreToldToTheLearningRecordStoreOnceAsAWhole) {
    scenario::StrictLrs lrs;
    scratch_.write("records.toml", fmt::format("version = 1\nhome = \"https://school.example\"\nurl = \"{}\"\nlrs = \"{}\"\n", url_, lrs.url()));
    const Command whole = {"records", "add", (scratch_ / "K-17").string(), "--package", (scratch_ / "board.evx").string()};
    ASSERT_EQ(run(add(1)).exit, 0);
    const Outcome kept = run(whole);
    ASSERT_EQ(kept.exit, 0) << kept.err;
    lrs.expect({500});
    EXPECT_EQ(run({"records", "send", "--patience", "0", "--lrs", lrs.url()}).exit, 2) << "the store failed";
    lrs.expect({204, 204, 204, 204, scenario::StrictLrs::kLost});
    {
        scenario::Process killed({EVENHAND_PROGRAM, "records", "send", "--lrs", lrs.url()}, environment(body_.station_keys.path()));
        for (int i = 0; i < 6000 && lrs.kept().size() < 5; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        killed.signal(SIGKILL);
        EXPECT_EQ(killed.wait(10), 128 + SIGKILL) << "the store has the last one, and its answer had not come";
    }
    ASSERT_EQ(run({"records", "send"}).exit, 0);
    const std::map<std::string, std::string> told = lrs.kept();
    EXPECT_EQ(told.size(), 5u) << "four of the attempt, one of the exam";
    for (const Command& again : {whole, Command{"records", "send"}}) ASSERT_EQ(run(again).exit, 0);
    EXPECT_EQ(lrs.kept(), told) << "the same exam again tells nothing new";
    EXPECT_EQ(lrs.again(), 1) << "the one whose answer was lost";

    std::vector<nlohmann::json> exams;
    std::set<std::string> registrations;
    for (const auto& [id, body] : told) {
        const nlohmann::json statement = nlohmann::json::parse(body);
        if (statement["object"]["id"] == "urn:evenhand:exam:board-2026")
            exams.push_back(statement);
        else
            registrations.insert(statement["context"]["registration"]);
    }
    ASSERT_EQ(exams.size(), 1u);
    const nlohmann::json& attempts = exams[0]["context"]["extensions"]["urn:evenhand:xapi:attempts"];
    ASSERT_EQ(attempts.size(), 3u);
    EXPECT_EQ(registrations, (std::set<std::string>{attempts[0]["registration"]})) << "under which the attempt's own statements stand";
    for (const std::string& place : {url_, (scratch_ / "records.db").string()}) {
        auto store = records::Store::open(*records::parse_place(place));
        ASSERT_TRUE(store) << store.error().message;
        const auto listed = store->list();
        const auto row = std::ranges::find_if(*listed, [](const records::Listed& one) { return one.session.case_id == "board-2026"; });
        ASSERT_NE(row, listed->end()) << place;
        EXPECT_DOUBLE_EQ(exams[0]["result"]["score"]["raw"].get<double>(), static_cast<double>(row->score.total) / 1e2);
        EXPECT_EQ(exams[0]["result"]["success"].get<bool>(), row->score.pass);
        EXPECT_EQ(exams[0]["verb"]["display"]["en"], row->score.pass ? "passed" : "failed");
    }
}

TEST_F(ResultsOfAnExam, WithoutAVerdictAreNotTold) {
    scenario::StrictLrs lrs;
    scratch_.write("records.toml", fmt::format("version = 1\nhome = \"https://school.example\"\nlrs = \"{}\"\n", lrs.url()));
    base::fs::remove(scratch_ / "K-17" / "attempt-3.evh");
    const Outcome refused = run({"records", "add", (scratch_ / "K-17").string(), "--package", (scratch_ / "board.evx").string()});
    EXPECT_EQ(refused.exit, 2) << refused.out;
    EXPECT_THAT(refused.err, testing::HasSubstr("not everything in it holds"));
    EXPECT_EQ(run({"records", "send"}).exit, 0);
    EXPECT_TRUE(lrs.kept().empty());
}

using ResultsOfAnExamOften = ResultsOfAnExam;

TEST_F(ResultsOfAnExamOften, ArriveOnceHoweverOftenTheirSendingIsKilled) {
    expect_each_once(300);
}

}  // namespace
