// What a picture costs, told in work rather than in time; and that saving work is not seen.

#include "engine/render/coarse.h"
#include "engine/render/resolution.h"
#include "engine/render/stage.h"
#include "engine/render/tier_probe.h"
#include "tests/gpu/picture_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace {

using render::Tier;

constexpr uint32_t kWidth = 320, kHeight = 240;

TEST(Resolution, a_machine_that_is_fast_enough_draws_every_pixel) {
    render::ResolutionGovernor governor;
    for (int i = 0; i < 600; ++i) governor.frame(0.030, 1.0 / 30, i / 30.0);
    EXPECT_EQ(governor.share(), 1.0);
}

TEST(Resolution, gives_way_on_a_slow_machine_and_comes_back_when_it_is_fast_again) {
    render::ResolutionGovernor governor;
    double now = 0;
    for (int i = 0; i < 200; ++i) governor.frame(0.09, 1.0 / 30, now += 0.09);
    EXPECT_EQ(governor.share(), 0.55);
    for (int i = 0; i < 600; ++i) governor.frame(0.006, 1.0 / 30, now += 1.0 / 30);
    EXPECT_EQ(governor.share(), 1.0);
}

TEST(Resolution, does_not_swing_between_two_steps) {
    // A whole picture takes 50 ms, and the others as many as they have pixels.
    render::ResolutionGovernor governor;
    double now = 0, before = 1;
    int changes = 0;
    for (int i = 0; i < 3000; ++i) {
        const double share = governor.share();
        changes += share != before;
        before = share;
        const double busy = 0.050 * share * share;
        governor.frame(busy, 1.0 / 30, now += std::max(busy, 1.0 / 30));
    }
    EXPECT_LE(changes, 2);
    EXPECT_LT(governor.share(), 1.0);
}

TEST(Resolution, one_hiccup_is_not_a_slow_machine) {
    render::ResolutionGovernor governor;
    for (int i = 0; i < 600; ++i) governor.frame(i == 300 ? 2.0 : 0.020, 1.0 / 30, i / 30.0);
    EXPECT_EQ(governor.share(), 1.0);
}

TEST(Tiers, the_finest_that_is_fast_enough_is_chosen) {
    using render::TierTime;
    EXPECT_EQ(render::choose_tier(std::vector<TierTime>{{Tier::high, 5}, {Tier::low, 2}}), Tier::high);
    EXPECT_EQ(render::choose_tier(std::vector<TierTime>{{Tier::high, 40}, {Tier::low, 6}}), Tier::low);
    EXPECT_EQ(render::choose_tier(std::vector<TierTime>{{Tier::high, 200}, {Tier::low, 90}}), Tier::cpu);
    EXPECT_EQ(render::choose_tier({}), Tier::cpu);
}

TEST(Tiers, what_was_measured_is_remembered_for_this_device_driver_and_size_alone) {
    const base::fs::path folder = base::fs::path(testing::TempDir()) / "tier_probe";
    base::fs::create_directories(folder);
    base::fs::remove(folder / "tier.txt");
    gpu::DeviceInfo device;
    device.name = "A card";
    device.driver = "1.2";
    EXPECT_EQ(render::remembered_tier(folder, device, 1280, 720), std::nullopt);
    for (const Tier tier : {Tier::cpu, Tier::low, Tier::high}) {
        ASSERT_TRUE(render::remember_tier(folder, device, 1280, 720, tier));
        EXPECT_EQ(render::remembered_tier(folder, device, 1280, 720), tier);
        EXPECT_EQ(render::remembered_tier(folder, device, 1284, 716), tier) << "a window's edge moved";
    }
    EXPECT_EQ(render::remembered_tier(folder, device, 3840, 2160), std::nullopt);
    device.driver = "1.3";
    EXPECT_EQ(render::remembered_tier(folder, device, 1280, 720), std::nullopt);
    device.driver = "1.2";
    ASSERT_TRUE(base::write_file(folder / "tier.txt", std::string_view("A card | 1.2 | 1 Mpx\nvery high\n")));
    EXPECT_EQ(render::remembered_tier(folder, device, 1280, 720), std::nullopt);
    ASSERT_TRUE(base::write_file(folder / "tier.txt", std::string_view("")));
    EXPECT_EQ(render::remembered_tier(folder, device, 1280, 720), std::nullopt);
}

