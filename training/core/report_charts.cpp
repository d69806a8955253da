// The hand over time and the depths of its punctures, for the instructor.

#include "training/core/chart.h"
#include "training/core/report_page.h"

#include <cmath>
#include <map>
#include <utility>

namespace training::report {

namespace {

constexpr size_t kTimeBins = 480;  // of the charts over time

using ContactValue = double (*)(const shared::ContactRecord&);

/// Range and mean of a value in each slice of time; `counts` tells which records matter.
std::vector<TimeBin> bin_over_time(const Page& page, ContactValue value, bool (*counts)(const shared::ContactRecord&)) {
    std::vector<TimeBin> bins(kTimeBins);
    std::vector<double> weight(kTimeBins, 0);
    for (const shared::ContactRecord& c : page.recording.contacts) {
        if (!counts(c)) continue;
        const size_t i = std::min(kTimeBins - 1, static_cast<size_t>(c.time_us * 1e-6 / page.duration() * kTimeBins));
        const double v = value(c);
        TimeBin& bin = bins[i];
        bin.low = bin.touched ? std::min(bin.low, v) : v;
        bin.high = bin.touched ? std::max(bin.high, v) : v;
        bin.mean += v, weight[i] += 1;
        bin.touched = true;
    }
    for (size_t i = 0; i < kTimeBins; ++i) bins[i].mean /= std::max(1.0, weight[i]);
    return bins;
}

bool touching(const shared::ContactRecord& c) { return (c.flags & shared::kContactTouching) != 0 && c.force_mn > 0; }
bool gliding(const shared::ContactRecord& c) { return touching(c) && c.speed_um_s >= 2000; }

void set_band(std::vector<TimeBin>& bins, double low, double high) {
    for (TimeBin& bin : bins) bin.band_low = low, bin.band_high = high;
}

/// The force band of the zone that was under the tip in each slice.
void set_force_bands(std::vector<TimeBin>& bins, const Page& page) {
    const Rubric* rubric = page.extras.rubric;
    if (rubric == nullptr) return;
    double low = 0, high = 0;
    for (size_t i = 0; i < bins.size(); ++i) {
        const double slice = page.duration() / kTimeBins * 1e6;
        const uint8_t zone = zone_at(page, static_cast<uint32_t>(slice * static_cast<double>(i)),
                                     static_cast<uint32_t>(slice * static_cast<double>(i + 1)));
        if (zone != 0) {
            const bool bone = page.face().zones[zone].bone;
            low = (bone ? rubric->force_bone_low_mn : rubric->force_soft_low_mn) * 1e-3;
            high = (bone ? rubric->force_bone_high_mn : rubric->force_soft_high_mn) * 1e-3;
        }
        bins[i].band_low = low, bins[i].band_high = high;
    }
}

const Criterion* criterion_of(const Page& page, std::string_view measure) {
    for (const CriterionScore& line : page.score.criteria) {
        if (line.criterion.measure == measure) return &line.criterion;
    }
    return nullptr;
}

/// Axis that shows all but the highest hundredth of what was measured, and the band with room above it.
double chart_top(const std::vector<TimeBin>& bins, double least) {
    std::vector<double> highs;
    double band = 0;
    for (const TimeBin& bin : bins) {
        band = std::max(band, bin.band_high);
        if (bin.touched) highs.push_back(bin.high);
    }
    double top = std::max(least, 1.25 * band);
    if (!highs.empty()) {
        const auto at = highs.begin() + static_cast<std::ptrdiff_t>((highs.size() - 1) * 99 / 100);
        std::nth_element(highs.begin(), at, highs.end());
        top = std::max(top, *at);
    }
    const double step = axis_step(top, 4);
    return step * std::ceil(top / step - 1e-9);
}

void add_time_chart(Text& html, const char* key, const Page& page, std::vector<TimeBin> bins, double least) {
    const double top = chart_top(bins, least);
    const TimeChart chart{page.words(key), "", page.duration(), top, std::move(bins), page.words("report.decimal_mark")};
    add(html, "<div class=\"chart\"><h4>{}</h4>{}</div>\n", page.say(key), time_chart(chart));
}

void add_timeline(Text& html, const Page& page) {
    std::vector<TimelineRow> rows;
    std::map<uint32_t, size_t> row_of;
    for (const ZoneScore* zone : zones_in_order(page)) {
        const int index = page.face().find_zone(zone->id);
        if (index < 0) continue;
        row_of[static_cast<uint32_t>(index)] = rows.size();
        rows.push_back({page.words.name("zone", zone->id), {}});
    }
    for (const shared::ContactRecord& c : page.recording.contacts) {
        const auto row = row_of.find(c.zone);
        if (row == row_of.end() || !touching(c)) continue;
        auto& spans = rows[row->second].spans;
        const double end = c.time_us * 1e-6, begin = std::max(0.0, end - skin::kStep);
        // Strokes closer together than a tenth of a percent of the session are one bar.
        if (!spans.empty() && begin - spans.back().second < page.duration() * 1e-3)
            spans.back().second = end;
        else
            spans.push_back({begin, end});
    }
    std::erase_if(rows, [](const TimelineRow& row) { return row.spans.empty(); });
    if (!rows.empty()) add(html, "<div class=\"chart\"><h4>{}</h4>{}</div>\n", page.say("report.order"),
                         timeline(rows, page.duration(), page.words("report.order")));
}

/// Depth of all punctures by zone, in bins of 25 µm.
std::map<uint8_t, std::vector<uint32_t>> depth_counts(const Page& page, size_t bins) {
    std::map<uint8_t, std::vector<uint32_t>> counts;
    for (const shared::Puncture& p : page.recording.punctures) {
        if (p.cell >= page.face().cells.size()) continue;
        std::vector<uint32_t>& zone = counts[page.face().cells.zone[p.cell]];
        zone.resize(bins, 0);
        ++zone[std::min<size_t>(bins - 1, shared::puncture_depth_um(p) / 25)];
    }
    return counts;
}

}  // namespace

void add_charts(Text& html, const Page& page) {
    if (std::none_of(page.recording.contacts.begin(), page.recording.contacts.end(), touching)) return;
    add(html, "<h3>{}</h3>\n<p class=\"note\">{}</p>\n", page.say("report.hand"), page.say("report.hand_means"));
    add_timeline(html, page);

    auto force = bin_over_time(page, [](const shared::ContactRecord& c) { return c.force_mn * 1e-3; }, touching);
    set_force_bands(force, page);
    add_time_chart(html, "report.chart_force", page, std::move(force), 1);

    auto speed = bin_over_time(page, [](const shared::ContactRecord& c) { return c.speed_um_s * 1e-4; }, gliding);
    if (const Criterion* c = criterion_of(page, "glide_speed"))
        set_band(speed, static_cast<double>(c->band.target_low) * 1e-3, static_cast<double>(c->band.target_high) * 1e-3);
    add_time_chart(html, "report.chart_speed", page, std::move(speed), 4);

    auto tilt = bin_over_time(page, [](const shared::ContactRecord& c) { return c.tilt_cdeg * 1e-2; }, touching);
    if (const Criterion* c = criterion_of(page, "tilt_median"))
        set_band(tilt, static_cast<double>(c->band.target_low) * 1e-3, static_cast<double>(c->band.target_high) * 1e-3);
    add_time_chart(html, "report.chart_tilt", page, std::move(tilt), 10);
}

void add_depths(Text& html, const Page& page) {
    uint32_t deepest = 0;
    for (const shared::Puncture& p : page.recording.punctures) deepest = std::max(deepest, shared::puncture_depth_um(p));
    if (deepest == 0) return;
    const size_t bins = std::clamp<size_t>((deepest + 249) / 250 * 10, 30, 160);
    const auto counts = depth_counts(page, bins);
    add(html, "<h3>{}</h3>\n<div class=\"small\">\n", page.say("report.depths"));
    for (const ZoneScore* zone : zones_in_order(page)) {
        const int index = page.face().find_zone(zone->id);
        const auto found = counts.find(static_cast<uint8_t>(index));
        if (index < 0 || found == counts.end()) continue;
        const Text name = page.words.name("zone", zone->id);
        Histogram chart{found->second, 0, static_cast<double>(bins) * 0.025, 0, 0, zone->stats.depth_mean_um * 1e-3,
                        name, page.words("report.decimal_mark")};
        if (page.extras.rubric != nullptr) {
            const auto band = page.extras.rubric->depth.find(page.face().zones[static_cast<size_t>(index)].kind);
            if (band != page.extras.rubric->depth.end())
                chart.band_low = band->second.low_um * 1e-3, chart.band_high = band->second.high_um * 1e-3;
        }
        add(html, "<figure><figcaption>{} <span>{}</span></figcaption>{}</figure>\n", escape_html(name),
            page.say("report.mean", fmt::arg("value", page.fixed(zone->stats.depth_mean_um, 2))), histogram(chart));
    }
    html += "</div>\n";
}

}  // namespace training::report
