#include "training/app/letter_grid.h"

#include <algorithm>
#include <array>

namespace app {

namespace {

/// Of well-formed UTF-8, as the locale is.
std::u32string letters_of(const std::string& text) {
    std::u32string all;
    for (size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const size_t bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        char32_t letter = bytes == 1 ? first : first & (0x3fu >> (bytes - 1));
        for (size_t k = 1; k < bytes && i + k < text.size(); ++k) letter = letter << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
        all += letter;
        i += bytes;
    }
    return all;
}

constexpr LetterKey kFoot[] = {LetterKey::shift, LetterKey::page, LetterKey::space, LetterKey::erase, LetterKey::done};

}  // namespace

char32_t capital_of(char32_t letter) {
    if ((letter >= U'a' && letter <= U'z') || (letter >= 0xe0 && letter <= 0xfe && letter != 0xf7)) return letter - 0x20;
    if (letter == 0xff) return 0x178;
    return letter == 0x153 ? 0x152 : letter;
}

std::string written(char32_t letter) {
    if (letter < 0x80) return {static_cast<char>(letter)};
    if (letter < 0x800) return {static_cast<char>(0xc0 | letter >> 6), static_cast<char>(0x80 | (letter & 0x3f))};
    return {static_cast<char>(0xe0 | letter >> 12), static_cast<char>(0x80 | (letter >> 6 & 0x3f)), static_cast<char>(0x80 | (letter & 0x3f))};
}

LetterGrid::LetterGrid(std::span<const std::string> pages) {
    for (const std::string& page : pages) {
        std::vector<std::u32string> rows(1);
        for (const char32_t letter : letters_of(page)) {
            if ((letter == U' ' || rows.back().size() == kColumns) && !rows.back().empty()) rows.emplace_back();
            if (letter != U' ') rows.back() += letter;
        }
        if (rows.back().empty()) rows.pop_back();
        if (!rows.empty()) pages_.push_back(std::move(rows));
    }
    if (pages_.empty()) pages_.push_back({U"1234567890"});
}

std::vector<LetterGrid::Key> LetterGrid::row(int index) const {
    std::vector<Key> keys;
    if (index + 1 == rows()) {
        constexpr int kWide = kColumns / static_cast<int>(std::size(kFoot));
        for (const LetterKey kind : kFoot) keys.push_back({kind, 0, index, static_cast<int>(keys.size()) * kWide, kWide});
        return keys;
    }
    for (const char32_t letter : pages_[page_][static_cast<size_t>(index)])
        keys.push_back({LetterKey::letter, shift_ ? capital_of(letter) : letter, index, static_cast<int>(keys.size()), 1});
    return keys;
}

std::vector<LetterGrid::Key> LetterGrid::keys() const {
    std::vector<Key> all;
    for (int i = 0; i < rows(); ++i) std::ranges::copy(row(i), std::back_inserter(all));
    return all;
}

LetterGrid::Key LetterGrid::marked() const {
    const std::vector<Key> keys = row(row_);
    for (const Key& key : keys)
        if (column_ < key.column + key.columns) return key;
    return keys.back();
}

void LetterGrid::move(int right, int down) {
    if (right != 0) {
        const Key from = marked(), last = row(row_).back();
        const int to = right > 0 ? from.column + from.columns : from.column - 1;
        column_ = to < 0 ? last.column : to >= last.column + last.columns ? 0 : to;
        column_ = marked().column;
    }
    if (down != 0) row_ = (row_ + (down > 0 ? 1 : rows() - 1)) % rows();
}

void LetterGrid::mark(const Key& key) {
    row_ = key.row;
    column_ = key.column;
}

void LetterGrid::turn_page() {
    const bool foot = row_ + 1 == rows();
    page_ = (page_ + 1) % pages_.size();
    row_ = foot ? rows() - 1 : 0;
    if (!foot) column_ = 0;
}

}  // namespace app
