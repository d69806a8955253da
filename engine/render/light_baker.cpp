#include "engine/render/light_baker.h"

#include "engine/base/log.h"
#include "engine/base/parallel.h"
#include "engine/mesh/surface_index.h"
#include "engine/render/light_cache.h"

#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace render {

void set_lights(shared::Frame& frame) {
    // A large lamp above the patient's left shoulder, a weaker cool one from the right, a strip behind, a
    // white ceiling.
    frame.key_to = glm::normalize(glm::vec3(0.70f, 0.60f, 0.66f));
    frame.key_colour = glm::vec3(1.00f, 0.97f, 0.935f) * 1.09f;
    frame.fill_to = glm::normalize(glm::vec3(-0.85f, 0.12f, 0.62f));
    frame.fill_colour = glm::vec3(0.96f, 0.98f, 1.00f) * 0.25f;
    frame.rim_to = glm::normalize(glm::vec3(-0.80f, 0.42f, -0.55f));
    frame.rim_colour = glm::vec3(0.92f, 0.96f, 1.00f) * 0.62f;
    frame.sky_above = glm::vec3(0.97f, 0.98f, 1.00f) * 0.30f;
    frame.sky_below = glm::vec3(1.00f, 0.96f, 0.91f) * 0.18f;
}

namespace {

/// Raised when baking changes other than by its shaders and lights, which are part of the key.
constexpr uint32_t kLightBakerVersion = 1;
constexpr uint32_t kDepthSize = 640;

/// One direction that light comes from.
struct Ray {
    glm::vec3 to;
    glm::vec3 irradiance;
    float weight;
    uint32_t light;
};

/// `count` directions in a cone round `axis`, spread evenly (Vogel's spiral).
void add_lamp(std::vector<Ray>& rays, glm::vec3 axis, glm::vec3 colour, uint32_t light, int count,
              double radius) {
    const glm::dvec3 z(axis), x = glm::normalize(glm::cross(glm::dvec3(0, 1, 0), z)), y = glm::cross(z, x);
    for (int i = 0; i < count; ++i) {
        const double r = radius * std::sqrt((i + 0.5) / count), angle = i * 2.399963229728653;
        const glm::dvec3 to = glm::normalize(z + x * (r * std::cos(angle)) + y * (r * std::sin(angle)));
        rays.push_back({glm::vec3(to), colour / float(count), 1.0f / float(count), light});
    }
}

/// The room all round: bright above, dim and warm below; Fibonacci's sphere.
void add_sky(std::vector<Ray>& rays, glm::vec3 above, glm::vec3 below, int count) {
    for (int i = 0; i < count; ++i) {
        const double y = 1 - (2 * i + 1.0) / count, r = std::sqrt(1 - y * y), angle = i * 2.399963229728653;
        const glm::dvec3 to{r * std::cos(angle), y, r * std::sin(angle)};
        // An even sphere of radiance 1 gives an open vertex the irradiance 1 when each of its n directions
        // carries 4/n.
        const float share = 4.0f / float(count);
        const glm::vec3 colour = glm::mix(below, above, float(std::clamp(0.5 + 0.75 * y, 0.0, 1.0)));
        rays.push_back({glm::vec3(to), colour * share, share, shared::kLightSky});
    }
}

std::vector<Ray> room_lights() {
    shared::Frame frame{};
    set_lights(frame);
    std::vector<Ray> rays;
    add_lamp(rays, frame.key_to, frame.key_colour, shared::kLightKey, 12, 0.30);
    add_lamp(rays, frame.fill_to, frame.fill_colour, shared::kLightFill, 3, 0.35);
    add_lamp(rays, frame.rim_to, frame.rim_colour, shared::kLightRim, 3, 0.25);
    add_sky(rays, frame.sky_above, frame.sky_below, 26);
    return rays;
}

glm::mat4 look_from(glm::vec3 to_light, const Stage& stage) {
    const glm::vec3 up = std::abs(to_light.y) > 0.9f ? glm::vec3(1, 0, 0) : glm::vec3(0, 1, 0);
    const glm::mat4 view = glm::lookAt(stage.centre + to_light * (stage.radius * 1.05f), stage.centre, up);
    return glm::ortho(-stage.radius, stage.radius, -stage.radius, stage.radius, 0.0f, 2.1f * stage.radius) *
           view;
}

struct LightPush {
    glm::mat4 clip_from_world;
    glm::vec3 to_light;
    float weight;
    glm::vec3 irradiance;
    uint32_t light;
    uint32_t count;
};

struct SpreadPush {
    glm::vec3 weight;
    uint32_t stride;
    uint32_t count;
};

uint32_t groups(uint32_t count) {
    return (count + 63) / 64;
}

/// Edges of the skin's mesh per vertex, and the share that a vertex takes from each neighbour in one step so
/// that the step's variance is kStepLength² per axis.
struct Spreading {
    static constexpr double kStepLength = 0.26e-3;  // m
    std::vector<uint32_t> begin, neighbours;
    std::vector<float> share;
};

Spreading make_spreading(const mesh::SurfaceMesh& mesh, uint32_t vertex_count) {
    std::vector<uint64_t> edges;
    for (glm::uvec3 t : mesh.triangles) {
        for (int k = 0; k < 3; ++k) {
            const uint64_t a = t[k], b = t[(k + 1) % 3];
            edges.push_back(a << 32 | b);
            edges.push_back(b << 32 | a);
        }
    }
    std::ranges::sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    Spreading spreading;
    spreading.begin.assign(vertex_count + 1, 0);
    std::vector<double> squares(vertex_count, 0);
    for (uint64_t edge : edges) {
        const auto a = static_cast<uint32_t>(edge >> 32), b = static_cast<uint32_t>(edge);
        ++spreading.begin[a + 1];
        spreading.neighbours.push_back(b);
        const glm::dvec3 d = mesh.positions[a] - mesh.positions[b];
        squares[a] += glm::dot(d, d);
    }
    for (uint32_t i = 0; i < vertex_count; ++i) spreading.begin[i + 1] += spreading.begin[i];
    for (uint32_t i = 0; i < vertex_count; ++i) {
        const double degree = spreading.begin[i + 1] - spreading.begin[i];
        const double wanted =
            2 * Spreading::kStepLength * Spreading::kStepLength / std::max(squares[i], 1e-12);
        spreading.share.push_back(float(std::min(wanted, 0.8 / std::max(degree, 1.0))));
    }
    return spreading;
}

/// Vertices of the skin that lie under the drape, by a straight look outwards.
std::vector<bool> under_drape(const Stage& stage) {
    constexpr double kNear = 0.03;  // m
    std::vector<bool> covered(stage.skin.vertex_count(), false);
    for (const face::Dressing& dressing : stage.face->dressing) {
        if (dressing.material != "drape") continue;
        const mesh::SurfaceIndex cloth(dressing.mesh);
        std::vector<uint8_t> hit(covered.size());
        base::parallel_ranges(hit.size(), 4096, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i)
                hit[i] = cloth.cast(stage.skin.positions[i], stage.skin.normals[i], 0, kNear).has_value();
        });
        for (size_t i = 0; i < hit.size(); ++i) covered[i] = covered[i] || hit[i];
    }
    return covered;
}

