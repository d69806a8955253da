#include "engine/render/skin_atlas.h"

#include "engine/render/skin_colour.h"
#include "shaders/shared/detail.h"

#include <glm/geometric.hpp>
#include <glm/packing.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace render {
namespace {

constexpr vk::Format kFormat = vk::Format::eR8G8B8A8Unorm;
using Type = vk::DescriptorType;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;
constexpr gpu::Use kColourWrite{Stages::eColorAttachmentOutput,
                                Access::eColorAttachmentWrite | Access::eColorAttachmentRead};
constexpr gpu::Use kSampled{Stages::eFragmentShader, Access::eShaderSampledRead};
// Tilt and change 0; the border keeps it, and skin beyond the atlas reads it.
constexpr float kNoTint = 1 / 1.6f;  // kTintScale of fine.glsl
const vk::ClearValue kBlankUpper{vk::ClearColorValue(0.5f, 0.5f, 0.0f, 0.0f)};
const vk::ClearValue kBlankLower{vk::ClearColorValue(kNoTint, kNoTint, kNoTint, 0.5f)};
constexpr uint32_t kBorder = 4;

gpu::Pipeline make_relief(const gpu::Device& device, const base::fs::path& shaders, uint32_t half) {
    gpu::GraphicsSettings settings;
    settings.vertex = shaders / "relief.vert.spv";
    settings.fragment = shaders / "relief.frag.spv";
    settings.bindings.assign(7, Type::eStorageBuffer);
    settings.push_bytes = sizeof(shared::SkinPaint);
    settings.specialisation = {half};
    settings.depth_test = settings.depth_write = false;
    settings.colour = kFormat;
    return gpu::make_graphics_pipeline(device, settings);
}

gpu::Pipeline make_marks(const gpu::Device& device, const base::fs::path& shaders, bool droplets) {
    gpu::GraphicsSettings settings;
    settings.vertex = shaders / "marks.vert.spv";
    settings.fragment = shaders / "marks.frag.spv";
    settings.bindings.assign(3, Type::eStorageBuffer);
    settings.push_bytes = sizeof(glm::vec2);
    settings.specialisation = {droplets ? 1u : 0u};
    settings.depth_test = settings.depth_write = false;
    settings.blend = droplets ? gpu::Blend::over : gpu::Blend::highest;
    settings.alpha_only = !droplets;
    settings.colour_only = droplets;
    settings.colour = kFormat;
    return gpu::make_graphics_pipeline(device, settings);
}

gpu::Pipeline make_wipes(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings settings;
    settings.vertex = shaders / "wipe.vert.spv";
    settings.fragment = shaders / "wipe.frag.spv";
    settings.bindings.assign(5, Type::eStorageBuffer);
    settings.bindings.push_back(Type::eCombinedImageSampler);
    settings.push_bytes = sizeof(shared::Wipe);
    settings.depth_test = settings.depth_write = false;
    settings.blend = gpu::Blend::over;
    settings.colour_only = true;
    settings.colour = kFormat;
    return gpu::make_graphics_pipeline(device, settings);
}

/// Direction of the tension line, and how thin the skin is: 1 below 0.75 mm, as on lids, 0 above 0.9 mm.
uint32_t pack_tension(const face::Tissue& tissue) {
    const double thickness = tissue.epidermis_um + tissue.dermis_um;
    const auto thin = uint32_t(std::clamp((900 - thickness) / 150, 0.0, 1.0) * 255 + 0.5);
    const auto byte = [](int8_t v) { return uint32_t(uint8_t(v)); };
    return byte(tissue.tension_x) | byte(tissue.tension_y) << 8 | byte(tissue.tension_z) << 16 | thin << 24;
}

shared::Detail in_millimetres(const face::SkinDetail& d) {
    const uint32_t seed = (d.seed & shared::kDetailSeed) | (d.goes_on_before ? shared::kDetailGoesOnBefore : 0u) |
                          (d.goes_on_after ? shared::kDetailGoesOnAfter : 0u);
    return {d.from * 1e3f, d.radius * 1e3f, d.to * 1e3f,     d.height * 1e3f, d.steepness,
            d.irregularity, d.melanin,      d.haemoglobin, d.gloss,         seed};
}

float distance_to_line(glm::vec3 p, glm::vec3 from, glm::vec3 to) {
    const glm::vec3 line = to - from;
    const float length2 = glm::dot(line, line);
    const float t = length2 > 0 ? std::clamp(glm::dot(p - from, line) / length2, 0.0f, 1.0f) : 0.0f;
    return glm::distance(p, from + line * t);
}

/// Triangles sorted into cubes, for all that lie near a line.
class TriangleGrid {
  public:
    explicit TriangleGrid(const mesh::SurfaceMesh& mesh) {
        for (uint32_t t = 0; t < mesh.triangle_count(); ++t) {
            const glm::uvec3 c = mesh.triangles[t];
            const glm::vec3 p[3] = {glm::vec3(mesh.positions[c.x]), glm::vec3(mesh.positions[c.y]),
                                    glm::vec3(mesh.positions[c.z])};
            const glm::vec3 centre = (p[0] + p[1] + p[2]) / 3.0f;
            float radius = 0;
            for (glm::vec3 corner : p) radius = std::max(radius, glm::distance(centre, corner));
            widest_ = std::max(widest_, radius);
            triangles_.push_back({key_of(cube_of(centre)), t, centre, radius});
        }
        std::ranges::sort(triangles_, [](const Entry& a, const Entry& b) {
            return a.key != b.key ? a.key < b.key : a.triangle < b.triangle;
        });
    }

