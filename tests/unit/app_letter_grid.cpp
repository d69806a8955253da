// Letters on screen: which there are, and how a marked key goes round.

#include "training/app/letter_grid.h"
#include "training/app/strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using namespace app;

LetterGrid grid_of(const std::string& language) {
    const Words words = *Words::load({base::fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}}, language);
    const std::string pages[] = {words("letters.plain"), words("letters.signs"), words("letters.accented")};
    return LetterGrid(pages);
}

/// All that can be typed, on each page with and without Shift.
std::set<char32_t> typed_with(LetterGrid grid) {
    std::set<char32_t> all;
    for (int page = 0; page < 3; ++page, grid.turn_page())
        for (int shift = 0; shift < 2; ++shift, grid.turn_shift())
            for (const LetterGrid::Key& key : grid.keys())
                if (key.kind == LetterKey::letter) all.insert(key.letter);
    return all;
}

TEST(LetterGrid, in_every_language_types_all_of_ascii_and_the_letters_of_all_three) {
    const std::u32string marked = U"áàâäæçéèêëíîïñóôöœúùûüÿÁÀÂÄÆÇÉÈÊËÍÎÏÑÓÔÖŒÚÙÛÜŸ¿¡«»°";
    for (const char* language : {"en", "es", "fr"}) {
        const std::set<char32_t> typed = typed_with(grid_of(language));
        for (char32_t letter = U'!'; letter <= U'~'; ++letter) EXPECT_TRUE(typed.contains(letter)) << language << " " << written(letter);
        for (const char32_t letter : marked) EXPECT_TRUE(typed.contains(letter)) << language << " " << written(letter);
    }
}

TEST(LetterGrid, every_letter_is_reached_by_the_cross_and_every_way_comes_round) {
    LetterGrid grid = grid_of("en");
    for (const LetterGrid::Key& key : grid.keys()) {
        LetterGrid walker = grid_of("en");
        for (int down = 0; down < key.row; ++down) walker.move(0, 1);
        while (walker.marked().column != key.column) walker.move(1, 0);
        EXPECT_EQ(walker.marked().letter, key.letter);
        EXPECT_EQ(walker.marked().kind, key.kind);
    }
    for (int row = 0; row < grid.rows(); ++row, grid.move(0, 1)) {
        const LetterGrid::Key from = grid.marked();
        for (const int way : {1, -1}) {
            int steps = 0;
            do grid.move(way, 0), ++steps;
            while (grid.marked().column != from.column && steps < 20);
            EXPECT_EQ(steps, row + 1 == grid.rows() ? 5 : LetterGrid::kColumns) << "row " << row;
        }
    }
    EXPECT_EQ(grid.marked().row, 0) << "below the last row is the first";
}

TEST(LetterGrid, the_mark_stays_on_the_key_that_turns_the_page_and_else_begins_the_new_one) {
    LetterGrid grid = grid_of("en");
    grid.move(0, -1);
    grid.move(1, 0);
    ASSERT_EQ(grid.marked().kind, LetterKey::page);
    grid.turn_page();
    EXPECT_EQ(grid.marked().kind, LetterKey::page);
    grid.move(0, 1);
    grid.turn_page();
    EXPECT_EQ(grid.marked().row, 0);
    EXPECT_EQ(grid.marked().column, 0);
}

TEST(LetterGrid, takes_rows_of_any_length_as_a_translator_may_write_them) {
    const std::string pages[] = {"  abcdefghijklmnop  q ", "   ", ""};
    LetterGrid grid(pages);
    EXPECT_EQ(grid.rows(), 4) << "ten letters, six, one, and the foot";
    EXPECT_EQ(typed_with(grid).size(), 2 * 17u) << "with their capitals";
    const std::string none[] = {""};
    EXPECT_EQ(typed_with(LetterGrid(none)).size(), 10u);
}

TEST(LetterGrid, letters_are_written_in_utf8) {
    EXPECT_EQ(written(U'a'), "a");
    EXPECT_EQ(written(U'ñ'), "ñ");
    EXPECT_EQ(written(U'Œ'), "Œ");
    EXPECT_EQ(written(U'Ÿ'), "Ÿ");
    EXPECT_EQ(written(U'€'), "€");
    EXPECT_EQ(capital_of(U'÷'), U'÷');
    EXPECT_EQ(capital_of(U'ß'), U'ß');
}

}  // namespace