class RenderSpeed : public PictureStage {
  protected:
    static void SetUpTestSuite() {
        open();
        if (renderer_) stage_pad("pad-cylinder");
    }

    static render::SceneView scene() {
        render::SceneView scene;
        scene.camera = *render::named_view(*pad_, "front");
        return scene;
    }
    static base::Image draw(const render::SceneView& scene, uint32_t width = kWidth, uint32_t height = kHeight) {
        return PictureStage::draw(scene, width, height);
    }
    static render::PenView pen() {
        render::PenView pen;
        pen.tip = pad_->cells.seed[pad_->cells.size() / 2] + glm::dvec3(0, 0, 1e-3);
        return pen;
    }
    /// From above, a few centimetres from the pad's middle.
    static render::Inset inset() {
        render::Inset inset;
        inset.camera = scene().camera;
        inset.camera.distance = 0.12;
        inset.camera.pitch = 0.5;
        inset.left = 0.5;
        inset.top = 0.25;
        inset.width = 0.25;
        inset.height = 0.5;
        return inset;
    }
    static shared::Puncture puncture() {
        const auto at = pad_->index->closest(pad_->cells.seed[pad_->cells.size() / 2], 5e-3);
        EXPECT_TRUE(at);
        shared::Puncture p{};
        p.triangle = at->point.triangle;
        p.cell = uint32_t(pad_->cells.size() / 2);
        p.weights = 20000u | 20000u << 16;
        p.depth_tilt = 500;
        p.force_needle = 1000;
        return p;
    }
};

TEST_F(RenderSpeed, triangles_that_face_away_or_lie_outside_are_not_drawn) {
    draw(scene());
    const uint32_t all = renderer_->work().triangles;
    EXPECT_GT(all, 100u);
    EXPECT_LT(all, pad_->mesh.triangle_count() + 4000);
    render::SceneView near = scene();
    near.camera.distance *= 0.15;
    draw(near);
    EXPECT_LT(renderer_->work().triangles, all / 2);
}

TEST_F(RenderSpeed, while_the_view_rests_only_what_the_pen_reaches_and_every_fourth_block_is_placed) {
    render::SceneView view = scene();
    draw(view);
    const uint32_t all = renderer_->work().blocks;
    view.pen = pen();
    const auto next = [&] { device_->run([&](vk::CommandBuffer c) { renderer_->draw(c, view, kWidth, kHeight); }); };
    next();
    for (int i = 0; i < 4; ++i) {
        next();
        EXPECT_LT(renderer_->work().blocks, all * 4 / 5);
        EXPECT_GE(renderer_->work().blocks, all / 8);
    }
    view.camera.yaw += 0.01;
    next();
    EXPECT_GT(renderer_->work().blocks, all * 9 / 10) << "all that is seen shows other sides";
}

TEST_F(RenderSpeed, a_surface_drawn_in_pieces_has_no_gap_between_them) {
    render::SceneView view = scene();
    view.plain_background = true;
    view.camera.distance *= 0.45;  // the pad fills the picture's middle
    const base::Image image = draw(view, 640, 480);
    for (uint32_t y = 140; y < 340; ++y) {
        for (uint32_t x = 220; x < 420; ++x) {
            const uint8_t* p = &image.rgba[4 * (y * image.width + x)];
            ASSERT_GT(p[0], p[2]) << "background at " << x << ", " << y;
        }
    }
}

