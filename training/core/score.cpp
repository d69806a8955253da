#include "training/core/score.h"

#include "training/core/decimal.h"
#include "training/core/html.h"
#include "training/core/joined.h"
#include "training/core/json_text.h"
#include "training/core/pen_kinds.h"
#include "training/core/screening.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace training {
namespace {

using Json = nlohmann::ordered_json;

Verdict verdict_of(const Criterion& criterion, int64_t value) {
    const Band& band = criterion.band;
    if (criterion.critical_above && value > *criterion.critical_above) return Verdict::critical;
    if (criterion.critical_below && value < *criterion.critical_below) return Verdict::critical;
    if (value >= band.target_low && value <= band.target_high) return Verdict::target;
    return value >= band.warn_low && value <= band.warn_high ? Verdict::warning : Verdict::beyond;
}

std::string bound_reason(const Criterion& criterion, int64_t value, const Phrases& phrases) {
    bool above = criterion.critical_above && value > *criterion.critical_above;
    int64_t limit = above ? *criterion.critical_above : *criterion.critical_below;
    return phrases(above ? "reason.above" : "reason.below", fmt::arg("value", thousandths_text(value)),
                   fmt::arg("unit", phrases.for_programs() ? criterion.unit : phrases.name("unit", criterion.unit)),
                   fmt::arg("limit", thousandths_text(limit)));
}

/// The value in its band, without what the measure itself has against it.
PartScore judge_value(const Criterion& criterion, std::optional<int64_t> value) {
    PartScore part{{}, criterion.band, value, {}};
    if (!value) return part;
    part.points = points(criterion.band, criterion.weight, *value);
    part.verdict = verdict_of(criterion, *value);
    return part;
}

// --- overrides by zone ---

/// The zones that one band judges.
struct Part {
    Criterion criterion;         ///< with that band
    std::string zone;            ///< kind; empty = the rest
    std::vector<uint8_t> zones;  ///< 1 for each that belongs to it
    int64_t area_um2 = 0;        ///< prescribed
};

/// The rest first. Parts without prescribed skin are left out; the first one also takes what is not prescribed.
std::vector<Part> parts_of(const Criterion& criterion, const MeasureInput& input) {
    std::vector<Part> parts = {{criterion, "", {}, 0}};
    for (const CriterionOverride& override : criterion.overrides) {
        if (override.zone.empty()) continue;
        Part part{criterion, override.zone, {}, 0};
        part.criterion.band = override.band;
        part.criterion.critical_above = override.critical_above;
        part.criterion.critical_below = override.critical_below;
        parts.push_back(std::move(part));
    }
    const std::vector<face::Zone>& zones = input.face.zones;
    for (Part& part : parts) part.zones.assign(zones.size(), 0);
    std::vector<size_t> not_prescribed;
    for (size_t zone = 0; zone < zones.size(); ++zone) {
        auto own = std::find_if(parts.begin() + 1, parts.end(), [&](const Part& p) { return p.zone == zones[zone].kind; });
        if (own == parts.end()) own = parts.begin();
        if (!input.prescribed[zone]) {
            not_prescribed.push_back(zone);
            continue;
        }
        own->zones[zone] = 1;
        own->area_um2 += static_cast<int64_t>(shared::sum_value(input.tallies.map().zones[zone].area_um2));
    }
    std::erase_if(parts, [](const Part& part) { return part.area_um2 == 0; });
    if (!parts.empty())
        for (size_t zone : not_prescribed) parts.front().zones[zone] = 1;
    return parts;
}

/// The measure over the part's zones alone. Elsewhere the pen counts as lifted: removing those records would join
/// what lies before and after them.
Measurement measure_part(const Part& part, const MeasureInput& input) {
    std::vector<shared::Puncture> punctures;
    for (const shared::Puncture& puncture : input.punctures)
        if (part.zones[puncture.cell == shared::kNoCell ? 0 : input.face.cells.zone[puncture.cell]])
            punctures.push_back(puncture);
    std::vector<shared::ContactRecord> contacts(input.contacts.begin(), input.contacts.end());
    for (shared::ContactRecord& contact : contacts)
        if (!part.zones[contact.zone]) contact = {contact.time_us, shared::kNoCell, 0, 0, 0, 0, 0, 0};
    std::vector<uint8_t> prescribed = input.prescribed;
    for (size_t zone = 0; zone < prescribed.size(); ++zone) prescribed[zone] = prescribed[zone] && part.zones[zone];
    Rubric rubric = input.rubric;
    for (Criterion& criterion : rubric.criteria)
        if (criterion.id == part.criterion.id) criterion = part.criterion;
    return measure(part.criterion.measure, {input.face, input.device, rubric, input.scope, punctures, contacts, input.samples,
                                            input.events, input.tallies, prescribed});
}

void add_evidence(Evidence& all, const Evidence& some) {
    all.spans.insert(all.spans.end(), some.spans.begin(), some.spans.end());
    std::stable_sort(all.spans.begin(), all.spans.end(),
                     [](TimeSpan a, TimeSpan b) { return a.end_us - a.begin_us > b.end_us - b.begin_us; });
    // Parts judge zones of their own: what one of them has worst does not weigh against another's, so they take turns.
    std::set<uint32_t> taken;
    std::vector<uint32_t> cells;
    auto take = [&](const std::vector<uint32_t>& from, size_t i) {
        if (i < from.size() && cells.size() < kMostEvidenceCells && taken.insert(from[i]).second) cells.push_back(from[i]);
    };
    for (size_t i = 0; i < std::max(all.cells.size(), some.cells.size()); ++i) take(all.cells, i), take(some.cells, i);
    all.cells = std::move(cells);
}

/// Each part's value, and where it went wrong.
void measure_parts(CriterionScore& line, const std::vector<Part>& parts, const MeasureInput& input) {
    line.evidence = {};
    for (const Part& part : parts) {
        Measurement measured = measure_part(part, input);
        add_evidence(line.evidence, measured.evidence);
        line.parts.push_back({part.zone, {}, measured.value, {}, Verdict::not_assessed, part.area_um2});
    }
}

/// The bands that judge one of the line's parts.
Criterion criterion_of(const Criterion& criterion, const std::string& zone) {
    Criterion own = criterion;
    for (const CriterionOverride& override : criterion.overrides)
        if (!zone.empty() && override.zone == zone) {
            own.band = override.band;
            own.critical_above = override.critical_above;
            own.critical_below = override.critical_below;
        }
    return own;
}

/// Points by area, the worst verdict.
void judge_parts(CriterionScore& line, const Phrases& phrases) {
    int64_t sum = 0, area = 0;
    for (PartScore& part : line.parts) {
        const Criterion criterion = criterion_of(line.criterion, part.zone);
        PartScore judged = judge_value(criterion, part.value);
        judged.zone = part.zone;
        judged.area_um2 = part.area_um2;
        if (judged.points) {
            sum += *judged.points * part.area_um2;  // below 1e4 x 2e11
            area += part.area_um2;
            if (line.verdict == Verdict::not_assessed || judged.verdict > line.verdict) line.verdict = judged.verdict;
            if (judged.verdict == Verdict::critical && line.reason.empty())
                line.reason = with_colon(phrases, part.zone.empty() ? phrases("reason.elsewhere") : part.zone,
                                         bound_reason(criterion, *judged.value, phrases));
        }
        part = std::move(judged);
    }
    if (area > 0) line.points = static_cast<int32_t>((2 * sum + area) / (2 * area));
}

/// Points, verdict and reason of what was measured.
void judge_line(CriterionScore& line, const Phrases& phrases) {
    const Criterion& criterion = line.criterion;
    line.max = criterion.weight * 100;
    line.points.reset();
    line.verdict = Verdict::not_assessed;
    line.reason.clear();
    if (line.value && !line.parts.empty()) {
        judge_parts(line, phrases);
    } else if (line.value) {
        PartScore whole = judge_value(criterion, line.value);
        line.points = whole.points;
        line.verdict = whole.verdict;
        if (line.verdict == Verdict::critical) line.reason = bound_reason(criterion, *line.value, phrases);
    }
    if (line.own_critical) line.verdict = Verdict::critical;
    if (!line.own_critical_reason.empty()) line.reason = line.own_critical_reason;
    if (!line.own_warning_reason.empty() && line.verdict != Verdict::critical) {
        line.reason = line.own_warning_reason;
        if (line.verdict == Verdict::target) line.verdict = Verdict::warning;
    }
    std::optional<int32_t> floor = floor_points(criterion);
    line.below_floor = floor && line.points && *line.points < *floor;
}

CriterionScore judge(const Criterion& criterion, const MeasureInput& input) {
    Measurement measured = measure(criterion.measure, input);
    CriterionScore line;
    line.criterion = criterion;
    line.value = measured.value;
    line.note = std::move(measured.note);
    line.evidence = std::move(measured.evidence);
    line.own_critical = measured.critical;
    line.own_critical_reason = std::move(measured.critical_reason);
    line.own_warning_reason = std::move(measured.warning_reason);
    bool by_zone = std::any_of(criterion.overrides.begin(), criterion.overrides.end(),
                               [](const CriterionOverride& override) { return !override.zone.empty(); });
    std::vector<Part> parts = by_zone ? parts_of(criterion, input) : std::vector<Part>();
    if (measured.value && !parts.empty()) measure_parts(line, parts, input);
    judge_line(line, input.phrases);
    if (criterion.evidence == EvidenceKind::cells) line.evidence.spans.clear();
    if (criterion.evidence == EvidenceKind::spans) line.evidence.cells.clear();
    return line;
}

/// A line about work that was rightly not done, or left undone by a decision that screening judges.
CriterionScore left_out(const Criterion& criterion) {
    CriterionScore line;
    line.criterion = criterion;
    line.max = criterion.weight * 100;
    return line;
}

/// Hundredths of 100 over the lines that could be assessed.
int32_t total_of(const std::vector<CriterionScore>& lines) {
    int64_t points = 0, max = 0;
    for (const CriterionScore& line : lines) {
        if (!line.points) continue;
        points += *line.points;
        max += line.max;
    }
    return max == 0 ? 0 : static_cast<int32_t>((2 * points * 10'000 + max) / (2 * max));
}

std::vector<uint8_t> prescribed_zones(const Stage& stage) {
    std::vector<uint8_t> prescribed(stage.face->zones.size(), 0);
    for (const std::string& id : stage.practice.zones)
        if (int zone = stage.face->find_zone(id); zone > 0) prescribed[static_cast<size_t>(zone)] = 1;
    return prescribed;
}

std::vector<shared::Puncture> punctures_on(const face::FaceAsset& face,
                                           std::vector<shared::Puncture> punctures) {
    std::erase_if(punctures, [&](const shared::Puncture& p) {
        return (p.cell >= face.cells.size() && p.cell != shared::kNoCell) ||
               p.triangle >= face.mesh.triangles.size();
    });
    return punctures;
}

std::vector<shared::ContactRecord> contacts_on(const face::FaceAsset& face,
                                               std::vector<shared::ContactRecord> contacts) {
    std::erase_if(contacts, [&](const shared::ContactRecord& c) {
        return (c.cell >= face.cells.size() && c.cell != shared::kNoCell) || c.zone >= face.zones.size();
    });
    return contacts;
}

std::vector<std::string> gates_of(const Score& score, const std::vector<std::string>& allowed_pens, const Phrases& phrases) {
    std::vector<std::string> gates;
    if (std::string pen = wrong_pen(score.pens, allowed_pens, phrases); !pen.empty()) gates.push_back(std::move(pen));
    for (const CriterionScore& line : score.criteria)
        if (line.verdict == Verdict::critical)
            gates.push_back(phrases("failure.critical", fmt::arg("name", line.criterion.name), fmt::arg("reason", line.reason)));
    for (const CriterionScore& line : score.criteria)
        if (line.below_floor)
            gates.push_back(phrases("failure.floor", fmt::arg("name", line.criterion.name), fmt::arg("points", hundredths_text(*line.points)),
                                    fmt::arg("floor", hundredths_text(*floor_points(line.criterion)))));
    return gates;
}

/// What follows from the lines.
void conclude(Score& score, const Rubric& rubric, const Phrases& phrases) {
    score.total = total_of(score.criteria);
    score.pass_mark = rubric.pass_mark;
    score.gates = gates_of(score, rubric.pens, phrases);
    score.failures = score.gates;
    if (score.total < score.pass_mark)
        score.failures.push_back(
            phrases("failure.total", fmt::arg("total", hundredths_text(score.total)), fmt::arg("mark", hundredths_text(score.pass_mark))));
    score.pass = score.failures.empty();
}

// --- JSON ---

constexpr size_t kMostSpansTold = 32, kMostCellsTold = 16;  // of a line, the worst

Json number_or_null(std::optional<int64_t> thousandths) {
    return thousandths ? Json(static_cast<double>(*thousandths) / 1000.0) : Json();
}

Json hash_or_null(const std::optional<base::Hash>& hash) {
    return hash ? Json(hash->hex()) : Json();
}

Json criterion_json(const CriterionScore& line) {
    std::optional<int32_t> floor = floor_points(line.criterion);
    Json parts = Json::array(), spans = Json::array();
    for (const PartScore& part : line.parts)
        parts.push_back({{"zone", part.zone},
                         {"value", number_or_null(part.value)},
                         {"points", part.points ? Json(*part.points) : Json()},
                         {"verdict", verdict_name(part.verdict)}});
    const auto worst = static_cast<ptrdiff_t>(std::min(line.evidence.cells.size(), kMostCellsTold));
    for (const TimeSpan span : std::span(line.evidence.spans).first(std::min(line.evidence.spans.size(), kMostSpansTold)))
        spans.push_back(Json::array({static_cast<double>(span.begin_us) / 1e6, static_cast<double>(span.end_us) / 1e6}));
    return {{"id", line.criterion.id},
            {"value", number_or_null(line.value)},
            {"unit", line.criterion.unit},
            {"points", line.points ? Json(*line.points) : Json()},
            {"max", line.max},
            {"verdict", verdict_name(line.verdict)},
            {"basis", line.criterion.basis},
            {"reason", line.reason},
            {"note", line.note},
            {"floor", floor ? Json(*floor) : Json()},
            {"below_floor", line.below_floor},
            {"bands_for", line.criterion.bands_for},
            {"parts", std::move(parts)},
            {"evidence",
             {{"spans_s", std::move(spans)},
              {"cells", line.evidence.cells.size()},
              {"worst_cells", std::vector<uint32_t>(line.evidence.cells.begin(), line.evidence.cells.begin() + worst)}}}};
}

Json zone_json(const ZoneScore& zone) {
    const shared::ZoneStats& stats = zone.stats;
    auto if_treated = [&](double value) { return stats.punctures > 0 ? Json(value) : Json(); };
    return {{"id", zone.id},
            {"area_mm2", stats.area_mm2},
            {"punctures", stats.punctures},
            {"density_per_cm2", stats.density_per_cm2},
            {"coverage", stats.coverage_e4 / 1e4},
            {"density_cv", if_treated(stats.density_cv_e4 / 1e4)},
            {"gini", if_treated(stats.gini_e4 / 1e4)},
            {"depth_mm", if_treated(stats.depth_mean_um / 1e3)},
            {"force_n", if_treated(stats.force_mean_mn / 1e3)}};
}

}  // namespace

const char* verdict_name(Verdict verdict) {
    switch (verdict) {
        case Verdict::target:
            return "target";
        case Verdict::warning:
            return "warning";
        case Verdict::beyond:
            return "beyond";
        case Verdict::critical:
            return "critical";
        case Verdict::not_assessed:
            return "not_assessed";
    }
    CHECK(false, static_cast<int>(verdict));
}

bool is_fault(const CriterionScore& line) {
    if (line.below_floor) return true;
    return line.verdict != Verdict::target && line.verdict != Verdict::not_assessed;
}

std::optional<int32_t> floor_points(const Criterion& criterion) {
    if (!criterion.floor) return std::nullopt;
    return static_cast<int32_t>((*criterion.floor * criterion.weight * 100 + 99'999) / 100'000);
}

int32_t points(const Band& band, int32_t weight, int64_t value) {
    int64_t full = weight * 100;
    auto part = [&](int64_t inside, int64_t width) {
        return inside <= 0 ? 0 : static_cast<int32_t>((2 * full * inside + width) / (2 * width));
    };
    if (value < band.target_low) return part(value - band.warn_low, band.target_low - band.warn_low);
    if (value > band.target_high) return part(band.warn_high - value, band.warn_high - band.target_high);
    return static_cast<int32_t>(full);
}

Score score(const Recording& recording, const Stage& stage, const Rubric& general_rubric, const Scope& scope,
            const Phrases& phrases) {
    const Rubric rubric = rubric_for(general_rubric, stage.device, scope);
    std::vector<shared::Puncture> punctures = punctures_on(*stage.face, recording.punctures);
    std::vector<shared::ContactRecord> contacts = contacts_on(*stage.face, recording.contacts);
    track::Tracker tallies(track::make_cell_map(*stage.face, rubric.no_go_margin_um));
    tallies.add(punctures);
    tallies.add(contacts);
    MeasureInput input{*stage.face, stage.device,      rubric,           scope,   punctures,
                       contacts,    recording.samples, recording.events, tallies, prescribed_zones(stage),
                       stage.response.get(), stage.procedure.get(), &stage.practice.consultation, phrases};

    Score result;
    result.held_off = held_off(recording.events, !punctures.empty());
    if (stage.practice.consultation.decision) result.explain = stage.practice.consultation.decision->explain;
    for (const Criterion& criterion : rubric.criteria)
        result.criteria.push_back(result.held_off && criterion.measure != "screening" ? left_out(criterion)
                                                                                      : judge(criterion, input));
    std::vector<shared::ZoneStats> stats =
        tallies.statistics(density_targets(rubric, stage.device).floor);
    for (size_t zone = 1; zone < stats.size(); ++zone)
        result.zones.push_back({stage.face->zones[zone].id, input.prescribed[zone] != 0, stats[zone]});

    result.pens = pens_of(recording);
    conclude(result, rubric, phrases);
    result.finished = recording.finished;
    result.evidence = recording.evidence_hash();
    result.rubric = rubric.hash;
    result.face = stage.face->hash;
    result.device = stage.device.hash;
    result.scope = scope.hash;
    if (stage.response) result.response = stage.response->hash;
    if (stage.procedure) result.procedure = stage.procedure->hash;
    return result;
}

Score judge_again(const Score& before, const Rubric& rubric, const Phrases& phrases) {
    Score result = before;
    result.rubric = rubric.hash;
    result.criteria.clear();
    for (const Criterion& criterion : rubric.criteria) {
        const auto measured = std::find_if(before.criteria.begin(), before.criteria.end(), [&](const CriterionScore& line) {
            return line.criterion.id == criterion.id && line.criterion.measure == criterion.measure;
        });
        CriterionScore line;
        if (measured != before.criteria.end()) line = *measured;
        line.criterion = criterion;
        judge_line(line, phrases);
        result.criteria.push_back(std::move(line));
    }
    conclude(result, rubric, phrases);
    return result;
}

std::string score_json(const Score& score) {
    Json json = {{"total", score.total},       {"pass", score.pass},           {"attempt", score.attempt},
                 {"finished", score.finished}, {"pass_mark", score.pass_mark}, {"failures", score.failures},
                 {"held_off", score.held_off}, {"explain", score.explain}};
    json["criteria"] = Json::array();
    for (const CriterionScore& line : score.criteria) json["criteria"].push_back(criterion_json(line));
    json["zones"] = Json::array();
    for (const ZoneScore& zone : score.zones) json["zones"].push_back(zone_json(zone));
    json["hashes"] = {{"evidence", score.evidence.hex()},
                      {"rubric", score.rubric.hex()},
                      {"face", score.face.hex()},
                      {"device", score.device.hex()},
                      {"scope", score.scope.hex()},
                      {"response", hash_or_null(score.response)},
                      {"procedure", hash_or_null(score.procedure)}};
    return json_text(json);
}

static std::string value_text(const Criterion& criterion, std::optional<int64_t> value) {
    if (!value) return "-";
    return criterion.unit.empty() ? thousandths_text(*value) : thousandths_text(*value) + " " + criterion.unit;
}

/// What stands under a line of the table: why, floors, and whose bands judged it.
static std::string line_details(const CriterionScore& line, const std::string& file) {
    std::string text;
    auto add = [&](const std::string& words) { text += fmt::format("    {}\n", words); };
    if (!line.reason.empty()) add(line.reason);
    if (line.below_floor)
        add(fmt::format("below its floor of {} points", hundredths_text(*floor_points(line.criterion))));
    if (!line.criterion.bands_for.empty()) add(fmt::format("judged by the bands for {}", line.criterion.bands_for));
    for (const PartScore& part : line.parts)
        add(fmt::format("{}: {}, {} of {} points, {}", part.zone.empty() ? "other zones" : part.zone,
                        value_text(line.criterion, part.value), part.points ? hundredths_text(*part.points) : "-",
                        line.max / 100, verdict_name(part.verdict)));
    if (is_fault(line) && !line.evidence.spans.empty()) {
        const TimeSpan longest = line.evidence.spans.front();
        add(fmt::format("longest at {}, for {} s{}", clock_moment(longest.begin_us),
                        decimal((longest.end_us - longest.begin_us) / 1000, 1),
                        file.empty() ? "" : "; see it: " + replay_command(file, telling_moment(longest))));
    }
    return text;
}

uint32_t telling_moment(TimeSpan span) {
    return span.begin_us + (span.end_us - span.begin_us) / 2;
}

std::string replay_command(const std::string& file, uint32_t time_us) {
    return fmt::format("evenhand replay {} --at {}", file, fixed_decimal(time_us / 100'000 * 100, 1));
}

std::string score_text(const Score& score, const std::string& file) {
    std::string text =
        fmt::format("{:<36} {:>14} {:>14}  {:<12} {}\n", "criterion", "value", "points", "verdict", "basis");
    for (const CriterionScore& line : score.criteria) {
        std::string points =
            line.points ? fmt::format("{} / {}", hundredths_text(*line.points), line.max / 100) : "-";
        text += fmt::format("{:<36} {:>14} {:>14}  {:<12} {}\n", line.criterion.name,
                            value_text(line.criterion, line.value), points, verdict_name(line.verdict),
                            line.criterion.basis);
        text += line_details(line, file);
    }
    text += fmt::format("total {} of 100, pass mark {}: {}\n", hundredths_text(score.total), hundredths_text(score.pass_mark),
                        score.pass ? "pass" : "fail");
    if (!score.finished) text += "unfinished: the session was not closed; this is the score of what was kept\n";
    for (const std::string& failure : score.failures) text += fmt::format("    {}\n", failure);
    if (score.held_off) text += "The session ended with a decision not to needle: screening alone is assessed.\n";
    if (!score.explain.empty()) text += fmt::format("This patient today: {}\n", score.explain);
    text += "A practice score by a provisional rubric; not a certificate.\n";
    return text;
}

}  // namespace training
