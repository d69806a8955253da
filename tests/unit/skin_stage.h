#pragma once

// Skin and pads for tests of the skin.

#include "engine/face/face_store.h"
#include "engine/skin/device_profile.h"
#include "engine/skin/skin_model.h"
#include "tests/unit/skin_places.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace skin_test {

inline const skin::SkinModel& shipped_skin() {
    static const skin::SkinModel shipped = *skin::SkinModel::load(places());
    return shipped;
}

/// Linear, without memory or friction, so that theory knows the answer.
inline const skin::SkinModel& elastic_skin() {
    static const skin::SkinModel elastic = [] {
        skin::SkinModel model = shipped_skin();
        model.relaxation.clear();
        model.stiffening_rise = model.friction_dry = model.friction_medium = 0;
        return model;
    }();
    return elastic;
}

/// Linear, with the memory that ships.
inline const skin::SkinModel& creeping_skin() {
    static const skin::SkinModel creeping = [] {
        skin::SkinModel model = shipped_skin();
        model.stiffening_rise = 0;
        return model;
    }();
    return creeping;
}

/// 12 pins behind a flat face or rim of 5 mm radius.
inline skin::DeviceProfile make_pen(double opening_radius) {
    skin::DeviceProfile device;
    device.opening_radius = opening_radius;
    device.pins = skin::ring_layout(12, device.plate_radius);
    return device;
}

inline const skin::DeviceProfile& closed_pen() {
    static const skin::DeviceProfile pen = make_pen(0);
    return pen;
}

/// pad-flat: E = 20 kPa, ν = 0.45, h = 12.5 mm, 100 x 100 mm.
inline const face::FaceAsset& pad(const std::string& id = "pad-flat") {
    static std::map<std::string, std::shared_ptr<const face::FaceAsset>> pads;
    if (!pads[id]) {
        base::Result<std::shared_ptr<const face::FaceAsset>> loaded = face::load(places(), id);
        EXPECT_TRUE(loaded) << loaded.error().message;
        pads[id] = *loaded;
    }
    return *pads[id];
}

}  // namespace skin_test
