// While the camera rests, only what changed is drawn anew; what is kept must be what a picture drawn whole
// shows.

#include "engine/render/damage.h"
#include "tests/gpu/picture_stage.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using render::Damage;
using render::Tier;

constexpr uint32_t kWidth = 400, kHeight = 304, kTiles = 25 * 19;

class RenderDamage : public PictureStage {
  protected:
    using Texels = std::vector<std::byte>;

    static void SetUpTestSuite() {
        open();
        if (renderer_) stage_pad("pad-cylinder");
    }

    static render::SceneView scene() {
        render::SceneView scene;
        scene.camera = *render::named_view(*pad_, "front");
        scene.camera.distance *= 0.6;
        scene.camera.pitch = 0.5;
        return scene;
    }
    /// A cell's place on the pad, at shares of the way from its left to its right and from below to above.
    static uint32_t cell_at(double across, double up) {
        const auto low = pad_->cells.seed.front(), high = pad_->cells.seed.back();
        glm::dvec3 least = low, most = high;
        for (const glm::dvec3& seed : pad_->cells.seed) {
            least = glm::min(least, seed);
            most = glm::max(most, seed);
        }
        const auto away = [&](uint32_t cell) {
            const glm::dvec3 d = (pad_->cells.seed[cell] - least) / glm::max(most - least, glm::dvec3(1e-6));
            return std::hypot(d.x - across, d.y - up);
        };
        uint32_t best = 0;
        for (uint32_t cell = 1; cell < pad_->cells.size(); ++cell)
            if (away(cell) < away(best)) best = cell;
        return best;
    }
    static glm::dvec3 place_at(double across, double up) { return pad_->cells.seed[cell_at(across, up)]; }

    /// The tool at a place, and a contact that dents the pad there.
    void press(render::SceneView& view, glm::dvec3 place) {
        contact_ = {};
        contact_.touching = true;
        contact_.position = contact_.dent_place = place;
        contact_.tip = place - glm::dvec3(0, 0, 1e-3);
        contact_.dent = 1.2e-3;
        contact_.force = 1;
        contact_.tissue = contact_.dent_tissue = {1e-4, 1e-3, 12.5e-3, 20e3, 0.45};
        contact_.stiffness = 20e3;
        for (int i = 0; i < 16; ++i) {
            const double angle = i * 0.3926990816987241;
            contact_.points.push_back(
                {place + glm::dvec3(4.5e-3 * std::cos(angle), 4.5e-3 * std::sin(angle), 0), 1.0 / 16, 1e-6});
        }
        view.contact = &contact_;
        view.kernel = kernel_.get();
        view.pen = render::PenView{};
        view.pen->tip = contact_.tip;
        view.pen->axis = glm::normalize(glm::dvec3(0.2, -0.3, -1));
        view.pen->pins = {{0, 0}, {1e-3, 0}};
    }
    static void lift(render::SceneView& view) {
        view.contact = nullptr;
        view.pen.reset();
        view.inset.reset();
    }

    /// The picture that a window shows next.
    static Texels next(const render::SceneView& view, uint32_t width = kWidth, uint32_t height = kHeight) {
        device_->run([&](vk::CommandBuffer c) { renderer_->draw(c, view, width, height); });
        return gpu::download(*device_, renderer_->target(), render::Renderer::kTargetLayout, 4);
    }
    /// The same moment drawn whole.
    static Texels whole(const render::SceneView& view) {
        EXPECT_TRUE(renderer_->render_image(view, kWidth, kHeight));
        return gpu::download(*device_, renderer_->target(), render::Renderer::kTargetLayout, 4);
    }
    /// Draws until all parts of the picture had their turn.
    static Texels settled(const render::SceneView& view) {
        for (uint32_t i = 1; i < Damage::kTurns; ++i) next(view);
        return next(view);
    }
    static int most_difference(const Texels& a, const Texels& b) {
        EXPECT_EQ(a.size(), b.size());
        int most = 0;
        for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
            most = std::max(most, std::abs(int(a[i]) - int(b[i])));
        return most;
    }
    static size_t differing(const Texels& a, const Texels& b, int by) {
        size_t count = 0;
        for (size_t i = 0; i < std::min(a.size(), b.size()); i += 4) {
            int most = 0;
            for (size_t k = 0; k < 3; ++k) most = std::max(most, std::abs(int(a[i + k]) - int(b[i + k])));
            count += most > by;
        }
        return count;
    }
    static std::vector<shared::Puncture> prick(double across, double up, uint32_t count = 40) {
        const uint32_t cell = cell_at(across, up);
        return punctures(count, [&](uint32_t c) { return c == cell; });
    }
    skin::Contact contact_;
};

