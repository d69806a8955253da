// Pen, roller, stamp and gloved fingertips: their size in triangles, what moves, and pictures to look at (written into the
// build's artefacts).

#include "engine/render/pen_mesh.h"
#include "tests/gpu/picture_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

using render::Tier;
using render::Tool;

constexpr uint32_t kWidth = 480, kHeight = 360;

TEST(ToolMesh, stays_within_its_share_of_triangles_and_has_unit_normals) {
    for (Tool tool : {Tool::pen, Tool::roller, Tool::stamp}) {
        const render::PenMesh mesh = render::make_pen_mesh({tool, 5e-3, 4e-3, 1e-3});
        EXPECT_LE((mesh.opaque_count + mesh.clear_count) / 3, 6000u) << int(tool);
        EXPECT_EQ(mesh.opaque_count + mesh.clear_count + mesh.needle_count, mesh.indices.size());
        for (uint32_t i : mesh.indices) ASSERT_LT(i, mesh.vertices.size());
        for (const render::PenVertex& v : mesh.vertices) ASSERT_NEAR(glm::length(v.normal), 1, 1e-3) << int(tool);
    }
    const render::PenMesh finger = render::make_finger_mesh();
    EXPECT_LE(finger.opaque_count / 3, 2000u);
    for (const render::PenVertex& v : finger.vertices) ASSERT_NEAR(glm::length(v.normal), 1, 1e-3);
}

TEST(ToolMesh, a_fingertip_is_sixteen_millimetres_wide_and_flat_where_it_presses) {
    const render::PenMesh finger = render::make_finger_mesh();
    float wide = 0, low = 1, top = 0;
    uint32_t flat = 0;
    for (const render::PenVertex& v : finger.vertices) {
        if (std::abs(v.position.y) < 0.004f) wide = std::max(wide, 2 * std::abs(v.position.x));
        low = std::min(low, v.position.z);
        top = std::max(top, v.position.z);
        flat += v.position.z < 0 ? 1 : 0;
        // Outward: away from the finger's middle line.
        if (std::abs(v.position.y) < 0.002f && std::abs(v.position.x) > 0.007f) {
            EXPECT_GT(v.normal.x * v.position.x, 0);
        }
    }
    EXPECT_NEAR(wide, 0.016f, 0.001f);
    EXPECT_GT(low, -0.0006f) << "skin gives way to it by no more";
    EXPECT_GT(flat, 40u);
    EXPECT_LT(top, 0.035f);
}

class RenderTools : public PictureStage {
  protected:
    static render::SceneView scene(Tool tool, Tier tier) {
        render::SceneView scene;
        scene.tier = tier;
        scene.camera.target = {0.004, 0, 0.012};
        scene.camera.distance = 0.19;
        scene.camera.pitch = -0.75;
        scene.camera.yaw = 0.35;
        render::PenView pen;
        pen.tool = tool;
        pen.tip = {0, 0, 0.0005};
        pen.axis = glm::normalize(glm::dvec3(-0.10, -0.18, -1));
        pen.needle_depth = tool == Tool::roller ? 1.5e-3 : 0.8e-3;
        pen.motor = true;
        for (int ring = 0; ring < 2; ++ring) {
            for (int k = 0; k < (ring == 0 ? 4 : 8); ++k) {
                const double angle = k * 6.283185 / (ring == 0 ? 4 : 8), r = ring == 0 ? 1.2e-3 : 2.8e-3;
                pen.pins.push_back({r * std::cos(angle), r * std::sin(angle)});
            }
        }
        scene.pen = pen;
        return scene;
    }
    static base::Image draw(const render::SceneView& scene, const char* name) {
        base::Image image = PictureStage::draw(scene, kWidth, kHeight);
        const base::fs::path folder = EVENHAND_BINARY_DIR "/artefacts";
        base::fs::create_directories(folder);
        EXPECT_TRUE(base::write_file(folder / (std::string(name) + ".png"), base::encode_png(image)));
        return image;
    }
    static uint32_t changed(const base::Image& a, const base::Image& b) {
        uint32_t count = 0;
        for (size_t i = 0; i < a.rgba.size(); i += 4) {
            int most = 0;
            for (size_t k = 0; k < 3; ++k) most = std::max(most, std::abs(int(a.rgba[i + k]) - int(b.rgba[i + k])));
            count += most > 12 ? 1 : 0;
        }
        return count;
    }
};

TEST_F(RenderTools, each_tool_looks_like_itself_in_both_tiers) {
    base::Image images[3];
    const char* names[] = {"tool_pen", "tool_roller", "tool_stamp"};
    for (Tool tool : {Tool::pen, Tool::roller, Tool::stamp}) {
        images[size_t(tool)] = draw(scene(tool, Tier::cpu), names[size_t(tool)]);
        draw(scene(tool, Tier::high), (std::string(names[size_t(tool)]) + "_high").c_str());
    }
    for (size_t a = 0; a < 3; ++a) {
        for (size_t b = a + 1; b < 3; ++b) EXPECT_GT(changed(images[a], images[b]), 2000u) << a << b;
    }
}

TEST_F(RenderTools, needles_are_seen_to_stroke_and_a_drum_to_turn) {
    render::SceneView view = scene(Tool::pen, Tier::cpu);
    view.camera.distance = 0.07;
    const base::Image out = draw(view, "needles_out");
    view.pen->needle_depth = -0.5e-3;
    EXPECT_GT(changed(out, draw(view, "needles_in")), 60u);

    view = scene(Tool::roller, Tier::cpu);
    view.camera.distance = 0.09;
    const base::Image before = draw(view, "drum");
    view.pen->drum_turn = 0.1;
    EXPECT_GT(changed(before, draw(view, "drum_turned")), 60u);
    view.pen->drum_turn = 2 * 3.14159265358979 / 12;  // two pins on: every row looks as before
    EXPECT_LT(changed(before, draw(view, "drum_two_pins_on")), 400u);
}

TEST_F(RenderTools, gloved_fingertips_lie_on_the_skin_and_darken_it_beside_them) {
    for (Tier tier : {Tier::cpu, Tier::high}) {
        render::SceneView view = scene(Tool::pen, tier);
        view.camera.distance = 0.24;
        const base::Image before = draw(view, "without_fingers");
        view.fingers.push_back({glm::dvec3(-0.028, 0.004, 0), glm::dvec3(0, 0, 1), glm::dvec3(1, 0.15, 0), 2e-3});
        view.fingers.push_back({glm::dvec3(0.030, -0.006, 0), glm::dvec3(0, 0, 1), glm::dvec3(-1, 0.2, 0), 2e-3});
        const base::Image after = draw(view, tier == Tier::high ? "fingers_high" : "fingers");
        EXPECT_GT(changed(before, after), 4000u);
        EXPECT_LT(changed(before, after), kWidth * kHeight / 2);
    }
}

}  // namespace
