#pragma once

// The skin finer than its mesh: one atlas per face that holds furrows, pores, painted details (FaceAsset::details),
// freckles, and the marks and droplets that needles left. The upper half holds tilt (red, green: of the surface, along the
// tangents of shaders/fine.glsl), free blood and needle marks; the lower half the change of diffuse colour and gloss.
// It is kept in several levels, each half as fine as the one before; a picture reads the one whose texels are as large as
// its pixels, so that nothing glitters from afar and no pixel pays for choosing.
//
// Painting the finest level of a face takes the CPU driver about a second. A window therefore shows a draft at first, which
// is painted half as fine, and the finest level a slice at a time while pictures go on. What is finished in turns is, bit
// for bit, what is painted at once.

#include "engine/gpu/pipeline.h"
#include "engine/render/stage.h"
#include "shaders/shared/wipe.h"

#include <span>

namespace render {

/// A wipe as the atlas takes it. The buffers live until the picture is drawn.
struct AtlasWipe {
    shared::Wipe told;
    gpu::Buffer points, film;  ///< vec4 and float: wipe.frag
    gpu::Buffer under;         ///< uvec3 for each of `count` triangles: wipe.vert
    uint32_t count = 0;
    uint32_t after = 0;  ///< of the new punctures, how many came before it
};

/// How much of a face's painting one picture waits for.
enum class Painting : uint8_t {
    at_once,   ///< all that is left
    in_turns,  ///< the draft, then a slice of 1 in SkinAtlas::kSlices; all that is left as soon as there are marks
    draft,     ///< the draft alone, and marks on it that are forgotten next: for a first picture that nobody sees
};

class SkinAtlas {
  public:
    /// `colours`: skin_colour_table() on the device; outlives the atlas.
    SkinAtlas(gpu::Device& device, const base::fs::path& shaders, const gpu::Buffer& colours);

    /// Before the first `record` for a face. The stage outlives its stay.
    void set_face(gpu::Device& device, const Stage& stage);
    /// Forgets all marks: the next `record` begins with clean skin.
    void forget() { stale_ = marked_, marked_ = false; }
    /// Paints what is not yet painted, then the marks of `count` shared::Puncture at the start of `punctures`, and wipes in
    /// between where they come.
    void record(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& punctures, uint32_t count,
                std::span<const AtlasWipe> wipes = {}, Painting painting = Painting::at_once);
    /// False while a draft is shown.
    bool finished() const { return !blank_ && painted_ == kSlices; }

    /// The level for pixels of `pixel_mm` on the skin, in eShaderReadOnlyOptimal after `record`.
    const gpu::Image& level(double pixel_mm) const;
    /// True when punctures were marked since the face was set or forgotten.
    bool marked() const { return marked_; }
    /// Middling size of a texel of the finest level on the skin, mm.
    double texel_mm() const { return texel_mm_; }

    static constexpr uint32_t kLevels = 3;
    static constexpr uint32_t kSlices = 96;
    static constexpr uint32_t kWidth = 4096, kHeight = 4096;  ///< of the finest level, both halves

  private:
    void paint(vk::CommandBuffer commands, const Stage& stage, const gpu::Image& level, uint32_t first, uint32_t last);
    void draft(vk::CommandBuffer commands, const Stage& stage);
    void paint_on(vk::CommandBuffer commands, const Stage& stage, uint32_t slices);
    void coarsen(vk::CommandBuffer commands, uint32_t finest);
    /// The finest level that is shown.
    uint32_t finest() const { return finished() ? 0 : 1; }
    void restore(vk::CommandBuffer commands);
    void mark(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& punctures, uint32_t first,
              uint32_t count);
    void wipe(vk::CommandBuffer commands, const Stage& stage, const AtlasWipe& wipe);

    const gpu::Buffer& colours_;
    gpu::Image levels_[kLevels];
    gpu::Image clean_[kLevels];  ///< upper halves without marks; painting takes 20 times as long as copying
    gpu::Pipeline relief_[2];  ///< upper and lower half
    gpu::Pipeline marks_, droplets_, wipes_;
    vk::UniqueSampler nearest_;
    gpu::Buffer tensions_, begin_, which_, details_;
    gpu::Buffer corners_;  ///< of the triangles that lie in the atlas
    bool blank_ = true;   ///< nothing of the face is painted
    uint32_t painted_ = 0;                 ///< slices of the finest level
    std::vector<uint32_t> slice_ends_;     ///< of each slice, in corners_
    bool stale_ = false;  ///< marks are still to be taken off
    bool marked_ = false;
    double texel_mm_ = 0.1;
};

}  // namespace render
