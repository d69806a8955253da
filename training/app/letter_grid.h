#pragma once

// Letters on screen, in rows that a marked key goes round in: pages of ten columns, and below each the keys that are no letters.
// Which letters a page has stands in the locale. Nothing is drawn and nothing is kept of what was typed here.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace app {

enum class LetterKey : uint8_t { letter, shift, page, space, erase, done };

/// The capital of a letter of English, Spanish or French; anything else stays.
char32_t capital_of(char32_t letter);
/// UTF-8.
std::string written(char32_t letter);

class LetterGrid {
  public:
    static constexpr int kColumns = 10;

    struct Key {
        LetterKey kind = LetterKey::letter;
        char32_t letter = 0;         ///< as it is typed, with Shift; 0 where it is none
        int row = 0, column = 0;     ///< of its left end
        int columns = 1;             ///< that it is wide
    };

    /// Rows of a page stand behind each other with a space between; one of more than kColumns letters goes on in the next. A page without
    /// letters is none; without any there are the digits.
    explicit LetterGrid(std::span<const std::string> pages);

    /// Of the page at hand, row by row from the upper left.
    std::vector<Key> keys() const;
    int rows() const { return static_cast<int>(pages_[page_].size()) + 1; }
    size_t page() const { return page_; }
    bool shift() const { return shift_; }
    Key marked() const;

    /// To the next key that way; from an end to the other.
    void move(int right, int down);
    void mark(const Key& key);
    void turn_shift() { shift_ = !shift_; }
    /// The next page; the mark stays in the row of the keys that are no letters, else goes to the page's first letter.
    void turn_page();

  private:
    std::vector<Key> row(int index) const;

    std::vector<std::vector<std::u32string>> pages_;
    size_t page_ = 0;
    int row_ = 0, column_ = 0;
    bool shift_ = false;
};

}  // namespace app
