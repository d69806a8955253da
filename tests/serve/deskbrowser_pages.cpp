// The desk as its people meet it: the program's own server, a recorded session with its report, a real Chromium driven from npm
// (tests/report's packages, installed here at test time and never shipped). What look.mjs finds is told.

#include "tests/scenarios/desk.h"
#include "tests/scenarios/npm.h"
#include "tests/scenarios/program.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using scenario::Outcome;

const fs::path kPackages = fs::path(EVENHAND_SOURCE_DIR) / "tests/report", kScripts = fs::path(EVENHAND_SOURCE_DIR) / "tests/serve",
               kModules = fs::path(EVENHAND_BINARY_DIR) / "tests/serve";

class DeskInABrowser : public testing::Test {
  protected:
    void SetUp() override {
        browser_ = scenario::find_program({"chromium", "chromium-browser", "google-chrome"});
        if (browser_.empty()) GTEST_SKIP() << "there is no Chromium: apt-get install chromium";
        if (const std::string why = scenario::install_packages(kPackages, kModules); !why.empty()) GTEST_SKIP() << why;
        fs::create_directories(kModules / "kept");
    }

    std::string file(const std::string& name) const { return (scratch_ / name).string(); }

    std::string evenhand(const std::vector<std::string>& arguments) const {
        const Outcome done = scenario::evenhand(arguments, environment_, 900);
        EXPECT_EQ(done.exit, 0) << done.err;
        return done.out;
    }

    /// A recorded session of a novice with its score in the store; its evidence.
    std::string recorded(const std::string& on, const std::string& trainee) const {
        const std::string recording = file(on + ".evh");
        evenhand({"perform", "--case", on, "--operator", "novice", "--seed", "3", "--trainee", trainee, "-o", recording});
        evenhand({"records", "add", recording});
        records::Store store = record_test::open_store(file("records.db"));
        const auto rows = store.list({trainee, {}, {}});
        return rows && !rows->empty() ? rows->front().session.evidence : "";
    }

    /// Some more of two cohorts, and decisions.
    void fill() const {
        records::Store store = record_test::open_store(file("records.db"));
        std::vector<records::Candidate> candidates;
        for (int i = 1; i <= 60; ++i) candidates.push_back({fmt::format("A-{}", i), "spring"});
        candidates.push_back({"B-1", "an autumn cohort with a name that goes on and on"});
        record_test::expect_done(store.enrol(candidates));
        for (int i = 0; i < 24; ++i) record_test::expect_done(store.add(desk_test::desk_result(i, i < 16 ? "A-1" : i < 20 ? "A-2" : "B-1")));
        const std::vector<records::Decision> first = {
            record_test::decision_on(desk_test::desk_result(3, "A-1"), "fail", "The angle at the orbital rim was never corrected, though it was asked for twice.")};
        record_test::expect_done(store.decide(first[0]));
        record_test::expect_done(store.decide(record_test::decision_on(desk_test::desk_result(3, "A-1"), "void", "The pen's tracker had slipped.", first, "E. Sato")));
    }

    void let_in() const {
        const std::string passphrase = scratch_.write("passphrase", std::string(desk_test::kPassphrase) + "\n");
        ::chmod(passphrase.c_str(), 0600);
        for (const auto& [name, role] : {std::pair("ines", "instructor"), std::pair("emil", "examiner"), std::pair("ada", "auditor")})
            evenhand({"serve", "account", "add", name, "--role", role, "--passphrase-file", passphrase});
    }

    /// What the server prints when it answers; waits for it.
    std::string url() const {
        for (int tries = 0; tries < 6000; ++tries) {
            const std::string told = fs::exists(file("url")) ? scenario::read(file("url")) : "";
            if (told.ends_with('\n')) return told.substr(0, told.find('\n'));
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        ADD_FAILURE() << "the server does not start";
        return {};
    }

    std::string browser_;
    scenario::Scratch scratch_;
    const scenario::Environment environment_ = {{"EVENHAND_DESK", scratch_.folder().string()}, {"EVENHAND_RECORDS", file("records.db")}, {"EVENHAND_GPU", "cpu"}};
};

TEST_F(DeskInABrowser, IsSoundForEachRoleWithScriptsAndWithout) {
    const std::string evidence = recorded("pad-flat", "A-1"), face = recorded("demo", "A-5");
    ASSERT_EQ(evidence.size(), 64u);
    ASSERT_EQ(face.size(), 64u);
    fill();
    let_in();
    scenario::Process server({"sh", "-c", fmt::format("exec {} serve --port 0 --sessions {} >{}", EVENHAND_PROGRAM, scratch_.folder().string(), file("url"))}, environment_);
    const json job = {{"url", url()}, {"passphrase", desk_test::kPassphrase}, {"people", {{"instructor", "ines"}, {"examiner", "emil"}, {"auditor", "ada"}}},
                      {"report", evidence}, {"face", face}, {"pictures", (kModules / "kept").string()}};
    const Outcome looked = scenario::run({"node", (kScripts / "look.mjs").string(), kModules.string(), browser_, scratch_.write("job.json", job.dump())}, {}, 900);
    ASSERT_EQ(looked.exit, 0) << looked.err;
    const json told = json::parse(looked.out);
    EXPECT_EQ(told.at("problems"), json::array());
    EXPECT_EQ(told.at("pages"), 10);
    EXPECT_GT(told.at("scene_bytes"), 200'000);
    EXPECT_LT(told.at("scene_bytes"), 1'000'000);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(120), 0) << "it ends in order when it is asked to";
}

}  // namespace
