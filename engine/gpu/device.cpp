#include "engine/gpu/device.h"

#include "engine/base/foreign_words.h"
#include "engine/base/log.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <exception>

// Vulkan's functions are loaded at run time: a machine without the loader gets a sentence instead of a
// program that does not start.
VULKAN_HPP_DEFAULT_DISPATCH_LOADER_DYNAMIC_STORAGE

namespace gpu {

namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";
constexpr uint64_t kStorageRange = 128ull << 20;
constexpr uint32_t kUniformRange = 64u << 10;  // what every desktop driver has; render/skin_field takes half

bool validation_wanted() {
    const char* value = std::getenv("EVENHAND_VALIDATION");
    return value && std::string_view(value) != "0" && *value;
}

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                          VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
    static_cast<std::atomic<uint32_t>*>(user)->fetch_add(1);
    spdlog::error("Vulkan validation: {}", data->pMessage);
    return VK_FALSE;
}

const char* type_name(vk::PhysicalDeviceType type) {
    switch (type) {
        case vk::PhysicalDeviceType::eDiscreteGpu:
            return "discrete";
        case vk::PhysicalDeviceType::eIntegratedGpu:
            return "integrated";
        case vk::PhysicalDeviceType::eVirtualGpu:
            return "virtual";
        case vk::PhysicalDeviceType::eCpu:
            return "cpu";
        default:
            return "other";
    }
}

/// Lower is better: the order in which "" chooses.
int type_rank(const std::string& type) {
    const char* order[] = {"discrete", "integrated", "virtual", "cpu"};
    for (int i = 0; i < 4; ++i) {
        if (type == order[i]) return i;
    }
    return 4;
}

std::string version_text(uint32_t version) {
    return fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version),
                       VK_API_VERSION_PATCH(version));
}

std::optional<uint32_t> find_queue_family(vk::PhysicalDevice device, vk::SurfaceKHR surface) {
    const auto wanted = vk::QueueFlagBits::eGraphics | vk::QueueFlagBits::eCompute;
    auto families = device.getQueueFamilyProperties();
    for (uint32_t i = 0; i < families.size(); ++i) {
        if ((families[i].queueFlags & wanted) != wanted) continue;
        if (!surface || device.getSurfaceSupportKHR(i, surface)) return i;
    }
    return std::nullopt;
}

bool has_extension(vk::PhysicalDevice device, const char* name) {
    auto extensions = device.enumerateDeviceExtensionProperties();
    return std::ranges::any_of(extensions,
                               [&](const auto& e) { return std::string_view(e.extensionName) == name; });
}

using Features = vk::StructureChain<vk::PhysicalDeviceFeatures2, vk::PhysicalDeviceVulkan12Features,
                                    vk::PhysicalDeviceVulkan13Features>;

void list_missing_features(vk::PhysicalDevice device, std::vector<std::string>& reasons) {
    auto chain = device.getFeatures2<vk::PhysicalDeviceFeatures2, vk::PhysicalDeviceVulkan12Features,
                                     vk::PhysicalDeviceVulkan13Features>();
    const auto& core = chain.get<vk::PhysicalDeviceFeatures2>().features;
    const auto& v12 = chain.get<vk::PhysicalDeviceVulkan12Features>();
    const auto& v13 = chain.get<vk::PhysicalDeviceVulkan13Features>();
    if (!core.shaderInt64) reasons.push_back("no 64-bit integers in shaders");
    if (!v12.scalarBlockLayout) reasons.push_back("no scalar block layout");
    if (!v12.timelineSemaphore) reasons.push_back("no timeline semaphores");
    if (!v13.dynamicRendering) reasons.push_back("no dynamic rendering");
    if (!v13.maintenance4) reasons.push_back("no maintenance4");
    if (!v13.synchronization2) reasons.push_back("no synchronization2");
}