/// What the tool's shade may lack until its turn comes, in steps of 8 bits.
constexpr int kUnseen = 12;

TEST_F(RenderDamage, a_gliding_pen_and_its_dent_leave_no_trail) {
    render::SceneView view = scene();
    for (int i = 0; i < 15; ++i) {
        press(view, place_at(0.2 + 0.04 * i, 0.6));
        view.time += 1.0 / 30;
        next(view);
    }
    const Texels pressed = next(view);
    EXPECT_LE(most_difference(pressed, whole(view)), kUnseen);
    for (int i = 0; i < 3; ++i) {
        press(view, place_at(0.7, 0.6 - 0.05 * i));
        next(view);
    }
    lift(view);
    const Texels first = next(view), last = settled(view), full = whole(view);
    EXPECT_LE(most_difference(first, full), kUnseen);
    EXPECT_EQ(last, full);
}

TEST_F(RenderDamage, a_picture_whose_parts_all_had_their_turn_is_the_one_drawn_whole) {
    for (const render::Overlay overlay : {render::Overlay::none, render::Overlay::evenness}) {
        render::SceneView view = scene();
        view.overlay = overlay;
        view.outline_zones = true;
        next(view);
        renderer_->add(prick(0.4, 0.5, 300), {}, 1);
        press(view, place_at(0.5, 0.5));
        next(view);
        view.time += 30;  // redness rises everywhere round the punctures
        settled(view);
        EXPECT_EQ(settled(view), whole(view)) << int(overlay);
    }
}

TEST_F(RenderDamage, a_new_puncture_shows_in_the_very_next_picture) {
    for (const render::Overlay overlay :
         {render::Overlay::none, render::Overlay::coverage, render::Overlay::depth}) {
        renderer_->clear_evidence();
        render::SceneView view = scene();
        view.overlay = overlay;
        view.camera.target = place_at(0.4, 0.6);
        view.camera.distance = overlay == render::Overlay::none ? 0.05 : 0.2;
        const Texels before = next(view);
        renderer_->add(prick(0.4, 0.6), {}, 0);
        const Texels after = next(view);
        if (overlay != render::Overlay::none) {
            EXPECT_LT(renderer_->work().tiles, kTiles / 2);
        }
        EXPECT_GT(differing(before, after, 4), 3u) << int(overlay);
        EXPECT_LE(most_difference(after, whole(view)), 1) << int(overlay);
    }
}

TEST_F(RenderDamage, needling_draws_a_fraction_of_the_picture) {
    render::SceneView view = scene();
    view.camera.distance *= 2.5;
    press(view, place_at(0.3, 0.5));
    next(view);
    EXPECT_EQ(renderer_->work().tiles, kTiles);
    for (int i = 0; i < 6; ++i) {
        press(view, place_at(0.3 + 0.01 * i, 0.5));
        next(view);
        EXPECT_LT(renderer_->work().tiles, kTiles * 2 / 3);
        EXPECT_GT(renderer_->work().tiles, kTiles / 20);
    }
}

TEST_F(RenderDamage, a_picture_that_stays_is_redrawn_in_turns_of_like_size) {
    const render::SceneView view = scene();
    next(view);
    const render::Work all = renderer_->work();
    uint32_t tiles = 0, triangles = 0;
    for (uint32_t i = 0; i < Damage::kTurns; ++i) {
        next(view);
        EXPECT_LT(renderer_->work().tiles, 2 * kTiles / Damage::kTurns);
        tiles += renderer_->work().tiles;
        triangles += renderer_->work().triangles;
    }
    EXPECT_EQ(tiles, kTiles);
    EXPECT_LT(triangles, all.triangles * Damage::kTurns * 2 / 3);
}

