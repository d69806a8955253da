#pragma once

// The response of response.h on the GPU, for the picture: doses are uploaded as they come, each cell's are
// taken in by one invocation in the order of their ticks, and what cells show is computed anew when a tick
// has passed: of session time, not of pictures. Cells that nothing ever touched, or that have settled, cost next to
// nothing.
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

    /// Takes in these doses by the next show(): sorted by cell, then tick (ResponseDoses::of), and for each cell not
    /// before those of earlier calls.
    void add(std::span<const shared::CellDose> doses);
    /// Cells are shown in blocks of so many, neighbours by their numbers.
    static constexpr uint32_t kBlock = 64;
    /// Records the dispatches that compute what cells show at `tick`: all of them, or those whose time has come.
    void show(vk::CommandBuffer commands, uint32_t tick, bool all);
    /// What a cell shows by itself changes fast after a dose to its block or beside it (pallor is gone in seconds, blood
    /// comes within half a minute), so it is found anew once in so many ticks when the dose is so many ticks old; how redness
    /// spreads is slow (it rises over half a minute and stays for hours), within the reach of the dose.
    static uint32_t own_period(uint32_t age);
    static uint32_t spread_period(uint32_t age);
    /// Nothing changes in what cells show, but these punctures changed what was counted on them and on those beside them:
    /// shown_blocks() are theirs.
    void show_round(std::span<const shared::Puncture> punctures);

    /// As last shown, for later passes: CellSigns[cells], and seen redness, uint[cells].
    const gpu::Buffer& signs() const;
    const gpu::Buffer& seen_redness() const;
    /// The blocks whose cells look otherwise since the last show() or show_round(), uint[shown_count()].
    const gpu::Buffer& shown_blocks() const;
    uint32_t shown_count() const;

    /// Waits, then reads back. For tests.
    std::vector<shared::CellSigns> read_signs();
    std::vector<uint32_t> read_seen_redness();
    /// What a CPU twin's cells keep (Response::cells), in place of what was taken in here; waits.
    void set(std::span<const shared::CellResponse> cells);
    /// Untouched skin again; waits.
    void clear();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace track
