// The GPU's response against the CPU's, to the last bit.

#include "engine/track/gpu_response.h"
#include "tests/scenarios/response.h"
#include "tests/scenarios/tracking.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

using namespace scenarios;
using track::GpuResponse;
using track::Response;

namespace {

class GpuResponding : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        setenv("EVENHAND_VALIDATION", "1", 1);
        auto made = gpu::Device::create();
        ASSERT_TRUE(made) << made.error().message;
        device_ = std::move(*made);
    }
    static void TearDownTestSuite() { device_.reset(); }
    void TearDown() override { EXPECT_EQ(device_->validation_messages(), 0u); }

    static GpuResponse make() {
        return GpuResponse(*device_, base::fs::path(EVENHAND_BINARY_DIR) / "shaders", practice_pad()->cells,
                           response_model().curves);
    }
    static void expect_equal(GpuResponse& gpu, const Response& cpu, uint32_t time_us) {
        device_->run([&](vk::CommandBuffer commands) { gpu.show(commands, shared::tick_of(time_us), true); });
        std::vector<shared::CellSigns> signs;
        for (uint32_t cell = 0; cell < practice_pad()->cells.size(); ++cell) signs.push_back(cpu.signs(cell));
        EXPECT_TRUE(same_bits(gpu.read_signs(), signs));
        EXPECT_EQ(gpu.read_seen_redness(), cpu.seen_redness());
    }

    static inline std::unique_ptr<gpu::Device> device_;
};

}  // namespace

TEST_F(GpuResponding, UntouchedSkinShowsNothing) {
    GpuResponse gpu = make();
    expect_equal(gpu, Response(*practice_pad(), response_model()), 0);
}

