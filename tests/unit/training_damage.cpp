// Damaged recordings and strange surroundings: a clear refusal or the right score, never a wrong one.

#include "tests/scenarios/abroad.h"
#include "tests/scenarios/damage.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <thread>

namespace training {
namespace {

const damage::Whole& whole() {
    static const damage::Whole made;
    return made;
}

TEST(Damage, a_recording_cut_short_is_refused) {
    damage::expect_cuts_refused(whole(), 1 + whole().bytes().size() / 150);
}

TEST(Damage, a_recording_with_changed_bytes_is_refused_or_scores_right) {
    damage::expect_flips_right_or_refused(whole(), 150, 1);
}

TEST(Damage, a_rubric_cut_short_is_refused) {
    const std::string text = *base::read_text(training_test::places().data / "rubrics/provisional.toml");
    const std::string sound = explain_rubric(read_rubric_text(training_test::places(), text, "r").rubric);
    for (size_t size = 1; size + 1 < text.size(); size += 97) {
        RubricReading cut = read_rubric_text(training_test::places(), text.substr(0, size), "r");
        EXPECT_FALSE(cut.mistakes.empty()) << size;
    }
}

using damage::all_of_it;

using Abroad = damage::Abroad;

TEST_F(Abroad, one_score_is_told_where_decimals_have_a_comma) {
    expect_all_the_same(whole(), {"de_DE"});
}

TEST(Damage, one_score_is_told_in_every_time_zone) {
    const std::string at_home = all_of_it(whole());
    const char* kept = std::getenv("TZ");
    for (const char* zone : {"UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"}) {
        ::setenv("TZ", zone, 1);
        ::tzset();
        EXPECT_EQ(all_of_it(whole()), at_home) << zone;
    }
    kept ? ::setenv("TZ", kept, 1) : ::unsetenv("TZ");
    ::tzset();
}

TEST(Damage, one_score_comes_of_many_threads_at_once) {
    const std::string alone = all_of_it(whole());
    std::vector<std::string> told(4);
    std::vector<std::thread> threads;
    for (std::string& one : told) threads.emplace_back([&one] { one = all_of_it(whole()); });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& one : told) EXPECT_EQ(one, alone);
}

}  // namespace
}  // namespace training
