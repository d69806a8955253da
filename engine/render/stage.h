#pragma once

// A face's copy on the GPU: vertices of skin and dressing in one buffer, and what the picture draws from it.

#include "engine/face/face_asset.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/outline.h"
#include "engine/render/tiles.h"
#include "shaders/shared/picture.h"

#include <memory>
#include <span>
#include <vector>

namespace render {

/// Neighbouring triangles that are drawn or left out together.
struct Cluster {
    glm::vec3 centre;
    float radius;    ///< m, of the sphere that holds them
    glm::vec3 axis;  ///< mean normal
    float spread;    ///< sine of the greatest angle of a triangle's normal to it; 2 = beyond a right angle
    uint32_t first, count;              ///< in Stage::indices
    bool border = false;                ///< holds an edge where the surface ends
    std::vector<uint32_t> blocks = {};  ///< that hold its vertices
    uint32_t coarse_first = 0, coarse_count = 0;  ///< in Stage::coarse_indices: the same surface with fewer triangles
    std::vector<uint32_t> coarse_blocks = {};     ///< that hold the vertices of these
    float edge = 0;                               ///< m, middling length of a triangle's side
    glm::vec3 half{0};                            ///< m, of the box round the centre that holds them
};

/// Vertices that vertices.comp places together: neighbours in `drawn`, and so on the surface.
struct Block {
    static constexpr uint32_t kSize = 64;
    glm::vec3 centre;
    float radius;  ///< m, of the sphere that holds them
};

/// Triangles of one material, in Stage::indices.
struct Part {
    uint32_t material;  ///< kMaterialSkin …
    uint32_t first, count;
    std::vector<Cluster> clusters;

    /// Skin and silicone are closed: triangles that face away are not drawn.
    bool closed() const { return material <= shared::kMaterialSilicone; }
};

struct Stage {
    std::shared_ptr<const face::FaceAsset> face;
    uint32_t vertex_count = 0;
    uint32_t skin_vertices = 0;   ///< the first ones
    gpu::Buffer vertices;         ///< RestVertex
    gpu::Buffer triangles;        ///< uint32, the skin's as the face numbers them
    mesh::SurfaceMesh skin;       ///< at rest as it is drawn, the face's vertices first: finer under raised lesions
    std::vector<uint32_t> indices;        ///< of triangles, by part and cluster
    std::vector<uint32_t> drawn_indices;  ///< the same triangles in `drawn`
    std::vector<uint32_t> coarse_indices;  ///< in `drawn`, by cluster: see coarse.h
    Outline outline;                      ///< borders between zones
    std::vector<Part> parts;  ///< skin first
    gpu::Buffer lights;       ///< VertexLight: see light_baker.h
    gpu::Buffer drawn;        ///< DrawnVertex, in the order in which triangles first use them
    gpu::Buffer drawn_order;  ///< uint32: the vertex at each place in `drawn`, filled up to whole blocks
    gpu::Buffer field_vertices;  ///< FieldVertex, likewise
    std::vector<Block> blocks;
    gpu::Buffer casters;  ///< uint32 in `drawn`: triangles that cast shadows, all but hair
    uint32_t caster_count = 0;
    glm::vec3 centre{0};
    float radius = 0;  ///< m, of a sphere that holds all
    base::Hash form;   ///< of all that light falls on: places, normals, materials, triangles

    uint32_t cell_count = 0, zone_count = 0;
    gpu::Buffer cell_begin, cell_neighbours;  ///< cells that touch
    gpu::Buffer neighbourhood_area;           ///< um², in the order of track::CellMap
    gpu::Buffer looks;                        ///< CellLook
};

/// `ring_um` as track::make_cell_map has it.
Stage make_stage(gpu::Device& device, std::shared_ptr<const face::FaceAsset> face, uint32_t ring_um = 0);

/// Leaves out clusters that no light reaches: skin under cap and drape. After the light is baked.
void drop_hidden(gpu::Device& device, Stage& stage);

/// What one camera sees.
struct Sight {
    glm::mat4 clip;  ///< from the head's frame
    glm::vec3 eye;
    /// m per pixel at 1 m. Clusters whose triangles have sides under kTold pixels are drawn coarse; 0 = none are.
    float pixel_size = 0;
    static constexpr float kTold = 4.5f;
    glm::vec4 dents{0};  ///< centre, and radius in w, of a ball round all that is dented; 0 = nothing is
};

/// True when the sphere lies wholly outside one of the view's sides.
bool outside(const glm::mat4& clip, glm::vec3 centre, float radius);

constexpr float kDentSlack = 0.006f;  ///< m that a dent may move a vertex

/// True when the camera may see triangles of the part's cluster, however dented.
bool may_be_seen(const Part& part, const Cluster& c, const Sight& sight);
/// m to each side of its centre that these may lie.
glm::vec3 reach_of(const Cluster& c, const Sight& sight);
/// True when these may lie on marked tiles of its picture; without tiles always.
bool may_lie_on(const Tiles* where, const Cluster& c, const Sight& sight);
/// The blocks that hold the vertices with which the cluster is drawn.
const std::vector<uint32_t>& drawn_blocks(const Cluster& c, const Sight& sight);

/// Appends the indices of the part's clusters that may be seen; returns how many. With `where`, those alone that may lie on
/// its tiles.
/// One list for one draw: the CPU driver pays for each draw and for each vertex, so clusters out of view are
/// worth leaving out. Marks `edges` where the part ends or turns away, so that stairs may show.
uint32_t append_visible(const Stage& stage, const Part& part, const Sight& sight, std::span<uint32_t> into,
                        Tiles& edges, const Tiles* where = nullptr);

/// Sets the bits of blocks that hold a vertex of a cluster that append_visible takes.
void mark_visible_blocks(const Stage& stage, const Sight& sight, std::vector<bool>& visible);

}  // namespace render
