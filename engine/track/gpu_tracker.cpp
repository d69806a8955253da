#include "engine/track/gpu_tracker.h"

#include "engine/base/parallel.h"
#include "engine/gpu/pipeline.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace track {

namespace {

struct BatchPush {
    uint32_t punctures, contacts;
};

struct StatisticsPush {
    uint32_t neighbourhoods, floor_per_cm2;
};

constexpr uint32_t kLanes = 64;  // local_size_x of all but statistics_zones.comp
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

// As many punctures of a whole session; the same.
struct BulkUpload {
    gpu::Buffer briefs, runs;
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

// Punctures sorted by cell, those without one last, on all cores: reading a session's log takes longer than
// adding it up. Within a cell they come in whichever order threads wrote them, which no sum shows.
class SortedByCell {
  public:
    SortedByCell(std::span<const shared::Puncture> punctures, size_t cells)
        : punctures_(punctures),
          begin_(cells + 2, 0),
          rank_(std::make_unique_for_overwrite<uint32_t[]>(punctures.size())) {
        base::parallel_ranges(punctures.size(), kGrain, [&](size_t first, size_t last) {
            check_cells(punctures.subspan(first, last - first), cells);
            for (size_t i = first; i < last; ++i)
                rank_[i] = std::atomic_ref(begin_[key(punctures[i])]).fetch_add(1, std::memory_order_relaxed);
        });
        uint32_t before = 0;
        for (uint32_t& b : begin_) before += std::exchange(b, before);
    }

    void write_briefs(const gpu::Buffer& to) const {
        const auto briefs = reinterpret_cast<shared::PunctureBrief*>(to.bytes().data());
        base::parallel_ranges(punctures_.size(), kGrain, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i)
                briefs[begin_[key(punctures_[i])] + rank_[i]] = shared::brief_of(punctures_[i]);
        });
    }

    std::vector<shared::PunctureRun> runs() const {
        std::vector<shared::PunctureRun> all;
        const auto cells = static_cast<uint32_t>(begin_.size() - 2);
        for (uint32_t cell = 0; cell <= cells; ++cell)
            for (uint32_t first = begin_[cell]; first < begin_[cell + 1]; first += shared::kBulkRun)
                all.push_back({cell < cells ? cell : shared::kNoCell, first,
                               std::min(first + shared::kBulkRun, begin_[cell + 1])});
        return all;
    }

  private:
    static constexpr size_t kGrain = 1u << 15;
    size_t key(const shared::Puncture& p) const { return std::min<size_t>(p.cell, begin_.size() - 2); }

    std::span<const shared::Puncture> punctures_;
    std::vector<uint32_t> begin_;  // of a cell's, then of those without, and the end
    std::unique_ptr<uint32_t[]> rank_;
};

// Cells by neighbourhood, and where each neighbourhood's begin.
struct Members {
    std::vector<uint32_t> begin, cells;
};
Members members_of(const CellMap& map) {
    Members members{std::vector<uint32_t>(map.neighbourhoods.size() + 1, 0),
                    std::vector<uint32_t>(map.cells.size())};
    for (const shared::Cell& cell : map.cells)
        if (shared::is_judged(cell)) ++members.begin[cell.neighbourhood + 1];
    for (size_t n = 0; n < map.neighbourhoods.size(); ++n) members.begin[n + 1] += members.begin[n];
    std::vector<uint32_t> next = members.begin;
    for (uint32_t cell = 0; cell < map.cells.size(); ++cell)
        if (shared::is_judged(map.cells[cell])) members.cells[next[map.cells[cell].neighbourhood]++] = cell;
    return members;
}

template <typename T>
gpu::Buffer device_buffer(const gpu::Device& device, size_t count, const char* name) {
    return gpu::Buffer(device, count * sizeof(T), gpu::Memory::device, name);
}

}  // namespace

struct GpuTracker::State {
    State(gpu::Device& device, const base::fs::path& shaders, const CellMap& map);

    Upload& free_upload();
    BulkUpload& free_bulk_upload(uint64_t brief_bytes, uint64_t run_bytes);
    void add_few(vk::CommandBuffer commands, std::span<const shared::Puncture> punctures,
                 std::span<const shared::ContactRecord> contacts);
    void add_many(vk::CommandBuffer commands, std::span<const shared::Puncture> punctures);
    ReadBack& next_read_back();
    void take_finished();

