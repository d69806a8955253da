// bench: stage times and rates on this machine (Google Benchmark). Medians and ratios are taken in one run; compare
// only within it.

#include "training/app/commands.h"
#include "training/app/console.h"

#include "engine/gpu/frame.h"
#include "engine/render/light_baker.h"
#include "engine/render/renderer.h"
#include "engine/render/skin_atlas.h"
#include "engine/render/skin_colour.h"
#include "engine/render/skin_field.h"
#include "engine/render/stage.h"
#include "engine/track/gpu_response.h"
#include "engine/track/tracker.h"
#include "training/core/operator.h"
#include "training/core/score.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

namespace app {
namespace {

using benchmark::State;

/// What benchmarks share: places, and stages made once.
class Workbench {
  public:
    explicit Workbench(const Options& options) : options_(options) {}

    const Options& options() const { return options_; }

    /// The stage of a case with its face at about `vertices` vertices (0 = as shipped).
    base::Result<std::shared_ptr<const training::Stage>> stage(const std::string& practice, uint32_t vertices) {
        auto& entry = stages_[{practice, vertices}];
        if (entry) return entry;
        base::Result<std::shared_ptr<const training::Stage>> loaded = training::load_stage(options_.places, practice);
        if (!loaded || vertices == 0) {
            if (loaded) entry = *loaded;
            return loaded;
        }
        training::Stage refined = **loaded;
        base::Result<std::shared_ptr<const face::FaceAsset>> face =
            face::load(options_.places, refined.practice.face, {}, vertices);
        if (!face) return face.error();
        refined.face = *face;
        entry = std::make_shared<const training::Stage>(std::move(refined));
        return entry;
    }

    /// An expert's session of a case, performed once.
    base::Result<const training::Recording*> recording(const std::string& practice) {
        std::unique_ptr<training::Recording>& entry = recordings_[practice];
        if (entry) return entry.get();
        base::Result<std::shared_ptr<const training::Stage>> stage = this->stage(practice, 0);
        if (!stage) return stage.error();
        entry = std::make_unique<training::Recording>();
        entry->header = training::make_header(**stage, "operator expert 1");
        training::Performance hand = training::perform_operator(**stage, training::Skill::expert, 1);
        entry->samples = std::move(hand.samples);
        entry->events = std::move(hand.events);
        training::Session session = training::resimulate(*entry, *stage);
        entry->punctures = session.punctures();
        entry->contacts = session.contacts();
        return entry.get();
    }

