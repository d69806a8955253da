#pragma once

// The pen between samples. Answers depend only on the samples, never on how they arrived.

#include "engine/base/bytes.h"
#include "engine/input/pen_sample.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <optional>
#include <span>
#include <vector>

namespace skin {

struct PenState {
    glm::dvec3 tip{0}, axis{0, 0, -1};  ///< m; unit, into the skin
    std::optional<double> force;        ///< N; none = position-driven
    glm::dvec3 heading{0};              ///< unit way in which a drum rolls; 0 = a tip that is alike all round
};

/// Time between two samples in which the settings are those of the earlier one: (from, to], µs.
struct PenSpan {
    uint32_t from, to;
    uint16_t depth_um, rate_dhz;
    bool motor;
};

class PenPath {
  public:
    /// Times must rise strictly, also from call to call.
    void append(std::span<const input::PenSample> samples);
    bool empty() const { return samples_.empty(); }
    uint32_t first_time() const { return samples_.front().time_us; }
    uint32_t last_time() const { return samples_.back().time_us; }

    /// Tip and force linearly, axis by normalised linear interpolation; exactly the sample at a sample's
    /// time. A force needs one in both samples, else the earlier one's kind holds. `time_us` lies within the
    /// samples kept.
    PenState at(double time_us) const;
    bool motor_at(uint32_t time_us) const;
    /// The spans that make up (from, to], in order.
    void spans(uint32_t from, uint32_t to, std::vector<PenSpan>& out) const;

    size_t heap_bytes() const { return base::heap_bytes(samples_); }
    /// Drops what no time from `time_us` on needs.
    void forget_before(uint32_t time_us);

  private:
    size_t index_at(double time_us) const;  ///< last sample not later

    std::vector<input::PenSample> samples_;
};

/// Axes in the tip's plane: head +X and +Y turned by the smallest rotation that lays -Z (straight onto the
/// face) along the pen's axis. Smooth for every pose of a pen that comes from outside the face. With a heading, `up` lies
/// along it and `right` along the drum's axle.
struct TipFrame {
    explicit TipFrame(const PenState& pen);

    glm::dvec3 at(glm::dvec2 place, double along = 0) const {
        return origin + place.x * right + place.y * up + along * axis;
    }

    glm::dvec3 origin, right, up, axis;
};

}  // namespace skin
