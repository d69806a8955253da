#include "engine/track/gpu_tracker.h"

#include "engine/gpu/pipeline.h"

#include <algorithm>

namespace track {

namespace {

struct BatchPush {
    uint32_t punctures, contacts;
};

struct StatisticsPush {
    uint32_t neighbourhoods, floor_per_cm2;
};

constexpr uint32_t kLanes = 64;  // local_size_x of tally.comp and statistics_neighbourhoods.comp
constexpr uint32_t groups_for(size_t items) {
    return static_cast<uint32_t>((items + kLanes - 1) / kLanes);
}

constexpr auto kAll = vk::PipelineStageFlagBits2::eAllCommands;
constexpr gpu::Use kAnyBefore{kAll, vk::AccessFlagBits2::eMemoryWrite};
constexpr gpu::Use kAnyAfter{kAll, vk::AccessFlagBits2::eMemoryRead | vk::AccessFlagBits2::eMemoryWrite};

// A batch on its way to the GPU; free again when its submission is done.
struct Upload {
    gpu::Buffer punctures, contacts;
    uint64_t submission = 0;
};

// Statistics on their way back; 0 = empty or taken.
struct ReadBack {
    gpu::Buffer statistics;
    uint64_t submission = 0;
};

// A cell that the face does not have would be written past the tallies.
template <typename Record>
void check_cells(std::span<const Record> records, size_t cells) {
    for (const Record& r : records) CHECK(r.cell < cells || !shared::has_cell(r.cell), r.cell, cells);
}

template <typename T>
gpu::Buffer device_buffer(const gpu::Device& device, size_t count, const char* name) {
    return gpu::Buffer(device, count * sizeof(T), gpu::Memory::device, name);
}

}  // namespace

struct GpuTracker::State {
    State(gpu::Device& device, const base::fs::path& shaders, const CellMap& map);

    Upload& free_upload();
    ReadBack& next_read_back();
    void take_finished();