  private:
    const Options& options_;
    std::map<std::pair<std::string, uint32_t>, std::shared_ptr<const training::Stage>> stages_;
    std::map<std::string, std::unique_ptr<training::Recording>> recordings_;
};

/// Seconds `begin`.. of an expert's needling, as samples of their own.
std::vector<input::PenSample> excerpt(const training::Recording& recording, double begin, double seconds) {
    std::vector<input::PenSample> samples;
    uint32_t origin = static_cast<uint32_t>(begin * 1e6);
    for (input::PenSample sample : recording.samples) {
        if (sample.time_us < origin || sample.time_us > origin + static_cast<uint32_t>(seconds * 1e6)) continue;
        sample.time_us -= origin;
        samples.push_back(sample);
    }
    return samples;
}

/// Two fingertips that hold the skin taut where the pen is at half of its way.
input::ProcedureEvent fingers_beside(std::span<const input::PenSample> samples) {
    const glm::dvec3 place = samples[samples.size() / 2].tip();
    return {samples.front().time_us, "traction_begin",
            fmt::format("{:.6f} {:.6f} {:.6f} 0.004 0.002 0", place.x, place.y, place.z)};
}

/// One simulation step (1/120 s) with the tip on the skin, needles going.
void simulation_step(State& state, Workbench& bench, const std::string& practice, bool fingers = false) {
    auto stage = bench.stage(practice, static_cast<uint32_t>(state.range(0)));
    auto recording = bench.recording(practice);
    if (!stage || !recording) return state.SkipWithError("no stage");
    std::vector<input::PenSample> samples = excerpt(**recording, 5, 10);
    uint64_t steps = 0;
    for (auto _ : state) {
        skin::Simulation simulation(*(*stage)->face, (*stage)->device, (*stage)->skin);
        if (fingers) simulation.event(fingers_beside(samples));
        simulation.advance(samples);
        steps += simulation.steps_done();
    }
    state.counters["step"] = benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["vertices"] = static_cast<double>((*stage)->face->mesh.vertex_count());
}

/// A whole minute of a session from samples to punctures and tallies; `times_real_time` is the speed.
void resimulation(State& state, Workbench& bench, const std::string& practice) {
    auto stage = bench.stage(practice, 0);
    auto recording = bench.recording(practice);
    if (!stage || !recording) return state.SkipWithError("no stage");
    training::Recording minute;
    minute.header = (*recording)->header;
    minute.samples = excerpt(**recording, 0, 60);
    minute.events = (*recording)->events;  // those after the minute never take effect
    for (auto _ : state) benchmark::DoNotOptimize(training::resimulate(minute, *stage).punctures().size());
    double seconds = minute.duration() * static_cast<double>(state.iterations());
    state.counters["times_real_time"] = benchmark::Counter(seconds, benchmark::Counter::kIsRate);
}

void track_punctures(State& state, Workbench& bench) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    track::Tracker tracker(*(*stage)->face);
    for (auto _ : state) {
        state.PauseTiming();
        tracker.clear();
        state.ResumeTiming();
        tracker.add((*recording)->punctures);
    }
    state.SetItemsProcessed(static_cast<int64_t>((*recording)->punctures.size()) * state.iterations());
    state.counters["per_puncture"] =
        benchmark::Counter(static_cast<double>((*recording)->punctures.size()) * static_cast<double>(state.iterations()),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// The same log on the GPU, and every zone's statistics, submitted in one piece and waited for.
void track_gpu(State& state, Workbench& bench) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    auto device = gpu::Device::create(bench.options().gpu);
    if (!device) return state.SkipWithError(device.error().message.c_str());
    track::GpuTracker tracker(**device, bench.options().places.shaders, track::make_cell_map(*(*stage)->face));
    for (auto _ : state) {
        state.PauseTiming();
        tracker.clear();
        state.ResumeTiming();
        (*device)->run([&](vk::CommandBuffer commands) {
            tracker.add(commands, (*recording)->punctures, {});
            tracker.compute_statistics(commands, 750);
        });
    }
    state.SetItemsProcessed(static_cast<int64_t>((*recording)->punctures.size()) * state.iterations());
    state.SetLabel((*device)->info().name);
}

void zone_statistics(State& state, Workbench& bench) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    track::Tracker tracker(*(*stage)->face);
    tracker.add((*recording)->punctures);
    for (auto _ : state) benchmark::DoNotOptimize(tracker.statistics(750));
}

void scoring(State& state, Workbench& bench) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    const training::Case& practice = (*stage)->practice;
    auto rubric = training::load_rubric(bench.options().places, practice.rubric);
    auto scope = training::load_scope(bench.options().places, practice.scope);
    if (!rubric || !scope) return state.SkipWithError("no rubric");
    for (auto _ : state) benchmark::DoNotOptimize(training::score(**recording, **stage, *rubric, *scope).total);
    state.counters["session_minutes"] = (*recording)->duration() / 60;
    state.counters["punctures"] = static_cast<double>((*recording)->punctures.size());
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<long>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// ms of processor time that each thread of this process has used, as Linux counts it; none elsewhere. Unlike a clock's,
/// these figures hold on a machine that has other work to do.
std::map<std::string, double> processor_ms() {
    std::map<std::string, double> threads;
    std::error_code none;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", none)) {
        double nanoseconds = 0;
        std::ifstream(task.path() / "schedstat") >> nanoseconds;
        threads[task.path().filename().string()] = nanoseconds * 1e-6;
    }
    return threads;
}

