#include "engine/render/renderer.h"

#include "engine/base/log.h"
#include "engine/gpu/frame.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/pen_mesh.h"
#include "engine/render/skin_colour.h"
#include "engine/render/stage.h"
#include "shaders/shared/picture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace render {

namespace {

constexpr vk::Format kColourFormat = vk::Format::eB8G8R8A8Unorm;
constexpr vk::Format kDepthFormat = vk::Format::eD32Sfloat;
constexpr vk::Format kAtlasFormat = vk::Format::eR8G8B8A8Unorm;
constexpr uint32_t kAtlasWidth = 4096, kAtlasHeight = 2048;
const vk::ClearValue kPlainBackground{vk::ClearColorValue(0.235f, 0.26f, 0.285f, 1.0f)};
constexpr uint32_t kStatisticsEvery = 3;  // pictures: ten times a second is enough for a panel
constexpr uint32_t kRefreshEvery = 4;     // pictures: redness and tallies where nothing else changes
constexpr uint32_t kSlots = gpu::kFramesInFlight + 1;

using Type = vk::DescriptorType;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;

constexpr gpu::Use kVertexRead{Stages::eVertexAttributeInput, Access::eVertexAttributeRead};
constexpr gpu::Use kColourWrite{Stages::eColorAttachmentOutput,
                                Access::eColorAttachmentWrite | Access::eColorAttachmentRead};
constexpr gpu::Use kDepthWrite{Stages::eEarlyFragmentTests | Stages::eLateFragmentTests,
                               Access::eDepthStencilAttachmentWrite | Access::eDepthStencilAttachmentRead};
constexpr gpu::Use kSampled{Stages::eFragmentShader, Access::eShaderSampledRead};

uint32_t groups(uint32_t count) {
    return (count + 63) / 64;
}

/// What the CPU writes for one frame; reused when that frame is done.
struct Slot {
    gpu::Buffer frame, dent, highlights, punctures, indices, rectangles, blocks;
    uint64_t submission = 0;
};

/// What a picture is drawn into. With one sample per pixel it is drawn into `raw` and its edges are smoothed
/// into `colour`; with four, the samples of `raw` are averaged into it (2.3 times the time on the CPU
/// driver).
struct Target {
    gpu::Image colour, raw, depth;
    vk::SampleCountFlagBits samples = vk::SampleCountFlagBits::e1;
};

/// The programs that draw, for one sample count.
struct Programs {
    gpu::Pipeline surface[5];  // per material
    gpu::Pipeline outline, background, pen, needles, cartridge;
};

gpu::GraphicsSettings into_target(vk::SampleCountFlagBits samples) {
    gpu::GraphicsSettings settings;
    settings.colour = kColourFormat;
    settings.depth = kDepthFormat;
    settings.samples = samples;
    return settings;
}

gpu::GraphicsSettings surface_settings(const base::fs::path& shaders, vk::SampleCountFlagBits samples) {
    gpu::GraphicsSettings settings = into_target(samples);
    settings.vertex = shaders / "surface.vert.spv";
    settings.fragment = shaders / "surface.frag.spv";
    settings.bindings = {Type::eStorageBuffer, Type::eCombinedImageSampler};
    settings.vertex_buffers = {{0, sizeof(shared::DrawnVertex), vk::VertexInputRate::eVertex}};
    settings.attributes = {{0, 0, vk::Format::eR32G32B32A32Sfloat, offsetof(shared::DrawnVertex, position)},
                           {1, 0, vk::Format::eR16G16B16A16Snorm, offsetof(shared::DrawnVertex, normal_xy)},
                           {2, 0, vk::Format::eR16G16B16A16Sfloat, offsetof(shared::DrawnVertex, light_rg)},
                           {3, 0, vk::Format::eR8G8B8A8Unorm, offsetof(shared::DrawnVertex, overlay)},
                           {4, 0, vk::Format::eR16G16Unorm, offsetof(shared::DrawnVertex, uv)}};
    return settings;
}

gpu::GraphicsSettings pen_settings(const base::fs::path& shaders, vk::SampleCountFlagBits samples) {
    gpu::GraphicsSettings settings = into_target(samples);
    settings.vertex = shaders / "pen.vert.spv";
    settings.fragment = shaders / "pen.frag.spv";
    settings.bindings = {Type::eStorageBuffer, Type::eStorageBuffer};
    settings.specialisation = {0};
    settings.vertex_buffers = {{0, sizeof(PenVertex), vk::VertexInputRate::eVertex}};
    settings.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, offsetof(PenVertex, position)},
                           {1, 0, vk::Format::eR32G32B32Sfloat, offsetof(PenVertex, normal)},
                           {2, 0, vk::Format::eR32Uint, offsetof(PenVertex, part)}};
    return settings;
}

