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
    const char* source;
};

constexpr std::array kMeasures = {
    Measure{"screening", "%", measure_screening,
            "Share of right answers over the patient's flags and the decision for the whole session, and, where "
            "the case says what is right, its reason and how long it defers; critical when a patient was "
            "needled whom the case does not treat today, or without the care that it asks for, or with an "
            "absolute contraindication. Not assessed without a consultation.",
            "clinical.md 6 and 9 row 1 (F2)"},
    Measure{"preparation", "%", measure_preparation,
            "Share of the steps of preparation done rightly and in order before the first puncture; "
            "critical without a new cartridge, with anaesthetic left on, or when the skin was needled "
            "dry. Not assessed without preparation.",
            "clinical.md 6.1 and 9 row 2: FDA kit, Chiang 2015 (F1), drpen.ca (F2); share of dry contact "
            "that fails (A)"},
    Measure{"depth_in_band", "%", measure_depth_in_band,
            "Share of the punctures in prescribed zones whose effective depth lies in their zone kind's "
            "band, widened by the tolerance; critical when more punctures of a zone than forgiven exceed "
            "its critical depth, or when needles were set deeper than the scope of practice allows; a warning "
            "when too great a share of a zone's exceeds its warning depth.",
            "clinical.md 2.1 to 2.3 and 9 row 3: bands A from charts (F2) and thickness (F1); 1.5 mm FDA "
            "(F2)"},
    Measure{"depth_cv", "", measure_depth_cv,
            "Coefficient of variation of the effective depth within a zone, mean over the prescribed "
            "zones weighted with their punctures.",
            "clinical.md 9 row 4 (A); dial tolerance 0.15 mm (F1)"},
    Measure{"tilt_median", "deg", measure_tilt_median,
            "Median over all punctures of the angle between the pen and the local normal of the skin; "
            "critical when too great a share of them is tilted beyond the critical angle.",
            "clinical.md 3 and 9 row 5: perpendicular, Farber 2020 (F1); figures from geometry (D)"},
    Measure{"tilt_p95", "deg", measure_tilt_p95,
            "The angle between the pen and the local normal of the skin that 95 % of the punctures do not"
            " exceed, of the prescribed zone that fares worst (of those with 1,000 punctures or more): a tilt"
            " round the nose must not drown in a whole face.",
            "clinical.md 9 row 5: figures from geometry (D); 3.2: tilting round the nose and jaw is a novice's error (K-m); the worst zone (A)"},
    Measure{"force_in_band", "%", measure_force_in_band,
            "Share of the time on the skin with the motor running in which the axial force lies in the "
            "band of its zone, over bone or soft; critical when the held limit is exceeded without a "
            "break for its time, or the peak limit at any moment.",
            "clinical.md 3.1 and 9 row 6 (A); 6 N: Lima 2013 (K-m)"},
    Measure{"force_cv", "", measure_force_cv,
            "Coefficient of variation of the axial force in contact with the motor running, within a "
            "zone, mean over the zones weighted with their time in contact; the 0.1 s in which one touches "
            "and in which one lifts are left out.",
            "clinical.md 9 row 7: variation matters, Horeman 2012 (F1); figures (A)"},
    Measure{"glide_speed", "cm/s", measure_glide_speed,
            "Median speed of the tip along the skin while it touches, the motor runs and it moves faster "
            "than 2 mm/s; critical when too great a share of the path is faster than the critical speed.",
            "clinical.md 3 and 9 row 8: drag of the needles (D)"},
    Measure{"drag_path", "cm", measure_drag_path,
            "Path on which the tip both presses and moves beyond the limits for drag, or draws a needle "
            "through the skin by more than its diameter, or goes over a line of 5 mm or more again too "
            "often (the same within 0.5 mm and 15 degrees; not counted of rollers, whose pins also sweep "
            "through the skin as the drum carries them in and out: of them only what no drum does counts).",
            "clinical.md 9 row 9: tram tracks Chu 2021 (F1); limits (A); half a pin (D)"},
    Measure{"coverage", "%", measure_coverage,
            "Share of the prescribed area in 5 mm neighbourhoods with at least half their zone's mean "
            "density and the floor for this device; the ring about no-go skin, where nobody may "
            "needle, is left out.",
            "clinical.md 8 and 9 row 10: simulation (D); floor (A)"},
    Measure{"density_in_band", "%", measure_density_in_band,
            "Share of the prescribed area in zones whose mean density lies in the band for this device, "
            "the ring about no-go skin left out; critical when the densest 1 cm2, grown from 5 mm neighbourhoods, exceeds the critical "
            "density.",
            "clinical.md 1.3 and 9 row 11: band (D); critical density (A)"},
    Measure{"evenness", "", measure_evenness,
            "Coefficient of variation of the puncture density over a zone's 5 mm neighbourhoods, the "
            "ring about no-go skin left out and the Poisson part removed, mean over the prescribed zones weighted with their area; an untreated "
            "zone counts as 1; critical also when the mean Gini index exceeds its limit.",
            "clinical.md 8 and 9 row 12: simulation (D)"},
    Measure{"stroke_overlap", "%", measure_stroke_overlap,
            "Median overlap of a stroke with the latest of the four before it that runs beside it (within"
            " 20 degrees, over half its length or more, same zone, not on the same line), as a share of the tip's width; below "
            "0 the tips left skin between them. Strokes end where the pen lifts or turns by more than 60 "
            "degrees; shorter ones than 10 mm do not count. Critical when too many strokes leave more "
            "bare skin between needles than the limit.",
            "clinical.md 3 and 9 row 13 (A: no authority gives a figure)"},
    Measure{"directions", "directions", measure_directions,
            "Directions of strokes at least 30 degrees apart that each hold the least share of the path "
            "within 10 mm of a 5 mm neighbourhood, compared there along the skin; mean over the "
            "prescribed area that was worked; critical when too much of it was worked in one direction "
            "only.",
            "clinical.md 3 and 9 row 14: cosmetictown (F2), Farber 2020 (F1); shares and 10 mm (A)"},
    Measure{"no_go", "punctures", measure_no_go,
            "Punctures nearer to a no-go area than the margin; critical when any is inside.",
            "clinical.md 2.4 and 9 row 15: plasticsurgerykey (F1); margin (A)"},
    Measure{"traction", "%", measure_traction,
            "Share of the time on mobile zones with the motor running in which the skin under the tip is "
            "stretched by 5 to 15 %; critical when it is too small a share in a periorbital zone or on "
            "the neck.",
            "clinical.md 3 and 9 row 16: general teaching (F2); figures (A)"},
    Measure{"end_point", "%", measure_end_point,
            "Area-weighted mean over the prescribed zones that were needled: full where the skin came to "
            "the end point for its depth and was left within one pass of it, none from two passes beyond "
            "it on or where it was never reached, the ring about no-go skin left out, half at most where redness is patchy; critical from two"
            " passes beyond it, or when blood runs together on too much of a zone. As the simulated skin "
            "responds, up to a minute after the last needle.",
            "clinical.md 5.3 and 9 row 17: end points Farber 2020 (F1); figures (A)"},
    Measure{"sparc_gap", "", measure_sparc_gap,
            "How much less smooth than an even glide of the same duration the strokes are: difference of "
            "their spectral arc lengths (SPARC: 10 Hz, threshold 0.05, ends faded over 0.4 s), median "
            "over strokes of 2 s or more, cut in parts of 4 s at most; never below 0.",
            "clinical.md 7.1 and 9 row 18: computed (D); smoothness separates levels, Aghazadeh 2023 (F1)"},
    Measure{"path_ratio", "", measure_path_ratio,
            "Way of the tip on the skin over the straight way, by stretches of 10 mm of way.",
            "clinical.md 9 row 18 (D); path length alone is weak (F1); 10 mm (A)"},
    Measure{"idle_share", "%", measure_idle_share,
            "Share of the time from the first touch to the last in which the tip, on the skin or above "
            "it, rests: slower than 5 mm/s over 0.2 s.",
            "clinical.md 9 row 18: idle time separates levels, Surgeons as Educators (F1); figures (A)"},
    Measure{"needling_time", "min", measure_needling_time,
            "Time from the first touch to the last lift, without lifts of more than 10 s, as it would be "
            "on a full face: scaled with its area over the prescribed area.",
            "clinical.md 3 and 9 row 19: source article 004 (F2); full face 400 to 500 cm2 (A)"},
    Measure{"aftercare", "%", measure_aftercare,
            "Share of the advice and records given rightly; critical when advice about sun, signs of "
            "infection or the next session is left out. Not assessed without aftercare.",
            "clinical.md 6.3 and 9 row 20 (F1, F2)"},
};