/// Gives covered vertices next to open ones the light of these, ring by ring. A triangle that comes out from
/// under the cloth would else darken towards its covered corners: teeth as coarse as the mesh, not the
/// cloth's soft shadow.
void continue_under(std::vector<bool> covered, const Spreading& spreading, std::span<glm::vec4> sums) {
    constexpr int kRings = 4;
    for (int ring = 0; ring < kRings; ++ring) {
        std::vector<uint32_t> reached;
        for (uint32_t i = 0; i < covered.size(); ++i) {
            if (!covered[i]) continue;
            glm::vec4 light(0), seen(0);
            float open = 0;
            for (uint32_t k = spreading.begin[i]; k < spreading.begin[i + 1]; ++k) {
                const uint32_t other = spreading.neighbours[k];
                if (covered[other]) continue;
                light += sums[2 * size_t{other}];
                seen += sums[2 * size_t{other} + 1];
                ++open;
            }
            if (open == 0) continue;
            sums[2 * size_t{i}] = light / open;
            sums[2 * size_t{i} + 1] = seen / open;
            reached.push_back(i);
        }
        for (uint32_t i : reached) covered[i] = false;
    }
}

/// Cloth on skin hides a part of the room and of the lamps right beside it, more finely than a picture of
/// depths 0.8 mm to the texel can tell.
void shade_beside_cloth(const Stage& stage, std::span<glm::vec4> sums) {
    constexpr double kReach = 20e-3, kFade = 6e-3;  // m
    constexpr double kMost = 0.62;                  // of the light, where they touch (A)
    for (const face::Dressing& dressing : stage.face->dressing) {
        if (dressing.material != "drape" && dressing.material != "cap") continue;
        const mesh::SurfaceIndex cloth(dressing.mesh);
        base::parallel_ranges(stage.skin.vertex_count(), 4096, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i) {
                const auto hit = cloth.closest(stage.skin.positions[i], kReach);
                if (!hit) continue;
                const auto left = float(1 - kMost * std::exp(-hit->distance / kFade));
                sums[2 * i] *= left;
                sums[2 * i + 1] *= left;
            }
        });
    }
}

}  // namespace