    template <typename Take>
    void near(glm::vec3 from, glm::vec3 to, float reach, Take take) const {
        const glm::vec3 room(reach + widest_);
        const glm::ivec3 low = cube_of(glm::min(from, to) - room), high = cube_of(glm::max(from, to) + room);
        for (int z = low.z; z <= high.z; ++z)
            for (int y = low.y; y <= high.y; ++y) {
                const int64_t last = key_of({high.x, y, z});
                for (auto e = std::ranges::lower_bound(triangles_, key_of({low.x, y, z}), {}, &Entry::key);
                     e != triangles_.end() && e->key <= last; ++e)
                    if (distance_to_line(e->centre, from, to) < reach + e->radius) take(e->triangle);
            }
    }

  private:
    struct Entry {
        int64_t key;
        uint32_t triangle;
        glm::vec3 centre;
        float radius;
    };
    static glm::ivec3 cube_of(glm::vec3 p) {
        constexpr float kSide = 4e-3f;  // m
        return glm::ivec3(glm::floor(glm::clamp(p / kSide, -30000.0f, 30000.0f)));
    }
    static int64_t key_of(glm::ivec3 c) {
        return ((int64_t(c.z) + 32768) << 32) + ((int64_t(c.y) + 32768) << 16) + c.x + 32768;
    }
    std::vector<Entry> triangles_;
    float widest_ = 0;
};

/// For every triangle the details that may show on it: those of triangle t are which[begin[t]] to which[begin[t + 1]].
void assign_details(const face::FaceAsset& face, std::vector<uint32_t>& begin, std::vector<uint32_t>& which) {
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    if (!face.details.empty()) {
        const TriangleGrid grid(face.mesh);
        for (uint32_t i = 0; i < face.details.size(); ++i) {
            const face::SkinDetail& d = face.details[i];
            // Skin hides what is painted a little above or below it as far as a texel reaches.
            grid.near(d.from, d.to, d.radius * shared::kDetailReach + 0.3e-3f,
                      [&](uint32_t t) { pairs.emplace_back(t, i); });
        }
        std::ranges::sort(pairs);
    }
    begin.assign(face.mesh.triangle_count() + 1, 0);
    for (const auto& [triangle, detail] : pairs) {
        ++begin[triangle + 1];
        which.push_back(detail);
    }
    for (size_t t = 1; t < begin.size(); ++t) begin[t] += begin[t - 1];
    which.push_back(0);  // a buffer is never empty
}

/// Side of a texel in which as much skin lies as in the middling triangle's.
double middling_texel_mm(const face::FaceAsset& face, const std::vector<shared::RestVertex>& vertices) {
    std::vector<double> sides;
    for (size_t t = 0; t < face.mesh.triangle_count(); ++t) {
        if (face.zone[t] == 0 && face.zones.size() > 1) continue;
        const glm::uvec3 c = face.mesh.triangles[t];
        const glm::dvec3 a = face.mesh.positions[c.x], b = face.mesh.positions[c.y], d = face.mesh.positions[c.z];
        const glm::dvec2 u(vertices[c.x].uv), v = glm::dvec2(vertices[c.y].uv) - u,
                         w = glm::dvec2(vertices[c.z].uv) - u;
        const double texels = std::abs(v.x * w.y - v.y * w.x) * SkinAtlas::kWidth * (SkinAtlas::kHeight / 2);
        if (texels > 1e-3) sides.push_back(1e3 * std::sqrt(glm::length(glm::cross(b - a, d - a)) / texels));
    }
    if (sides.empty()) return 0.1;
    std::ranges::nth_element(sides, sides.begin() + std::ptrdiff_t(sides.size() / 2));
    return sides[sides.size() / 2];
}

/// The triangles that lie in the atlas: 3t, 3t + 1, 3t + 2 for each, and about how long painting takes up to each, texels.
struct Painted {
    std::vector<uint32_t> corners;
    std::vector<double> work{0};
};

Painted painted_triangles(const face::FaceAsset& face, const std::vector<shared::RestVertex>& vertices) {
    constexpr double kTrianglesOwn = 12;  // texels that take as long as a triangle's corners
    constexpr float kCut = 0.2f;          // a triangle that spans this much of the atlas lies on its cut
    Painted painted;
    for (uint32_t i = 0; i < face.mesh.triangle_count(); ++i) {
        const glm::uvec3 t = face.mesh.triangles[i];
        const glm::vec2 a = vertices[t.x].uv, b = vertices[t.y].uv, c = vertices[t.z].uv;
        const glm::vec2 low = glm::min(a, glm::min(b, c)), high = glm::max(a, glm::max(b, c)), extent = high - low;
        if (high.x < 0 || high.y < 0 || low.x > 1 || low.y > 1 || std::max(extent.x, extent.y) > kCut) continue;
        const glm::dvec2 v = glm::dvec2(b) - glm::dvec2(a), w = glm::dvec2(c) - glm::dvec2(a);
        const double texels = 0.5 * std::abs(v.x * w.y - v.y * w.x) * SkinAtlas::kWidth * (SkinAtlas::kHeight / 2);
        painted.corners.insert(painted.corners.end(), {3 * i, 3 * i + 1, 3 * i + 2});
        painted.work.push_back(painted.work.back() + kTrianglesOwn + texels);
    }
    return painted;
}

/// Cuts them into ranges that take about as long to paint; the end of each, in corners.
std::vector<uint32_t> even_slices(const Painted& painted, uint32_t slices) {
    std::vector<uint32_t> ends;
    for (uint32_t i = 1; i <= slices; ++i) {
        const auto end = std::ranges::lower_bound(painted.work, painted.work.back() * i / slices);
        ends.push_back(std::min(3 * uint32_t(end - painted.work.begin()), uint32_t(painted.corners.size())));
    }
    ends.back() = uint32_t(painted.corners.size());
    return ends;
}

void begin_half(vk::CommandBuffer commands, const gpu::Image& image, uint32_t half,
                const vk::ClearValue* blank) {
    const uint32_t height = image.height() / 2;
    const vk::Rect2D area({0, int32_t(half * height)}, {image.width(), height});
    vk::RenderingAttachmentInfo attachment(image.view(), vk::ImageLayout::eColorAttachmentOptimal);
    attachment.setLoadOp(blank ? vk::AttachmentLoadOp::eClear : vk::AttachmentLoadOp::eLoad)
        .setStoreOp(vk::AttachmentStoreOp::eStore);
    if (blank) attachment.setClearValue(*blank);
    commands.beginRendering(vk::RenderingInfo({}, area, 1, 0, attachment));
    commands.setViewport(0, vk::Viewport(0, float(half * height), float(image.width()), float(height), 0, 1));
    commands.setScissor(0, vk::Rect2D({kBorder, int32_t(half * height + kBorder)},
                                      {image.width() - 2 * kBorder, height - 2 * kBorder}));
}

/// Both in their transfer layouts.
void copy_upper(vk::CommandBuffer commands, const gpu::Image& from, const gpu::Image& to) {
    const vk::ImageSubresourceLayers layers(vk::ImageAspectFlagBits::eColor, 0, 0, 1);
    const uint32_t height = std::min(from.height(), to.height());
    commands.copyImage(from.handle(), vk::ImageLayout::eTransferSrcOptimal, to.handle(),
                       vk::ImageLayout::eTransferDstOptimal,
                       vk::ImageCopy(layers, {}, layers, {}, {from.width(), height, 1}));
}

}  // namespace

