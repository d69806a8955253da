#pragma once

// Where a person's own files lie on this machine: what they made, what they chose, what can be made anew.

#include <cstdint>
#include <filesystem>

namespace base {

enum class UserFolder : uint8_t { data, config, cache };

/// What `variable` of the environment names, else `name` in XDG_DATA_HOME, XDG_CONFIG_HOME or XDG_CACHE_HOME, else in
/// ~/.local/share, ~/.config or ~/.cache. It need not exist; empty where none of them is set.
std::filesystem::path user_folder(UserFolder kind, const char* variable, const std::filesystem::path& name);

}  // namespace base
