#pragma once

#include "engine/base/files.h"

#include <unistd.h>

namespace skin_test {

/// The source tree's content and a cache of the build's own.
inline base::Places places() {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    places.cache = base::fs::path(EVENHAND_BINARY_DIR) / "cache";
    base::fs::create_directories(places.cache);
    return places;
}

/// A file of this process's own in a folder that lasts: tests run side by side.
inline base::fs::path scratch(const std::string& name) {
    base::fs::path folder =
        base::fs::path(EVENHAND_BINARY_DIR) / "scratch" / ("skin-" + std::to_string(::getpid()));
    base::fs::create_directories(folder);
    return folder / name;
}

}  // namespace skin_test
