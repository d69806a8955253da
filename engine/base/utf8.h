#pragma once

// Whether bytes from elsewhere are text, and text that can be shown.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// Offset of the first byte that is not UTF-8 (RFC 3629: no overlong forms, no surrogates), or none.
std::optional<size_t> first_invalid_utf8(std::string_view text);

/// A text from elsewhere without what would break a line, steer a terminal or turn other words round: ? for each control letter (below
/// U+0020, U+007F to U+009F), line and paragraph separator (U+2028, U+2029) and mark of writing direction (U+061C, U+200E, U+200F, U+202A to
/// U+202E, U+2066 to U+2069).
std::string plain(std::string_view text);
/// Whether a text is UTF-8 that plain() leaves as it is: fit for a name or a code.
bool is_plain(std::string_view text);

/// A library's message on one line: blanks, tabs and line ends that follow one another become one blank, none at the end.
std::string one_line(std::string_view text);

}  // namespace base