    gpu::Device& device;
    size_t cell_count, neighbourhood_count, zone_count;
    gpu::Buffer cells, neighbourhoods, zones;
    gpu::Buffer cell_tallies, neighbourhood_tallies, zone_tallies;
    gpu::Buffer shares, statistics;
    gpu::Pipeline tally, statistics_neighbourhoods, statistics_zones;
    std::vector<Upload> uploads;
    std::vector<ReadBack> read_backs;
    std::vector<shared::ZoneStats> latest;
    uint64_t punctures = 0;
};

GpuTracker::State::State(gpu::Device& device, const base::fs::path& shaders, const CellMap& map)
    : device(device),
      cell_count(map.cells.size()),
      neighbourhood_count(map.neighbourhoods.size()),
      zone_count(map.zones.size()),
      cells(gpu::make_buffer(device, std::span(map.cells), "cells")),
      neighbourhoods(gpu::make_buffer(device, std::span(map.neighbourhoods), "neighbourhoods")),
      zones(gpu::make_buffer(device, std::span(map.zones), "zones")),
      cell_tallies(device_buffer<shared::CellTally>(device, cell_count, "cell tallies")),
      neighbourhood_tallies(
          device_buffer<shared::NeighbourhoodTally>(device, neighbourhood_count, "neighbourhood tallies")),
      zone_tallies(device_buffer<shared::ZoneTally>(device, zone_count, "zone tallies")),
      shares(device_buffer<shared::NeighbourhoodShare>(device, neighbourhood_count, "neighbourhood shares")),
      statistics(device_buffer<shared::ZoneStats>(device, zone_count, "zone statistics")),
      tally(gpu::make_compute_pipeline(device, shaders / "tally.comp.spv", 6, sizeof(BatchPush))),
      statistics_neighbourhoods(gpu::make_compute_pipeline(
          device, shaders / "statistics_neighbourhoods.comp.spv", 6, sizeof(StatisticsPush))),
      statistics_zones(gpu::make_compute_pipeline(device, shaders / "statistics_zones.comp.spv", 4, 0)),
      latest(zone_count) {
    // One per frame in flight, one being recorded, one finished that nobody has looked at yet.
    for (uint32_t i = 0; i < gpu::kFramesInFlight + 2; ++i)
        read_backs.push_back({gpu::Buffer(device, zone_count * sizeof(shared::ZoneStats),
                                          gpu::Memory::read_back, "statistics read-back")});
}

// Never waits: a frame that brings more batches than are free grows the ring.
Upload& GpuTracker::State::free_upload() {
    for (Upload& upload : uploads)
        if (device.finished(upload.submission)) return upload;
    const auto buffer = [&](size_t record, const char* name) {
        return gpu::Buffer(device, kBatch * record, gpu::Memory::upload, name);
    };
    uploads.push_back(
        {buffer(sizeof(shared::Puncture), "punctures"), buffer(sizeof(shared::ContactRecord), "contacts")});
    return uploads.back();
}

// This submission's own, if it has statistics already; else the one with the lowest number: empty, or the
// oldest that nobody looked at.
ReadBack& GpuTracker::State::next_read_back() {
    for (ReadBack& one : read_backs)
        if (one.submission == device.submission()) return one;
    return *std::min_element(read_backs.begin(), read_backs.end(), [](const ReadBack& a, const ReadBack& b) {
        return a.submission < b.submission;
    });
}

void GpuTracker::State::take_finished() {
    const ReadBack* newest = nullptr;
    for (const ReadBack& one : read_backs)
        if (one.submission != 0 && device.finished(one.submission) &&
            (!newest || one.submission > newest->submission))
            newest = &one;
    if (!newest) return;
    latest = newest->statistics.read<shared::ZoneStats>(zone_count);
    const uint64_t taken = newest->submission;
    for (ReadBack& one : read_backs)
        if (one.submission <= taken) one.submission = 0;
}

GpuTracker::GpuTracker(gpu::Device& device, const base::fs::path& shaders, const CellMap& map)
    : state_(std::make_unique<State>(device, shaders, map)) {
    clear();
}

// What was submitted may still use the buffers, unless the device is lost.
GpuTracker::~GpuTracker() {
    try {
        state_->device.wait_idle();
    } catch (const vk::SystemError&) {
    }
}

void GpuTracker::add(vk::CommandBuffer commands, std::span<const shared::Puncture> punctures,
                     std::span<const shared::ContactRecord> contacts) {
    State& s = *state_;
    check_cells(punctures, s.cell_count);
    check_cells(contacts, s.cell_count);
    CHECK(s.punctures + punctures.size() <= shared::kMaxPunctures, s.punctures, punctures.size());
    s.punctures += punctures.size();
    if (punctures.empty() && contacts.empty()) return;

    // Batches need no barrier between them: atomics commute.
    gpu::barrier(commands, kAnyBefore, gpu::kComputeWrite);
    for (size_t begin = 0; begin < std::max(punctures.size(), contacts.size()); begin += kBatch) {
        const auto piece = [&]<typename T>(std::span<T> all) {
            const size_t first = std::min(begin, all.size());
            return all.subspan(first, std::min<size_t>(kBatch, all.size() - first));
        };
        const auto some_punctures = piece(punctures);
        const auto some_contacts = piece(contacts);
        Upload& upload = s.free_upload();
        upload.submission = s.device.submission();
        upload.punctures.write(some_punctures);
        upload.contacts.write(some_contacts);
        const BatchPush push{static_cast<uint32_t>(some_punctures.size()),
                             static_cast<uint32_t>(some_contacts.size())};
        gpu::dispatch(commands, s.tally,
                      {upload.punctures, upload.contacts, s.cells, s.cell_tallies, s.neighbourhood_tallies,
                       s.zone_tallies},
                      gpu::bytes_of(push), groups_for(std::max(push.punctures, push.contacts)));
    }
    gpu::barrier(commands, gpu::kComputeWrite, kAnyAfter);
}

void GpuTracker::compute_statistics(vk::CommandBuffer commands, uint32_t floor_per_cm2) {
    State& s = *state_;
    s.take_finished();

    gpu::barrier(commands, kAnyBefore, gpu::kComputeWrite);
    if (s.neighbourhood_count > 0) {
        const StatisticsPush push{static_cast<uint32_t>(s.neighbourhood_count), floor_per_cm2};
        gpu::dispatch(
            commands, s.statistics_neighbourhoods,
            {s.neighbourhoods, s.zones, s.neighbourhood_tallies, s.zone_tallies, s.shares, s.statistics},
            gpu::bytes_of(push), groups_for(s.neighbourhood_count));
        gpu::barrier(commands, gpu::kComputeWrite,
                     gpu::kComputeWrite);  // `statistics` is read here, written next
    }
    gpu::dispatch(commands, s.statistics_zones, {s.zones, s.zone_tallies, s.shares, s.statistics}, {},
                  static_cast<uint32_t>(s.zone_count));
    gpu::barrier(commands, gpu::kComputeWrite, kAnyAfter);

    ReadBack& read_back = s.next_read_back();
    read_back.submission = s.device.submission();
    commands.copyBuffer(s.statistics.handle(), read_back.statistics.handle(),
                        vk::BufferCopy(0, 0, s.zone_count * sizeof(shared::ZoneStats)));
    gpu::barrier(commands, gpu::kTransferWrite, gpu::kHostRead);
}

const gpu::Buffer& GpuTracker::cells() const {
    return state_->cells;
}
const gpu::Buffer& GpuTracker::cell_tallies() const {
    return state_->cell_tallies;
}
const gpu::Buffer& GpuTracker::neighbourhood_tallies() const {
    return state_->neighbourhood_tallies;
}
const gpu::Buffer& GpuTracker::statistics() const {
    return state_->statistics;
}

std::vector<shared::CellTally> GpuTracker::read_cells() {
    return gpu::download<shared::CellTally>(state_->device, state_->cell_tallies, state_->cell_count);
}

std::vector<shared::NeighbourhoodTally> GpuTracker::read_neighbourhoods() {
    return gpu::download<shared::NeighbourhoodTally>(state_->device, state_->neighbourhood_tallies,
                                                     state_->neighbourhood_count);
}

std::vector<shared::ZoneTally> GpuTracker::read_zones() {
    return gpu::download<shared::ZoneTally>(state_->device, state_->zone_tallies, state_->zone_count);
}

std::vector<shared::ZoneStats> GpuTracker::read_statistics() {
    return gpu::download<shared::ZoneStats>(state_->device, state_->statistics, state_->zone_count);
}

std::span<const shared::ZoneStats> GpuTracker::latest_statistics() const {
    state_->take_finished();
    return state_->latest;
}

void GpuTracker::clear() {
    State& s = *state_;
    s.device.run([&](vk::CommandBuffer commands) {
        gpu::barrier(commands, kAnyBefore, gpu::kTransferWrite);
        for (const gpu::Buffer* buffer :
             {&s.cell_tallies, &s.neighbourhood_tallies, &s.zone_tallies, &s.shares, &s.statistics})
            commands.fillBuffer(buffer->handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, kAnyAfter);
    });
    for (ReadBack& one : s.read_backs) one.submission = 0;
    std::fill(s.latest.begin(), s.latest.end(), shared::ZoneStats{});
    s.punctures = 0;
}

}  // namespace track
