#pragma once

// What is done to the skin besides needling it, as the picture shows it: gel put on a zone, and a zone wiped.
// Both follow from the session's events, so a session under way, its replay and its report look alike.

#include "engine/input/pen_sample.h"
#include "engine/render/scene_view.h"
#include "engine/track/response.h"

#include <span>
#include <vector>

namespace app {

/// Strokes of all wipes up to `until` s, in order of time.
std::vector<render::WipeStroke> wipes_of(const face::FaceAsset& face,
                                         std::span<const input::ProcedureEvent> events, double until = 1e9);

/// The surface cells that they are drawn over, for the skin's response.
std::vector<track::CellWipe> cells_of(const face::FaceAsset& face, std::span<const render::WipeStroke> wipes);

/// How wet each zone is at `time` s, as SceneView::wet: a film of gel dries over `medium_lasts` s, as it does
/// for the simulation, and a wipe takes it away. In steps, so that a picture stays most of the time.
std::vector<float> wet_zones(const face::FaceAsset& face, std::span<const input::ProcedureEvent> events,
                             double medium_lasts, double time);

}  // namespace app
