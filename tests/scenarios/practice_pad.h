#pragma once

// The flat practice pad as shipped, for tests of what is written on skin.

#include "engine/face/face_store.h"
#include "tests/scenarios/places.h"

#include <memory>

namespace scenarios {

inline std::shared_ptr<const face::FaceAsset> practice_pad() {
    static const auto pad = [] {
        auto loaded = face::load(source_places(), "pad-flat");
        CHECK(loaded, loaded.error().message);
        return *loaded;
    }();
    return pad;
}

}  // namespace scenarios
