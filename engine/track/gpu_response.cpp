#include "engine/track/gpu_response.h"

#include "engine/base/result.h"
#include "engine/gpu/pipeline.h"

#include <algorithm>

namespace track {

namespace {

constexpr uint32_t kGroup = 64;

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
    gpu::Buffer doses;
    uint64_t submission = 0;
};

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
          levels{gpu::Buffer(device, room() * 4, gpu::Memory::device, "redness"),
                 gpu::Buffer(device, room() * 4, gpu::Memory::device, "spread redness"),
                 gpu::Buffer(device, room() * 4, gpu::Memory::device, "redness spread on")} {
        for (uint32_t round = 0; round <= shared::kFlareRounds + 1; ++round)
            rounds.push_back(gpu::make_compute_pipeline(device, shaders / "response_signs.comp.spv", 7, sizeof(SignsPush),
                                                        std::span(&round, 1)));
    }

    uint64_t room() const { return std::max(count, 1u); }
    /// The first keeps what the first round wrote: untouched cells are not written again.
    const gpu::Buffer& level_after(uint32_t round) const { return levels[round == 0 ? 0 : 1 + round % 2]; }

    gpu::Device& device;
    uint32_t count;
    gpu::Pipeline adding;
    std::vector<gpu::Pipeline> rounds;
    gpu::Buffer curves, begin, neighbours, responses, signs;
    gpu::Buffer levels[3];
    std::vector<Upload> uploads;
};

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
    auto free = std::ranges::find_if(s.uploads, [&](const Upload& one) {
        return s.device.finished(one.submission) && one.doses.size() >= doses.size_bytes();
    });
    if (free == s.uploads.end()) {
        const uint64_t bytes = std::max<uint64_t>(2 * doses.size_bytes(), 4096 * sizeof(shared::CellDose));
        std::erase_if(s.uploads, [&](const Upload& one) { return s.device.finished(one.submission); });
        s.uploads.push_back({gpu::Buffer(s.device, bytes, gpu::Memory::upload, "doses"), 0});
        free = std::prev(s.uploads.end());
    }
    free->submission = s.device.submission();
    free->doses.write(doses);
    const auto count = static_cast<uint32_t>(doses.size());
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    gpu::dispatch(commands, s.adding, {free->doses, s.responses, s.curves}, gpu::bytes_of(count), groups_for(count));
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
}

void GpuResponse::show(vk::CommandBuffer commands, uint32_t tick) {
    State& s = *state_;
    const SignsPush push{s.count, tick};
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    for (uint32_t round = 0; round <= shared::kFlareRounds + 1; ++round) {
        const gpu::Buffer &from = s.level_after(round == 0 ? 0 : round - 1), &to = s.level_after(round);
        // The first round reads none of what it could be told of its surroundings.
        gpu::dispatch(commands, s.rounds[round],
                      {s.responses, s.curves, s.signs, round == 0 ? s.levels[1] : from, to, s.begin, s.neighbours},
                      gpu::bytes_of(push), groups_for(s.count));
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    }
}

const gpu::Buffer& GpuResponse::signs() const {
    return state_->signs;
}
const gpu::Buffer& GpuResponse::seen_redness() const {
    return state_->level_after(shared::kFlareRounds + 1);
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
        for (const gpu::Buffer* buffer : {&s.responses, &s.signs, &s.levels[0], &s.levels[1], &s.levels[2]})
            commands.fillBuffer(buffer->handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kComputeWrite);
    });
    for (Upload& upload : s.uploads) upload.submission = 0;
}

}  // namespace track
