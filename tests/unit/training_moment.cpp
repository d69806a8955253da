#include "training/core/moment.h"

#include "tests/unit/training_stage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace training {
namespace {

/// A second on the pad: down from 0.25 to 0.75 s.
Recording a_second() {
    Recording recording;
    for (uint32_t i = 1; i <= 120; ++i) {
        input::PenSample sample;
        sample.time_us = i * 8333;
        sample.depth_um = i > 60 ? 750 : 500;
        recording.samples.push_back(sample);
        if (i >= 30 && i < 90)
            recording.contacts.push_back(
                {i * 8333, 0, 1, 810, 500, 420, 22'300, shared::kContactTouching | shared::kContactMotor});
        recording.punctures.push_back({i * 8333, 0, 0, 0, 500, 800});
    }
    recording.events = {{0, "depth_mm", "0.5"}, {500'000, "depth_mm", "0.75"}};
    recording.checkpoints = {{60, {}}, {120, {}}};
    recording.finished = true;
    return recording;
}

TEST(Moment, tells_force_place_tilt_speed_and_settings) {
    Recording recording = a_second();
    const face::FaceAsset& face = *training_test::flat_pad();
    auto words = [&](uint32_t time_us) { return moment_words(recording.samples, recording.contacts, face, time_us); };
    EXPECT_EQ(words(400'000),
              "0:00.4: the tip presses with 0.81 N on the pad, tilted 4.2 degrees, gliding at 2.2 cm/s; needles set to 0.5 mm, "
              "motor on");
    EXPECT_EQ(words(100'000), "0:00.1: the tip is off the skin; needles set to 0.5 mm, motor on");
    EXPECT_EQ(words(900'000), "0:00.9: the tip is off the skin; needles set to 0.75 mm, motor on");
    EXPECT_EQ(words(0), "0:00.0: the session has not begun");
}

TEST(Moment, until_then_is_what_was_recorded_up_to_it) {
    Recording whole = a_second();
    Recording half = until(whole, 500'000);
    EXPECT_EQ(half.samples.size(), 60u);
    EXPECT_EQ(half.punctures.size(), 60u);
    EXPECT_EQ(half.contacts.size(), 31u);
    EXPECT_EQ(half.events.size(), 2u);
    EXPECT_EQ(half.checkpoints.size(), 1u);
    EXPECT_FALSE(half.finished);
    EXPECT_EQ(until(whole, 2'000'000).samples.size(), whole.samples.size());
    EXPECT_TRUE(until(whole, 0).samples.empty());
}

TEST(Moment, a_session_replayed_to_a_moment_is_the_whole_one_as_far_as_it_went) {
    auto stage = std::make_shared<Stage>(training_test::small_pad());
    Performance done = perform_operator(*stage, Skill::expert, 1);
    done.samples.resize(std::min<size_t>(done.samples.size(), 600));
    Recording whole = training_test::record(*stage, done, "test");
    constexpr uint32_t kThen_us = 3'000'000;
    Recording recorded = until(whole, kThen_us);
    Session replayed = resimulate(recorded, stage);
    ASSERT_GT(replayed.contacts().size(), 100u);
    for (size_t i = 0; i < replayed.contacts().size(); ++i)
        ASSERT_TRUE(std::memcmp(&replayed.contacts()[i], &whole.contacts[i], sizeof(shared::ContactRecord)) == 0) << i;
}

}  // namespace
}  // namespace training
