// Cost of tracking: per puncture and per statistics of a whole face, on the CPU and on the GPU. Items are
// punctures, so that items_per_second is the rate and its inverse the cost of one.

#include "engine/gpu/frame.h"
#include "engine/track/gpu_response.h"
#include "engine/track/gpu_tracker.h"
#include "engine/track/spacing.h"
#include "tests/scenarios/tracking.h"

#include <benchmark/benchmark.h>

using namespace scenarios;

namespace {

// Patches per zone of about a head's size: 60,000 cells, 2,400 neighbourhoods, 22 zones, the neck the
// largest.
track::CellMap head_sized_map() {
    return grid_map(
        {300, 60, 90, 90, 60, 60, 60, 60, 50, 40, 40, 10, 220, 220, 60, 30, 80, 130, 130, 550, 30, 30});
}

void tally_cpu(benchmark::State& state, const std::vector<shared::Puncture>& log, const track::CellMap& map) {
    track::Tracker tracker(map);
    for (auto _ : state) {
        state.PauseTiming();
        tracker.clear();
        state.ResumeTiming();
        tracker.add(log);
        benchmark::DoNotOptimize(tracker.zone_tallies().data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(log.size()));
}

// A log as a gliding pen writes it.
void BM_TallyCpu(benchmark::State& state) {
    const track::CellMap map = head_sized_map();
    base::Random random(1);
    tally_cpu(state, gliding_punctures(random, 5'000'000, static_cast<uint32_t>(map.cells.size())), map);
}
BENCHMARK(BM_TallyCpu)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

// The worst order for the caches: every needle elsewhere.
void BM_TallyCpuScattered(benchmark::State& state) {
    const track::CellMap map = head_sized_map();
    base::Random random(1);
    tally_cpu(state, random_punctures(random, 5'000'000, static_cast<uint32_t>(map.cells.size())), map);
}
BENCHMARK(BM_TallyCpuScattered)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

// All zones of a head.
void BM_Statistics(benchmark::State& state) {
    const track::CellMap map = head_sized_map();
    base::Random random(1);
    track::Tracker tracker(map);
    tracker.add(random_punctures(random, 1'000'000, static_cast<uint32_t>(map.cells.size())));
    for (auto _ : state) benchmark::DoNotOptimize(tracker.statistics(750));
}
BENCHMARK(BM_Statistics)->Unit(benchmark::kMicrosecond);

/// Cells of a head on a square lattice, each with eight neighbours.
face::SurfaceCells lattice_cells(uint32_t side) {
    face::SurfaceCells cells;
    cells.seed.resize(size_t{side} * side);
    cells.neighbour_begin.push_back(0);
    for (int y = 0; y < int(side); ++y) {
        for (int x = 0; x < int(side); ++x) {
            for (int k = 0; k < 9; ++k) {
                const int u = x + k % 3 - 1, v = y + k / 3 - 1;
                if (k != 4 && u >= 0 && v >= 0 && u < int(side) && v < int(side))
                    cells.neighbours.push_back(uint32_t(v) * side + uint32_t(u));
            }
            cells.neighbour_begin.push_back(uint32_t(cells.neighbours.size()));
        }
    }
    return cells;
}

/// Cells of a flat pad of `side` cells of 1 mm², jogged off their lattice, one neighbourhood of 25 after the other.
face::SurfaceCells pad_cells(uint32_t side) {
    face::SurfaceCells cells = lattice_cells(side);
    base::Random random(3);
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        cells.seed[cell] = {1e-6 * (1000 * (cell % side) + random.below(300)),
                            1e-6 * (1000 * (cell / side) + random.below(300)), 0};
    cells.normal.assign(cells.size(), {0, 0, 1});
    cells.area_um2.assign(cells.size(), 1'000'000);
    cells.zone.assign(cells.size(), 1);
    cells.index();
    return cells;
}

/// As many needles anywhere on it.
std::vector<track::Site> scattered_sites(const face::SurfaceCells& cells, uint32_t side, size_t count) {
    base::Random random(4);
    std::vector<track::Site> sites(count);
    for (track::Site& s : sites) {
        s.x = static_cast<int32_t>(random.below(1000 * side)), s.y = static_cast<int32_t>(random.below(1000 * side));
        s.z = 0;
        s.cell = cells.find({1e-6 * s.x, 1e-6 * s.y, 0}, {0, 0, 1});
    }
    return sites;
}

// A head's worth of cells, a million needles by chance: 22 a mm².
void BM_SpacingMap(benchmark::State& state) {
    const face::SurfaceCells cells = pad_cells(212);
    const auto sites = scattered_sites(cells, 212, 1'000'000);
    const face::SkinGround ground(cells);
    for (auto _ : state) benchmark::DoNotOptimize(track::SiteMap(ground, sites));
}
// What a face is asked for once, when it is loaded.
void BM_SpacingGround(benchmark::State& state) {
    const face::SurfaceCells cells = pad_cells(212);
    for (auto _ : state) benchmark::DoNotOptimize(face::SkinGround(cells));
}
void BM_Spacing(benchmark::State& state) {
    const face::SurfaceCells cells = pad_cells(212);
    const face::SkinGround ground(cells);
    const track::SiteMap map(ground, scattered_sites(cells, 212, 1'000'000));
    const std::vector<uint8_t> judged(cells.size(), 1);
    for (auto _ : state) benchmark::DoNotOptimize(map.spacing(judged, 2));
}
void BM_LargestGap(benchmark::State& state) {
    const face::SurfaceCells cells = pad_cells(212);
    const face::SkinGround ground(cells);
    const track::SiteMap map(ground, scattered_sites(cells, 212, 1'000'000));
    const std::vector<uint8_t> judged(cells.size(), 1);
    for (auto _ : state) benchmark::DoNotOptimize(map.largest_gap(judged));
}
// All that the measures of evenness ask of a session on a loaded face: sorted, to the nearest one, the largest gap.
void BM_SpacingAndGap(benchmark::State& state) {
    const face::SurfaceCells cells = pad_cells(212);
    const auto sites = scattered_sites(cells, 212, 1'000'000);
    const std::vector<uint8_t> judged(cells.size(), 1);
    const face::SkinGround ground(cells);
    for (auto _ : state) {
        const track::SiteMap map(ground, sites);
        benchmark::DoNotOptimize(map.spacing(judged, 2));
        benchmark::DoNotOptimize(map.largest_gap(judged));
    }
}
BENCHMARK(BM_SpacingAndGap)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(BM_SpacingMap)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(BM_SpacingGround)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(BM_Spacing)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(BM_LargestGap)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

gpu::Device& device() {
    static const std::unique_ptr<gpu::Device> made = [] {
        auto result = gpu::Device::create();
        CHECK(result, result.error().message);
        return std::move(*result);
    }();
    return *made;
}

base::fs::path shaders() {
    const auto places = base::find_places();
    CHECK(places, places.error().message);
    return places->shaders;
}

// As many punctures a turn as the argument says, from recording to the end on the device.
void BM_TallyGpu(benchmark::State& state) {
    const track::CellMap map = head_sized_map();
    const auto count = static_cast<size_t>(state.range(0));
    base::Random random(1);
    const auto log = gliding_punctures(random, count, static_cast<uint32_t>(map.cells.size()));
    track::GpuTracker tracker(device(), shaders(), map);
    uint64_t added = 0;
    for (auto _ : state) {
        if ((added += count) > shared::kMaxPunctures) {
            state.PauseTiming();
            tracker.clear();
            added = count;
            state.ResumeTiming();
        }
        device().run([&](vk::CommandBuffer commands) { tracker.add(commands, log, {}); });
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(count));
}
BENCHMARK(BM_TallyGpu)->Arg(44)->Arg(16384)->Arg(5'000'000)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime()->UseRealTime();

// After punctures all over the head, or only in the zone under the pen (a cheek), as in a frame.
void statistics_gpu(benchmark::State& state, uint32_t first_cell, uint32_t cells) {
    const track::CellMap map = head_sized_map();
    base::Random random(1);
    track::GpuTracker tracker(device(), shaders(), map);
    std::vector<shared::Puncture> log = random_punctures(random, 2000, cells);
    for (shared::Puncture& p : log)
        if (p.cell != shared::kNoCell) p.cell += first_cell;
    for (auto _ : state) {
        state.PauseTiming();
        device().run([&](vk::CommandBuffer commands) { tracker.add(commands, log, {}); });
        state.ResumeTiming();
        device().run([&](vk::CommandBuffer commands) { tracker.compute_statistics(commands, 750); });
    }
}
void BM_StatisticsGpuWholeHead(benchmark::State& state) {
    statistics_gpu(state, 0, static_cast<uint32_t>(head_sized_map().cells.size()));
}
void BM_StatisticsGpuOneZone(benchmark::State& state) {
    const track::CellMap map = head_sized_map();
    const shared::ZoneSpan cheek = map.zones[13];
    statistics_gpu(state, cheek.first * kPatchCells, cheek.count * kPatchCells);
}
BENCHMARK(BM_StatisticsGpuWholeHead)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(BM_StatisticsGpuOneZone)->Unit(benchmark::kMicrosecond)->UseRealTime();

// One tick of the skin's response over 45,000 cells of which so many are being worked on; and all of them.
void response_tick(benchmark::State& state, bool all) {
    auto places = base::find_places();
    auto model = track::ResponseModel::load(*places);
    CHECK(model, model.error().message);
    const face::SurfaceCells cells = lattice_cells(212);
    track::GpuResponse response(device(), shaders(), cells, model->curves);
    std::vector<shared::CellDose> doses;
    for (uint32_t cell = 0; cell < uint32_t(state.range(0)); ++cell) {
        shared::CellDose dose{};
        dose.cell = cell;
        dose.tick = 1;
        dose.count = 20;
        dose.depth_um = 10'000;
        dose.redness = 80'000;
        doses.push_back(dose);
    }
    response.add(doses);
    uint32_t tick = 2;
    for (auto _ : state) {
        state.PauseTiming();
        doses.resize(std::min<size_t>(doses.size(), 400));  // where the pen is
        for (shared::CellDose& dose : doses) dose.tick = tick;
        response.add(doses);
        state.ResumeTiming();
        device().run([&](vk::CommandBuffer commands) { response.show(commands, tick, all); });
        ++tick;
    }
}
void BM_ResponseTick(benchmark::State& state) {
    response_tick(state, false);
}
void BM_ResponseAll(benchmark::State& state) {
    response_tick(state, true);
}
BENCHMARK(BM_ResponseTick)->Arg(0)->Arg(500)->Arg(3000)->Arg(10'000)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(BM_ResponseAll)->Arg(45'000 - 56)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
