#include "engine/input/pen_sample.h"

#include "engine/base/units.h"

#include <cmath>

namespace input {
namespace {
constexpr double kQ30 = 1073741824.0;
constexpr double kLongestSession = 70.0 * 60.0;  // s; 2^32 µs are 71.6 minutes
}  // namespace

glm::dvec3 PenSample::axis() const {
    glm::dvec3 raw(axis_q30[0], axis_q30[1], axis_q30[2]);
    double length = std::sqrt(raw.x * raw.x + raw.y * raw.y + raw.z * raw.z);
    return raw / length;
}

base::Result<PenSample> quantise(const PenPose& pose) {
    if (!(pose.time >= 0 && pose.time <= kLongestSession))
        return base::error("time {} s is outside 0 to {} s; split longer sessions", pose.time, kLongestSession);
    for (int i = 0; i < 3; ++i) {
        if (!std::isfinite(pose.tip[i]) || !std::isfinite(pose.axis[i]))
            return base::error("the pose is not finite (NaN or infinite)");
        if (std::fabs(pose.tip[i]) > 1.0)
            return base::error("the tip is {} m from the head's centre, more than 1 m; poses are in metres",
                               pose.tip[i]);
    }
    double length = std::sqrt(pose.axis.x * pose.axis.x + pose.axis.y * pose.axis.y + pose.axis.z * pose.axis.z);
    if (!(length > 1e-6)) return base::error("the axis has no length; give a direction into the skin");
    if (pose.force && !(*pose.force >= 0 && *pose.force <= 100))
        return base::error("force {} N is outside 0 to 100 N", *pose.force);
    if (!(pose.depth >= 0 && pose.depth <= 10e-3))
        return base::error("needle depth {} mm is outside 0 to 10 mm", pose.depth * 1e3);
    if (!(pose.rate_hz >= 0 && pose.rate_hz <= 1000))
        return base::error("motor rate {} Hz is outside 0 to 1000 Hz", pose.rate_hz);

    PenSample sample;
    sample.time_us = static_cast<uint32_t>(base::round_to_integer(pose.time * 1e6));
    for (int i = 0; i < 3; ++i) {
        sample.tip_nm[i] = static_cast<int32_t>(base::round_to_integer(pose.tip[i] * 1e9));
        sample.axis_q30[i] = static_cast<int32_t>(base::round_to_integer(pose.axis[i] / length * kQ30));
    }
    sample.force_un = pose.force ? static_cast<int32_t>(base::round_to_integer(*pose.force * 1e6)) : -1;
    sample.depth_um = static_cast<uint16_t>(base::round_to_integer(pose.depth * 1e6));
    sample.rate_dhz = static_cast<uint16_t>(base::round_to_integer(pose.rate_hz * 10));
    sample.motor = pose.motor ? 1 : 0;
    return sample;
}

}  // namespace input
