#include "engine/gpu/frame.h"
#include "engine/gpu/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

namespace {

using testing::HasSubstr;

class GpuDevice : public testing::Test {
  protected:
    void SetUp() override {
        setenv("EVENHAND_VALIDATION", "1", 1);
        auto made = gpu::Device::create();
        ASSERT_TRUE(made) << made.error().message;
        device_ = std::move(*made);
    }
    void TearDown() override {
        if (!device_) return;
        EXPECT_EQ(device_->validation_messages(), 0u);
    }
    std::unique_ptr<gpu::Device> device_;
};

TEST(GpuList, every_device_tells_what_it_is_and_why_it_does_not_fit) {
    auto devices = gpu::list_devices();
    ASSERT_TRUE(devices) << devices.error().message;
    bool some_fit = false;
    for (const gpu::DeviceInfo& info : *devices) {
        EXPECT_FALSE(info.name.empty());
        EXPECT_THAT(info.type, testing::AnyOf("discrete", "integrated", "virtual", "cpu", "other"));
        EXPECT_EQ(info.fit(), info.unfit.empty());
        if (!info.fit()) continue;
        some_fit = true;
        EXPECT_TRUE(info.int64);
        EXPECT_GE(info.max_image, 4096u);
        EXPECT_GT(info.memory_bytes, 0u);
    }
    EXPECT_TRUE(some_fit);
}

TEST(GpuList, a_device_that_is_not_there_is_refused_with_what_there_is) {
    for (const char* which : {"99", "-1", "1x", "gpu"}) {
        auto device = gpu::Device::create(which);
        ASSERT_FALSE(device) << which;
        EXPECT_THAT(device.error().message, HasSubstr(which));
        EXPECT_THAT(device.error().message, HasSubstr("give a number"));
    }
}

TEST(GpuList, a_device_is_chosen_by_its_place_in_the_list) {
    auto devices = gpu::list_devices();
    ASSERT_TRUE(devices);
    for (size_t i = 0; i < devices->size(); ++i) {
        auto device = gpu::Device::create(std::to_string(i));
        ASSERT_EQ(bool(device), (*devices)[i].fit());
        if (!device) continue;
        EXPECT_EQ((*device)->info().name, (*devices)[i].name);
    }
}

TEST_F(GpuDevice, a_buffer_comes_back_as_it_went_up) {
    for (size_t count : {1u, 63u, 1000u, 300'001u}) {
        std::vector<uint32_t> values(count);
        std::iota(values.begin(), values.end(), 0x12345u);
        const gpu::Buffer buffer = gpu::make_buffer<uint32_t>(*device_, values, "values");
        EXPECT_EQ(gpu::download<uint32_t>(*device_, buffer, count), values);
        EXPECT_EQ(gpu::download<uint32_t>(*device_, buffer, 1, (count - 1) * 4).front(), values.back());
    }
}

TEST_F(GpuDevice, an_empty_array_can_still_be_bound) {
    const gpu::Buffer buffer = gpu::make_buffer<uint32_t>(*device_, std::span<const uint32_t>{}, "nothing");
    EXPECT_GE(buffer.size(), 4u);
}

TEST_F(GpuDevice, an_image_comes_back_as_it_went_up) {
    gpu::ImageSettings settings;
    settings.width = 37;
    settings.height = 19;
    settings.usage |= vk::ImageUsageFlagBits::eTransferSrc;
    const gpu::Image image(*device_, settings, "image");
    std::vector<std::byte> texels(37 * 19 * 4);
    for (size_t i = 0; i < texels.size(); ++i) texels[i] = std::byte(i * 7 % 251);
    gpu::upload(*device_, image, texels);
    EXPECT_EQ(gpu::download(*device_, image, vk::ImageLayout::eShaderReadOnlyOptimal, 4), texels);
}

TEST_F(GpuDevice, submissions_are_numbered_and_finish) {
    gpu::Frames frames(*device_);
    const gpu::Buffer buffer(*device_, 64, gpu::Memory::device, "filled");
    uint64_t last = 0;
    for (uint32_t i = 0; i < 5; ++i) {
        vk::CommandBuffer commands = frames.begin();
        const uint64_t expected = device_->submission();
        commands.fillBuffer(buffer.handle(), 0, VK_WHOLE_SIZE, i);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kTransferWrite);
        last = frames.end();
        EXPECT_EQ(last, expected);
    }
    device_->wait(last);
    EXPECT_TRUE(device_->finished(last));
    EXPECT_FALSE(device_->finished(device_->submission()));
    EXPECT_EQ(gpu::download<uint32_t>(*device_, buffer, 16), std::vector<uint32_t>(16, 4));
}

TEST_F(GpuDevice, time_between_marks_is_told_by_name) {
    gpu::Timer timer(*device_);
    const gpu::Buffer buffer(*device_, 1 << 20, gpu::Memory::device, "filled");
    device_->run([&](vk::CommandBuffer commands) {
        timer.begin(commands);
        commands.fillBuffer(buffer.handle(), 0, VK_WHOLE_SIZE, 1);
        timer.mark(commands, "first");
        timer.mark(commands, "second");
    });
    if (device_->info().timestamp_ns == 0) return;
    ASSERT_EQ(timer.milliseconds().size(), 2u);
    EXPECT_EQ(timer.milliseconds()[0].first, "first");
    EXPECT_EQ(timer.milliseconds()[1].first, "second");
    EXPECT_GE(timer.milliseconds()[0].second, 0);
}

TEST_F(GpuDevice, a_missing_shader_is_a_sentence_that_names_it) {
    auto done =
        gpu::guarded("starting", [&] { gpu::make_compute_pipeline(*device_, "/nowhere/nothing.spv", 1, 0); });
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("/nowhere/nothing.spv"));
}

TEST_F(GpuDevice, a_file_that_is_no_shader_is_refused) {
    const base::fs::path path = base::fs::temp_directory_path() / "evenhand_not_a_shader.spv";
    ASSERT_TRUE(base::write_file(path, "this is text, not SPIR-V!"));
    auto done = gpu::guarded("starting", [&] { gpu::make_compute_pipeline(*device_, path, 1, 0); });
    base::fs::remove(path);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("not a SPIR-V shader"));
}

}  // namespace