DeviceInfo describe(vk::PhysicalDevice device, vk::SurfaceKHR surface) {
    auto properties = device.getProperties();
    DeviceInfo info;
    info.name = properties.deviceName.data();
    info.type = type_name(properties.deviceType);
    info.api_version = version_text(properties.apiVersion);
    info.max_image = properties.limits.maxImageDimension2D;
    info.int64 = device.getFeatures().shaderInt64;
    if (properties.limits.timestampComputeAndGraphics) info.timestamp_ns = properties.limits.timestampPeriod;
    auto memory = device.getMemoryProperties();
    for (uint32_t i = 0; i < memory.memoryHeapCount; ++i) {
        if (memory.memoryHeaps[i].flags & vk::MemoryHeapFlagBits::eDeviceLocal)
            info.memory_bytes = std::max<uint64_t>(info.memory_bytes, memory.memoryHeaps[i].size);
    }
    if (properties.apiVersion < VK_API_VERSION_1_3) {
        info.driver = version_text(properties.driverVersion);
        info.unfit.push_back(fmt::format("offers Vulkan {}, 1.3 is needed", info.api_version));
        return info;
    }
    auto chain = device.getProperties2<vk::PhysicalDeviceProperties2, vk::PhysicalDeviceDriverProperties>();
    const auto& driver = chain.get<vk::PhysicalDeviceDriverProperties>();
    info.driver = fmt::format("{} {}", driver.driverName.data(), driver.driverInfo.data());
    list_missing_features(device, info.unfit);
    if (properties.limits.maxStorageBufferRange < kStorageRange)
        info.unfit.push_back("storage buffers below 128 MiB");
    if (properties.limits.maxUniformBufferRange < kUniformRange)
        info.unfit.push_back("uniform buffers below 64 KiB");
    if (!has_extension(device, VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME))
        info.unfit.push_back("no push descriptors");
    if (!find_queue_family(device, {})) info.unfit.push_back("no queue for both graphics and compute");
    if (surface) {
        if (!has_extension(device, VK_KHR_SWAPCHAIN_EXTENSION_NAME) || !find_queue_family(device, surface))
            info.unfit.push_back("cannot present to this window");
    }
    return info;
}

base::Error nothing_fits(const std::vector<DeviceInfo>& devices) {
    std::string text = "no Vulkan device fits:";
    for (size_t i = 0; i < devices.size(); ++i)
        text += fmt::format(" {} {} ({});", i, devices[i].name, fmt::join(devices[i].unfit, ", "));
    return base::error("{} install mesa-vulkan-drivers for the CPU driver, or update the graphics driver",
                       text);
}

base::Result<size_t> choose(const std::vector<DeviceInfo>& devices, const std::string& which) {
    if (devices.empty())
        return base::error(
            "there is no Vulkan device on this machine: install mesa-vulkan-drivers, or the driver of the "
            "graphics card");
    if (!which.empty() && which != "cpu") {
        size_t index = 0;
        auto [end, failure] = std::from_chars(which.data(), which.data() + which.size(), index);
        if (failure != std::errc{} || end != which.data() + which.size() || index >= devices.size())
            return base::error("--gpu {}: there is no such device; give a number from 0 to {}, or cpu", which,
                               devices.size() - 1);
        if (!devices[index].fit())
            return base::error("--gpu {}: {} does not fit ({})", which, devices[index].name,
                               fmt::join(devices[index].unfit, ", "));
        return index;
    }
    std::optional<size_t> best;
    for (size_t i = 0; i < devices.size(); ++i) {
        if (!devices[i].fit() || (which == "cpu" && devices[i].type != "cpu")) continue;
        if (!best || type_rank(devices[i].type) < type_rank(devices[*best].type)) best = i;
    }
    if (best) return *best;
    if (which == "cpu")
        return base::error("--gpu cpu: no CPU Vulkan driver is installed; install mesa-vulkan-drivers");
    return nothing_fits(devices);
}

}  // namespace

base::Status guarded(const char* doing, const std::function<void()>& work) {
    try {
        work();
        return {};
    } catch (const std::exception& failure) {
        return base::error("{}: {}", doing, base::foreign_words(base::error("the driver of the graphics device gives up"), failure.what()));
    }
}

// --- instance ---

struct Instance::State {
    std::unique_ptr<vk::DynamicLoader> loader;
    std::atomic<uint32_t> messages{0};
    vk::UniqueInstance instance;
    vk::UniqueDebugUtilsMessengerEXT messenger;
};

Instance::Instance(std::unique_ptr<State> state) : state_(std::move(state)) {}
Instance::~Instance() = default;

vk::Instance Instance::handle() const {
    return *state_->instance;
}
uint32_t Instance::validation_messages() const {
    return state_->messages;
}

std::vector<DeviceInfo> Instance::devices(vk::SurfaceKHR surface) const {
    std::vector<DeviceInfo> devices;
    for (vk::PhysicalDevice device : state_->instance->enumeratePhysicalDevices())
        devices.push_back(describe(device, surface));
    return devices;
}