SkinAtlas::SkinAtlas(gpu::Device& device, const base::fs::path& shaders, const gpu::Buffer& colours)
    : colours_(colours),
      relief_{make_relief(device, shaders, 0), make_relief(device, shaders, 1)},
      marks_(make_marks(device, shaders, false)),
      droplets_(make_marks(device, shaders, true)),
      wipes_(make_wipes(device, shaders)),
      nearest_(gpu::make_sampler(device, vk::Filter::eNearest, vk::SamplerAddressMode::eClampToEdge)) {
    using Usage = vk::ImageUsageFlagBits;
    for (uint32_t k = 0; k < kLevels; ++k) {
        clean_[k] = gpu::Image(device, {kWidth >> k, kHeight >> k >> 1, kFormat,
                                Usage::eSampled | Usage::eTransferSrc | Usage::eTransferDst},
                               "clean skin");
        levels_[k] = gpu::Image(device,
                                {kWidth >> k, kHeight >> k, kFormat,
                                 Usage::eSampled | Usage::eColorAttachment | Usage::eTransferSrc | Usage::eTransferDst},
                                "skin atlas");
    }
}

void SkinAtlas::set_face(gpu::Device& device, const Stage& stage) {
    const face::FaceAsset& face = *stage.face;
    std::vector<uint32_t> tensions, begin, which;
    for (const face::Tissue& tissue : face.tissue) tensions.push_back(pack_tension(tissue));
    assign_details(face, begin, which);
    std::vector<shared::Detail> details;
    for (const face::SkinDetail& detail : face.details) details.push_back(in_millimetres(detail));
    if (details.empty()) details.emplace_back();
    tensions_ = gpu::make_buffer<uint32_t>(device, tensions, "tension lines");
    begin_ = gpu::make_buffer<uint32_t>(device, begin, "details of triangles");
    which_ = gpu::make_buffer<uint32_t>(device, which, "details of triangles");
    details_ = gpu::make_buffer<shared::Detail>(device, details, "skin details");
    const auto vertices = gpu::download<shared::RestVertex>(device, stage.vertices, face.mesh.vertex_count());
    texel_mm_ = middling_texel_mm(face, vertices);
    const Painted painted = painted_triangles(face, vertices);
    corners_ = gpu::make_buffer<uint32_t>(device, painted.corners, "painted triangles");
    slice_ends_ = even_slices(painted, kSlices);
    blank_ = true;
    painted_ = 0;
    stale_ = marked_ = false;
}

