#include "training/core/metrics.h"

#include "engine/base/units.h"
#include "training/core/metrics_support.h"

#include <algorithm>
#include <array>

namespace training {
namespace {

struct Measure {
    const char* name;
    const char* unit;
    Measurement (*function)(const MeasureInput&);
    const char* definition;
};

constexpr std::array kMeasures = {
    Measure{"depth_in_band", "%", measure_depth_in_band,
            "Share of the punctures in prescribed zones whose effective depth lies in their zone kind's "
            "band, widened by "
            "the tolerance; critical when more punctures of a zone than forgiven exceed its critical depth, "
            "or when "
            "needles were set deeper than the scope of practice allows."},
    Measure{"depth_cv", "", measure_depth_cv,
            "Coefficient of variation of the effective depth within a zone, mean over the prescribed zones "
            "weighted with "
            "their punctures."},
    Measure{"tilt_median", "deg", measure_tilt_median,
            "Median over all punctures of the angle between the pen and the local normal of the skin; "
            "critical when too "
            "great a share of them is tilted beyond the critical angle."},
    Measure{"force_in_band", "%", measure_force_in_band,
            "Share of the time on the skin with the motor running in which the axial force lies in the band "
            "of its zone, "
            "over bone or soft; critical when the held limit is exceeded without a break for its time, or "
            "the peak limit "
            "at any moment."},
    Measure{"force_cv", "", measure_force_cv,
            "Coefficient of variation of the axial force in contact with the motor running, within a zone, "
            "mean over the "
            "zones weighted with their time in contact."},
    Measure{"glide_speed", "cm/s", measure_glide_speed,
            "Median speed of the tip along the skin while it touches, the motor runs and it moves faster "
            "than 2 mm/s; "
            "critical when too great a share of the path is faster than the critical speed."},
    Measure{"coverage", "%", measure_coverage,
            "Share of the prescribed area in 5 mm neighbourhoods with at least half their zone's mean "
            "density and the "
            "floor for this device."},
    Measure{"density_in_band", "%", measure_density_in_band,
            "Share of the prescribed area in zones whose mean density lies in the band for this device; "
            "critical when the "
            "densest 1 cm2, grown from 5 mm neighbourhoods, exceeds the critical density."},
    Measure{"evenness", "", measure_evenness,
            "Coefficient of variation of the puncture density over a zone's 5 mm neighbourhoods, the Poisson "
            "part removed, "
            "mean over the prescribed zones weighted with their area; an untreated zone counts as 1; "
            "critical also when "
            "the mean Gini index exceeds its limit."},
    Measure{"directions", "directions", measure_directions,
            "Directions of strokes, 30 degrees wide and at least 30 degrees apart, that each hold the least "
            "share of a "
            "zone's path, mean over the prescribed zones weighted with their area; critical when too much of "
            "the area was "
            "worked in one direction only."},
    Measure{"no_go", "punctures", measure_no_go,
            "Punctures nearer to a no-go area than the margin; critical when any is inside."},
};

const Measure& find_measure(const std::string& name) {
    auto found =
        std::find_if(kMeasures.begin(), kMeasures.end(), [&](const Measure& m) { return m.name == name; });
    CHECK(found != kMeasures.end(), name);
    return *found;
}

}  // namespace

uint32_t density_for_device(uint32_t reference_per_cm2, const skin::DeviceProfile& device) {
    if (!device.has_motor()) return reference_per_cm2;  // passes, not strokes a second, make a roller's density
    int64_t rate_dhz = base::round_to_integer(device.rate_hz * 10);
    int64_t strokes = static_cast<int64_t>(device.pin_count()) * rate_dhz;
    return static_cast<uint32_t>(ratio(reference_per_cm2, 12 * 1000, strokes));
}

std::vector<std::string> measure_names() {
    std::vector<std::string> names;
    for (const Measure& measure : kMeasures) names.push_back(measure.name);
    return names;
}

std::string measure_definition(const std::string& name) {
    return find_measure(name).definition;
}

std::string measure_unit(const std::string& name) {
    return find_measure(name).unit;
}

Measurement measure(const std::string& name, const MeasureInput& input) {
    return find_measure(name).function(input);
}

}  // namespace training