static bool layer_present(const char* name) {
    auto layers = vk::enumerateInstanceLayerProperties();
    return std::ranges::any_of(layers, [&](const auto& l) { return std::string_view(l.layerName) == name; });
}

base::Result<std::shared_ptr<Instance>> Instance::create(std::span<const char* const> extensions) {
    auto state = std::make_unique<State>();
    try {
        state->loader = std::make_unique<vk::DynamicLoader>();
    } catch (const std::exception&) {
        return base::error(
            "there is no Vulkan loader on this machine: install libvulkan1 and mesa-vulkan-drivers");
    }
    try {
        VULKAN_HPP_DEFAULT_DISPATCHER.init(
            state->loader->getProcAddress<PFN_vkGetInstanceProcAddr>("vkGetInstanceProcAddr"));
        if (!VULKAN_HPP_DEFAULT_DISPATCHER.vkEnumerateInstanceVersion ||
            vk::enumerateInstanceVersion() < VK_API_VERSION_1_3)
            return base::error("the Vulkan loader is older than 1.3: update libvulkan1");

        std::vector<const char*> layers;
        std::vector<const char*> names(extensions.begin(), extensions.end());
        const bool validate = validation_wanted();
        if (validate) {
            if (!layer_present(kValidationLayer))
                return base::error(
                    "EVENHAND_VALIDATION is set, but the validation layer is missing: install "
                    "vulkan-validationlayers");
            layers.push_back(kValidationLayer);
            names.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
        }
        vk::ApplicationInfo application("Evenhand", 1, "Evenhand", 1, VK_API_VERSION_1_3);
        state->instance = vk::createInstanceUnique(vk::InstanceCreateInfo({}, &application, layers, names));
        VULKAN_HPP_DEFAULT_DISPATCHER.init(*state->instance);
        if (validate) {
            using Severity = vk::DebugUtilsMessageSeverityFlagBitsEXT;
            using Type = vk::DebugUtilsMessageTypeFlagBitsEXT;
            state->messenger =
                state->instance->createDebugUtilsMessengerEXTUnique({{},
                                                                     Severity::eWarning | Severity::eError,
                                                                     Type::eValidation | Type::ePerformance,
                                                                     &on_message,
                                                                     &state->messages});
        }
    } catch (const vk::IncompatibleDriverError&) {
        return base::error(
            "no Vulkan driver is installed: install mesa-vulkan-drivers, or the driver of the graphics card");
    } catch (const std::exception& failure) {
        return base::error("Vulkan does not start: {}", failure.what());
    }
    return std::shared_ptr<Instance>(new Instance(std::move(state)));
}

base::Result<std::vector<DeviceInfo>> list_devices() {
    auto instance = Instance::create();
    if (!instance) return instance.error();
    std::vector<DeviceInfo> devices;
    if (auto done = guarded("listing Vulkan devices", [&] { devices = (*instance)->devices(); }); !done)
        return done.error();
    if (devices.empty())
        return base::error(
            "there is no Vulkan device on this machine: install mesa-vulkan-drivers, or the driver of the "
            "graphics card");
    return devices;
}

// --- device ---

struct Device::State {
    std::shared_ptr<Instance> instance;
    vk::PhysicalDevice physical;
    DeviceInfo info;
    vk::PhysicalDeviceLimits limits;
    vk::PhysicalDeviceMemoryProperties memory;
    uint32_t queue_family = 0;
    vk::UniqueDevice device;
    vk::Queue queue;
    vk::UniqueSemaphore timeline;
    uint64_t next_submission = 1;
    vk::UniqueCommandPool pool;
};

Device::Device(std::unique_ptr<State> state) : state_(std::move(state)) {}

Device::~Device() {
    if (state_ && state_->device) (void)state_->device->waitIdle(VULKAN_HPP_DEFAULT_DISPATCHER);
}

static vk::UniqueDevice create_logical(vk::PhysicalDevice physical, uint32_t queue_family, bool present) {
    std::vector<const char*> extensions{VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME};
    if (present) extensions.push_back(VK_KHR_SWAPCHAIN_EXTENSION_NAME);
    Features features;
    features.get<vk::PhysicalDeviceFeatures2>().features.setShaderInt64(true);
    features.get<vk::PhysicalDeviceVulkan12Features>().setScalarBlockLayout(true).setTimelineSemaphore(true);
    features.get<vk::PhysicalDeviceVulkan13Features>()
        .setDynamicRendering(true)
        .setSynchronization2(true)
        .setMaintenance4(true);
    const float priority = 1;
    vk::DeviceQueueCreateInfo queue({}, queue_family, 1, &priority);
    vk::DeviceCreateInfo create({}, queue, {}, extensions);
    create.setPNext(&features.get<vk::PhysicalDeviceFeatures2>());
    return physical.createDeviceUnique(create);
}

