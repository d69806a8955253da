#include "training/app/line_breaks.h"

#include <algorithm>
#include <string_view>

namespace app {

namespace {

float width_of(const ImFont& font, std::string_view words) {
    return words.empty() ? 0 : font.CalcTextSizeA(font.FontSize, 1e9f, 0, words.data(), words.data() + words.size()).x;
}

/// Lines that grow by a word at a time.
struct Lines {
    const ImFont& font;
    float most;  ///< pixels
    std::string text = {};
    float used = 0;  ///< of the last line, pixels

    void end() {
        text += '\n';
        used = 0;
    }

    void add(std::string_view words, float width) {
        text += words;
        used += width;
    }

    /// What is too long for a line is cut behind the last letter that has room.
    void add_cut(std::string_view word) {
        while (!word.empty()) {
            size_t letter = 1;  // of UTF-8, whole
            while (letter < word.size() && (static_cast<unsigned char>(word[letter]) & 0xc0) == 0x80) ++letter;
            const float width = width_of(font, word.substr(0, letter));
            if (used > 0 && used + width > most) end();
            add(word.substr(0, letter), width);
            word.remove_prefix(letter);
        }
    }
};

}  // namespace

std::string in_lines(const ImFont& font, const std::string& words, float width) {
    if (width <= 0 || width_of(font, words) <= width) return words;
    Lines lines{font, width};
    std::string_view rest = words;
    while (!rest.empty()) {
        if (rest.front() == '\n') {
            lines.end();
            rest.remove_prefix(1);
            continue;
        }
        const size_t begin = std::min(rest.find_first_not_of(' '), rest.size()), end = std::min(rest.find_first_of(" \n", begin), rest.size());
        const std::string_view piece = rest.substr(0, end), word = rest.substr(begin, end - begin);
        rest.remove_prefix(end);
        const float piece_width = width_of(font, piece);
        if (lines.used + piece_width <= width) {
            lines.add(piece, piece_width);
            continue;
        }
        if (word.empty()) continue;  // blanks at the end of a line
        if (lines.used > 0) lines.end();
        lines.add_cut(word);
    }
    return lines.text;
}

}  // namespace app
