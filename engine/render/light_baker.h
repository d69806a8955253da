#pragma once

// The light of the treatment room, which is fixed to the head and therefore computed once: soft shadows, sky
// and the blur of light under the skin cost a frame nothing.

#include "engine/gpu/pipeline.h"
#include "engine/render/stage.h"

namespace render {

/// Directions and colours of the room's lights; the same for every face.
void set_lights(shared::Frame& frame);

/// Computes the light on a staged face.
class LightBaker {
  public:
    LightBaker(gpu::Device& device, const base::fs::path& shaders);

    /// Fills stage.lights from the file of this face in the folder `kept`, or bakes and writes that file. An
    /// empty folder keeps nothing. True when it was found there: then it is bit for bit what this device
    /// would bake.
    bool light(Stage& stage, const base::fs::path& kept) const;
    void bake(Stage& stage) const;

  private:
    /// Names the light of a face: all that it depends on.
    base::Hash key_of(const Stage& stage) const;

    gpu::Device& device_;
    gpu::Pipeline depth_open_, depth_closed_, add_, spread_, finish_;
    vk::UniqueSampler sampler_;
    base::Hash programs_;  ///< of the shaders that bake
};

}  // namespace render
