// The end point of treatment, as the skin would have shown it: from the puncture log by engine/track/response.h.

#include "engine/track/response.h"
#include "training/core/decimal.h"
#include "training/core/metrics_support.h"

#include <algorithm>

namespace training {
namespace {

constexpr uint32_t kLookOn_us = 60'000'000;  // skin goes on reddening after the last needle: so long is watched (A)

/// Passes that a zone got after it was where its treatment should end, in hundredths.
int64_t passes_over_e2(const MeasureInput& input, const track::ZoneResponse& zone) {
    int64_t pass = std::max(density_for_device(input.rubric.pass_per_cm2, input.device), 1u);
    return ratio(zone.after_end_per_cm2, pass, 100);
}

/// Hundredths of full marks: full up to one pass over, none from two on; half at most where redness is patchy, none where the
/// end point was not reached.
int64_t credit_e2(const MeasureInput& input, const track::ZoneResponse& zone) {
    if (zone.end_second == track::ZoneResponse::kNever) return 0;
    int64_t credit = std::clamp<int64_t>(200 - passes_over_e2(input, zone), 0, 100);
    bool patchy = zone.redness_cv_e4 > input.rubric.patchy_cv_e4;
    return patchy ? std::min<int64_t>(credit, 50) : credit;
}

std::vector<track::ZoneResponse> responses(const MeasureInput& input) {
    track::Response response(input.face, *input.response, input.rubric.no_go_margin_um);
    for (const input::ProcedureEvent& event : input.events)
        if (int zone = input.face.find_zone(event.value); event.name == "wipe" && zone > 0)
            response.wipe(track::wipe_of_zone(input.face, static_cast<uint8_t>(zone), event.time_us));
    // In order of time and second by second: what waits in the response is gone through at each.
    std::vector<shared::Puncture> punctures(input.punctures.begin(), input.punctures.end());
    auto earlier = [](const shared::Puncture& a, const shared::Puncture& b) { return a.time_us < b.time_us; };
    if (!std::is_sorted(punctures.begin(), punctures.end(), earlier))
        std::stable_sort(punctures.begin(), punctures.end(), earlier);
    uint32_t last_us = punctures.back().time_us;
    for (auto begin = punctures.begin(); begin != punctures.end();) {
        uint32_t second = begin->time_us / 1'000'000;
        auto end = std::find_if(begin, punctures.end(),
                                [&](const shared::Puncture& p) { return p.time_us / 1'000'000 != second; });
        response.add(std::span(begin, end), {});
        response.advance(std::prev(end)->time_us);
        begin = end;
    }
    response.advance(last_us > UINT32_MAX - kLookOn_us ? UINT32_MAX : last_us + kLookOn_us);
    return response.zones();
}

}  // namespace

Measurement measure_end_point(const MeasureInput& input) {
    Measurement result;
    if (!input.response || input.punctures.empty()) return result;
    std::vector<track::ZoneResponse> zones = responses(input);
    int64_t area = 0, credit = 0, reached = 0, most_over_e2 = 0;
    std::vector<uint8_t> bad(zones.size(), 0);
    for (size_t i = 0; i < zones.size(); ++i) {
        const track::ZoneResponse& zone = zones[i];
        if (!input.prescribed[i] || input.tallies.zone_tallies()[i].count == 0) continue;
        int64_t own = credit_e2(input, zone), over_e2 = passes_over_e2(input, zone);
        area += zone.area_mm2;
        credit += own * zone.area_mm2;
        reached += zone.end_second == track::ZoneResponse::kNever ? 0 : zone.area_mm2;
        most_over_e2 = std::max(most_over_e2, over_e2);
        bad[i] = own < 100;
        bool blood = zone.confluent_e4 > input.rubric.confluent_critical_e4;
        if ((!blood && over_e2 < 200) || result.critical) continue;
        result.critical = true;
        const std::string words = zone_name(input, i);
        result.critical_reason =
            blood ? input.phrases("reason.blood", fmt::arg("share", zone.confluent_e4 / 100), fmt::arg("zone", words))
                  : input.phrases("reason.beyond_end", fmt::arg("zone", words), fmt::arg("passes", hundredths_text(over_e2)));
    }
    if (area == 0) return result;
    result.value = ratio(credit, area, 1000);
    result.note = input.phrases("note.end_point", fmt::arg("share", ratio(reached, area, 100)),
                                fmt::arg("passes", hundredths_text(most_over_e2)));
    EvidenceBuilder evidence(input);
    for (uint32_t cell = 0; cell < input.face.cells.size(); ++cell)
        if (bad[input.face.cells.zone[cell]]) evidence.cell(cell);
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
