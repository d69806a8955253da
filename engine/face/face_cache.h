#pragma once

// Baked faces on disk. One file holds: magic and format version (12 bytes), the key (32), the payload's
// length (8), the payload, and the SHA-256 of all before it (32). A file that is cut short, altered, of
// another version or made from other inputs is as good as none. What is read is checked again before it is
// used.

#include "engine/base/files.h"
#include "engine/face/face_asset.h"

#include <optional>
#include <span>
#include <vector>

namespace face {

/// The file's bytes. Places are kept in whole micrometres, so what is unpacked may differ from `asset` in the last bits.
std::vector<uint8_t> pack(const base::Hash& key, const FaceAsset& asset);

/// The asset but for its index, hash, vertex normals and cell grid, which follow from the rest; nothing when the bytes are
/// damaged or not of `key`.
std::optional<FaceAsset> unpack(std::span<const uint8_t> bytes, const base::Hash& key);

/// Nothing when the file is absent too.
std::optional<FaceAsset> read_cache(const base::fs::path& path, const base::Hash& key);

base::Status write_cache(const base::fs::path& path, std::span<const uint8_t> packed);

/// Cheap: looks at the header and the length alone.
bool cache_is_current(const base::fs::path& path, const base::Hash& key);

}  // namespace face
