#pragma once

// A face's copy on the GPU: vertices of skin and dressing in one buffer, what the picture draws from it, and
// the light of the treatment room, which is fixed to the head and therefore computed once: soft shadows, sky
// and the blur of light under the skin cost a frame nothing.

#include "engine/face/face_asset.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/outline.h"
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
};

/// Vertices that vertices.comp places together: neighbours in `drawn`, and so on the surface.
struct Block {
    static constexpr uint32_t kSize = 64;
    glm::vec3 centre;
    float radius;  ///< m, of the sphere that holds them
};

/// Tiles of the picture in which something stands before something else, so that stairs may show.
class EdgeTiles {
  public:
    static constexpr uint32_t kSize = 16;  ///< pixels along a side
    EdgeTiles(uint32_t width, uint32_t height);
    void mark_all();
    /// Marks what a sphere covers on the picture seen through `clip`.
    void mark(const glm::mat4& clip, glm::vec3 centre, float radius);
    /// Marks a rectangle of pixels.
    void mark(const vk::Rect2D& place);
    /// Left, top, right, bottom in pixels of runs of marked tiles.
    std::vector<glm::vec4> rectangles() const;

  private:
    uint32_t width_, height_, columns_, rows_;
    std::vector<uint8_t> marked_;
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
    std::vector<uint32_t> indices;        ///< of triangles, by part and cluster
    std::vector<uint32_t> drawn_indices;  ///< the same triangles in `drawn`
    std::vector<uint32_t> coarse_indices;  ///< in `drawn`, by cluster: see coarse.h
    Outline outline;                      ///< borders between zones
    std::vector<Part> parts;  ///< skin first
    gpu::Buffer lights;       ///< VertexLight
    gpu::Buffer drawn;        ///< DrawnVertex, in the order in which triangles first use them
    gpu::Buffer drawn_order;  ///< uint32: the vertex at each place in `drawn`, filled up to whole blocks
    std::vector<Block> blocks;
    gpu::Buffer casters;  ///< uint32 in `drawn`: triangles that cast shadows, all but hair
    uint32_t caster_count = 0;
    glm::vec3 centre{0};
    float radius = 0;  ///< m, of a sphere that holds all

    uint32_t cell_count = 0, zone_count = 0;
    gpu::Buffer cell_begin, cell_neighbours;  ///< cells that touch
    gpu::Buffer neighbourhood_area;           ///< um², in the order of track::CellMap
    gpu::Buffer looks;                        ///< CellLook
};

/// Directions and colours of the room's lights; the same for every face.
void set_lights(shared::Frame& frame);

/// Computes the light on a staged face.
class LightBaker {
  public:
    LightBaker(gpu::Device& device, const base::fs::path& shaders);
    void bake(Stage& stage) const;

  private:
    gpu::Device& device_;
    gpu::Pipeline depth_open_, depth_closed_, add_, spread_, finish_;
    vk::UniqueSampler sampler_;
};

Stage make_stage(gpu::Device& device, std::shared_ptr<const face::FaceAsset> face);

/// Leaves out clusters that no light reaches: skin under cap and drape. After the light is baked.
void drop_hidden(gpu::Device& device, Stage& stage);

/// What one camera sees.
struct Sight {
    glm::mat4 clip;  ///< from the head's frame
    glm::vec3 eye;
    /// m per pixel at 1 m. Clusters whose triangles have sides under kTold pixels are drawn coarse; 0 = none are.
    float pixel_size = 0;
    static constexpr float kTold = 4.5f;
};

/// Appends the indices of the part's clusters that may be seen; returns how many.
/// One list for one draw: the CPU driver pays for each draw and for each vertex, so clusters out of view are
/// worth leaving out. Marks `edges` where the part ends or turns away.
uint32_t append_visible(const Stage& stage, const Part& part, const Sight& sight, std::span<uint32_t> into,
                        EdgeTiles& edges);

/// Sets the bits of blocks that hold a vertex of a cluster that append_visible takes.
void mark_visible_blocks(const Stage& stage, const Sight& sight, std::vector<bool>& visible);

}  // namespace render
