#pragma once

// Pipelines from .spv files with push descriptors: bindings 0..n-1 of set 0 are stated where the pipeline is
// made and filled where it is used; there are no descriptor pools and no sets to keep alive.

#include "engine/gpu/device.h"

namespace gpu {

/// A thing bound to a shader for one draw or dispatch.
struct Binding {
    Binding(const Buffer& buffer) : buffer(buffer.handle()) {}
    Binding(vk::Buffer handle, uint64_t offset, uint64_t size) : buffer(handle), offset(offset), size(size) {}
    Binding(const Image& image, vk::Sampler sampler,
            vk::ImageLayout layout = vk::ImageLayout::eShaderReadOnlyOptimal)
        : view(image.view()), sampler(sampler), layout(layout) {}
    Binding(vk::ImageView view, vk::Sampler sampler) : view(view), sampler(sampler) {}

    vk::Buffer buffer;
    uint64_t offset = 0, size = VK_WHOLE_SIZE;
    vk::ImageView view;
    vk::Sampler sampler;
    vk::ImageLayout layout = vk::ImageLayout::eShaderReadOnlyOptimal;
};

/// Layout and pipeline of one compute or graphics program.
struct Pipeline {
    vk::UniqueDescriptorSetLayout set_layout;
    vk::UniquePipelineLayout layout;
    vk::UniquePipeline pipeline;
    vk::PipelineBindPoint bind_point = vk::PipelineBindPoint::eCompute;
    vk::ShaderStageFlags stages;
    std::vector<vk::DescriptorType> bindings;
    uint32_t push_bytes = 0;
};

/// A compute program whose bindings 0..storage_buffers-1 are storage buffers; at most 128 bytes of push
/// constants. `specialisation`: values of constant_id 0, 1, …
Pipeline make_compute_pipeline(const Device& device, const base::fs::path& spirv, uint32_t storage_buffers,
                               uint32_t push_bytes, std::span<const uint32_t> specialisation = {});
/// As above with any kinds of bindings.
Pipeline make_compute_pipeline(const Device& device, const base::fs::path& spirv,
                               std::vector<vk::DescriptorType> bindings, uint32_t push_bytes,
                               std::span<const uint32_t> specialisation = {});

enum class Blend : uint8_t {
    none,
    over,     ///< source alpha over what is there
    highest,  ///< per channel the greater of both
    veil,     ///< over, and what stays of the alpha that is there
};

struct GraphicsSettings {
    base::fs::path vertex, fragment;  ///< fragment may be empty: depth alone is written
    std::vector<vk::DescriptorType> bindings;
    uint32_t push_bytes = 0;
    std::vector<uint32_t> specialisation;  ///< for both stages
    std::vector<vk::VertexInputBindingDescription> vertex_buffers;
    std::vector<vk::VertexInputAttributeDescription> attributes;
    vk::PrimitiveTopology topology = vk::PrimitiveTopology::eTriangleList;
    vk::CullModeFlags cull = vk::CullModeFlagBits::eNone;
    bool depth_test = true, depth_write = true;
    bool depth_always = false;  ///< passes whatever depth is there
    Blend blend = Blend::none;
    bool alpha_only = false;  ///< leaves red, green and blue as they are
    bool colour_only = false;  ///< leaves alpha as it is
    float depth_bias = 0, depth_slope = 0;
    vk::Format colour = vk::Format::eUndefined;
    std::vector<vk::Format> further_colours;  ///< of attachments 1, 2, …; blended like the first
    vk::Format depth = vk::Format::eUndefined;
    vk::SampleCountFlagBits samples = vk::SampleCountFlagBits::e1;
};
Pipeline make_graphics_pipeline(const Device& device, const GraphicsSettings& settings);

/// Binds pipeline, resources (in binding order, all of them) and push constants.
void bind(vk::CommandBuffer commands, const Pipeline& pipeline, std::initializer_list<Binding> bindings,
          std::span<const std::byte> push = {});

/// bind, then vkCmdDispatch. Barriers are the caller's: see `barrier`.
void dispatch(vk::CommandBuffer commands, const Pipeline& pipeline, std::initializer_list<Binding> bindings,
              std::span<const std::byte> push, uint32_t groups_x, uint32_t groups_y = 1,
              uint32_t groups_z = 1);

/// The bytes of a plain struct, for push constants.
template <typename T>
std::span<const std::byte> bytes_of(const T& value) {
    return std::as_bytes(std::span<const T, 1>(&value, 1));
}

}  // namespace gpu
