#include "training/core/multibase.h"

#include <algorithm>

namespace training {

namespace {

constexpr std::string_view kLetters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Digits of a number in another base, both with the greatest first; leading zeros are not kept.
std::vector<uint8_t> in_base(std::span<const uint8_t> digits, uint32_t from, uint32_t to) {
    std::vector<uint8_t> least_first;
    for (uint32_t carry : digits) {
        for (uint8_t& digit : least_first) {
            carry += from * digit;
            digit = static_cast<uint8_t>(carry % to);
            carry /= to;
        }
        for (; carry > 0; carry /= to) least_first.push_back(static_cast<uint8_t>(carry % to));
    }
    std::ranges::reverse(least_first);
    return least_first;
}

size_t leading_zeros(std::span<const uint8_t> digits) {
    return static_cast<size_t>(std::ranges::find_if(digits, [](uint8_t d) { return d != 0; }) - digits.begin());
}

}  // namespace

std::string to_multibase(std::span<const uint8_t> bytes) {
    std::string text(1, 'z');
    text.append(leading_zeros(bytes), kLetters[0]);
    for (const uint8_t digit : in_base(bytes, 256, 58)) text += kLetters[digit];
    return text;
}

std::optional<std::vector<uint8_t>> from_multibase(std::string_view text, size_t most) {
    if (!text.starts_with('z') || text.size() > 1 + 2 * most) return std::nullopt;
    std::vector<uint8_t> digits;
    for (const char letter : text.substr(1)) {
        const size_t digit = kLetters.find(letter);
        if (digit == std::string_view::npos) return std::nullopt;
        digits.push_back(static_cast<uint8_t>(digit));
    }
    std::vector<uint8_t> bytes(leading_zeros(digits), 0);
    const std::vector<uint8_t> rest = in_base(digits, 58, 256);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    if (bytes.size() > most) return std::nullopt;
    return bytes;
}

}  // namespace training
