#pragma once

// The source tree's content, and the flat practice pad of it, for tests of what is written on skin.

#include "engine/face/face_store.h"

#include <memory>

namespace scenarios {

inline base::Places source_places() {
    base::Places places;
    places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
    places.cache = base::fs::path(EVENHAND_BINARY_DIR) / "test-cache";
    return places;
}

inline std::shared_ptr<const face::FaceAsset> practice_pad() {
    static const auto pad = [] {
        auto loaded = face::load(source_places(), "pad-flat");
        CHECK(loaded, loaded.error().message);
        return *loaded;
    }();
    return pad;
}

}  // namespace scenarios