base::Result<std::unique_ptr<Device>> Device::create(std::shared_ptr<Instance> instance,
                                                     vk::SurfaceKHR surface, const std::string& which) {
    auto state = std::make_unique<State>();
    state->instance = std::move(instance);
    base::Result<size_t> chosen = size_t{0};
    auto done = guarded("starting the Vulkan device", [&] {
        auto devices = state->instance->devices(surface);
        chosen = choose(devices, which);
        if (!chosen) return;
        state->info = devices[*chosen];
        state->physical = state->instance->handle().enumeratePhysicalDevices()[*chosen];
        state->limits = state->physical.getProperties().limits;
        state->memory = state->physical.getMemoryProperties();
        state->queue_family = *find_queue_family(state->physical, surface);
        state->device = create_logical(state->physical, state->queue_family, static_cast<bool>(surface));
        state->queue = state->device->getQueue(state->queue_family, 0);
        vk::SemaphoreTypeCreateInfo type(vk::SemaphoreType::eTimeline, 0);
        state->timeline = state->device->createSemaphoreUnique(vk::SemaphoreCreateInfo({}, &type));
        state->pool = state->device->createCommandPoolUnique(
            {vk::CommandPoolCreateFlagBits::eTransient, state->queue_family});
    });
    if (!done) return done.error();
    if (!chosen) return chosen.error();
    return std::unique_ptr<Device>(new Device(std::move(state)));
}

base::Result<std::unique_ptr<Device>> Device::create(const std::string& which) {
    auto instance = Instance::create();
    if (!instance) return instance.error();
    return create(*instance, {}, which);
}

vk::Device Device::handle() const {
    return *state_->device;
}
vk::PhysicalDevice Device::physical() const {
    return state_->physical;
}
vk::Queue Device::queue() const {
    return state_->queue;
}
uint32_t Device::queue_family() const {
    return state_->queue_family;
}
const DeviceInfo& Device::info() const {
    return state_->info;
}
const vk::PhysicalDeviceLimits& Device::limits() const {
    return state_->limits;
}
uint32_t Device::validation_messages() const {
    return state_->instance->validation_messages();
}
uint64_t Device::submission() const {
    return state_->next_submission;
}

bool Device::finished(uint64_t submission) const {
    return state_->device->getSemaphoreCounterValue(*state_->timeline) >= submission;
}

void Device::wait(uint64_t submission) const {
    CHECK(submission < state_->next_submission, submission, state_->next_submission);
    vk::SemaphoreWaitInfo wait({}, *state_->timeline, submission);
    if (state_->device->waitSemaphores(wait, UINT64_MAX) != vk::Result::eSuccess)
        throw std::runtime_error("waiting for the Vulkan device failed");
}

void Device::wait_idle() const {
    state_->device->waitIdle();
}

uint64_t Device::submit(vk::CommandBuffer commands, vk::Semaphore wait, vk::Semaphore signal) {
    const uint64_t number = state_->next_submission++;
    using Stage = vk::PipelineStageFlagBits2;
    vk::SemaphoreSubmitInfo waits(wait, 0, Stage::eColorAttachmentOutput | Stage::eTransfer);
    vk::SemaphoreSubmitInfo signals[2] = {{*state_->timeline, number, Stage::eAllCommands},
                                          {signal, 0, Stage::eAllCommands}};
    vk::CommandBufferSubmitInfo buffer(commands);
    vk::SubmitInfo2 submit({}, wait ? 1 : 0, &waits, 1, &buffer, signal ? 2 : 1, signals);
    state_->queue.submit2(submit);
    return number;
}

void Device::run(const std::function<void(vk::CommandBuffer)>& record) {
    auto buffers =
        state_->device->allocateCommandBuffersUnique({*state_->pool, vk::CommandBufferLevel::ePrimary, 1});
    vk::CommandBuffer commands = *buffers[0];
    commands.begin({vk::CommandBufferUsageFlagBits::eOneTimeSubmit});
    record(commands);
    commands.end();
    wait(submit(commands));
}