/// Processor time per frame: of all threads, and of the busiest one, which on the CPU driver is the one that places
/// vertices while the others wait.
void count_processor_ms(State& state, const std::map<std::string, double>& before) {
    double all = 0, most = 0;
    for (const auto& [thread, ms] : processor_ms()) {
        const auto then = before.find(thread);
        const double used = ms - (then == before.end() ? 0 : then->second);
        all += used;
        most = std::max(most, used);
    }
    state.counters["processor_ms"] = all / static_cast<double>(state.iterations());
    state.counters["busiest_thread_ms"] = most / static_cast<double>(state.iterations());
}

struct FrameCase {
    const char* name;
    render::Tier tier;
    uint32_t width, height;
    bool passes = false;  ///< median GPU time of each pass as a counter; time stamps slow the CPU driver down
    bool inset = false;   ///< the tip from near, as practice shows it
    bool orbit = false;   ///< the camera moves too, so that every picture is drawn whole
};

/// The tip from the side, in a corner of the picture.
render::Inset near_the_tip(const skin::Contact& contact) {
    render::Inset inset;
    inset.camera.target = contact.tip;
    inset.camera.pitch = -0.2;
    inset.camera.yaw = 0.9;
    inset.camera.fov = 0.30;
    inset.camera.distance = 0.10;
    inset.left = inset.top = 0.05;
    inset.width = 0.2;
    inset.height = 0.35;
    return inset;
}

/// One frame while needling, headless, two in flight as in the window: simulation's newest evidence, all passes. The camera
/// rests as a trainee's does, so that the cpu tier keeps what did not change, unless it orbits.
void frame(State& state, Workbench& bench, const FrameCase& what) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    auto device = gpu::Device::create(bench.options().gpu);
    if (!device) return state.SkipWithError(device.error().message.c_str());
    auto renderer = render::Renderer::create(**device, bench.options().places);
    if (!renderer) return state.SkipWithError(renderer.error().message.c_str());
    if (!(*renderer)->set_face((*stage)->face)) return state.SkipWithError("no face");

    std::vector<input::PenSample> samples = excerpt(**recording, 5, 60);
    skin::Simulation simulation(*(*stage)->face, (*stage)->device, (*stage)->skin);
    gpu::Frames frames(**device);
    (*renderer)->set_timing(what.passes);
    render::SceneView scene;
    if (auto camera = render::named_view(*(*stage)->face, "front")) scene.camera = *camera;
    scene.tier = what.tier;
    scene.overlay = render::Overlay::coverage;
    if (!(*renderer)->render_image(scene, what.width, what.height)) return state.SkipWithError("no picture");
    for (int warm_up = 0; warm_up < 4; ++warm_up) {
        (*renderer)->draw(frames.begin(), scene, what.width, what.height);
        frames.end();
    }
    (*device)->wait_idle();
    size_t at = 0, turned = 0;
    std::map<std::string, std::vector<double>> times;
    std::vector<double> whole, mechanics;
    const std::map<std::string, double> before = processor_ms();
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        size_t next = std::min(at + 4, samples.size());
        simulation.advance(std::span(samples).subspan(at, next - at));
        at = next;
        (*renderer)->add(simulation.punctures(), simulation.contacts(), static_cast<double>(at) / 120.0);
        simulation.clear_logs();
        scene.contact = &simulation.contact();
        scene.kernel = &(*stage)->skin.kernel;
        scene.pen = render::PenView{scene.contact->tip, scene.contact->axis, (*stage)->device.tip_radius,
                                    (*stage)->device.opening_radius, 0.5e-3, (*stage)->device.pins, true};
        if (what.inset) scene.inset = near_the_tip(*scene.contact);
        if (what.orbit) scene.camera.yaw = 0.3 * std::sin(0.05 * static_cast<double>(++turned));
        (*renderer)->draw(frames.begin(), scene, what.width, what.height);
        frames.end();
        if (what.passes) {
            double sum = 0;
            for (const auto& [name, milliseconds] : (*renderer)->pass_times()) {
                times[name].push_back(milliseconds);
                if (name == "skin field" || name == "response") sum += milliseconds;
            }
            mechanics.push_back(sum);
        }
        whole.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    (*device)->wait_idle();
    for (auto& [name, milliseconds] : times) state.counters[name + "_ms"] = median(std::move(milliseconds));
    if (what.passes) state.counters["skin field and response_ms"] = median(std::move(mechanics));
    count_processor_ms(state, before);
    state.counters["triangles"] = (*renderer)->work().triangles;
    state.counters["blocks"] = (*renderer)->work().blocks;
    state.counters["tiles"] = (*renderer)->work().tiles;
    state.counters["median_ms"] = median(std::move(whole));
    state.counters["fps"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.SetLabel((*device)->info().name);
}

