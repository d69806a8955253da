#include "engine/base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace base {

namespace {

/// Bytes of the letter that a text begins with, where it is none that a line may show; else 0.
size_t unfit_letter(std::string_view text) {
    const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
    if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
    if ((byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) || (byte(0) == 0xd8 && byte(1) == 0x9c)) return 2;
    const bool general = byte(0) == 0xe2 && byte(1) == 0x80 && (byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xa8 && byte(2) <= 0xae));
    const bool isolate = byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;
    return general || isolate ? 3 : 0;
}

}  // namespace

std::optional<size_t> first_invalid_utf8(std::string_view text) {
    auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
    size_t i = 0;
    while (i < text.size()) {
        uint8_t lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        size_t length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
        if (length == 0 || lead > 0xf4 || i + length > text.size()) return i;
        for (size_t k = 1; k < length; ++k)
            if ((byte(i + k) & 0xc0) != 0x80) return i;
        uint8_t second = byte(i + 1);
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) || (lead == 0xf0 && second < 0x90) ||
            (lead == 0xf4 && second >= 0x90))
            return i;
        i += length;
    }
    return std::nullopt;
}

std::string plain(std::string_view text) {
    std::string shown;
    for (size_t i = 0; i < text.size();) {
        const size_t unfit = unfit_letter(text.substr(i));
        shown += unfit > 0 ? '?' : text[i];
        i += std::max<size_t>(unfit, 1);
    }
    return shown;
}

bool is_plain(std::string_view text) {
    return !first_invalid_utf8(text) && plain(text) == text;
}

std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text)
        if (const bool blank = static_cast<uint8_t>(c) <= ' '; !blank || !line.ends_with(' ')) line += blank ? ' ' : c;
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

}  // namespace base
