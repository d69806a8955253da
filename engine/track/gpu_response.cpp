#include "engine/track/gpu_response.h"

#include "engine/base/result.h"
#include "engine/gpu/pipeline.h"

#include <algorithm>

namespace track {

namespace {

constexpr uint32_t kGroup = GpuResponse::kBlock;
constexpr uint32_t kNever = 0xffffffffu;

struct SignsPush {
    uint32_t cell_count, tick;
};

uint32_t groups_for(uint32_t count) {
    return (count + kGroup - 1) / kGroup;
}

/// Buffers cannot be empty.
gpu::Buffer uploaded(gpu::Device& device, std::vector<uint32_t> values, const char* name) {
    if (values.empty()) values.push_back(0);
    return gpu::make_buffer<uint32_t>(device, values, name);
}

struct Upload {
    gpu::Buffer data;
    uint64_t submission = 0;
};

/// A buffer of the ring that no unfinished submission reads, with the data in it. Never waits: the ring
/// grows.
const gpu::Buffer& put(gpu::Device& device, std::vector<Upload>& ring, std::span<const std::byte> data,
                       const char* name) {
    auto free = std::ranges::find_if(ring, [&](const Upload& one) {
        return device.finished(one.submission) && one.data.size() >= data.size();
    });
    if (free == ring.end()) {
        std::erase_if(ring, [&](const Upload& one) { return device.finished(one.submission); });
        ring.push_back(
            {gpu::Buffer(device, std::max<uint64_t>(2 * data.size(), 65536), gpu::Memory::upload, name), 0});
        free = std::prev(ring.end());
    }
    free->submission = device.submission();
    free->data.write(data);
    return free->data;
}

/// Of each block, those whose cells' redness can reach it or be reached from it.
std::vector<std::vector<uint32_t>> surroundings(const face::SurfaceCells& cells) {
    const auto count = static_cast<uint32_t>(cells.size());
    std::vector<std::vector<uint32_t>> around(groups_for(count));
    std::vector<uint32_t> met(count, kNever);
    for (uint32_t block = 0; block < around.size(); ++block) {
        std::vector<uint32_t> reached;
        for (uint32_t cell = block * kGroup; cell < std::min(count, (block + 1) * kGroup); ++cell) {
            met[cell] = block;
            reached.push_back(cell);
        }
        size_t first = 0;
        // One ring more for what softens the look (response.comp).
        for (uint32_t ring = 0; ring < shared::kFlareRounds + 2; ++ring) {
            const size_t end = reached.size();
            for (; first < end; ++first) {
                for (uint32_t k = cells.neighbour_begin[reached[first]];
                     k < cells.neighbour_begin[reached[first] + 1]; ++k) {
                    const uint32_t next = cells.neighbours[k];
                    if (met[next] == block) continue;
                    met[next] = block;
                    reached.push_back(next);
                }
            }
        }
        for (const uint32_t cell : reached) around[block].push_back(cell / kGroup);
        std::ranges::sort(around[block]);
        const auto rest = std::ranges::unique(around[block]);
        around[block].erase(rest.begin(), rest.end());
    }
    return around;
}

}  // namespace

struct GpuResponse::State {
    State(gpu::Device& device, const base::fs::path& shaders, const face::SurfaceCells& cells,
          const shared::ResponseCurves& curves)
        : device(device),
          count(static_cast<uint32_t>(cells.size())),
          adding(gpu::make_compute_pipeline(device, shaders / "response_add.comp.spv", 3, sizeof(uint32_t))),
          curves(gpu::make_buffer<shared::ResponseCurves>(device, {&curves, 1}, "response curves")),
          begin(uploaded(device, cells.neighbour_begin, "response's neighbours' begin")),
          neighbours(uploaded(device, cells.neighbours, "response's neighbours")),
          responses(device, room() * sizeof(shared::CellResponse), gpu::Memory::device, "responses"),
          signs(device, room() * sizeof(shared::CellSigns), gpu::Memory::device, "signs"),
          around(surroundings(cells)),
          dosed(around.size(), kNever) {
        for (uint32_t round = 0; round < kRounds; ++round) {
            rounds.push_back(gpu::make_compute_pipeline(device, shaders / "response_signs.comp.spv", 8,
                                                        sizeof(SignsPush), std::span(&round, 1)));
            levels[round] = gpu::Buffer(device, room() * 4, gpu::Memory::device, "redness");
        }
    }

    std::vector<uint32_t> blocks_at(uint32_t tick, bool all);

