#include "engine/track/gpu_response.h"

#include "engine/base/result.h"
#include "engine/gpu/pipeline.h"

#include <algorithm>
#include <utility>

namespace track {

namespace {

constexpr uint32_t kGroup = GpuResponse::kBlock;
constexpr uint32_t kNever = 0xffffffffu;
using Type = vk::DescriptorType;

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
          adding(gpu::make_compute_pipeline(device, shaders / "response_add.comp.spv",
                                            {Type::eStorageBuffer, Type::eStorageBuffer, Type::eUniformBuffer},
                                            sizeof(uint32_t))),
          curves(gpu::make_buffer<shared::ResponseCurves>(device, {&curves, 1}, "response curves")),
          begin(uploaded(device, cells.neighbour_begin, "response's neighbours' begin")),
          neighbours(uploaded(device, cells.neighbours, "response's neighbours")),
          responses(device, room() * sizeof(shared::CellResponse), gpu::Memory::device, "responses"),
          signs(device, room() * sizeof(shared::CellSigns), gpu::Memory::device, "signs"),
          ring_begin(cells.neighbour_begin),
          ring(cells.neighbours),
          around(surroundings(cells)),
          dosed(around.size(), kNever),
          touched(around.size(), kNever),
          shown_at(around.size(), 0),
          spread_at(around.size(), 0) {
        std::vector<Type> bindings(8, Type::eStorageBuffer);
        bindings[1] = Type::eUniformBuffer;
        for (uint32_t round = 0; round < kRounds; ++round) {
            rounds.push_back(gpu::make_compute_pipeline(device, shaders / "response_signs.comp.spv", bindings,
                                                        sizeof(SignsPush), std::span(&round, 1)));
            levels[round] = gpu::Buffer(device, room() * 4, gpu::Memory::device, "redness");
        }
    }

