#include "training/core/advice.h"

#include "tests/unit/training_stage.h"

#include <gtest/gtest.h>

using namespace training;

namespace {

AdviceBook book_of(const std::string& language) {
    auto book = load_advice(training_test::places(), language);
    EXPECT_TRUE(book) << book.error().message;
    return *book;
}

CriterionScore line_of(const std::string& measure, int64_t value) {
    CriterionScore line;
    line.criterion.measure = measure;
    line.criterion.band = {0, 1000, 2000, 3000};
    line.value = value;
    return line;
}

FaultSide side(const CriterionScore& line, const Recording& recording, const Stage& stage) {
    return fault_side(line, recording, stage, *load_rubric(training_test::places(), "provisional"), {});
}

shared::Puncture puncture(uint32_t depth_um) { return {0, 0, 0, 0, depth_um, 0}; }

}  // namespace

TEST(Advice, is_there_for_every_measure_in_every_language_with_the_same_sides) {
    const AdviceBook english = book_of("en");
    for (const std::string& measure : measure_names()) EXPECT_TRUE(english.contains(measure)) << measure;
    for (const char* language : {"es", "fr"}) {
        const AdviceBook other = book_of(language);
        for (const auto& [measure, advice] : english) {
            ASSERT_TRUE(other.contains(measure)) << language << " lacks " << measure;
            const Advice& theirs = other.at(measure);
            EXPECT_EQ(theirs.low.empty(), advice.low.empty()) << measure;
            EXPECT_EQ(theirs.high.empty(), advice.high.empty()) << measure;
            EXPECT_EQ(theirs.basis, advice.basis) << measure;
            EXPECT_NE(theirs.other, advice.other) << measure << " is still in English";
        }
    }
}

TEST(Advice, without_a_language_of_its_own_is_english) {
    EXPECT_EQ(book_of("nl").at("depth_in_band").low, book_of("en").at("depth_in_band").low);
}

TEST(Advice, of_a_side_without_words_of_its_own_is_the_general_one) {
    const AdviceBook book = {{"coverage", {"more", "", "look", "A"}}};
    EXPECT_EQ(advice_for(book, "coverage", FaultSide::low).text, "more");
    EXPECT_EQ(advice_for(book, "coverage", FaultSide::high).text, "look");
    EXPECT_EQ(advice_for(book, "coverage", FaultSide::high).basis, "A");
    EXPECT_TRUE(advice_for(book, "evenness", FaultSide::low).text.empty());
}

TEST(Advice, follows_the_value_about_its_band) {
    const Stage stage = training_test::small_pad();
    EXPECT_EQ(side(line_of("glide_speed", 900), {}, stage), FaultSide::low);
    EXPECT_EQ(side(line_of("glide_speed", 1000), {}, stage), FaultSide::other);
    EXPECT_EQ(side(line_of("glide_speed", 2001), {}, stage), FaultSide::high);
}

TEST(Advice, of_depth_and_force_follows_the_evidence_for_their_value_is_but_a_share) {
    const Stage stage = training_test::small_pad();
    Recording recording;
    recording.punctures = {puncture(100), puncture(100), puncture(2000)};
    EXPECT_EQ(side(line_of("depth_in_band", 100), recording, stage), FaultSide::low);
    recording.punctures = {puncture(100), puncture(2000), puncture(2000)};
    EXPECT_EQ(side(line_of("depth_in_band", 100), recording, stage), FaultSide::high);
    shared::ContactRecord hard{};
    hard.flags = shared::kContactTouching, hard.force_mn = 5000;
    recording.contacts = {hard};
    EXPECT_EQ(side(line_of("force_in_band", 100), recording, stage), FaultSide::high);
}

TEST(Advice, about_what_is_no_measure_is_refused_with_its_line) {
    base::Places places = training_test::places();
    const base::fs::path data = base::fs::path(EVENHAND_BINARY_DIR) / "scratch/advice";
    base::fs::create_directories(data);
    ASSERT_TRUE(base::write_file(data / "advice.toml", std::string_view("version = 1\nsource = \"x\"\n[luck]\nother = \"y\"\nbasis = \"A\"\n")));
    places.data = data;
    const auto book = load_advice(places);
    ASSERT_FALSE(book);
    EXPECT_NE(book.error().message.find("advice.toml:3:"), std::string::npos) << book.error().message;
    EXPECT_NE(book.error().message.find("luck"), std::string::npos) << book.error().message;
}
