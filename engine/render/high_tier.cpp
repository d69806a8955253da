#include "engine/render/high_tier.h"

#include "engine/render/pen_mesh.h"
#include "engine/render/skin_colour.h"

#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <cmath>

namespace render {

namespace {

using Type = vk::DescriptorType;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;
using Layout = vk::ImageLayout;

constexpr vk::Format kLight = vk::Format::eR16G16B16A16Sfloat;
constexpr vk::Format kShare = vk::Format::eR8G8B8A8Unorm;
constexpr vk::Format kDepth = vk::Format::eD32Sfloat;
constexpr vk::SampleCountFlagBits kSamples = vk::SampleCountFlagBits::e4;
constexpr uint32_t kMapSize = 2048;
constexpr float kNear = 0.02f, kFar = 5.0f;  // m, of Camera::projection
constexpr float kLampSpread = 0.11f;         // a lamp 22 cm wide about 1 m away

constexpr gpu::Use kColourWrite{Stages::eColorAttachmentOutput,
                                Access::eColorAttachmentWrite | Access::eColorAttachmentRead};
constexpr gpu::Use kDepthWrite{Stages::eEarlyFragmentTests | Stages::eLateFragmentTests |
                                   Stages::eColorAttachmentOutput,  // where depth is resolved
                               Access::eDepthStencilAttachmentWrite | Access::eDepthStencilAttachmentRead |
                                   Access::eColorAttachmentWrite};
constexpr gpu::Use kSampled{Stages::eFragmentShader, Access::eShaderSampledRead};

/// The renderer's plain background (0.235, 0.26, 0.285 in the picture) in linear light before tone.frag.
const vk::ClearValue kPlainBackground{vk::ClearColorValue(0.0469f, 0.0577f, 0.0698f, 1.0f)};

/// Burley's profile exp(-r/d)/8πdr + exp(-r/3d)/8πdr as Gaussians: widths in d, and shares. The light within any distance
/// is met within 1.3 % (fitted by us).
struct Gaussian {
    double width, share;
};
constexpr Gaussian kProfile[] = {
    {0.1078, 0.1072}, {0.5860, 0.2508}, {1.4485, 0.2674}, {2.8152, 0.2236}, {5.4013, 0.1510}};

/// Share of the spread that falls within x of the line where the light enters.
double within(double x, double distance, double narrow_share) {
    constexpr double kNarrow = 0.10;  // mm: about one way through the epidermis and back (A)
    const auto side = [&](double width) { return std::erf(x / (width * std::sqrt(2.0))); };
    double sum = 0, shares = 0;
    for (const Gaussian& g : kProfile) {
        sum += g.share * side(g.width * distance);
        shares += g.share;
    }
    return narrow_share * side(kNarrow) + (1 - narrow_share) * sum / shares;
}

/// Light turned back in the horny layer and the epidermis, which melanin below cannot swallow, as reflectance (A).
constexpr double kEpidermisReturns = 0.024;

gpu::Pipeline full_picture(const gpu::Device& device, const base::fs::path& shaders, const char* fragment,
                           vk::Format format, std::vector<Type> bindings, uint32_t push_bytes,
                           std::vector<uint32_t> specialisation = {}) {
    gpu::GraphicsSettings settings;
    settings.vertex = shaders / "background.vert.spv";
    settings.fragment = shaders / fragment;
    settings.bindings = std::move(bindings);
    settings.push_bytes = push_bytes;
    settings.specialisation = std::move(specialisation);
    settings.depth_test = settings.depth_write = false;
    settings.colour = format;
    return gpu::make_graphics_pipeline(device, settings);
}

void begin_full_picture(vk::CommandBuffer commands, const gpu::Image& into) {
    vk::RenderingAttachmentInfo colour(into.view(), Layout::eColorAttachmentOptimal);
    colour.setLoadOp(vk::AttachmentLoadOp::eDontCare).setStoreOp(vk::AttachmentStoreOp::eStore);
    const vk::Extent2D size{into.width(), into.height()};
    commands.beginRendering(vk::RenderingInfo({}, {{0, 0}, size}, 1, 0, colour));
    commands.setViewport(0, vk::Viewport(0, 0, float(size.width), float(size.height), 0, 1));
    commands.setScissor(0, vk::Rect2D({0, 0}, size));
}

struct ScatterPush {
    glm::vec2 axis;
    float pixel_size, near, far;
};

}  // namespace

glm::dvec3 scatter_distance_mm() {
    // Per cm at 620, 550 and 460 nm: haemoglobin 150 g/l at 72 % saturation, what else absorbs, and reduced scattering, by
    // the sources of skin_colour.cpp.
    constexpr double kBlood[] = {13.4, 246, 206.6}, kBase[] = {0.319, 0.46, 1.08},
                     kScattering[] = {26.5, 37.4, 64.9};
    constexpr double kShare = 0.016;  // of blood: a face's own places differ more from one another than the types do
    const glm::vec3 dermis = skin_colour(0, kShare);
    glm::dvec3 result;
    for (int k = 0; k < 3; ++k) {
        const double absorption = kShare * kBlood[k] + (1 - kShare) * kBase[k];
        const double path = 10 / std::sqrt(3 * absorption * (absorption + kScattering[k]));
        const double above = dermis[k] - 0.33;  // Christensen & Burley 2015, equation 8
        result[k] = path / (3.5 + 100 * above * above * above * above);
    }
    return result;
}

shared::Scatter scatter_kernel(uint8_t fitzpatrick) {
    constexpr int kSide = (int(shared::kScatterTaps) - 1) / 2;
    const glm::dvec3 distance = scatter_distance_mm();
    const glm::vec3 albedo = skin_colour(melanin_of(fitzpatrick), blood_of(fitzpatrick));
    const double reach = 2.4 * kProfile[std::size(kProfile) - 1].width * std::max({distance.x, distance.y, distance.z});
    const auto place = [&](double k) { return reach * (k / kSide) * (k / kSide); };
    shared::Scatter result{};
    for (int k = 0; k <= kSide; ++k) {
        const double from = k == 0 ? 0 : (place(k - 1) + place(k)) / 2, to = (place(k) + place(k + 1)) / 2;
        glm::dvec3 share;
        for (int c = 0; c < 3; ++c) {
            const double narrow = std::min(kEpidermisReturns / double(albedo[c]), 0.9);
            const double outer = k == kSide ? 1.0 : within(to, distance[c], narrow);
            share[c] = outer - within(from, distance[c], narrow);
        }
        if (k == 0) {
            result.taps[0] = glm::vec4(glm::vec3(share), 0);
            continue;
        }
        result.taps[2 * k - 1] = glm::vec4(glm::vec3(share * 0.5), float(place(k)));
        result.taps[2 * k] = glm::vec4(glm::vec3(share * 0.5), float(-place(k)));
    }
    return result;
}

ScatterPass::ScatterPass(gpu::Device& device, const base::fs::path& shaders)
    : device_(device),
      nearest_(gpu::make_sampler(device, vk::Filter::eNearest, vk::SamplerAddressMode::eClampToEdge)),
      kernel_(device, sizeof(shared::Scatter), gpu::Memory::upload, "spread under the skin") {
    const std::vector<Type> bindings{Type::eCombinedImageSampler, Type::eCombinedImageSampler,
                                     Type::eStorageBuffer};
    first_ = full_picture(device, shaders, "scatter.frag.spv", kLight, bindings, sizeof(ScatterPush), {0});
    second_ = full_picture(device, shaders, "scatter.frag.spv", kLight, bindings, sizeof(ScatterPush), {1});
}

void ScatterPass::set_skin(uint8_t fitzpatrick) {
    if (skin_ == fitzpatrick) return;
    if (skin_ >= 0) device_.wait_idle();
    skin_ = fitzpatrick;
    const shared::Scatter kernel = scatter_kernel(fitzpatrick);
    kernel_.write<shared::Scatter>({&kernel, 1});
}

void ScatterPass::record(vk::CommandBuffer commands, const gpu::Image& light, const gpu::Image& between,
                         const gpu::Image& depths, std::span<const ScatterArea> areas) const {
    CHECK(skin_ >= 0);
    const auto spread = [&](const gpu::Pipeline& program, const gpu::Image& from, const gpu::Image& to,
                            glm::vec2 axis) {
        gpu::transition(commands, from, Layout::eColorAttachmentOptimal, Layout::eShaderReadOnlyOptimal,
                        kColourWrite, kSampled);
        begin_full_picture(commands, to);
        for (const ScatterArea& area : areas) {
            const ScatterPush push{axis, area.pixel_size, kNear * 1e3f, kFar * 1e3f};
            gpu::bind(commands, program, {{from, *nearest_}, {depths, *nearest_}, kernel_}, gpu::bytes_of(push));
            commands.setScissor(0, area.place);
            commands.draw(3, 1, 0, 0);
        }
        commands.endRendering();
    };
    spread(first_, light, between, {1, 0});
    gpu::transition(commands, light, Layout::eUndefined, Layout::eColorAttachmentOptimal, kSampled, kColourWrite);
    spread(second_, between, light, {0, 1});
    gpu::transition(commands, light, Layout::eColorAttachmentOptimal, Layout::eShaderReadOnlyOptimal, kColourWrite,
                    kSampled);
}

HighTier::HighTier(gpu::Device& device, const base::fs::path& shaders, vk::Format picture, uint32_t slots)
    : device_(device),
      scatter_(device, shaders),
      nearest_(gpu::make_sampler(device, vk::Filter::eNearest, vk::SamplerAddressMode::eClampToEdge)),
      compare_(gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge, true)),
      map_(device,
           {kMapSize, kMapSize, kDepth,
            vk::ImageUsageFlagBits::eDepthStencilAttachment | vk::ImageUsageFlagBits::eSampled},
           "the lamp's view") {
    tone_ = full_picture(device, shaders, "tone.frag.spv", picture,
                         {Type::eCombinedImageSampler, Type::eCombinedImageSampler, Type::eCombinedImageSampler,
                          Type::eCombinedImageSampler},
                         0);
    for (uint32_t i = 0; i < slots; ++i)
        lamps_.emplace_back(device, sizeof(shared::Lamp), gpu::Memory::upload, "lamp");
    gpu::GraphicsSettings caster;
    caster.vertex = shaders / "shadow.vert.spv";
    caster.push_bytes = sizeof(glm::mat4);
    caster.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, 0}};
    caster.depth = kDepth;
    caster.vertex_buffers = {{0, sizeof(shared::DrawnVertex), vk::VertexInputRate::eVertex}};
    skin_caster_ = gpu::make_graphics_pipeline(device, caster);
    caster.vertex_buffers = {{0, sizeof(PenVertex), vk::VertexInputRate::eVertex}};
    tool_caster_ = gpu::make_graphics_pipeline(device, caster);
}

