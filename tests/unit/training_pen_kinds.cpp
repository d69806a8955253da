#include "training/core/pen_kinds.h"

#include "training/core/rubric.h"
#include "training/core/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace training {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Recording led_by(const std::string& source, const std::vector<std::string>& pens) {
    Recording recording;
    recording.header.source = source;
    for (const std::string& pen : pens) recording.events.push_back({0, "pen", pen});
    return recording;
}

TEST(PenKinds, AreThoseOfTheEventsOrElseTheSources) {
    EXPECT_THAT(pens_of(led_by("mouse", {})), ElementsAre("mouse"));
    EXPECT_THAT(pens_of(led_by("operator expert 7", {})), ElementsAre("operator"));
    EXPECT_THAT(pens_of(led_by("mouse", {"stylus 8192 levels", "gamepad", "stylus 8192 levels"})), ElementsAre("stylus", "gamepad"));
}

TEST(PenKinds, ARubricThatAsksForSomeIsMetByThoseAlone) {
    const std::vector<std::string> wanted = {"stylus", "tracked"};
    EXPECT_THAT(wrong_pen(std::vector<std::string>{"stylus"}, wanted), IsEmpty());
    EXPECT_THAT(wrong_pen(std::vector<std::string>{"mouse"}, {}), IsEmpty());
    EXPECT_EQ(wrong_pen(pens_of(led_by("mouse", {"stylus 8192 levels", "mouse"})), wanted),
              "the pen was led by mouse; this rubric asks for stylus, tracked pen");
    EXPECT_EQ(wrong_pen(pens_of(led_by("keys", {"keys arrow keys, 0.5 mm a tap"})), wanted),
              "the pen was led by keys; this rubric asks for stylus, tracked pen");
    EXPECT_THAT(wrong_pen(std::vector<std::string>{"keys"}, std::vector<std::string>{"mouse", "keys"}), IsEmpty());
}

TEST(PenKinds, ARubricsPensAreReadAndAnUnknownOneIsRefusedWhereItStands) {
    const base::Places places{base::fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}};
    const std::string text = *base::read_text(places.data / "rubrics/provisional.toml");
    const auto with = [&](const std::string& pens) { return read_rubric_text(places, "pens = " + pens + "\n" + text, "r.toml"); };
    const RubricReading sound = with("[\"stylus\", \"tracked\"]");
    EXPECT_THAT(sound.mistakes, IsEmpty());
    EXPECT_THAT(sound.rubric.pens, ElementsAre("stylus", "tracked"));
    EXPECT_THAT(explain_rubric(sound.rubric), HasSubstr("Only sessions whose pen was led by stylus or tracked."));
    const auto told = [](const auto& what) { return testing::Field(&base::Error::message, what); };
    EXPECT_THAT(with("[\"stylus\", \"brush\"]").mistakes,
                ElementsAre(told(testing::AllOf(HasSubstr("r.toml:1:19"), HasSubstr("no kind of pen 'brush'")))));
    EXPECT_THAT(with("\"stylus\"").mistakes, ElementsAre(told(HasSubstr("an array of kinds of pen is needed"))));
    EXPECT_THAT(with("[7]").mistakes, ElementsAre(told(HasSubstr("no kind of pen ''"))));
}

}  // namespace
}  // namespace training