Programs make_programs(const gpu::Device& device, const base::fs::path& shaders,
                       vk::SampleCountFlagBits samples) {
    Programs programs;
    gpu::GraphicsSettings surface = surface_settings(shaders, samples);
    for (uint32_t material = 0; material < std::size(programs.surface); ++material) {
        surface.specialisation = {material};
        const bool closed = material == shared::kMaterialSkin || material == shared::kMaterialSilicone;
        surface.cull = closed ? vk::CullModeFlagBits::eBack : vk::CullModeFlagBits::eNone;
        surface.blend = material == shared::kMaterialHair ? gpu::Blend::over : gpu::Blend::none;
        surface.depth_write = material != shared::kMaterialHair;
        programs.surface[material] = gpu::make_graphics_pipeline(device, surface);
    }

    gpu::GraphicsSettings outline = into_target(samples);
    outline.vertex = shaders / "outline.vert.spv";
    outline.fragment = shaders / "outline.frag.spv";
    outline.bindings = {Type::eStorageBuffer};
    outline.vertex_buffers = {{0, sizeof(shared::DrawnVertex), vk::VertexInputRate::eVertex}};
    outline.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, offsetof(shared::DrawnVertex, position)}};
    outline.topology = vk::PrimitiveTopology::eLineList;
    outline.depth_write = false;
    outline.blend = gpu::Blend::over;
    programs.outline = gpu::make_graphics_pipeline(device, outline);

    gpu::GraphicsSettings background = into_target(samples);
    background.vertex = shaders / "background.vert.spv";
    background.fragment = shaders / "background.frag.spv";
    background.depth_write = false;
    programs.background = gpu::make_graphics_pipeline(device, background);

    gpu::GraphicsSettings pen = pen_settings(shaders, samples);
    pen.blend = gpu::Blend::over;  // its body fades where it would hide the work
    programs.pen = gpu::make_graphics_pipeline(device, pen);
    pen.specialisation = {1};
    programs.needles = gpu::make_graphics_pipeline(device, pen);
    pen.specialisation = {0};
    pen.depth_write = false;
    programs.cartridge = gpu::make_graphics_pipeline(device, pen);
    return programs;
}

gpu::Pipeline make_marks_program(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings marks;
    marks.vertex = shaders / "marks.vert.spv";
    marks.fragment = shaders / "marks.frag.spv";
    marks.bindings = {Type::eStorageBuffer, Type::eStorageBuffer, Type::eStorageBuffer};
    marks.topology = vk::PrimitiveTopology::eTriangleStrip;
    marks.depth_test = marks.depth_write = false;
    marks.blend = gpu::Blend::highest;
    marks.alpha_only = true;
    marks.colour = kAtlasFormat;
    return gpu::make_graphics_pipeline(device, marks);
}

gpu::Pipeline make_edges_program(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings edges;
    edges.vertex = shaders / "edges.vert.spv";
    edges.fragment = shaders / "edges.frag.spv";
    edges.bindings = {Type::eCombinedImageSampler, Type::eStorageBuffer};
    edges.push_bytes = sizeof(glm::vec2);
    edges.topology = vk::PrimitiveTopology::eTriangleStrip;
    edges.depth_test = edges.depth_write = false;
    edges.colour = kColourFormat;
    return gpu::make_graphics_pipeline(device, edges);
}

gpu::Pipeline make_vertices_program(const gpu::Device& device, const base::fs::path& shaders,
                                    uint32_t reach) {
    return gpu::make_compute_pipeline(device, shaders / "vertices.comp.spv", 15, sizeof(uint32_t), {{reach}});
}

gpu::Pipeline make_relief_program(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings relief;
    relief.vertex = shaders / "relief.vert.spv";
    relief.fragment = shaders / "relief.frag.spv";
    relief.vertex_buffers = {{0, sizeof(shared::RestVertex), vk::VertexInputRate::eVertex}};
    relief.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, offsetof(shared::RestVertex, position)},
                         {1, 0, vk::Format::eR32Uint, offsetof(shared::RestVertex, normal)},
                         {2, 0, vk::Format::eR8G8B8A8Unorm, offsetof(shared::RestVertex, look)},
                         {3, 0, vk::Format::eR32Uint, offsetof(shared::RestVertex, tags)},
                         {4, 0, vk::Format::eR32G32Sfloat, offsetof(shared::RestVertex, uv)}};
    relief.depth_test = relief.depth_write = false;
    relief.colour = kAtlasFormat;
    return gpu::make_graphics_pipeline(device, relief);
}

gpu::Image make_atlas(gpu::Device& device) {
    using Usage = vk::ImageUsageFlagBits;
    return {device,
            {kAtlasWidth, kAtlasHeight, kAtlasFormat,
             Usage::eSampled | Usage::eColorAttachment | Usage::eTransferDst},
            "marks"};
}

/// Displacement per newton, tabulated; scaled so that the drawn dent is as deep as the simulated one, whose
/// tissue may still be creeping.
void fill_dent(const skin::Contact& contact, const skin::LayerKernel& kernel, shared::Dent& dent) {
    const auto count =
        static_cast<uint32_t>(std::min<size_t>(contact.points.size(), shared::kMostPressurePoints));
    const face::TissueAt& tissue = contact.tissue;
    const auto answer = [&](double r) {
        return kernel.displacement(std::max(r, 0.3e-3), tissue.depth, tissue.stiffness, tissue.poisson);
    };
    double deepest = 0;
    for (uint32_t i = 0; i < count; ++i) {
        double here = 0;
        for (uint32_t j = 0; j < count; ++j) {
            const glm::dvec3 d = contact.points[i].position - contact.points[j].position;
            here += contact.points[j].force * answer(std::sqrt(glm::dot(d, d) + 3.6e-7));
        }
        deepest = std::max(deepest, here);
    }
    const double scale = deepest > 1e-6 ? std::clamp(contact.dent / deepest, 0.2, 5.0) : 1.0;
    for (uint32_t i = 0; i < shared::kKernelSamples; ++i)
        dent.kernel[i] = float(scale * answer(i * double(shared::kDentReach) / (shared::kKernelSamples - 1)));
    for (uint32_t i = 0; i < count; ++i)
        dent.points[i] = glm::vec4(glm::vec3(contact.points[i].position), float(contact.points[i].force));
}

