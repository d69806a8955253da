#pragma once

// A score told abroad: locales with other decimals, letters and digits must not change a byte of it.

#include "tests/scenarios/damage.h"
#include "training/core/report.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <locale>

// glibc keeps what it split of LOCPATH for as long as the process lives. One file of a program includes this.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:argz_add_sep\n";
}

namespace damage {

using namespace training;

/// Everything that a score is told by.
inline std::string all_of_it(const Whole& whole) {
    const Rubric rubric = *load_rubric(training_test::places(), "provisional");
    const Scope scope = *load_scope(training_test::places(), "uk-level-4");
    Recording recording;
    recording.header.case_id = "pad-flat";
    const Stage& stage = whole.stage();
    for (uint32_t i = 0; i < 5000; ++i)
        recording.punctures.push_back({i * 1000, i % static_cast<uint32_t>(stage.face->cells.size()), 0, 0,
                                       (400 + i % 300) | (300 + i % 900) << 16, 800});
    const Score score = training::score(recording, stage, rubric, scope);
    return score_json(score) + score_text(score) + report_html(recording, stage, score, {}, *Phrases::load(training_test::places()), {&rubric, {}}) +
           explain_rubric(rubric);
}

/// Locales made with localedef in a folder of their own, as a system abroad has them.
class Abroad : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (base::fs::temp_directory_path() / "evenhand-locale-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        ::setenv("LOCPATH", name.c_str(), 1);
    }
    void TearDown() override {
        std::locale::global(std::locale::classic());
        std::setlocale(LC_ALL, "C");
        ::unsetenv("LOCPATH");
        base::fs::remove_all(folder_);
    }
    bool make(const std::string& name) {
        return std::system(fmt::format("localedef -i {0} -f UTF-8 {1}/{0}.UTF-8 2>/dev/null", name, folder_.string()).c_str()) == 0;
    }

    void expect_all_the_same(const Whole& whole, const std::vector<std::string>& names) {
        const std::string at_home = all_of_it(whole);
        const base::Places places = training_test::places();
        for (const std::string& name : names) {
            if (!make(name)) GTEST_SKIP() << "this system cannot make the locale " << name << " (Debian: package locales)";
            const std::string full = name + ".UTF-8";
            ASSERT_NE(std::setlocale(LC_ALL, full.c_str()), nullptr) << name;
            std::locale::global(std::locale(full));
            EXPECT_EQ(all_of_it(whole), at_home) << name;
            EXPECT_EQ(whole.answer(whole.bytes()).text, whole.right()) << name;
            EXPECT_EQ(training::check_rubric(places, places.data / "rubrics/provisional.toml"), std::vector<std::string>{});
        }
    }

    base::fs::path folder_;
};

}  // namespace damage
