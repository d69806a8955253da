#pragma once

// Bands of a rubric as the live panel and the score screen draw them. The rubric decides what is good; this
// only lays it on an axis.

#include "training/app/widgets.h"
#include "training/core/metrics.h"
#include "training/core/session.h"

namespace app {

/// The criterion's band in its own unit, with an axis that shows all of it and some room beyond.
BandScale criterion_scale(const training::Criterion& criterion);
/// The rubric's first criterion with this measure, or null.
const training::Criterion* find_criterion(const training::Rubric& rubric, std::string_view measure);

/// Axial force under the pen in N: bone or soft band.
BandScale force_scale(const training::Rubric& rubric, bool bone);
/// Stretch of the skin under the pen by the other hand, %.
BandScale stretch_scale(const training::Rubric& rubric);
/// Punctures per cm², the rubric's band scaled to the device.
BandScale density_scale(const training::Rubric& rubric, const skin::DeviceProfile& device);
/// Effective depth in mm for a zone kind; nothing where the rubric has no band.
std::optional<BandScale> depth_scale(const training::Rubric& rubric, const std::string& zone_kind);

/// Target bands of what an overlay shows, per zone of the stage's face, in the overlay's unit; empty where the rubric
/// has none of its own.
std::vector<render::OverlayBand> overlay_bands(render::Overlay overlay, const training::Rubric& rubric,
                                               const training::Stage& stage);

}  // namespace app
