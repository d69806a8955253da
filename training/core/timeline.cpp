#include "training/core/timeline.h"

#include <algorithm>

namespace training {
namespace {

constexpr uint32_t kSkip_us = 50'000;

const Criterion* find(const Rubric& rubric, std::string_view measure) {
    const auto found = std::ranges::find(rubric.criteria, measure, &Criterion::measure);
    return found == rubric.criteria.end() ? nullptr : &*found;
}

/// Thousandths of a criterion's unit as a ribbon tells them: 1/1000 deg as cdeg, 1/1000 cm/s as µm/s.
Ribbons::Range range_of(const Criterion* criterion, int64_t times, int64_t over) {
    if (!criterion) return {};
    return {criterion->band.target_low * times / over, criterion->band.target_high * times / over};
}

Ribbons::Range depth_range(const Rubric& rubric, const std::string& zone_kind) {
    const auto found = rubric.depth.find(zone_kind);
    if (found == rubric.depth.end()) return {};
    return {int64_t{found->second.low_um} - rubric.depth_tolerance_um, int64_t{found->second.high_um} + rubric.depth_tolerance_um};
}

Ribbons::Range force_range(const Rubric& rubric, bool bone) {
    if (bone) return {rubric.force_bone_low_mn, rubric.force_bone_high_mn};
    return {rubric.force_soft_low_mn, rubric.force_soft_high_mn};
}

int64_t value_of(Ribbon what, const shared::ContactRecord& record) {
    return what == Ribbon::force ? record.force_mn : what == Ribbon::tilt ? record.tilt_cdeg : record.speed_um_s;
}

bool works(const shared::ContactRecord& record) {
    return (record.flags & shared::kContactTouching) && (record.flags & shared::kContactMotor);
}

/// The records of [begin, end).
template <typename Record>
std::span<const Record> between(std::span<const Record> records, uint32_t begin_us, uint32_t end_us) {
    const auto earlier = [](const Record& record, uint32_t time) { return record.time_us < time; };
    const auto first = std::lower_bound(records.begin(), records.end(), begin_us, earlier);
    return {first, std::lower_bound(first, records.end(), end_us, earlier)};
}

void add(RibbonBin& bin, int64_t value, Ribbons::Range band) {
    ++bin.count;
    bin.below += value < band.low;
    bin.above += value > band.high;
    bin.sum += value;
}

}  // namespace

RibbonBin::Level RibbonBin::level() const {
    if (count == 0) return Level::none;
    if (uint64_t{above} * 4 > count && above >= below) return Level::above;
    return uint64_t{below} * 4 > count ? Level::below : Level::within;
}

Ribbons::Ribbons(const face::FaceAsset& face, const Rubric& rubric) : zone_of_cell_(face.cells.zone) {
    const Range tilt = range_of(find(rubric, "tilt_median"), 1, 10), speed = range_of(find(rubric, "glide_speed"), 10, 1);
    for (const face::Zone& zone : face.zones) {
        bands_[static_cast<size_t>(Ribbon::force)].push_back(force_range(rubric, zone.bone));
        bands_[static_cast<size_t>(Ribbon::tilt)].push_back(tilt);
        bands_[static_cast<size_t>(Ribbon::speed)].push_back(speed);
        bands_[static_cast<size_t>(Ribbon::depth)].push_back(depth_range(rubric, zone.kind));
    }
}

Ribbons::Range Ribbons::band(Ribbon what, uint32_t zone) const {
    const std::vector<Range>& bands = bands_[static_cast<size_t>(what)];
    return zone < bands.size() ? bands[zone] : Range{};
}

std::vector<RibbonBin> Ribbons::bins(Ribbon what, std::span<const shared::ContactRecord> contacts,
                                     std::span<const shared::Puncture> punctures, uint32_t begin_us, uint32_t end_us,
                                     size_t count) const {
    std::vector<RibbonBin> bins(count);
    if (end_us <= begin_us || count == 0) return bins;
    const auto bin = [&](uint32_t time_us) -> RibbonBin& {
        return bins[static_cast<size_t>(uint64_t{time_us - begin_us} * count / (end_us - begin_us))];
    };
    if (what == Ribbon::depth) {
        for (const shared::Puncture& puncture : between(punctures, begin_us, end_us)) {
            const uint32_t zone = puncture.cell < zone_of_cell_.size() ? zone_of_cell_[puncture.cell] : 0;
            add(bin(puncture.time_us), shared::puncture_depth_um(puncture), band(what, zone));
        }
        return bins;
    }
    for (const shared::ContactRecord& record : between(contacts, begin_us, end_us))
        if (works(record)) add(bin(record.time_us), value_of(what, record), band(what, record.zone));
    return bins;
}

std::vector<FaultRow> fault_rows(const Score& score) {
    std::vector<FaultRow> rows;
    for (size_t i = 0; i < score.criteria.size(); ++i) {
        const CriterionScore& line = score.criteria[i];
        if (!is_fault(line)) continue;
        rows.push_back({i, line.evidence.spans});
        std::ranges::sort(rows.back().spans, {}, &TimeSpan::begin_us);
    }
    std::ranges::stable_sort(rows, {}, [&](const FaultRow& row) {
        return std::pair(row.spans.empty(), score.criteria[row.criterion].verdict != Verdict::critical);
    });
    return rows;
}

std::vector<uint32_t> fault_moments(std::span<const FaultRow> rows) {
    std::vector<uint32_t> moments;
    for (const FaultRow& row : rows)
        for (const TimeSpan& span : row.spans) moments.push_back(telling_moment(span));
    std::ranges::sort(moments);
    const auto twice = std::ranges::unique(moments);
    moments.erase(twice.begin(), twice.end());
    return moments;
}

std::optional<uint32_t> moment_after(std::span<const uint32_t> moments, uint32_t time_us, bool forwards) {
    const auto at = forwards ? std::ranges::upper_bound(moments, time_us) : std::ranges::lower_bound(moments, time_us);
    if (forwards) return at == moments.end() ? std::nullopt : std::optional(*at);
    return at == moments.begin() ? std::nullopt : std::optional(*(at - 1));
}

bool is_wrong_at(const FaultRow& row, uint32_t time_us) {
    const auto begun = std::ranges::upper_bound(row.spans, time_us, {}, &TimeSpan::begin_us);
    return std::any_of(row.spans.begin(), begun, [&](const TimeSpan& span) { return time_us <= span.end_us; });
}

std::vector<TimeSpan> joined_spans(std::span<const TimeSpan> spans, uint32_t gap_us) {
    std::vector<TimeSpan> joined;
    for (const TimeSpan& span : spans)
        if (!joined.empty() && span.begin_us < uint64_t{joined.back().end_us} + gap_us)
            joined.back().end_us = std::max(joined.back().end_us, span.end_us);
        else
            joined.push_back(span);
    return joined;
}

std::optional<size_t> span_at(std::span<const TimeSpan> spans, uint32_t time_us) {
    const auto after = std::ranges::upper_bound(spans, time_us, {}, &TimeSpan::begin_us);
    if (after == spans.begin() || time_us > (after - 1)->end_us) return std::nullopt;
    return static_cast<size_t>(after - spans.begin()) - 1;
}

std::vector<TimeSpan> stroke_spans(std::span<const shared::ContactRecord> contacts) {
    std::vector<TimeSpan> spans;
    for (const shared::ContactRecord& record : contacts) {
        if (!works(record)) continue;
        const uint32_t begin = record.time_us - std::min(record.time_us, skin::step_end_us(1));
        if (spans.empty() || begin > spans.back().end_us + kSkip_us)
            spans.push_back({begin, record.time_us});
        else
            spans.back().end_us = record.time_us;
    }
    return spans;
}

bool is_told(const input::ProcedureEvent& event) {
    const std::string& name = event.name;
    if (name.ends_with("_begin") && name != "traction_begin") return false;
    return !name.starts_with("finger_") && !name.starts_with("consult_") && name != "pen" && name != "depth_mm" && name != "rate_hz";
}

}  // namespace training