const gpu::Image& SkinAtlas::level(double pixel_mm) const {
    const double octaves = std::floor(std::log2(std::max(pixel_mm / texel_mm_, 1e-6)) + 0.35);
    return levels_[uint32_t(std::clamp(octaves, double(finest()), double(kLevels - 1)))];
}

/// Corners `first` to `last`; the first range comes onto a blank level.
void SkinAtlas::paint(vk::CommandBuffer commands, const Stage& stage, const gpu::Image& level, uint32_t first,
                      uint32_t last) {
    const face::FaceAsset& face = *stage.face;
    const bool silicone = face.kind == face::Kind::pad;
    const float freckles = silicone ? 0 : face.fitzpatrick == 1 ? 0.5f : face.fitzpatrick == 2 ? 0.15f : 0.03f;
    const shared::SkinPaint paint{float(melanin_of(face.fitzpatrick)), float(blood_of(face.fitzpatrick)),
                                  freckles, silicone ? 1u : 0u};
    for (uint32_t half = 0; half < 2; ++half) {
        const vk::ClearValue& blank = half ? kBlankLower : kBlankUpper;
        begin_half(commands, level, half, first == 0 ? &blank : nullptr);
        gpu::bind(commands, relief_[half],
                  {stage.vertices, stage.triangles, tensions_, begin_, which_, details_, colours_},
                  gpu::bytes_of(paint));
        commands.bindIndexBuffer(corners_.handle(), 0, vk::IndexType::eUint32);
        if (last > first) commands.drawIndexed(last - first, 1, first, 0, 0);
        commands.endRendering();
    }
}

