#pragma once

// The desk's scene of a session (training/serve/scene.h), in the patient's own colours; made once and kept in the cache.

#include "engine/face/face_asset.h"
#include "training/app/options.h"
#include "training/serve/desk.h"

#include <array>
#include <vector>

namespace app {

/// Of each vertex of the face's mesh, sRGB: what the renderer takes for skin there, darker in folds. A pad is of silicone.
std::vector<std::array<uint8_t, 3>> skin_colours(const face::FaceAsset& face);

/// Refuses a recording that cannot be scored, or is not the one that is meant.
base::Result<std::string> make_scene(const Options& options, const serve::ReportWish& wish);

/// Where something made of a recording is kept: another file whenever recording, language or program changes.
base::fs::path kept_for(const base::Places& places, const serve::ReportWish& wish, const char* extension);

}  // namespace app
