// What a session sounds like, and its words, without a device.

#include "training/app/sounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using app::Sounds;
using app::Subtitle;
using training::Cue;
using training::CueKind;
using training::CueSeverity;

constexpr double kFrame = 1.0 / 60;

class AppSounds : public testing::Test {
  protected:
    void SetUp() override {
        const auto places = base::find_places(base::fs::path(EVENHAND_SOURCE_DIR) / "content");
        ASSERT_TRUE(places) << places.error().message;
        const base::Status begun = sounds_.begin(*places);
        ASSERT_TRUE(begun) << begun.error().message;
        view_.phase = app::Phase::running;
        view_.rate_dhz = 1100;
    }
    void pass(double seconds) {
        for (double t = 0; t < seconds; t += kFrame) {
            sounds_.hear(view_, device_, view_.cue ? "force_high" : "");
            sounds_.pass(kFrame);
        }
    }
    void press(double force) {
        view_.contact.touching = force > 0;
        view_.contact.force = force;
    }
    static Cue cue(CueKind kind, CueSeverity severity) {
        Cue cue;
        cue.kind = kind;
        cue.severity = severity;
        return cue;
    }

    skin::DeviceProfile device_;
    app::SessionView view_;
    Sounds sounds_;
};

TEST_F(AppSounds, the_motor_runs_as_long_as_the_session_does_and_carries_the_hands_load) {
    press(0.8);
    pass(0.1);
    EXPECT_TRUE(sounds_.motor().on);
    EXPECT_EQ(sounds_.motor().rate_hz, 110);
    EXPECT_EQ(sounds_.motor().force, 0.8);
    view_.phase = app::Phase::paused;
    pass(0.1);
    EXPECT_FALSE(sounds_.motor().on);
    view_.phase = app::Phase::running;
    pass(0.1);
    EXPECT_TRUE(sounds_.motor().on);
    sounds_.pass(kFrame);  // a screen without a session
    EXPECT_FALSE(sounds_.motor().on);
}

TEST_F(AppSounds, rollers_have_no_motor) {
    device_.kind = skin::DeviceKind::roller;
    press(0.8);
    pass(0.1);
    EXPECT_FALSE(sounds_.motor().on);
    EXPECT_THAT(sounds_.subtitles(), testing::IsEmpty());
}

TEST_F(AppSounds, words_follow_the_motor_and_go_after_a_while) {
    pass(0.1);
    EXPECT_THAT(sounds_.subtitles(), testing::ElementsAre(Subtitle{"motor_runs"}));
    pass(5);
    EXPECT_THAT(sounds_.subtitles(), testing::IsEmpty());
    press(3);
    pass(6);
    EXPECT_THAT(sounds_.subtitles(), testing::ElementsAre(Subtitle{"motor_labours"})) << "as long as it does";
    press(0.5);
    pass(5);
    EXPECT_THAT(sounds_.subtitles(), testing::IsEmpty());
    view_.phase = app::Phase::paused;
    pass(0.1);
    EXPECT_THAT(sounds_.subtitles(), testing::ElementsAre(Subtitle{"motor_stops"}));
}

TEST_F(AppSounds, a_cue_is_told_once_and_again_when_it_grows_grave) {
    pass(5);
    view_.cue = cue(CueKind::force_high, CueSeverity::notice);
    pass(0.1);
    EXPECT_THAT(sounds_.subtitles(), testing::ElementsAre(Subtitle{"tone", "force_high"}));
    pass(5);
    EXPECT_THAT(sounds_.subtitles(), testing::IsEmpty()) << "it is still told on the picture, not again by sound";
    view_.cue = cue(CueKind::force_high, CueSeverity::urgent);
    pass(0.1);
    EXPECT_THAT(sounds_.subtitles(), testing::ElementsAre(Subtitle{"tone", "force_high"}));
}

TEST_F(AppSounds, the_tone_says_which_way) {
    EXPECT_EQ(app::tone_of(cue(CueKind::force_high, CueSeverity::warning)), "less");
    EXPECT_EQ(app::tone_of(cue(CueKind::force_low, CueSeverity::warning)), "more");
    EXPECT_EQ(app::tone_of(cue(CueKind::tilt, CueSeverity::notice)), "other");
    EXPECT_EQ(app::tone_of(cue(CueKind::no_go, CueSeverity::urgent)), "urgent");
    EXPECT_EQ(app::tone_of(cue(CueKind::end_point, CueSeverity::notice)), "done");
    Cue deep = cue(CueKind::depth, CueSeverity::warning);
    deep.band.target_low = 300;
    deep.value = 900;
    EXPECT_EQ(app::tone_of(deep), "less");
    deep.value = 100;
    EXPECT_EQ(app::tone_of(deep), "more");
}

TEST_F(AppSounds, every_tone_that_is_played_is_in_the_content) {
    const auto figures = sound::Figures::read(base::fs::path(EVENHAND_SOURCE_DIR) / "content/sounds.toml");
    ASSERT_TRUE(figures) << figures.error().message;
    for (size_t kind = 0; kind < training::kCueKinds; ++kind)
        for (const CueSeverity severity : {CueSeverity::notice, CueSeverity::warning, CueSeverity::urgent})
            EXPECT_NE(figures->tone(app::tone_of(cue(static_cast<CueKind>(kind), severity))), nullptr);
    for (const char* told : {"done", "time"}) EXPECT_NE(figures->tone(told), nullptr) << told;
}

}  // namespace
