#pragma once

// SI everywhere (m, s, N, Pa, kg). Any other unit stands in the name: depth_um, area_mm2, rate_hz, tilt_cdeg.

#include <cmath>
#include <cstdint>

namespace base {

inline constexpr double kMillimetre = 1e-3;
inline constexpr double kMicrometre = 1e-6;

/// Nearest integer, halves away from zero: how every physical value becomes evidence.
inline int64_t round_to_integer(double value) {
    return static_cast<int64_t>(value < 0 ? -std::floor(-value + 0.5) : std::floor(value + 0.5));
}

}  // namespace base