const Measure& find_measure(const std::string& name) {
    auto found =
        std::find_if(kMeasures.begin(), kMeasures.end(), [&](const Measure& m) { return m.name == name; });
    CHECK(found != kMeasures.end(), name);
    return *found;
}

}  // namespace

namespace {

/// Of a motor, in 0.1 a second.
int64_t strokes_of(const skin::DeviceProfile& device) {
    return static_cast<int64_t>(device.pin_count()) * base::round_to_integer(device.rate_hz * 10);
}

}  // namespace

uint32_t density_for_device(uint32_t reference_per_cm2, const skin::DeviceProfile& device) {
    if (!device.has_motor()) return reference_per_cm2;  // passes, not strokes a second, make a roller's density
    constexpr int64_t kReferenceStrokes = 12 * 1000;
    return static_cast<uint32_t>(ratio(reference_per_cm2, kReferenceStrokes, strokes_of(device)));
}

DensityTargets density_targets(const Rubric& rubric, const skin::DeviceProfile& device) {
    constexpr double kNanoReach = 0.5e-3;        // m, clinical.md 1.1 (F1)
    constexpr int64_t kPassSpeed_um_s = 25'000;  // clinical.md 1.3 (D)
    if (device.has_motor() && device.depth_max <= kNanoReach) {
        int64_t swath_um = std::max<int64_t>(1, base::round_to_integer(device.plate_radius * 2e6));
        auto passes = [&](int64_t count) {  // 1e8 um2 a cm2
            return static_cast<uint32_t>(ratio(strokes_of(device) * count, kPassSpeed_um_s * swath_um * 10, 100'000'000));
        };
        uint32_t high = passes(rubric.nano_passes_high), low = passes(rubric.nano_passes_low);
        int64_t above = ratio(rubric.density_critical_per_cm2, std::max(1u, rubric.density_high_per_cm2), high);
        return {low / 2, low, high, static_cast<uint32_t>(above)};
    }
    auto scaled = [&](uint32_t reference) { return density_for_device(reference, device); };
    return {scaled(rubric.coverage_floor_per_cm2), scaled(rubric.density_low_per_cm2),
            scaled(rubric.density_high_per_cm2), scaled(rubric.density_critical_per_cm2)};
}

std::vector<std::string> measure_names() {
    std::vector<std::string> names;
    for (const Measure& measure : kMeasures) names.push_back(measure.name);
    return names;
}

std::string measure_definition(const std::string& name) {
    return find_measure(name).definition;
}

std::string measure_source(const std::string& name) {
    return find_measure(name).source;
}

std::string measure_unit(const std::string& name) {
    return find_measure(name).unit;
}

Measurement measure(const std::string& name, const MeasureInput& input) {
    return find_measure(name).function(input);
}

}  // namespace training
