#pragma once

// What the rest of the program knows about a patient's face or a practice pad: the skin's surface, what lies under it,
// its clinical zones, and its surface cells. Immutable once made. Everything that enters a score is quantised and
// covered by `hash`, so a recording can name its face.

#include "engine/base/hash.h"
#include "engine/face/skin_ground.h"
#include "engine/face/surface_cells.h"
#include "engine/face/tissue_field.h"
#include "engine/face/zones.h"
#include "engine/mesh/surface_index.h"
#include "engine/mesh/surface_mesh.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace face {

enum class Kind : uint8_t { head, pad };

/// Tissue at a place, SI units.
struct TissueAt {
    double epidermis, dermis, depth;  ///< m
    double stiffness;                 ///< Pa
    double poisson;
    double fat = 0;           ///< m
    glm::dvec3 tension{0};    ///< unit, in the skin's plane, of either sign; 0 = none
    double anisotropy = 1;    ///< stiffness along over across `tension`, >= 1
};

/// What the picture needs beyond shape, one per vertex; never read by simulation or score.
struct Look {
    uint8_t haemoglobin;  ///< relative blood content, 128 = this patient's mean
    uint8_t melanin;      ///< relative melanin, 128 = this patient's mean
    uint8_t gloss;        ///< 128 = mean oiliness
    uint8_t occlusion;    ///< ambient light reaching the point, 255 = open
};

/// A place on the skin with a condition that needles must spare or mind (content/conditions). Known to the cells:
/// FaceAsset::cell_lesion; a no-go lesion's cells, margin included, belong to the zone "lesion".
struct Lesion {
    std::string condition;   ///< id in content/conditions: "mole", "cold_sore", ...
    glm::dvec3 place{0};     ///< m, on the skin at rest, whole micrometres
    uint32_t radius_um = 0;  ///< of the lesion itself
    uint32_t margin_um = 0;  ///< kept clear round it
    bool no_go = true;       ///< false: may be needled (a scar to treat), but is told and drawn
};

/// Something on the skin finer than the mesh, for the picture alone: painted into the atlas. Conditions are made of many.
/// Disc: `from` == `to`. Line: from one to the other, of half width `radius`.
struct SkinDetail {
    glm::vec3 from{0}, to{0};   ///< m, on the skin at rest
    float radius = 1e-3f;       ///< m
    float height = 0;           ///< m in the middle; above 0 raised, below 0 sunk
    float steepness = 0;        ///< 0 = soft dome or bowl, 1 = steep wall with flat top or floor
    float irregularity = 0;     ///< 0 = round or straight, 1 = ragged outline
    float melanin = 0;          ///< change of relative melanin: -1 = none left, 0 = as around, 1 = twice, up to 8
    float haemoglobin = 0;      ///< change of relative blood, as melanin
    float gloss = 0;            ///< -1..1 change of oiliness or wetness
    uint32_t seed = 0;
    /// Part of a longer line: it does not end in a point there but goes on in the detail before or after it.
    bool goes_on_before = false, goes_on_after = false;
};

/// Border between two zones as the picture outlines it: open polyline on the skin.
struct ZoneBorder {
    uint8_t zone_a = 0, zone_b = 0;
    std::vector<glm::vec3> line;  ///< m, at rest
};

/// Cap, drape, brows, lashes: drawn, never touched by needles.
struct Dressing {
    std::string material;  ///< "brow", "lash", "cap", "drape"
    mesh::SurfaceMesh mesh;
    glm::vec3 colour{0};  ///< linear sRGB; all 0 = the material's own
};

struct FaceAsset {
    std::string id;
    Kind kind = Kind::head;
    std::string name;              ///< shown to people
    uint8_t fitzpatrick = 2;       ///< skin type I..VI as 1..6; pads 0 (silicone)

    mesh::SurfaceMesh mesh;        ///< skin as drawn, one closed-enough sheet; positions are whole micrometres
    mesh::SurfaceMesh rest_shape;  ///< skin as it is felt and measured, however fine `mesh` is (head_skin.h). Empty: `mesh` is both
    std::vector<Tissue> tissue;    ///< per vertex; counts where tissue_field has nothing
    TissueField tissue_field;      ///< along the zones of a head; empty on pads
    std::vector<Look> look;        ///< per vertex
    std::vector<glm::vec2> uv;     ///< per vertex, the atlas for looks only, [0, 1], no seam across the face
    std::vector<uint8_t> zone;     ///< per triangle, index into zones, by its middle: for pictures. What counts asks `cells`
    std::vector<Zone> zones;       ///< zones[0] is "outside": skin that no lesson treats (scalp, back of the neck)
    SurfaceCells cells;
    std::vector<Lesion> lesions;
    std::vector<uint16_t> cell_lesion;  ///< per cell, index into lesions + 1; 0 or empty = none. Margins included
    std::vector<SkinDetail> details;
    std::vector<ZoneBorder> borders;    ///< may be empty: then outlines run along triangles
    std::vector<Dressing> dressing;

    base::Hash hash;               ///< over mesh, rest_shape, tissue and its field, zones, cells and lesions (not look, uv, details, borders, dressing)

    /// Built after loading; refer to `mesh` and, unless that is empty, to `rest_shape`.
    std::unique_ptr<mesh::SurfaceIndex> index, rest_index;
    std::unique_ptr<SkinGround> ground;  ///< of the cells

    /// What mechanics, tissue and cells read.
    const mesh::SurfaceMesh& felt() const { return rest_shape.triangles.empty() ? mesh : rest_shape; }
    const mesh::SurfaceIndex& felt_index() const { return rest_index ? *rest_index : *index; }
    /// The place of `mesh` nearest to one of felt(): what the log names. About a microsecond.
    mesh::SurfacePoint drawn_at(const mesh::SurfaceHit& felt_hit) const;
    /// Tissue under a place of felt().
    TissueAt tissue_felt(const mesh::SurfacePoint& point) const;

    /// Under a place of `mesh`.
    TissueAt tissue_at(const mesh::SurfacePoint& point) const;
    /// At the cell's seed. About a microsecond; after finish().
    TissueAt tissue_of_cell(uint32_t cell) const;
    /// Zone of a place on the mesh, index into zones: that of its cell.
    uint8_t zone_at(const mesh::SurfacePoint& point) const;
    /// Index of the zone called `id`, or -1.
    int find_zone(std::string_view id) const;
    /// Two unit tangents of the rest surface in which directions of strokes are told: `along` is the head's +X laid on
    /// the skin (+Y where the skin faces sideways), `across` = normal × along.
    static void tangent_frame(glm::dvec3 normal, glm::dvec3& along, glm::dvec3& across);
};

/// Moves every vertex to the nearest whole micrometre, as finish() requires.
void snap_to_micrometres(mesh::SurfaceMesh& mesh);

/// Snaps the mesh, settles its normals (computes them if it has none) and fills `cells` and the areas of `zones`. `zone_of`
/// tells of places on felt().
void divide_skin(FaceAsset& asset, const ZoneOf& zone_of);

/// Recomputes `hash`, builds `ground`, and `index` unless it stands for this mesh already. Called by whoever makes an asset, where
/// it will stay: the index refers to its mesh, and who moves vertices later drops it first.
void finish(FaceAsset& asset);

}  // namespace face
