#include "training/app/stillness.h"

#include <gtest/gtest.h>

namespace {

using app::Stillness;

/// Frames until the scene is called still, or -1 within two seconds.
int frames_until_still(Stillness& stillness, render::SceneView& scene, double seconds = 1.0 / 30) {
    for (int frame = 1; frame <= 60; ++frame) {
        stillness.judge(scene, false, seconds);
        if (scene.still) return frame;
    }
    return -1;
}

TEST(AppStillness, a_scene_that_stays_is_still_after_a_moment_and_not_at_once) {
    Stillness stillness;
    render::SceneView scene;
    const int frames = frames_until_still(stillness, scene);
    EXPECT_GT(frames, 5);
    EXPECT_LT(frames, 30);
}

TEST(AppStillness, slow_frames_leave_the_statistics_their_pictures) {
    Stillness stillness;
    render::SceneView scene;
    EXPECT_GE(frames_until_still(stillness, scene, 0.3), 10);
}

TEST(AppStillness, whatever_moves_wakes_it) {
    const std::vector<void (*)(render::SceneView&)> moves = {
        [](render::SceneView& s) { s.camera.yaw += 0.01; },
        [](render::SceneView& s) { s.camera.target.x += 1e-4; },
        [](render::SceneView& s) { s.overlay = render::Overlay::depth; },
        [](render::SceneView& s) { s.tier = render::Tier::high; },
        [](render::SceneView& s) { s.pen = render::PenView{}; },
        [](render::SceneView& s) { s.pen->tip.x += 1e-5; },
        [](render::SceneView& s) { s.fingers.push_back({}); },
        [](render::SceneView& s) { s.inset = render::Inset{}; },
        [](render::SceneView& s) { s.inset->camera.distance = 0.1; },
        [](render::SceneView& s) { s.wet = {1}; },
        [](render::SceneView& s) {
            static const render::WipeStroke kStroke;
            s.wipes = {&kStroke, 1};
        },
        [](render::SceneView& s) { s.highlighted_cells = {3}; },
        [](render::SceneView& s) { s.outline_zones = true; },
        [](render::SceneView& s) { s.outlined_zone = 2; },
    };
    Stillness stillness;
    render::SceneView scene;
    for (size_t i = 0; i < moves.size(); ++i) {
        ASSERT_GT(frames_until_still(stillness, scene), 0);
        moves[i](scene);
        stillness.judge(scene, false, 1.0 / 30);
        EXPECT_FALSE(scene.still) << i;
    }
    ASSERT_GT(frames_until_still(stillness, scene), 0);
    stillness.judge(scene, true, 1.0 / 30);
    EXPECT_FALSE(scene.still) << "new evidence";
}

TEST(AppStillness, session_time_alone_does_not_wake_it_and_a_pressing_tip_or_a_fading_dent_keep_it_awake) {
    Stillness stillness;
    render::SceneView scene;
    ASSERT_GT(frames_until_still(stillness, scene), 0);
    scene.time = 7;
    stillness.judge(scene, false, 1.0 / 30);
    EXPECT_TRUE(scene.still);
    skin::Contact contact;
    contact.grips.emplace_back();
    scene.contact = &contact;
    EXPECT_GT(frames_until_still(stillness, scene), 0) << "fingers that hold";
    contact.touching = true;
    EXPECT_EQ(frames_until_still(stillness, scene), -1);
    contact.touching = false;
    contact.past.push_back({{}, 0.1, 1e-6});
    EXPECT_EQ(frames_until_still(stillness, scene), -1);
}

}  // namespace
