#include "engine/base/user_folder.h"

#include <cstdlib>

namespace base {

namespace fs = std::filesystem;

namespace {

fs::path environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? fs::path(value) : fs::path();
}

}  // namespace

fs::path user_folder(UserFolder kind, const char* variable, const fs::path& name) {
    constexpr const char* kVariables[] = {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
    constexpr const char* kInHome[] = {".local/share", ".config", ".cache"};
    if (const fs::path chosen = environment(variable); !chosen.empty()) return chosen;
    if (const fs::path folder = environment(kVariables[static_cast<size_t>(kind)]); !folder.empty()) return folder / name;
    const fs::path home = environment("HOME");
    return home.empty() ? fs::path() : home / kInHome[static_cast<size_t>(kind)] / name;
}

}  // namespace base
