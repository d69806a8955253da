#pragma once

// How the evidence's integers are made from what was simulated: rounded, saturated, never wrapped.

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"
#include "engine/mesh/surface_mesh.h"
#include "shaders/shared/evidence.h"

#include <algorithm>

namespace skin {

inline uint32_t saturate(double value, double most) {
    return static_cast<uint32_t>(base::round_to_integer(std::clamp(value, 0.0, most)));
}

inline uint32_t centidegrees(double radians) {
    return saturate(radians * (18000.0 / base::det::kPi), 65535);
}

inline uint32_t pack_weights(glm::dvec3 weights) {
    uint32_t second = saturate(weights.y * 65535, 65535);
    uint32_t third = std::min(saturate(weights.z * 65535, 65535), 65535 - second);
    return second | third << 16;
}

inline mesh::SurfacePoint unpack_point(const shared::Puncture& puncture) {
    double second = (puncture.weights & 0xffffu) / 65535.0, third = (puncture.weights >> 16) / 65535.0;
    return {puncture.triangle, {1.0 - second - third, second, third}};
}

}  // namespace skin
