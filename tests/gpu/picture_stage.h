#pragma once

// A pad or a flat sheet of skin before one renderer.

#include "tests/gpu/one_renderer.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

/// A flat sheet of living skin: a pad's shape with skin's colours, so that nothing but what is painted shows.
inline std::shared_ptr<face::FaceAsset> flat_skin(uint8_t fitzpatrick) {
    auto places = base::find_places(base::fs::path(EVENHAND_SOURCE_DIR) / "content");
    EXPECT_TRUE(places);
    auto pad = face::load(*places, "pad-flat");
    EXPECT_TRUE(pad) << pad.error().message;
    auto skin = std::make_shared<face::FaceAsset>();
    skin->id = "flat-skin";
    skin->kind = face::Kind::head;
    skin->fitzpatrick = fitzpatrick;
    skin->mesh = (*pad)->mesh;
    skin->tissue = (*pad)->tissue;
    skin->look = (*pad)->look;
    skin->uv = (*pad)->uv;
    skin->zone = (*pad)->zone;
    skin->zones = (*pad)->zones;
    skin->cells = (*pad)->cells;
    skin->cells.index();
    face::finish(*skin);
    return skin;
}

/// A round detail on it.
inline face::SkinDetail spot(glm::vec2 mm, float radius_mm) {
    face::SkinDetail d;
    d.from = d.to = glm::vec3(mm * 1e-3f, 0);
    d.radius = radius_mm * 1e-3f;
    d.seed = 11;
    return d;
}

class PictureStage : public OneRenderer {
  protected:
    static void open() {
        start_renderer();
        if (!renderer_) return;
        auto kernel = skin::LayerKernel::load(places_);
        ASSERT_TRUE(kernel) << kernel.error().message;
        kernel_ = std::make_unique<skin::LayerKernel>(std::move(*kernel));
    }
    static void stage_skin(std::shared_ptr<face::FaceAsset> skin) {
        skin_ = std::move(skin);
        auto staged = renderer_->set_face(skin_);
        ASSERT_TRUE(staged) << staged.error().message;
    }
    static void stage_pad(const char* id) {
        auto pad = face::load(places_, id);
        ASSERT_TRUE(pad) << pad.error().message;
        pad_ = *pad;
        auto staged = renderer_->set_face(pad_);
        ASSERT_TRUE(staged) << staged.error().message;
        draw(render::SceneView{}, 16, 16);  // waits for the finished skin: no test but render_switch.cpp's meets a draft
    }
    static void SetUpTestSuite() {
        open();
        if (renderer_) stage_pad("pad-flat");
    }
    static void TearDownTestSuite() {
        stop_renderer();
        pad_.reset();
        skin_.reset();
        kernel_.reset();
    }
    void SetUp() override {
        ASSERT_NE(renderer_, nullptr);
        renderer_->clear_evidence();
    }

    /// A black picture where drawing fails, which is a failure of its own.
    static base::Image draw(const render::SceneView& scene, uint32_t width, uint32_t height) {
        auto image = renderer_->render_image(scene, width, height);
        EXPECT_TRUE(image) << image.error().message;
        return image ? *image : base::Image{width, height, std::vector<uint8_t>(size_t{width} * height * 4)};
    }
    static const uint8_t* pixel(const base::Image& image, uint32_t x, uint32_t y) {
        return &image.rgba[4 * (size_t{y} * image.width + x)];
    }
    /// Of the three colours at a pixel, in steps of 8 bits.
    static int difference(const base::Image& a, const base::Image& b, uint32_t x, uint32_t y) {
        int most = 0;
        for (int k = 0; k < 3; ++k) most = std::max(most, std::abs(pixel(a, x, y)[k] - pixel(b, x, y)[k]));
        return most;
    }
    /// Punctures into every cell of the pad that `take` accepts, `count` for each, all alike.
    static std::vector<shared::Puncture> punctures(uint32_t count, const std::function<bool(uint32_t)>& take) {
        std::vector<shared::Puncture> result;
        for (uint32_t cell = 0; cell < pad_->cells.size(); ++cell) {
            auto at = pad_->index->closest(pad_->cells.seed[cell], 1e-3);
            if (!take(cell) || !at) continue;
            for (uint32_t i = 0; i < count; ++i) {
                shared::Puncture p{};
                p.time_us = uint32_t(result.size());
                p.cell = cell;
                p.triangle = at->point.triangle;
                p.weights = uint32_t(at->point.weights.y * 65535) | uint32_t(at->point.weights.z * 65535) << 16;
                p.depth_tilt = 500;
                p.force_needle = 1000;
                result.push_back(p);
            }
        }
        return result;
    }

    static inline std::shared_ptr<const face::FaceAsset> pad_;  ///< of stage_pad
    static inline std::shared_ptr<face::FaceAsset> skin_;       ///< of stage_skin
    static inline std::unique_ptr<skin::LayerKernel> kernel_;
};
