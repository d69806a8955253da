#pragma once

// The demo patient in every skin type, for what is drawn on skin of all of them: one renderer, the face on its stage in one type
// after the other.

#include "tests/gpu/one_renderer.h"
#include "tests/scenarios/colour_vision.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

inline constexpr uint32_t kSkinPixels = 256;  ///< of a picture's sides

/// The demo patient in each of the six skin types, treated in round patches of the left cheek.
class OverlayOnSkin : public OneRenderer, public testing::WithParamInterface<int> {
  protected:
    static void SetUpTestSuite() {
        start_renderer();
        if (renderer_ && !face_) bake();
    }
    static void TearDownTestSuite() {
        stop_renderer();
        staged_ = 0;
    }

    void SetUp() override {
        ASSERT_NE(renderer_, nullptr);
        ASSERT_NE(face_, nullptr);
        if (staged_ == GetParam()) return;
        // What the skin's type changes is its colour alone.
        face_->fitzpatrick = static_cast<uint8_t>(GetParam());
        auto staged = renderer_->set_face(face_);
        ASSERT_TRUE(staged) << staged.error().message;
        staged_ = GetParam();
        camera_ = *render::named_view(*face_, "zone:cheek_left");
        camera_.distance = 0.17;
        for (size_t i = 0; i < std::size(kPlaces); ++i) {
            const auto hit = face_->index->cast_front(camera_.eye(), camera_.ray(kPlaces[i].x, kPlaces[i].y, 1), 0, 2);
            ASSERT_TRUE(hit) << i;
            middles_[i] = hit->position;
        }
        find_skin();
        treat();
    }

    /// The demo patient with few vertices, since it is not shape that is tested.
    static void bake() {
        auto text = base::read_text(places_.data / "faces/demo-woman.toml");
        ASSERT_TRUE(text) << text.error().message;
        const auto replace = [&](const std::string& key, const std::string& value) {
            const size_t at = text->find("\n" + key + " =");
            ASSERT_NE(at, std::string::npos) << key;
            text->replace(at, text->find('\n', at + 1) - at, "\n" + key + " = " + value);
        };
        replace("id", "\"overlay-test\"");
        replace("vertices", "20000");
        const base::fs::path file = base::fs::path(EVENHAND_BINARY_DIR) / "overlay-test.toml";
        ASSERT_TRUE(base::write_file(file, std::string_view(*text)));
        auto face = face::load(places_, file.string());
        ASSERT_TRUE(face) << face.error().message;
        face_ = std::const_pointer_cast<face::FaceAsset>(*face);
    }

    /// Treated patches of the cheek, as places of the picture: too little, on target, too much, and one whose upper half is
    /// on target and whose lower half is too little.
    enum Patch : size_t { little, target, much, halves };
    static constexpr glm::dvec2 kPlaces[] = {{0.40, 0.24}, {0.40, 0.50}, {0.40, 0.76}, {0.68, 0.42}};
    static constexpr double kPatch = 0.0065;  // m

    /// Plants punctures in all patches, alike in what each of the overlays shows.
    static void treat() {
        static constexpr uint32_t kCounts[] = {6, 30, 70}, kDepths_um[] = {100, 600, 1400}, kForces_mn[] = {150, 900, 1900};
        std::vector<shared::Puncture> punctures;
        for (uint32_t cell = 0; cell < face_->cells.size(); ++cell) {
            const glm::dvec3 seed = face_->cells.seed[cell];
            for (size_t patch = 0; patch < std::size(kPlaces); ++patch) {
                if (glm::distance(seed, middles_[patch]) > kPatch) continue;
                const size_t band = patch != halves ? patch : seed.y > middles_[patch].y ? target : little;
                for (uint32_t i = 0; i < kCounts[band]; ++i) {
                    shared::Puncture p{};
                    p.time_us = uint32_t(punctures.size());
                    p.cell = cell;
                    p.depth_tilt = kDepths_um[band];
                    p.force_needle = kForces_mn[band];
                    punctures.push_back(p);
                }
            }
        }
        renderer_->add(punctures, {}, 1);
    }

    render::SceneView scene(render::Overlay overlay) const {
        render::SceneView scene;
        scene.camera = camera_;
        scene.overlay = overlay;
        return scene;
    }

    base::Image draw(const render::SceneView& scene) const {
        auto image = renderer_->render_image(scene, kSkinPixels, kSkinPixels);
        EXPECT_TRUE(image) << image.error().message;
        return image ? *image : base::Image{kSkinPixels, kSkinPixels, std::vector<uint8_t>(kSkinPixels * kSkinPixels * 4)};
    }

    /// Pixels of scene() that show skin, with the patch that is nearest.
    struct Seen {
        uint32_t x, y;
        size_t patch;
        double away;  ///< m, from its middle
    };
    static void find_skin() {
        skin_.clear();
        for (uint32_t y = 4; y < kSkinPixels - 4; y += 4) {
            for (uint32_t x = 4; x < kSkinPixels - 4; x += 4) {
                const auto hit = face_->index->cast_front(
                    camera_.eye(), camera_.ray((x + 0.5) / kSkinPixels, (y + 0.5) / kSkinPixels, 1), 0, 2);
                if (!hit) continue;
                Seen seen{x, y, 0, 1};
                for (size_t i = 0; i < std::size(kPlaces); ++i) {
                    const double away = glm::distance(hit->position, middles_[i]);
                    if (away < seen.away) seen = {x, y, i, away};
                }
                skin_.push_back(seen);
            }
        }
    }

    /// Luminances, as these eyes see them, of pixels so far from the patch's middle, rising.
    static std::vector<double> ring(const base::Image& image, const colour_vision::Eyes& eyes, size_t patch, double from, double to) {
        std::vector<double> found;
        for (const Seen& seen : skin_)
            if (seen.patch == patch && seen.away >= from && seen.away < to)
                found.push_back(colour_vision::seen_luminance(eyes, colour_vision::pixel(image, seen.x, seen.y)));
        std::ranges::sort(found);
        EXPECT_GT(found.size(), 20u);
        return found;
    }
    static double share(const std::vector<double>& sorted, double s) {
        return sorted.empty() ? 0 : sorted[size_t(s * double(sorted.size() - 1))];
    }

    static inline std::shared_ptr<face::FaceAsset> face_;
    static inline int staged_ = 0;  ///< skin type on stage; 0 = none
    static inline render::Camera camera_;
    static inline glm::dvec3 middles_[std::size(kPlaces)];
    static inline std::vector<Seen> skin_;
};
