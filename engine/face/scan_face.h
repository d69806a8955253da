#pragma once

// An imported head: a scan's own surface, of which every vertex knows its place on the canonical head. Zones,
// tissue and looks are functions of that place, so an imported patient is baked from the same content as a
// generated one. Stored as ID.toml (kind = "scan", for people) and a binary file beside it; the description
// names the binary by its SHA-256.
//
//   version = 1
//   kind = "scan"
//   id = "maria"
//   name = "Maria"
//   source = "scan.glb, imported on this machine"
//   licence = "unknown"
//   sex = "female"
//   age = 40                 # for the stiffness along tension lines
//   fitzpatrick = 2
//   seed = 1                 # of the mottling
//   dressing = true          # brows, lashes, cap and drape; default true
//   mesh = "maria.mesh"      # beside this file
//   mesh_sha256 = "…"
//   scan_sha256 = "…"        # of the file that was imported

#include "engine/base/hash.h"
#include "engine/base/toml.h"
#include "engine/face/face_store.h"
#include "engine/face/registration.h"

namespace face {

struct ScanFace {
    mesh::SurfaceMesh mesh;  ///< head frame, m, whole micrometres; normals empty
    std::vector<glm::dvec2>
        angles;  ///< degrees, whole millionths: azimuth -180..180, elevation -88..90 (head_shape.h)
    /// Skin that is far from the head's (hair, collar) is "outside"; what is only near it (inside of lips and
    /// nostrils) belongs to the no-go zones round it, or is outside.
    std::vector<Belonging> belongs;
};

/// The binary file: magic, version, arrays of integers, SHA-256.
std::vector<uint8_t> pack_scan(const ScanFace& scan);
/// Errors: not such a file, cut, changed, or indices and angles out of range.
base::Result<ScanFace> unpack_scan(std::span<const uint8_t> bytes, const std::string& file);

/// Version of what is made of a stored scan: part of the cache key.
inline constexpr uint32_t kScanFaceVersion = 2;

/// The binary that the description in `file` names, checked against its hash.
base::Result<std::vector<uint8_t>> read_scan_bytes(const toml::table& spec, const std::string& file);

/// Makes the face that `spec` describes; everything of the asset but index and hash. Deterministic.
base::Result<FaceAsset> make_scan_face(const base::Places& places, const toml::table& spec,
                                       const std::string& file, const Progress& progress);

/// The same from a scan at hand.
struct ScanPatient {
    std::string id, name;
    bool male = false;
    double age = 40;
    uint8_t fitzpatrick = 2;
    uint64_t seed = 1;
    bool dressing = true;  ///< wears brows, lashes, cap and drape
};
base::Result<FaceAsset> dress_scan(const base::Places& places, const ScanFace& scan,
                                   const ScanPatient& patient, const Progress& progress);

}  // namespace face