void set_camera(shared::Frame& frame, const Camera& camera, uint32_t width, uint32_t height) {
    frame.clip_from_world = camera.projection(double(width) / height) * camera.view();
    frame.eye = glm::vec3(camera.eye());
    frame.pixel_size = float(2 * std::tan(camera.fov / 2) / height);
}

void set_pen(shared::Frame& frame, shared::Dent& dent, const PenView& pen) {
    frame.pen_shown = 1;
    frame.pen_tip = glm::vec3(pen.tip);
    frame.pen_axis = glm::normalize(glm::vec3(pen.axis));
    frame.pen_radius = float(pen.tip_radius);
    const glm::vec3 aside = std::abs(frame.pen_axis.x) > 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
    frame.pen_side = glm::normalize(aside - frame.pen_axis * glm::dot(aside, frame.pen_axis));
    frame.needle_depth = float(pen.needle_depth);
    for (size_t i = 0; i < std::min<size_t>(pen.pins.size(), shared::kMostPins); ++i)
        dent.pins[i] = glm::vec2(pen.pins[i]);
}

void mark_pen(EdgeTiles& tiles, const shared::Frame& frame) {
    for (int i = 0; i < 28; ++i)
        tiles.mark(frame.clip_from_world, frame.pen_tip - frame.pen_axis * (0.005f * float(i)), 0.0145f);
}

/// How far from the contact the skin still moves by more than a few micrometres.
float dent_reach(const shared::Frame& frame, const shared::Dent& dent) {
    constexpr float kUnseen = 3e-6f;
    float force = 0, spread = 0;
    for (uint32_t i = 0; i < frame.contact_points; ++i) {
        force += dent.points[i].w;
        spread = std::max(spread, glm::distance(glm::vec3(dent.points[i]), frame.contact_position));
    }
    uint32_t last = shared::kKernelSamples - 1;
    while (last > 0 && std::abs(force * dent.kernel[last]) < kUnseen) --last;
    return std::min(shared::kDentReach,
                    spread + shared::kDentReach * float(last + 1) / (shared::kKernelSamples - 1));
}

/// True when the pen may take light from the block: past_pen and pen_shaded of vertices.comp, with room for
/// the block's size.
bool pen_shades(const shared::Frame& frame, const Block& block) {
    const float slack = block.radius * 1.5f + 0.002f;
    const glm::vec3 along = -frame.pen_axis, to_tip = frame.pen_tip - block.centre;
    if (glm::length(to_tip) > 0.2f + slack) return false;
    if (glm::length(to_tip) < frame.pen_radius + 0.03f + slack) return true;
    const glm::vec3 w = to_tip + along * 0.004f;
    const float b = glm::dot(along, frame.key_to), d = glm::dot(w, along), e = glm::dot(w, frame.key_to);
    const float s = std::clamp((b * e - d) / std::max(1 - b * b, 1e-3f), 0.0f, 0.14f);
    const float t = std::max(e + s * b, 0.0f);
    const float gap = glm::length(w + along * s - frame.key_to * t);
    return gap - 2.1f * frame.pen_radius - slack < 0.22f * (t + slack + 0.004f);
}

uint32_t prescribed_bits(const SceneView& scene) {
    if (scene.prescribed.empty()) return 0xffffffffu;
    uint32_t bits = 0;
    for (size_t i = 0; i < std::min<size_t>(scene.prescribed.size(), 32); ++i)
        bits |= (scene.prescribed[i] ? 1u : 0u) << i;
    return bits;
}

}  // namespace

