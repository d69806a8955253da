#include "engine/render/renderer.h"

#include "engine/base/log.h"
#include "engine/gpu/frame.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/high_tier.h"
#include "engine/render/pen_mesh.h"
#include "engine/render/skin_atlas.h"
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
const vk::ClearValue kPlainBackground{vk::ClearColorValue(0.235f, 0.26f, 0.285f, 1.0f)};
constexpr uint32_t kStatisticsEvery = 3;  // pictures: ten times a second is enough for a panel
constexpr uint32_t kRefreshEvery = 4;     // pictures: redness and tallies where nothing else changes
constexpr uint32_t kSlots = gpu::kFramesInFlight + 1;

using Type = vk::DescriptorType;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;

constexpr gpu::Use kVertexRead{Stages::eVertexAttributeInput | Stages::eVertexShader,
                               Access::eVertexAttributeRead | Access::eShaderStorageRead};
constexpr gpu::Use kColourWrite{Stages::eColorAttachmentOutput,
                                Access::eColorAttachmentWrite | Access::eColorAttachmentRead};
constexpr gpu::Use kDepthWrite{Stages::eEarlyFragmentTests | Stages::eLateFragmentTests,
                               Access::eDepthStencilAttachmentWrite | Access::eDepthStencilAttachmentRead};
constexpr gpu::Use kSampled{Stages::eFragmentShader, Access::eShaderSampledRead};

uint32_t groups(uint32_t count) {
    return (count + 63) / 64;
}

vk::Viewport viewport_of(const vk::Rect2D& place) {
    return {float(place.offset.x), float(place.offset.y), float(place.extent.width), float(place.extent.height), 0, 1};
}

/// An inset's share in pixels, within the picture.
vk::Rect2D place_of(const Inset& inset, uint32_t width, uint32_t height) {
    const auto pixel = [](double share, uint32_t side) {
        return int32_t(std::lround(std::clamp(share, 0.0, 1.0) * side));
    };
    const int32_t left = pixel(inset.left, width), right = pixel(inset.left + inset.width, width),
                  top = pixel(inset.top, height), bottom = pixel(inset.top + inset.height, height);
    return {{left, top}, {uint32_t(std::max(right - left, 0)), uint32_t(std::max(bottom - top, 0))}};
}

/// What the CPU writes for one frame; reused when that frame is done.
struct Slot {
    gpu::Buffer frame, dent, highlights, punctures, indices, rectangles, blocks;
    gpu::Buffer inset_frame, inset_indices;
    uint64_t submission = 0;
};

/// A camera's share of the target.
struct View {
    shared::Frame frame;
    const gpu::Buffer &constants, &indices;  ///< `frame` for the programs; room for the triangles that are seen
    vk::Rect2D place;
    bool inset = false;
};

/// What a picture is drawn into. With one sample per pixel it is drawn into `raw` and its edges are smoothed
/// into `colour`; with four, the samples of `raw` are averaged into it (2.3 times the time on the CPU
/// driver).
struct Target {
    gpu::Image colour, raw, depth;  // the high tier has its own in place of the last two
    vk::UniqueImageView raw_again;  // a second view of `raw`: see Pieces
    Tier tier = Tier::cpu;
};

/// The programs that draw, for one tier.
struct Programs {
    gpu::Pipeline surface[5];  // per material
    gpu::Pipeline outline, background, pen, needles, cartridge, fingers;
};

vk::SampleCountFlagBits samples_of(Tier tier) {
    return tier == Tier::cpu ? vk::SampleCountFlagBits::e1 : vk::SampleCountFlagBits::e4;
}

gpu::GraphicsSettings into_target(Tier tier) {
    gpu::GraphicsSettings settings;
    settings.colour = kColourFormat;
    settings.depth = kDepthFormat;
    settings.samples = samples_of(tier);
    if (tier == Tier::high) HighTier::into_surfaces(settings);
    return settings;
}

/// A fragment program of the tier: the high tier's have their own names, as they fill several images.
base::fs::path fragment_of(const base::fs::path& shaders, const char* name, Tier tier) {
    return shaders / fmt::format("{}{}.frag.spv", name, tier == Tier::high ? "_high" : "");
}

