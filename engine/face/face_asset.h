#pragma once

// What the rest of the program knows about a patient's face or a practice pad: the skin's surface, what lies under it,
// its clinical zones, and its surface cells. Immutable once made. Everything that enters a score is quantised and
// covered by `hash`, so a recording can name its face.

#include "engine/base/hash.h"
#include "engine/face/surface_cells.h"
#include "engine/face/zones.h"
#include "engine/mesh/surface_index.h"
#include "engine/mesh/surface_mesh.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace face {

enum class Kind : uint8_t { head, pad };

/// Tissue under one vertex. Sources and certainty: content/faces/tissue.toml (from clinical.md 4).
struct Tissue {
    uint16_t epidermis_um;    ///< 30..300
    uint16_t dermis_um;       ///< 400..3000
    uint16_t depth_um;        ///< skin surface to bone or rigid base: the layer h of design.md 4; 500..50000
    uint16_t stiffness_pa10;  ///< effective Young's modulus under a tip, in 10 Pa: 100..10000 (1..100 kPa)
    uint16_t poisson_e4;      ///< Poisson's ratio in 1e-4: 3000..4900
};

/// Tissue blended over a triangle, SI units.
struct TissueAt {
    double epidermis, dermis, depth;  ///< m
    double stiffness;                 ///< Pa
    double poisson;
};

/// What the picture needs beyond shape, one per vertex; never read by simulation or score.
struct Look {
    uint8_t haemoglobin;  ///< relative blood content, 128 = this patient's mean
    uint8_t melanin;      ///< relative melanin, 128 = this patient's mean
    uint8_t gloss;        ///< 128 = mean oiliness
    uint8_t occlusion;    ///< ambient light reaching the point, 255 = open
};

/// Cap, drape, brows, lashes: drawn, never touched by needles.
struct Dressing {
    std::string material;  ///< "brow", "lash", "cap", "drape"
    mesh::SurfaceMesh mesh;
};

struct FaceAsset {
    std::string id;
    Kind kind = Kind::head;
    std::string name;              ///< shown to people
    uint8_t fitzpatrick = 2;       ///< skin type I..VI as 1..6; pads 0 (silicone)

    mesh::SurfaceMesh mesh;        ///< skin, one closed-enough sheet; positions are whole micrometres
    std::vector<Tissue> tissue;    ///< per vertex
    std::vector<Look> look;        ///< per vertex
    std::vector<glm::vec2> uv;     ///< per vertex, the atlas for looks only, [0, 1], no seam across the face
    std::vector<uint8_t> zone;     ///< per triangle, index into zones
    std::vector<Zone> zones;       ///< zones[0] is "outside": skin that no lesson treats (scalp, back of the neck)
    SurfaceCells cells;
    std::vector<Dressing> dressing;

    base::Hash hash;               ///< over mesh, tissue, zones and cells (not look, uv, dressing)

    /// Built after loading; refers to `mesh`.
    std::unique_ptr<mesh::SurfaceIndex> index;

    TissueAt tissue_at(const mesh::SurfacePoint& point) const;
    /// Index of the zone called `id`, or -1.
    int find_zone(std::string_view id) const;
    /// Two unit tangents of the rest surface in which directions of strokes are told: `along` is the head's +X laid on
    /// the skin (+Y where the skin faces sideways), `across` = normal × along.
    static void tangent_frame(glm::dvec3 normal, glm::dvec3& along, glm::dvec3& across);
};

/// Moves every vertex to the nearest whole micrometre, as finish() requires.
void snap_to_micrometres(mesh::SurfaceMesh& mesh);

/// Recomputes `hash` and builds `index`. Called once by whoever makes an asset, where it will stay: the index refers to
/// its mesh.
void finish(FaceAsset& asset);

}  // namespace face
