#pragma once

#include "tests/scenarios/places.h"

#include <unistd.h>

namespace skin_test {

inline base::Places places() {
    return scenarios::source_places();
}

/// A file of this process's own in a folder that lasts: tests run side by side.
inline base::fs::path scratch(const std::string& name) {
    base::fs::path folder =
        base::fs::path(EVENHAND_BINARY_DIR) / "scratch" / ("skin-" + std::to_string(::getpid()));
    base::fs::create_directories(folder);
    return folder / name;
}

}  // namespace skin_test
