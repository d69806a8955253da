#include "engine/render/renderer.h"

#include "engine/base/log.h"
#include "engine/gpu/frame.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/damage.h"
#include "engine/render/healing_pass.h"
#include "engine/render/high_tier.h"
#include "engine/render/highlight.h"
#include "engine/render/light_baker.h"
#include "engine/render/near_marks.h"
#include "engine/render/pen_mesh.h"
#include "engine/render/skin_atlas.h"
#include "engine/render/skin_colour.h"
#include "engine/render/skin_field.h"
#include "engine/render/stage.h"
#include "engine/render/wipes.h"
#include "engine/track/gpu_response.h"
#include "shaders/shared/near_mark.h"
#include "shaders/shared/picture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace render {

namespace {

constexpr vk::Format kColourFormat = vk::Format::eB8G8R8A8Unorm;
constexpr vk::Format kDepthFormat = vk::Format::eD32Sfloat;
const vk::ClearValue kPlainBackground{vk::ClearColorValue(0.235f, 0.26f, 0.285f, 1.0f)};
constexpr glm::vec3 kSilicone{0.58f, 0.37f, 0.28f};  // as vertices.comp has it
constexpr uint32_t kStatisticsEvery = 3;  // pictures: ten times a second is enough for a panel
constexpr uint32_t kMostNearMarks = 400000, kMostNearMarksCpu = 4000, kMostNearMarksStill = 40000;
constexpr double kWipeClock = 5;  // s after which drying shows
/// Needle marks of a mm² that the atlas takes: by then they cover it. Nearer by they are drawn one by one, all of them.
constexpr uint32_t kMarksPerMm2 = 64;
/// Marks that one picture waits for where they take long (the CPU driver: 5 us each); the others come with the next ones.
constexpr uint32_t kMarksInTurns = 4096;
/// Punctures of which one picture finds the marks, there: 60 ns each.
constexpr uint32_t kPuncturesInTurns = 200'000;
constexpr uint32_t kSlots = gpu::kFramesInFlight + 1;

using Type = vk::DescriptorType;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;

constexpr gpu::Use kVertexRead{Stages::eVertexAttributeInput | Stages::eVertexShader,
                               Access::eVertexAttributeRead | Access::eShaderStorageRead};
constexpr gpu::Use kPlacedRead{kVertexRead.stage | Stages::eFragmentShader, kVertexRead.access};
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

/// A part of the target in pixels.
vk::Rect2D place_of(const Crop& inset, uint32_t width, uint32_t height) {
    const auto pixel = [](double share, uint32_t side) {
        return int32_t(std::lround(std::clamp(share, 0.0, 1.0) * side));
    };
    const int32_t left = pixel(inset.left, width), right = pixel(inset.left + inset.width, width),
                  top = pixel(inset.top, height), bottom = pixel(inset.top + inset.height, height);
    return {{left, top}, {uint32_t(std::max(right - left, 0)), uint32_t(std::max(bottom - top, 0))}};
}

glm::vec4 corners(const vk::Rect2D& place) {
    const glm::vec2 from(place.offset.x, place.offset.y);
    return {from, from + glm::vec2(place.extent.width, place.extent.height)};
}

/// Punctures that one view draws one by one.
struct NearSlot {
    gpu::Buffer punctures;  ///< shared::Puncture
    gpu::Buffer marks;      ///< shared::NearMark
};

/// What the CPU writes for one frame; reused when that frame is done.
struct Slot {
    gpu::Buffer frame, field, plate, highlights, punctures, indices, rectangles, openings, blocks;
    gpu::Buffer inset_frame, inset_indices;
    NearSlot near_marks, inset_near_marks;
    uint64_t submission = 0;
};

/// A camera's share of the target.
struct View {
    shared::Frame frame;
    const gpu::Buffer &constants, &indices;  ///< `frame` for the programs; room for the triangles that are seen
    vk::Rect2D place;
    bool inset = false;
    const NearSlot* near_marks = nullptr;
    uint32_t near_count = 0, near_droplets = 0;  ///< droplets come last
};

/// What a picture is drawn into. With one sample per pixel it is drawn into `raw` and its edges are smoothed
/// into `colour`, and both keep what the next picture need not draw anew; with four, the samples of `raw` are averaged into it (2.3 times the time on the CPU
/// driver).
struct Target {
    gpu::Image colour, raw, depth;  // the high tier has its own in place of the last two
    vk::UniqueImageView raw_again;  // a second view of `raw`: see Pieces
    Tier tier = Tier::cpu;
};

/// The programs that draw, for one tier.
struct Programs {
    gpu::Pipeline surface[5];  // per material
    gpu::Pipeline healing[2];  // skin and silicone that heal, from the first such picture on
    gpu::Pipeline outline, background, pen, needles, cartridge, fingers;
    gpu::Pipeline near_marks[2];  // needle marks, droplets
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
    const auto healing = {Type::eStorageBuffer, Type::eCombinedImageSampler};
    if (tier != Tier::high) settings.bindings.insert(settings.bindings.end(), healing);
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
        settings.bindings.insert(settings.bindings.end(), healing);
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

gpu::Pipeline make_surface_program(const gpu::Device& device, gpu::GraphicsSettings surface, uint32_t material, bool heals) {
    surface.specialisation = {material, heals ? 1u : 0u};
    const bool closed = material == shared::kMaterialSkin || material == shared::kMaterialSilicone;
    surface.cull = closed ? vk::CullModeFlagBits::eBack : vk::CullModeFlagBits::eNone;
    surface.blend = material == shared::kMaterialHair ? gpu::Blend::over : gpu::Blend::none;
    surface.depth_write = material != shared::kMaterialHair;
    return gpu::make_graphics_pipeline(device, surface);
}

Programs make_programs(const gpu::Device& device, const base::fs::path& shaders, Tier tier) {
    Programs programs;
    for (uint32_t material = 0; material < std::size(programs.surface); ++material)
        programs.surface[material] = make_surface_program(device, surface_settings(shaders, tier), material, false);

    gpu::GraphicsSettings outline = into_target(tier);
    outline.vertex = shaders / "outline.vert.spv";
    outline.fragment = fragment_of(shaders, "outline", tier);
    outline.bindings = {Type::eStorageBuffer, Type::eStorageBuffer, Type::eStorageBuffer};
    outline.depth_write = false;
    outline.blend = tier == Tier::high ? gpu::Blend::veil : gpu::Blend::over;
    programs.outline = gpu::make_graphics_pipeline(device, outline);

    gpu::GraphicsSettings near_marks = into_target(tier);
    near_marks.vertex = shaders / "near_marks.vert.spv";
    near_marks.fragment = fragment_of(shaders, "near_marks", tier);
    near_marks.bindings = {Type::eStorageBuffer, Type::eStorageBuffer, Type::eCombinedImageSampler};
    near_marks.depth_write = false;
    near_marks.blend = gpu::Blend::over;
    for (const uint32_t bleeding : {0u, 1u}) {
        near_marks.specialisation = {bleeding};
        programs.near_marks[bleeding] = gpu::make_graphics_pipeline(device, near_marks);
    }

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
    edges.vertex = shaders / "rectangles.vert.spv";
    edges.fragment = shaders / "edges.frag.spv";
    edges.bindings = {Type::eStorageBuffer, Type::eCombinedImageSampler};
    edges.push_bytes = sizeof(glm::vec2);
    edges.depth_test = edges.depth_write = false;
    edges.colour = kColourFormat;
    return gpu::make_graphics_pipeline(device, edges);
}

/// Puts rectangles of the depth image back to the farthest, so that they can be drawn anew. (A clear within a pass makes
/// the CPU driver wait.)
gpu::Pipeline make_opening_program(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings opening = into_target(Tier::cpu);
    opening.vertex = shaders / "rectangles.vert.spv";
    opening.specialisation = {1};
    opening.bindings = {Type::eStorageBuffer};
    opening.push_bytes = sizeof(glm::vec2);
    opening.depth_always = true;
    return gpu::make_graphics_pipeline(device, opening);
}

gpu::Pipeline make_vertices_program(const gpu::Device& device, const base::fs::path& shaders,
                                    uint32_t reach) {
    return gpu::make_compute_pipeline(device, shaders / "vertices.comp.spv", 16, sizeof(uint32_t), {{reach}});
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

/// Stretches a part of clip space over all of it.
glm::dmat4 clip_of(const Crop& part) {
    glm::dmat4 clip(1);
    clip[0][0] = 1 / part.width;
    clip[1][1] = 1 / part.height;
    clip[3][0] = -(2 * part.left + part.width - 1) / part.width;
    clip[3][1] = -(2 * part.top + part.height - 1) / part.height;
    return clip;
}

/// Width and height of the whole picture, of which `part` takes so many pixels.
double aspect_of(const Crop& part, uint32_t width, uint32_t height) {
    return width / part.width / (height / part.height);
}

/// `part` of what the camera sees is drawn on `width` x `height` pixels.
void set_camera(shared::Frame& frame, const Camera& camera, const Crop& part, uint32_t width, uint32_t height) {
    const glm::mat4 projection = camera.projection(aspect_of(part, width, height));
    frame.clip_from_world = (part == Crop{} ? projection : glm::mat4(clip_of(part) * glm::dmat4(projection))) * camera.view();
    frame.eye = glm::vec3(camera.eye());
    frame.pixel_size = float(2 * std::tan(camera.fov / 2) * part.height / height);
}

void set_pen(shared::Frame& frame, shared::Plate& plate, const PenView& pen) {
    frame.pen_shown = 1;
    frame.pen_tip = glm::vec3(pen.tip);
    frame.pen_axis = glm::normalize(glm::vec3(pen.axis));
    frame.pen_radius = float(pen.tip_radius);
    const bool told = glm::dot(pen.side, pen.side) > 0;
    const glm::vec3 aside = told ? glm::vec3(pen.side) : std::abs(frame.pen_axis.x) > 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
    frame.pen_side = glm::normalize(aside - frame.pen_axis * glm::dot(aside, frame.pen_axis));
    frame.needle_depth = float(pen.needle_depth);
    frame.drum_turn = float(pen.drum_turn);
    for (size_t i = 0; i < std::min<size_t>(pen.pins.size(), shared::kMostPins); ++i)
        plate.pins[i] = glm::vec2(pen.pins[i]);
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

void mark_fingers(Tiles& tiles, const shared::Frame& frame) {
    for (uint32_t i = 0; i < frame.finger_count; ++i) {
        for (float along : {0.0f, 0.012f, 0.024f, 0.036f}) {
            const shared::Finger& f = frame.fingers[i];
            tiles.mark(frame.clip_from_world, f.place + f.normal * (0.007f + 0.3f * along) - f.pointing * along, 0.013f);
        }
    }
}

/// In the head's frame.
std::vector<Ball> placed(std::span<const Ball> hull, const shared::Frame& frame) {
    const glm::vec3 other = glm::cross(frame.pen_axis, frame.pen_side);
    std::vector<Ball> balls;
    for (const Ball& ball : hull)
        balls.push_back(Ball(frame.pen_tip + frame.pen_side * ball.x + other * ball.y + frame.pen_axis * ball.z, ball.w));
    return balls;
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

/// A droplet on its way out.
struct ComingDroplet {
    uint32_t due_us;
    shared::Puncture puncture;
};

uint32_t to_us(double seconds) {
    return static_cast<uint32_t>(std::llround(std::clamp(seconds, 0.0, 4294.0) * 1e6));
}

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
    State(gpu::Device& device, base::fs::path shaders, track::ResponseModel response, base::fs::path kept)
        : device(device),
          shaders(std::move(shaders)),
          kept(std::move(kept)),
          model(std::move(response)),
          timer(device),
          baker(device, this->shaders),
          look(gpu::make_compute_pipeline(device, this->shaders / "response.comp.spv", 9, 0)),
          vertices{make_vertices_program(device, this->shaders, shared::kReachNothing),
                   make_vertices_program(device, this->shaders, shared::kReachShade),
                   make_vertices_program(device, this->shaders, shared::kReachField)},
          skin_field(make_field_pipeline(device, this->shaders)),
          near_places(gpu::make_compute_pipeline(device, this->shaders / "near_marks.comp.spv", 6, sizeof(uint32_t))),
          edges(make_edges_program(device, this->shaders)),
          opening(make_opening_program(device, this->shaders)),
          sampler(gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge)),
          colours(gpu::make_buffer<glm::vec3>(device, skin_colour_table(), "skin colours")),
          atlas(device, this->shaders, colours),
          healing(device, this->shaders, colours, kSlots) {
        for (Slot& slot : slots) {
            slot.frame = gpu::Buffer(device, sizeof(shared::Frame), gpu::Memory::upload, "frame");
            slot.field = gpu::Buffer(device, sizeof(shared::SkinField), gpu::Memory::upload, "skin field");
            slot.plate = gpu::Buffer(device, sizeof(shared::Plate), gpu::Memory::upload, "needle plate");
            slot.highlights = gpu::Buffer(device, 4, gpu::Memory::upload, "highlights");
            slot.punctures =
                gpu::Buffer(device, 1024 * sizeof(shared::Puncture), gpu::Memory::upload, "new punctures");
        }
    }

    gpu::Device& device;
    base::fs::path shaders, kept;
    track::ResponseModel model;
    gpu::Timer timer;
    LightBaker baker;
    gpu::Pipeline look;
    gpu::Pipeline vertices[3];  ///< by what reaches them, kReachNothing …
    gpu::Pipeline skin_field, near_places;
    gpu::Pipeline edges, opening;
    std::unique_ptr<Programs> programs[3];  ///< by tier
    std::unique_ptr<HighTier> high;         ///< from its first picture on
    vk::UniqueSampler sampler;
    gpu::Buffer colours;
    SkinAtlas atlas;
    HealingPass healing;
    Painting painting = Painting::at_once;  ///< of the next picture
    bool drafted = false;                   ///< the last picture showed the atlas' draft
    NearMarks near_marks;
    std::vector<AtlasWipe> wipes;   ///< since the evidence was cleared
    size_t wipes_painted = 0;
    gpu::Buffer shifts;             ///< FieldShift per vertex as drawn
    gpu::Buffer wiped;              ///< vec2 per vertex: share wiped, and s of session time
    gpu::Buffer cell_places;  ///< vec3, seeds of the surface cells
    Slot slots[kSlots];
    uint32_t slot = 0;
    std::vector<uint32_t> highlighted;     ///< what highlight_shares are of
    std::vector<uint8_t> highlight_share;  ///< per cell

    Target target;
    bool takes_pieces = device.info().name.starts_with("llvmpipe");
    std::optional<Stage> stage;
    std::unique_ptr<track::GpuTracker> tracker;
    std::unique_ptr<track::ResponseDoses> doses;
    std::unique_ptr<track::GpuResponse> response;
    std::optional<uint32_t> shown_tick, shown_whole;  ///< of the response; when all of it was shown
    bool still = false;                     ///< the picture is SceneView::still
    uint32_t shown_overlay = 0;             ///< that the cells' looks hold
    uint32_t coverage_floor = 750;  // per cm², pen: clinical.md 9 row 10

    PenMesh pen_mesh, finger_mesh;
    std::vector<Ball> pen_hull;
    std::optional<PenShape> pen_shape;
    gpu::Buffer pen_vertices, pen_indices, finger_vertices, finger_indices;

    std::vector<shared::Puncture> new_punctures;
    std::vector<shared::ContactRecord> new_contacts;
    std::vector<track::CellWipe> new_cell_wipes;
    size_t counted = 0;          ///< of new_punctures: already in tallies and response
    uint32_t answered_us = 0;    ///< the response knows of wipes up to then
    size_t marks_waiting = 0;               ///< first of new_punctures that new_marks does not hold
    uint32_t may_mark = 0;                  ///< of new_punctures, so many more in this picture
    std::vector<shared::Puncture> new_marks;  ///< the atlas waits for: needle marks, and droplets as they come out
    std::vector<uint32_t> marks_on;           ///< per cell, needle marks that the atlas got
    std::vector<ComingDroplet> coming;
    double time = 0;
    bool timing = false;
    bool unhurried = false;  ///< the picture is one by itself
    bool draw_everything = true;         ///< vertices.comp has not yet seen every vertex of this face
    Damage damage;
    FieldReach field_reach;  ///< of the newest contact
    Tiles standing_edges;  ///< of the surfaces in the last picture that was drawn whole
    Work work;             ///< of the newest picture
    uint32_t stale_pictures =
        0;  ///< pictures since evidence that the statistics do not hold; 0 = they hold all

    Programs& programs_for(Tier tier) {
        auto& made = programs[size_t(tier)];
        if (!made) made = std::make_unique<Programs>(make_programs(device, shaders, tier));
        return *made;
    }
    /// What draws a material of this picture.
    const gpu::Pipeline& surface_for(uint32_t material) {
        Programs& made = programs_for(target.tier);
        if (!healing.active() || material > shared::kMaterialSilicone) return made.surface[material];
        gpu::Pipeline& heals = made.healing[material];
        if (!heals.pipeline) heals = make_surface_program(device, surface_settings(shaders, target.tier), material, true);
        return heals;
    }

    /// GPUs draw every triangle: the CPU driver alone has too little time for those of a pixel or two.
    Sight sight_of(const View& view) const {
        const shared::Frame& frame = view.frame;
        return {frame.clip_from_world, frame.eye, target.tier == Tier::cpu ? frame.pixel_size : 0,
                glm::vec4(frame.dent_place, frame.field_discs > 0 ? shared::kDentReach : 0)};
    }
    void fit_target(uint32_t width, uint32_t height, Tier tier);
    void fit_pen(const PenView& pen);
    void fit_fingers();
    void fill(gpu::Buffer& buffer, const std::vector<glm::vec4>& rectangles, const char* name);
    shared::Frame fill_frame(const SceneView& scene, uint32_t width, uint32_t height, Slot& into);
    void record_response(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame);
    std::vector<View> fill_views(const SceneView& scene, const shared::Frame& frame, uint32_t width, uint32_t height,
                                 Slot& into);
    Redraw decide(const SceneView& scene, std::span<const View> views);
    void record_vertices(vk::CommandBuffer commands, Slot& from, std::span<const View> views, const Redraw& redraw);
    void record_evidence(vk::CommandBuffer commands, Slot& from, std::span<const View> views, const Redraw& redraw);
    void record_picture(vk::CommandBuffer commands, const SceneView& scene, Slot& from, std::span<const View> views,
                        const Redraw& redraw);
    void open(vk::CommandBuffer commands, const Slot& from, uint32_t first, uint32_t count);
    void draw_scene(vk::CommandBuffer commands, const SceneView& scene, const Slot& from, const View& view,
                    const Tiles* where, Tiles& edges, Pieces* pieces);
    void draw_inset(vk::CommandBuffer commands, const SceneView& scene, const Slot& from, const View& view);
    void record_high(vk::CommandBuffer commands, const SceneView& scene, const Slot& from, std::span<const View> views);
    std::vector<Caster> casters(const SceneView& scene, const shared::Frame& frame) const;
    void smooth_edges(vk::CommandBuffer commands, Slot& from, const Tiles* changed, const Tiles& edges);
    void draw_surfaces(vk::CommandBuffer commands, const View& view, bool hair, const Tiles* where, Tiles& edges,
                       Pieces* pieces);
    std::span<const shared::Puncture> uncounted() const { return std::span(new_punctures).subspan(counted); }
    void bleed(const shared::Puncture& puncture, uint32_t due_us);
    bool mark_until(double until);
    bool take_wipe(const WipeStroke& stroke);
    std::span<const AtlasWipe> new_wipes(uint32_t marks);
    bool has_room(uint32_t cell);
    uint32_t marks_now() const;
    void choose_near_marks(const SceneView& scene, View& view, NearSlot& into);
    void place_near_marks(vk::CommandBuffer commands, std::span<const View> views);
    void draw_near_marks(vk::CommandBuffer commands, const Programs& use, const View& view);
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

base::Result<std::unique_ptr<Renderer>> Renderer::create(gpu::Device& device, const base::Places& places,
                                                         const base::fs::path& kept) {
    // Without its file faces are still shown; a session, in which skin would answer, refuses and names it.
    base::Result<track::ResponseModel> response = track::ResponseModel::load(places);
    track::ResponseModel model;
    std::ranges::fill(model.curves.fade_half, 1u);
    if (response) model = std::move(*response);
    std::unique_ptr<State> state;
    auto done = gpu::guarded("starting the renderer", [&] {
        state = std::make_unique<State>(device, places.shaders, std::move(model), kept);
        state->programs_for(Tier::cpu);
    });
    if (!done) return done.error();
    return std::unique_ptr<Renderer>(new Renderer(std::move(state)));
}

base::Status Renderer::set_face(std::shared_ptr<const face::FaceAsset> face, uint32_t ring_um) {
    CHECK(face != nullptr);
    return gpu::guarded("putting the face on stage", [&] {
        State& s = *state_;
        s.device.wait_idle();
        s.tracker.reset();
        s.response.reset();
        s.doses.reset();
        s.stage.reset();
        s.tracker = std::make_unique<track::GpuTracker>(s.device, s.shaders, track::make_cell_map(*face, ring_um));
        s.stage = make_stage(s.device, std::move(face), ring_um);
        s.highlighted.clear();
        s.healing.forget();
        s.baker.light(*s.stage, s.kept);
        drop_hidden(s.device, *s.stage);
        s.draw_everything = true;
        s.atlas.set_face(s.device, *s.stage);
        s.near_marks.set_face(*s.stage->face);
        s.shifts = gpu::Buffer(s.device, s.stage->blocks.size() * Block::kSize * sizeof(shared::FieldShift), gpu::Memory::device, "skin field's shifts");
        s.doses = std::make_unique<track::ResponseDoses>(*s.stage->face, s.model);
        s.response = std::make_unique<track::GpuResponse>(s.device, s.shaders, s.stage->face->cells, s.model.curves);
        s.wiped = gpu::Buffer(s.device, s.stage->vertex_count * sizeof(glm::vec2), gpu::Memory::upload, "wiped skin");
        std::ranges::fill(s.wiped.bytes(), std::byte{0});
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
        // Where painting takes long, only the draft is waited for.
        s.painting = s.device.is_cpu() ? Painting::draft : Painting::at_once;
        s.device.run([&](vk::CommandBuffer commands) { draw(commands, scene, 64, 64); });
        if (s.device.is_cpu()) s.painting = Painting::in_turns;
        clear_evidence();
    });
}

void Renderer::State::forget() {
    device.run([&](vk::CommandBuffer commands) {
        commands.fillBuffer(stage->looks.handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kComputeWrite);
    });
    if (response) response->clear();
    shown_tick.reset();
    shown_whole.reset();
    new_punctures.clear();
    new_contacts.clear();
    new_cell_wipes.clear();
    new_marks.clear();
    marks_on.assign(stage->cell_count, 0);
    marks_waiting = counted = 0;
    answered_us = 0;
    coming.clear();
    time = 0;
    atlas.forget();
    near_marks.forget();
    wipes.clear();
    wipes_painted = 0;
    std::ranges::fill(wiped.bytes(), std::byte{0});
    stale_pictures = kStatisticsEvery;
    damage.forget();
}

void Renderer::add(std::span<const shared::Puncture> punctures,
                   std::span<const shared::ContactRecord> contacts, double time) {
    State& s = *state_;
    CHECK(s.stage.has_value());
    s.new_punctures.insert(s.new_punctures.end(), punctures.begin(), punctures.end());
    s.new_contacts.insert(s.new_contacts.end(), contacts.begin(), contacts.end());
    s.time = std::max(s.time, time);
}

void Renderer::leap(const track::Tracker& tallies, const track::Response& response, double response_time,
                    std::span<const shared::Puncture> punctures, double time) {
    State& s = *state_;
    CHECK(s.stage.has_value());
    s.device.wait_idle();
    s.tracker->set(tallies);
    s.response->set(response.cells());
    s.new_punctures.insert(s.new_punctures.end(), punctures.begin(), punctures.end());
    s.new_contacts.clear();
    s.counted = s.new_punctures.size();
    s.answered_us = to_us(response_time);
    s.shown_tick.reset();
    s.stale_pictures = kStatisticsEvery;
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

bool Renderer::finished() const {
    return !state_->stage || (state_->atlas.finished() && state_->new_marks.empty() && state_->new_punctures.empty());
}

const Work& Renderer::work() const {
    return state_->work;
}

std::vector<glm::vec3> Renderer::read_placed() {
    const Stage& stage = *state_->stage;
    const auto rest = gpu::download<shared::RestVertex>(state_->device, stage.vertices, stage.face->mesh.vertex_count());
    const auto drawn = gpu::download<shared::DrawnVertex>(state_->device, stage.drawn,
                                                          stage.drawn.size() / sizeof(shared::DrawnVertex));
    std::vector<glm::vec3> placed;
    for (const shared::RestVertex& vertex : rest) placed.push_back(drawn[vertex.drawn].position);
    return placed;
}

const std::vector<std::pair<std::string, double>>& Renderer::pass_times() {
    return state_->timer.milliseconds();
}

void Renderer::State::fit_target(uint32_t width, uint32_t height, Tier tier) {
    if (target.colour && target.colour.width() == width && target.colour.height() == height &&
        target.tier == tier)
        return;
    device.wait_idle();
    damage.forget();
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
    pen_hull = hull_of(pen_mesh, *pen_shape);
    pen_vertices =
        gpu::Buffer(device, pen_mesh.vertices.size() * sizeof(PenVertex), gpu::Memory::upload, "pen");
    pen_indices = gpu::Buffer(device, pen_mesh.indices.size() * 4, gpu::Memory::upload, "pen triangles");
    pen_vertices.write<PenVertex>(pen_mesh.vertices);
    pen_indices.write<uint32_t>(pen_mesh.indices);
}

/// Writes rectangles (left, top, right, bottom) to a buffer that grows with them.
void Renderer::State::fill(gpu::Buffer& buffer, const std::vector<glm::vec4>& rectangles, const char* name) {
    const uint64_t bytes = rectangles.size() * sizeof(glm::vec4);
    if (buffer.size() < bytes) buffer = gpu::Buffer(device, bytes * 2, gpu::Memory::upload, name);
    if (bytes > 0) buffer.write<glm::vec4>(rectangles);
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
    set_camera(frame, scene.camera, scene.part, width, height);
    set_lights(frame);
    if (scene.pen) set_pen(frame, *reinterpret_cast<shared::Plate*>(into.plate.bytes().data()), *scene.pen);
    set_fingers(frame, scene.fingers);
    field_reach = {};
    if (scene.contact && scene.kernel) {
        frame.contact_points = static_cast<uint32_t>(scene.contact->points.size());
        frame.contact_position = glm::vec3(scene.contact->position);
        frame.contact_dent = float(scene.contact->dent);
        auto& field = *reinterpret_cast<shared::SkinField*>(into.field.bytes().data());
        field_reach = fill_skin_field(*scene.contact, *scene.kernel, frame, field);
        if (frame.contact_points > 0)
            field_reach.dent.w = std::max(field_reach.dent.w, frame.pen_radius + Damage::kPaleReach);
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
    frame.outlined_zone = scene.outlined_zone ? *scene.outlined_zone : shared::kOutlineAll;
    may_mark = painting == Painting::at_once ? UINT32_MAX : kPuncturesInTurns;
    for (size_t i = wipes.size(); stage && i < scene.wipes.size(); ++i)
        if (!take_wipe(scene.wipes[i])) break;
    if (stage) mark_until(time);
    frame.wipes = static_cast<uint32_t>(wipes.size());
    if (!wipes.empty()) frame.wipe_clock = float(std::floor(time / kWipeClock) * kWipeClock);
    frame.healed_from = scene.healing ? float((scene.healing->split - scene.part.left) / scene.part.width) : 0;
    frame.healed_from_pixel = frame.healed_from * float(width);
    frame.marks_shown = atlas.marked() || !new_marks.empty() || !wipes.empty();
    if (stage) {
        const face::FaceAsset& face = *stage->face;
        frame.cell_count = stage->cell_count;
        frame.albedo_melanin = float(melanin_of(face.fitzpatrick));
        frame.albedo_blood = float(blood_of(face.fitzpatrick));
        frame.mean_skin = face.kind == face::Kind::pad ? kSilicone : skin_colour(frame.albedo_melanin, frame.albedo_blood);
        const uint64_t index_bytes = stage->indices.size() * 4;
        if (into.indices.size() < index_bytes)
            into.indices = gpu::Buffer(device, index_bytes, gpu::Memory::upload, "visible triangles");
        if (!scene.highlighted_cells.empty()) {
            if (highlighted != scene.highlighted_cells)
                highlight_share = highlight_shares(face.cells, highlighted = scene.highlighted_cells);
            const uint64_t bytes = (stage->cell_count / 4 + 1) * 4;
            if (into.highlights.size() < bytes)
                into.highlights = gpu::Buffer(device, bytes, gpu::Memory::upload, "highlights");
            into.highlights.write<uint8_t>(highlight_share);
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
    choose_near_marks(scene, views[0], into.near_marks);
    if (!scene.inset) return views;
    const Inset& asked = *scene.inset;
    const Crop all{asked.left, asked.top, asked.width, asked.height}, seen = common(all, scene.part);
    const vk::Rect2D place = place_of(within(scene.part, seen), width, height);
    if (place.extent.width == 0 || place.extent.height == 0) return views;
    if (!into.inset_frame)
        into.inset_frame = gpu::Buffer(device, sizeof(shared::Frame), gpu::Memory::upload, "inset's frame");
    if (into.inset_indices.size() < into.indices.size())
        into.inset_indices = gpu::Buffer(device, into.indices.size(), gpu::Memory::upload, "inset's triangles");
    shared::Frame inset = frame;
    set_camera(inset, asked.camera, within(all, seen), place.extent.width, place.extent.height);
    into.inset_frame.write<shared::Frame>({&inset, 1});
    views.push_back({inset, into.inset_frame, into.inset_indices, place, true});
    choose_near_marks(scene, views[1], into.inset_near_marks);
    return views;
}

void Renderer::State::bleed(const shared::Puncture& puncture, uint32_t due_us) {
    coming.push_back({due_us, puncture});
    coming.back().puncture.depth_tilt |= shared::kMarkBleeds;
}

/// Tells the atlas and the near marks of needles that struck until then and of droplets that came out. False: the rest is for
/// the next picture.
bool Renderer::State::mark_until(double until) {
    bool all = true;
    for (; marks_waiting < new_punctures.size(); ++marks_waiting) {
        shared::Puncture mark = new_punctures[marks_waiting];
        if (mark.time_us * 1e-6 > until && until < time) break;
        if (may_mark == 0) {
            until = std::min(until, mark.time_us * 1e-6);  // droplets come in the order of time, with later marks
            all = false;
            break;
        }
        --may_mark;
        if (doses->bleeds(mark)) bleed(mark, doses->droplet_us(mark));
        mark.depth_tilt &= ~shared::kMarkBleeds;
        mark.force_needle &= ~shared::kMarkWiped;
        near_marks.add({&mark, 1});
        if (has_room(mark.cell)) new_marks.push_back(mark);
    }
    std::ranges::stable_sort(coming, {}, &ComingDroplet::due_us);
    const auto out = std::ranges::upper_bound(coming, until, {}, [](const ComingDroplet& d) { return d.due_us * 1e-6; });
    for (auto droplet = coming.begin(); droplet != out; ++droplet) {
        near_marks.add({&droplet->puncture, 1});
        new_marks.push_back(droplet->puncture);
    }
    coming.erase(coming.begin(), out);
    return all;
}

/// Counts one more needle mark of a cell; false where the atlas has enough of them.
bool Renderer::State::has_room(uint32_t cell) {
    if (cell >= marks_on.size()) return true;
    const uint64_t most = std::max<uint64_t>(1, uint64_t{stage->face->cells.area_um2[cell]} * kMarksPerMm2 / 1'000'000);
    return marks_on[cell] < most && ++marks_on[cell] > 0;
}

/// How many of the marks that wait this picture shows.
uint32_t Renderer::State::marks_now() const {
    const auto waiting = static_cast<uint32_t>(new_marks.size());
    return painting == Painting::at_once ? waiting : std::min(waiting, kMarksInTurns);
}

/// Finds what the pad takes with it. The droplets that it meets are gone, those that come out later stay, and some come again.
/// False: what came before it is not all marked, so it is for the next picture.
bool Renderer::State::take_wipe(const WipeStroke& stroke) {
    if (!mark_until(stroke.time)) return false;
    const mesh::SurfaceMesh& mesh = stage->face->mesh;
    WipeTrace trace = trace_wipe(stroke, {});
    if (trace.points.size() < 2) {
        wipes.emplace_back().after = static_cast<uint32_t>(new_marks.size());
        return true;
    }
    std::vector<Spill> spills;
    near_marks.droplets_near(glm::vec3(trace.points.front()), trace.length + trace.width, [&](shared::Puncture& p) {
        if ((p.force_needle & shared::kMarkWiped) != 0) return;
        const double u = (p.weights & 0xffffu) / 65535.0, v = (p.weights >> 16) / 65535.0;
        const mesh::SurfacePoint point{p.triangle, {1 - u - v, u, v}};
        const Spill spill{glm::vec3(position_at(mesh, point)), glm::vec3(normal_at(mesh, point)),
                          shared::droplet_radius(p) * 1e-3f};
        if (!place_on(trace, spill.place, spill.normal)) return;
        spills.push_back(spill);
        if (const uint32_t again = doses->again_us(p, to_us(stroke.time))) bleed(p, again);
        p.force_needle |= shared::kMarkWiped;
    });
    trace = trace_wipe(stroke, spills);

    device.wait_idle();
    AtlasWipe wipe;
    wipe.told = {trace.width, trace.length, WipeTrace::kSoft, WipeTrace::kStep, trace.lanes, trace.steps,
                 uint32_t(wipes.size()) * 7919u};
    const std::vector<WipeTriangle> under = triangles_under(trace, mesh);
    wipe.count = static_cast<uint32_t>(under.size());
    const auto upload = [&]<typename T>(const std::vector<T>& values, const char* name) {
        gpu::Buffer buffer(device, std::max<size_t>(values.size(), 1) * sizeof(T), gpu::Memory::upload, name);
        if (!values.empty()) buffer.write<T>(values);
        return buffer;
    };
    wipe.points = upload(trace.points, "wipe");
    wipe.film = upload(trace.film, "wiped blood");
    wipe.under = upload(under, "triangles under a wipe");
    wipe.after = static_cast<uint32_t>(new_marks.size());

    glm::vec3 low(1e9f), high(-1e9f);
    for (const glm::vec4& p : trace.points) low = glm::min(low, glm::vec3(p)), high = glm::max(high, glm::vec3(p));
    const auto may_reach = [&](glm::vec3 p) {
        return glm::all(glm::greaterThan(p, low - trace.width)) && glm::all(glm::lessThan(p, high + trace.width));
    };
    auto* dry = reinterpret_cast<glm::vec2*>(wiped.bytes().data());
    for (size_t i = 0; i < stage->skin.vertex_count(); ++i) {
        if (!may_reach(glm::vec3(stage->skin.positions[i]))) continue;
        const auto at = place_on(trace, glm::vec3(stage->skin.positions[i]), glm::vec3(0));
        if (at && at->cover > 0.05f) dry[i] = {at->cover, float(stroke.time)};
    }
    if (const uint32_t time_us = to_us(stroke.time); answered_us == 0 || time_us > answered_us)
        new_cell_wipes.push_back({time_us, cells_under(trace, stage->face->cells)});
    wipes.push_back(std::move(wipe));
    return true;
}

/// Those that the atlas has not yet got and that come with the next `marks`.
std::span<const AtlasWipe> Renderer::State::new_wipes(uint32_t marks) {
    const auto fresh = std::span<AtlasWipe>(wipes).subspan(wipes_painted);
    const auto later = std::ranges::upper_bound(fresh, marks, {}, &AtlasWipe::after);
    const auto due = static_cast<size_t>(later - fresh.begin());
    for (AtlasWipe& wipe : fresh.subspan(due)) wipe.after -= marks;
    wipes_painted += due;
    return fresh.first(due);
}

/// Tells the view's programs which marks are drawn one by one. Under an overlay none is to be seen.
void Renderer::State::choose_near_marks(const SceneView& scene, View& view, NearSlot& into) {
    if (!stage) return;
    std::vector<shared::Puncture> chosen, droplets;
    // On the CPU driver a mark takes 2.3 us, most of it on one thread.
    const uint32_t most = target.tier != Tier::cpu ? kMostNearMarks : scene.still || unhurried ? kMostNearMarksStill : kMostNearMarksCpu;
    if (scene.overlay == Overlay::none && !healing.active())
        view.frame.near_marks =
            near_marks.choose({view.frame.clip_from_world, view.frame.eye, view.frame.pixel_size}, most, chosen, droplets);
    // The first draw of a pipeline compiles it: a face's first picture draws what nobody sees.
    const shared::Puncture nowhere{0, shared::kNoCell, 0, 0, 0, 0};
    if (draw_everything) chosen.push_back(nowhere), droplets.push_back(nowhere);
    chosen.insert(chosen.end(), droplets.begin(), droplets.end());
    if (chosen.empty()) return;
    view.near_droplets = static_cast<uint32_t>(droplets.size());
    view.near_count = static_cast<uint32_t>(chosen.size());
    if (into.punctures.size() < chosen.size() * sizeof(shared::Puncture)) {
        const size_t room = 2 * chosen.size();
        into.punctures = gpu::Buffer(device, room * sizeof(shared::Puncture), gpu::Memory::upload, "near punctures");
        into.marks = gpu::Buffer(device, room * sizeof(shared::NearMark), gpu::Memory::device, "near marks");
    }
    into.punctures.write<shared::Puncture>(chosen);
    view.near_marks = &into;
    view.constants.write<shared::Frame>({&view.frame, 1});
    work.near_marks += view.near_count;
}

/// What of the last picture cannot stay; without a face everything.
Redraw Renderer::State::decide(const SceneView& scene, std::span<const View> views) {
    const uint32_t width = target.colour.width(), height = target.colour.height();
    if (!stage) {
        Redraw all{true, Tiles(width, height), {}};
        all.tiles.mark_all();
        return all;
    }
    Moment now;
    now.frame = views[0].frame;
    now.width = width;
    now.height = height;
    now.whole = scene.plain_background || scene.still || draw_everything ||
                marks_now() > Damage::kMostPunctures;
    now.outline_zones = scene.outline_zones;
    now.highlighted_cells = scene.highlighted_cells;
    if (scene.pen) now.tool = placed(pen_hull, now.frame);
    if (scene.pen) now.pins = scene.pen->pins;
    now.field = field_reach;
    const mesh::SurfaceMesh& mesh = stage->face->mesh;
    for (size_t i = 0; i < marks_now() && !now.whole; ++i) {
        const glm::uvec3 corners = mesh.triangles[new_marks[i].triangle];
        const float u = float(new_marks[i].weights & 0xffffu) / 65535, v = float(new_marks[i].weights >> 16) / 65535;
        now.punctures.push_back(glm::vec3(mesh.positions[corners.x]) * (1 - u - v) +
                                glm::vec3(mesh.positions[corners.y]) * u + glm::vec3(mesh.positions[corners.z]) * v);
    }
    std::vector<Sight> sights;
    for (const View& view : views) sights.push_back(sight_of(view));
    if (views.size() > 1) now.inset = views[1].place;
    return damage.next(std::move(now), *stage, sights);
}

/// Places the vertices that the picture needs anew.
void Renderer::State::record_vertices(vk::CommandBuffer commands, Slot& from, std::span<const View> views,
                                      const Redraw& redraw) {
    const shared::Frame& frame = views[0].frame;
    const auto reached = [&](const Block& block) {
        if (field_reach.meets(block.centre, block.radius)) return shared::kReachField;
        return frame.pen_shown && pen_shades(frame, block) ? shared::kReachShade : shared::kReachNothing;
    };
    std::vector<uint32_t> lists[3];
    for (uint32_t b = 0; b < stage->blocks.size(); ++b) {
        if (!redraw.blocks[b] && !draw_everything) continue;
        uint32_t now = reached(stage->blocks[b]);
        // The first dispatch of a program compiles it: a face's first picture uses all three.
        if (draw_everything) now = std::max(now, b % uint32_t(std::size(lists)));
        lists[now].push_back(b);
    }
    draw_everything = false;

    if (from.blocks.size() < stage->blocks.size() * 4)
        from.blocks =
            gpu::Buffer(device, stage->blocks.size() * 4, gpu::Memory::upload, "blocks of vertices");
    const std::span<uint32_t> blocks(reinterpret_cast<uint32_t*>(from.blocks.bytes().data()),
                                     stage->blocks.size());
    uint32_t first = 0;
    for (uint32_t k = std::size(lists); k-- > 0;) {  // the field's first, as it is timed by itself
        if (lists[k].empty()) continue;
        std::ranges::copy(lists[k], blocks.begin() + first);
        const auto count = static_cast<uint32_t>(lists[k].size());
        if (k == shared::kReachField) {
            gpu::dispatch(commands, skin_field,
                          {from.frame, from.field, stage->field_vertices, from.blocks, shifts},
                          gpu::bytes_of(first), count);
            gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
            timer.mark(commands, "skin field");
        }
        gpu::dispatch(commands, vertices[k],
                      {from.frame, shifts, stage->vertices, stage->lights, colours,
                       healing.active() ? healing.calm() : stage->looks,
                       tracker->cells(), stage->cell_begin, stage->cell_neighbours,
                       tracker->statistics(), from.highlights, stage->drawn,
                       stage->drawn_order, from.blocks, wiped, cell_places},
                      gpu::bytes_of(first), count);
        first += count;
    }
    work.blocks = first;
}

/// Takes the new evidence into the skin's response, and shows it anew when a tick has passed.
void Renderer::State::record_response(vk::CommandBuffer commands, Slot& from, const shared::Frame& frame) {
    const uint32_t now_us = to_us(time), tick = shared::tick_of(now_us);
    response->add(doses->of(uncounted(), new_contacts, new_cell_wipes, now_us));
    // After a leap in time, and for another overlay, all cells look different; else those that live, tick by tick. An overlay
    // shows a needle at once.
    const bool leapt = !shown_tick || tick < *shown_tick || tick > *shown_tick + 2 * shared::kTicksPerSecond;
    // What is looked at longest is exact: cells that live by the clock of their block are brought up to the moment.
    const bool all = leapt || frame.overlay != shown_overlay || !new_cell_wipes.empty() || (still && shown_whole != tick);
    const bool at_once = !uncounted().empty() && frame.overlay != uint32_t(Overlay::none);
    if (!all && !at_once && shown_tick == tick) return;
    if (all || shown_tick != tick)
        response->show(commands, tick, all);
    else
        response->show_round(uncounted());
    if (all) shown_whole = tick;
    shown_tick = tick;
    shown_overlay = frame.overlay;
    if (response->shown_count() == 0) return;
    gpu::dispatch(commands, look,
                  {from.frame, tracker->cell_tallies(), stage->cell_begin, stage->cell_neighbours, stage->looks,
                   tracker->cells(), response->signs(), response->seen_redness(), response->shown_blocks()},
                  {}, response->shown_count());
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
}

void Renderer::State::record_evidence(vk::CommandBuffer commands, Slot& from, std::span<const View> views,
                                      const Redraw& redraw) {
    const uint32_t count = marks_now();
    if (from.punctures.size() < count * sizeof(shared::Puncture))
        from.punctures =
            gpu::Buffer(device, 2 * count * sizeof(shared::Puncture), gpu::Memory::upload, "new marks");
    from.punctures.write<shared::Puncture>(std::span(new_marks).first(count));
    tracker->add(commands, uncounted(), new_contacts);
    if (!uncounted().empty() || !new_contacts.empty())
        ++stale_pictures;
    else if (stale_pictures > 0)
        ++stale_pictures;
    if (stale_pictures > kStatisticsEvery) {
        tracker->compute_statistics(commands, coverage_floor);
        stale_pictures = 0;
    }
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    timer.mark(commands, "tracking");
    atlas.record(commands, *stage, from.punctures, count, new_wipes(count), painting);
    timer.mark(commands, "marks");
    record_response(commands, from, views[0].frame);
    new_marks.erase(new_marks.begin(), new_marks.begin() + count);
    if (marks_waiting == new_punctures.size()) {
        new_punctures.clear();
        marks_waiting = 0;
    }
    counted = new_punctures.size();
    new_contacts.clear();
    new_cell_wipes.clear();
    timer.mark(commands, "response");
    healing.record(commands, *stage, from.frame, cell_places);
    gpu::barrier(commands, kVertexRead, gpu::kComputeWrite);
    record_vertices(commands, from, views, redraw);
    gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    place_near_marks(commands, views);
    gpu::barrier(commands, gpu::kComputeWrite, kPlacedRead);
    timer.mark(commands, "vertices");
}

void Renderer::State::draw_surfaces(vk::CommandBuffer commands, const View& view, bool hair, const Tiles* where,
                                    Tiles& edges, Pieces* pieces) {
    const std::span<uint32_t> indices(reinterpret_cast<uint32_t*>(view.indices.bytes().data()),
                                      view.indices.size() / 4);
    const double pixel_mm = 1e3 * view.frame.pixel_size * nearest_skin(*stage, view.frame.eye);
    const auto draw = [&](uint32_t material, uint32_t first, uint32_t count) {
        commands.bindVertexBuffers(0, stage->drawn.handle(), vk::DeviceSize{0});
        commands.bindIndexBuffer(view.indices.handle(), 0, vk::IndexType::eUint32);
        if (target.tier == Tier::high)
            gpu::bind(commands, surface_for(material),
                      {view.constants, {atlas.level(pixel_mm), *sampler}, high->lamp(slot), high->lamp_depth(),
                       high->lamp_compare(), healing.vertices(), {healing.torn(), *sampler}});
        else
            gpu::bind(commands, surface_for(material),
                      {view.constants, {atlas.level(pixel_mm), *sampler}, healing.vertices(), {healing.torn(), *sampler}});
        commands.drawIndexed(count, 1, first, 0, 0);
    };
    const uint32_t most = 3 * (pieces ? pieces->triangles() : UINT32_MAX / 3);
    for (const Part& part : stage->parts) {
        if ((part.material == shared::kMaterialHair) != hair) continue;
        const uint32_t count =
            append_visible(*stage, part, sight_of(view), indices.subspan(part.first, part.count), edges, where);
        work.triangles += count / 3;
        for (uint32_t at = 0; at < count; at += std::min(most, count - at)) {
            draw(part.material, part.first + at, std::min(most, count - at));
            if (count - at > most) pieces->next();
        }
    }
}

/// After the vertices that they lie on.
void Renderer::State::place_near_marks(vk::CommandBuffer commands, std::span<const View> views) {
    for (const View& view : views)
        if (view.near_count > 0)
            gpu::dispatch(commands, near_places,
                          {view.constants, stage->vertices, stage->triangles, stage->drawn, view.near_marks->punctures,
                           view.near_marks->marks},
                          gpu::bytes_of(view.near_count), groups(view.near_count));
}

void Renderer::State::draw_near_marks(vk::CommandBuffer commands, const Programs& use, const View& view) {
    if (view.near_count == 0) return;
    const double pixel_mm = 1e3 * view.frame.pixel_size * nearest_skin(*stage, view.frame.eye);
    const uint32_t marks = view.near_count - view.near_droplets;
    for (const bool bleeding : {false, true}) {
        gpu::bind(commands, use.near_marks[bleeding],
                  {view.near_marks->marks, view.constants, {atlas.level(pixel_mm), *sampler}});
        commands.draw(6 * (bleeding ? view.near_droplets : marks), 1, bleeding ? 6 * marks : 0, 0);
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
        gpu::bind(commands, use.cartridge, {view.constants, from.plate});
        commands.drawIndexed(pen_mesh.clear_count, 1, pen_mesh.opaque_count, 0, 0);
        return;
    }
    gpu::bind(commands, use.pen, {view.constants, from.plate});
    commands.drawIndexed(pen_mesh.opaque_count, 1, 0, 0, 0);
    const auto pins = static_cast<uint32_t>(std::min<size_t>(pen.pins.size(), shared::kMostPins));
    gpu::bind(commands, use.needles, {view.constants, from.plate});
    if (pins > 0 && pen.tool != Tool::roller)  // whose drum carries its own
        commands.drawIndexed(pen_mesh.needle_count, pins, pen_mesh.opaque_count + pen_mesh.clear_count, 0, 0);
}

void Renderer::State::draw_fingers(vk::CommandBuffer commands, const Programs& use, const Slot& from, const View& view) {
    commands.bindVertexBuffers(0, finger_vertices.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(finger_indices.handle(), 0, vk::IndexType::eUint32);
    gpu::bind(commands, use.fingers, {view.constants, from.plate});
    commands.drawIndexed(finger_mesh.opaque_count, view.frame.finger_count, 0, 0, 0);
}

/// What stands in the picture, from front to back where it hides and from back to front where it shines through.
void Renderer::State::draw_scene(vk::CommandBuffer commands, const SceneView& scene, const Slot& from,
                                 const View& view, const Tiles* where, Tiles& edges, Pieces* pieces) {
    const Programs& use = programs_for(target.tier);
    if (stage) draw_surfaces(commands, view, false, where, edges, pieces);
    if (stage) draw_near_marks(commands, use, view);
    if (!scene.plain_background || view.inset) {
        gpu::bind(commands, use.background, {});
        commands.draw(3, 1, 0, 0);
    }
    if (stage) draw_surfaces(commands, view, true, where, edges, nullptr);
    if (stage && scene.outline_zones) draw_outline(commands, use, view);
    if (view.frame.finger_count > 0) draw_fingers(commands, use, from, view);
    for (const bool clear_part : {false, true})
        if (scene.pen) draw_pen(commands, use, from, view, *scene.pen, clear_part);
}

static void clear_depth(vk::CommandBuffer commands, const vk::Rect2D& place) {
    commands.clearAttachments(vk::ClearAttachment(vk::ImageAspectFlagBits::eDepth, 0, vk::ClearDepthStencilValue(1, 0)),
                              vk::ClearRect(place, 0, 1));
}

/// Puts parts of the depth image back to the farthest: `count` rectangles of the openings from `first` on.
void Renderer::State::open(vk::CommandBuffer commands, const Slot& from, uint32_t first, uint32_t count) {
    const glm::vec2 per_pixel(1.0f / float(target.raw.width()), 1.0f / float(target.raw.height()));
    gpu::bind(commands, opening, {from.openings}, gpu::bytes_of(per_pixel));
    commands.draw(6 * count, 1, 6 * first, 0);
}

/// The second camera's picture, over the first in its own share of the same images, whose depth there is the farthest. Its
/// background hides all colour that was there.
void Renderer::State::draw_inset(vk::CommandBuffer commands, const SceneView& scene, const Slot& from,
                                 const View& view) {
    commands.setViewport(0, viewport_of(view.place));
    commands.setScissor(0, view.place);
    Tiles no_edges(1, 1);
    draw_scene(commands, scene, from, view, nullptr, no_edges, nullptr);
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
    high->record_lamp(commands, slot, frame, scene.camera, aspect_of(scene.part, width, height),
                      stage ? stage->centre : glm::vec3(0), stage ? stage->radius : 0.2f, casters(scene, frame));
    timer.mark(commands, "lamp");
    high->begin_surfaces(commands, scene.plain_background);
    Tiles no_edges(width, height);
    draw_scene(commands, scene, from, views[0], nullptr, no_edges, nullptr);
    for (const View& inset : views.subspan(1)) {
        clear_depth(commands, inset.place);
        draw_inset(commands, scene, from, inset);
    }
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
                                     std::span<const View> views, const Redraw& redraw) {
    const shared::Frame& frame = views[0].frame;
    const uint32_t width = target.colour.width(), height = target.colour.height();
    const bool resolves = target.tier != Tier::cpu, keeps = !resolves && !redraw.all;
    const auto drawing = vk::ImageLayout::eColorAttachmentOptimal;
    if (resolves)
        gpu::transition(commands, target.colour, vk::ImageLayout::eUndefined, drawing,
                        {Stages::eTransfer | Stages::eColorAttachmentOutput, Access::eNone}, kColourWrite);
    gpu::transition(commands, target.raw,
                    keeps ? vk::ImageLayout::eShaderReadOnlyOptimal : vk::ImageLayout::eUndefined, drawing,
                    {Stages::eFragmentShader | Stages::eColorAttachmentOutput, Access::eNone}, kColourWrite);
    gpu::transition(commands, target.depth, vk::ImageLayout::eUndefined,
                    vk::ImageLayout::eDepthAttachmentOptimal, kDepthWrite, kDepthWrite);

    vk::RenderingAttachmentInfo colour(target.raw.view(), drawing);
    colour
        .setLoadOp(keeps                    ? vk::AttachmentLoadOp::eLoad
                   : scene.plain_background ? vk::AttachmentLoadOp::eClear
                                            : vk::AttachmentLoadOp::eDontCare)
        .setClearValue(kPlainBackground)
        .setStoreOp(resolves ? vk::AttachmentStoreOp::eDontCare : vk::AttachmentStoreOp::eStore);
    if (resolves)
        colour.setResolveMode(vk::ResolveModeFlagBits::eAverage)
            .setResolveImageView(target.colour.view())
            .setResolveImageLayout(drawing);
    // What stays is hidden by the nearest depth; what is drawn anew is opened.
    vk::RenderingAttachmentInfo depth(target.depth.view(), vk::ImageLayout::eDepthAttachmentOptimal);
    depth.setLoadOp(vk::AttachmentLoadOp::eClear)
        .setStoreOp(target.raw_again ? vk::AttachmentStoreOp::eStore : vk::AttachmentStoreOp::eDontCare)
        .setClearValue(vk::ClearDepthStencilValue(keeps ? 0.0f : 1.0f, 0));
    Pieces pieces(commands, vk::RenderingInfo({}, {{0, 0}, {width, height}}, 1), colour, depth, *target.raw_again);

    std::vector<glm::vec4> openings;
    if (keeps) openings = redraw.tiles.rectangles();
    const auto opened = static_cast<uint32_t>(openings.size());
    for (const View& inset : views.subspan(1)) openings.push_back(corners(inset.place));
    fill(from.openings, openings, "openings");
    if (opened > 0) open(commands, from, 0, opened);

    Tiles edges(width, height), changed = redraw.tiles;
    draw_scene(commands, scene, from, views[0], keeps ? &redraw.tiles : nullptr, edges, &pieces);
    if (!keeps) standing_edges = edges;
    edges.add(standing_edges);
    if (frame.highlights) edges.mark_all();  // zone borders have soft edges of their own
    if (scene.pen)
        for (const Ball& ball : placed(pen_hull, frame)) edges.mark(frame.clip_from_world, glm::vec3(ball), ball.w);
    mark_fingers(edges, frame);
    for (const View& inset : views.subspan(1)) {
        resolves ? clear_depth(commands, inset.place) : open(commands, from, opened, 1);
        draw_inset(commands, scene, from, inset);
        edges.mark(inset.place);
        changed.mark(inset.place);
    }
    pieces.end();
    timer.mark(commands, "picture");
    work.tiles = changed.count();
    if (!resolves) smooth_edges(commands, from, keeps ? &changed : nullptr, edges);
    else gpu::transition(commands, target.colour, drawing, kTargetLayout, kColourWrite, gpu::kTransferRead);
}

/// Copies what changed (nothing told: everything) to the finished picture, and smooths its edges.
void Renderer::State::smooth_edges(vk::CommandBuffer commands, Slot& from, const Tiles* changed, const Tiles& edges) {
    const uint32_t width = target.colour.width(), height = target.colour.height();
    const auto drawing = vk::ImageLayout::eColorAttachmentOptimal,
               source = vk::ImageLayout::eTransferSrcOptimal, copied = vk::ImageLayout::eTransferDstOptimal;
    gpu::transition(commands, target.raw, drawing, source, kColourWrite, gpu::kTransferRead);
    gpu::transition(commands, target.colour, changed ? kTargetLayout : vk::ImageLayout::eUndefined, copied,
                    gpu::kTransferRead, gpu::kTransferWrite);
    // Smoothing looks a few pixels aside, so it changes the neighbours of what changed.
    Tiles smoothed = edges, within(width, height);
    if (changed)
        within = changed->grown();
    else
        within.mark_all();
    smoothed.keep(within);
    const vk::ImageSubresourceLayers layers(vk::ImageAspectFlagBits::eColor, 0, 0, 1);
    std::vector<vk::ImageCopy> copies;
    for (const glm::vec4& r : within.rectangles()) {
        const vk::Offset3D at{int32_t(r.x), int32_t(r.y), 0};
        copies.push_back({layers, at, layers, at, {uint32_t(r.z - r.x), uint32_t(r.w - r.y), 1}});
    }
    if (!copies.empty())
        commands.copyImage(target.raw.handle(), source, target.colour.handle(), copied, copies);
    gpu::transition(commands, target.raw, source, vk::ImageLayout::eShaderReadOnlyOptimal, gpu::kTransferRead,
                    kSampled);
    gpu::transition(commands, target.colour, copied, drawing, gpu::kTransferWrite, kColourWrite);
    const std::vector<glm::vec4> rectangles = smoothed.rectangles();
    work.edge_rectangles = static_cast<uint32_t>(rectangles.size());
    if (!rectangles.empty()) {
        fill(from.rectangles, rectangles, "parts with edges");
        vk::RenderingAttachmentInfo colour(target.colour.view(), drawing);
        colour.setLoadOp(vk::AttachmentLoadOp::eLoad).setStoreOp(vk::AttachmentStoreOp::eStore);
        commands.beginRendering(vk::RenderingInfo({}, {{0, 0}, {width, height}}, 1, 0, colour));
        commands.setViewport(0, vk::Viewport(0, 0, float(width), float(height), 0, 1));
        commands.setScissor(0, vk::Rect2D({0, 0}, {width, height}));
        const glm::vec2 per_pixel(1.0f / float(width), 1.0f / float(height));
        gpu::bind(commands, this->edges, {from.rectangles, {target.raw, *sampler}}, gpu::bytes_of(per_pixel));
        commands.draw(6 * static_cast<uint32_t>(rectangles.size()), 1, 0, 0);
        commands.endRendering();
    }
    gpu::transition(commands, target.colour, drawing, kTargetLayout, kColourWrite, gpu::kTransferRead);
    timer.mark(commands, "edges");
}

void Renderer::draw(vk::CommandBuffer commands, const SceneView& scene, uint32_t width, uint32_t height) {
    State& s = *state_;
    CHECK(width > 0 && height > 0, width, height);
    s.slot = (s.slot + 1) % kSlots;
    Slot& slot = s.slots[s.slot];
    s.device.wait(slot.submission);
    slot.submission = s.device.submission();
    s.still = scene.still;
    s.fit_target(width, height, scene.tier);
    if (scene.pen) s.fit_pen(*scene.pen);
    if (!scene.fingers.empty()) s.fit_fingers();
    if (s.stage && s.healing.take(scene.healing, *s.stage, s.slot)) s.damage.forget();
    const shared::Frame frame = s.fill_frame(scene, width, height, slot);
    s.work = {};
    const std::vector<View> views = s.fill_views(scene, frame, width, height, slot);
    if (s.timing) s.timer.begin(commands);
    // The finished skin is shown all over from the picture after the one that finished it.
    if (s.drafted && s.atlas.finished()) s.damage.forget();
    s.drafted = s.stage && !s.atlas.finished();
    const Redraw redraw = s.decide(scene, views);
    if (s.stage) s.record_evidence(commands, slot, views, redraw);
    if (scene.tier == Tier::high)
        s.record_high(commands, scene, slot, views);
    else
        s.record_picture(commands, scene, slot, views, redraw);
}

base::Result<base::Image> Renderer::render_image(const SceneView& scene, uint32_t width, uint32_t height,
                                                 bool draft_will_do) {
    State& s = *state_;
    const uint32_t most = s.device.info().max_image;
    if (width == 0 || height == 0 || width > most || height > most)
        return base::error("a picture of {}x{} cannot be drawn: sides must be 1 to {} pixels", width, height,
                           most);
    base::Image image{width, height, {}};
    auto done = gpu::guarded("drawing the picture", [&] {
        s.damage.forget();
        s.stale_pictures = kStatisticsEvery;  // one picture, so its statistics are computed at once
        const Painting usual = s.painting;
        if (!draft_will_do) s.painting = Painting::at_once;
        s.unhurried = true;
        s.device.run([&](vk::CommandBuffer commands) { draw(commands, scene, width, height); });
        s.unhurried = false;
        s.painting = usual;
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