gpu::GraphicsSettings surface_settings(const base::fs::path& shaders, Tier tier) {
    gpu::GraphicsSettings settings = into_target(tier);
    settings.vertex = shaders / (tier == Tier::high ? "surface_high.vert.spv" : "surface.vert.spv");
    settings.fragment = fragment_of(shaders, "surface", tier);
    settings.bindings = {Type::eStorageBuffer, Type::eCombinedImageSampler};
    settings.vertex_buffers = {{0, sizeof(shared::DrawnVertex), vk::VertexInputRate::eVertex}};
    settings.attributes = {{0, 0, vk::Format::eR32G32B32A32Sfloat, offsetof(shared::DrawnVertex, position)},
                           {1, 0, vk::Format::eR16G16B16A16Snorm, offsetof(shared::DrawnVertex, normal_xy)},
                           {2, 0, vk::Format::eR16G16B16A16Sfloat, offsetof(shared::DrawnVertex, light_rg)},
                           {3, 0, vk::Format::eR8G8B8A8Unorm, offsetof(shared::DrawnVertex, overlay)},
                           {4, 0, vk::Format::eR16G16Unorm, offsetof(shared::DrawnVertex, uv)}};
    if (tier == Tier::high) {
        settings.attributes.push_back({5, 0, vk::Format::eR8G8B8A8Unorm, offsetof(shared::DrawnVertex, visible)});
        for (Type type : {Type::eStorageBuffer, Type::eCombinedImageSampler, Type::eCombinedImageSampler})
            settings.bindings.push_back(type);  // the lamp
    }
    return settings;
}

gpu::GraphicsSettings pen_settings(const base::fs::path& shaders, Tier tier) {
    gpu::GraphicsSettings settings = into_target(tier);
    settings.vertex = shaders / "pen.vert.spv";
    settings.fragment = fragment_of(shaders, "pen", tier);
    settings.bindings = {Type::eStorageBuffer, Type::eStorageBuffer};
    settings.specialisation = {0};
    settings.vertex_buffers = {{0, sizeof(PenVertex), vk::VertexInputRate::eVertex}};
    settings.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, offsetof(PenVertex, position)},
                           {1, 0, vk::Format::eR32G32B32Sfloat, offsetof(PenVertex, normal)},
                           {2, 0, vk::Format::eR32Uint, offsetof(PenVertex, part)}};
    return settings;
}

Programs make_programs(const gpu::Device& device, const base::fs::path& shaders, Tier tier) {
    Programs programs;
    gpu::GraphicsSettings surface = surface_settings(shaders, tier);
    for (uint32_t material = 0; material < std::size(programs.surface); ++material) {
        surface.specialisation = {material};
        const bool closed = material == shared::kMaterialSkin || material == shared::kMaterialSilicone;
        surface.cull = closed ? vk::CullModeFlagBits::eBack : vk::CullModeFlagBits::eNone;
        surface.blend = material == shared::kMaterialHair ? gpu::Blend::over : gpu::Blend::none;
        surface.depth_write = material != shared::kMaterialHair;
        programs.surface[material] = gpu::make_graphics_pipeline(device, surface);
    }

    gpu::GraphicsSettings outline = into_target(tier);
    outline.vertex = shaders / "outline.vert.spv";
    outline.fragment = fragment_of(shaders, "outline", tier);
    outline.bindings = {Type::eStorageBuffer, Type::eStorageBuffer, Type::eStorageBuffer};
    outline.depth_write = false;
    outline.blend = tier == Tier::high ? gpu::Blend::veil : gpu::Blend::over;
    programs.outline = gpu::make_graphics_pipeline(device, outline);

    gpu::GraphicsSettings background = into_target(tier);
    background.vertex = shaders / "background.vert.spv";
    background.fragment = fragment_of(shaders, "background", tier);
    background.depth_write = false;
    programs.background = gpu::make_graphics_pipeline(device, background);

    gpu::GraphicsSettings pen = pen_settings(shaders, tier);
    pen.blend = gpu::Blend::over;  // its body fades where it would hide the work
    programs.pen = gpu::make_graphics_pipeline(device, pen);
    pen.specialisation = {shared::kToolNeedles};
    programs.needles = gpu::make_graphics_pipeline(device, pen);
    pen.specialisation = {shared::kToolFingers};
    programs.fingers = gpu::make_graphics_pipeline(device, pen);
    pen.specialisation = {shared::kToolBody};
    pen.depth_write = false;
    programs.cartridge = gpu::make_graphics_pipeline(device, pen);
    return programs;
}

gpu::Pipeline make_edges_program(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings edges;
    edges.vertex = shaders / "edges.vert.spv";
    edges.fragment = shaders / "edges.frag.spv";
    edges.bindings = {Type::eCombinedImageSampler, Type::eStorageBuffer};
    edges.push_bytes = sizeof(glm::vec2);
    edges.depth_test = edges.depth_write = false;
    edges.colour = kColourFormat;
    return gpu::make_graphics_pipeline(device, edges);
}

gpu::Pipeline make_vertices_program(const gpu::Device& device, const base::fs::path& shaders,
                                    uint32_t reach) {
    return gpu::make_compute_pipeline(device, shaders / "vertices.comp.spv", 14, sizeof(uint32_t), {{reach}});
}

/// Draws that share attachments, in pieces that the CPU driver works on side by side: it places the vertices of one pass
/// on one thread, and shades on all others only when a pass with other attachments follows. So a piece ends after
/// kTriangles, and the next is drawn through the other view of the same image. It takes passes in order; other drivers
/// get one piece.
class Pieces {
  public:
    static constexpr uint32_t kTriangles = 6000;