void HighTier::into_surfaces(gpu::GraphicsSettings& settings) {
    settings.colour = kLight;
    settings.further_colours = {kShare, kLight, kShare};
    settings.depth = kDepth;
    settings.samples = kSamples;
}

void HighTier::release() {
    for (Layer* layer : {&entering_, &albedo_, &radiance_, &overlay_, &depth_}) *layer = {};
    between_ = {};
}

void HighTier::fit(uint32_t width, uint32_t height) {
    if (between_ && between_.width() == width && between_.height() == height) return;
    device_.wait_idle();
    release();
    using Usage = vk::ImageUsageFlagBits;
    const auto make = [&](Layer& layer, vk::Format format, const char* name) {
        const Usage attachment = format == kDepth ? Usage::eDepthStencilAttachment : Usage::eColorAttachment;
        layer.samples = gpu::Image(device_, {width, height, format, attachment, kSamples}, name);
        layer.resolved = gpu::Image(device_, {width, height, format, attachment | Usage::eSampled}, name);
    };
    make(entering_, kLight, "light entering skin");
    make(albedo_, kShare, "colour of skin");
    make(radiance_, kLight, "mirrored light");
    make(overlay_, kShare, "overlay");
    make(depth_, kDepth, "depth");
    between_ = gpu::Image(device_, {width, height, kLight, Usage::eColorAttachment | Usage::eSampled},
                          "light spread once");
}

