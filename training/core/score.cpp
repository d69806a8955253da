#include "training/core/score.h"

#include <nlohmann/json.hpp>

#include <algorithm>

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

/// A decimal with three places, as people read it.
std::string decimal(int64_t thousandths) {
    const char* sign = thousandths < 0 ? "-" : "";
    int64_t size = std::abs(thousandths);
    std::string text = fmt::format("{}{}.{:03}", sign, size / 1000, size % 1000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string bound_reason(const Criterion& criterion, int64_t value) {
    bool above = criterion.critical_above && value > *criterion.critical_above;
    int64_t limit = above ? *criterion.critical_above : *criterion.critical_below;
    return fmt::format("{} {} {} the limit of {}", decimal(value), criterion.unit,
                       above ? "is above" : "is below", decimal(limit));
}

CriterionScore judge(const Criterion& criterion, Measurement measured) {
    CriterionScore line;
    line.criterion = criterion;
    line.value = measured.value;
    line.max = criterion.weight * 100;
    line.reason = measured.critical_reason;
    line.note = std::move(measured.note);
    line.evidence = std::move(measured.evidence);
    if (measured.value) {
        line.points = points(criterion.band, criterion.weight, *measured.value);
        line.verdict = verdict_of(criterion, *measured.value);
        if (line.verdict == Verdict::critical && line.reason.empty())
            line.reason = bound_reason(criterion, *measured.value);
    }
    if (measured.critical) line.verdict = Verdict::critical;
    if (!measured.warning_reason.empty() && line.verdict != Verdict::critical) {
        line.reason = measured.warning_reason;
        if (line.verdict == Verdict::target) line.verdict = Verdict::warning;
    }
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

// --- JSON ---

Json number_or_null(std::optional<int64_t> thousandths) {
    return thousandths ? Json(static_cast<double>(*thousandths) / 1000.0) : Json();
}

Json criterion_json(const CriterionScore& line) {
    return {{"id", line.criterion.id},
            {"value", number_or_null(line.value)},
            {"unit", line.criterion.unit},
            {"points", line.points ? Json(*line.points) : Json()},
            {"max", line.max},
            {"verdict", verdict_name(line.verdict)},
            {"basis", line.criterion.basis}};
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

int32_t points(const Band& band, int32_t weight, int64_t value) {
    int64_t full = weight * 100;
    auto part = [&](int64_t inside, int64_t width) {
        return inside <= 0 ? 0 : static_cast<int32_t>((2 * full * inside + width) / (2 * width));
    };
    if (value < band.target_low) return part(value - band.warn_low, band.target_low - band.warn_low);
    if (value > band.target_high) return part(band.warn_high - value, band.warn_high - band.target_high);
    return static_cast<int32_t>(full);
}

Score score(const Recording& recording, const Stage& stage, const Rubric& rubric, const Scope& scope) {
    std::vector<shared::Puncture> punctures = punctures_on(*stage.face, recording.punctures);
    std::vector<shared::ContactRecord> contacts = contacts_on(*stage.face, recording.contacts);
    track::Tracker tallies(*stage.face);
    tallies.add(punctures);
    tallies.add(contacts);
    MeasureInput input{*stage.face, stage.device,      rubric,           scope,   punctures,
                       contacts,    recording.samples, recording.events, tallies, prescribed_zones(stage),
                       stage.response.get(), stage.procedure.get()};

    Score result;
    for (const Criterion& criterion : rubric.criteria)
        result.criteria.push_back(judge(criterion, measure(criterion.measure, input)));
    std::vector<shared::ZoneStats> stats =
        tallies.statistics(density_for_device(rubric.coverage_floor_per_cm2, stage.device));
    for (size_t zone = 1; zone < stats.size(); ++zone)
        result.zones.push_back({stage.face->zones[zone].id, input.prescribed[zone] != 0, stats[zone]});

    result.total = total_of(result.criteria);
    result.pass = result.total >= rubric.pass_mark &&
                  std::none_of(result.criteria.begin(), result.criteria.end(),
                               [](const CriterionScore& line) { return line.verdict == Verdict::critical; });
    result.evidence = recording.evidence_hash();
    result.rubric = rubric.hash;
    result.face = stage.face->hash;
    result.device = stage.device.hash;
    result.scope = scope.hash;
    return result;
}

std::string score_json(const Score& score) {
    Json json = {{"total", score.total}, {"pass", score.pass}, {"attempt", score.attempt}};
    json["criteria"] = Json::array();
    for (const CriterionScore& line : score.criteria) json["criteria"].push_back(criterion_json(line));
    json["zones"] = Json::array();
    for (const ZoneScore& zone : score.zones) json["zones"].push_back(zone_json(zone));
    json["hashes"] = {{"evidence", score.evidence.hex()},
                      {"rubric", score.rubric.hex()},
                      {"face", score.face.hex()},
                      {"device", score.device.hex()},
                      {"scope", score.scope.hex()}};
    return json.dump();
}

std::string score_text(const Score& score) {
    auto hundredths = [](int32_t value) { return fmt::format("{}.{:02}", value / 100, value % 100); };
    std::string text =
        fmt::format("{:<36} {:>14} {:>14}  {:<12} {}\n", "criterion", "value", "points", "verdict", "basis");
    for (const CriterionScore& line : score.criteria) {
        std::string value = line.value ? decimal(*line.value) : "-";
        std::string points =
            line.points ? fmt::format("{} / {}", hundredths(*line.points), line.max / 100) : "-";
        text += fmt::format("{:<36} {:>14} {:>14}  {:<12} {}\n", line.criterion.name,
                            line.criterion.unit.empty() ? value : value + " " + line.criterion.unit, points,
                            verdict_name(line.verdict), line.criterion.basis);
        if (!line.reason.empty()) text += fmt::format("    {}\n", line.reason);
    }
    text += fmt::format("total {} of 100: {}\n", hundredths(score.total), score.pass ? "pass" : "fail");
    text += "A practice score by a provisional rubric; not a certificate.\n";
    return text;
}

}  // namespace training
