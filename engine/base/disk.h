#pragma once

// Bytes written until the disk has them, and what is said where it does not take them.

#include "engine/base/result.h"

#include <filesystem>
#include <string_view>

namespace base {

/// For a file of which nothing stays, and `number`, an errno: the reason, and room as the way out where the disk has none.
Error nothing_written(const std::filesystem::path& path, int number);

/// All of the text, at the descriptor's place, and onto the disk. False: see errno; some of it may be there.
bool write_and_sync(int descriptor, std::string_view text);

}  // namespace base
