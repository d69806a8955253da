#pragma once

// Whether bytes from elsewhere are text.

#include <cstddef>
#include <optional>
#include <string_view>

namespace base {

/// Offset of the first byte that is not UTF-8 (RFC 3629: no overlong forms, no surrogates), or none.
std::optional<size_t> first_invalid_utf8(std::string_view text);

}  // namespace base
