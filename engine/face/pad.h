#pragma once

// Practice pads: a flat sheet of silicone, or a part of a cylinder, from the TOML form of design.md 6.
// Surface z = 0 at its centre, +z out of it; a cylinder's axis lies along y.

#include "engine/base/toml.h"
#include "engine/face/face_asset.h"

namespace face {

/// Version of the generator: part of a cached pad's key.
inline constexpr uint32_t kPadGeneratorVersion = 2;

/// Makes the pad that `spec` describes; everything of the asset but cells, index and hash. Vertices about 1
/// mm apart, or about `vertices` of them where that is not 0. Errors name file, line and column.
base::Result<FaceAsset> make_pad(const toml::table& spec, const std::string& file, uint32_t vertices);

/// Whether make_pad would take `spec`, without making it.
base::Status check_pad(const toml::table& spec, const std::string& file);

/// The zones of every pad, areas 0.
std::vector<Zone> pad_zones();

}  // namespace face
