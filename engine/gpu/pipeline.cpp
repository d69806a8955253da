#include "engine/gpu/pipeline.h"

#include <algorithm>
#include <stdexcept>

namespace gpu {

namespace {

vk::UniqueShaderModule load_shader(const Device& device, const base::fs::path& path) {
    auto bytes = base::read_file(path);
    if (!bytes) throw std::runtime_error(bytes.error().message);
    if (bytes->size() % 4 || bytes->size() < 20)
        throw std::runtime_error(
            fmt::format("{} is not a SPIR-V shader: build the target `shaders`", path.string()));
    std::vector<uint32_t> words(bytes->size() / 4);
    std::memcpy(words.data(), bytes->data(), bytes->size());
    return device.handle().createShaderModuleUnique(vk::ShaderModuleCreateInfo({}, words));
}

void make_layouts(const Device& device, Pipeline& pipeline) {
    std::vector<vk::DescriptorSetLayoutBinding> bindings;
    for (uint32_t i = 0; i < pipeline.bindings.size(); ++i)
        bindings.push_back({i, pipeline.bindings[i], 1, pipeline.stages});
    pipeline.set_layout = device.handle().createDescriptorSetLayoutUnique(
        {vk::DescriptorSetLayoutCreateFlagBits::ePushDescriptorKHR, bindings});
    CHECK(pipeline.push_bytes <= 128, pipeline.push_bytes);
    vk::PushConstantRange range(pipeline.stages, 0, pipeline.push_bytes);
    pipeline.layout = device.handle().createPipelineLayoutUnique(
        {{}, 1, &*pipeline.set_layout, pipeline.push_bytes ? 1u : 0u, &range});
}

/// Values of constant_id 0, 1, … laid out as Vulkan wants them. Refers to `values`.
struct Specialisation {
    explicit Specialisation(std::span<const uint32_t> values) {
        for (uint32_t i = 0; i < values.size(); ++i) entries.push_back({i, i * 4, 4});
        info = vk::SpecializationInfo(static_cast<uint32_t>(entries.size()), entries.data(),
                                      values.size_bytes(), values.data());
    }
    std::vector<vk::SpecializationMapEntry> entries;
    vk::SpecializationInfo info;
};

}  // namespace

Pipeline make_compute_pipeline(const Device& device, const base::fs::path& spirv, uint32_t storage_buffers,
                               uint32_t push_bytes, std::span<const uint32_t> specialisation) {
    std::vector<vk::DescriptorType> bindings(storage_buffers, vk::DescriptorType::eStorageBuffer);
    return make_compute_pipeline(device, spirv, std::move(bindings), push_bytes, specialisation);
}

Pipeline make_compute_pipeline(const Device& device, const base::fs::path& spirv,
                               std::vector<vk::DescriptorType> bindings, uint32_t push_bytes,
                               std::span<const uint32_t> specialisation) {
    Pipeline result;
    result.stages = vk::ShaderStageFlagBits::eCompute;
    result.bindings = std::move(bindings);
    result.push_bytes = push_bytes;
    make_layouts(device, result);
    auto shader = load_shader(device, spirv);
    Specialisation constants(specialisation);
    vk::PipelineShaderStageCreateInfo stage({}, vk::ShaderStageFlagBits::eCompute, *shader, "main",
                                            &constants.info);
    result.pipeline = device.handle().createComputePipelineUnique({}, {{}, stage, *result.layout}).value;
    return result;
}

static vk::PipelineColorBlendAttachmentState blending(Blend blend, bool alpha_only, bool colour_only) {
    using Factor = vk::BlendFactor;
    using Part = vk::ColorComponentFlagBits;
    const vk::BlendOp op = blend == Blend::highest ? vk::BlendOp::eMax : vk::BlendOp::eAdd;
    vk::PipelineColorBlendAttachmentState state(blend != Blend::none, Factor::eSrcAlpha,
                                                Factor::eOneMinusSrcAlpha, op, Factor::eOne,
                                                Factor::eOneMinusSrcAlpha, op);
    if (blend == Blend::veil) state.setSrcAlphaBlendFactor(Factor::eZero);
    const auto colour = Part::eR | Part::eG | Part::eB;
    return state.setColorWriteMask(alpha_only ? Part::eA : colour_only ? colour : colour | Part::eA);
}

Pipeline make_graphics_pipeline(const Device& device, const GraphicsSettings& settings) {
    Pipeline result;
    result.bind_point = vk::PipelineBindPoint::eGraphics;
    result.stages = vk::ShaderStageFlagBits::eVertex | vk::ShaderStageFlagBits::eFragment;
    result.bindings = settings.bindings;
    result.push_bytes = settings.push_bytes;
    make_layouts(device, result);

    Specialisation constants(settings.specialisation);
    auto vertex = load_shader(device, settings.vertex);
    vk::UniqueShaderModule fragment;
    std::vector<vk::PipelineShaderStageCreateInfo> stages{
        {{}, vk::ShaderStageFlagBits::eVertex, *vertex, "main", &constants.info}};
    if (!settings.fragment.empty()) {
        fragment = load_shader(device, settings.fragment);
        stages.push_back({{}, vk::ShaderStageFlagBits::eFragment, *fragment, "main", &constants.info});
    }

    vk::PipelineVertexInputStateCreateInfo input({}, settings.vertex_buffers, settings.attributes);
    vk::PipelineInputAssemblyStateCreateInfo assembly({}, settings.topology);
    vk::PipelineViewportStateCreateInfo viewport({}, 1, nullptr, 1, nullptr);
    vk::PipelineRasterizationStateCreateInfo raster;
    raster.setCullMode(settings.cull).setFrontFace(vk::FrontFace::eCounterClockwise).setLineWidth(1);
    raster.setDepthBiasEnable(settings.depth_bias != 0 || settings.depth_slope != 0);
    raster.setDepthBiasConstantFactor(settings.depth_bias).setDepthBiasSlopeFactor(settings.depth_slope);
    vk::PipelineMultisampleStateCreateInfo samples({}, settings.samples);
    vk::PipelineDepthStencilStateCreateInfo depth({}, settings.depth_test, settings.depth_write,
                                                  settings.depth_always ? vk::CompareOp::eAlways : vk::CompareOp::eLessOrEqual);
    std::vector<vk::Format> colours = settings.further_colours;
    if (settings.colour != vk::Format::eUndefined) colours.insert(colours.begin(), settings.colour);
    auto written = blending(settings.blend, settings.alpha_only, settings.colour_only);
    if (settings.fragment.empty()) written.setColorWriteMask({});
    const std::vector attachments(colours.size(), written);
    vk::PipelineColorBlendStateCreateInfo blend;
    blend.setAttachments(attachments);
    const vk::DynamicState dynamic[] = {vk::DynamicState::eViewport, vk::DynamicState::eScissor};
    vk::PipelineDynamicStateCreateInfo dynamics({}, dynamic);
    vk::PipelineRenderingCreateInfo rendering;
    rendering.setColorAttachmentFormats(colours);
    rendering.setDepthAttachmentFormat(settings.depth);

    vk::GraphicsPipelineCreateInfo create;
    create.setStages(stages).setPVertexInputState(&input).setPInputAssemblyState(&assembly);
    create.setPViewportState(&viewport).setPRasterizationState(&raster).setPMultisampleState(&samples);
    create.setPDepthStencilState(&depth).setPColorBlendState(&blend).setPDynamicState(&dynamics);
    create.setLayout(*result.layout).setPNext(&rendering);
    result.pipeline = device.handle().createGraphicsPipelineUnique({}, create).value;
    return result;
}

void bind(vk::CommandBuffer commands, const Pipeline& pipeline, std::initializer_list<Binding> bindings,
          std::span<const std::byte> push) {
    CHECK(bindings.size() == pipeline.bindings.size(), bindings.size(), pipeline.bindings.size());
    CHECK(push.size() == pipeline.push_bytes, push.size(), pipeline.push_bytes);
    constexpr size_t kMost = 16;
    CHECK(bindings.size() <= kMost);
    vk::DescriptorBufferInfo buffers[kMost];
    vk::DescriptorImageInfo images[kMost];
    vk::WriteDescriptorSet writes[kMost];
    uint32_t i = 0;
    for (const Binding& binding : bindings) {
        writes[i] = vk::WriteDescriptorSet({}, i, 0, 1, pipeline.bindings[i]);
        buffers[i] = vk::DescriptorBufferInfo(binding.buffer, binding.offset, binding.size);
        images[i] = vk::DescriptorImageInfo(binding.sampler, binding.view, binding.layout);
        if (binding.buffer)
            writes[i].setPBufferInfo(&buffers[i]);
        else
            writes[i].setPImageInfo(&images[i]);
        ++i;
    }
    commands.bindPipeline(pipeline.bind_point, *pipeline.pipeline);
    if (i)
        commands.pushDescriptorSetKHR(pipeline.bind_point, *pipeline.layout, 0,
                                      vk::ArrayProxy<const vk::WriteDescriptorSet>(i, writes));
    if (!push.empty())
        commands.pushConstants(*pipeline.layout, pipeline.stages, 0, static_cast<uint32_t>(push.size()),
                               push.data());
}

void dispatch(vk::CommandBuffer commands, const Pipeline& pipeline, std::initializer_list<Binding> bindings,
              std::span<const std::byte> push, uint32_t groups_x, uint32_t groups_y, uint32_t groups_z) {
    bind(commands, pipeline, bindings, push);
    commands.dispatch(groups_x, groups_y, groups_z);
}

}  // namespace gpu