/// What an expert's needling has come to, picture by picture.
class Needling {
  public:
    Needling(const training::Stage& stage, const training::Recording& recording)
        : stage_(stage), simulation_(*stage.face, stage.device, stage.skin), samples_(excerpt(recording, 5, 60)) {}

    /// A thirtieth of a second; what it brings stays in the logs until the next one.
    const skin::Simulation& next() {
        simulation_.clear_logs();
        size_t end = std::min(at_ + 4, samples_.size());
        simulation_.advance(std::span(samples_).subspan(at_, end - at_));
        at_ = end;
        return simulation_;
    }
    bool over() const { return at_ == samples_.size(); }
    uint32_t now_us() const { return at_ == 0 ? 0 : samples_[at_ - 1].time_us; }

  private:
    const training::Stage& stage_;
    skin::Simulation simulation_;
    std::vector<input::PenSample> samples_;
    size_t at_ = 0;
};

/// Times of a pass alone in a submission, from recording to its end on the device, less what an empty one takes: on the clock,
/// and of all of this process's threads, which on the CPU driver is what it costs on a machine that others use too.
struct Alone {
    std::vector<double> clock_ms, processor_ms;

    void time(gpu::Device& device, const std::function<void(vk::CommandBuffer)>& record) {
        const auto timed = [&](const std::function<void(vk::CommandBuffer)>& what) {
            const auto begin = std::chrono::steady_clock::now();
            const std::clock_t used = std::clock();
            device.run(what);
            const double clock = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
            return std::pair(clock, 1e3 * static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
        };
        const auto empty = timed([](vk::CommandBuffer) {}), whole = timed(record);
        clock_ms.push_back(whole.first - empty.first);
        processor_ms.push_back(whole.second - empty.second);
    }
    void report(State& state, const std::string& name) {
        state.counters[name + "_ms"] = median(std::move(clock_ms));
        state.counters[name + "_processor_ms"] = median(std::move(processor_ms));
    }
};

/// The response of the skin, as pictures without an overlay need it: medians of a picture's doses (processor) and of taking
/// them in and showing a tick, which every third picture does.
void pass_response(State& state, Workbench& bench) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    auto device = gpu::Device::create(bench.options().gpu);
    if (!device) return state.SkipWithError(device.error().message.c_str());
    auto model = track::ResponseModel::load(bench.options().places);
    if (!model) return state.SkipWithError(model.error().message.c_str());
    track::ResponseDoses doses(*(*stage)->face, *model);
    track::GpuResponse response(**device, bench.options().places.shaders, (*stage)->face->cells, model->curves);
    (*device)->run([&](vk::CommandBuffer commands) { response.show(commands, 0, true); });
    std::vector<double> find, blocks;
    Alone show;
    for (auto _ : state) {
        uint32_t tick = 0;
        for (Needling needling(**stage, **recording); !needling.over();) {
            const skin::Simulation& now = needling.next();
            const auto begin = std::chrono::steady_clock::now();
            const auto taken = doses.of(now.punctures(), now.contacts(), {}, needling.now_us());
            find.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
            response.add(taken);
            if (const uint32_t next = shared::tick_of(needling.now_us()); next != tick) {
                tick = next;
                show.time(**device, [&](vk::CommandBuffer commands) { response.show(commands, tick, false); });
                blocks.push_back(response.shown_count());
            }
        }
    }
    state.counters["doses_ms"] = median(std::move(find));
    show.report(state, "show");
    state.counters["shown_blocks"] = median(std::move(blocks));
}