struct Renderer::State {
    State(gpu::Device& device, base::fs::path shaders)
        : device(device),
          shaders(std::move(shaders)),
          timer(device),
          baker(device, this->shaders),
          response(gpu::make_compute_pipeline(device, this->shaders / "response.comp.spv", 5, 0)),
          vertices{make_vertices_program(device, this->shaders, shared::kReachNothing),
                   make_vertices_program(device, this->shaders, shared::kReachShade),
                   make_vertices_program(device, this->shaders, shared::kReachDent)},
          marks(make_marks_program(device, this->shaders)),
          relief(make_relief_program(device, this->shaders)),
          edges(make_edges_program(device, this->shaders)),
          atlas(make_atlas(device)),
          sampler(gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge)),
          colours(gpu::make_buffer<glm::vec3>(device, skin_colour_table(), "skin colours")) {
        for (Slot& slot : slots) {
            slot.frame = gpu::Buffer(device, sizeof(shared::Frame), gpu::Memory::upload, "frame");
            slot.dent = gpu::Buffer(device, sizeof(shared::Dent), gpu::Memory::upload, "dent");
            slot.highlights = gpu::Buffer(device, 4, gpu::Memory::upload, "highlights");
            slot.punctures =
                gpu::Buffer(device, 1024 * sizeof(shared::Puncture), gpu::Memory::upload, "new punctures");
        }
    }

    gpu::Device& device;
    base::fs::path shaders;
    gpu::Timer timer;
    LightBaker baker;
    gpu::Pipeline response;
    gpu::Pipeline vertices[3];  ///< by what reaches them, kReachNothing …
    gpu::Pipeline marks, relief, edges;
    std::unique_ptr<Programs> programs[2];  ///< one sample and four
    gpu::Image atlas;
    vk::UniqueSampler sampler;
    gpu::Buffer colours;
    Slot slots[kSlots];
    uint32_t slot = 0;

    Target target;
    std::optional<Stage> stage;
    std::unique_ptr<track::GpuTracker> tracker;
    uint32_t coverage_floor = 750;  // per cm², pen: clinical.md 9 row 10

    PenMesh pen_mesh;
    double pen_radius = -1, pen_opening = -1;
    gpu::Buffer pen_vertices, pen_indices;

    std::vector<shared::Puncture> new_punctures;
    std::vector<shared::ContactRecord> new_contacts;
    double time = 0, drawn_time = 0;
    bool marked = false;
    bool timing = false;
    bool atlas_blank = true;             ///< relief still to be laid into it
    bool draw_everything = true;         ///< vertices.comp has not yet seen every vertex of this face
    bool refresh_all = true;             ///< the next picture may not keep vertices of the last one
    shared::Frame placed_for{};          ///< the frame that vertices.comp last worked for
    std::vector<uint32_t> placed_reach;  ///< per block, of the pen then
    uint32_t pictures = 0;
    uint32_t stale_pictures =
        0;  ///< pictures since evidence that the statistics do not hold; 0 = they hold all

    Programs& programs_for(vk::SampleCountFlagBits samples) {
        auto& made = programs[samples == vk::SampleCountFlagBits::e1 ? 0 : 1];
        if (!made) made = std::make_unique<Programs>(make_programs(device, shaders, samples));
        return *made;
    }

    void fit_target(uint32_t width, uint32_t height, vk::SampleCountFlagBits samples);
    void fit_pen(const PenView& pen);
    shared::Frame fill_frame(const SceneView& scene, uint32_t width, uint32_t height, Slot& into);
    void record_vertices(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame);
    void record_evidence(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame);
    void record_marks(vk::CommandBuffer commands, Slot& from, uint32_t count);
    void record_picture(vk::CommandBuffer commands, const SceneView& scene, Slot& from,
                        const shared::Frame& frame);
    void smooth_edges(vk::CommandBuffer commands, Slot& from, const std::vector<glm::vec4>& rectangles);
    void draw_surfaces(vk::CommandBuffer commands, const Programs& use, const Slot& from,
                       const shared::Frame& frame, bool hair, EdgeTiles& tiles);
    void draw_outline(vk::CommandBuffer commands, const Programs& use, const Slot& from);
    void draw_pen(vk::CommandBuffer commands, const Programs& use, const Slot& from, const PenView& pen,
                  bool clear_part);
    void forget();
};

Renderer::Renderer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Renderer::~Renderer() {
    if (state_) state_->device.wait_idle();
}

base::Result<std::unique_ptr<Renderer>> Renderer::create(gpu::Device& device, const base::fs::path& shaders) {
    std::unique_ptr<State> state;
    auto done = gpu::guarded("starting the renderer", [&] {
        state = std::make_unique<State>(device, shaders);
        state->programs_for(vk::SampleCountFlagBits::e1);
    });
    if (!done) return done.error();
    return std::unique_ptr<Renderer>(new Renderer(std::move(state)));
}

base::Status Renderer::set_face(std::shared_ptr<const face::FaceAsset> face) {
    CHECK(face != nullptr);
    return gpu::guarded("putting the face on stage", [&] {
        State& s = *state_;
        s.device.wait_idle();
        s.tracker.reset();
        s.stage.reset();
        s.tracker = std::make_unique<track::GpuTracker>(s.device, s.shaders, track::make_cell_map(*face));
        s.stage = make_stage(s.device, std::move(face));
        s.baker.bake(*s.stage);
        drop_hidden(s.device, *s.stage);
        s.draw_everything = true;
        s.placed_reach.clear();
        s.forget();

        // The first draw of a pipeline compiles it: one small picture with everything in it, now.
        SceneView scene;
        scene.pen = PenView{};
        scene.pen->pins = {{0, 0}};
        scene.overlay = Overlay::coverage;
        scene.outline_zones = true;
        const shared::Puncture nowhere{0, shared::kNoCell, 0, 0, 0, 0};
        s.new_punctures.push_back(nowhere);
        s.device.run([&](vk::CommandBuffer commands) { draw(commands, scene, 64, 64); });
        clear_evidence();
    });
}

void Renderer::State::forget() {
    device.run([&](vk::CommandBuffer commands) {
        commands.fillBuffer(stage->looks.handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kComputeWrite);
    });
    new_punctures.clear();
    new_contacts.clear();
    time = drawn_time = 0;
    marked = false;
    atlas_blank = true;
    stale_pictures = kStatisticsEvery;
    refresh_all = true;
}

void Renderer::add(std::span<const shared::Puncture> punctures,
                   std::span<const shared::ContactRecord> contacts, double time) {
    State& s = *state_;
    CHECK(s.stage.has_value());
    s.new_punctures.insert(s.new_punctures.end(), punctures.begin(), punctures.end());
    s.new_contacts.insert(s.new_contacts.end(), contacts.begin(), contacts.end());
    s.time = std::max(s.time, time);
}

void Renderer::clear_evidence() {
    State& s = *state_;
    if (!s.stage) return;
    s.device.wait_idle();
    s.tracker->clear();
    s.forget();
}

void Renderer::set_coverage_floor(uint32_t floor_per_cm2) {
    state_->coverage_floor = floor_per_cm2;
    state_->stale_pictures = kStatisticsEvery;
}

