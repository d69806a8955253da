// The picture of a face that heals: what each sign does to skin, that no cell and no split leaves a trace
// where it should not, and that nothing of it stays when it is over.

#include "tests/gpu/picture_stage.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <cmath>

namespace {

constexpr uint32_t kSide = 240;

/// Mean colour over a rectangle, 0..255.
struct Mean {
    double r = 0, g = 0, b = 0;
    double light() const { return r + g + b; }
};

class HealingPicture : public PictureStage {
  protected:
    static render::SceneView near(render::Tier tier = render::Tier::cpu) {
        render::SceneView scene;
        scene.camera.target = {0, 0, 0};
        scene.camera.distance = distance_;
        scene.tier = tier;
        return scene;
    }
    /// Every cell shows the same, but for those that `change` makes different.
    static std::vector<shared::HealedLook> looks(
        const std::function<void(uint32_t, shared::HealedLook&)>& change) {
        std::vector<shared::HealedLook> all(skin_->cells.size());
        for (uint32_t c = 0; c < all.size(); ++c) {
            all[c].relief = all[c].paint = 1;
            change(c, all[c]);
        }
        return all;
    }
    base::Image healed(const std::vector<shared::HealedLook>& looks, render::Tier tier = render::Tier::cpu,
                       double split = 0, std::span<const shared::Scratch> scratches = {}) {
        render::SceneView scene = near(tier);
        scene.healing = render::HealingView{looks, scratches, ++version_, split};
        return draw(scene, kSide, kSide);
    }
    static Mean mean(const base::Image& image, uint32_t left = 60, uint32_t right = 180) {
        Mean sum;
        double count = 0;
        for (uint32_t y = 60; y < 180; ++y)
            for (uint32_t x = left; x < right; ++x, ++count)
                sum.r += pixel(image, x, y)[0], sum.g += pixel(image, x, y)[1],
                    sum.b += pixel(image, x, y)[2];
        return {sum.r / count, sum.g / count, sum.b / count};
    }
    static int greatest_difference(const base::Image& a, const base::Image& b, uint32_t left,
                                   uint32_t right) {
        int most = 0;
        for (uint32_t y = 0; y < kSide; ++y)
            for (uint32_t x = left; x < right; ++x) most = std::max(most, difference(a, b, x, y));
        return most;
    }

    /// Staging takes seconds, so tests of one type follow each other.
    static void show(uint8_t type) {
        if (!skin_ || staged_ != skin_.get() || skin_->fitzpatrick != type) stage_skin(flat_skin(type));
        staged_ = skin_.get();
    }

