#include "engine/render/pad_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using input::GamepadState;
using render::PadKeys;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kEscape = 256, kEnter = 257, kDown = 264;

std::vector<int> keys(const std::vector<PadKeys::Press>& presses) {
    std::vector<int> found;
    for (const auto& press : presses) found.push_back(press.repeat ? -press.key : press.key);
    return found;
}

GamepadState with(bool GamepadState::*button) {
    GamepadState pad;
    pad.*button = true;
    return pad;
}

TEST(PadKeys, AButtonIsAKeyOnceForEachTimeThatItGoesDown) {
    PadKeys pad;
    EXPECT_THAT(pad.update(0, {}, false), IsEmpty());
    EXPECT_THAT(keys(pad.update(0.02, with(&GamepadState::south), false)), ElementsAre(kEnter));
    for (double t = 0.04; t < 3; t += 0.02) EXPECT_THAT(pad.update(t, with(&GamepadState::south), false), IsEmpty());
    EXPECT_THAT(pad.update(3.1, {}, false), IsEmpty());
    EXPECT_THAT(keys(pad.update(3.2, with(&GamepadState::south), false)), ElementsAre(kEnter));
}

TEST(PadKeys, TheCrossRepeatsWhileItIsHeld) {
    PadKeys pad;
    std::vector<int> all;
    for (int i = 0; i <= 100; ++i)  // 1 s
        for (const int key : keys(pad.update(i * 0.01, with(&GamepadState::down), false))) all.push_back(key);
    // At 0; then 0.4, 0.5 … 1.0, each by up to a look later.
    EXPECT_THAT(all.front(), kDown);
    EXPECT_GE(all.size(), 6u);
    EXPECT_LE(all.size(), 8u);
    for (size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i], -kDown);
}

TEST(PadKeys, WhileThePadLeadsThePenItsButtonsBelongToThePen) {
    PadKeys pad;
    for (const auto button : {&GamepadState::south, &GamepadState::north, &GamepadState::west, &GamepadState::up, &GamepadState::down,
                              &GamepadState::cross_left, &GamepadState::cross_right})
        EXPECT_THAT(pad.update(0, with(button), true), IsEmpty());
    EXPECT_THAT(keys(pad.update(1, with(&GamepadState::left_shoulder), true)), ElementsAre('['));
    EXPECT_THAT(keys(pad.update(2, with(&GamepadState::right_shoulder), true)), ElementsAre(']'));
    EXPECT_THAT(keys(pad.update(3, with(&GamepadState::east), true)), ElementsAre(kEscape));
    EXPECT_THAT(keys(pad.update(4, with(&GamepadState::back), true)), ElementsAre(kEnter));
}

TEST(PadKeys, WhatWasHeldWhenTheScreenChangedSaysNothingUntilItIsPressedAgain) {
    PadKeys pad;
    EXPECT_THAT(pad.update(0, with(&GamepadState::down), true), IsEmpty());
    for (double t = 0.1; t < 2; t += 0.05) EXPECT_THAT(pad.update(t, with(&GamepadState::down), false), IsEmpty()) << t;
    EXPECT_THAT(pad.update(2, {}, false), IsEmpty());
    EXPECT_THAT(keys(pad.update(2.1, with(&GamepadState::down), false)), ElementsAre(kDown));
}

}  // namespace
