#pragma once

// Files as the rest of the program meets them: read whole with a clear refusal, written whole or not at all, and the
// places where content, shaders and caches live.

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

namespace fs = std::filesystem;

/// The whole file. Errors: missing, a folder, unreadable, larger than `limit_bytes`.
Result<std::vector<uint8_t>> read_file(const fs::path& path, uint64_t limit_bytes = 1ull << 30);
/// As read_file, and refuses an empty file and bytes that are not UTF-8 (with line and column, in bytes). A byte order mark is dropped.
Result<std::string> read_text(const fs::path& path, uint64_t limit_bytes = 64ull << 20);

/// Writes beside the target, syncs, then renames over it: the old file or the new one, never half of one.
Status write_file(const fs::path& path, std::span<const uint8_t> bytes);
Status write_file(const fs::path& path, std::string_view text);

/// True when `path`'s folder exists and takes new files; otherwise says why not.
Status check_writable(const fs::path& path);

/// Where things lie. `data` is the content folder (`--data DIR`, else EVENHAND_DATA, else beside the program or its
/// source tree); `cache` is EVENHAND_CACHE, else XDG_CACHE_HOME/evenhand, else ~/.cache/evenhand; it is made on demand.
/// `faces` holds the patients that people import: EVENHAND_FACES, else XDG_DATA_HOME/evenhand/faces, else
/// ~/.local/share/evenhand/faces; it need not exist, and empty means that there are none.
struct Places {
    fs::path data;
    fs::path shaders;
    fs::path cache;
    fs::path faces = {};
    std::string language = {};  ///< in which content is shown (engine/base/translation.h); empty = as it was written
};
Result<Places> find_places(const fs::path& data_override = {});

/// Parses the whole text as a number, always with a decimal point, never the PC's locale. Refuses NaN and infinity.
Result<double> parse_number(std::string_view text);
Result<int64_t> parse_integer(std::string_view text);

}  // namespace base
