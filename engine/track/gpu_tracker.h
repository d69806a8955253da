#pragma once

// The tallies of tracker.h on the GPU: punctures are uploaded as they come, one dispatch adds them, two
// compute the statistics, and a later frame reads them back without waiting. Work per frame does not grow
// with the session.
//
// What is recorded here brings its own barriers: against earlier draws, dispatches and copies that touch
// these buffers, and for later ones that read them. Submit it before anything else is submitted on the
// device: uploads and read-backs are kept by the number that Device::submission() said while recording.

#include "engine/gpu/device.h"
#include "engine/track/tracker.h"

namespace track {

class GpuTracker {
  public:
    /// Records of one dispatch; more are split.
    static constexpr uint32_t kBatch = 16384;
    /// From so many punctures at once on they are added up before they reach the tallies: a whole session,
    /// not a frame's.
    static constexpr uint32_t kMany = 65536;
    static constexpr uint32_t kBulkBatch = 1u << 23;

    /// `shaders`: folder of .spv files. Throws like everything made from a gpu::Device. The map is copied.
    GpuTracker(gpu::Device& device, const base::fs::path& shaders, const CellMap& map);
    ~GpuTracker();

    /// Records the dispatches that add these to the frame's commands. The records are copied at once. CHECKs
    /// what Tracker::add checks.
    void add(vk::CommandBuffer commands, std::span<const shared::Puncture> punctures,
             std::span<const shared::ContactRecord> contacts);
    /// Records the dispatches that compute all zones' statistics, and their copy to the CPU.
    void compute_statistics(vk::CommandBuffer commands, uint32_t floor_per_cm2);

    /// What has been recorded since it was made: a frame's part of it does not depend on what came before.
    struct Work {
        uint64_t dispatches = 0, bytes = 0;  ///< compute dispatches; bytes uploaded and read back
        bool operator==(const Work&) const = default;
    };
    Work work() const;

    /// Buffers for the picture: Cell[cells], CellTally[cells], NeighbourhoodTally[neighbourhoods]
    /// (Cell::neighbourhood is its index), ZoneStats[zones] as last computed.
    const gpu::Buffer& cells() const;
    const gpu::Buffer& cell_tallies() const;
    const gpu::Buffer& neighbourhood_tallies() const;
    const gpu::Buffer& statistics() const;

    /// Waits for what was submitted, then reads back. For tests, reports and the end of a session.
    std::vector<shared::CellTally> read_cells();
    std::vector<shared::NeighbourhoodTally> read_neighbourhoods();
    std::vector<shared::ZoneTally> read_zones();
    std::vector<shared::ZoneStats> read_statistics();
    /// The newest statistics whose frame has finished, all 0 before the first; never waits. Valid until the
    /// next call.
    std::span<const shared::ZoneStats> latest_statistics() const;
    /// What a CPU twin over the same map has counted, in place of what was counted here; waits. Call it between frames, as
    /// clear().
    void set(const Tracker& counted);
    /// Back to nothing counted; waits. Call it between frames: what is recorded but not submitted still comes
    /// after.
    void clear();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace track