TEST_F(RenderDamage, whatever_changes_the_whole_picture_has_it_drawn_whole) {
    render::SceneView view = scene();
    const auto expect_whole = [&](const char* why) {
        next(view);
        EXPECT_EQ(renderer_->work().tiles, kTiles) << why;
        next(view);
        EXPECT_LT(renderer_->work().tiles, kTiles) << why << ", and stays";
    };
    next(view);
    view.camera.yaw += 0.001;
    expect_whole("the camera");
    view.overlay = render::Overlay::coverage;
    expect_whole("the overlay");
    view.bands.assign(pad_->zones.size(), {1, 2});
    expect_whole("its bands");
    view.prescribed.assign(pad_->zones.size(), 0);
    expect_whole("what is prescribed");
    view.outline_zones = true;
    expect_whole("outlines");
    view.outlined_zone = uint8_t{0};
    expect_whole("the zone that stands out");
    view.highlighted_cells = {1, 2, 3};
    expect_whole("what is pointed at");
    view.highlighted_cells = {1, 2, 4};
    expect_whole("another cell that is pointed at");
    view.wet.assign(pad_->zones.size(), 0.5f);
    expect_whole("wet skin");
    view.fingers.push_back({place_at(0.5, 0.5)});
    expect_whole("a finger");
    renderer_->clear_evidence();
    expect_whole("no evidence");
    ASSERT_TRUE(renderer_->set_face(pad_));
    next(view);
    EXPECT_EQ(renderer_->work().tiles, kTiles) << "a new face";
    while (!renderer_->finished()) next(view);
    expect_whole("its skin's finest level");
    renderer_->add(punctures(1, [](uint32_t cell) { return cell < 2000; }), {}, 0);
    expect_whole("very many punctures");
    next(view, kWidth / 2, kHeight);
    next(view, kWidth / 2, kHeight);
    expect_whole("the size");
    for (const Tier tier : {Tier::low, Tier::cpu}) {
        view.tier = tier;
        next(view);
        EXPECT_EQ(renderer_->work().tiles, kTiles) << int(tier);
    }
    whole(view);
    EXPECT_EQ(renderer_->work().tiles, kTiles) << "evidence";
    view.still = true;
    for (int i = 0; i < 2; ++i) {
        next(view);
        EXPECT_EQ(renderer_->work().tiles, kTiles) << "a still picture is kept for long";
    }
}

TEST_F(RenderDamage, a_moving_close_up_is_drawn_anew_and_leaves_the_picture_below_when_it_ends) {
    render::SceneView view = scene();
    next(view);
    for (int i = 0; i < 8; ++i) {
        press(view, place_at(0.3 + 0.04 * i, 0.5));
        view.inset = render::Inset{};
        view.inset->camera = view.camera;
        view.inset->camera.target = contact_.tip;
        view.inset->camera.distance = 0.1;
        view.inset->left = 0.61;
        view.inset->top = 0.07;
        const Texels kept = next(view);
        if (i < 7) continue;
        EXPECT_LE(most_difference(kept, whole(view)), kUnseen);
    }
    view.inset->left = 0.3;
    EXPECT_LE(most_difference(next(view), whole(view)), kUnseen) << "it stands elsewhere";
    view.inset->left = 0.61;
    for (int i = 0; i < 4; ++i) next(view);
    lift(view);
    const Texels first = next(view);
    EXPECT_LE(most_difference(first, whole(view)), kUnseen);
}

TEST_F(RenderDamage, pictures_drawn_whole_between_others_do_not_disturb_them) {
    render::SceneView view = scene();
    press(view, place_at(0.4, 0.5));
    next(view);
    render::SceneView other = scene();
    other.camera.yaw = 1;
    EXPECT_TRUE(renderer_->render_image(other, 100, 80));
    EXPECT_EQ(next(view), whole(view));
}

TEST_F(RenderDamage, the_low_tier_places_vertices_in_turns_and_shows_the_same) {
    render::SceneView view = scene();
    view.tier = Tier::low;
    next(view);
    const uint32_t all = renderer_->work().blocks;
    for (int i = 0; i < 8; ++i) {
        press(view, place_at(0.3 + 0.04 * i, 0.5));
        next(view);
        EXPECT_LT(renderer_->work().blocks, all);
    }
    EXPECT_EQ(settled(view), whole(view));
}

}  // namespace
