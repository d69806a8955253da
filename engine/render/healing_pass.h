#pragma once

// A face that heals, for the picture: what the CPU computed per surface cell (track::HealingCourse) becomes colour, swelling
// and shares per vertex, and lines that pins tore a picture of their own. Nothing is made before the first such scene, and
// nothing runs while no face heals.

#include "engine/gpu/pipeline.h"
#include "engine/render/scene_view.h"
#include "engine/render/stage.h"

namespace render {

class HealingPass {
  public:
    /// `colours`: skin_colour_table() on the device; outlives it. `slots`: pictures that may be under way at once.
    HealingPass(gpu::Device& device, const base::fs::path& shaders, const gpu::Buffer& colours, uint32_t slots);

    /// Forgets the last face.
    void forget();
    /// Takes what the scene tells, before its picture is recorded. True when the picture of before cannot stay.
    bool take(const std::optional<HealingView>& view, const Stage& stage, uint32_t slot);
    bool active() const { return active_; }

    /// Records what changed. `constants`: shared::Frame; `cell_places`: vec3 per cell.
    void record(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& constants, const gpu::Buffer& cell_places);

    /// For the surfaces' programs: shared::HealedVertex as drawn; the torn lines, sampled. Stand-ins while no face heals.
    const gpu::Buffer& vertices() const { return active_ ? vertices_ : nothing_; }
    const gpu::Image& torn() const { return active_ && torn_ ? torn_ : no_lines_; }
    /// CellLook of skin that shows no fresh response.
    const gpu::Buffer& calm() const { return calm_; }

  private:
    void make_room(const Stage& stage);
    void paint_lines(vk::CommandBuffer commands, const Stage& stage);

    gpu::Device& device_;
    const gpu::Buffer& colours_;
    gpu::Pipeline signs_, lines_program_;
    gpu::Buffer nothing_, vertices_, calm_, tensions_, lines_;
    std::vector<gpu::Buffer> looks_;  ///< by slot
    gpu::Image no_lines_, torn_;
    uint32_t slot_ = 0, line_count_ = 0;
    uint64_t version_ = 0;
    double split_ = 0;
    bool active_ = false, stale_ = false, lines_known_ = false;
};

}  // namespace render
