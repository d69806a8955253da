#include "engine/render/typed_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace render {
namespace {

constexpr int kTab = 258, kBackspace = 259, kLeft = 263, kLeftControl = 341, kShift = 0x1, kControl = 0x2;

void type(TypedKeys& keys, const std::string& letters) {
    for (const char letter : letters) {
        keys.press({letter >= 'a' && letter <= 'z' ? letter - 32 : letter, false, 0});
        keys.letter(static_cast<unsigned char>(letter));
    }
}

/// What a field makes of portions: letters first and then the command, as Dear ImGui does; a key that stays down counts once.
struct Field {
    std::string text;
    bool all = false;
    int down = 0;

    void take(const TypedKeys::Portion& portion) {
        for (const unsigned letter : portion.letters) {
            if (std::exchange(all, false)) text.clear();
            text += static_cast<char>(letter);
        }
        const bool again = portion.command != 0 && portion.command == down;
        down = portion.command;
        if (again) return;
        if (portion.command == 'A' && portion.mods == kControl) all = true;
        if (portion.command == kBackspace && !text.empty()) text.pop_back();
    }
};

TEST(TypedKeys, what_is_typed_over_a_whole_text_in_one_frame_replaces_it) {
    TypedKeys keys;
    keys.press({kLeftControl, false, 0});
    keys.press({'A', false, kControl});
    type(keys, "lean it");
    keys.press({kBackspace, false, 0});
    keys.press({kBackspace, false, 0});
    type(keys, "back");
    Field field{"hold it upright", false, 0};
    for (int frame = 0; frame < 10; ++frame) field.take(keys.next(true));
    EXPECT_EQ(field.text, "lean back");
}

TEST(TypedKeys, letters_alone_come_in_one_frame) {
    TypedKeys keys;
    type(keys, "as fast as a hand can");
    const TypedKeys::Portion portion = keys.next(true);
    EXPECT_EQ(portion.letters.size(), 21u);
    EXPECT_EQ(portion.presses.size(), 21u);
    EXPECT_EQ(portion.command, 0);
}

TEST(TypedKeys, a_command_keeps_what_was_held_with_it) {
    TypedKeys keys;
    keys.press({kLeft, false, kControl | kShift});
    const TypedKeys::Portion portion = keys.next(true);
    EXPECT_EQ(portion.command, kLeft);
    EXPECT_EQ(portion.mods, kControl | kShift);
}

TEST(TypedKeys, a_key_whose_turn_is_to_come_waits_and_is_let_go_before_it_goes_down_again) {
    TypedKeys keys;
    keys.press({kBackspace, false, 0});
    keys.press({kBackspace, false, 0});
    EXPECT_EQ(keys.next(true).command, kBackspace);
    EXPECT_TRUE(keys.waits(kBackspace));
    EXPECT_EQ(keys.next(true).command, 0);
    EXPECT_EQ(keys.next(true).command, kBackspace);
    EXPECT_FALSE(keys.waits(kBackspace));
}

TEST(TypedKeys, a_key_that_is_held_repeats_without_waiting) {
    TypedKeys keys;
    keys.press({kLeft, false, 0});
    for (int i = 0; i < 3; ++i) keys.press({kLeft, true, 0});
    EXPECT_EQ(keys.next(true).presses.size(), 4u);
}

TEST(TypedKeys, what_follows_a_tab_waits_for_the_next_field) {
    TypedKeys keys;
    type(keys, "a");
    keys.press({kTab, false, 0});
    type(keys, "b");
    EXPECT_EQ(keys.next(true).letters.size(), 1u);
    EXPECT_EQ(keys.next(true).command, kTab);
    EXPECT_TRUE(keys.next(false).letters.empty()) << "no field takes letters in this frame";
    EXPECT_TRUE(keys.next(true).letters.empty());
    EXPECT_EQ(keys.next(true).letters.size(), 1u);
}

TEST(TypedKeys, all_comes_at_once_where_nobody_types) {
    TypedKeys keys;
    for (int i = 0; i < 5; ++i) keys.press({kLeft, false, 0});
    type(keys, "ab");
    const TypedKeys::Portion portion = keys.next(false);
    EXPECT_EQ(portion.presses.size(), 7u);
    EXPECT_EQ(keys.next(false).presses.size(), 0u);
}

}  // namespace
}  // namespace render
