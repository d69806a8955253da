// Measures of how the hand moves and how long it takes: smoothness, way, rest, time.

#include "engine/base/units.h"
#include "training/core/metrics_support.h"
#include "training/core/motion.h"
#include "training/core/strokes.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace training {
namespace {

constexpr size_t kLeastRecords = 240, kMostRecords = 480;  // 2 s: of shorter ones the spectrum hides what wavers 2 to 4 times a second (D); 4 s: longer is cut in equal parts
constexpr uint32_t kPause_us = 10'000'000;                 // a longer lift is not needling time (A)
constexpr double kStretch = 10e-3;  // m of path over which the way used is held against the straight one (A)
constexpr size_t kEvery = 4;        // records: a path's points 30 times a second, so that a sensor's noise is no way (A)
constexpr uint32_t kIdleWindow = 24;   // records, 0.2 s
constexpr double kIdleSpeed = 5e-3;    // m/s: a third of the slowest speed aimed at (A)

/// Parts of a stroke, 1 to 4 s each, and how smooth they are.
struct GlidePart {
    size_t first, count;  ///< contact records
    int64_t gap_e3;
};

std::vector<GlidePart> glide_parts(const MeasureInput& input) {
    Smoothness smoothness;
    std::vector<GlidePart> parts;
    std::vector<uint32_t> speeds;
    for (const MadeStroke& stroke : made_strokes(input)) {
        size_t records = stroke.last + 1 - stroke.first, pieces = (records + kMostRecords - 1) / kMostRecords;
        if (records < kLeastRecords) continue;
        for (size_t piece = 0; piece < pieces; ++piece) {
            size_t first = stroke.first + records * piece / pieces, end = stroke.first + records * (piece + 1) / pieces;
            speeds.clear();
            for (size_t i = first; i < end; ++i) speeds.push_back(std::min(input.contacts[i].speed_um_s, kFastest_um_s));
            if (speeds.front() == 0) speeds.front() = speeds[1];  // the step of the touch has no speed yet
            if (std::none_of(speeds.begin(), speeds.end(), [](uint32_t v) { return v > kMoving_um_s; })) continue;
            parts.push_back({first, end - first, base::round_to_integer(smoothness.sparc_gap(speeds) * 1000)});
        }
    }
    return parts;
}

/// Every tip place of the contact log, lifted or not.
std::vector<glm::dvec3> tip_places(const MeasureInput& input) {
    std::vector<glm::dvec3> places;
    TipPath path(input.samples);
    for (const shared::ContactRecord& record : input.contacts)
        places.push_back(path.at(record.time_us).value_or(places.empty() ? glm::dvec3(0) : places.back()));
    return places;
}

std::pair<size_t, size_t> first_and_last_touch(const MeasureInput& input) {
    size_t first = input.contacts.size(), last = 0;
    for (size_t i = 0; i < input.contacts.size(); ++i) {
        if (!is_working(input.contacts[i])) continue;
        first = std::min(first, i);
        last = i;
    }
    return {first, last};
}

int64_t prescribed_area_um2(const MeasureInput& input) {
    int64_t area = 0;
    for (size_t zone = 0; zone < input.face.zones.size(); ++zone)
        if (input.prescribed[zone]) area += static_cast<int64_t>(shared::sum_value(input.tallies.map().zones[zone].area_um2));
    return area;
}

}  // namespace