    gpu::Device& device;
    size_t cell_count, neighbourhood_count, zone_count;
    gpu::Buffer cells, neighbourhoods, zones;
    gpu::Buffer cell_tallies, neighbourhood_tallies, zone_tallies;
    gpu::Buffer shares, statistics;
    Members members;
    gpu::Buffer member_begin, member_cells;
    gpu::Pipeline tally, tally_bulk, tally_neighbourhoods, statistics_neighbourhoods, statistics_zones;
    std::vector<Upload> uploads;
    std::vector<BulkUpload> bulk_uploads;
    std::vector<ReadBack> read_backs;
    std::vector<shared::ZoneStats> latest;
    uint64_t punctures = 0;
    Work work;
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
      members(members_of(map)),
      member_begin(gpu::make_buffer<uint32_t>(device, members.begin, "neighbourhood begin")),
      member_cells(gpu::make_buffer<uint32_t>(device, members.cells, "neighbourhood cells")),
      tally(gpu::make_compute_pipeline(device, shaders / "tally.comp.spv", 6, sizeof(BatchPush))),
      tally_bulk(gpu::make_compute_pipeline(device, shaders / "tally_bulk.comp.spv", 5, sizeof(uint32_t))),
      tally_neighbourhoods(
          gpu::make_compute_pipeline(device, shaders / "tally_neighbourhoods.comp.spv", 4, sizeof(uint32_t))),
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

BulkUpload& GpuTracker::State::free_bulk_upload(uint64_t brief_bytes, uint64_t run_bytes) {
    auto upload = std::find_if(bulk_uploads.begin(), bulk_uploads.end(),
                               [&](const BulkUpload& one) { return device.finished(one.submission); });
    if (upload == bulk_uploads.end()) upload = bulk_uploads.insert(upload, BulkUpload{});
    if (!upload->briefs || upload->briefs.size() < brief_bytes)
        upload->briefs = gpu::Buffer(device, brief_bytes, gpu::Memory::upload, "many punctures");
    if (!upload->runs || upload->runs.size() < run_bytes)
        upload->runs = gpu::Buffer(device, run_bytes, gpu::Memory::upload, "runs of punctures");
    return *upload;
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

void GpuTracker::State::add_few(vk::CommandBuffer commands, std::span<const shared::Puncture> some_punctures,
                                std::span<const shared::ContactRecord> contacts) {
    for (size_t begin = 0; begin < std::max(some_punctures.size(), contacts.size()); begin += kBatch) {
        const auto piece = [&]<typename T>(std::span<T> all) {
            const size_t first = std::min(begin, all.size());
            return all.subspan(first, std::min<size_t>(kBatch, all.size() - first));
        };
        Upload& upload = free_upload();
        upload.submission = device.submission();
        ++work.dispatches;
        work.bytes += piece(some_punctures).size_bytes() + piece(contacts).size_bytes();
        upload.punctures.write(piece(some_punctures));
        upload.contacts.write(piece(contacts));
        const BatchPush push{static_cast<uint32_t>(piece(some_punctures).size()),
                             static_cast<uint32_t>(piece(contacts).size())};
        gpu::dispatch(
            commands, tally,
            {upload.punctures, upload.contacts, cells, cell_tallies, neighbourhood_tallies, zone_tallies},
            gpu::bytes_of(push), groups_for(std::max(push.punctures, push.contacts)));
    }
}

void GpuTracker::State::add_many(vk::CommandBuffer commands, std::span<const shared::Puncture> many) {
    for (size_t first = 0; first < many.size(); first += kBulkBatch) {
        const auto piece = many.subspan(first, std::min<size_t>(kBulkBatch, many.size() - first));
        const SortedByCell sorted(piece, cell_count);
        const std::vector<shared::PunctureRun> runs = sorted.runs();
        BulkUpload& upload = free_bulk_upload(piece.size() * sizeof(shared::PunctureBrief),
                                              runs.size() * sizeof(shared::PunctureRun));
        upload.submission = device.submission();
        ++work.dispatches;
        work.bytes +=
            piece.size() * sizeof(shared::PunctureBrief) + runs.size() * sizeof(shared::PunctureRun);
        sorted.write_briefs(upload.briefs);
        upload.runs.write<shared::PunctureRun>(runs);
        const auto count = static_cast<uint32_t>(runs.size());
        gpu::dispatch(commands, tally_bulk, {upload.runs, upload.briefs, cells, cell_tallies, zone_tallies},
                      gpu::bytes_of(count), groups_for(runs.size()));
    }
    if (neighbourhood_count == 0) return;
    ++work.dispatches;
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
    const auto count = static_cast<uint32_t>(neighbourhood_count);
    gpu::dispatch(commands, tally_neighbourhoods,
                  {member_begin, member_cells, cell_tallies, neighbourhood_tallies}, gpu::bytes_of(count),
                  groups_for(neighbourhood_count));
}

void GpuTracker::add(vk::CommandBuffer commands, std::span<const shared::Puncture> punctures,
                     std::span<const shared::ContactRecord> contacts) {
    State& s = *state_;
    CHECK(s.punctures + punctures.size() <= shared::kMaxPunctures, s.punctures, punctures.size());
    const bool many = punctures.size() >= kMany;
    if (!many) check_cells(punctures, s.cell_count);
    check_cells(contacts, s.cell_count);
    s.punctures += punctures.size();
    if (punctures.empty() && contacts.empty()) return;

    // Batches need no barrier between them: atomics commute. Neighbourhoods are written last.
    gpu::barrier(commands, kAnyBefore, gpu::kComputeWrite);
    s.add_few(commands, many ? std::span<const shared::Puncture>{} : punctures, contacts);
    if (many) s.add_many(commands, punctures);
    gpu::barrier(commands, gpu::kComputeWrite, kAnyAfter);
}

void GpuTracker::compute_statistics(vk::CommandBuffer commands, uint32_t floor_per_cm2) {
    State& s = *state_;
    s.take_finished();

    gpu::barrier(commands, kAnyBefore, gpu::kComputeWrite);
    s.work.dispatches += s.neighbourhood_count > 0 ? 2 : 1;
    s.work.bytes += s.zone_count * sizeof(shared::ZoneStats);
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

GpuTracker::Work GpuTracker::work() const {
    return state_->work;
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

void GpuTracker::set(const Tracker& counted) {
    State& s = *state_;
    CHECK(counted.cells().size() == s.cell_count && counted.neighbourhoods().size() == s.neighbourhood_count &&
              counted.zone_tallies().size() == s.zone_count,
          counted.cells().size(), counted.neighbourhoods().size(), counted.zone_tallies().size());
    s.device.wait_idle();
    gpu::upload(s.device, s.cell_tallies, std::as_bytes(counted.cells()));
    gpu::upload(s.device, s.neighbourhood_tallies, std::as_bytes(counted.neighbourhoods()));
    gpu::upload(s.device, s.zone_tallies, std::as_bytes(counted.zone_tallies()));
    for (ReadBack& one : s.read_backs) one.submission = 0;
    s.punctures = counted.punctures();
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
