#pragma once

// Which tier suits a device: measured once, remembered in the cache folder, measured anew for another device or driver.

#include "engine/render/renderer.h"

namespace render {

/// Milliseconds that a picture took in a tier.
struct TierTime {
    Tier tier;
    double milliseconds;
};

/// The finest tier whose picture leaves a frame of 60 a second time for all else (11 ms); cpu where none does.
Tier choose_tier(std::span<const TierTime> times);

/// Draws `scene` in each tier, the finest first, until one suits or two seconds are over. A CPU driver is not measured:
/// it takes the cpu tier. Evidence that the renderer holds stays.
base::Result<Tier> probe_tier(gpu::Device& device, Renderer& renderer, SceneView scene, uint32_t width, uint32_t height);

/// What was found for this device, driver and picture size; nothing when it was not measured or the file is damaged.
std::optional<Tier> remembered_tier(const base::fs::path& cache, const gpu::DeviceInfo& device, uint32_t width,
                                    uint32_t height);
base::Status remember_tier(const base::fs::path& cache, const gpu::DeviceInfo& device, uint32_t width,
                           uint32_t height, Tier tier);

}  // namespace render
