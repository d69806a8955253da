#pragma once

// The letters on screen as a language has them in content/locale, and where each of them is.

#include "engine/base/toml.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace gui_test {

class Letters {
  public:
    struct Place {
        int page = 0, row = 0, column = 0;
    };

    explicit Letters(const std::string& language) {
        const auto file = base::read_toml(EVENHAND_SOURCE_DIR "/content/locale/" + language + ".toml");
        EXPECT_TRUE(file);
        for (const char* page : {"plain", "signs", "accented"}) {
            std::istringstream rows((*file)["letters"][page].value_or(std::string()));
            pages_.emplace_back();
            for (std::string row; rows >> row;) pages_.back().push_back(letters_of(row));
        }
    }

    /// Of the page at hand if it is there, else of the first that has it. A failure where none has.
    Place of(const std::string& letter, int page) const {
        for (const int one : {page, 0, 1, 2})
            for (size_t row = 0; row < pages_[static_cast<size_t>(one)].size(); ++row)
                for (size_t column = 0; column < pages_[static_cast<size_t>(one)][row].size(); ++column)
                    if (pages_[static_cast<size_t>(one)][row][column] == letter) return {one, static_cast<int>(row), static_cast<int>(column)};
        ADD_FAILURE() << "no page has " << letter;
        return {};
    }
    /// Without the last, whose keys are no letters: five, each two columns wide.
    int rows(int page) const { return static_cast<int>(pages_[static_cast<size_t>(page)].size()); }
    int columns(int page, int row) const { return static_cast<int>(pages_[static_cast<size_t>(page)][static_cast<size_t>(row)].size()); }

    /// Of UTF-8.
    static std::vector<std::string> letters_of(const std::string& text) {
        std::vector<std::string> all;
        for (const char byte : text) {
            if ((static_cast<unsigned char>(byte) & 0xc0) != 0x80) all.emplace_back();
            all.back() += byte;
        }
        return all;
    }

  private:
    std::vector<std::vector<std::vector<std::string>>> pages_;  ///< rows, and letters of a row
};

}  // namespace gui_test
