#pragma once

// Base58 of Bitcoin's alphabet with the prefix "z", the form in which keys and signatures stand in credentials (W3C Controlled
// Identifiers 1.0, section 2.4). Debian 12 has no C or C++ library of it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace training {

std::string to_multibase(std::span<const uint8_t> bytes);
/// None where the text has another prefix or letter, or more than `most` bytes.
std::optional<std::vector<uint8_t>> from_multibase(std::string_view text, size_t most = 256);

}  // namespace training
