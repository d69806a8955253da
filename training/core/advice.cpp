#include "training/core/advice.h"

#include "engine/base/toml.h"

#include <algorithm>

namespace training {

namespace {

FaultSide more_of(uint64_t low, uint64_t high) {
    if (low == high) return FaultSide::other;
    return low > high ? FaultSide::low : FaultSide::high;
}

/// Punctures shallower and deeper than their zone's band.
FaultSide depth_side(const Recording& recording, const face::FaceAsset& face, const Rubric& rubric) {
    std::vector<const DepthBand*> bands(face.zones.size());
    for (size_t z = 0; z < bands.size(); ++z)
        if (const auto band = rubric.depth.find(face.zones[z].kind); band != rubric.depth.end()) bands[z] = &band->second;
    uint64_t low = 0, high = 0;
    for (const shared::Puncture& p : recording.punctures) {
        if (p.cell >= face.cells.size()) continue;
        const DepthBand* band = bands[face.cells.zone[p.cell]];
        if (!band) continue;
        low += shared::puncture_depth_um(p) + rubric.depth_tolerance_um < band->low_um;
        high += shared::puncture_depth_um(p) > band->high_um + rubric.depth_tolerance_um;
    }
    return more_of(low, high);
}

/// Steps of contact lighter and harder than the band of the skin under the tip.
FaultSide force_side(const Recording& recording, const face::FaceAsset& face, const Rubric& rubric) {
    uint64_t low = 0, high = 0;
    for (const shared::ContactRecord& c : recording.contacts) {
        if ((c.flags & shared::kContactTouching) == 0 || c.zone >= face.zones.size()) continue;
        const bool bone = face.zones[c.zone].bone;
        low += c.force_mn < (bone ? rubric.force_bone_low_mn : rubric.force_soft_low_mn);
        high += c.force_mn > (bone ? rubric.force_bone_high_mn : rubric.force_soft_high_mn);
    }
    return more_of(low, high);
}

/// Prescribed area thinner and denser than the band.
FaultSide density_side(const Stage& stage, const Rubric& rubric, const std::vector<ZoneScore>& zones) {
    const DensityTargets targets = density_targets(rubric, stage.device);
    uint64_t low = 0, high = 0;
    for (const ZoneScore& zone : zones) {
        if (!zone.prescribed) continue;
        if (zone.stats.density_per_cm2 < targets.low) low += zone.stats.area_mm2;
        if (zone.stats.density_per_cm2 > targets.high) high += zone.stats.area_mm2;
    }
    return more_of(low, high);
}

FaultSide value_side(const CriterionScore& line) {
    if (!line.value) return FaultSide::other;
    if (*line.value < line.criterion.band.target_low) return FaultSide::low;
    return *line.value > line.criterion.band.target_high ? FaultSide::high : FaultSide::other;
}

Advice read_advice(base::TomlReader& read) {
    Advice advice;
    advice.low = read.text_or("low", "");
    advice.high = read.text_or("high", "");
    advice.other = read.text("other");
    advice.basis = read.text("basis");
    return advice;
}

base::fs::path file_for(const base::Places& places, const std::string& language) {
    const base::fs::path own = places.data / "locale" / language / "advice.toml";
    std::error_code ignored;
    return base::fs::exists(own, ignored) ? own : places.data / "advice.toml";
}

}  // namespace

FaultSide fault_side(const CriterionScore& line, const Recording& recording, const Stage& stage, const Rubric& rubric,
                     const std::vector<ZoneScore>& zones) {
    const std::string& measure = line.criterion.measure;
    FaultSide side = FaultSide::other;
    if (measure == "depth_in_band" || measure == "depth_cv") side = depth_side(recording, *stage.face, rubric);
    if (measure == "force_in_band" || measure == "force_cv") side = force_side(recording, *stage.face, rubric);
    if (measure == "density_in_band") side = density_side(stage, rubric, zones);
    return side == FaultSide::other ? value_side(line) : side;
}

base::Result<AdviceBook> load_advice(const base::Places& places, const std::string& language) {
    const base::fs::path file = file_for(places, language);
    auto table = base::read_toml(file);
    if (!table) return table.error();
    base::TomlReader all(*table, file.string());
    all.integer("version", 1, 1);
    all.text("source");
    AdviceBook book;
    const std::vector<std::string> measures = measure_names();
    for (const auto& [key, node] : *table) {
        const std::string name(key.str());
        if (!node.is_table()) continue;
        if (std::ranges::find(measures, name) == measures.end()) all.refuse(name, "is no measure; `rubric check --explain` lists them");
        base::TomlReader read(all.table(name), file.string());
        book[name] = read_advice(read);
        if (auto status = read.status(); !status) return status.error();
    }
    if (auto status = all.status(); !status) return status.error();
    return book;
}

AdviceText advice_for(const AdviceBook& book, const std::string& measure, FaultSide side) {
    const auto found = book.find(measure);
    if (found == book.end()) return {};
    const Advice& advice = found->second;
    const std::string& own = side == FaultSide::low ? advice.low : side == FaultSide::high ? advice.high : advice.other;
    return {own.empty() ? advice.other : own, advice.basis};
}

}  // namespace training
