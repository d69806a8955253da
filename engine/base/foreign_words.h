#pragma once

// What the system and libraries say is wrong, in words of ours. The command line and the log keep theirs, which search engines know;
// a window tells ours in the reader's language (sentence.h).

#include "engine/base/result.h"

#include <string_view>
#include <system_error>

namespace base {

/// `ours` with `theirs` as its message, a line without control letters.
Error foreign_words(const Error& ours, std::string_view theirs);

/// `number`: an errno. The message is strerror's; rare ones are told in windows by their names alone, "EBADMSG".
Error system_error(int number);
/// Of std::filesystem, whose codes are errno's.
Error system_error(const std::error_code& code);

}  // namespace base