/// The skin's field at all blocks that it reaches: medians of filling in its loads (processor) and of the dispatch.
void pass_skin_field(State& state, Workbench& bench) {
    auto stage = bench.stage("demo", 0);
    auto recording = bench.recording("demo");
    if (!stage || !recording) return state.SkipWithError("no stage");
    auto device = gpu::Device::create(bench.options().gpu);
    if (!device) return state.SkipWithError(device.error().message.c_str());
    render::Stage drawn = render::make_stage(**device, (*stage)->face);
    const gpu::Pipeline program = render::make_field_pipeline(**device, bench.options().places.shaders);
    gpu::Buffer constants(**device, sizeof(shared::Frame), gpu::Memory::upload, "frame"),
        loads(**device, sizeof(shared::SkinField), gpu::Memory::upload, "skin field"),
        list(**device, drawn.blocks.size() * 4, gpu::Memory::upload, "blocks of vertices"),
        shifts(**device, drawn.blocks.size() * render::Block::kSize * sizeof(shared::FieldShift), gpu::Memory::device, "shifts");
    std::vector<double> fill, blocks, groups, discs;
    Alone dispatch;
    for (auto _ : state) {
        for (Needling needling(**stage, **recording); !needling.over();) {
            const skin::Contact& contact = needling.next().contact();
            const auto begin = std::chrono::steady_clock::now();
            shared::Frame frame{};
            auto& field = *reinterpret_cast<shared::SkinField*>(loads.bytes().data());
            const render::FieldReach reach = render::fill_skin_field(contact, (*stage)->skin.kernel, frame, field);
            constants.write<shared::Frame>({&frame, 1});
            fill.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
            std::vector<uint32_t> met;
            for (uint32_t b = 0; b < drawn.blocks.size(); ++b)
                if (reach.meets(drawn.blocks[b].centre, drawn.blocks[b].radius)) met.push_back(b);
            if (met.empty()) continue;
            list.write<uint32_t>(met);
            blocks.push_back(static_cast<double>(met.size()));
            groups.push_back(frame.field_groups);
            discs.push_back(frame.field_discs);
            dispatch.time(**device, [&](vk::CommandBuffer commands) {
                const uint32_t first = 0;
                gpu::dispatch(commands, program, {constants, loads, drawn.field_vertices, list, shifts},
                              gpu::bytes_of(first), static_cast<uint32_t>(met.size()));
            });
        }
    }
    state.counters["fill_ms"] = median(std::move(fill));
    dispatch.report(state, "dispatch");
    state.counters["blocks"] = median(std::move(blocks));
    state.counters["groups"] = median(std::move(groups));
    state.counters["discs"] = median(std::move(discs));
}

/// What the steps of switching to a patient work on. Two patients in turn, so that nothing is found where it lay.
struct Switch {
    std::unique_ptr<gpu::Device> device;
    std::shared_ptr<const training::Stage> patients[2];

    const std::shared_ptr<const face::FaceAsset>& next() { return patients[turn_++ % 2]->face; }

  private:
    size_t turn_ = 0;
};

base::Result<Switch> two_patients(Workbench& bench) {
    Switch made;
    for (size_t i = 0; i < 2; ++i) {
        auto stage = bench.stage(i == 0 ? "demo" : "patient-ama", 0);
        if (!stage) return stage.error();
        made.patients[i] = *stage;
    }
    auto device = gpu::Device::create(bench.options().gpu);
    if (!device) return device.error();
    made.device = std::move(*device);
    return made;
}

/// As often as the benchmark wishes, after a first turn of each patient that compiles, allocates and keeps.
void turns(State& state, const std::function<void()>& turn) {
    turn();
    turn();
    const std::map<std::string, double> before = processor_ms();
    for (auto _ : state) turn();
    count_processor_ms(state, before);
}

void switch_load(State& state, Workbench& bench) {
    if (auto both = two_patients(bench); !both) return state.SkipWithError(both.error().message.c_str());
    bool other = false;
    turns(state, [&] {
        benchmark::DoNotOptimize(training::load_stage(bench.options().places, (other = !other) ? "demo" : "patient-ama"));
    });
}

