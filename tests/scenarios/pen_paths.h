#pragma once

// Pens that do exactly what they are told, for tests and benchmarks.

#include "engine/input/pen_sample.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

namespace scenarios {

/// Samples of `pose(t)` at `rate` per second from 0 to `seconds`, both ends included.
inline std::vector<input::PenSample> sample_pen(double seconds, double rate,
                                                const std::function<input::PenPose(double)>& pose) {
    std::vector<input::PenSample> samples;
    int64_t count = std::llround(seconds * rate);
    for (int64_t i = 0; i <= count; ++i) {
        input::PenPose at = pose(static_cast<double>(i) / rate);
        at.time = static_cast<double>(i) / rate;
        samples.push_back(*input::quantise(at));
    }
    return samples;
}

/// A straight glide over a surface at z = 0, pen upright.
struct Glide {
    glm::dvec3 start{-20e-3, 0, 0}, velocity{20e-3, 0, 0};  ///< m, m/s
    std::optional<double> force = 0.7;                      ///< N
    double depth = 0.5e-3, rate_hz = 110;
    glm::dvec3 axis{0, 0, -1};

    std::vector<input::PenSample> samples(double seconds, double per_second = 120) const {
        return sample_pen(seconds, per_second, [&](double t) {
            return input::PenPose{0, start + t * velocity, axis, force, true, depth, rate_hz};
        });
    }
};

}  // namespace scenarios
