// The GPU's tallies and statistics against the CPU's, to the last bit, on whatever device there is (the CPU
// driver counts), with validation on.

#include "engine/gpu/frame.h"
#include "engine/track/gpu_tracker.h"
#include "tests/scenarios/tracking.h"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace scenarios;
using track::CellMap;
using track::GpuTracker;
using track::Tracker;

namespace {

constexpr uint32_t kFloor = 750;

class GpuTracking : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        setenv("EVENHAND_VALIDATION", "1", 1);
        auto made = gpu::Device::create();
        ASSERT_TRUE(made) << made.error().message;
        device_ = std::move(*made);
    }
    static void TearDownTestSuite() { device_.reset(); }
    void TearDown() override { EXPECT_EQ(device_->validation_messages(), 0u); }

    static GpuTracker make(const CellMap& map) {
        return GpuTracker(*device_, base::fs::path(EVENHAND_BINARY_DIR) / "shaders", map);
    }

    static inline std::unique_ptr<gpu::Device> device_;
};

// Both logs in pieces, each piece one submission.
void add_in_pieces(gpu::Device& device, GpuTracker& tracker, std::span<const shared::Puncture> punctures,
                   std::span<const shared::ContactRecord> contacts, size_t piece) {
    const auto part = [piece](auto all, size_t i) {
        const size_t first = std::min(i, all.size());
        return all.subspan(first, std::min(piece, all.size() - first));
    };
    for (size_t i = 0; i < std::max(punctures.size(), contacts.size()); i += piece)
        device.run([&](vk::CommandBuffer commands) {
            tracker.add(commands, part(punctures, i), part(contacts, i));
        });
}

void expect_equal(gpu::Device& device, GpuTracker& gpu, const Tracker& cpu, uint32_t floor = kFloor) {
    device.run([&](vk::CommandBuffer commands) { gpu.compute_statistics(commands, floor); });
    EXPECT_TRUE(same_bits(gpu.read_cells(), cpu.cells()));
    EXPECT_TRUE(same_bits(gpu.read_neighbourhoods(), cpu.neighbourhoods()));
    EXPECT_TRUE(same_bits(gpu.read_zones(), cpu.zone_tallies()));
    const auto expected = cpu.statistics(floor);
    EXPECT_TRUE(same_bits(gpu.read_statistics(), expected));
    EXPECT_TRUE(same_bits(gpu.latest_statistics(), expected));
}

}  // namespace

TEST_F(GpuTracking, NothingCountedGivesTheSameZerosAndAreas) {
    const CellMap map = grid_map({100, 3});
    GpuTracker gpu = make(map);
    for (const shared::ZoneStats& zone : gpu.latest_statistics()) EXPECT_EQ(zone.area_mm2, 0u);
    expect_equal(*device_, gpu, Tracker(map));
}

