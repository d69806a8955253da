#include "training/core/metrics_support.h"

#include "training/core/html.h"

#include <algorithm>

namespace training {
namespace {

constexpr uint32_t kWindow_us = 100'000;

}  // namespace

int64_t ratio(int64_t part, int64_t whole, int64_t scale) {
    return (2 * part * scale + whole) / (2 * whole);
}

uint32_t zone_of(const MeasureInput& input, uint32_t cell) {
    return cell == shared::kNoCell ? 0 : input.face.cells.zone[cell];
}

std::string zone_name(const MeasureInput& input, size_t zone) {
    const std::string& id = input.face.zones[zone].id;
    const std::string name = input.phrases.name("zone_in", id);
    return name == id ? zone_words(id) : name;
}

bool is_working(const shared::ContactRecord& record) {
    constexpr uint32_t kBoth = shared::kContactTouching | shared::kContactMotor;
    return (record.flags & kBoth) == kBoth && record.zone != 0;
}

int64_t warn_high(const MeasureInput& input, const std::string& measure, int64_t fallback) {
    for (const Criterion& criterion : input.rubric.criteria)
        if (criterion.measure == measure) return criterion.band.warn_high;
    return fallback;
}

std::vector<shared::ZoneStats> zone_statistics(const MeasureInput& input) {
    return input.tallies.statistics(density_targets(input.rubric, input.device).floor);
}

std::optional<int64_t> mean_over_area(const MeasureInput& input,
                                      const std::function<int64_t(size_t zone)>& value) {
    int64_t sum = 0, area = 0;
    for (size_t zone = 0; zone < input.face.zones.size(); ++zone) {
        if (!input.prescribed[zone]) continue;
        // Values stay below 1e6 and areas of a face below 2e11 µm².
        auto zone_area_um2 =
            static_cast<int64_t>(shared::sum_value(input.tallies.map().zones[zone].area_um2));
        sum += value(zone) * zone_area_um2;
        area += zone_area_um2;
    }
    if (area == 0) return std::nullopt;
    return ratio(sum, area, 1);
}

EvidenceBuilder::EvidenceBuilder(const MeasureInput& input) : weight_(input.face.cells.size(), 0) {}

void EvidenceBuilder::puncture(const shared::Puncture& puncture, bool bad) {
    size_t window = puncture.time_us / kWindow_us;
    if (window >= windows_.size()) windows_.resize(window + 1);
    ++windows_[window].punctures;
    if (!bad) return;
    ++windows_[window].bad;
    cell(puncture.cell);
}

void EvidenceBuilder::contact(const shared::ContactRecord& record, bool bad) {
    if (!bad) return;
    cell(record.cell);
    uint32_t step_us = skin::step_end_us(1);
    add_span(record.time_us > step_us ? record.time_us - step_us : 0, record.time_us);
}

void EvidenceBuilder::cell(uint32_t cell, uint32_t weight) {
    if (cell != shared::kNoCell) weight_[cell] += weight;
}

void EvidenceBuilder::add_span(uint32_t begin_us, uint32_t end_us) {
    if (!spans_.empty() && begin_us <= spans_.back().span.end_us + kWindow_us)
        spans_.back().span.end_us = end_us;
    else
        spans_.push_back({{begin_us, end_us}, 0});
}

void EvidenceBuilder::span(uint32_t begin_us, uint32_t end_us, uint64_t weight) {
    spans_.push_back({{begin_us, end_us}, weight});
}

Evidence EvidenceBuilder::finish() const {
    EvidenceBuilder all = *this;
    for (size_t window = 0; window < windows_.size(); ++window) {
        uint32_t begin_us = static_cast<uint32_t>(window) * kWindow_us;
        if (windows_[window].bad > 0 && 2 * windows_[window].bad >= windows_[window].punctures)
            all.add_span(begin_us, begin_us + kWindow_us);
    }
    auto weight = [](const BadSpan& bad) {
        return bad.weight > 0 ? bad.weight : bad.span.end_us - bad.span.begin_us;
    };
    std::stable_sort(all.spans_.begin(), all.spans_.end(),
                     [&](const BadSpan& a, const BadSpan& b) { return weight(a) > weight(b); });
    Evidence evidence;
    for (const BadSpan& bad : all.spans_) evidence.spans.push_back(bad.span);

    for (uint32_t cell = 0; cell < weight_.size(); ++cell)
        if (weight_[cell] > 0) evidence.cells.push_back(cell);
    auto heavier = [&](uint32_t a, uint32_t b) { return weight_[a] > weight_[b]; };
    std::stable_sort(evidence.cells.begin(), evidence.cells.end(), heavier);
    if (evidence.cells.size() > kMostEvidenceCells) evidence.cells.resize(kMostEvidenceCells);
    return evidence;
}

}  // namespace training
