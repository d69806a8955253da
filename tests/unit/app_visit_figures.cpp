// The figures that a visit offers are content: what ships holds the sources' own, and mistakes are told with their line.

#include "training/app/visit_figures.h"
#include "training/core/procedure.h"

#include <gmock/gmock.h>

#include <fstream>

namespace {

namespace fs = base::fs;
using testing::Contains;
using testing::HasSubstr;

const base::Places kPlaces{fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}};

std::string refusal_of(const std::string& words, const std::string& instead) {
    std::string text = *base::read_text(kPlaces.data / "visit_figures.toml");
    const size_t at = text.find(words);
    EXPECT_NE(at, std::string::npos) << words;
    text.replace(at, words.size(), instead);
    const fs::path file = fs::path(EVENHAND_BINARY_DIR) / "test-visit-figures.toml";
    std::ofstream(file) << text;
    const auto read = app::VisitFigures::read(file);
    return read ? "" : read.error().message;
}

TEST(VisitFigures, OfferWhatTheSourcesNameAmongOthers) {
    const auto figures = app::VisitFigures::load(kPlaces);
    ASSERT_TRUE(figures) << figures.error().message;
    EXPECT_THAT(figures->of(training::kWait).steps, Contains("45"));
    EXPECT_THAT(figures->of(training::kDecideWait).steps, Contains("14"));
    EXPECT_THAT(figures->of(training::kPlanWeeks).steps, Contains("4"));
    EXPECT_THAT(figures->of(training::kPlanDepth).steps, Contains("0.50"));
    EXPECT_EQ(figures->of(training::kPlanDepth).steps.back(), "2.50");
    EXPECT_THAT(figures->of(training::kFollowLook).steps, Contains("28"));
    EXPECT_EQ(figures->of(training::kFollowLook).unit, "day");
    EXPECT_EQ(figures->of("what a clinic adds").steps, figures->of("other").steps);
    const app::FigureLadder& makeup = figures->of("advise_makeup");
    EXPECT_EQ(makeup.steps[static_cast<size_t>(makeup.first)], "6");
}

TEST(VisitFigures, MistakesNameTheLine) {
    EXPECT_THAT(refusal_of("unit = \"min\"", "unit = \"minutes\""), HasSubstr("test-visit-figures.toml:10:"));
    EXPECT_THAT(refusal_of("first = \"10\"", "first = \"11\""), HasSubstr("test-visit-figures.toml:12:"));
    EXPECT_THAT(refusal_of("1 2 5 10", "1 5 2 10"), HasSubstr("test-visit-figures.toml:11:"));
    EXPECT_THAT(refusal_of("event = \"other\"", "event = \"others\""), HasSubstr("test-visit-figures.toml"));
}

}  // namespace