TEST_F(GpuTracking, AHundredThousandPuncturesInAnyBatchesAndOrderAreTheCpusBits) {
    base::Random random(21);
    const CellMap map = irregular_map(random, 2500, 25);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    auto punctures = random_punctures(random, 120'000, cells);
    auto contacts = random_contacts(random, 60'000, cells);
    Tracker cpu(map);
    cpu.add(punctures);
    cpu.add(contacts);
    for (const size_t piece : {1'000u, 16'384u, 50'001u, 120'000u}) {
        SCOPED_TRACE(piece);
        shuffle(random, punctures);
        shuffle(random, contacts);
        GpuTracker gpu = make(map);
        add_in_pieces(*device_, gpu, punctures, contacts, piece);
        expect_equal(*device_, gpu, cpu);
    }
}

TEST_F(GpuTracking, FiveMillionPuncturesAreTheCpusBits) {
    base::Random random(22);
    const CellMap map = irregular_map(random, 2500, 25);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    auto punctures = random_punctures(random, 1'000'000, cells);
    const auto contacts = random_contacts(random, 150'000, cells);
    Tracker cpu(map);
    cpu.add(contacts);
    GpuTracker gpu = make(map);
    add_in_pieces(*device_, gpu, {}, contacts, contacts.size());
    const auto gliding = gliding_punctures(random, 4'000'000, cells);
    for (const auto& log : {punctures, gliding}) {
        cpu.add(log);
        add_in_pieces(*device_, gpu, log, {}, log.size());
    }
    for (const uint32_t floor : {0u, kFloor, 0xffffffffu}) expect_equal(*device_, gpu, cpu, floor);
}

TEST_F(GpuTracking, TenMillionOfTheHardestPuncturesInOneCellAreTheCpusBits) {
    const CellMap map = grid_map({20});
    const std::vector<shared::Puncture> log(
        10'000'000,
        puncture({.cell = 17, .depth_um = 65535, .tilt_cdeg = 65535, .force_mn = 65535, .direction = 5}));
    Tracker cpu(map);
    cpu.add(log);
    EXPECT_EQ(shared::sum_value(cpu.zone_tallies()[1].depth_sum_of_squares), 10'000'000ull * 65535 * 65535);
    GpuTracker gpu = make(map);
    add_in_pieces(*device_, gpu, log, {}, log.size());
    expect_equal(*device_, gpu, cpu);
}

TEST_F(GpuTracking, AFrameCostsTheSameAfterMillionsOfPunctures) {
    const CellMap map = grid_map({300, 900});
    base::Random random(29);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    const auto frame = random_punctures(random, 44, cells);
    const auto contacts = random_contacts(random, 4, cells);
    GpuTracker gpu = make(map);
    const auto cost_of_a_frame = [&] {
        const GpuTracker::Work before = gpu.work();
        device_->run([&](vk::CommandBuffer commands) {
            gpu.add(commands, frame, contacts);
            gpu.compute_statistics(commands, kFloor);
        });
        return GpuTracker::Work{gpu.work().dispatches - before.dispatches, gpu.work().bytes - before.bytes};
    };
    const GpuTracker::Work first = cost_of_a_frame();
    EXPECT_EQ(first.dispatches, 3u);
    EXPECT_LT(first.bytes, 4000u);
    add_in_pieces(*device_, gpu, random_punctures(random, 2'000'000, cells), {}, 2'000'000);
    EXPECT_EQ(cost_of_a_frame(), first);
}

TEST_F(GpuTracking, AWholeSessionAtOnceAndTheSameInFramesAreTheCpusBits) {
    // Runs of one cell below, at and above what one invocation adds up; a session of many after a session of few.
    CellMap map = grid_map({1, 7, 300, 900});
    for (size_t c = 0; c < map.cells.size(); c += 9) map.cells[c].neighbourhood = shared::kNoNeighbourhood;
    base::Random random(28);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    auto log = gliding_punctures(random, GpuTracker::kMany, cells);
    for (const uint32_t run : {127u, 128u, 129u, 256u, 9000u})
        log.insert(log.end(), run,
                   puncture({.cell = 31 * run % cells, .depth_um = 65535, .force_mn = 65535, .direction = run % 6}));
    log.insert(log.end(), 300, puncture({.cell = shared::kNoCell}));
    const auto few = random_punctures(random, 5000, cells);
    const auto contacts = random_contacts(random, 4000, cells);
    Tracker cpu(map);
    for (const auto& part : {few, log, few}) cpu.add(part);
    cpu.add(contacts);
    GpuTracker gpu = make(map);
    device_->run([&](vk::CommandBuffer commands) {
        gpu.add(commands, few, {});
        gpu.add(commands, log, contacts);
        gpu.add(commands, few, {});
    });
    expect_equal(*device_, gpu, cpu);
    GpuTracker frames = make(map);
    for (const auto& part : {few, log, few}) add_in_pieces(*device_, frames, part, {}, 3000);
    add_in_pieces(*device_, frames, {}, contacts, 700);
    expect_equal(*device_, frames, cpu);
}

TEST_F(GpuTracking, SumsBeyond32BitsCarryWhileEveryInvocationHitsOneCell) {
    // 65535 mN 300,000 times wraps the low word of the force four times, squared depth far more often.
    const CellMap map = grid_map({700});
    const std::vector<shared::Puncture> punctures(
        300'000,
        puncture({.cell = 17, .depth_um = 65535, .tilt_cdeg = 65535, .force_mn = 65535, .direction = 5}));
    Tracker cpu(map);
    cpu.add(punctures);
    ASSERT_GE(cpu.cells()[17].force_sum.hi, 4u);
    GpuTracker gpu = make(map);
    add_in_pieces(*device_, gpu, punctures, {}, 100'000);
    expect_equal(*device_, gpu, cpu);
}

TEST_F(GpuTracking, ZonesOfManySizesHaveTheCpusStatistics) {
    // One patch, below, at and above a workgroup, the largest zone the bounds allow.
    const CellMap map = grid_map({1, 2, 63, 64, 65, 127, 700, 8000});
    base::Random random(23);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    Tracker cpu(map);
    GpuTracker gpu = make(map);
    for (int round = 0; round < 3; ++round) {
        std::vector<shared::Puncture> log;
        for (int i = 0; i < 20'000; ++i) {
            const double u = random.uniform();
            log.push_back(puncture({.cell = static_cast<uint32_t>((round ? u * u : u) * cells)}));
        }
        cpu.add(log);
        add_in_pieces(*device_, gpu, log, {}, log.size());
        expect_equal(*device_, gpu, cpu, 5);
    }
}

TEST_F(GpuTracking, FramesInFlightReadBackStatisticsThatAFrameReallyHad) {
    base::Random random(24);
    const CellMap map = irregular_map(random, 300, 6);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    GpuTracker gpu = make(map);
    Tracker cpu(map);
    gpu::Frames frames(*device_);
    std::vector<std::vector<shared::ZoneStats>> history{std::vector<shared::ZoneStats>(map.zones.size())};
    size_t shown = 0;
    for (int frame = 0; frame < 60; ++frame) {
        const auto punctures = random_punctures(random, random.below(90), cells);
        const auto contacts = random_contacts(random, random.below(5), cells);
        vk::CommandBuffer commands = frames.begin();
        gpu.add(commands, punctures, contacts);
        gpu.compute_statistics(commands, kFloor);
        frames.end();
        cpu.add(punctures);
        cpu.add(contacts);
        history.push_back(cpu.statistics(kFloor));
        // Whatever is shown is one frame's, and never older than what was shown before.
        const auto latest = gpu.latest_statistics();
        while (shown < history.size() && !same_bits(latest, history[shown])) ++shown;
        ASSERT_LT(shown, history.size()) << frame;
    }
    device_->wait_idle();
    EXPECT_TRUE(same_bits(gpu.latest_statistics(), history.back()));
    EXPECT_GT(shown, 0u);
}

TEST_F(GpuTracking, TheLastStatisticsOfASubmissionAreTheOnesShown) {
    const CellMap map = grid_map({100});
    base::Random random(27);
    GpuTracker gpu = make(map);
    Tracker cpu(map);
    for (int submission = 0; submission < 6; ++submission) {
        device_->run([&](vk::CommandBuffer commands) {
            for (int i = 0; i < 3; ++i) {
                const auto punctures = random_punctures(random, 100, 2500);
                cpu.add(punctures);
                gpu.add(commands, punctures, {});
                gpu.compute_statistics(commands, kFloor);
            }
        });
        EXPECT_TRUE(same_bits(gpu.latest_statistics(), cpu.statistics(kFloor))) << submission;
    }
}

TEST_F(GpuTracking, ManyBatchesInOneFrameKeepTheirRecords) {
    const CellMap map = grid_map({100});
    base::Random random(25);
    Tracker cpu(map);
    GpuTracker gpu = make(map);
    gpu::Frames frames(*device_);
    for (int frame = 0; frame < 3; ++frame) {
        vk::CommandBuffer commands = frames.begin();
        for (int i = 0; i < 40; ++i) {
            const auto punctures = random_punctures(random, 500, 2500);
            cpu.add(punctures);
            gpu.add(commands, punctures, {});
        }
        frames.end();
    }
    expect_equal(*device_, gpu, cpu);
}

TEST_F(GpuTracking, ClearedIsAsNew) {
    const CellMap map = grid_map({100});
    base::Random random(26);
    GpuTracker gpu = make(map);
    add_in_pieces(*device_, gpu, random_punctures(random, 5000, 2500), random_contacts(random, 500, 2500),
                  5000);
    device_->run([&](vk::CommandBuffer commands) { gpu.compute_statistics(commands, kFloor); });
    gpu.clear();
    for (const shared::ZoneStats& zone : gpu.latest_statistics()) EXPECT_EQ(zone.area_mm2, 0u);
    expect_equal(*device_, gpu, Tracker(map));
    const auto again = random_punctures(random, 5000, 2500);
    Tracker cpu(map);
    cpu.add(again);
    add_in_pieces(*device_, gpu, again, {}, 5000);
    expect_equal(*device_, gpu, cpu);
}

TEST_F(GpuTracking, ACellThatTheFaceDoesNotHaveIsRefusedBeforeItReachesTheGpu) {
    GpuTracker gpu = make(grid_map({1}));
    const std::vector log{puncture({.cell = kPatchCells})};
    testing::GTEST_FLAG(death_test_style) = "threadsafe";  // the driver has threads
    EXPECT_DEATH(gpu.add({}, log, {}), "cell");
}

TEST_F(GpuTracking, TakesOverWhatTheCpuCountedAndCountsOn) {
    base::Random random(27);
    const CellMap map = irregular_map(random, 60, 4);
    const auto cells = static_cast<uint32_t>(map.cells.size());
    GpuTracker gpu = make(map);
    add_in_pieces(*device_, gpu, random_punctures(random, 5000, cells), {}, 5000);
    Tracker cpu(map);
    cpu.add(random_punctures(random, 7000, cells));
    cpu.add(random_contacts(random, 900, cells));
    gpu.set(cpu);
    expect_equal(*device_, gpu, cpu);
    const auto more = random_punctures(random, 3000, cells);
    cpu.add(more);
    add_in_pieces(*device_, gpu, more, {}, 1000);
    expect_equal(*device_, gpu, cpu);
}