std::span<const shared::ZoneStats> Renderer::statistics() const {
    return state_->tracker ? state_->tracker->latest_statistics() : std::span<const shared::ZoneStats>{};
}

track::GpuTracker& Renderer::tracker() {
    CHECK(state_->tracker != nullptr);
    return *state_->tracker;
}

const gpu::Image& Renderer::target() const {
    return state_->target.colour;
}

void Renderer::set_timing(bool on) {
    state_->timing = on;
}

const std::vector<std::pair<std::string, double>>& Renderer::pass_times() {
    return state_->timer.milliseconds();
}

void Renderer::State::fit_target(uint32_t width, uint32_t height, vk::SampleCountFlagBits samples) {
    if (target.colour && target.colour.width() == width && target.colour.height() == height &&
        target.samples == samples)
        return;
    device.wait_idle();
    using Usage = vk::ImageUsageFlagBits;
    target.samples = samples;
    target.colour = gpu::Image(
        device,
        {width, height, kColourFormat, Usage::eColorAttachment | Usage::eTransferSrc | Usage::eTransferDst},
        "picture");
    target.depth =
        gpu::Image(device, {width, height, kDepthFormat, Usage::eDepthStencilAttachment, samples}, "depth");
    target.raw = gpu::Image(device,
                            {width, height, kColourFormat,
                             Usage::eColorAttachment | Usage::eSampled | Usage::eTransferSrc, samples},
                            "picture before smoothing");
}

void Renderer::State::fit_pen(const PenView& pen) {
    if (pen.tip_radius == pen_radius && pen.opening_radius == pen_opening) return;
    device.wait_idle();
    pen_radius = pen.tip_radius;
    pen_opening = pen.opening_radius;
    pen_mesh = make_pen_mesh(pen_radius, pen_opening);
    pen_vertices =
        gpu::Buffer(device, pen_mesh.vertices.size() * sizeof(PenVertex), gpu::Memory::upload, "pen");
    pen_indices = gpu::Buffer(device, pen_mesh.indices.size() * 4, gpu::Memory::upload, "pen triangles");
    pen_vertices.write<PenVertex>(pen_mesh.vertices);
    pen_indices.write<uint32_t>(pen_mesh.indices);
}

shared::Frame Renderer::State::fill_frame(const SceneView& scene, uint32_t width, uint32_t height,
                                          Slot& into) {
    shared::Frame frame{};
    auto& dent = *reinterpret_cast<shared::Dent*>(into.dent.bytes().data());
    set_camera(frame, scene.camera, width, height);
    set_lights(frame);
    if (scene.pen) set_pen(frame, dent, *scene.pen);
    if (scene.contact && scene.kernel && scene.contact->touching && !scene.contact->points.empty()) {
        fill_dent(*scene.contact, *scene.kernel, dent);
        frame.contact_points = static_cast<uint32_t>(
            std::min<size_t>(scene.contact->points.size(), shared::kMostPressurePoints));
        frame.contact_normal = glm::vec3(scene.contact->normal);
        frame.contact_position = glm::vec3(scene.contact->position);
        frame.contact_dent = float(scene.contact->dent);
    }
    const LegendRange range = legend_range(scene.overlay);
    frame.overlay = static_cast<uint32_t>(scene.overlay);
    frame.overlay_low = float(range.low);
    frame.overlay_high = float(range.high);
    frame.prescribed = prescribed_bits(scene);
    time = std::max(time, scene.time);
    frame.time_step = float(std::max(0.0, time - drawn_time));
    drawn_time = time;
    frame.marks_shown = marked || !new_punctures.empty();
    if (stage) {
        const face::FaceAsset& face = *stage->face;
        frame.cell_count = stage->cell_count;
        frame.albedo_melanin = float(melanin_of(face.fitzpatrick));
        frame.albedo_blood = float(blood_of(face.fitzpatrick));
        const uint64_t index_bytes = stage->indices.size() * 4;
        if (into.indices.size() < index_bytes)
            into.indices = gpu::Buffer(device, index_bytes, gpu::Memory::upload, "visible triangles");
        const uint64_t bytes = (stage->cell_count / 32 + 1) * 4;
        if (into.highlights.size() < bytes)
            into.highlights = gpu::Buffer(device, bytes, gpu::Memory::upload, "highlights");
        std::ranges::fill(into.highlights.bytes(), std::byte{0});
        auto* bits = reinterpret_cast<uint32_t*>(into.highlights.bytes().data());
        for (uint32_t cell : scene.highlighted_cells) {
            if (cell >= stage->cell_count) continue;
            bits[cell >> 5] |= 1u << (cell & 31);
            frame.highlights = 1;
        }
    }
    into.frame.write<shared::Frame>({&frame, 1});
    return frame;
}

