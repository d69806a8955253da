// What it costs to go to any time of a long session: how long until all is prepared, the memory that stays, and the median and
// worst of 200 seeks to random times. `bench_replay [SECONDS]`, an hour without.

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "tests/scenarios/places.h"
#include "training/core/replay.h"

#include <fmt/format.h>

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double megabytes_in_use() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd) * 1e-6;
}

/// Strokes of 60 mm at 2 cm/s to and fro over the pad, a lift after each, force and tilt of a hand that is not quite steady.
std::vector<input::PenSample> long_hand(double seconds) {
    std::vector<input::PenSample> samples;
    constexpr double kStroke = 3.5, kWorks = 3.0;  // s
    for (int i = 0; i < seconds * 120; ++i) {
        const double time = (i + 1) / 120.0, stroke = std::floor(time / kStroke), in = time - stroke * kStroke;
        const bool down = in < kWorks, back = static_cast<int64_t>(stroke) % 2 != 0;
        const double share = std::min(1.0, in / kWorks), row = static_cast<double>(static_cast<int64_t>(stroke) % 40);
        input::PenPose pose;
        pose.time = time;
        pose.tip = {0.06 * (back ? 0.5 - share : share - 0.5), 0.001 * row - 0.02, down ? 0.0 : 0.008};
        pose.axis = {0.05 * base::det::sin(5 * time), 0.03 * base::det::sin(3 * time), -1};
        pose.force = down ? 0.8 + 0.2 * base::det::sin(13 * time) : 0.0;
        samples.push_back(*input::quantise(pose));
    }
    return samples;
}

std::shared_ptr<const training::Recording> record(const std::shared_ptr<const training::Stage>& stage, double seconds) {
    training::Recording recording;
    recording.samples = long_hand(seconds);
    const training::Session session = training::resimulate(recording, stage);
    recording.punctures = session.punctures();
    recording.contacts = session.contacts();
    return std::make_shared<const training::Recording>(std::move(recording));
}

void measure_seeks(training::Replay& replay) {
    base::Random random(1);
    std::vector<double> milliseconds;
    for (int i = 0; i < 200; ++i) {
        const auto time = static_cast<uint32_t>(random.uniform() * replay.duration_us());
        const auto begin = Clock::now();
        replay.seek(time);
        milliseconds.push_back(seconds_since(begin) * 1e3);
    }
    std::ranges::sort(milliseconds);
    fmt::print("seek: median {:.1f} ms, 95 % within {:.1f} ms, worst {:.1f} ms\n", milliseconds[100], milliseconds[190],
               milliseconds.back());
}

}  // namespace

int main(int count, char** words) {
    const double seconds = count > 1 ? std::strtod(words[1], nullptr) : 3600;
    const auto stage = training::load_stage(scenarios::source_places(), "pad-flat");
    if (!stage) {
        fmt::print(stderr, "{}\n", stage.error().message);
        return 1;
    }
    const auto recording = record(*stage, seconds);
    fmt::print("session: {:.0f} s, {} samples, {} punctures\n", recording->duration(), recording->samples.size(),
               recording->punctures.size());
    const double before = megabytes_in_use();
    const auto begin = Clock::now();
    training::Replay replay(recording, *stage);
    replay.wait();
    const double kept = megabytes_in_use() - before;
    fmt::print("prepared in {:.1f} s, {:.0f} times as fast as life; {} snapshots, {:.1f} MB in all, about {:.0f} kB each\n",
               seconds_since(begin), seconds / seconds_since(begin), replay.snapshots(), kept,
               kept * 1e3 / static_cast<double>(std::max<size_t>(1, replay.snapshots())));
    measure_seeks(replay);
}