void SkinAtlas::draft(vk::CommandBuffer commands, const Stage& stage) {
    const auto drawn = vk::ImageLayout::eColorAttachmentOptimal;
    gpu::transition(commands, levels_[1], vk::ImageLayout::eUndefined, drawn, kSampled, kColourWrite);
    paint(commands, stage, levels_[1], 0, slice_ends_.back());
    coarsen(commands, 1);
    blank_ = false;
}

void SkinAtlas::paint_on(vk::CommandBuffer commands, const Stage& stage, uint32_t slices) {
    const auto drawn = vk::ImageLayout::eColorAttachmentOptimal;
    gpu::transition(commands, levels_[0], painted_ == 0 ? vk::ImageLayout::eUndefined : drawn, drawn,
                    painted_ == 0 ? kSampled : kColourWrite, kColourWrite);
    const uint32_t first = painted_ == 0 ? 0 : slice_ends_[painted_ - 1];
    painted_ += slices;
    paint(commands, stage, levels_[0], first, slice_ends_[painted_ - 1]);
    blank_ = false;
    if (finished()) coarsen(commands, 0);
}

/// Makes the levels after `finest`, which was just drawn, and copies of the clean skin.
void SkinAtlas::coarsen(vk::CommandBuffer commands, uint32_t finest) {
    const auto drawn = vk::ImageLayout::eColorAttachmentOptimal, source = vk::ImageLayout::eTransferSrcOptimal,
               copied = vk::ImageLayout::eTransferDstOptimal;
    const vk::ImageSubresourceLayers layers(vk::ImageAspectFlagBits::eColor, 0, 0, 1);
    gpu::transition(commands, levels_[finest], drawn, source, kColourWrite, gpu::kTransferRead);
    for (uint32_t k = finest + 1; k < kLevels; ++k) {
        const auto corner = [](const gpu::Image& image) {
            return std::array<vk::Offset3D, 2>{vk::Offset3D{0, 0, 0},
                                               vk::Offset3D{int32_t(image.width()), int32_t(image.height()), 1}};
        };
        gpu::transition(commands, levels_[k], vk::ImageLayout::eUndefined, copied, kSampled, gpu::kTransferWrite);
        commands.blitImage(levels_[k - 1].handle(), source, levels_[k].handle(), copied,
                           vk::ImageBlit(layers, corner(levels_[k - 1]), layers, corner(levels_[k])),
                           vk::Filter::eLinear);
        gpu::transition(commands, levels_[k], copied, source, gpu::kTransferWrite, gpu::kTransferRead);
    }
    for (uint32_t k = finest; k < kLevels; ++k) {
        gpu::transition(commands, clean_[k], vk::ImageLayout::eUndefined, copied, gpu::kTransferRead,
                        gpu::kTransferWrite);
        copy_upper(commands, levels_[k], clean_[k]);
        gpu::transition(commands, clean_[k], copied, source, gpu::kTransferWrite, gpu::kTransferRead);
        gpu::transition(commands, levels_[k], source, vk::ImageLayout::eShaderReadOnlyOptimal, gpu::kTransferRead, kSampled);
    }
}

