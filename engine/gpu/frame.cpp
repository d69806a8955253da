#include "engine/gpu/frame.h"

namespace gpu {

Frames::Frames(Device& device) : device_(device) {
    for (Slot& slot : slots_) {
        slot.pool = device.handle().createCommandPoolUnique(
            {vk::CommandPoolCreateFlagBits::eTransient, device.queue_family()});
        slot.commands = std::move(device.handle().allocateCommandBuffersUnique(
            {*slot.pool, vk::CommandBufferLevel::ePrimary, 1})[0]);
    }
}

vk::CommandBuffer Frames::begin() {
    slot_ = (slot_ + 1) % kFramesInFlight;
    Slot& slot = slots_[slot_];
    device_.wait(slot.submission);
    device_.handle().resetCommandPool(*slot.pool);
    slot.commands->begin({vk::CommandBufferUsageFlagBits::eOneTimeSubmit});
    return *slot.commands;
}

uint64_t Frames::end(vk::Semaphore wait, vk::Semaphore signal) {
    Slot& slot = slots_[slot_];
    slot.commands->end();
    slot.submission = device_.submit(*slot.commands, wait, signal);
    return slot.submission;
}

Timer::Timer(Device& device) : device_(device) {
    if (device.info().timestamp_ns == 0) return;
    for (Slot& slot : slots_)
        slot.pool = device.handle().createQueryPoolUnique({{}, vk::QueryType::eTimestamp, kMarks});
}

void Timer::begin(vk::CommandBuffer commands) {
    if (!slots_[0].pool) return;
    milliseconds();
    slot_ = (slot_ + 1) % (kFramesInFlight + 1);
    Slot& slot = slots_[slot_];
    slot.names.clear();
    slot.submission = device_.submission();
    commands.resetQueryPool(*slot.pool, 0, kMarks);
    commands.writeTimestamp2(vk::PipelineStageFlagBits2::eAllCommands, *slot.pool, 0);
}

void Timer::mark(vk::CommandBuffer commands, const char* name) {
    Slot& slot = slots_[slot_];
    if (!slot.pool || slot.submission != device_.submission() || slot.names.size() + 1 >= kMarks) return;
    slot.names.push_back(name);
    commands.writeTimestamp2(vk::PipelineStageFlagBits2::eAllCommands, *slot.pool,
                             static_cast<uint32_t>(slot.names.size()));
}

const std::vector<std::pair<std::string, double>>& Timer::milliseconds() {
    const Slot* newest = nullptr;
    for (const Slot& slot : slots_) {
        const bool readable = !slot.names.empty() && slot.submission < device_.submission() &&
                              device_.finished(slot.submission);
        if (readable && (!newest || slot.submission > newest->submission)) newest = &slot;
    }
    if (!newest) return latest_;
    const uint32_t count = static_cast<uint32_t>(newest->names.size()) + 1;
    uint64_t ticks[kMarks];
    auto read = device_.handle().getQueryPoolResults(*newest->pool, 0, count, sizeof ticks, ticks,
                                                     sizeof(uint64_t), vk::QueryResultFlagBits::e64);
    if (read != vk::Result::eSuccess) return latest_;
    latest_.clear();
    for (uint32_t i = 1; i < count; ++i)
        latest_.push_back(
            {newest->names[i - 1], double(ticks[i] - ticks[i - 1]) * device_.info().timestamp_ns * 1e-6});
    return latest_;
}

}  // namespace gpu