void switch_stage(State& state, Workbench& bench) {
    auto both = two_patients(bench);
    if (!both) return state.SkipWithError(both.error().message.c_str());
    turns(state, [&] { benchmark::DoNotOptimize(render::make_stage(*both->device, both->next())); });
}

void switch_light(State& state, Workbench& bench) {
    auto both = two_patients(bench);
    if (!both) return state.SkipWithError(both.error().message.c_str());
    const render::LightBaker baker(*both->device, bench.options().places.shaders);
    render::Stage stages[2] = {render::make_stage(*both->device, both->next()),
                               render::make_stage(*both->device, both->next())};
    size_t turn = 0;
    turns(state, [&] { baker.bake(stages[++turn % 2]); });
}

void switch_kept_light(State& state, Workbench& bench) {
    auto both = two_patients(bench);
    if (!both) return state.SkipWithError(both.error().message.c_str());
    const render::LightBaker baker(*both->device, bench.options().places.shaders);
    render::Stage stages[2] = {render::make_stage(*both->device, both->next()),
                               render::make_stage(*both->device, both->next())};
    const base::fs::path kept = bench.options().places.cache / "faces";
    for (render::Stage& stage : stages) baker.light(stage, kept);
    size_t turn = 0;
    turns(state, [&] { baker.light(stages[++turn % 2], kept); });
}

void switch_atlas(State& state, Workbench& bench, render::Painting painting) {
    auto both = two_patients(bench);
    if (!both) return state.SkipWithError(both.error().message.c_str());
    gpu::Device& device = *both->device;
    const gpu::Buffer colours = gpu::make_buffer<glm::vec3>(device, render::skin_colour_table(), "skin colours");
    const gpu::Buffer punctures(device, 64, gpu::Memory::upload, "no punctures");
    render::SkinAtlas atlas(device, bench.options().places.shaders, colours);
    const render::Stage stages[2] = {render::make_stage(device, both->next()), render::make_stage(device, both->next())};
    size_t turn = 0;
    turns(state, [&] {
        const render::Stage& stage = stages[++turn % 2];
        atlas.set_face(device, stage);
        device.run([&](vk::CommandBuffer commands) { atlas.record(commands, stage, punctures, 0, {}, painting); });
    });
}

void switch_draft(State& state, Workbench& bench) {
    switch_atlas(state, bench, render::Painting::in_turns);
}

void switch_finished_atlas(State& state, Workbench& bench) {
    switch_atlas(state, bench, render::Painting::at_once);
}

/// From the wish to the window's first picture of a patient who is already baked: what issue 3 wants under a second.
void switch_whole(State& state, Workbench& bench) {
    auto both = two_patients(bench);
    if (!both) return state.SkipWithError(both.error().message.c_str());
    const base::Places& places = bench.options().places;
    auto renderer = render::Renderer::create(*both->device, places, places.cache / "faces");
    if (!renderer) return state.SkipWithError(renderer.error().message.c_str());
    render::SceneView scene;
    bool other = false;
    turns(state, [&] {
        auto stage = training::load_stage(places, (other = !other) ? "demo" : "patient-ama");
        if (!stage || !(*renderer)->set_face((*stage)->face)) return;
        scene.camera = render::named_view(*(*stage)->face, "front").value_or(scene.camera);
        benchmark::DoNotOptimize((*renderer)->render_image(scene, 1280, 720, true));
    });
    state.SetLabel(both->device->info().name);
}

void register_switch(Workbench& bench) {
    using Step = void (*)(State&, Workbench&);
    static constexpr std::pair<const char*, Step> kSteps[] = {{"switch/load", switch_load},
                                                              {"switch/stage", switch_stage},
                                                              {"switch/light", switch_light},
                                                              {"switch/kept_light", switch_kept_light},
                                                              {"switch/draft", switch_draft},
                                                              {"switch/atlas", switch_finished_atlas},
                                                              {"switch/whole", switch_whole}};
    for (const auto& [name, step] : kSteps)
        benchmark::RegisterBenchmark(name, [&bench, step = step](State& s) { step(s, bench); })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime()
            ->MinTime(3);
}

