#pragma once

// What a generated head wears: brows and lashes as thin ribbons of hair, a theatre cap, a drape round the
// neck's end. Drawn, never touched by needles.

#include "engine/face/face_asset.h"
#include "engine/face/head_shape.h"

#include <functional>

namespace face {

/// Canonical place (mm) to the patient's (m).
using Placement = std::function<glm::dvec3(glm::dvec3)>;

std::vector<Dressing> dress_head(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place,
                                 uint64_t seed);

}  // namespace face