uint32_t Device::memory_type(uint32_t bits, vk::MemoryPropertyFlags wanted,
                             vk::MemoryPropertyFlags preferred) const {
    for (vk::MemoryPropertyFlags flags : {wanted | preferred, wanted}) {
        for (uint32_t i = 0; i < state_->memory.memoryTypeCount; ++i) {
            if ((bits >> i & 1) && (state_->memory.memoryTypes[i].propertyFlags & flags) == flags) return i;
        }
    }
    throw std::runtime_error("the Vulkan device has no memory of the kind needed");
}

template <typename Handle>
static void set_name(const Device& device, Handle handle, const char* name) {
    if (!VULKAN_HPP_DEFAULT_DISPATCHER.vkSetDebugUtilsObjectNameEXT || !validation_wanted()) return;
    const auto raw = reinterpret_cast<uint64_t>(static_cast<typename Handle::CType>(handle));
    device.handle().setDebugUtilsObjectNameEXT({Handle::objectType, raw, name});
}

// --- buffers ---

Buffer::Buffer(const Device& device, uint64_t size, Memory memory, const char* name)
    : size_(std::max<uint64_t>(size, 4)) {
    using Use = vk::BufferUsageFlagBits;
    using Property = vk::MemoryPropertyFlagBits;
    const vk::BufferUsageFlags usage = Use::eStorageBuffer | Use::eTransferSrc | Use::eTransferDst |
                                       Use::eVertexBuffer | Use::eIndexBuffer | Use::eUniformBuffer;
    buffer_ = device.handle().createBufferUnique({{}, size_, usage});
    set_name(device, *buffer_, name);
    auto needs = device.handle().getBufferMemoryRequirements(*buffer_);
    vk::MemoryPropertyFlags wanted = Property::eHostVisible | Property::eHostCoherent, preferred;
    if (memory == Memory::device) wanted = Property::eDeviceLocal;
    if (memory == Memory::read_back) preferred = Property::eHostCached;
    memory_ = device.handle().allocateMemoryUnique(
        {needs.size, device.memory_type(needs.memoryTypeBits, wanted, preferred)});
    device.handle().bindBufferMemory(*buffer_, *memory_, 0);
    if (memory != Memory::device) mapped_ = device.handle().mapMemory(*memory_, 0, size_);
}

std::span<std::byte> Buffer::bytes() const {
    CHECK(mapped_);
    return {static_cast<std::byte*>(mapped_), size_};
}

void upload(Device& device, const Buffer& buffer, std::span<const std::byte> values) {
    CHECK(values.size() <= buffer.size(), values.size(), buffer.size());
    if (values.empty()) return;
    constexpr auto kAll = vk::PipelineStageFlagBits2::eAllCommands;
    Buffer staging(device, values.size(), Memory::upload, "staging");
    staging.write(values);
    device.run([&](vk::CommandBuffer commands) {
        barrier(commands, {kAll, vk::AccessFlagBits2::eMemoryWrite}, kTransferWrite);
        commands.copyBuffer(staging.handle(), buffer.handle(), vk::BufferCopy(0, 0, values.size()));
        barrier(commands, kTransferWrite, {kAll, vk::AccessFlagBits2::eMemoryRead | vk::AccessFlagBits2::eMemoryWrite});
    });
}

Buffer make_buffer(Device& device, std::span<const std::byte> values, const char* name) {
    Buffer buffer(device, values.size(), Memory::device, name);
    upload(device, buffer, values);
    return buffer;
}

std::vector<std::byte> download(Device& device, const Buffer& buffer, uint64_t offset, uint64_t size) {
    CHECK(offset + size <= buffer.size(), offset, size, buffer.size());
    if (size == 0) return {};
    Buffer staging(device, size, Memory::read_back, "read-back");
    device.run([&](vk::CommandBuffer commands) {
        barrier(commands, {vk::PipelineStageFlagBits2::eAllCommands, vk::AccessFlagBits2::eMemoryWrite},
                kTransferRead);
        commands.copyBuffer(buffer.handle(), staging.handle(), vk::BufferCopy(offset, 0, size));
        barrier(commands, kTransferWrite, kHostRead);
    });
    return staging.read<std::byte>(size);
}

// --- images ---

static bool is_depth(vk::Format format) {
    return format == vk::Format::eD32Sfloat || format == vk::Format::eD16Unorm;
}

vk::ImageAspectFlags Image::aspect() const {
    return is_depth(settings_.format) ? vk::ImageAspectFlagBits::eDepth : vk::ImageAspectFlagBits::eColor;
}