void Renderer::State::record_marks(vk::CommandBuffer commands, Slot& from, uint32_t count) {
    const bool first = atlas_blank;
    if (count == 0 && !first) return;
    gpu::transition(commands, atlas,
                    first ? vk::ImageLayout::eUndefined : vk::ImageLayout::eShaderReadOnlyOptimal,
                    vk::ImageLayout::eColorAttachmentOptimal, kSampled, kColourWrite);
    vk::RenderingAttachmentInfo attachment(atlas.view(), vk::ImageLayout::eColorAttachmentOptimal);
    attachment.setLoadOp(first ? vk::AttachmentLoadOp::eClear : vk::AttachmentLoadOp::eLoad)
        .setStoreOp(vk::AttachmentStoreOp::eStore);
    attachment.setClearValue(vk::ClearColorValue(0.5f, 0.5f, 0.5f, 0.0f));
    vk::RenderingInfo rendering({}, {{0, 0}, {kAtlasWidth, kAtlasHeight}}, 1, 0, attachment);
    commands.beginRendering(rendering);
    commands.setViewport(0, vk::Viewport(0, 0, kAtlasWidth, kAtlasHeight, 0, 1));
    // The border stays blank: skin beyond the atlas reads it.
    commands.setScissor(0, vk::Rect2D({2, 2}, {kAtlasWidth - 4, kAtlasHeight - 4}));
    if (first) {
        gpu::bind(commands, relief, {});
        commands.bindVertexBuffers(0, stage->vertices.handle(), vk::DeviceSize{0});
        commands.bindIndexBuffer(stage->atlas_triangles.handle(), 0, vk::IndexType::eUint32);
        commands.drawIndexed(stage->atlas_indices, 1, 0, 0, 0);
    }
    if (count > 0) {
        gpu::bind(commands, marks, {stage->vertices, stage->triangles, from.punctures});
        commands.draw(4, count, 0, 0);
        marked = true;
    }
    commands.endRendering();
    gpu::transition(commands, atlas, vk::ImageLayout::eColorAttachmentOptimal,
                    vk::ImageLayout::eShaderReadOnlyOptimal, kColourWrite, kSampled);
    atlas_blank = false;
}

/// True when what every vertex depends on is the same in both frames.
static bool same_view(const shared::Frame& a, const shared::Frame& b) {
    return a.clip_from_world == b.clip_from_world && a.pixel_size == b.pixel_size && a.overlay == b.overlay &&
           a.overlay_low == b.overlay_low && a.overlay_high == b.overlay_high &&
           a.prescribed == b.prescribed && !a.highlights && !b.highlights;
}

/// Places the vertices of the blocks in view. While the view stays, those that the pen reaches or just left
/// are done in every picture and the others in turn.
void Renderer::State::record_vertices(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame) {
    const auto& dent = *reinterpret_cast<const shared::Dent*>(from.dent.bytes().data());
    const float reach = frame.contact_points > 0 ? dent_reach(frame, dent) : 0.0f;
    const auto reached = [&](const Block& block) {
        if (frame.contact_points > 0 &&
            glm::distance(block.centre, frame.contact_position) < reach + block.radius)
            return shared::kReachDent;
        return frame.pen_shown && pen_shades(frame, block) ? shared::kReachShade : shared::kReachNothing;
    };
    const bool all = draw_everything || refresh_all || !same_view(frame, placed_for);
    const std::vector<bool> visible = visible_blocks(*stage, frame.clip_from_world, frame.eye);
    placed_reach.resize(stage->blocks.size(), shared::kReachNothing);
    std::vector<uint32_t> lists[3];
    for (uint32_t b = 0; b < stage->blocks.size(); ++b) {
        if (!visible[b] && !draw_everything) continue;
        uint32_t now = reached(stage->blocks[b]);
        // The first dispatch of a program compiles it: a face's first picture uses all three.
        if (draw_everything) now = std::max(now, b % uint32_t(std::size(lists)));
        const bool touched = now != shared::kReachNothing || placed_reach[b] != shared::kReachNothing;
        if (!all && !touched && (b + pictures) % kRefreshEvery != 0) continue;
        lists[now].push_back(b);
        placed_reach[b] = now;
    }
    draw_everything = refresh_all = false;
    placed_for = frame;
    ++pictures;

    if (from.blocks.size() < stage->blocks.size() * 4)
        from.blocks =
            gpu::Buffer(device, stage->blocks.size() * 4, gpu::Memory::upload, "blocks of vertices");
    const std::span<uint32_t> blocks(reinterpret_cast<uint32_t*>(from.blocks.bytes().data()),
                                     stage->blocks.size());
    uint32_t first = 0;
    for (uint32_t k = 0; k < std::size(lists); ++k) {
        if (lists[k].empty()) continue;
        std::ranges::copy(lists[k], blocks.begin() + first);
        const auto count = static_cast<uint32_t>(lists[k].size());
        gpu::dispatch(commands, vertices[k],
                      {from.frame, from.dent, stage->vertices, stage->lights, colours, stage->looks,
                       tracker->cell_tallies(), tracker->cells(), tracker->neighbourhood_tallies(),
                       stage->neighbourhood_area, tracker->statistics(), from.highlights, stage->drawn,
                       stage->drawn_order, from.blocks},
                      gpu::bytes_of(first), count);
        first += count;
    }
}

void Renderer::State::record_evidence(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame) {
    const auto count = static_cast<uint32_t>(new_punctures.size());
    if (from.punctures.size() < count * sizeof(shared::Puncture))
        from.punctures =
            gpu::Buffer(device, 2 * count * sizeof(shared::Puncture), gpu::Memory::upload, "new punctures");
    from.punctures.write<shared::Puncture>(new_punctures);
    tracker->add(commands, new_punctures, new_contacts);
    if (count > 0 || !new_contacts.empty())
        ++stale_pictures;
    else if (stale_pictures > 0)
        ++stale_pictures;
    if (stale_pictures > kStatisticsEvery) {
        tracker->compute_statistics(commands, coverage_floor);
        stale_pictures = 0;
    }
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    timer.mark(commands, "tracking");
    record_marks(commands, from, count);
    timer.mark(commands, "marks");
    new_punctures.clear();
    new_contacts.clear();

    gpu::dispatch(
        commands, response,
        {from.frame, tracker->cell_tallies(), stage->cell_begin, stage->cell_neighbours, stage->looks}, {},
        groups(stage->cell_count));
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    timer.mark(commands, "response");
    gpu::barrier(commands, kVertexRead, gpu::kComputeWrite);
    record_vertices(commands, from, frame);
    gpu::barrier(commands, gpu::kComputeWrite, kVertexRead);
    timer.mark(commands, "vertices");
}