LightBaker::LightBaker(gpu::Device& device, const base::fs::path& shaders) : device_(device) {
    base::Hasher programs;
    for (const char* name :
         {"shadow.vert.spv", "light.comp.spv", "diffuse.comp.spv", "light_finish.comp.spv"})
        if (const auto bytes = base::read_file(shaders / name)) programs.bytes(*bytes);
    programs_ = programs.finish();
    gpu::GraphicsSettings depth;
    depth.vertex = shaders / "shadow.vert.spv";
    depth.push_bytes = sizeof(glm::mat4);
    depth.vertex_buffers = {{0, sizeof(shared::RestVertex), vk::VertexInputRate::eVertex}};
    depth.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, 0}};
    depth.depth = vk::Format::eD32Sfloat;
    depth.depth_slope = 1.5f;
    depth_open_ = gpu::make_graphics_pipeline(device, depth);
    // Seen without the picture's flip of y, triangles that face the light count as back: they are the ones
    // left out.
    depth.cull = vk::CullModeFlagBits::eBack;
    depth_closed_ = gpu::make_graphics_pipeline(device, depth);
    using Type = vk::DescriptorType;
    add_ = gpu::make_compute_pipeline(
        device, shaders / "light.comp.spv",
        {Type::eStorageBuffer, Type::eStorageBuffer, Type::eCombinedImageSampler}, sizeof(LightPush));
    spread_ = gpu::make_compute_pipeline(device, shaders / "diffuse.comp.spv", 6, sizeof(SpreadPush));
    finish_ = gpu::make_compute_pipeline(device, shaders / "light_finish.comp.spv", 4, sizeof(uint32_t));
    sampler_ = gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge, true);
}

base::Hash LightBaker::key_of(const Stage& stage) const {
    base::Hasher hasher;
    hasher.text("evenhand light").value(kLightBakerVersion).value(programs_.bytes);
    for (const Ray& ray : room_lights()) {
        std::array<uint32_t, sizeof(Ray) / 4> bits;
        std::memcpy(bits.data(), &ray, sizeof(Ray));
        hasher.value(bits);
    }
    // Devices round differently.
    hasher.text(device_.info().name).text(device_.info().driver);
    return hasher.value(stage.form.bytes).finish();
}

bool LightBaker::light(Stage& stage, const base::fs::path& kept) const {
    if (kept.empty()) {
        bake(stage);
        return false;
    }
    const base::Hash key = key_of(stage);
    const base::fs::path path = kept / fmt::format("{}-{}.light", stage.face->id, stage.vertex_count);
    if (const auto lights = read_light(path, key, stage.vertex_count)) {
        stage.lights = gpu::make_buffer<shared::VertexLight>(device_, *lights, "vertex lights");
        return true;
    }
    bake(stage);
    const auto lights = gpu::download<shared::VertexLight>(device_, stage.lights, stage.vertex_count);
    // A light that cannot be kept is as good as one that can; it only takes as long the next time.
    if (base::Status done = write_light(path, key, lights); !done) spdlog::warn("{}", done.error().message);
    return false;
}

