#include "engine/base/utf8.h"

#include <cstdint>

namespace base {

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

}  // namespace base