    void take(vk::CommandBuffer commands);
    void choose(uint32_t tick, bool all);
    void list_chosen();
    template <typename Mark>
    void mark_round(uint32_t cell, Mark mark) const {
        mark(cell / kGroup);
        for (uint32_t k = ring_begin[cell]; k < ring_begin[cell + 1]; ++k) mark(ring[k] / kGroup);
    }

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
    std::vector<shared::CellDose> waiting;  ///< not yet taken in
    std::vector<uint32_t> ring_begin, ring;  ///< cells that touch
    std::vector<std::vector<uint32_t>> around;  ///< per block, those that may redden with it
    std::vector<uint32_t> dosed, touched;  ///< tick of a block's last dose; of one to it or to a cell beside it; or kNever
    std::vector<uint32_t> shown_at, spread_at;  ///< tick at which a block's own signs were last found, and its flare
    std::vector<uint32_t> chosen;  ///< blocks to show; the first `spreading` with their flare
    uint32_t spreading = 0;
    const gpu::Buffer* list = nullptr;
};

/// True when a boundary between periods has been passed; blocks pass theirs in turn.
static bool due(uint32_t block, uint32_t last, uint32_t tick, uint32_t period) {
    return (tick + block) / period != (last + block) / period;
}

void GpuResponse::State::choose(uint32_t tick, bool all) {
    std::vector<uint32_t> far(around.size(), kNever), alone;  // ticks since a dose may have reached a block
    for (uint32_t block = 0; block < dosed.size(); ++block)
        if (dosed[block] != kNever)
            for (const uint32_t other : around[block])
                far[other] = std::min(far[other], shared::ticks_since(dosed[block], tick));
    chosen.clear();
    for (uint32_t block = 0; block < far.size(); ++block) {
        if (all || (far[block] != kNever && due(block, spread_at[block], tick, spread_period(far[block]))))
            chosen.push_back(block);
        else if (touched[block] != kNever &&
                 due(block, shown_at[block], tick, own_period(shared::ticks_since(touched[block], tick))))
            alone.push_back(block);
    }
    for (const uint32_t block : chosen) spread_at[block] = shown_at[block] = tick;
    for (const uint32_t block : alone) shown_at[block] = tick;
    spreading = static_cast<uint32_t>(chosen.size());
    chosen.insert(chosen.end(), alone.begin(), alone.end());
}

void GpuResponse::State::list_chosen() {
    list = &put(device, lists, std::as_bytes(std::span(chosen)), "blocks of cells");
}

/// Records the dispatch that takes in what waits.
void GpuResponse::State::take(vk::CommandBuffer commands) {
    if (waiting.empty()) return;
    std::ranges::stable_sort(waiting, {}, [](const shared::CellDose& d) { return std::pair(d.cell, d.tick); });
    const gpu::Buffer& data = put(device, uploads, std::as_bytes(std::span(waiting)), "doses");
    const auto count = static_cast<uint32_t>(waiting.size());
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    gpu::dispatch(commands, adding, {data, responses, curves}, gpu::bytes_of(count), groups_for(count));
    waiting.clear();
}

uint32_t GpuResponse::own_period(uint32_t age) {
    return age <= 10 ? 1 : age <= 30 ? 3 : age <= 150 ? 8 : age <= 900 ? 20 : 100;
}
uint32_t GpuResponse::spread_period(uint32_t age) {
    return age <= 900 ? 15 : 100;
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

void GpuResponse::add(std::span<const shared::CellDose> doses) {
    State& s = *state_;
    if (doses.empty()) return;
    CHECK(doses.back().cell < s.count, doses.back().cell, s.count);
    for (const shared::CellDose& dose : doses) {
        s.dosed[dose.cell / kGroup] = dose.tick;
        s.mark_round(dose.cell, [&](uint32_t block) { s.touched[block] = dose.tick; });
    }
    s.waiting.insert(s.waiting.end(), doses.begin(), doses.end());
}

void GpuResponse::show(vk::CommandBuffer commands, uint32_t tick, bool all) {
    State& s = *state_;
    s.take(commands);
    s.choose(tick, all);
    s.list_chosen();
    const SignsPush push{s.count, tick};
    for (uint32_t round = 0; round < State::kRounds; ++round) {
        const uint32_t blocks = round == 0 ? shown_count() : s.spreading;
        if (blocks == 0) break;
        // The first reads nothing of what it could be told of its surroundings.
        const gpu::Buffer& from = s.levels[round == 0 ? State::kRounds - 1 : round - 1];
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
        gpu::dispatch(commands, s.rounds[round],
                      {s.responses, s.curves, s.signs, from, s.levels[round], s.begin, s.neighbours, *s.list},
                      gpu::bytes_of(push), blocks);
    }
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
}

void GpuResponse::show_round(std::span<const shared::Puncture> punctures) {
    State& s = *state_;
    std::vector<bool> met(s.dosed.size());
    for (const shared::Puncture& puncture : punctures)
        if (puncture.cell < s.count) s.mark_round(puncture.cell, [&](uint32_t block) { met[block] = true; });
    s.chosen.clear();
    for (uint32_t block = 0; block < met.size(); ++block)
        if (met[block]) s.chosen.push_back(block);
    s.list_chosen();
}

const gpu::Buffer& GpuResponse::shown_blocks() const {
    return *state_->list;
}
uint32_t GpuResponse::shown_count() const {
    return static_cast<uint32_t>(state_->chosen.size());
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

void GpuResponse::set(std::span<const shared::CellResponse> cells) {
    State& s = *state_;
    CHECK(cells.size() == s.count, cells.size(), s.count);
    clear();
    gpu::upload(s.device, s.responses, std::as_bytes(cells));
    for (uint32_t cell = 0; cell < s.count; ++cell) {
        const shared::CellResponse& c = cells[cell];
        const uint32_t tick = std::max({c.redness_tick, c.wet_tick, c.bruise_tick, c.pale_tick});
        if (c.count == 0 && c.bruise_dose == 0 && c.pale == 0) continue;
        const auto later = [tick](uint32_t& known) { known = known == kNever ? tick : std::max(known, tick); };
        later(s.dosed[cell / kGroup]);
        s.mark_round(cell, [&](uint32_t block) { later(s.touched[block]); });
    }
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
    std::ranges::fill(s.touched, kNever);
    s.waiting.clear();
    s.chosen.clear();
}

}  // namespace track
