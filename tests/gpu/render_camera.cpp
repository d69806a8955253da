#include "engine/face/face_store.h"
#include "engine/render/scene_view.h"
#include "engine/render/skin_colour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace {

using render::Camera;
using render::Overlay;

Camera some_camera() {
    Camera camera;
    camera.target = {0.02, -0.01, 0.05};
    camera.yaw = 0.7;
    camera.pitch = -0.3;
    camera.distance = 0.4;
    return camera;
}

TEST(RenderCamera, a_ray_through_a_point_of_the_picture_projects_back_to_it) {
    const Camera camera = some_camera();
    const double aspect = 1.6;
    for (double x : {0.1, 0.5, 0.83}) {
        for (double y : {0.07, 0.5, 0.91}) {
            const glm::dvec3 place = camera.eye() + 0.3 * camera.ray(x, y, aspect);
            const glm::vec4 clip = camera.projection(aspect) * camera.view() * glm::vec4(glm::vec3(place), 1);
            EXPECT_NEAR(clip.x / clip.w * 0.5 + 0.5, x, 1e-4);
            EXPECT_NEAR(clip.y / clip.w * 0.5 + 0.5, y, 1e-4);
        }
    }
}

TEST(RenderCamera, yaw_turns_to_the_patients_left_and_pitch_looks_from_above) {
    Camera camera;
    camera.yaw = 0.5;
    EXPECT_GT(camera.eye().x, camera.target.x);
    camera.yaw = 0;
    camera.pitch = 0.5;
    EXPECT_GT(camera.eye().y, camera.target.y);
    EXPECT_NEAR(glm::dot(camera.up(), camera.right()), 0, 1e-12);
    EXPECT_NEAR(glm::length(camera.eye() - camera.target), camera.distance, 1e-12);
}

TEST(RenderCamera, the_middle_of_a_zone_view_lies_in_that_zone) {
    setenv("EVENHAND_CACHE", EVENHAND_BINARY_DIR "/test_cache", 1);
    auto places = base::find_places(base::fs::path(EVENHAND_SOURCE_DIR) / "content");
    ASSERT_TRUE(places) << places.error().message;
    auto face = face::load(*places, "pad-flat");
    ASSERT_TRUE(face) << face.error().message;
    auto camera = render::named_view(**face, "zone:pad");
    ASSERT_TRUE(camera);
    auto hit = (*face)->index->cast_front(camera->eye(), camera->ray(0.5, 0.5, 1.5), 0, 2);
    ASSERT_TRUE(hit);
    EXPECT_EQ((*face)->zones[(*face)->zone[hit->point.triangle]].id, "pad");
    for (const char* name : {"front", "left", "right"}) EXPECT_TRUE(render::named_view(**face, name)) << name;
    for (const char* name : {"", "zone:", "zone:nose", "back", "Front"})
        EXPECT_FALSE(render::named_view(**face, name)) << name;
}

TEST(RenderOverlay, names_are_read_back) {
    for (Overlay o : {Overlay::none, Overlay::coverage, Overlay::evenness, Overlay::depth, Overlay::pressure})
        EXPECT_EQ(render::parse_overlay(render::overlay_name(o)), o);
    EXPECT_FALSE(render::parse_overlay("Coverage"));
    EXPECT_FALSE(render::parse_overlay(""));
}

double lightness(glm::vec3 c) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.x) + 0.7152 * linear(c.y) + 0.0722 * linear(c.z);
}

TEST(RenderOverlay, a_sequential_map_rises_in_lightness_so_that_no_colour_vision_is_needed) {
    for (Overlay o : {Overlay::coverage, Overlay::depth, Overlay::pressure}) {
        for (int i = 0; i < 50; ++i)
            EXPECT_LT(lightness(render::overlay_colour(o, float(i) / 50)),
                      lightness(render::overlay_colour(o, float(i + 1) / 50)));
    }
}

TEST(RenderOverlay, evenness_is_lightest_at_the_zones_mean_and_bluer_below_than_above) {
    const glm::vec3 mean = render::overlay_colour(Overlay::evenness, 0.5f);
    const glm::vec3 less = render::overlay_colour(Overlay::evenness, 0.1f),
                    more = render::overlay_colour(Overlay::evenness, 0.9f);
    EXPECT_GT(lightness(mean), lightness(less));
    EXPECT_GT(lightness(mean), lightness(more));
    EXPECT_GT(less.z - less.x, 0.2);
    EXPECT_GT(more.x - more.z, 0.2);
}

TEST(RenderOverlay, values_beyond_the_range_take_its_ends) {
    for (Overlay o : {Overlay::coverage, Overlay::evenness}) {
        EXPECT_EQ(render::overlay_colour(o, -3), render::overlay_colour(o, 0));
        EXPECT_EQ(render::overlay_colour(o, 7), render::overlay_colour(o, 1));
    }
}

TEST(RenderSkinColour, melanin_darkens_and_blood_reddens) {
    for (double melanin : {0.013, 0.05, 0.17}) {
        for (double blood : {0.006, 0.012, 0.03}) {
            const glm::vec3 here = render::skin_colour(melanin, blood);
            const glm::vec3 darker = render::skin_colour(melanin * 1.5, blood),
                            redder = render::skin_colour(melanin, blood * 1.5);
            for (int k = 0; k < 3; ++k) EXPECT_LT(darker[k], here[k]);
            EXPECT_GT(redder.x / redder.y, here.x / here.y);
            EXPECT_GT(here.x, here.y);
            EXPECT_GT(here.y, here.z);
        }
    }
}

TEST(RenderSkinColour, skin_types_are_ordered_from_light_to_dark) {
    for (uint8_t type = 1; type < 6; ++type)
        EXPECT_GT(lightness(render::skin_colour(render::melanin_of(type), render::blood_of(type))),
                  lightness(render::skin_colour(render::melanin_of(uint8_t(type + 1)),
                                                render::blood_of(uint8_t(type + 1)))));
}

}  // namespace
