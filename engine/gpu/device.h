#pragma once

// Vulkan 1.3 on whatever is there: discrete, integrated or CPU (lavapipe), with a window's surface or
// without. Hides loader, device choice, memory, submission and validation. One queue, one thread: every call
// on a Device and on what was made with it comes from the thread that draws.
//
// Submissions are numbered. What is recorded between two submissions finishes as one: `submission()` is the
// number that the commands being recorded now will get, `finished(n)` says without waiting whether number n
// is done. That is all a module needs to reuse an upload buffer (wait for the number that used it last) or to
// read a result back late (keep the number, look later). Command buffers are submitted in the order in which
// they were recorded.
//
// Constructors here throw (vk::SystemError, std::runtime_error) when memory runs out or a shader is missing;
// module borders (Device::create, Renderer::create, Window::open) turn that into a base::Error with
// `guarded`.

#include "engine/base/files.h"
#include "engine/base/result.h"

#ifndef VULKAN_HPP_DISPATCH_LOADER_DYNAMIC
#define VULKAN_HPP_DISPATCH_LOADER_DYNAMIC 1
#endif
#ifndef VK_NO_PROTOTYPES
#define VK_NO_PROTOTYPES
#endif
#include <vulkan/vulkan.hpp>

#include <cstddef>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gpu {

inline constexpr uint32_t kFramesInFlight = 2;

/// What a device offers, and why it is unfit if it is.
struct DeviceInfo {
    std::string name;
    std::string type;                ///< "discrete", "integrated", "virtual", "cpu" or "other"
    std::string driver;              ///< name and version
    std::string api_version;         ///< "1.3.230"
    uint64_t memory_bytes = 0;       ///< largest device-local heap
    uint32_t max_image = 0;          ///< texels along one side of a 2-D image
    double timestamp_ns = 0;         ///< of one tick; 0 = no GPU timestamps
    bool int64 = false;              ///< 64-bit integers in shaders
    std::vector<std::string> unfit;  ///< reasons; empty = fit

    bool fit() const { return unfit.empty(); }
};

/// All Vulkan devices in the driver's order; their place here is what `--gpu N` means. An error when there is
/// no Vulkan loader, no driver or no device.
base::Result<std::vector<DeviceInfo>> list_devices();

/// Vulkan loader, instance and validation. EVENHAND_VALIDATION=1 turns the validation layer on: every message
/// of warning or above is logged and counted.
class Instance {
  public:
    /// `extensions`: what the window system asks for; none when headless.
    static base::Result<std::shared_ptr<Instance>> create(std::span<const char* const> extensions = {});
    ~Instance();

    vk::Instance handle() const;
    uint32_t validation_messages() const;
    /// Unfit reasons count a surface that cannot be presented to, when one is given.
    std::vector<DeviceInfo> devices(vk::SurfaceKHR surface = {}) const;

