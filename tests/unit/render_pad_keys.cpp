#include "engine/render/pad_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using input::GamepadState;
using render::PadKeys;
using render::PadPart;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kEscape = 256, kEnter = 257, kTab = 258, kBackspace = 259, kDown = 264, kUp = 265;

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
    EXPECT_THAT(pad.update(0, {}, PadPart::screens), IsEmpty());
    EXPECT_THAT(keys(pad.update(0.02, with(&GamepadState::south), PadPart::screens)), ElementsAre(kEnter));
    for (double t = 0.04; t < 3; t += 0.02) EXPECT_THAT(pad.update(t, with(&GamepadState::south), PadPart::screens), IsEmpty());
    EXPECT_THAT(pad.update(3.1, {}, PadPart::screens), IsEmpty());
    EXPECT_THAT(keys(pad.update(3.2, with(&GamepadState::south), PadPart::screens)), ElementsAre(kEnter));
}

TEST(PadKeys, TheCrossRepeatsWhileItIsHeld) {
    PadKeys pad;
    std::vector<int> all;
    for (int i = 0; i <= 100; ++i)  // 1 s
        for (const int key : keys(pad.update(i * 0.01, with(&GamepadState::down), PadPart::screens))) all.push_back(key);
    // At 0; then 0.4, 0.5 … 1.0, each by up to a look later.
    EXPECT_THAT(all.front(), kDown);
    EXPECT_GE(all.size(), 6u);
    EXPECT_LE(all.size(), 8u);
    for (size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i], -kDown);
}

/// What a button is in this part, pressed by itself.
std::vector<int> key_of(bool GamepadState::*button, PadPart part, double left_trigger = -1) {
    PadKeys pad;
    GamepadState state;
    state.left_trigger = left_trigger;
    pad.update(0, state, part);
    state.*button = true;
    return keys(pad.update(1, state, part));
}

TEST(PadKeys, WhileThePadLeadsThePenItReachesAllThatThereIsToDo) {
    for (const auto button : {&GamepadState::south, &GamepadState::north, &GamepadState::up, &GamepadState::down, &GamepadState::start})
        EXPECT_THAT(key_of(button, PadPart::pen), IsEmpty()) << "the pen's own";
    EXPECT_THAT(key_of(&GamepadState::west, PadPart::pen), ElementsAre('G'));
    EXPECT_THAT(key_of(&GamepadState::cross_left, PadPart::pen), ElementsAre('X'));
    EXPECT_THAT(key_of(&GamepadState::cross_right, PadPart::pen), ElementsAre('B'));
    EXPECT_THAT(key_of(&GamepadState::left_shoulder, PadPart::pen), ElementsAre('['));
    EXPECT_THAT(key_of(&GamepadState::right_shoulder, PadPart::pen), ElementsAre(']'));
    EXPECT_THAT(key_of(&GamepadState::east, PadPart::pen), ElementsAre(kEscape));
    EXPECT_THAT(key_of(&GamepadState::back, PadPart::pen), ElementsAre(kEnter));
}

TEST(PadKeys, WithTheLeftTriggerPulledTheButtonsAreTools) {
    EXPECT_THAT(key_of(&GamepadState::up, PadPart::pen, 1), ElementsAre('W'));
    EXPECT_THAT(key_of(&GamepadState::cross_left, PadPart::pen, 1), ElementsAre('A'));
    EXPECT_THAT(key_of(&GamepadState::north, PadPart::pen, 1), ElementsAre('O'));
    EXPECT_THAT(key_of(&GamepadState::west, PadPart::pen, 1), ElementsAre('N'));
    EXPECT_THAT(key_of(&GamepadState::east, PadPart::pen, 1), ElementsAre('H'));
    EXPECT_THAT(key_of(&GamepadState::back, PadPart::pen, 1), ElementsAre(kBackspace));
    EXPECT_THAT(key_of(&GamepadState::start, PadPart::pen, 1), ElementsAre('P'));
    EXPECT_THAT(key_of(&GamepadState::south, PadPart::pen, 1), IsEmpty());
    EXPECT_THAT(key_of(&GamepadState::north, PadPart::screens, 1), ElementsAre(' ')) << "on other screens the trigger means nothing";
    PadKeys pad;
    GamepadState state;
    state.left_trigger = 1;
    pad.update(0, state, PadPart::pen);
    state.right_shoulder = true;
    const auto pull = pad.update(1, state, PadPart::pen);
    ASSERT_EQ(pull.size(), 1u);
    EXPECT_EQ(pull[0].key, kUp);
    EXPECT_TRUE(pull[0].shift);
}

TEST(PadKeys, AMissingLeftTriggerThatTellsZeroHoldsNoTools) {
    EXPECT_THAT(key_of(&GamepadState::west, PadPart::pen, 0), ElementsAre('G'));
}

TEST(PadKeys, InTheMenuTheCrossGoesRoundTheButtonsOnScreen) {
    PadKeys pad;
    pad.update(0, {}, PadPart::menu);
    const auto back = pad.update(1, with(&GamepadState::up), PadPart::menu);
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back[0].key, kTab);
    EXPECT_TRUE(back[0].shift);
    EXPECT_THAT(key_of(&GamepadState::down, PadPart::menu), ElementsAre(kTab));
    EXPECT_THAT(key_of(&GamepadState::south, PadPart::menu), ElementsAre(kEnter));
    EXPECT_THAT(key_of(&GamepadState::start, PadPart::menu), ElementsAre(kEscape));
}

TEST(PadKeys, WhatWasHeldWhenTheScreenChangedSaysNothingUntilItIsPressedAgain) {
    PadKeys pad;
    EXPECT_THAT(pad.update(0, with(&GamepadState::down), PadPart::pen), IsEmpty());
    for (double t = 0.1; t < 2; t += 0.05) EXPECT_THAT(pad.update(t, with(&GamepadState::down), PadPart::screens), IsEmpty()) << t;
    EXPECT_THAT(pad.update(2, {}, PadPart::screens), IsEmpty());
    EXPECT_THAT(keys(pad.update(2.1, with(&GamepadState::down), PadPart::screens)), ElementsAre(kDown));
}

TEST(PadKeys, LettersOnScreenHaveAButtonForEachWayAndEachKeyThatIsNoLetter) {
    std::vector<int> all;
    for (const auto button : {&GamepadState::up, &GamepadState::down, &GamepadState::cross_left, &GamepadState::cross_right, &GamepadState::south, &GamepadState::north,
                              &GamepadState::west, &GamepadState::east, &GamepadState::left_shoulder, &GamepadState::right_shoulder, &GamepadState::start})
        for (const int key : key_of(button, PadPart::letters)) all.push_back(key);
    EXPECT_THAT(all, ElementsAre(kUp, kDown, 263, 262, ' ', kTab, kBackspace, kEscape, 266, 267, kEnter));
}

}  // namespace