void Renderer::State::draw_surfaces(vk::CommandBuffer commands, const Programs& use, const Slot& from,
                                    const shared::Frame& frame, bool hair, EdgeTiles& tiles) {
    commands.bindVertexBuffers(0, stage->drawn.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(from.indices.handle(), 0, vk::IndexType::eUint32);
    const std::span<uint32_t> indices(reinterpret_cast<uint32_t*>(from.indices.bytes().data()),
                                      from.indices.size() / 4);
    for (const Part& part : stage->parts) {
        if ((part.material == shared::kMaterialHair) != hair) continue;
        const uint32_t count = append_visible(*stage, part, frame.clip_from_world, frame.eye,
                                              indices.subspan(part.first, part.count), tiles);
        if (count == 0) continue;
        gpu::bind(commands, use.surface[part.material], {from.frame, {atlas, *sampler}});
        commands.drawIndexed(count, 1, part.first, 0, 0);
    }
}

void Renderer::State::draw_outline(vk::CommandBuffer commands, const Programs& use, const Slot& from) {
    if (stage->outline_count == 0) return;
    gpu::bind(commands, use.outline, {from.frame});
    commands.bindVertexBuffers(0, stage->drawn.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(stage->outline.handle(), 0, vk::IndexType::eUint32);
    commands.drawIndexed(stage->outline_count, 1, 0, 0, 0);
}

void Renderer::State::draw_pen(vk::CommandBuffer commands, const Programs& use, const Slot& from,
                               const PenView& pen, bool clear_part) {
    commands.bindVertexBuffers(0, pen_vertices.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(pen_indices.handle(), 0, vk::IndexType::eUint32);
    if (clear_part) {
        gpu::bind(commands, use.cartridge, {from.frame, from.dent});
        commands.drawIndexed(pen_mesh.clear_count, 1, pen_mesh.opaque_count, 0, 0);
        return;
    }
    gpu::bind(commands, use.pen, {from.frame, from.dent});
    commands.drawIndexed(pen_mesh.opaque_count, 1, 0, 0, 0);
    const auto pins = static_cast<uint32_t>(std::min<size_t>(pen.pins.size(), shared::kMostPins));
    gpu::bind(commands, use.needles, {from.frame, from.dent});
    if (pins > 0)
        commands.drawIndexed(pen_mesh.needle_count, pins, pen_mesh.opaque_count + pen_mesh.clear_count, 0, 0);
}

void Renderer::State::record_picture(vk::CommandBuffer commands, const SceneView& scene, Slot& from,
                                     const shared::Frame& frame) {
    const uint32_t width = target.colour.width(), height = target.colour.height();
    const bool resolves = target.samples != vk::SampleCountFlagBits::e1;
    const auto drawing = vk::ImageLayout::eColorAttachmentOptimal;
    gpu::transition(commands, target.colour, vk::ImageLayout::eUndefined, drawing,
                    {Stages::eTransfer | Stages::eColorAttachmentOutput, Access::eNone}, kColourWrite);
    gpu::transition(commands, target.raw, vk::ImageLayout::eUndefined, drawing,
                    {Stages::eFragmentShader | Stages::eColorAttachmentOutput, Access::eNone}, kColourWrite);
    gpu::transition(commands, target.depth, vk::ImageLayout::eUndefined,
                    vk::ImageLayout::eDepthAttachmentOptimal, kDepthWrite, kDepthWrite);

    vk::RenderingAttachmentInfo colour(target.raw.view(), drawing);
    colour.setLoadOp(scene.plain_background ? vk::AttachmentLoadOp::eClear : vk::AttachmentLoadOp::eDontCare)
        .setClearValue(kPlainBackground)
        .setStoreOp(resolves ? vk::AttachmentStoreOp::eDontCare : vk::AttachmentStoreOp::eStore);
    if (resolves)
        colour.setResolveMode(vk::ResolveModeFlagBits::eAverage)
            .setResolveImageView(target.colour.view())
            .setResolveImageLayout(drawing);
    vk::RenderingAttachmentInfo depth(target.depth.view(), vk::ImageLayout::eDepthAttachmentOptimal);
    depth.setLoadOp(vk::AttachmentLoadOp::eClear)
        .setStoreOp(vk::AttachmentStoreOp::eDontCare)
        .setClearValue(vk::ClearDepthStencilValue(1, 0));
    vk::RenderingInfo rendering({}, {{0, 0}, {width, height}}, 1, 0, colour);
    rendering.setPDepthAttachment(&depth);
    commands.beginRendering(rendering);
    commands.setViewport(0, vk::Viewport(0, 0, float(width), float(height), 0, 1));
    commands.setScissor(0, vk::Rect2D({0, 0}, {width, height}));

    const Programs& use = programs_for(target.samples);
    EdgeTiles tiles(width, height);
    if (scene.outline_zones || frame.highlights) tiles.mark_all();
    if (scene.pen) mark_pen(tiles, frame);
    if (stage) draw_surfaces(commands, use, from, frame, false, tiles);
    if (!scene.plain_background) {
        gpu::bind(commands, use.background, {});
        commands.draw(3, 1, 0, 0);
    }
    if (stage) draw_surfaces(commands, use, from, frame, true, tiles);
    if (stage && scene.outline_zones) draw_outline(commands, use, from);
    for (const bool clear_part : {false, true})
        if (scene.pen) draw_pen(commands, use, from, *scene.pen, clear_part);
    commands.endRendering();
    timer.mark(commands, "picture");
    if (!resolves) smooth_edges(commands, from, tiles.rectangles());
    gpu::transition(commands, target.colour, drawing, kTargetLayout, kColourWrite, gpu::kTransferRead);
}

void Renderer::State::smooth_edges(vk::CommandBuffer commands, Slot& from,
                                   const std::vector<glm::vec4>& rectangles) {
    const uint32_t width = target.colour.width(), height = target.colour.height();
    const auto drawing = vk::ImageLayout::eColorAttachmentOptimal,
               source = vk::ImageLayout::eTransferSrcOptimal, copied = vk::ImageLayout::eTransferDstOptimal;
    gpu::transition(commands, target.raw, drawing, source, kColourWrite, gpu::kTransferRead);
    gpu::transition(commands, target.colour, drawing, copied, kColourWrite, gpu::kTransferWrite);
    const vk::ImageSubresourceLayers layers(vk::ImageAspectFlagBits::eColor, 0, 0, 1);
    commands.copyImage(target.raw.handle(), source, target.colour.handle(), copied,
                       vk::ImageCopy(layers, {}, layers, {}, {width, height, 1}));
    gpu::transition(commands, target.raw, source, vk::ImageLayout::eShaderReadOnlyOptimal, gpu::kTransferRead,
                    kSampled);
    gpu::transition(commands, target.colour, copied, drawing, gpu::kTransferWrite, kColourWrite);
    if (!rectangles.empty()) {
        const uint64_t bytes = rectangles.size() * sizeof(glm::vec4);
        if (from.rectangles.size() < bytes)
            from.rectangles = gpu::Buffer(device, bytes * 2, gpu::Memory::upload, "parts with edges");
        from.rectangles.write<glm::vec4>(rectangles);
        vk::RenderingAttachmentInfo colour(target.colour.view(), drawing);
        colour.setLoadOp(vk::AttachmentLoadOp::eLoad).setStoreOp(vk::AttachmentStoreOp::eStore);
        commands.beginRendering(vk::RenderingInfo({}, {{0, 0}, {width, height}}, 1, 0, colour));
        commands.setViewport(0, vk::Viewport(0, 0, float(width), float(height), 0, 1));
        commands.setScissor(0, vk::Rect2D({0, 0}, {width, height}));
        const glm::vec2 per_pixel(1.0f / float(width), 1.0f / float(height));
        gpu::bind(commands, edges, {{target.raw, *sampler}, from.rectangles}, gpu::bytes_of(per_pixel));
        commands.draw(4, static_cast<uint32_t>(rectangles.size()), 0, 0);
        commands.endRendering();
    }
    timer.mark(commands, "edges");
}

void Renderer::draw(vk::CommandBuffer commands, const SceneView& scene, uint32_t width, uint32_t height) {
    State& s = *state_;
    CHECK(width > 0 && height > 0, width, height);
    s.slot = (s.slot + 1) % kSlots;
    Slot& slot = s.slots[s.slot];
    s.device.wait(slot.submission);
    slot.submission = s.device.submission();
    s.fit_target(width, height,
                 scene.tier == Tier::cpu ? vk::SampleCountFlagBits::e1 : vk::SampleCountFlagBits::e4);
    if (scene.pen) s.fit_pen(*scene.pen);
    const shared::Frame frame = s.fill_frame(scene, width, height, slot);
    if (s.timing) s.timer.begin(commands);
    if (s.stage) s.record_evidence(commands, slot, frame);
    s.record_picture(commands, scene, slot, frame);
}

base::Result<base::Image> Renderer::render_image(const SceneView& scene, uint32_t width, uint32_t height) {
    State& s = *state_;
    const uint32_t most = s.device.info().max_image;
    if (width == 0 || height == 0 || width > most || height > most)
        return base::error("a picture of {}x{} cannot be drawn: sides must be 1 to {} pixels", width, height,
                           most);
    base::Image image{width, height, {}};
    auto done = gpu::guarded("drawing the picture", [&] {
        s.refresh_all = true;
        s.stale_pictures = kStatisticsEvery;  // one picture, so its statistics are computed at once
        s.device.run([&](vk::CommandBuffer commands) { draw(commands, scene, width, height); });
        std::vector<std::byte> texels = gpu::download(s.device, target(), kTargetLayout, 4);
        image.rgba.resize(texels.size());
        for (size_t i = 0; i < texels.size(); i += 4) {
            image.rgba[i] = uint8_t(texels[i + 2]);
            image.rgba[i + 1] = uint8_t(texels[i + 1]);
            image.rgba[i + 2] = uint8_t(texels[i]);
            image.rgba[i + 3] = 255;
        }
    });
    if (!done) return done.error();
    return image;
}

}  // namespace render
