#include "engine/render/healing_pass.h"

#include "shaders/shared/healed.h"

#include <glm/vec2.hpp>

namespace render {

namespace {

using Type = vk::DescriptorType;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;
using Usage = vk::ImageUsageFlagBits;

constexpr vk::Format kLineFormat = vk::Format::eR8Unorm;
constexpr uint32_t kWidth = 4096, kHeight = 2048;  // as the finest level of the skin's atlas
constexpr gpu::Use kDrawn{Stages::eVertexShader | Stages::eFragmentShader, Access::eShaderStorageRead};
constexpr gpu::Use kSampled{Stages::eFragmentShader, Access::eShaderSampledRead};
constexpr gpu::Use kColourWrite{Stages::eColorAttachmentOutput, Access::eColorAttachmentWrite};

gpu::Pipeline make_lines_program(const gpu::Device& device, const base::fs::path& shaders) {
    gpu::GraphicsSettings lines;
    lines.vertex = shaders / "torn.vert.spv";
    lines.fragment = shaders / "torn.frag.spv";
    lines.bindings = {Type::eStorageBuffer, Type::eStorageBuffer, Type::eStorageBuffer};
    lines.push_bytes = sizeof(glm::vec2);
    lines.depth_test = lines.depth_write = false;
    lines.blend = gpu::Blend::highest;
    lines.colour = kLineFormat;
    return gpu::make_graphics_pipeline(device, lines);
}

/// Of either sign; where it matters which, tension lines run level (A), so all point to the patient's left.
uint32_t pack_direction(const face::Tissue& tissue) {
    const int sign = tissue.tension_x + 0.3 * tissue.tension_y < 0 ? -1 : 1;
    const auto byte = [sign](int8_t v) { return uint32_t(uint8_t(int8_t(sign * std::max<int>(v, -127)))); };
    return byte(tissue.tension_x) | byte(tissue.tension_y) << 8 | byte(tissue.tension_z) << 16;
}

}  // namespace

HealingPass::HealingPass(gpu::Device& device, const base::fs::path& shaders, const gpu::Buffer& colours, uint32_t slots)
    : device_(device),
      colours_(colours),
      signs_(gpu::make_compute_pipeline(device, shaders / "healing.comp.spv", 9, sizeof(uint32_t))),
      lines_program_(make_lines_program(device, shaders)),
      nothing_(device, sizeof(shared::HealedVertex), gpu::Memory::device, "no healing"),
      looks_(slots),
      no_lines_(device, {1, 1, kLineFormat, Usage::eSampled | Usage::eTransferDst}, "no torn lines") {
    gpu::upload(device, no_lines_, std::vector<std::byte>(1));
}

void HealingPass::forget() {
    active_ = lines_known_ = false;
    for (gpu::Buffer* made : {&vertices_, &calm_, &tensions_, &lines_}) *made = gpu::Buffer();
    torn_ = gpu::Image();
    version_ = 0;
}

void HealingPass::make_room(const Stage& stage) {
    if (vertices_) return;
    std::vector<uint32_t> tensions(stage.vertex_count, 127u);
    for (size_t i = 0; i < stage.face->tissue.size(); ++i) tensions[i] = pack_direction(stage.face->tissue[i]);
    tensions_ = gpu::make_buffer<uint32_t>(device_, tensions, "tension lines of healing skin");
    vertices_ = gpu::Buffer(device_, uint64_t{stage.drawn.size() / sizeof(shared::DrawnVertex)} * sizeof(shared::HealedVertex),
                            gpu::Memory::device, "healing vertices");
    const std::vector<shared::CellLook> calm(std::max(stage.cell_count, 1u));
    calm_ = gpu::make_buffer<shared::CellLook>(device_, calm, "skin without response");
}

bool HealingPass::take(const std::optional<HealingView>& view, const Stage& stage, uint32_t slot) {
    const bool was = active_;
    active_ = view.has_value() && stage.cell_count > 0;
    if (!active_) return was;
    CHECK(view->looks.size() == stage.cell_count, view->looks.size(), stage.cell_count);
    const bool turned = split_ != view->split;
    split_ = view->split;
    if (was && view->version == version_) return turned;
    if (!vertices_) device_.wait_idle();
    make_room(stage);
    slot_ = slot;
    gpu::Buffer& looks = looks_[slot];
    if (looks.size() < view->looks.size_bytes())
        looks = gpu::Buffer(device_, view->looks.size_bytes(), gpu::Memory::upload, "healing cells");
    looks.write<shared::HealedLook>(view->looks);
    if (!lines_known_) {
        lines_known_ = true;
        line_count_ = static_cast<uint32_t>(view->scratches.size());
        if (line_count_ > 0) lines_ = gpu::make_buffer<shared::Scratch>(device_, view->scratches, "torn lines");
    }
    version_ = view->version;
    stale_ = true;
    return true;
}

void HealingPass::paint_lines(vk::CommandBuffer commands, const Stage& stage) {
    torn_ = gpu::Image(device_, {kWidth, kHeight, kLineFormat, Usage::eSampled | Usage::eColorAttachment}, "torn lines");
    const auto drawn = vk::ImageLayout::eColorAttachmentOptimal;
    gpu::transition(commands, torn_, vk::ImageLayout::eUndefined, drawn, kSampled, kColourWrite);
    vk::RenderingAttachmentInfo colour(torn_.view(), drawn);
    colour.setLoadOp(vk::AttachmentLoadOp::eClear).setStoreOp(vk::AttachmentStoreOp::eStore);
    commands.beginRendering(vk::RenderingInfo({}, {{0, 0}, {kWidth, kHeight}}, 1, 0, colour));
    commands.setViewport(0, vk::Viewport(0, 0, float(kWidth), float(kHeight), 0, 1));
    commands.setScissor(0, vk::Rect2D({0, 0}, {kWidth, kHeight}));
    gpu::bind(commands, lines_program_, {stage.vertices, stage.triangles, lines_},
              gpu::bytes_of(glm::vec2(float(kWidth), float(kHeight))));
    commands.draw(6 * line_count_, 1, 0, 0);
    commands.endRendering();
    gpu::transition(commands, torn_, drawn, vk::ImageLayout::eShaderReadOnlyOptimal, kColourWrite, kSampled);
}

void HealingPass::record(vk::CommandBuffer commands, const Stage& stage, const gpu::Buffer& constants,
                         const gpu::Buffer& cell_places) {
    if (!active_ || !stale_) return;
    stale_ = false;
    if (line_count_ > 0 && !torn_) paint_lines(commands, stage);
    gpu::barrier(commands, kDrawn, gpu::kComputeWrite);
    gpu::dispatch(commands, signs_,
                  {constants, stage.vertices, colours_, stage.cell_begin, stage.cell_neighbours, cell_places, looks_[slot_],
                   tensions_, vertices_},
                  gpu::bytes_of(stage.skin_vertices), (stage.skin_vertices + 63) / 64);
    gpu::barrier(commands, gpu::kComputeWrite, kDrawn);
}

}  // namespace render
