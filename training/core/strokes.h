#pragma once

// Strokes as they were made, from touch to lift, segmented from the contact log and the pen's path: what measures of
// overlap, directions, re-tracking and smoothness look at.

#include "training/core/metrics.h"

#include <glm/vec3.hpp>

namespace training {

/// A place on a stroke, the first that is a millimetre or more from the one before it.
struct StrokeMark {
    glm::dvec3 place;    ///< m, the tip
    glm::dvec3 way;      ///< m, from the mark before to here, laid on the skin; 0 at the first mark and after a pointer's jump
    uint32_t cell;       ///< under the tip, or kNoCell
    uint32_t zone;
    uint32_t time_us;
    size_t record;       ///< index into the contact log
};

struct MadeStroke {
    size_t first = 0, last = 0;         ///< contact records, both included
    uint32_t begin_us = 0, end_us = 0;  ///< from the start of the first one's step to the end of the last one's
    std::vector<StrokeMark> marks;
    std::vector<glm::dvec3> places;     ///< m, the tip at the end of each record's step
};

/// The tip at times that rise from call to call, m, as the simulation interpolates it between samples; none outside them.
class TipPath {
  public:
    explicit TipPath(std::span<const input::PenSample> samples) : samples_(samples) {}
    std::optional<glm::dvec3> at(uint32_t time_us);

  private:
    std::span<const input::PenSample> samples_;
    size_t next_ = 0;
};

/// Runs of contact with the motor on; a lift shorter than 50 ms does not end a stroke (A: a rim that skips). Empty where the
/// samples do not cover the contact log. Cost: linear.
std::vector<MadeStroke> made_strokes(const MeasureInput& input);

/// m of skin that the needles reach across a stroke, and that rim or drum covers.
double needled_width(const skin::DeviceProfile& device);
double tip_width(const skin::DeviceProfile& device);

}  // namespace training