    static inline uint64_t version_ = 0;
    static inline double distance_ = 0.16;
    static inline const face::FaceAsset* staged_ = nullptr;
};

TEST_F(HealingPicture, well_skin_looks_as_it_did_and_nothing_stays_when_it_is_over) {
    show(2);
    const base::Image before = draw(near(), kSide, kSide);
    const base::Image well = healed(looks([](uint32_t, shared::HealedLook&) {}));
    EXPECT_LE(greatest_difference(before, well, 0, kSide), 2);
    healed(looks([](uint32_t, shared::HealedLook& look) {
        look.redness = 1, look.swelling_mm = 2, look.peeling = 1;
    }));
    EXPECT_EQ(draw(near(), kSide, kSide).rgba, before.rgba);
}

TEST_F(HealingPicture, a_border_between_cells_is_no_line) {
    show(2);
    const auto half = looks([](uint32_t c, shared::HealedLook& look) {
        look.redness = skin_->cells.seed[c].x > 0 ? 1.0f : 0.0f;
    });
    const base::Image image = healed(half);
    // Green falls from left to right without a jump of more than a third of the whole from one pixel to the
    // next.
    std::vector<double> green(kSide);
    for (uint32_t x = 0; x < kSide; ++x) {
        for (uint32_t y = 60; y < 180; ++y) green[x] += pixel(image, x, y)[1] / 120.0;
    }
    const double whole = green[60] - green[180];
    EXPECT_GT(whole, 10);
    for (uint32_t x = 60; x < 180; ++x) EXPECT_LT(std::abs(green[x + 1] - green[x]), whole / 3) << x;
}

TEST_F(HealingPicture, left_of_the_split_the_skin_is_as_before) {
    show(2);
    const auto bad = looks(
        [](uint32_t, shared::HealedLook& look) { look.redness = 1, look.vessels = 1, look.pigment = 1; });
    for (const render::Tier tier : {render::Tier::cpu, render::Tier::high}) {
        const base::Image well = healed(looks([](uint32_t, shared::HealedLook&) {}), tier),
                          split = healed(bad, tier, 0.5);
        // Light spreads under the skin by some pixels in the high tier.
        EXPECT_LE(greatest_difference(well, split, 0, kSide / 2 - 30), 1);
        EXPECT_GT(greatest_difference(well, split, kSide / 2 + 30, kSide), 20);
    }
}

TEST_F(HealingPicture, peeling_is_paler_than_the_skin_on_all_types) {
    for (uint8_t type : {uint8_t{2}, uint8_t{6}}) {
        show(type);
        const Mean well = mean(healed(looks([](uint32_t, shared::HealedLook&) {})));
        const Mean dry =
            mean(healed(looks([](uint32_t, shared::HealedLook& look) { look.dryness = look.peeling = 1; })));
        EXPECT_GT(dry.light(), well.light() + 3) << int(type);
    }
}

TEST_F(HealingPicture, pigment_darkens_by_its_amount) {
    show(6);
    double before = 1e9;
    for (float pigment : {0.0f, 0.3f, 0.8f, 1.3f}) {
        const double light =
            mean(healed(looks([&](uint32_t, shared::HealedLook& look) { look.pigment = pigment; }))).light();
        EXPECT_LT(light, before) << pigment;
        before = light;
    }
}

TEST_F(HealingPicture, redness_reddens_fair_skin_and_darkens_deep_skin_in_every_tier) {
    for (uint8_t type : {uint8_t{6}, uint8_t{2}})
        for (const render::Tier tier : {render::Tier::cpu, render::Tier::high}) {
            show(type);
            const Mean well = mean(healed(looks([](uint32_t, shared::HealedLook&) {}), tier));
            const Mean red =
                mean(healed(looks([](uint32_t, shared::HealedLook& look) { look.redness = 1; }), tier));
            EXPECT_GT(red.r / red.g, well.r / well.g * 1.05) << int(type);
            EXPECT_LT(red.light(), well.light()) << int(type);
        }
}

TEST_F(HealingPicture, torn_lines_are_seen_where_pins_ran) {
    stage_skin(flat_skin(2));  // the face learns its lines with its first picture
    staged_ = skin_.get();
    distance_ = 0.06;
    const auto at = skin_->index->closest({0, 0, 0}, 1e-2);
    ASSERT_TRUE(at);
    shared::Scratch line{};
    line.triangle = at->point.triangle;
    line.weights = uint32_t(at->point.weights.y * 65535) | uint32_t(at->point.weights.z * 65535) << 16;
    line.back = {0.01f, 0, 0};
    line.strength = 1;
    const auto torn = looks([](uint32_t, shared::HealedLook& look) { look.fresh_tracks = 1; });
    const std::span<const shared::Scratch> lines{&line, 1};
    const base::Image with = healed(torn, render::Tier::cpu, 0, lines);
    const base::Image without =
        healed(looks([](uint32_t, shared::HealedLook&) {}), render::Tier::cpu, 0, lines);
    // 5 mm to the right of the middle lies its own middle; the rest of the picture does not know of it.
    int most = 0;
    const auto on = uint32_t(kSide / 2 + 5e-3 / (distance_ * 2 * std::tan(0.45 / 2)) * kSide);
    for (uint32_t y = kSide / 2 - 4; y < kSide / 2 + 4; ++y)
        most = std::max(most, difference(with, without, on, y));
    EXPECT_GT(most, 15);
    for (uint32_t y = kSide / 2 + 20; y < kSide; ++y) EXPECT_LE(difference(with, without, on, y), 1) << y;
    distance_ = 0.16;
}

TEST_F(HealingPicture, punctures_fade_as_their_channels_close) {
    stage_pad("pad-flat");
    const render::SceneView scene = near();
    std::vector<shared::HealedLook> all(pad_->cells.size());
    for (shared::HealedLook& look : all) look.relief = look.paint = 1;
    const auto picture = [&](float marks, bool pricked) {
        renderer_->clear_evidence();
        if (pricked)
            renderer_->add(punctures(30, [](uint32_t c) { return glm::length(pad_->cells.seed[c]) < 20e-3; }),
                           {}, 1);
        for (shared::HealedLook& look : all) look.marks = marks;
        render::SceneView healing = scene;
        healing.healing = render::HealingView{all, {}, ++version_, 0};
        return draw(healing, kSide, kSide);
    };
    const double clean = mean(picture(0, false)).light(), open = mean(picture(1, true)).light(),
                 closing = mean(picture(0.5f, true)).light(), closed = mean(picture(0, true)).light();
    EXPECT_LT(open, closing);
    EXPECT_LT(closing, closed);
    EXPECT_NEAR(closed, clean, 1);
}

}  // namespace