Measurement measure_sparc_gap(const MeasureInput& input) {
    Measurement result;
    std::vector<GlidePart> parts = glide_parts(input);
    if (parts.empty()) return result;
    auto rougher = [](const GlidePart& a, const GlidePart& b) { return a.gap_e3 > b.gap_e3; };
    std::stable_sort(parts.begin(), parts.end(), rougher);
    const GlidePart& middle = parts[parts.size() / 2];
    result.value = std::max<int64_t>(middle.gap_e3, 0);
    result.note = input.phrases("note.glides", fmt::arg("count", parts.size()));
    EvidenceBuilder evidence(input);
    int64_t limit = warn_high(input, "sparc_gap", 800);
    for (const GlidePart& part : parts) {
        if (part.gap_e3 <= limit) break;
        evidence.span(input.contacts[part.first].time_us, input.contacts[part.first + part.count - 1].time_us,
                      static_cast<uint64_t>(part.gap_e3));
        for (size_t i = part.first; i < part.first + part.count; ++i) evidence.cell(input.contacts[i].cell);
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_path_ratio(const MeasureInput& input) {
    Measurement result;
    EvidenceBuilder evidence(input);
    int64_t limit = warn_high(input, "path_ratio", 1800), used_um = 0, straight_um = 0;
    for (const MadeStroke& stroke : made_strokes(input)) {
        glm::dvec3 from = stroke.places.front(), last = from;
        size_t begin = 0;
        double used = 0;
        for (size_t i = kEvery; i < stroke.places.size(); i += kEvery) {
            used += glm::distance(stroke.places[i], last);
            last = stroke.places[i];
            if (used < kStretch) continue;
            int64_t way_um = base::round_to_integer(used * 1e6);
            // Of skin rubbed on one spot no more than ten times the straight way.
            int64_t direct_um = std::max(base::round_to_integer(glm::distance(last, from) * 1e6), way_um / 10);
            used_um += way_um;
            straight_um += direct_um;
            if (way_um * 1000 > direct_um * limit)
                for (size_t k = begin; k <= i; ++k) evidence.contact(input.contacts[stroke.first + k], true);
            from = last, begin = i, used = 0;
        }
    }
    if (straight_um == 0) return result;
    result.value = ratio(used_um, straight_um, 1000);
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_idle_share(const MeasureInput& input) {
    Measurement result;
    auto [first, last] = first_and_last_touch(input);
    std::vector<glm::dvec3> places = tip_places(input);
    if (first >= last || input.samples.empty()) return result;
    EvidenceBuilder evidence(input);
    double still = kIdleSpeed * kIdleWindow / skin::kStepsPerSecond;
    int64_t idle = 0;
    for (size_t i = first; i <= last; ++i) {
        size_t from = i < first + kIdleWindow / 2 ? first : i - kIdleWindow / 2, to = std::min(i + kIdleWindow / 2, last);
        double share = static_cast<double>(to - from) / kIdleWindow;
        bool stamps = input.device.kind == skin::DeviceKind::stamp && is_working(input.contacts[i]);  // it works where it stands
        bool rests = !stamps && glm::distance(places[to], places[from]) < still * share;
        idle += rests;
        evidence.contact(input.contacts[i], rests);
    }
    result.value = ratio(idle, static_cast<int64_t>(last - first + 1), 100'000);
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_needling_time(const MeasureInput& input) {
    Measurement result;
    int64_t working_us = 0, area_um2 = prescribed_area_um2(input);
    uint32_t since_us = 0, last_us = 0;
    bool any = false;
    for (const shared::ContactRecord& record : input.contacts) {
        if (!is_working(record)) continue;
        if (!any || record.time_us - last_us > kPause_us) {
            working_us += last_us - since_us;
            since_us = record.time_us - std::min(record.time_us, skin::step_end_us(1));
        }
        any = true;
        last_us = record.time_us;
    }
    working_us += last_us - since_us;
    if (!any || area_um2 == 0) return result;
    // At most 71 minutes: 4.3e9 µs, times a whole face of at most 10,000 cm².
    int64_t scaled_us = ratio(working_us, std::max<int64_t>(area_um2 / 100'000, 1), int64_t{input.rubric.full_face_cm2} * 1000);
    result.value = ratio(scaled_us, 60'000, 1);
    result.note = input.phrases(
        "note.time", fmt::arg("time", fmt::format("{}:{:02}", working_us / 60'000'000, working_us / 1'000'000 % 60)),
        fmt::arg("area", area_um2 / 100'000'000));
    return result;
}

}  // namespace training