Image::Image(const Device& device, const ImageSettings& settings, const char* name) : settings_(settings) {
    vk::ImageCreateInfo create({}, vk::ImageType::e2D, settings.format, {settings.width, settings.height, 1},
                               1, 1, settings.samples, vk::ImageTiling::eOptimal, settings.usage);
    image_ = device.handle().createImageUnique(create);
    set_name(device, *image_, name);
    auto needs = device.handle().getImageMemoryRequirements(*image_);
    memory_ = device.handle().allocateMemoryUnique(
        {needs.size, device.memory_type(needs.memoryTypeBits, vk::MemoryPropertyFlagBits::eDeviceLocal, {})});
    device.handle().bindImageMemory(*image_, *memory_, 0);
    view_ = device.handle().createImageViewUnique(
        {{}, *image_, vk::ImageViewType::e2D, settings.format, {}, {aspect(), 0, 1, 0, 1}});
}

static vk::BufferImageCopy whole(const Image& image) {
    return {0, 0, 0, {image.aspect(), 0, 0, 1}, {}, {image.width(), image.height(), 1}};
}

void upload(Device& device, const Image& image, std::span<const std::byte> texels) {
    Buffer staging(device, texels.size(), Memory::upload, "staging");
    staging.write(texels);
    device.run([&](vk::CommandBuffer commands) {
        transition(commands, image, vk::ImageLayout::eUndefined, vk::ImageLayout::eTransferDstOptimal, {},
                   kTransferWrite);
        commands.copyBufferToImage(staging.handle(), image.handle(), vk::ImageLayout::eTransferDstOptimal,
                                   whole(image));
        transition(commands, image, vk::ImageLayout::eTransferDstOptimal,
                   vk::ImageLayout::eShaderReadOnlyOptimal, kTransferWrite,
                   {vk::PipelineStageFlagBits2::eAllCommands, vk::AccessFlagBits2::eMemoryRead});
    });
}

std::vector<std::byte> download(Device& device, const Image& image, vk::ImageLayout layout,
                                uint32_t texel_bytes) {
    const uint64_t size = uint64_t{image.width()} * image.height() * texel_bytes;
    Buffer staging(device, size, Memory::read_back, "read-back");
    const Use anything{vk::PipelineStageFlagBits2::eAllCommands, vk::AccessFlagBits2::eMemoryWrite};
    device.run([&](vk::CommandBuffer commands) {
        transition(commands, image, layout, vk::ImageLayout::eTransferSrcOptimal, anything, kTransferRead);
        commands.copyImageToBuffer(image.handle(), vk::ImageLayout::eTransferSrcOptimal, staging.handle(),
                                   whole(image));
        if (layout != vk::ImageLayout::eTransferSrcOptimal)
            transition(commands, image, vk::ImageLayout::eTransferSrcOptimal, layout, kTransferRead,
                       anything);
        barrier(commands, kTransferWrite, kHostRead);
    });
    return staging.read<std::byte>(size);
}

vk::UniqueSampler make_sampler(const Device& device, vk::Filter filter, vk::SamplerAddressMode mode,
                               bool compare) {
    vk::SamplerCreateInfo create({}, filter, filter, vk::SamplerMipmapMode::eNearest, mode, mode, mode);
    if (compare) create.setCompareEnable(true).setCompareOp(vk::CompareOp::eLessOrEqual);
    return device.handle().createSamplerUnique(create);
}

// --- barriers ---

void barrier(vk::CommandBuffer commands, Use before, Use after) {
    vk::MemoryBarrier2 memory(before.stage, before.access, after.stage, after.access);
    commands.pipelineBarrier2(vk::DependencyInfo({}, memory));
}

void transition(vk::CommandBuffer commands, vk::Image image, vk::ImageAspectFlags aspect,
                vk::ImageLayout from, vk::ImageLayout to, Use before, Use after) {
    vk::ImageMemoryBarrier2 change(before.stage, before.access, after.stage, after.access, from, to,
                                   VK_QUEUE_FAMILY_IGNORED, VK_QUEUE_FAMILY_IGNORED, image,
                                   {aspect, 0, 1, 0, 1});
    commands.pipelineBarrier2(vk::DependencyInfo({}, {}, {}, change));
}

void transition(vk::CommandBuffer commands, const Image& image, vk::ImageLayout from, vk::ImageLayout to,
                Use before, Use after) {
    transition(commands, image.handle(), image.aspect(), from, to, before, after);
}

}  // namespace gpu
