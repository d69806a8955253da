#pragma once

// Foreign mesh files (glTF, OBJ, PLY, STL and whatever else Assimp reads) as plain triangles: the only place
// that knows Assimp. The file's bytes are untrusted, so they are read in a child process with bounded memory
// and time: a reader that crashes, hangs or swells costs the child, and the answer is one sentence. Textures
// are never decoded, materials and skeletons are dropped, and of other files only a .gltf's own .bin beside
// it is opened.

#include "engine/base/files.h"
#include "engine/mesh/surface_mesh.h"

namespace mesh {

/// What a file may cost.
struct ScanLimits {
    uint64_t file_bytes = 512ull << 20;
    uint64_t memory_bytes = 6ull << 30;  ///< of the reading process, this program's own included
    uint32_t cpu_seconds = 120;
    uint64_t vertices = 12'000'000;  ///< as the file stores them, shared ones counted often
    uint64_t triangles = 4'000'000;
};

/// All triangles of the file in one list, in the file's own unit and axes, placed by its scene graph. Nothing
/// is merged or repaired; positions are as they came, NaN included; normals are empty. Indices are valid.
/// Errors: no such file, a kind that cannot be read, damaged, too large, or without a triangle.
base::Result<SurfaceMesh> read_scan(const base::fs::path& path, const ScanLimits& limits = {});

/// As read_scan, from bytes of which `extension` (".obj") says the kind. `name` is only told.
base::Result<SurfaceMesh> read_scan(std::span<const uint8_t> bytes, const std::string& extension,
                                    const std::string& name, const ScanLimits& limits = {});

}  // namespace mesh