TEST_F(GpuResponding, ALongSessionInAnyPiecesIsTheCpusBits) {
    const RandomSession session = random_session(*practice_pad(), 31, 600);
    ASSERT_GT(session.punctures.size(), 100'000u);
    for (const uint32_t piece_us : {50'000u, 1'300'000u, 600'000'000u}) {
        SCOPED_TRACE(piece_us);
        Response cpu(*practice_pad(), response_model());
        track::ResponseDoses doses(*practice_pad(), response_model());
        GpuResponse gpu = make();
        size_t puncture = 0, contact = 0, wipe = 0;
        const auto part = [](const auto& all, size_t& from, uint64_t time) {
            const size_t begin = from;
            while (from < all.size() && all[from].time_us <= time) ++from;
            return std::span(all).subspan(begin, from - begin);
        };
        for (uint64_t time = 0; time < session.end_us;) {
            time = std::min<uint64_t>(session.end_us, time + piece_us);
            const auto punctures = part(session.punctures, puncture, time);
            const auto contacts = part(session.contacts, contact, time);
            const auto wipes = part(session.wipes, wipe, time);
            const auto now = static_cast<uint32_t>(time);
            cpu.add(punctures, contacts);
            for (const track::CellWipe& one : wipes) cpu.wipe(one);
            const auto taken = doses.of(punctures, contacts, wipes, now);
            gpu.add(taken);
            if (time % 200'000'000 == 0) {
                cpu.advance(now);
                expect_equal(gpu, cpu, now);
            }
        }
    }
}

TEST_F(GpuResponding, HoursLaterTheyStillAgree) {
    GpuResponse gpu = make();
    Response cpu(*practice_pad(), response_model());
    track::ResponseDoses doses(*practice_pad(), response_model());
    std::vector<shared::Puncture> log;
    for (const uint32_t depth : {200u, 450u, 800u, 1400u, 2400u}) {
        const auto more = planted(
            *practice_pad(), all_cells(*practice_pad()),
            {.depth_um = depth, .per_mm2 = depth % 7, .first_us = depth * 1000, .last_us = depth * 2000});
        log.insert(log.end(), more.begin(), more.end());
    }
    std::ranges::stable_sort(log, {}, &shared::Puncture::time_us);
    cpu.add(log, {});
    cpu.advance(4'200'000'000);
    gpu.add(doses.of(log, {}, {}, 4'200'000'000));
    expect_equal(gpu, cpu, 4'200'000'000);
    gpu.clear();
    expect_equal(gpu, Response(*practice_pad(), response_model()), 0);
}

TEST_F(GpuResponding, WhereADoseFellWithinASecondEveryTickIsShown) {
    const RandomSession session = random_session(*practice_pad(), 5, 20);
    GpuResponse gpu = make();
    Response cpu(*practice_pad(), response_model());
    track::ResponseDoses doses(*practice_pad(), response_model());
    cpu.add(session.punctures, {});
    const uint32_t cells = static_cast<uint32_t>(practice_pad()->cells.size());
    std::vector<uint32_t> dosed(cells / GpuResponse::kBlock + 1, 0);
    size_t seen = 0, left_out = 0;
    auto next = session.punctures.begin();
    for (uint32_t tick = 1; tick <= 200; ++tick) {
        const auto first = next;
        while (next != session.punctures.end() && shared::tick_of(next->time_us) <= tick) ++next;
        for (auto p = first; p != next; ++p)
            if (p->cell < cells) dosed[p->cell / GpuResponse::kBlock] = tick;
        const uint32_t now_us = tick * shared::kTickUs + shared::kTickUs - 1;
        cpu.advance(now_us);
        gpu.add(doses.of(std::span(first, next), {}, {}, now_us));
        device_->run([&](vk::CommandBuffer commands) { gpu.show(commands, tick, false); });
        left_out += gpu.shown_count() < dosed.size();
        if (tick % 10 != 0) continue;
        const std::vector<shared::CellSigns> signs = gpu.read_signs();
        for (uint32_t cell = 0; cell < cells; ++cell) {
            if (dosed[cell / GpuResponse::kBlock] == 0 || tick - dosed[cell / GpuResponse::kBlock] > 10) continue;
            const shared::CellSigns mine = cpu.signs(cell);
            ASSERT_EQ(std::memcmp(&signs[cell], &mine, sizeof mine), 0) << cell << " at tick " << tick;
            ++seen;
        }
    }
    EXPECT_GT(seen, 1000u);
    EXPECT_GT(left_out, 100u);  // the rest waits for its turn
}

TEST_F(GpuResponding, ANeedleAloneShowsTheBlocksOfItsCellAndOfThoseBesideIt) {
    GpuResponse gpu = make();
    shared::Puncture puncture{};
    puncture.cell = static_cast<uint32_t>(practice_pad()->cells.size()) / 2;
    gpu.show_round({&puncture, 1});
    const auto blocks = gpu::download<uint32_t>(*device_, gpu.shown_blocks(), gpu.shown_count());
    const face::SurfaceCells& cells = practice_pad()->cells;
    const auto shown = [&](uint32_t cell) { return std::ranges::count(blocks, cell / GpuResponse::kBlock) == 1; };
    EXPECT_TRUE(shown(puncture.cell));
    for (uint32_t k = cells.neighbour_begin[puncture.cell]; k < cells.neighbour_begin[puncture.cell + 1]; ++k)
        EXPECT_TRUE(shown(cells.neighbours[k]));
    EXPECT_LE(blocks.size(), 1u + cells.neighbour_begin[puncture.cell + 1] - cells.neighbour_begin[puncture.cell]);
    puncture.cell = shared::kNoCell;
    gpu.show_round({&puncture, 1});
    EXPECT_EQ(gpu.shown_count(), 0u);
}

TEST_F(GpuResponding, TakesOverWhatTheCpusCellsKeepAndGoesOnFromThere) {
    const RandomSession session = random_session(*practice_pad(), 8, 60);
    Response cpu(*practice_pad(), response_model());
    track::ResponseDoses doses(*practice_pad(), response_model());
    GpuResponse gpu = make();
    uint32_t from = 0;
    for (const uint32_t until : {20'000'000u, 40'000'000u, 60'000'000u}) {
        const auto part = [&](const auto& all) {
            const auto first = std::ranges::upper_bound(all, from, {}, [](const auto& one) { return one.time_us; });
            const auto last = std::ranges::upper_bound(all, until, {}, [](const auto& one) { return one.time_us; });
            return std::span(first, last);
        };
        cpu.add(part(session.punctures), part(session.contacts));
        for (const track::CellWipe& wipe : part(session.wipes)) cpu.wipe(wipe);
        cpu.advance(until);
        if (until == 40'000'000)
            gpu.add(doses.of(part(session.punctures), part(session.contacts), part(session.wipes), until));
        else
            gpu.set(cpu.cells());
        expect_equal(gpu, cpu, until);
        from = until;
    }
    // What lives after a leap is found by what its cells keep: the next tick shows them, and leaves out the rest.
    device_->run([&](vk::CommandBuffer commands) { gpu.show(commands, shared::tick_of(60'100'000), false); });
    EXPECT_GT(gpu.shown_count(), 0u);
    EXPECT_LT(gpu.shown_count(), practice_pad()->cells.size() / GpuResponse::kBlock);
}