void HighTier::record_lamp(vk::CommandBuffer commands, uint32_t slot, const shared::Frame& frame,
                           const Camera& camera, double aspect, glm::vec3 centre, float radius,
                           std::span<const Caster> casters) {
    const glm::vec3 to = frame.key_to;
    shared::Lamp lamp{};
    lamp.across = glm::normalize(glm::cross(glm::vec3(0, 1, 0), to));
    lamp.up = glm::cross(to, lamp.across);
    lamp.spread = kLampSpread;
    // Only what the camera shows receives a shadow, and what lies towards the lamp from there casts it. Sizes go in steps
    // and the middle in whole texels, so that shadows hold still while the camera moves.
    const double shown = camera.distance * std::tan(camera.fov / 2) * std::max(aspect, 1.0) * 1.3 + 0.06;
    const float step = std::exp2(std::ceil(std::log2(float(shown)) * 2) / 2);
    glm::vec3 middle = centre;
    lamp.half_width = radius;
    if (step < radius) {
        lamp.half_width = step;
        middle = glm::vec3(camera.target);
    }
    const float texel = 2 * lamp.half_width / float(kMapSize);
    const auto whole = [&](glm::vec3 axis) { return std::floor(glm::dot(middle, axis) / texel) * texel; };
    constexpr float kBefore = 0.25f;  // m: tools stand out from the face
    lamp.depth = 2 * radius + kBefore;
    const glm::vec3 eye = lamp.across * whole(lamp.across) + lamp.up * whole(lamp.up) +
                          to * (glm::dot(centre, to) + radius + kBefore);
    lamp.clip_from_world = glm::ortho(-lamp.half_width, lamp.half_width, -lamp.half_width, lamp.half_width, 0.0f, lamp.depth) *
                           glm::lookAt(eye, eye - to, lamp.up);
    const glm::dvec3 distance = scatter_distance_mm();
    lamp.through = glm::vec3(distance) * (2.8152f * 1.4142f * 1e-3f);
    lamps_[slot].write<shared::Lamp>({&lamp, 1});

    gpu::transition(commands, map_, Layout::eUndefined, Layout::eDepthAttachmentOptimal, kSampled, kDepthWrite);
    vk::RenderingAttachmentInfo depth(map_.view(), Layout::eDepthAttachmentOptimal);
    depth.setLoadOp(vk::AttachmentLoadOp::eClear).setStoreOp(vk::AttachmentStoreOp::eStore);
    depth.setClearValue(vk::ClearDepthStencilValue(1, 0));
    vk::RenderingInfo rendering({}, {{0, 0}, {kMapSize, kMapSize}}, 1);
    rendering.setPDepthAttachment(&depth);
    commands.beginRendering(rendering);
    commands.setViewport(0, vk::Viewport(0, 0, kMapSize, kMapSize, 0, 1));
    commands.setScissor(0, vk::Rect2D({0, 0}, {kMapSize, kMapSize}));
    for (const Caster& caster : casters) {
        const glm::mat4 clip = lamp.clip_from_world * caster.world_from_local;
        gpu::bind(commands, caster.tool ? tool_caster_ : skin_caster_, {}, gpu::bytes_of(clip));
        commands.bindVertexBuffers(0, caster.vertices, vk::DeviceSize{0});
        commands.bindIndexBuffer(caster.indices, 0, vk::IndexType::eUint32);
        commands.drawIndexed(caster.count, 1, caster.first, 0, 0);
    }
    commands.endRendering();
    gpu::transition(commands, map_, Layout::eDepthAttachmentOptimal, Layout::eShaderReadOnlyOptimal, kDepthWrite,
                    kSampled);
}