    uint64_t room() const { return std::max(count, 1u); }
    gpu::Device& device;
    uint32_t count;
    gpu::Pipeline adding;
    std::vector<gpu::Pipeline> rounds;
    gpu::Buffer curves, begin, neighbours, responses, signs;
    /// Redness after each round. Each keeps its own: blocks that are not computed anew still tell their
    /// neighbours.
    static constexpr uint32_t kRounds = shared::kFlareRounds + 2;
    gpu::Buffer levels[kRounds];
    std::vector<Upload> uploads, lists;
    std::vector<std::vector<uint32_t>> around;
    std::vector<uint32_t> dosed;  ///< tick of a block's last dose, or kNever
    uint32_t turn = 0, shown = 0;
    const gpu::Buffer* list = nullptr;
};

std::vector<uint32_t> GpuResponse::State::blocks_at(uint32_t tick, bool all) {
    // Ticks since a dose reached a block or its surroundings.
    std::vector<uint32_t> age(around.size(), kNever);
    for (uint32_t block = 0; block < around.size(); ++block)
        for (const uint32_t other : around[block])
            if (dosed[block] != kNever)
                age[other] = std::min(age[other], shared::ticks_since(dosed[block], tick));
    turn = (turn + 1) % (kLivelyTurns * kTurns);
    std::vector<uint32_t> blocks;
    for (uint32_t block = 0; block < age.size(); ++block) {
        const uint32_t turns = age[block] <= kFresh ? 1 : age[block] <= kLively ? kLivelyTurns : kTurns;
        if (all || (age[block] != kNever && block % turns == turn % turns)) blocks.push_back(block);
    }
    return blocks;
}

GpuResponse::GpuResponse(gpu::Device& device, const base::fs::path& shaders, const face::SurfaceCells& cells,
                         const shared::ResponseCurves& curves)
    : state_(std::make_unique<State>(device, shaders, cells, curves)) {
    clear();
}

// What was submitted may still use the buffers, unless the device is lost.
GpuResponse::~GpuResponse() {
    try {
        state_->device.wait_idle();
    } catch (const vk::SystemError&) {
    }
}

void GpuResponse::add(vk::CommandBuffer commands, std::span<const shared::CellDose> doses) {
    State& s = *state_;
    if (doses.empty()) return;
    CHECK(doses.back().cell < s.count, doses.back().cell, s.count);
    for (const shared::CellDose& dose : doses) s.dosed[dose.cell / kGroup] = dose.tick;
    const gpu::Buffer& data = put(s.device, s.uploads, std::as_bytes(doses), "doses");
    const auto count = static_cast<uint32_t>(doses.size());
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    gpu::dispatch(commands, s.adding, {data, s.responses, s.curves}, gpu::bytes_of(count), groups_for(count));
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
}

void GpuResponse::show(vk::CommandBuffer commands, uint32_t tick, bool all) {
    State& s = *state_;
    const std::vector<uint32_t> blocks = s.blocks_at(tick, all);
    s.shown = static_cast<uint32_t>(blocks.size());
    s.list = &put(s.device, s.lists, std::as_bytes(std::span(blocks)), "blocks of cells");
    if (blocks.empty()) return;
    const SignsPush push{s.count, tick};
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    for (uint32_t round = 0; round < State::kRounds; ++round) {
        // The first reads nothing of what it could be told of its surroundings.
        const gpu::Buffer& from = s.levels[round == 0 ? State::kRounds - 1 : round - 1];
        gpu::dispatch(commands, s.rounds[round],
                      {s.responses, s.curves, s.signs, from, s.levels[round], s.begin, s.neighbours, *s.list},
                      gpu::bytes_of(push), s.shown);
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    }
}

const gpu::Buffer& GpuResponse::shown_blocks() const {
    return *state_->list;
}
uint32_t GpuResponse::shown_count() const {
    return state_->shown;
}
const gpu::Buffer& GpuResponse::signs() const {
    return state_->signs;
}
const gpu::Buffer& GpuResponse::seen_redness() const {
    return state_->levels[State::kRounds - 1];
}

std::vector<shared::CellSigns> GpuResponse::read_signs() {
    return gpu::download<shared::CellSigns>(state_->device, state_->signs, state_->count);
}
std::vector<uint32_t> GpuResponse::read_seen_redness() {
    return gpu::download<uint32_t>(state_->device, seen_redness(), state_->count);
}

void GpuResponse::clear() {
    State& s = *state_;
    s.device.run([&](vk::CommandBuffer commands) {
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kTransferWrite);
        for (const gpu::Buffer* buffer : {&s.responses, &s.signs})
            commands.fillBuffer(buffer->handle(), 0, VK_WHOLE_SIZE, 0);
        for (const gpu::Buffer& level : s.levels) commands.fillBuffer(level.handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kComputeWrite);
    });
    std::ranges::fill(s.dosed, kNever);
    s.shown = 0;
}

}  // namespace track