    Pieces(vk::CommandBuffer commands, vk::RenderingInfo rendering, vk::RenderingAttachmentInfo colour,
           vk::RenderingAttachmentInfo depth, vk::ImageView other)
        : commands_(commands), rendering_(rendering), colour_(colour), depth_(depth), other_(other) {
        begin();
    }
    /// Ends this piece and begins the next; pipelines and buffers must be bound again.
    void next() {
        if (!other_) return;
        commands_.endRendering();
        const vk::ImageView used = colour_.imageView;
        colour_.setImageView(other_).setLoadOp(vk::AttachmentLoadOp::eLoad);
        depth_.setLoadOp(vk::AttachmentLoadOp::eLoad);
        other_ = used;
        begin();
    }
    uint32_t triangles() const { return other_ ? kTriangles : UINT32_MAX / 3; }
    void end() { commands_.endRendering(); }

  private:
    void begin() {
        rendering_.setColorAttachments(colour_).setPDepthAttachment(&depth_);
        commands_.beginRendering(rendering_);
        commands_.setViewport(0, viewport_of(rendering_.renderArea));
        commands_.setScissor(0, rendering_.renderArea);
    }

    vk::CommandBuffer commands_;
    vk::RenderingInfo rendering_;
    vk::RenderingAttachmentInfo colour_, depth_;
    vk::ImageView other_;
};

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
    frame.drum_turn = float(pen.drum_turn);
    for (size_t i = 0; i < std::min<size_t>(pen.pins.size(), shared::kMostPins); ++i)
        dent.pins[i] = glm::vec2(pen.pins[i]);
}

void set_fingers(shared::Frame& frame, const std::vector<FingerView>& fingers) {
    frame.finger_count = static_cast<uint32_t>(std::min<size_t>(fingers.size(), shared::kMostFingers));
    for (uint32_t i = 0; i < frame.finger_count; ++i) {
        const FingerView& from = fingers[i];
        const glm::vec3 normal(from.normal), pointing(from.pointing);
        frame.fingers[i] = {glm::vec3(from.place), normal,
                            glm::normalize(pointing - normal * glm::dot(pointing, normal))};
    }
}