  private:
    friend class Device;
    struct State;
    explicit Instance(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class Device {
  public:
    /// Headless. `which`: "" = the best that fits (discrete, integrated, virtual, cpu), "N" = place in
    /// list_devices(), "cpu" = the CPU driver. When nothing fits the error names each device with its
    /// reasons.
    static base::Result<std::unique_ptr<Device>> create(const std::string& which = {});
    /// For a window: the device can present to `surface`, which the caller owns and destroys after the
    /// device.
    static base::Result<std::unique_ptr<Device>> create(std::shared_ptr<Instance> instance,
                                                        vk::SurfaceKHR surface,
                                                        const std::string& which = {});
    ~Device();

    vk::Device handle() const;
    vk::PhysicalDevice physical() const;
    vk::Queue queue() const;
    uint32_t queue_family() const;
    const DeviceInfo& info() const;
    bool is_cpu() const { return info().type == "cpu"; }
    const vk::PhysicalDeviceLimits& limits() const;
    /// Messages of warning or above since the instance was made; 0 when validation is off.
    uint32_t validation_messages() const;

    /// Number that the commands being recorded now will get when they are submitted; starts at 1.
    uint64_t submission() const;
    bool finished(uint64_t submission) const;
    void wait(uint64_t submission) const;
    void wait_idle() const;

    /// Ends nothing, waits for nothing: hands `commands` (ended) to the queue and returns their number. The
    /// optional binary semaphores are those of a swapchain.
    uint64_t submit(vk::CommandBuffer commands, vk::Semaphore wait = {}, vk::Semaphore signal = {});

    /// Records, submits and waits. For loading, tests and read-back; a frame uses Frames.
    void run(const std::function<void(vk::CommandBuffer)>& record);

    /// Index of a memory type allowed by `bits` that has `wanted`, preferring one with `preferred` as well.
    uint32_t memory_type(uint32_t bits, vk::MemoryPropertyFlags wanted,
                         vk::MemoryPropertyFlags preferred) const;

  private:
    struct State;
    explicit Device(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

enum class Memory : uint8_t {
    device,     ///< only the GPU touches it
    upload,     ///< mapped, written by the CPU in order, read by the GPU
    read_back,  ///< mapped, written by the GPU, read by the CPU
};

/// A buffer with its own memory. Storage, transfer, vertex, index and uniform use are all allowed: there are
/// few.
class Buffer {
  public:
    Buffer() = default;
    /// `size` in bytes; 0 is made 4 so that an empty array can be bound. `name` shows up in validation
    /// messages.
    Buffer(const Device& device, uint64_t size, Memory memory, const char* name);

    vk::Buffer handle() const { return *buffer_; }
    uint64_t size() const { return size_; }
    explicit operator bool() const { return static_cast<bool>(buffer_); }

    /// The mapped bytes of an upload or read-back buffer; coherent, so no flush is needed.
    std::span<std::byte> bytes() const;

    /// Copies `values` to byte `offset` of a mapped buffer.
    template <typename T>
    void write(std::span<const T> values, uint64_t offset = 0) const {
        CHECK(mapped_ && offset + values.size_bytes() <= size_, offset, values.size_bytes(), size_);
        if (!values.empty())
            std::memcpy(static_cast<std::byte*>(mapped_) + offset, values.data(), values.size_bytes());
    }
    /// Copies `count` values from byte `offset` of a mapped buffer.
    template <typename T>
    std::vector<T> read(uint64_t count, uint64_t offset = 0) const {
        CHECK(mapped_ && offset + count * sizeof(T) <= size_, offset, count, size_);
        std::vector<T> values(count);
        if (count)
            std::memcpy(values.data(), static_cast<const std::byte*>(mapped_) + offset, count * sizeof(T));
        return values;
    }

  private:
    vk::UniqueDeviceMemory memory_;
    vk::UniqueBuffer buffer_;
    uint64_t size_ = 0;
    void* mapped_ = nullptr;
};

/// Device-local copy of `values`, staged and waited for. For loading.
Buffer make_buffer(Device& device, std::span<const std::byte> values, const char* name);
template <typename T>
Buffer make_buffer(Device& device, std::span<const T> values, const char* name) {
    return make_buffer(device, std::as_bytes(values), name);
}
/// Puts `values` at the start of a device-local buffer, staged and waited for.
void upload(Device& device, const Buffer& buffer, std::span<const std::byte> values);
/// Bytes of a device-local buffer, staged and waited for. For tests, reports and read-back.
std::vector<std::byte> download(Device& device, const Buffer& buffer, uint64_t offset, uint64_t size);
template <typename T>
std::vector<T> download(Device& device, const Buffer& buffer, uint64_t count, uint64_t offset = 0) {
    std::vector<std::byte> bytes = download(device, buffer, offset, count * sizeof(T));
    std::vector<T> values(count);
    if (count) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

struct ImageSettings {
    uint32_t width = 1, height = 1;
    vk::Format format = vk::Format::eR8G8B8A8Unorm;
    vk::ImageUsageFlags usage = vk::ImageUsageFlagBits::eSampled | vk::ImageUsageFlagBits::eTransferDst;
    vk::SampleCountFlagBits samples = vk::SampleCountFlagBits::e1;
};

/// A 2-D image with memory and one view.
class Image {
  public:
    Image() = default;
    Image(const Device& device, const ImageSettings& settings, const char* name);

    vk::Image handle() const { return *image_; }
    vk::ImageView view() const { return *view_; }
    uint32_t width() const { return settings_.width; }
    uint32_t height() const { return settings_.height; }
    vk::Format format() const { return settings_.format; }
    vk::ImageAspectFlags aspect() const;
    explicit operator bool() const { return static_cast<bool>(image_); }

  private:
    ImageSettings settings_;
    vk::UniqueDeviceMemory memory_;
    vk::UniqueImage image_;
    vk::UniqueImageView view_;
};

/// Fills a colour image from tightly packed texels, leaves it in eShaderReadOnlyOptimal, waits.
void upload(Device& device, const Image& image, std::span<const std::byte> texels);
/// Texels of a colour image that is in `layout`, tightly packed; the image is in that layout again
/// afterwards. Waits.
std::vector<std::byte> download(Device& device, const Image& image, vk::ImageLayout layout,
                                uint32_t texel_bytes);

vk::UniqueSampler make_sampler(const Device& device, vk::Filter filter, vk::SamplerAddressMode mode,
                               bool compare = false);

// --- barriers: what was done before, what comes after ---

struct Use {
    vk::PipelineStageFlags2 stage;
    vk::AccessFlags2 access;
};
inline constexpr Use kComputeWrite{
    vk::PipelineStageFlagBits2::eComputeShader,
    vk::AccessFlagBits2::eShaderStorageRead | vk::AccessFlagBits2::eShaderStorageWrite};
inline constexpr Use kComputeRead{vk::PipelineStageFlagBits2::eComputeShader,
                                  vk::AccessFlagBits2::eShaderStorageRead};
inline constexpr Use kDrawRead{
    vk::PipelineStageFlagBits2::eVertexShader | vk::PipelineStageFlagBits2::eFragmentShader,
    vk::AccessFlagBits2::eShaderRead};
inline constexpr Use kTransferWrite{vk::PipelineStageFlagBits2::eTransfer,
                                    vk::AccessFlagBits2::eTransferWrite};
inline constexpr Use kTransferRead{vk::PipelineStageFlagBits2::eTransfer, vk::AccessFlagBits2::eTransferRead};
inline constexpr Use kHostRead{vk::PipelineStageFlagBits2::eHost, vk::AccessFlagBits2::eHostRead};

/// All buffers: everything of kind `before` is visible to everything of kind `after`.
void barrier(vk::CommandBuffer commands, Use before, Use after);
/// An image changes layout between two uses.
void transition(vk::CommandBuffer commands, const Image& image, vk::ImageLayout from, vk::ImageLayout to,
                Use before, Use after);
void transition(vk::CommandBuffer commands, vk::Image image, vk::ImageAspectFlags aspect,
                vk::ImageLayout from, vk::ImageLayout to, Use before, Use after);

/// Runs `work` and turns anything thrown into an Error "<doing>: <reason>".
base::Status guarded(const char* doing, const std::function<void()>& work);

}  // namespace gpu