void HighTier::begin_surfaces(vk::CommandBuffer commands, bool plain_background) const {
    const Layer* colours[] = {&entering_, &albedo_, &radiance_, &overlay_};
    std::vector<vk::RenderingAttachmentInfo> attachments;
    for (const Layer* layer : colours) {
        for (const gpu::Image* image : {&layer->samples, &layer->resolved})
            gpu::transition(commands, *image, Layout::eUndefined, Layout::eColorAttachmentOptimal,
                            {Stages::eFragmentShader | Stages::eColorAttachmentOutput, Access::eNone}, kColourWrite);
        vk::RenderingAttachmentInfo info(layer->samples.view(), Layout::eColorAttachmentOptimal);
        info.setLoadOp(vk::AttachmentLoadOp::eClear).setStoreOp(vk::AttachmentStoreOp::eDontCare);
        info.setClearValue(vk::ClearColorValue(0.0f, 0.0f, 0.0f, 1.0f));
        if (layer == &radiance_ && plain_background) info.setClearValue(kPlainBackground);
        info.setResolveMode(vk::ResolveModeFlagBits::eAverage).setResolveImageView(layer->resolved.view());
        info.setResolveImageLayout(Layout::eColorAttachmentOptimal);
        attachments.push_back(info);
    }
    for (const gpu::Image* image : {&depth_.samples, &depth_.resolved})
        gpu::transition(commands, *image, Layout::eUndefined, Layout::eDepthAttachmentOptimal,
                        {Stages::eFragmentShader | kDepthWrite.stage, Access::eNone}, kDepthWrite);
    vk::RenderingAttachmentInfo depth(depth_.samples.view(), Layout::eDepthAttachmentOptimal);
    depth.setLoadOp(vk::AttachmentLoadOp::eClear).setStoreOp(vk::AttachmentStoreOp::eDontCare);
    depth.setClearValue(vk::ClearDepthStencilValue(1, 0));
    depth.setResolveMode(vk::ResolveModeFlagBits::eSampleZero).setResolveImageView(depth_.resolved.view());
    depth.setResolveImageLayout(Layout::eDepthAttachmentOptimal);
    const vk::Extent2D size{between_.width(), between_.height()};
    vk::RenderingInfo rendering({}, {{0, 0}, size}, 1, 0, attachments);
    rendering.setPDepthAttachment(&depth);
    commands.beginRendering(rendering);
    commands.setViewport(0, vk::Viewport(0, 0, float(size.width), float(size.height), 0, 1));
    commands.setScissor(0, vk::Rect2D({0, 0}, size));
}

