#pragma once

// The skin finer than its mesh: one atlas per face that holds furrows, pores, painted details (FaceAsset::details),
// freckles, and the marks and droplets that needles left. The upper half holds tilt (red, green: of the surface, along the
// tangents of shaders/fine.glsl), free blood and needle marks; the lower half the change of diffuse colour and gloss.
// It is kept in several levels, each half as fine as the one before; a picture reads the one whose texels are as large as
// its pixels, so that nothing glitters from afar and no pixel pays for choosing.

#include "engine/gpu/pipeline.h"
#include "engine/render/stage.h"

namespace render {

class SkinAtlas {
  public:
    /// `colours`: skin_colour_table() on the device; outlives the atlas.
    SkinAtlas(gpu::Device& device, const base::fs::path& shaders, const gpu::Buffer& colours);

    /// Before the first `record` for a face. The stage outlives its stay.
    void set_face(gpu::Device& device, const Stage& stage);
    /// Forgets all marks: the next `record` begins with clean skin.
    void forget() { stale_ = marked_, marked_ = false; }
    /// Paints what is not yet painted, then the marks of `count` shared::Puncture at the start of `punctures`.
    void record(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& punctures, uint32_t count);

    /// The level for pixels of `pixel_mm` on the skin, in eShaderReadOnlyOptimal after `record`.
    const gpu::Image& level(double pixel_mm) const;
    /// True when punctures were marked since the face was set or forgotten.
    bool marked() const { return marked_; }
    /// Middling size of a texel of the finest level on the skin, mm.
    double texel_mm() const { return texel_mm_; }

    static constexpr uint32_t kLevels = 3;
    static constexpr uint32_t kWidth = 4096, kHeight = 4096;  ///< of the finest level, both halves

  private:
    void paint(vk::CommandBuffer commands, const Stage& stage);
    void coarsen(vk::CommandBuffer commands);
    void restore(vk::CommandBuffer commands);
    void mark(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& punctures, uint32_t count);

    const gpu::Buffer& colours_;
    gpu::Image levels_[kLevels];
    gpu::Image clean_[kLevels];  ///< upper halves without marks; painting takes 20 times as long as copying
    gpu::Pipeline relief_[2];  ///< upper and lower half
    gpu::Pipeline marks_, droplets_;
    gpu::Buffer tensions_, begin_, which_, details_;
    bool blank_ = true;   ///< the face is still to be painted
    bool stale_ = false;  ///< marks are still to be taken off
    bool marked_ = false;
    double texel_mm_ = 0.1;
};

}  // namespace render