TEST_F(RenderSpeed, an_inset_is_drawn_where_it_was_asked_for_and_nowhere_else) {
    for (const Tier tier : {Tier::cpu, Tier::low}) {
        render::SceneView view = scene();
        view.tier = tier;
        view.pen = pen();
        const base::Image without = draw(view);
        view.inset = inset();
        const base::Image with = draw(view);
        uint32_t inside = 0, outside = 0;
        for (uint32_t y = 0; y < kHeight; ++y) {
            for (uint32_t x = 0; x < kWidth; ++x) {
                if (difference(without, with, x, y) < 3) continue;
                // Smoothing of stairs reaches some pixels beyond the border.
                const bool in = x + 4 >= kWidth / 2 && x < kWidth * 3 / 4 + 4 && y + 4 >= kHeight / 4 && y < kHeight * 3 / 4 + 4;
                ++(in ? inside : outside);
            }
        }
        EXPECT_GT(inside, kWidth * kHeight / 16u) << int(tier);
        EXPECT_EQ(outside, 0u) << int(tier);
    }
}

TEST_F(RenderSpeed, an_inset_shows_what_a_picture_of_its_own_camera_shows) {
    render::SceneView view = scene();
    view.inset = inset();
    view.inset->left = view.inset->top = 0;
    view.inset->width = view.inset->height = 0.5;
    const base::Image with = draw(view);
    render::SceneView alone = scene();
    alone.camera = view.inset->camera;
    const base::Image own = draw(alone, kWidth / 2, kHeight / 2);
    double sum = 0;
    uint32_t count = 0;
    for (uint32_t y = 8; y < kHeight / 2 - 8; ++y) {
        for (uint32_t x = 8; x < kWidth / 2 - 8; ++x, ++count) {
            for (uint32_t k = 0; k < 3; ++k)
                sum += std::abs(with.rgba[4 * (y * kWidth + x) + k] - own.rgba[4 * (y * kWidth / 2 + x) + k]) / 3.0;
        }
    }
    // The film's mirror image is that of the first camera: a few levels.
    EXPECT_LT(sum / count, 6.0);
}

TEST_F(RenderSpeed, skin_that_only_the_inset_sees_is_placed_though_the_first_camera_rests) {
    render::SceneView view = scene();
    view.camera.distance = 0.05;
    draw(view);
    const uint32_t before = renderer_->work().blocks;
    view.inset = inset();
    view.inset->camera.distance = 0.4;
    device_->run([&](vk::CommandBuffer c) { renderer_->draw(c, view, kWidth, kHeight); });
    EXPECT_GT(renderer_->work().blocks, before);
}

TEST_F(RenderSpeed, an_inset_without_area_or_outside_the_picture_is_no_inset) {
    render::SceneView view = scene();
    const base::Image without = draw(view);
    view.inset = inset();
    view.inset->width = 0;
    EXPECT_EQ(draw(view).rgba, without.rgba);
    view.inset->width = 0.2;
    view.inset->left = 1.5;
    EXPECT_EQ(draw(view).rgba, without.rgba);
}

TEST_F(RenderSpeed, changing_the_tier_keeps_the_evidence) {
    const std::vector<shared::Puncture> one{puncture()};
    renderer_->add(one, {}, 1);
    render::SceneView view = scene();
    for (const Tier tier : {Tier::cpu, Tier::low, Tier::cpu}) {
        view.tier = tier;
        draw(view);
        uint32_t punctures = 0;
        for (const shared::ZoneStats& zone : renderer_->statistics()) punctures += zone.punctures;
        EXPECT_EQ(punctures, 1u) << int(tier);
    }
    renderer_->clear_evidence();
}

TEST_F(RenderSpeed, a_cpu_driver_takes_the_cpu_tier_without_being_measured) {
    if (!device_->is_cpu()) GTEST_SKIP() << "a GPU";
    const auto tier = render::probe_tier(*device_, *renderer_, scene(), kWidth, kHeight);
    ASSERT_TRUE(tier);
    EXPECT_EQ(*tier, Tier::cpu);
}

/// A square sheet of n x n places with a gentle swell, 1 mm apart.
std::vector<shared::RestVertex> sheet(uint32_t n, std::vector<glm::uvec3>& triangles) {
    std::vector<shared::RestVertex> vertices(n * n);
    for (uint32_t y = 0; y < n; ++y) {
        for (uint32_t x = 0; x < n; ++x) {
            const float u = float(x) * 1e-3f, v = float(y) * 1e-3f;
            vertices[y * n + x].position = {u, v, 2e-4f * std::sin(300 * u) * std::sin(200 * v)};
            const uint32_t a = y * n + x;
            if (x + 1 == n || y + 1 == n) continue;
            triangles.push_back({a, a + 1, a + n});
            triangles.push_back({a + 1, a + n + 1, a + n});
        }
    }
    return vertices;
}

