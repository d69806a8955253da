// What it costs to go to any time of a long session: how long until all is prepared, the memory that stays, and the median and
// worst of 200 seeks to random times, in what was done and in time; then the same of the window's whole jump, from asked to
// drawn at 1280 x 720. `bench_replay [SECONDS]`, an hour without.

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/render/renderer.h"
#include "tests/scenarios/places.h"
#include "training/core/replay.h"

#include <fmt/format.h>

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>

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

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Of many runs of the same.
class Figures {
  public:
    void add(double value) { values_.push_back(value); }
    void print(const char* what, const char* unit) {
        std::ranges::sort(values_);
        fmt::print("  {}: median {:.1f} {}, 95 % within {:.1f}, worst {:.1f}\n", what, values_[values_.size() / 2], unit,
                   values_[values_.size() * 95 / 100], values_.back());
    }

  private:
    std::vector<double> values_;
};

/// Times what `jump` does at random times of the session.
template <typename Jump>
void measure(const char* what, int times, training::Replay& replay, Jump jump) {
    base::Random random(1);
    Figures wall, processor, steps, punctures;
    for (int i = 0; i < times; ++i) {
        const auto time = static_cast<uint32_t>(random.uniform() * replay.duration_us());
        const auto begin = Clock::now();
        const double spent = processor_seconds();
        jump(time);
        wall.add(seconds_since(begin) * 1e3);
        processor.add((processor_seconds() - spent) * 1e3);
        steps.add(static_cast<double>(replay.work().steps));
        punctures.add(static_cast<double>(replay.work().punctures));
    }
    fmt::print("{}, {} times:\n", what, times);
    wall.print("time", "ms");
    processor.print("processor time", "ms");
    steps.print("simulated", "steps");
    punctures.print("counted", "punctures");
}

/// As the review does it: tallies and response taken over, contact, pen and skin drawn.
void measure_window(training::Replay& replay, const training::Stage& stage) {
    auto device = gpu::Device::create("cpu");
    if (!device) return void(fmt::print("no window: {}\n", device.error().message));
    base::Places places = scenarios::source_places();
    places.shaders = base::fs::path(EVENHAND_BINARY_DIR) / "shaders";
    auto renderer = render::Renderer::create(**device, places);
    CHECK(renderer, renderer.error().message);
    CHECK((*renderer)->set_face(stage.face));
    render::SceneView scene;
    scene.camera = render::named_view(*stage.face, "front").value_or(scene.camera);
    scene.kernel = &stage.skin.kernel;
    scene.pen = render::PenView{};
    const auto draw = [&] {
        (*device)->run([&](vk::CommandBuffer commands) { (*renderer)->draw(commands, scene, 1280, 720); });
    };
    while (!(*renderer)->finished()) draw();
    uint32_t before = UINT32_MAX;
    size_t marked = 0;
    measure("window's jump", 60, replay, [&](uint32_t time) {
        replay.seek(time);
        if (time < before) (*renderer)->clear_evidence(), marked = 0;
        (*renderer)->leap(replay.tracker(), *replay.response(), replay.evidence_us() * 1e-6, replay.punctures().subspan(marked),
                          time * 1e-6);
        marked = replay.punctures().size();
        before = time;
        const skin::Contact& contact = replay.simulation()->contact();
        scene.contact = contact.moves_skin() ? &contact : nullptr;
        scene.pen->tip = contact.tip;
        scene.pen->axis = contact.axis;
        scene.time = time * 1e-6;
        draw();
    });
    int pictures = 0;
    for (; !(*renderer)->finished(); ++pictures) draw();
    fmt::print("  the last one's marks are all there {} pictures later\n", pictures);
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
    fmt::print("of these {:.1f} MB as the replay counts them\n", static_cast<double>(replay.bytes()) * 1e-6);
    measure("seek", 200, replay, [&](uint32_t time) { replay.seek(time); });
    measure_window(replay, **stage);
}
