#include "training/app/bands.h"

#include <algorithm>

namespace app {

BandScale criterion_scale(const training::Criterion& criterion) {
    BandScale scale;
    scale.warn_low = static_cast<double>(criterion.band.warn_low) * 1e-3;
    scale.target_low = static_cast<double>(criterion.band.target_low) * 1e-3;
    scale.target_high = static_cast<double>(criterion.band.target_high) * 1e-3;
    scale.warn_high = static_cast<double>(criterion.band.warn_high) * 1e-3;
    if (criterion.critical_below) scale.critical_low = static_cast<double>(*criterion.critical_below) * 1e-3;
    if (criterion.critical_above) scale.critical_high = static_cast<double>(*criterion.critical_above) * 1e-3;
    // Room beyond the band on the sides where values can leave it.
    const double span = std::max(scale.warn_high - scale.warn_low, 1e-3);
    const bool open_below = scale.warn_low < scale.target_low;
    const bool open_above = scale.warn_high > scale.target_high;
    scale.low = open_below ? std::max(0.0, scale.warn_low - 0.6 * span) : scale.warn_low;
    scale.high = open_above ? scale.warn_high + 0.6 * span : scale.warn_high;
    if (criterion.unit == "%") scale.high = std::min(scale.high, 100.0);
    if (scale.high <= scale.low) scale.high = scale.low + 1;
    return scale;
}

const training::Criterion* find_criterion(const training::Rubric& rubric, std::string_view measure) {
    const auto found = std::find_if(rubric.criteria.begin(), rubric.criteria.end(),
                                    [&](const training::Criterion& one) { return one.measure == measure; });
    return found == rubric.criteria.end() ? nullptr : &*found;
}

BandScale force_scale(const training::Rubric& rubric, bool bone) {
    BandScale scale;
    scale.target_low = (bone ? rubric.force_bone_low_mn : rubric.force_soft_low_mn) * 1e-3;
    scale.target_high = (bone ? rubric.force_bone_high_mn : rubric.force_soft_high_mn) * 1e-3;
    scale.warn_low = scale.target_low;
    scale.warn_high = scale.target_high;
    scale.critical_high = rubric.force_held_mn * 1e-3;
    scale.low = 0;
    scale.high = rubric.force_held_mn * 1e-3;
    return scale;
}

BandScale stretch_scale(const training::Rubric& rubric) {
    BandScale scale;
    scale.target_low = rubric.stretch_low_permille * 0.1;
    scale.target_high = rubric.stretch_high_permille * 0.1;
    scale.warn_low = scale.target_low;
    scale.warn_high = scale.target_high;
    scale.low = 0;
    scale.high = 25;  // what a contact record can hold
    return scale;
}

BandScale density_scale(const training::Rubric& rubric, const skin::DeviceProfile& device) {
    BandScale scale;
    const training::DensityTargets targets = training::density_targets(rubric, device);
    scale.target_low = targets.low;
    scale.target_high = targets.high;
    scale.warn_low = scale.target_low;
    scale.warn_high = scale.target_high;
    scale.critical_high = targets.most;
    scale.low = 0;
    scale.high = *scale.critical_high;
    return scale;
}

std::optional<BandScale> depth_scale(const training::Rubric& rubric, const std::string& zone_kind) {
    const auto found = rubric.depth.find(zone_kind);
    if (found == rubric.depth.end()) return std::nullopt;
    const training::DepthBand& band = found->second;
    BandScale scale;
    const double tolerance = rubric.depth_tolerance_um * 1e-3;
    scale.target_low = band.low_um * 1e-3 - tolerance;
    scale.target_high = band.high_um * 1e-3 + tolerance;
    scale.warn_low = scale.target_low;
    scale.warn_high = std::max(scale.target_high, band.warn_um * 1e-3);
    scale.critical_high = band.critical_um * 1e-3;
    scale.low = 0;
    scale.high = band.critical_um * 1.25e-3;
    return scale;
}

std::vector<render::OverlayBand> overlay_bands(render::Overlay overlay, const training::Rubric& rubric,
                                               const training::Stage& stage) {
    using enum render::Overlay;
    if (overlay == none || overlay == evenness) return {};
    const render::OverlayBand usual = render::legend_range(overlay).band;
    std::vector<render::OverlayBand> bands;
    for (const face::Zone& zone : stage.face->zones) {
        const std::optional<BandScale> scale = overlay == depth      ? depth_scale(rubric, zone.kind)
                                               : overlay == pressure ? force_scale(rubric, zone.bone)
                                                                     : density_scale(rubric, stage.device);
        bands.push_back(scale ? render::OverlayBand{scale->target_low, scale->target_high} : usual);
    }
    return bands;
}

}  // namespace app