void HighTier::end_surfaces(vk::CommandBuffer commands) const {
    commands.endRendering();
    gpu::transition(commands, depth_.resolved, Layout::eDepthAttachmentOptimal, Layout::eShaderReadOnlyOptimal,
                    kDepthWrite, kSampled);
    for (const Layer* layer : {&albedo_, &radiance_, &overlay_})
        gpu::transition(commands, layer->resolved, Layout::eColorAttachmentOptimal, Layout::eShaderReadOnlyOptimal,
                        kColourWrite, kSampled);
}

void HighTier::record_scatter(vk::CommandBuffer commands, std::span<const ScatterArea> areas) const {
    gpu::transition(commands, between_, Layout::eUndefined, Layout::eColorAttachmentOptimal, kSampled, kColourWrite);
    scatter_.record(commands, entering_.resolved, between_, depth_.resolved, areas);
}

void HighTier::record_tone(vk::CommandBuffer commands, const gpu::Image& picture) const {
    begin_full_picture(commands, picture);
    gpu::bind(commands, tone_,
              {{entering_.resolved, *nearest_},
               {albedo_.resolved, *nearest_},
               {radiance_.resolved, *nearest_},
               {overlay_.resolved, *nearest_}});
    commands.draw(3, 1, 0, 0);
    commands.endRendering();
}

}  // namespace render
