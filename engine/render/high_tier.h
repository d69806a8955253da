#pragma once

// What sets the high tier apart: the picture is drawn in linear light, told apart into light that enters the skin, the
// skin's colour, light that is mirrored, and overlay; light spreads under the skin in screen space by a kernel in
// millimetres; the clinic lamp casts soft shadows of face and tools, worked out anew in every picture; a filmic curve makes
// it the picture. For real GPUs; the CPU driver draws the same, slowly.

#include "engine/gpu/pipeline.h"
#include "engine/render/scene_view.h"
#include "shaders/shared/high.h"

#include <span>

namespace render {

/// How far light of red, green and blue travels in the dermis: the distance d of Christensen & Burley's normalised diffusion
/// (2015), in mm, from its absorption and scattering. The types differ in the epidermis above it: see scatter_kernel.
glm::dvec3 scatter_distance_mm();

/// Taps and shares of the spread along one axis; shares of each colour sum to 1. The profile is Burley's as a sum of
/// Gaussians, and a narrow share that melanin leaves of light turned back before the dermis.
shared::Scatter scatter_kernel(uint8_t fitzpatrick);

/// A part of the picture with a scale of its own.
struct ScatterArea {
    vk::Rect2D place;
    float pixel_size;  ///< m per pixel at 1 m
};

/// The spread of light as a pass of its own.
class ScatterPass {
  public:
    ScatterPass(gpu::Device& device, const base::fs::path& shaders);
    void set_skin(uint8_t fitzpatrick);
    /// Spreads `light` (RGBA16F: light times share of skin, and 1 - share), leaving light times share and share. Both images
    /// are in the colour attachment's layout before and in the shader's after; `depths` (0..1 of Camera::projection) is in
    /// the shader's throughout. The first area is the whole picture; later ones lie over it.
    void record(vk::CommandBuffer commands, const gpu::Image& light, const gpu::Image& between,
                const gpu::Image& depths, std::span<const ScatterArea> areas) const;

  private:
    gpu::Device& device_;
    gpu::Pipeline first_, second_;
    vk::UniqueSampler nearest_;
    gpu::Buffer kernel_;
    int skin_ = -1;
};

/// A thing that casts a shadow: triangles in a frame of its own.
struct Caster {
    vk::Buffer vertices, indices;
    bool tool;              ///< PenVertex, else DrawnVertex
    uint32_t first, count;  ///< of the indices
    glm::mat4 world_from_local{1};
};

class HighTier {
  public:
    HighTier(gpu::Device& device, const base::fs::path& shaders, vk::Format picture, uint32_t slots);

    /// Makes settings of a program that draws surfaces fit what begin_surfaces draws into.
    static void into_surfaces(gpu::GraphicsSettings& settings);

    /// Images for pictures of this size; 148 bytes a pixel (1.15 GiB at 3840x2160). Waits when the size changes.
    void fit(uint32_t width, uint32_t height);
    void release();  ///< frees them
    void set_skin(uint8_t fitzpatrick) { scatter_.set_skin(fitzpatrick); }

    /// The lamp's view of what the camera shows, `centre` and `radius` m of the whole scene.
    void record_lamp(vk::CommandBuffer commands, uint32_t slot, const shared::Frame& frame, const Camera& camera,
                     double aspect, glm::vec3 centre, float radius, std::span<const Caster> casters);
    gpu::Binding lamp(uint32_t slot) const { return lamps_[slot]; }
    gpu::Binding lamp_depth() const { return {map_, *nearest_}; }
    gpu::Binding lamp_compare() const { return {map_, *compare_}; }

    /// Surfaces, tools and background are drawn between these two.
    void begin_surfaces(vk::CommandBuffer commands, bool plain_background) const;
    void end_surfaces(vk::CommandBuffer commands) const;

    void record_scatter(vk::CommandBuffer commands, std::span<const ScatterArea> areas) const;
    /// Into a colour attachment of the size that fit() was told.
    void record_tone(vk::CommandBuffer commands, const gpu::Image& picture) const;

  private:
    struct Layer {
        gpu::Image samples, resolved;
    };
    gpu::Device& device_;
    gpu::Pipeline skin_caster_, tool_caster_, tone_;
    ScatterPass scatter_;
    vk::UniqueSampler nearest_, compare_;
    gpu::Image map_;
    std::vector<gpu::Buffer> lamps_;
    Layer entering_, albedo_, radiance_, overlay_, depth_;
    gpu::Image between_;
};

}  // namespace render