void register_all(Workbench& bench) {
    using benchmark::RegisterBenchmark;
    auto* pad = RegisterBenchmark("simulation_step/pad", [&](State& s) { simulation_step(s, bench, "pad-flat"); });
    pad->Arg(25000)->Arg(200000)->Unit(benchmark::kMillisecond);
    auto* head = RegisterBenchmark("simulation_step/head", [&](State& s) { simulation_step(s, bench, "demo"); });
    head->Arg(0)->Arg(25000)->Arg(200000)->Unit(benchmark::kMillisecond);
    for (const char* practice : {"pad-flat", "demo"})
        RegisterBenchmark(fmt::format("simulation_step/fingers/{}", practice).c_str(),
                          [&bench, practice](State& s) { simulation_step(s, bench, practice, true); })
            ->Arg(0)
            ->Unit(benchmark::kMillisecond);
    RegisterBenchmark("resimulation/demo", [&](State& s) { resimulation(s, bench, "demo"); })->Unit(benchmark::kSecond);
    RegisterBenchmark("track/cpu", [&](State& s) { track_punctures(s, bench); })->Unit(benchmark::kMillisecond);
    RegisterBenchmark("track/gpu", [&](State& s) { track_gpu(s, bench); })->Unit(benchmark::kMillisecond)->UseRealTime();
    RegisterBenchmark("track/statistics", [&](State& s) { zone_statistics(s, bench); })->Unit(benchmark::kMillisecond);
    RegisterBenchmark("score/demo", [&](State& s) { scoring(s, bench); })->Unit(benchmark::kMillisecond);
    static constexpr FrameCase kFrames[] = {
        {"frame/cpu/1280x720", render::Tier::cpu, 1280, 720},
        {"frame/cpu/1280x720/inset", render::Tier::cpu, 1280, 720, false, true},
        {"frame/cpu/1280x720/orbit", render::Tier::cpu, 1280, 720, false, false, true},
        {"passes/cpu/1280x720", render::Tier::cpu, 1280, 720, true},
        {"passes/cpu/1280x720/inset", render::Tier::cpu, 1280, 720, true, true},
        {"passes/cpu/1280x720/orbit", render::Tier::cpu, 1280, 720, true, false, true},
        {"frame/low/1280x720", render::Tier::low, 1280, 720},
        {"frame/high/1280x720", render::Tier::high, 1280, 720},
        {"frame/cpu/1920x1080", render::Tier::cpu, 1920, 1080},
        {"passes/low/1920x1080", render::Tier::low, 1920, 1080, true},
        {"passes/high/1920x1080", render::Tier::high, 1920, 1080, true},
        {"frame/high/3840x2160", render::Tier::high, 3840, 2160},
        {"passes/high/3840x2160", render::Tier::high, 3840, 2160, true}};
    for (const FrameCase& what : kFrames)
        RegisterBenchmark(what.name, [&bench, &what](State& s) { frame(s, bench, what); })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime()
            ->MinTime(3);
    RegisterBenchmark("pass/response", [&](State& s) { pass_response(s, bench); })->Unit(benchmark::kMillisecond)->UseRealTime();
    RegisterBenchmark("pass/skin_field", [&](State& s) { pass_skin_field(s, bench); })->Unit(benchmark::kMillisecond)->UseRealTime();
    register_switch(bench);
}

}  // namespace

int bench(const Options& options, const BenchArguments& arguments) {
    std::vector<std::string> words = {"evenhand bench"};
    if (arguments.json) words.push_back("--benchmark_format=json");
    if (!arguments.filter.empty()) words.push_back("--benchmark_filter=" + arguments.filter);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    int count = static_cast<int>(pointers.size());
    benchmark::Initialize(&count, pointers.data());
    Workbench workbench(options);
    register_all(workbench);
    size_t run = benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    if (run == 0) return refuse(base::error("bench: no benchmark matches '{}'", arguments.filter));
    return kDone;
}

}  // namespace app