using Edge = std::pair<uint32_t, uint32_t>;

/// Edges with one triangle, in the direction in which it runs along them.
std::vector<Edge> border(std::span<const glm::uvec3> triangles) {
    std::vector<Edge> edges, result;
    for (glm::uvec3 t : triangles)
        for (int k = 0; k < 3; ++k) edges.push_back({t[k], t[(k + 1) % 3]});
    std::ranges::sort(edges);
    for (Edge e : edges)
        if (!std::ranges::binary_search(edges, Edge{e.second, e.first})) result.push_back(e);
    return result;
}

TEST(Coarse, keeps_the_border_so_that_coarse_and_fine_neighbours_leave_no_crack) {
    std::vector<glm::uvec3> fine;
    const auto vertices = sheet(8, fine);
    const auto coarse = render::coarsen(fine, vertices, 0.35);
    EXPECT_LT(coarse.size(), fine.size() * 6 / 10);
    EXPECT_EQ(border(coarse), border(fine));
}

TEST(Coarse, covers_the_same_area_without_a_fold) {
    std::vector<glm::uvec3> fine;
    const auto vertices = sheet(10, fine);
    const auto area = [&](std::span<const glm::uvec3> triangles) {
        double sum = 0;
        for (glm::uvec3 t : triangles) {
            const glm::vec3 a = vertices[t.x].position, b = vertices[t.y].position, c = vertices[t.z].position;
            const double z = glm::cross(b - a, c - a).z * 0.5;
            EXPECT_GT(z, 0);
            sum += z;
        }
        return sum;
    };
    EXPECT_NEAR(area(render::coarsen(fine, vertices, 0.3)), area(fine), 1e-9);
}

TEST(Coarse, does_not_mix_zones_and_leaves_a_sharp_ridge) {
    std::vector<glm::uvec3> fine;
    auto vertices = sheet(8, fine);
    for (uint32_t i = 0; i < vertices.size(); ++i) {
        vertices[i].tags = i % 8 < 4 ? 1 : 2;
        if (i / 8 == 5) vertices[i].position.z += 3e-3f;
    }
    const auto coarse = render::coarsen(fine, vertices, 0.1);
    std::vector<bool> kept(vertices.size(), false);
    for (glm::uvec3 t : coarse)
        for (int k = 0; k < 3; ++k) kept[t[k]] = true;
    for (uint32_t i = 0; i < vertices.size(); ++i) {
        EXPECT_TRUE(kept[i] || (i % 8 != 3 && i % 8 != 4)) << i << ": a zone's border";
    }
    float highest = 0;
    for (glm::uvec3 t : coarse) highest = std::max(highest, vertices[t.x].position.z);
    EXPECT_GT(highest, 2.5e-3f);
}

TEST(Coarse, the_same_triangles_give_the_same_answer_and_few_are_left_as_they_are) {
    std::vector<glm::uvec3> fine;
    const auto vertices = sheet(9, fine);
    EXPECT_EQ(render::coarsen(fine, vertices, 0.35), render::coarsen(fine, vertices, 0.35));
    EXPECT_TRUE(render::coarsen({}, vertices, 0.35).empty());
    const std::vector<glm::uvec3> one{fine[0]};
    EXPECT_EQ(render::coarsen(one, vertices, 0.35), one);
}

TEST_F(RenderSpeed, seen_from_afar_the_cpu_tier_draws_fewer_triangles_and_the_gpu_tiers_all) {
    render::SceneView view = scene();
    view.camera.distance *= 2;
    draw(view);
    const uint32_t coarse = renderer_->work().triangles;
    view.tier = Tier::low;
    draw(view);
    EXPECT_LT(coarse, renderer_->work().triangles * 8 / 10);
}

}  // namespace
