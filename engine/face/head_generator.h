#pragma once

#include "engine/base/toml.h"
#include "engine/face/face_store.h"

namespace face {

/// Generates the head that `spec` describes (content/faces/*.toml, kind = "head"). Fills everything of the
/// asset but index and hash. Deterministic. `vertices` asks for another mesh resolution (0 = the
/// file's).
base::Result<FaceAsset> generate_head(const base::Places& places, const toml::table& spec,
                                      const std::string& file, const Progress& progress, uint32_t vertices);

/// Place in the atlas of the skin that a ray (azimuth, elevation in degrees) meets: the ray's direction laid out from the
/// face's middle, no seam, the far pole at the back of the head.
glm::vec2 atlas_place(glm::dvec2 angles);

/// Version of the generator: part of the cache key.
inline constexpr uint32_t kHeadGeneratorVersion = 10;

}  // namespace face
