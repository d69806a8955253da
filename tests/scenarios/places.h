#pragma once

// The source tree's content and a cache of the build's own, for tests.

#include "engine/base/files.h"

namespace scenarios {

inline base::Places source_places() {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    places.cache = base::fs::path(EVENHAND_BINARY_DIR) / "test-cache";
    return places;
}

}  // namespace scenarios
