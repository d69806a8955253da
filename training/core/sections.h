#pragma once

// How a zone is worked whose skin must be held taut: in small sections ("small areas": clinical.md 3, F2),
// each as wide as two fingertips keep evenly taut, and each crossed in all directions before the next.

#include "engine/skin/stretch.h"
#include "training/core/stroke_plan.h"

namespace training {

/// Skin that is worked under one hold.
struct Section {
    glm::dvec3 middle{0}, outward{0};  ///< m, of its strokes; unit
    std::vector<Stroke> strokes;       ///< in the order in which they were planned
};

/// Cuts strokes where sections meet; no point of a stroke lies much further than `reach` (m) from its
/// section's middle. The pieces of one stroke run on over each other by `overlap` (m), for the hand presses
/// less where it touches and lifts. Sections come in the order of their way, each the nearest to the one
/// before it.
std::vector<Section> cut_into_sections(std::span<const Stroke> strokes, double reach, double overlap);

/// The hold that keeps most of a section as taut as is taught, 5 to 15 % (clinical.md 3, A), of those with
/// their line turned by `turn` (radians from straight across the head's +X) or by an eighth of a circle more
/// and more.
skin::Hold best_hold(const face::FaceAsset& face, const skin::SkinModel& skin, const Section& section,
                     double turn);

}  // namespace training
