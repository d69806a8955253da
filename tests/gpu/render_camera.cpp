#include "engine/face/face_store.h"
#include "engine/render/scene_view.h"
#include "engine/render/skin_colour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

TEST(RenderCamera, the_head_stands_whole_in_the_middle_of_a_square_picture_from_every_side) {
    setenv("EVENHAND_CACHE", EVENHAND_BINARY_DIR "/test_cache", 1);
    auto places = base::find_places(base::fs::path(EVENHAND_SOURCE_DIR) / "content");
    ASSERT_TRUE(places) << places.error().message;
    auto face = face::load(*places, "demo-woman");
    ASSERT_TRUE(face) << face.error().message;
    for (const char* view : {"front", "three_quarter", "left", "right"}) {
        const auto camera = render::named_view(**face, view);
        ASSERT_TRUE(camera) << view;
        const glm::mat4 clip_from_world = camera->projection(1) * camera->view();
        glm::dvec2 low(1e9), high(-1e9);
        const auto hold = [&](const mesh::SurfaceMesh& mesh, double above) {
            for (const glm::dvec3& place : mesh.positions) {
                if (place.y < above) continue;
                const glm::vec4 clip = clip_from_world * glm::vec4(glm::vec3(place), 1);
                const glm::dvec2 seen = glm::dvec2(clip.x, clip.y) / double(clip.w);
                low = glm::min(low, seen);
                high = glm::max(high, seen);
            }
        };
        double chin = 1;
        for (size_t i = 0; i < (*face)->zone.size(); ++i)
            if ((*face)->zones[(*face)->zone[i]].id == "chin")
                for (int k = 0; k < 3; ++k)
                    chin = std::min(chin, (*face)->mesh.positions[(*face)->mesh.triangles[i][k]].y);
        hold((*face)->mesh, chin);
        for (const face::Dressing& dressing : (*face)->dressing)
            if (dressing.material == "cap") hold(dressing.mesh, chin);
        EXPECT_GT(std::min(low.x, low.y), -1) << view;
        EXPECT_LT(std::max(high.x, high.y), 1) << view;
        EXPECT_NEAR(low.x + high.x, 0, 0.1) << view << ": as much room to the left as to the right";
        EXPECT_GT(high.y - low.y, 1.2) << view << ": the head fills most of the picture";
    }
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

TEST(RenderOverlay, the_target_band_is_blue_less_is_pale_and_more_is_orange) {
    for (Overlay o : {Overlay::coverage, Overlay::evenness, Overlay::depth, Overlay::pressure}) {
        const render::LegendRange range = render::legend_range(o);
        const auto at = [&](double value) {
            return render::overlay_colour(o, float((value - range.low) / (range.high - range.low)));
        };
        const double step = (range.high - range.low) * 0.01;
        const glm::vec3 less = at(range.band.low - step), low = at(range.band.low + step),
                        high = at(range.band.high - step), more = at(range.band.high + step);
        EXPECT_GT(less.x, 0.7);
        EXPECT_GT(less.z, 0.9);
        for (glm::vec3 within : {low, high}) EXPECT_GT(within.z - within.x, 0.4);
        EXPECT_GT(more.x - more.z, 0.4);
    }
}

TEST(RenderOverlay, a_zones_own_band_moves_the_colours_and_not_the_numbers) {
    const render::OverlayBand shallow{0.2, 0.3}, deep{0.9, 1.1};
    const float v = 0.25f / 1.5f;
    const auto with = [](const render::OverlayBand& band) {
        render::LegendRange range = render::legend_range(Overlay::depth);
        range.band = band;
        return range;
    };
    const glm::vec3 within = render::overlay_colour(with(shallow), v), less = render::overlay_colour(with(deep), v);
    EXPECT_GT(within.z - within.x, 0.4);
    EXPECT_GT(less.x, 0.7);
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
