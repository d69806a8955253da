
#include "tests/gpu/picture_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

using render::Overlay;

constexpr uint32_t kWidth = 320, kHeight = 240;

class RenderPicture : public PictureStage {
  protected:
    static render::SceneView scene() {
        render::SceneView scene;
        scene.camera = *render::named_view(*pad_, "front");
        return scene;
    }
    static base::Image draw(const render::SceneView& scene) { return PictureStage::draw(scene, kWidth, kHeight); }
};

TEST_F(RenderPicture, a_pad_is_seen_before_its_background_and_two_pictures_are_equal) {
    const base::Image first = draw(scene()), second = draw(scene());
    EXPECT_EQ(first.rgba, second.rgba);
    const uint8_t *middle = pixel(first, kWidth / 2, kHeight / 2), *corner = pixel(first, 2, 2);
    EXPECT_GT(middle[0], corner[0] + 40) << "silicone is lighter and warmer than the room";
    EXPECT_GT(middle[0], middle[2]);
}

/// A window may show a part of a page: that part, drawn by itself, is what it is in the whole picture.
TEST_F(RenderPicture, a_part_of_a_picture_drawn_by_itself_is_that_part_of_the_whole) {
    render::SceneView view = scene();
    view.camera.distance *= 0.5;  // the pad fills it: the room behind goes from edge to edge of whatever is drawn
    view.outline_zones = true;
    view.pen = render::PenView{};
    view.pen->pins = {{0, 0}};
    view.pen->tip = view.camera.target;
    view.inset = render::Inset{view.camera, 0.3, 0.1, 0.4, 0.5};
    view.inset->camera.distance *= 0.3;
    const base::Image whole = draw(view);
    view.part = {0.25, 0.25, 0.5, 0.5};
    const base::Image part = PictureStage::draw(view, kWidth / 2, kHeight / 2);
    const auto apart = [&](uint32_t dx, uint32_t dy) {
        double sum = 0;
        for (uint32_t y = 4; y < part.height - 4; ++y)
            for (uint32_t x = 4; x < part.width - 4; ++x)
                for (int k = 0; k < 3; ++k)
                    sum += std::abs(pixel(part, x, y)[k] - pixel(whole, x + kWidth / 4 + dx, y + kHeight / 4 + dy)[k]);
        return sum / (3.0 * (part.width - 8) * (part.height - 8));
    };
    EXPECT_LT(apart(0, 0), 1.0);
    EXPECT_GT(apart(3, 0), 3 * apart(0, 0)) << "a shift of three pixels would be seen";
    EXPECT_GT(apart(0, 3), 3 * apart(0, 0));
}

TEST_F(RenderPicture, an_overlay_has_the_legends_colour_where_it_is_full) {
    render::SceneView view = scene();
    renderer_->add(punctures(30, [](uint32_t) { return true; }), {}, 1.0);
    for (Overlay overlay : {Overlay::coverage, Overlay::depth, Overlay::pressure}) {
        view.overlay = overlay;
        const base::Image image = draw(view);
        const float value = overlay == Overlay::coverage ? 0.5f
                            : overlay == Overlay::depth  ? 0.5f / 1.5f
                                                         : 1.0f / 2.0f;
        const glm::vec3 wanted = render::overlay_colour(overlay, value);
        for (int k = 0; k < 3; ++k)
            EXPECT_NEAR(pixel(image, kWidth / 2, kHeight / 2)[k], wanted[k] * 255,
                        overlay == Overlay::coverage ? 8 : 2.5)  // cells are not all of 1 mm²
                << render::overlay_name(overlay) << k;
    }
}

TEST_F(RenderPicture, an_even_treatment_is_at_the_middle_of_the_evenness_map) {
    render::SceneView view = scene();
    std::vector<shared::Puncture> all = punctures(40, [](uint32_t) { return true; });
    renderer_->add(all, {}, 1.0);
    draw(view);
    view.overlay = Overlay::evenness;
    const base::Image image = draw(view);
    const uint8_t* p = pixel(image, kWidth / 2, kHeight / 2);
    const glm::vec3 low = render::overlay_colour(Overlay::evenness, 0.35f),
                    high = render::overlay_colour(Overlay::evenness, 0.65f);
    EXPECT_GT(p[2], std::min(low.z, high.z) * 255 - 3);
    EXPECT_GT(p[1], std::min(low.y, high.y) * 255 - 3);
}

TEST_F(RenderPicture, an_overlay_gives_no_colour_where_nothing_was_done) {
    render::SceneView view = scene();
    for (Overlay overlay : {Overlay::coverage, Overlay::evenness, Overlay::depth, Overlay::pressure}) {
        view.overlay = overlay;
        const base::Image image = draw(view);
        const uint8_t* p = pixel(image, kWidth / 2, kHeight / 2);
        EXPECT_LT(*std::max_element(p, p + 3) - *std::min_element(p, p + 3), 16) << render::overlay_name(overlay);
        EXPECT_LT(*std::max_element(p, p + 3), 100) << render::overlay_name(overlay);
        EXPECT_GE(p[0], p[2]) << render::overlay_name(overlay) << ": a trace of the skin's hue, none of the map's";
    }
}

TEST_F(RenderPicture, zones_that_are_not_prescribed_are_darkened_in_an_overlay) {
    const base::Image plain = draw(scene());
    render::SceneView view = scene();
    view.overlay = Overlay::coverage;
    view.prescribed.assign(pad_->zones.size(), 0);
    const base::Image image = draw(view);
    EXPECT_LT(pixel(image, kWidth / 2, kHeight / 2)[0], pixel(plain, kWidth / 2, kHeight / 2)[0] - 30);
}