void LightBaker::bake(Stage& stage) const {
    const gpu::Image depth(
        device_,
        {kDepthSize, kDepthSize, vk::Format::eD32Sfloat,
         vk::ImageUsageFlagBits::eDepthStencilAttachment | vk::ImageUsageFlagBits::eSampled},
        "depth from a light");
    const gpu::Buffer received(device_, uint64_t{stage.vertex_count} * 32, gpu::Memory::device, "light sums");
    const gpu::Buffer blurred(device_, uint64_t{stage.vertex_count} * 12, gpu::Memory::device,
                              "light blurred");
    const gpu::Buffer indices = gpu::make_buffer<uint32_t>(device_, stage.indices, "triangles by cluster");
    const gpu::Use depth_written{
        vk::PipelineStageFlagBits2::eLateFragmentTests | vk::PipelineStageFlagBits2::eEarlyFragmentTests,
        vk::AccessFlagBits2::eDepthStencilAttachmentWrite | vk::AccessFlagBits2::eDepthStencilAttachmentRead};
    const gpu::Use depth_read{vk::PipelineStageFlagBits2::eComputeShader,
                              vk::AccessFlagBits2::eShaderSampledRead};
    const auto picture = [&](vk::CommandBuffer commands, const glm::mat4& clip, glm::vec3 to_light) {
        gpu::transition(commands, depth, vk::ImageLayout::eUndefined,
                        vk::ImageLayout::eDepthAttachmentOptimal, depth_read, depth_written);
        vk::RenderingAttachmentInfo attachment(depth.view(), vk::ImageLayout::eDepthAttachmentOptimal);
        attachment.setLoadOp(vk::AttachmentLoadOp::eClear).setStoreOp(vk::AttachmentStoreOp::eStore);
        attachment.setClearValue(vk::ClearDepthStencilValue(1, 0));
        vk::RenderingInfo rendering({}, {{0, 0}, {kDepthSize, kDepthSize}}, 1);
        rendering.setPDepthAttachment(&attachment);
        commands.beginRendering(rendering);
        commands.setViewport(0, vk::Viewport(0, 0, kDepthSize, kDepthSize, 0, 1));
        commands.setScissor(0, vk::Rect2D({0, 0}, {kDepthSize, kDepthSize}));
        commands.bindVertexBuffers(0, stage.vertices.handle(), vk::DeviceSize{0});
        commands.bindIndexBuffer(indices.handle(), 0, vk::IndexType::eUint32);
        for (const Part& part : stage.parts) {
            if (part.material == shared::kMaterialHair) continue;        // too thin to shade with
            const bool sealed = part.material == shared::kMaterialSkin;  // a pad has no underside
            gpu::bind(commands, sealed ? depth_closed_ : depth_open_, {}, gpu::bytes_of(clip));
            for (const Cluster& c : part.clusters) {
                // Of a closed surface the side away from the light shades what lies behind it, and never
                // itself.
                if (sealed && glm::dot(to_light, c.axis) > c.spread) continue;
                commands.drawIndexed(c.count, 1, c.first, 0, 0);
            }
        }
        commands.endRendering();
        gpu::transition(commands, depth, vk::ImageLayout::eDepthAttachmentOptimal,
                        vk::ImageLayout::eShaderReadOnlyOptimal, depth_written, depth_read);
    };

    device_.run([&](vk::CommandBuffer commands) {
        commands.fillBuffer(received.handle(), 0, VK_WHOLE_SIZE, 0);
        commands.fillBuffer(blurred.handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kComputeWrite);
        for (const Ray& ray : room_lights()) {
            const glm::mat4 clip = look_from(ray.to, stage);
            picture(commands, clip, ray.to);
            const LightPush push{clip, ray.to, ray.weight, ray.irradiance, ray.light, stage.vertex_count};
            gpu::dispatch(commands, add_, {stage.vertices, received, {depth, *sampler_}}, gpu::bytes_of(push),
                          groups(stage.vertex_count));
            gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
        }
    });

    // Widths of three Gaussians in mm and how much of each colour travels that far (after d'Eon & Luebke
    // 2007, merged).
    const Spreading spreading = make_spreading(stage.skin, stage.vertex_count);
    std::vector<glm::vec4> lit =
        gpu::download<glm::vec4>(device_, received, uint64_t{stage.vertex_count} * 2);
    continue_under(under_drape(stage), spreading, lit);
    shade_beside_cloth(stage, lit);
    const gpu::Buffer sums = gpu::make_buffer<glm::vec4>(device_, lit, "light sums, continued");
    const gpu::Buffer begin = gpu::make_buffer<uint32_t>(device_, spreading.begin, "spread begin");
    const gpu::Buffer neighbours =
        gpu::make_buffer<uint32_t>(device_, spreading.neighbours, "spread neighbours");
    const gpu::Buffer share = gpu::make_buffer<float>(device_, spreading.share, "spread share");
    const gpu::Buffer even(device_, uint64_t{stage.vertex_count} * 16, gpu::Memory::device, "spread even");
    const gpu::Buffer odd(device_, uint64_t{stage.vertex_count} * 16, gpu::Memory::device, "spread odd");
    struct Width {
        double mm;
        glm::vec3 weight;
    };
    const Width widths[] = {
        {0.28, {0.24f, 0.52f, 0.72f}}, {0.8, {0.36f, 0.38f, 0.24f}}, {2.0, {0.40f, 0.10f, 0.04f}}};
    device_.run([&](vk::CommandBuffer commands) {
        int done = 0;
        for (const Width& width : widths) {
            const double ratio = width.mm * 1e-3 / Spreading::kStepLength;
            const int wanted = std::max(done + 1, int(std::lround(ratio * ratio)));
            for (; done < wanted; ++done) {
                const gpu::Buffer& from = done == 0 ? sums : done % 2 ? even : odd;
                const gpu::Buffer& to = done % 2 ? odd : even;
                const SpreadPush push{done + 1 == wanted ? width.weight : glm::vec3(0), done == 0 ? 2u : 1u,
                                      stage.vertex_count};
                gpu::dispatch(commands, spread_, {begin, neighbours, share, from, to, blurred},
                              gpu::bytes_of(push), groups(stage.vertex_count));
                gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
            }
        }
        gpu::dispatch(commands, finish_, {stage.vertices, sums, blurred, stage.lights},
                      gpu::bytes_of(stage.vertex_count), groups(stage.vertex_count));
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    });
}

}  // namespace render
