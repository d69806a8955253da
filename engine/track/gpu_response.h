#pragma once

// The response of response.h on the GPU, for the picture: doses are uploaded as they come, each cell's are
// taken in by one invocation in the order of their ticks, and what cells show is computed anew when a tick
// has passed. Cells that nothing ever touched, or that have settled, cost next to nothing.
//
// What is recorded here brings its own barriers, as GpuTracker's does; submit it before anything else is
// submitted on the device.

#include "engine/gpu/device.h"
#include "engine/track/response.h"

namespace track {

class GpuResponse {
  public:
    /// `shaders`: folder of .spv files. Throws like everything made from a gpu::Device.
    GpuResponse(gpu::Device& device, const base::fs::path& shaders, const face::SurfaceCells& cells,
                const shared::ResponseCurves& curves);
    ~GpuResponse();

    /// Records the dispatch that takes in these doses: sorted by cell, then tick (ResponseDoses::of), and for
    /// each cell not before those of earlier calls.
    void add(vk::CommandBuffer commands, std::span<const shared::CellDose> doses);
    /// Cells are shown in blocks of so many, neighbours by their numbers.
    static constexpr uint32_t kBlock = 64;
    /// Records the dispatches that compute what cells show at `tick`: all of them, or those that change.
    /// Where a dose reached a block or its surroundings within kFresh ticks that is each time, within kLively
    /// ticks (redness rises) once in kLivelyTurns calls, and later (it stays for minutes) once in kTurns.
    void show(vk::CommandBuffer commands, uint32_t tick, bool all);
    static constexpr uint32_t kFresh = 30, kLively = 900, kLivelyTurns = 4, kTurns = 50;

    /// As last shown, for later passes: CellSigns[cells], and seen redness, uint[cells].
    const gpu::Buffer& signs() const;
    const gpu::Buffer& seen_redness() const;
    /// The blocks that the last show() computed, uint[shown_count()].
    const gpu::Buffer& shown_blocks() const;
    uint32_t shown_count() const;

    /// Waits, then reads back. For tests.
    std::vector<shared::CellSigns> read_signs();
    std::vector<uint32_t> read_seen_redness();
    /// Untouched skin again; waits.
    void clear();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace track