void mark_fingers(EdgeTiles& tiles, const shared::Frame& frame) {
    for (uint32_t i = 0; i < frame.finger_count; ++i) {
        for (float along : {0.0f, 0.012f, 0.024f, 0.036f}) {
            const shared::Finger& f = frame.fingers[i];
            tiles.mark(frame.clip_from_world, f.place + f.normal * (0.007f + 0.3f * along) - f.pointing * along, 0.013f);
        }
    }
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

/// Push constants of response.comp.
struct ResponseStep {
    float time_step;
    uint32_t odd;
};

std::vector<glm::vec3> seeds_of(const face::FaceAsset& face) {
    std::vector<glm::vec3> seeds(face.cells.seed.begin(), face.cells.seed.end());
    if (seeds.empty()) seeds.emplace_back(0);
    return seeds;
}

/// m from the eye to the nearest block of vertices.
float nearest_skin(const Stage& stage, glm::vec3 eye) {
    float nearest = 10;
    for (const Block& block : stage.blocks)
        nearest = std::min(nearest, glm::distance(block.centre, eye) - block.radius);
    return std::max(nearest, 0.01f);
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
          response(gpu::make_compute_pipeline(device, this->shaders / "response.comp.spv", 7, sizeof(ResponseStep))),
          vertices{make_vertices_program(device, this->shaders, shared::kReachNothing),
                   make_vertices_program(device, this->shaders, shared::kReachShade),
                   make_vertices_program(device, this->shaders, shared::kReachDent)},
          edges(make_edges_program(device, this->shaders)),
          sampler(gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge)),
          colours(gpu::make_buffer<glm::vec3>(device, skin_colour_table(), "skin colours")),
          atlas(device, this->shaders, colours) {
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
    gpu::Pipeline edges;
    std::unique_ptr<Programs> programs[3];  ///< by tier
    std::unique_ptr<HighTier> high;         ///< from its first picture on
    vk::UniqueSampler sampler;
    gpu::Buffer colours;
    SkinAtlas atlas;
    gpu::Buffer cell_places;  ///< vec3, seeds of the surface cells
    uint32_t responses = 0;
    Slot slots[kSlots];
    uint32_t slot = 0;

    Target target;
    bool takes_pieces = device.info().name.starts_with("llvmpipe");
    std::optional<Stage> stage;
    std::unique_ptr<track::GpuTracker> tracker;
    uint32_t coverage_floor = 750;  // per cm², pen: clinical.md 9 row 10

    PenMesh pen_mesh, finger_mesh;
    std::optional<PenShape> pen_shape;
    gpu::Buffer pen_vertices, pen_indices, finger_vertices, finger_indices;

    std::vector<shared::Puncture> new_punctures;
    std::vector<shared::ContactRecord> new_contacts;
    double time = 0, drawn_time = 0;
    bool timing = false;
    bool draw_everything = true;         ///< vertices.comp has not yet seen every vertex of this face
    bool refresh_all = true;             ///< the next picture may not keep vertices of the last one
    shared::Frame placed_for{};          ///< the frame that vertices.comp last worked for
    std::vector<uint32_t> placed_reach;  ///< per block, of the pen then
    std::vector<bool> placed;            ///< per block, whether it was placed since the view changed
    Work work;                           ///< of the newest picture
    uint32_t pictures = 0;
    uint32_t stale_pictures =
        0;  ///< pictures since evidence that the statistics do not hold; 0 = they hold all

    Programs& programs_for(Tier tier) {
        auto& made = programs[size_t(tier)];
        if (!made) made = std::make_unique<Programs>(make_programs(device, shaders, tier));
        return *made;
    }

    /// GPUs draw every triangle: the CPU driver alone has too little time for those of a pixel or two.
    Sight sight_of(const View& view) const {
        return {view.frame.clip_from_world, view.frame.eye, target.tier == Tier::cpu ? view.frame.pixel_size : 0};
    }
    void fit_target(uint32_t width, uint32_t height, Tier tier);
    void fit_pen(const PenView& pen);
    void fit_fingers();
    shared::Frame fill_frame(const SceneView& scene, uint32_t width, uint32_t height, Slot& into);
    void record_response(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame);
    std::vector<View> fill_views(const SceneView& scene, const shared::Frame& frame, uint32_t width, uint32_t height,
                                 Slot& into);
    void record_vertices(vk::CommandBuffer commands, Slot& from, std::span<const View> views);
    void record_evidence(vk::CommandBuffer commands, Slot& from, std::span<const View> views);
    void record_picture(vk::CommandBuffer commands, const SceneView& scene, Slot& from, std::span<const View> views);
    void draw_scene(vk::CommandBuffer commands, const SceneView& scene, const Slot& from, const View& view,
                    EdgeTiles& tiles, Pieces* pieces);
    void draw_inset(vk::CommandBuffer commands, const SceneView& scene, const Slot& from, const View& view);
    void record_high(vk::CommandBuffer commands, const SceneView& scene, const Slot& from, std::span<const View> views);
    std::vector<Caster> casters(const SceneView& scene, const shared::Frame& frame) const;
    void smooth_edges(vk::CommandBuffer commands, Slot& from, const std::vector<glm::vec4>& rectangles);
    void draw_surfaces(vk::CommandBuffer commands, const Programs& use, const View& view, bool hair,
                       EdgeTiles& tiles, Pieces* pieces);
    void draw_outline(vk::CommandBuffer commands, const Programs& use, const View& view);
    void draw_fingers(vk::CommandBuffer commands, const Programs& use, const Slot& from, const View& view);
    void draw_pen(vk::CommandBuffer commands, const Programs& use, const Slot& from, const View& view,
                  const PenView& pen, bool clear_part);
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
        state->programs_for(Tier::cpu);
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
        s.placed.clear();
        s.atlas.set_face(s.device, *s.stage);
        s.cell_places = gpu::make_buffer<glm::vec3>(s.device, seeds_of(*s.stage->face), "cells");
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
    atlas.forget();
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

const Work& Renderer::work() const {
    return state_->work;
}

const std::vector<std::pair<std::string, double>>& Renderer::pass_times() {
    return state_->timer.milliseconds();
}

void Renderer::State::fit_target(uint32_t width, uint32_t height, Tier tier) {
    if (target.colour && target.colour.width() == width && target.colour.height() == height &&
        target.tier == tier)
        return;
    device.wait_idle();
    using Usage = vk::ImageUsageFlagBits;
    const vk::SampleCountFlagBits samples = samples_of(tier);
    target.tier = tier;
    target.raw_again.reset();
    target.raw = {};
    target.depth = {};
    target.colour = gpu::Image(
        device,
        {width, height, kColourFormat, Usage::eColorAttachment | Usage::eTransferSrc | Usage::eTransferDst},
        "picture");
    if (tier == Tier::high) {
        if (!high) high = std::make_unique<HighTier>(device, shaders, kColourFormat, kSlots);
        high->fit(width, height);
        return;
    }
    if (high) high->release();
    target.depth =
        gpu::Image(device, {width, height, kDepthFormat, Usage::eDepthStencilAttachment, samples}, "depth");
    target.raw = gpu::Image(device,
                            {width, height, kColourFormat,
                             Usage::eColorAttachment | Usage::eSampled | Usage::eTransferSrc, samples},
                            "picture before smoothing");
    if (tier == Tier::cpu && takes_pieces)
        target.raw_again = device.handle().createImageViewUnique(
            {{}, target.raw.handle(), vk::ImageViewType::e2D, kColourFormat, {},
             {vk::ImageAspectFlagBits::eColor, 0, 1, 0, 1}});
}

void Renderer::State::fit_pen(const PenView& pen) {
    if (pen_shape == shape_of(pen)) return;
    device.wait_idle();
    pen_shape = shape_of(pen);
    pen_mesh = make_pen_mesh(*pen_shape);
    pen_vertices =
        gpu::Buffer(device, pen_mesh.vertices.size() * sizeof(PenVertex), gpu::Memory::upload, "pen");
    pen_indices = gpu::Buffer(device, pen_mesh.indices.size() * 4, gpu::Memory::upload, "pen triangles");
    pen_vertices.write<PenVertex>(pen_mesh.vertices);
    pen_indices.write<uint32_t>(pen_mesh.indices);
}

void Renderer::State::fit_fingers() {
    if (finger_mesh.opaque_count > 0) return;
    finger_mesh = make_finger_mesh();
    finger_vertices =
        gpu::Buffer(device, finger_mesh.vertices.size() * sizeof(PenVertex), gpu::Memory::upload, "finger");
    finger_indices = gpu::Buffer(device, finger_mesh.indices.size() * 4, gpu::Memory::upload, "finger triangles");
    finger_vertices.write<PenVertex>(finger_mesh.vertices);
    finger_indices.write<uint32_t>(finger_mesh.indices);
}

shared::Frame Renderer::State::fill_frame(const SceneView& scene, uint32_t width, uint32_t height,
                                          Slot& into) {
    shared::Frame frame{};
    auto& dent = *reinterpret_cast<shared::Dent*>(into.dent.bytes().data());
    set_camera(frame, scene.camera, width, height);
    set_lights(frame);
    if (scene.pen) set_pen(frame, dent, *scene.pen);
    set_fingers(frame, scene.fingers);
    if (scene.contact && scene.kernel && scene.contact->touching && !scene.contact->points.empty()) {
        fill_dent(*scene.contact, *scene.kernel, dent);
        frame.contact_points = static_cast<uint32_t>(
            std::min<size_t>(scene.contact->points.size(), shared::kMostPressurePoints));
        frame.contact_normal = glm::vec3(scene.contact->normal);
        frame.contact_position = glm::vec3(scene.contact->position);
        frame.contact_dent = float(scene.contact->dent);
    }
    const LegendRange range = legend_range(scene.overlay, scene.bands);
    frame.overlay = static_cast<uint32_t>(scene.overlay);
    frame.overlay_low = float(range.low);
    frame.overlay_high = float(range.high);
    for (size_t zone = 0; zone < std::size(frame.overlay_band); ++zone) {
        const OverlayBand band = zone < scene.bands.size() ? scene.bands[zone] : range.band;
        frame.overlay_band[zone] = {float(band.low), float(band.high)};
    }
    for (size_t zone = 0; zone < std::min(scene.wet.size(), std::size(frame.wet)); ++zone)
        frame.wet[zone] = std::clamp(scene.wet[zone], 0.0f, 1.0f);
    frame.prescribed = prescribed_bits(scene);
    frame.per_pixel = scene.tier == Tier::high ? 1 : 0;
    time = std::max(time, scene.time);
    frame.time_step = float(std::max(0.0, time - drawn_time));
    drawn_time = time;
    frame.outlined_zone = scene.outlined_zone ? *scene.outlined_zone : shared::kOutlineAll;
    frame.marks_shown = atlas.marked() || !new_punctures.empty();
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

/// The picture's own camera and that of its inset, if any.
std::vector<View> Renderer::State::fill_views(const SceneView& scene, const shared::Frame& frame, uint32_t width,
                                              uint32_t height, Slot& into) {
    std::vector<View> views;
    views.push_back({frame, into.frame, into.indices, {{0, 0}, {width, height}}});
    if (!scene.inset) return views;
    const vk::Rect2D place = place_of(*scene.inset, width, height);
    if (place.extent.width == 0 || place.extent.height == 0) return views;
    if (!into.inset_frame)
        into.inset_frame = gpu::Buffer(device, sizeof(shared::Frame), gpu::Memory::upload, "inset's frame");
    if (into.inset_indices.size() < into.indices.size())
        into.inset_indices = gpu::Buffer(device, into.indices.size(), gpu::Memory::upload, "inset's triangles");
    shared::Frame inset = frame;
    set_camera(inset, scene.inset->camera, place.extent.width, place.extent.height);
    into.inset_frame.write<shared::Frame>({&inset, 1});
    views.push_back({inset, into.inset_frame, into.inset_indices, place, true});
    return views;
}

static bool same_fingers(const shared::Frame& a, const shared::Frame& b) {
    const auto same = [](const shared::Finger& f, const shared::Finger& g) {
        return f.place == g.place && f.normal == g.normal && f.pointing == g.pointing;
    };
    return a.finger_count == b.finger_count &&
           std::equal(a.fingers, a.fingers + a.finger_count, b.fingers, same);
}

/// True when what every vertex depends on is the same in both frames.
static bool same_view(const shared::Frame& a, const shared::Frame& b) {
    return a.clip_from_world == b.clip_from_world && a.pixel_size == b.pixel_size && a.overlay == b.overlay &&
           a.overlay_low == b.overlay_low && a.overlay_high == b.overlay_high &&
           a.prescribed == b.prescribed && std::ranges::equal(a.wet, b.wet) && a.per_pixel == b.per_pixel && same_fingers(a, b) && !a.highlights &&
           !b.highlights;
}

/// Places the vertices of the blocks in view. While the view stays, those that the pen reaches or just left
/// are done in every picture and the others in turn.
void Renderer::State::record_vertices(vk::CommandBuffer commands, Slot& from, std::span<const View> views) {
    const shared::Frame& frame = views[0].frame;
    const auto& dent = *reinterpret_cast<const shared::Dent*>(from.dent.bytes().data());
    const float reach = frame.contact_points > 0 ? dent_reach(frame, dent) : 0.0f;
    const auto reached = [&](const Block& block) {
        if (frame.contact_points > 0 &&
            glm::distance(block.centre, frame.contact_position) < reach + block.radius)
            return shared::kReachDent;
        return frame.pen_shown && pen_shades(frame, block) ? shared::kReachShade : shared::kReachNothing;
    };
    const bool all = draw_everything || refresh_all || !same_view(frame, placed_for);
    std::vector<bool> visible(stage->blocks.size(), false);
    for (const View& view : views) mark_visible_blocks(*stage, sight_of(view), visible);
    placed_reach.resize(stage->blocks.size(), shared::kReachNothing);
    if (all) placed.assign(stage->blocks.size(), false);
    std::vector<uint32_t> lists[3];
    for (uint32_t b = 0; b < stage->blocks.size(); ++b) {
        if (!visible[b] && !draw_everything) continue;
        uint32_t now = reached(stage->blocks[b]);
        // The first dispatch of a program compiles it: a face's first picture uses all three.
        if (draw_everything) now = std::max(now, b % uint32_t(std::size(lists)));
        const bool touched = now != shared::kReachNothing || placed_reach[b] != shared::kReachNothing;
        if (placed[b] && !touched && (b + pictures) % kRefreshEvery != 0) continue;
        lists[now].push_back(b);
        placed_reach[b] = now;
        placed[b] = true;
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
                       tracker->cells(), stage->cell_begin, stage->cell_neighbours,
                       tracker->statistics(), from.highlights, stage->drawn,
                       stage->drawn_order, from.blocks},
                      gpu::bytes_of(first), count);
        first += count;
    }
    work.blocks = first;
}

/// Moves redness and blanching on; a long time in several steps, so that a single picture shows how far they spread.
void Renderer::State::record_response(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame) {
    constexpr float kLongest = 4;  // s
    const int steps = std::clamp(int(std::ceil(frame.time_step / kLongest)), 1, 8);
    ResponseStep step{frame.time_step / float(steps), 0};
    for (int k = 0; k < steps; ++k) {
        step.odd = responses++ & 1u;
        gpu::dispatch(commands, response,
                      {from.frame, tracker->cell_tallies(), stage->cell_begin, stage->cell_neighbours, stage->looks,
                       tracker->cells(), cell_places},
                      gpu::bytes_of(step), groups(stage->cell_count));
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    }
}

void Renderer::State::record_evidence(vk::CommandBuffer commands, Slot& from, std::span<const View> views) {
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
    atlas.record(commands, *stage, from.punctures, count);
    timer.mark(commands, "marks");
    new_punctures.clear();
    new_contacts.clear();

    record_response(commands, from, views[0].frame);
    timer.mark(commands, "response");
    gpu::barrier(commands, kVertexRead, gpu::kComputeWrite);
    record_vertices(commands, from, views);
    gpu::barrier(commands, gpu::kComputeWrite, kVertexRead);
    timer.mark(commands, "vertices");
}

void Renderer::State::draw_surfaces(vk::CommandBuffer commands, const Programs& use, const View& view, bool hair,
                                    EdgeTiles& tiles, Pieces* pieces) {
    const std::span<uint32_t> indices(reinterpret_cast<uint32_t*>(view.indices.bytes().data()),
                                      view.indices.size() / 4);
    const double pixel_mm = 1e3 * view.frame.pixel_size * nearest_skin(*stage, view.frame.eye);
    const auto draw = [&](uint32_t material, uint32_t first, uint32_t count) {
        commands.bindVertexBuffers(0, stage->drawn.handle(), vk::DeviceSize{0});
        commands.bindIndexBuffer(view.indices.handle(), 0, vk::IndexType::eUint32);
        if (target.tier == Tier::high)
            gpu::bind(commands, use.surface[material],
                      {view.constants, {atlas.level(pixel_mm), *sampler}, high->lamp(slot), high->lamp_depth(),
                       high->lamp_compare()});
        else
            gpu::bind(commands, use.surface[material], {view.constants, {atlas.level(pixel_mm), *sampler}});
        commands.drawIndexed(count, 1, first, 0, 0);
    };
    const uint32_t most = 3 * (pieces ? pieces->triangles() : UINT32_MAX / 3);
    for (const Part& part : stage->parts) {
        if ((part.material == shared::kMaterialHair) != hair) continue;
        const uint32_t count = append_visible(*stage, part, sight_of(view), indices.subspan(part.first, part.count), tiles);
        work.triangles += count / 3;
        for (uint32_t at = 0; at < count; at += std::min(most, count - at)) {
            draw(part.material, part.first + at, std::min(most, count - at));
            if (count - at > most) pieces->next();
        }
    }
}

void Renderer::State::draw_outline(vk::CommandBuffer commands, const Programs& use, const View& view) {
    if (stage->outline.index_count == 0) return;
    gpu::bind(commands, use.outline, {view.constants, stage->outline.points, stage->drawn});
    commands.bindIndexBuffer(stage->outline.indices.handle(), 0, vk::IndexType::eUint32);
    commands.drawIndexed(stage->outline.index_count, 1, 0, 0, 0);
}

void Renderer::State::draw_pen(vk::CommandBuffer commands, const Programs& use, const Slot& from, const View& view,
                               const PenView& pen, bool clear_part) {
    commands.bindVertexBuffers(0, pen_vertices.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(pen_indices.handle(), 0, vk::IndexType::eUint32);
    if (clear_part && pen_mesh.clear_count == 0) return;
    if (clear_part) {
        gpu::bind(commands, use.cartridge, {view.constants, from.dent});
        commands.drawIndexed(pen_mesh.clear_count, 1, pen_mesh.opaque_count, 0, 0);
        return;
    }
    gpu::bind(commands, use.pen, {view.constants, from.dent});
    commands.drawIndexed(pen_mesh.opaque_count, 1, 0, 0, 0);
    const auto pins = static_cast<uint32_t>(std::min<size_t>(pen.pins.size(), shared::kMostPins));
    gpu::bind(commands, use.needles, {view.constants, from.dent});
    if (pins > 0 && pen.tool != Tool::roller)  // whose drum carries its own
        commands.drawIndexed(pen_mesh.needle_count, pins, pen_mesh.opaque_count + pen_mesh.clear_count, 0, 0);
}

void Renderer::State::draw_fingers(vk::CommandBuffer commands, const Programs& use, const Slot& from, const View& view) {
    commands.bindVertexBuffers(0, finger_vertices.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(finger_indices.handle(), 0, vk::IndexType::eUint32);
    gpu::bind(commands, use.fingers, {view.constants, from.dent});
    commands.drawIndexed(finger_mesh.opaque_count, view.frame.finger_count, 0, 0, 0);
}

/// What stands in the picture, from front to back where it hides and from back to front where it shines through.
void Renderer::State::draw_scene(vk::CommandBuffer commands, const SceneView& scene, const Slot& from,
                                 const View& view, EdgeTiles& tiles, Pieces* pieces) {
    const Programs& use = programs_for(target.tier);
    if (stage) draw_surfaces(commands, use, view, false, tiles, pieces);
    if (!scene.plain_background || view.inset) {
        gpu::bind(commands, use.background, {});
        commands.draw(3, 1, 0, 0);
    }
    if (stage) draw_surfaces(commands, use, view, true, tiles, nullptr);
    if (stage && scene.outline_zones) draw_outline(commands, use, view);
    if (view.frame.finger_count > 0) draw_fingers(commands, use, from, view);
    for (const bool clear_part : {false, true})
        if (scene.pen) draw_pen(commands, use, from, view, *scene.pen, clear_part);
}

/// The second camera's picture, over the first in its own share of the same images. Its background hides all colour that
/// was there.
void Renderer::State::draw_inset(vk::CommandBuffer commands, const SceneView& scene, const Slot& from,
                                 const View& view) {
    commands.setViewport(0, viewport_of(view.place));
    commands.setScissor(0, view.place);
    commands.clearAttachments(vk::ClearAttachment(vk::ImageAspectFlagBits::eDepth, 0, vk::ClearDepthStencilValue(1, 0)),
                              vk::ClearRect(view.place, 0, 1));
    EdgeTiles no_tiles(1, 1);
    draw_scene(commands, scene, from, view, no_tiles, nullptr);
}

/// All that stands in the lamp's light.
std::vector<Caster> Renderer::State::casters(const SceneView& scene, const shared::Frame& frame) const {
    std::vector<Caster> result;
    if (stage && stage->caster_count > 0)
        result.push_back({stage->drawn.handle(), stage->casters.handle(), false, 0, stage->caster_count});
    if (scene.pen) {
        const glm::vec3 side = frame.pen_side, axis = frame.pen_axis, other = glm::cross(axis, side);
        const glm::mat4 placed(glm::vec4(side, 0), glm::vec4(other, 0), glm::vec4(axis, 0), glm::vec4(frame.pen_tip, 1));
        result.push_back({pen_vertices.handle(), pen_indices.handle(), true, 0,
                          pen_mesh.opaque_count + pen_mesh.clear_count, placed});
    }
    for (uint32_t i = 0; i < frame.finger_count; ++i) {
        const shared::Finger& f = frame.fingers[i];
        const glm::mat4 placed(glm::vec4(glm::cross(f.pointing, f.normal), 0), glm::vec4(f.pointing, 0),
                               glm::vec4(f.normal, 0), glm::vec4(f.place, 1));
        result.push_back({finger_vertices.handle(), finger_indices.handle(), true, 0, finger_mesh.opaque_count, placed});
    }
    return result;
}

/// The high tier's picture: see high_tier.h.
void Renderer::State::record_high(vk::CommandBuffer commands, const SceneView& scene, const Slot& from,
                                  std::span<const View> views) {
    const shared::Frame& frame = views[0].frame;
    const uint32_t width = target.colour.width(), height = target.colour.height();
    high->set_skin(stage ? stage->face->fitzpatrick : 2);
    high->record_lamp(commands, slot, frame, scene.camera, double(width) / height,
                      stage ? stage->centre : glm::vec3(0), stage ? stage->radius : 0.2f, casters(scene, frame));
    timer.mark(commands, "lamp");
    high->begin_surfaces(commands, scene.plain_background);
    EdgeTiles no_tiles(width, height);
    draw_scene(commands, scene, from, views[0], no_tiles, nullptr);
    for (const View& inset : views.subspan(1)) draw_inset(commands, scene, from, inset);
    high->end_surfaces(commands);
    timer.mark(commands, "surfaces");
    std::vector<ScatterArea> areas;
    for (const View& view : views) areas.push_back({view.place, view.frame.pixel_size});
    high->record_scatter(commands, areas);
    timer.mark(commands, "scatter");
    gpu::transition(commands, target.colour, vk::ImageLayout::eUndefined, vk::ImageLayout::eColorAttachmentOptimal,
                    {Stages::eTransfer | Stages::eColorAttachmentOutput, Access::eNone}, kColourWrite);
    high->record_tone(commands, target.colour);
    gpu::transition(commands, target.colour, vk::ImageLayout::eColorAttachmentOptimal, kTargetLayout, kColourWrite,
                    gpu::kTransferRead);
    timer.mark(commands, "tone");
}

void Renderer::State::record_picture(vk::CommandBuffer commands, const SceneView& scene, Slot& from,
                                     std::span<const View> views) {
    const shared::Frame& frame = views[0].frame;
    const uint32_t width = target.colour.width(), height = target.colour.height();
    const bool resolves = target.tier != Tier::cpu;
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
        .setStoreOp(target.raw_again ? vk::AttachmentStoreOp::eStore : vk::AttachmentStoreOp::eDontCare)
        .setClearValue(vk::ClearDepthStencilValue(1, 0));
    Pieces pieces(commands, vk::RenderingInfo({}, {{0, 0}, {width, height}}, 1), colour, depth, *target.raw_again);

    EdgeTiles tiles(width, height);
    if (frame.highlights) tiles.mark_all();  // zone borders have soft edges of their own
    if (scene.pen) mark_pen(tiles, frame);
    mark_fingers(tiles, frame);
    draw_scene(commands, scene, from, views[0], tiles, &pieces);
    for (const View& inset : views.subspan(1)) {
        draw_inset(commands, scene, from, inset);
        tiles.mark(inset.place);
    }
    pieces.end();
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
    work.edge_rectangles = static_cast<uint32_t>(rectangles.size());
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
        commands.draw(6 * static_cast<uint32_t>(rectangles.size()), 1, 0, 0);
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
    s.fit_target(width, height, scene.tier);
    if (scene.pen) s.fit_pen(*scene.pen);
    if (!scene.fingers.empty()) s.fit_fingers();
    const shared::Frame frame = s.fill_frame(scene, width, height, slot);
    const std::vector<View> views = s.fill_views(scene, frame, width, height, slot);
    s.work = {};
    if (s.timing) s.timer.begin(commands);
    if (s.stage) s.record_evidence(commands, slot, views);
    if (scene.tier == Tier::high)
        s.record_high(commands, scene, slot, views);
    else
        s.record_picture(commands, scene, slot, views);
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