TEST_F(RenderPicture, marks_are_seen_where_needles_went_in_and_go_when_evidence_is_cleared) {
    render::SceneView view = scene();
    view.camera.distance = 0.2;
    const base::Image before = draw(view);
    renderer_->add(punctures(1, [&](uint32_t cell) { return pad_->cells.seed[cell].x > 0; }), {}, 0);
    const base::Image after = draw(view);
    uint32_t left = 0, right = 0;
    for (uint32_t y = 20; y < kHeight - 20; ++y) {
        for (uint32_t x = 20; x < kWidth - 20; ++x) {
            if (difference(before, after, x, y) < 3) continue;
            ++(x < kWidth / 2 - 4 ? left : right);
        }
    }
    EXPECT_EQ(left, 0u) << "the untreated half is unchanged";
    EXPECT_GT(right, 300u);
    renderer_->clear_evidence();
    EXPECT_EQ(draw(view).rgba, before.rgba);
}

TEST_F(RenderPicture, skin_reddens_over_seconds) {
    render::SceneView view = scene();
    renderer_->add(punctures(30, [](uint32_t) { return true; }), {}, 0);
    const auto redness = [&](double time) {
        view.time = time;
        const base::Image image = draw(view);
        double red = 0, green = 0;
        for (uint32_t y = kHeight / 2 - 20; y < kHeight / 2 + 20; ++y) {
            for (uint32_t x = kWidth / 2 - 20; x < kWidth / 2 + 20; ++x) {
                red += pixel(image, x, y)[0];
                green += pixel(image, x, y)[1];
            }
        }
        return red / green;
    };
    const double start = redness(0), later = redness(10), settled = redness(200);
    EXPECT_GT(later, start * 1.005);
    EXPECT_GT(settled, later * 1.005);
}

TEST_F(RenderPicture, a_dent_changes_the_picture_near_the_tip_alone) {
    skin::Contact contact;
    contact.touching = true;
    contact.tip = glm::dvec3(0, 0, -1e-3);
    contact.dent = 1.5e-3;
    contact.force = 1;
    contact.tissue = contact.dent_tissue = {1e-4, 1e-3, 12.5e-3, 20e3, 0.45};
    contact.stiffness = 20e3;
    for (int i = 0; i < 16; ++i) {
        const double angle = i * 0.3926990816987241;
        contact.points.push_back(
            {glm::dvec3(4.5e-3 * std::cos(angle), 4.5e-3 * std::sin(angle), 0), 1.0 / 16, 1e-6});
    }
    render::SceneView view = scene();
    view.camera.pitch = 0.6;
    const base::Image before = draw(view);
    view.contact = &contact;
    EXPECT_EQ(draw(view).rgba, before.rgba) << "without the kernel no dent is drawn";
    view.kernel = kernel_.get();
    const base::Image after = draw(view);

    uint32_t near = 0, far = 0;
    const double aspect = double(kWidth) / kHeight;
    for (uint32_t y = 0; y < kHeight; ++y) {
        for (uint32_t x = 0; x < kWidth; ++x) {
            if (difference(before, after, x, y) < 3) continue;
            const glm::dvec3 ray = view.camera.ray((x + 0.5) / kWidth, (y + 0.5) / kHeight, aspect),
                             eye = view.camera.eye();
            const glm::dvec3 place = eye - ray * (eye.z / ray.z);
            ++(glm::length(place) < 0.041 ? near : far);
        }
    }
    EXPECT_GT(near, 200u);
    EXPECT_EQ(far, 0u);
}

TEST_F(RenderPicture, highlighted_cells_stand_out) {
    render::SceneView view = scene();
    const base::Image before = draw(view);
    for (uint32_t cell = 0; cell < pad_->cells.size(); ++cell) {
        if (glm::length(pad_->cells.seed[cell]) < 4e-3) view.highlighted_cells.push_back(cell);
    }
    const base::Image after = draw(view);
    EXPECT_GT(difference(before, after, kWidth / 2, kHeight / 2), 20);
    EXPECT_EQ(difference(before, after, kWidth / 2 + 60, kHeight / 2), 0);
}

TEST_F(RenderPicture, a_pen_is_drawn_where_it_stands) {
    render::SceneView view = scene();
    view.camera.pitch = 0.5;
    const base::Image before = draw(view);
    view.pen = render::PenView{};
    view.pen->tip = {0, 0, 0.01};
    view.pen->pins = {{0, 0}, {1e-3, 0}};
    view.pen->needle_depth = 1e-3;
    const base::Image after = draw(view);
    uint32_t changed = 0;
    for (uint32_t y = 0; y < kHeight; ++y) {
        for (uint32_t x = 0; x < kWidth; ++x) changed += difference(before, after, x, y) > 20;
    }
    EXPECT_GT(changed, 500u);
    EXPECT_LT(changed, kWidth * kHeight / 2);
}

TEST_F(RenderPicture, statistics_arrive_with_the_picture) {
    std::vector<shared::Puncture> all = punctures(3, [](uint32_t) { return true; });
    renderer_->add(all, {}, 1);
    draw(scene());
    const int zone = pad_->find_zone("pad");
    ASSERT_GT(zone, 0);
    ASSERT_EQ(renderer_->statistics().size(), pad_->zones.size());
    EXPECT_EQ(renderer_->statistics()[size_t(zone)].punctures, all.size());
}

TEST_F(RenderPicture, a_size_that_no_device_draws_is_refused) {
    for (auto [width, height] : {std::pair{0u, 100u}, {100u, 0u}, {1'000'000u, 10u}}) {
        auto image = renderer_->render_image(scene(), width, height);
        ASSERT_FALSE(image);
        EXPECT_THAT(image.error().message, testing::HasSubstr("pixels"));
    }
}

}  // namespace