void SkinAtlas::restore(vk::CommandBuffer commands) {
    const auto read = vk::ImageLayout::eShaderReadOnlyOptimal, copied = vk::ImageLayout::eTransferDstOptimal;
    for (uint32_t k = finest(); k < kLevels; ++k) {
        gpu::transition(commands, levels_[k], read, copied, kSampled, gpu::kTransferWrite);
        copy_upper(commands, clean_[k], levels_[k]);
        gpu::transition(commands, levels_[k], copied, read, gpu::kTransferWrite, kSampled);
    }
    stale_ = false;
}

void SkinAtlas::mark(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& punctures,
                     uint32_t first, uint32_t count) {
    if (count == 0) return;
    for (const gpu::Image& level : std::span(levels_).subspan(finest())) {
        const glm::vec2 texels(level.width(), level.height() / 2);
        begin_half(commands, level, 0, nullptr);
        for (const gpu::Pipeline* program : {&marks_, &droplets_}) {
            gpu::bind(commands, *program, {stage.vertices, stage.triangles, punctures}, gpu::bytes_of(texels));
            commands.draw(6 * count, 1, 6 * first, 0);
        }
        commands.endRendering();
    }
    marked_ = true;
}

void SkinAtlas::wipe(vk::CommandBuffer commands, const Stage& stage, const AtlasWipe& wipe) {
    const auto read = vk::ImageLayout::eShaderReadOnlyOptimal, source = vk::ImageLayout::eTransferSrcOptimal;
    for (uint32_t k = 0; k < kLevels && wipe.count > 0; ++k) {
        gpu::transition(commands, clean_[k], source, read, gpu::kTransferRead, kSampled);
        begin_half(commands, levels_[k], 0, nullptr);
        gpu::bind(commands, wipes_,
                  {stage.vertices, stage.triangles, wipe.under, wipe.points, wipe.film, {clean_[k], *nearest_}},
                  gpu::bytes_of(wipe.told));
        commands.draw(3 * wipe.count, 1, 0, 0);
        commands.endRendering();
        gpu::transition(commands, clean_[k], read, source, kSampled, gpu::kTransferRead);
    }
    marked_ = true;
}

void SkinAtlas::record(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& punctures,
                       uint32_t count, std::span<const AtlasWipe> wipes, Painting painting) {
    const bool marks = count > 0 || !wipes.empty();
    const bool waits = painting == Painting::at_once || (painting == Painting::in_turns && marks);
    if (stale_ && !blank_) restore(commands);
    stale_ = false;
    if (blank_ && !waits)
        draft(commands, stage);
    else if (!finished() && painting != Painting::draft)
        paint_on(commands, stage, waits ? kSlices - painted_ : 1);
    if (!marks) return;
    const auto read = vk::ImageLayout::eShaderReadOnlyOptimal, drawn = vk::ImageLayout::eColorAttachmentOptimal;
    const std::span<const gpu::Image> shown = std::span(levels_).subspan(finest());
    for (const gpu::Image& level : shown) gpu::transition(commands, level, read, drawn, kSampled, kColourWrite);
    uint32_t marked = 0;
    for (const AtlasWipe& next : wipes) {
        const uint32_t before = std::clamp(next.after, marked, count);
        mark(commands, stage, punctures, marked, before - marked);
        wipe(commands, stage, next);
        marked = before;
    }
    mark(commands, stage, punctures, marked, count - marked);
    for (const gpu::Image& level : shown) gpu::transition(commands, level, drawn, read, kColourWrite, kSampled);
}

}  // namespace render
