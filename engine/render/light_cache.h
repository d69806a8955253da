#pragma once

// Baked light on disk, beside the baked faces. One file holds the key (32 bytes), the VertexLights, and the
// SHA-256 of all before it (32). A file that is cut short, altered, or of another key is as good as none.
// Light is for the picture alone and never part of evidence.

#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "shaders/shared/picture.h"

#include <optional>
#include <span>
#include <vector>

namespace render {

/// Nothing when the file is absent, damaged, not of `key` or not of `count` vertices.
std::optional<std::vector<shared::VertexLight>> read_light(const base::fs::path& path, const base::Hash& key,
                                                           uint32_t count);
/// The same of a file's bytes.
std::optional<std::vector<shared::VertexLight>> unpack_light(std::span<const uint8_t> bytes,
                                                             const base::Hash& key, uint32_t count);

/// Makes the folder when it is missing.
base::Status write_light(const base::fs::path& path, const base::Hash& key,
                         std::span<const shared::VertexLight> lights);

}  // namespace render
