#pragma once

// One device and renderer for all tests of a suite: starting them is most of the cost. Validation is on, and a message
// fails the test that caused it.

#include "engine/face/face_store.h"
#include "engine/render/renderer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

class OneRenderer : public testing::Test {
  protected:
    static void start_renderer() {
        setenv("EVENHAND_VALIDATION", "1", 1);
        setenv("EVENHAND_CACHE", EVENHAND_BINARY_DIR "/test_cache", 1);
        auto places = base::find_places(base::fs::path(EVENHAND_SOURCE_DIR) / "content");
        ASSERT_TRUE(places) << places.error().message;
        places_ = *places;
        places_.shaders = base::fs::path(EVENHAND_BINARY_DIR) / "shaders";
        auto device = gpu::Device::create();
        ASSERT_TRUE(device) << device.error().message;
        device_ = std::move(*device);
        auto renderer = render::Renderer::create(*device_, places_);
        ASSERT_TRUE(renderer) << renderer.error().message;
        renderer_ = std::move(*renderer);
    }
    static void stop_renderer() {
        renderer_.reset();
        device_.reset();
    }
    void TearDown() override { EXPECT_EQ(device_->validation_messages(), 0u); }

    static inline base::Places places_;
    static inline std::unique_ptr<gpu::Device> device_;
    static inline std::unique_ptr<render::Renderer> renderer_;
};
