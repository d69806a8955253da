#pragma once

// Measures of technique: pure functions of the evidence, in integers, each defined where it stands. A measure's value is
// in thousandths of its unit and comes with the places and times that made it what it is.

#include "engine/skin/device_profile.h"
#include "engine/track/tracker.h"
#include "training/core/phrases.h"
#include "training/core/rubric.h"
#include "training/core/session.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace track {
struct ResponseModel;
}

namespace training {

struct Procedure;
struct Consultation;

struct TimeSpan {
    uint32_t begin_us, end_us;
};

/// More than the cells of a whole head, so that all that was left out can be shown; a bound all the same.
inline constexpr size_t kMostEvidenceCells = 1u << 17;

/// Where and when a measure went wrong: all its time spans (the worst first: the longest, or as the measure weighs them; a span
/// with the gap behind it takes 0.1 s of the 71 min that 32 bits of microseconds hold, so there are fewer than 43,000) and at
/// most kMostEvidenceCells cells (the worst first where the measure has a size for each, as how many punctures were wrong there;
/// in rising order where they are alike).
struct Evidence {
    std::vector<TimeSpan> spans;
    std::vector<uint32_t> cells;
};

struct Measurement {
    std::optional<int64_t> value;  ///< thousandths of the unit; none = not assessed
    bool critical = false;         ///< the measure's own critical rule was broken (clinical.md 9)
    std::string critical_reason;
    std::string warning_reason;    ///< something that keeps the line from "target" though its value is there; else empty
    std::string note;              ///< a figure beside the value, for reports ("95 % of punctures within 12.40 deg"); else empty
    Evidence evidence;
};

/// All that measures read. `prescribed[z]` tells whether zone z belongs to the case.
struct MeasureInput {
    const face::FaceAsset& face;
    const skin::DeviceProfile& device;
    const Rubric& rubric;
    const Scope& scope;
    std::span<const shared::Puncture> punctures;
    std::span<const shared::ContactRecord> contacts;
    std::span<const input::PenSample> samples;
    std::span<const input::ProcedureEvent> events;
    const track::Tracker& tallies;
    std::vector<uint8_t> prescribed;
    const track::ResponseModel* response = nullptr;  ///< none: the end point is not assessed
    const Procedure* procedure = nullptr;            ///< none: screening, preparation and aftercare are not assessed
    const Consultation* consultation = nullptr;      ///< the case's, with what is right for its patient; none: flags alone
    const Phrases& phrases = Phrases::english();     ///< of reasons and notes
};

/// Puncture densities, per cm², that a rubric asks of work with a device: below `floor` skin is not covered, [low, high] is
/// the band of a zone, above `most` a square centimetre is overworked.
struct DensityTargets {
    uint32_t floor, low, high, most;
};
/// A pen's scale with pins x rate from those of the reference device (12 pins x 100 Hz): a stroke of either makes a hole as
/// often, no figure tells them apart. `rubric` is rubric_for() the device: rollers and stamps have figures of their own
/// there, for their pins enter once a pass, and a hand's count makes the density. Nano cones (a motor's that reach no
/// deeper than 0.5 mm, clinical.md 1.1) are told in passes of 2.5 cm/s without overlap.
DensityTargets density_targets(const Rubric& rubric, const skin::DeviceProfile& device);
/// One such density.
uint32_t density_for_device(uint32_t reference_per_cm2, const skin::DeviceProfile& device);

/// Names of all measures, in the order of clinical.md 9: screening, preparation, depth_in_band, depth_cv, tilt_median, tilt_p95,
/// force_in_band, force_cv, glide_speed, drag_path, coverage, density_in_band, evenness, stroke_overlap, directions, no_go,
/// traction, end_point, sparc_gap, path_ratio, idle_share, needling_time, aftercare.
std::vector<std::string> measure_names();
/// The definition of a measure in one sentence, for `rubric check --explain` and reports.
std::string measure_definition(const std::string& name);
/// Where its bands and limits come from, with certainty tags.
std::string measure_source(const std::string& name);
/// The unit of its value: "%", "deg", "cm/s", "cm", "min", "punctures", "directions" or "" for a ratio.
std::string measure_unit(const std::string& name);
Measurement measure(const std::string& name, const MeasureInput& input);

}  // namespace training
