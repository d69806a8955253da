// Reports as their readers meet them: opened in a real Chromium, by a driver and an accessibility checker from npm, both
// installed here at test time (package.json, package-lock.json) and never shipped. What look.mjs finds is told.

#include "tests/scenarios/npm.h"
#include "tests/scenarios/program.h"
#include "training/core/rubric.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <regex>
#include <thread>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using scenario::evenhand;
using scenario::Outcome;
using scenario::run;

const fs::path kScripts = fs::path(EVENHAND_SOURCE_DIR) / "tests/report";
const fs::path kModules = fs::path(EVENHAND_BINARY_DIR) / "tests/report";

class ReportInABrowser : public testing::Test {
  protected:
    void SetUp() override {
        browser_ = scenario::find_program({"chromium", "chromium-browser", "google-chrome"});
        if (browser_.empty()) GTEST_SKIP() << "there is no Chromium: apt-get install chromium";
        if (const std::string why = scenario::install_packages(kScripts, kModules); !why.empty()) GTEST_SKIP() << why;
    }

    std::string file(const std::string& name) const { return (scratch_ / name).string(); }

    std::string perform(const std::string& name, std::vector<std::string> how) {
        const std::string recording = file(name + ".evh");
        how.insert(how.begin(), "perform");
        how.insert(how.end(), {"-o", recording});
        const Outcome made = evenhand(how, {}, 900);
        EXPECT_EQ(made.exit, 0) << made.err;
        return recording;
    }

    /// Killed once some of it is on disk.
    std::string perform_half(const std::string& name, const std::string& practice) {
        const std::string recording = file(name + ".evh");
        scenario::Process process({EVENHAND_PROGRAM, "perform", "--case", practice, "--operator", "novice", "--seed", "2", "-o", recording});
        const auto written = [&] {
            std::error_code none;
            uintmax_t bytes = 0;
            for (const char* part : {"", "-wal"})
                if (const uintmax_t size = fs::file_size(recording + part, none); !none) bytes += size;
            return bytes;
        };
        while (process.running() && written() < 400'000) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        EXPECT_TRUE(process.running()) << "finished before it could be killed";
        process.signal(SIGKILL);
        process.wait(20);
        return recording;
    }

    json score(const std::string& recording) {
        const Outcome scored = evenhand({"score", recording, "--json"});
        EXPECT_EQ(scored.exit, 0) << scored.err;
        scratch_.write(fs::path(recording).stem().string() + ".json", scored.out);
        return json::parse(scored.out);
    }

    /// Writes the report of a scored session in a language, to be looked at.
    void add(const std::string& recording, const std::string& language) {
        const std::string stem = fs::path(recording).stem().string(), page = file(stem + "-" + language + ".html");
        const Outcome written = evenhand({"report", recording, "--language", language, "-o", page}, {}, 600);
        ASSERT_EQ(written.exit, 0) << written.err;
        EXPECT_NE(scenario::read(page).find(tilt_in(language)), std::string::npos) << language << ": criteria in another language";
        jobs_.push_back({{"page", page}, {"score", file(stem + ".json")}, {"language", language}, {"pdf", file(stem + "-" + language + ".pdf")}});
    }

    /// What the shipped rubric calls that criterion.
    static std::string tilt_in(const std::string& language) {
        const base::Places places{.data = fs::path(EVENHAND_SOURCE_DIR) / "content", .shaders = {}, .cache = {}, .language = language};
        const training::Rubric rubric = training::load_rubric(places, "provisional").value();
        return std::ranges::find(rubric.criteria, "tilt", &training::Criterion::id)->name;
    }

    void expect_sound() {
        const std::string jobs = scratch_.write("jobs.json", jobs_.dump());
        const Outcome looked = run({"node", (kScripts / "look.mjs").string(), kModules.string(), browser_, jobs}, {}, 600);
        keep();
        ASSERT_EQ(looked.exit, 0) << looked.err;
        std::istringstream lines(looked.out);
        size_t pages = 0;
        for (std::string line; std::getline(lines, line); ++pages) {
            const json page = json::parse(line);
            EXPECT_EQ(page.at("problems"), json::array()) << page.at("page");
        }
        EXPECT_EQ(pages, jobs_.size());
    }

    /// Beside the test's program, to be looked at by a person.
    void keep() const {
        const fs::path kept = kModules / "kept";
        fs::create_directories(kept);
        for (const json& job : jobs_)
            for (const char* key : {"page", "pdf"}) {
                const fs::path made = job.at(key).get<std::string>();
                std::error_code none;
                fs::copy_file(made, kept / made.filename(), fs::copy_options::overwrite_existing, none);
            }
    }

    scenario::Scratch scratch_;

  private:
    std::string browser_;
    json jobs_ = json::array();
};

/// A case of content/ with a pad's skin: the same words and rules, and no head to bake.
std::string on_a_pad(const scenario::Scratch& scratch, const std::string& id, const std::string& name = {}) {
    std::string text = scenario::read(fs::path(EVENHAND_SOURCE_DIR) / "content/cases" / (id + ".toml"));
    text = std::regex_replace(text, std::regex("\nface = [^\n]*"), "\nface = \"pad-flat\"");
    text = std::regex_replace(text, std::regex("\nzones = [^\n]*"), "\nzones = [\"pad\"]");
    if (!name.empty()) text = std::regex_replace(text, std::regex("\nname = [^\n]*\nbrief = [^\n]*"), name);
    return scratch.write(id + ".toml", text);
}

TEST_F(ReportInABrowser, OfAPassIsSoundInThreeLanguages) {
    const std::string recording = perform("pass", {"--case", "pad-flat", "--operator", "expert", "--seed", "1"});
    EXPECT_TRUE(score(recording).at("pass").get<bool>());
    for (const char* language : {"en", "es", "fr"}) add(recording, language);
    expect_sound();
}

TEST_F(ReportInABrowser, OfAFailIsSoundInThreeLanguages) {
    const std::string recording = perform("fail", {"--case", "pad-cylinder", "--operator", "novice", "--seed", "3"});
    EXPECT_FALSE(score(recording).at("pass").get<bool>());
    for (const char* language : {"en", "es", "fr"}) add(recording, language);
    expect_sound();
}

TEST_F(ReportInABrowser, OfAVisitThatEndsWithoutANeedleIsSoundInThreeLanguages) {
    const std::string recording = perform("held", {"--case", on_a_pad(scratch_, "visit-anna-summer"), "--operator", "expert"});
    EXPECT_TRUE(score(recording).at("held_off").get<bool>());
    for (const char* language : {"en", "es", "fr"}) add(recording, language);
    expect_sound();
}

TEST_F(ReportInABrowser, OfAnUnfinishedSessionIsSoundInThreeLanguages) {
    const std::string recording = perform_half("half", "demo");
    EXPECT_FALSE(score(recording).at("finished").get<bool>());
    for (const char* language : {"en", "es", "fr"}) add(recording, language);
    expect_sound();
}

TEST_F(ReportInABrowser, TakesHostileNamesAsText) {
    const std::string hostile = on_a_pad(scratch_, "visit-anna-summer",
                                         "\nname = '</title><script>alert(1)</script><img src=\"http://127.0.0.1:9/x\" onerror=alert(2)>'"
                                         "\nbrief = '\"><svg onload=alert(3)></dd></p>&amp;<!--'");
    const std::string recording = perform("hostile", {"--case", hostile, "--operator", "expert"});
    score(recording);
    add(recording, "en");
    expect_sound();
}

}  // namespace
