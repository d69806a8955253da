#pragma once

// Command buffers for frames, two in flight, and GPU time by name.

#include "engine/gpu/device.h"

#include <string>
#include <utility>

namespace gpu {

/// Two command buffers used in turn. begin() waits until the frame before the last is done, so memory that is
/// kept twice and chosen by slot() is free to be written.
class Frames {
  public:
    explicit Frames(Device& device);

    vk::CommandBuffer begin();
    /// Ends and submits what begin() gave; returns its number.
    uint64_t end(vk::Semaphore wait = {}, vk::Semaphore signal = {});
    uint32_t slot() const { return slot_; }

  private:
    struct Slot {
        vk::UniqueCommandPool pool;
        vk::UniqueCommandBuffer commands;
        uint64_t submission = 0;
    };
    Device& device_;
    Slot slots_[kFramesInFlight];
    uint32_t slot_ = 0;
};

/// Milliseconds between marks on the GPU. Results come back when their frame is done; nothing waits. On a
/// device without timestamps everything is empty.
class Timer {
  public:
    explicit Timer(Device& device);

    /// Call once per frame, first.
    void begin(vk::CommandBuffer commands);
    /// Time since the last mark (or begin) belongs to `name`, which must outlive the timer (a literal).
    void mark(vk::CommandBuffer commands, const char* name);

    /// Of the newest finished frame, in the order of the marks.
    const std::vector<std::pair<std::string, double>>& milliseconds();

  private:
    static constexpr uint32_t kMarks = 24;
    struct Slot {
        vk::UniqueQueryPool pool;
        std::vector<const char*> names;
        uint64_t submission = 0;
    };
    Device& device_;
    Slot slots_[kFramesInFlight + 1];
    uint32_t slot_ = 0;
    std::vector<std::pair<std::string, double>> latest_;
};

}  // namespace gpu
