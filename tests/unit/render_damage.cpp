// What of a picture must be drawn anew, decided without a device.

#include "engine/render/damage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using render::Damage;
using render::Tiles;

constexpr uint32_t kWidth = 320, kHeight = 240, kTiles = 20 * 15;

/// A wall of 10 x 10 flat clusters of 10 mm, each with a block of its own, 0.3 m before the camera.
render::Stage wall() {
    render::Stage stage;
    render::Part part{shared::kMaterialSkin, 0, 0, {}};
    for (uint32_t i = 0; i < 100; ++i) {
        render::Cluster c{};
        c.centre = {0.01f * float(i % 10) - 0.045f, 0.01f * float(i / 10) - 0.045f, 0};
        c.half = {0.005f, 0.005f, 0};
        c.radius = glm::length(c.half);
        c.axis = {0, 0, 1};
        c.blocks = {i};
        part.clusters.push_back(c);
        stage.blocks.push_back({c.centre, c.radius});
    }
    stage.parts.push_back(part);
    return stage;
}

render::Camera camera() {
    render::Camera camera;
    camera.target = {0, 0, 0};
    camera.distance = 0.3;
    return camera;
}

render::Moment moment() {
    render::Moment now;
    now.width = kWidth;
    now.height = kHeight;
    now.frame.clip_from_world = camera().projection(double(kWidth) / kHeight) * camera().view();
    now.frame.eye = glm::vec3(camera().eye());
    now.frame.key_to = glm::normalize(glm::vec3(0.7f, 0.6f, 0.66f));
    return now;
}

render::Moment with_pen(glm::vec3 tip) {
    render::Moment now = moment();
    now.frame.pen_shown = 1;
    now.frame.pen_tip = tip;
    now.frame.pen_axis = {0, 0, -1};
    now.frame.pen_side = {1, 0, 0};
    now.frame.pen_radius = 5e-3f;
    now.tool = {render::Ball(tip, 6e-3f)};
    return now;
}

class DamageTest : public testing::Test {
  protected:
    render::Redraw next(render::Moment now) {
        const render::Sight sight{now.frame.clip_from_world, now.frame.eye};
        return damage_.next(std::move(now), stage_, std::span(&sight, 1));
    }
    static Tiles under(glm::vec3 place, float radius) {
        Tiles tiles(kWidth, kHeight);
        tiles.mark(moment().frame.clip_from_world, place, radius);
        return tiles;
    }
    static bool holds(const Tiles& all, const Tiles& some) {
        Tiles both = all;
        both.keep(some);
        return both == some;
    }

    render::Stage stage_ = wall();
    Damage damage_;
};

TEST(Tiles, a_marked_rectangle_is_covered_and_its_rectangles_do_not_overlap) {
    Tiles tiles(100, 50);
    tiles.mark(vk::Rect2D{{20, 10}, {30, 20}});
    tiles.mark(vk::Rect2D{{70, 0}, {30, 50}});
    std::vector<int> times(100 * 50, 0);
    for (const glm::vec4& r : tiles.rectangles())
        for (auto y = uint32_t(r.y); y < uint32_t(r.w); ++y)
            for (auto x = uint32_t(r.x); x < uint32_t(r.z); ++x) ++times[y * 100 + x];
    for (uint32_t y = 0; y < 50; ++y)
        for (uint32_t x = 0; x < 100; ++x)
            EXPECT_EQ(times[y * 100 + x], tiles.marked(x / 16, y / 16) ? 1 : 0);
    EXPECT_EQ(tiles.rectangles().size(), 2u) << "rows of the same width are one rectangle";
}

TEST(Tiles, a_sphere_and_the_box_round_it_are_marked_and_touched_where_they_are_seen) {
    const glm::mat4 clip = moment().frame.clip_from_world;
    Tiles sphere(kWidth, kHeight), box(kWidth, kHeight);
    sphere.mark(clip, glm::vec3(0.02f, 0, 0), 0.005f);
    box.mark(clip, glm::vec3(0.02f, 0, 0), glm::vec3(0.005f));
    for (const Tiles* tiles : {&sphere, &box}) {
        EXPECT_GT(tiles->count(), 0u);
        EXPECT_LT(tiles->count(), 16u);
        EXPECT_TRUE(tiles->touches(clip, glm::vec3(0.02f, 0, 0), glm::vec3(0.001f)));
        EXPECT_FALSE(tiles->touches(clip, glm::vec3(-0.02f, 0, 0), glm::vec3(0.001f)));
    }
    Tiles outside(kWidth, kHeight);
    outside.mark(clip, glm::vec3(1, 0, 0), 0.005f);
    EXPECT_EQ(outside.count(), 0u);
    outside.mark(clip, moment().frame.eye, 0.005f);
    EXPECT_EQ(outside.count(), kTiles) << "a sphere round the eye may be anywhere";
}

TEST(Tiles, sets_are_added_kept_grown_and_cut) {
    Tiles a(80, 80), b(80, 80);
    a.mark(vk::Rect2D{{16, 16}, {16, 16}});
    b.mark_rows(1, 1);
    EXPECT_EQ(a.grown().count(), 9u);
    Tiles both = a;
    both.add(b);
    EXPECT_EQ(both.count(), 5u);
    both.keep(a);
    EXPECT_EQ(both, a);
    b.remove_within(vk::Rect2D{{8, 0}, {48, 80}});
    EXPECT_EQ(b.count(), 3u) << "tiles that the rectangle cuts stay";
}

TEST_F(DamageTest, the_first_picture_and_one_after_forgetting_are_drawn_whole) {
    for (int i = 0; i < 2; ++i) {
        const render::Redraw first = next(moment());
        EXPECT_TRUE(first.all);
        EXPECT_EQ(first.tiles.count(), kTiles);
        EXPECT_EQ(std::ranges::count(first.blocks, true), 100);
        EXPECT_FALSE(next(moment()).all);
        damage_.forget();
    }
}

TEST_F(DamageTest, every_tile_and_block_has_its_turn_once_in_as_many_pictures) {
    next(moment());
    Tiles seen(kWidth, kHeight);
    uint32_t tiles = 0;
    std::vector<bool> blocks(100, false);
    for (uint32_t i = 0; i < Damage::kTurns; ++i) {
        const render::Redraw turn = next(moment());
        EXPECT_FALSE(turn.all);
        seen.add(turn.tiles);
        tiles += turn.tiles.count();
        for (size_t b = 0; b < 100; ++b) blocks[b] = blocks[b] || turn.blocks[b];
        EXPECT_LT(std::ranges::count(turn.blocks, true), 50);
    }
    EXPECT_EQ(seen.count(), kTiles);
    EXPECT_EQ(tiles, kTiles);
    EXPECT_EQ(std::ranges::count(blocks, true), 100);
}

TEST_F(DamageTest, the_tool_is_drawn_anew_where_it_was_and_where_it_is) {
    const glm::vec3 from(-0.03f, 0, 0.02f), to(0.03f, 0.02f, 0.02f);
    next(with_pen(from));
    const render::Redraw moved = next(with_pen(to));
    EXPECT_FALSE(moved.all);
    EXPECT_TRUE(holds(moved.tiles, under(from, 6e-3f)));
    EXPECT_TRUE(holds(moved.tiles, under(to, 6e-3f)));
    const render::Redraw gone = next(moment());
    EXPECT_TRUE(holds(gone.tiles, under(to, 6e-3f)));
}

TEST_F(DamageTest, needles_that_beat_are_drawn_anew_and_a_tool_at_rest_is_not) {
    const glm::vec3 tip(0.03f, 0.02f, 0.02f);
    render::Moment now = with_pen(tip);
    next(now);
    uint32_t at_rest = 0;
    for (uint32_t i = 0; i < Damage::kTurns; ++i) at_rest += next(now).tiles.count();
    EXPECT_EQ(at_rest, kTiles);
    for (uint32_t i = 0; i < Damage::kTurns; ++i) {
        now.frame.needle_depth += 1e-4f;
        EXPECT_TRUE(holds(next(now).tiles, under(tip, 6e-3f)));
    }
}

TEST_F(DamageTest, a_dent_is_placed_and_drawn_anew_where_it_was_and_where_it_is) {
    const auto dented = [&](glm::vec3 place) {
        render::Moment now = moment();
        now.frame.contact_points = 8;
        now.frame.contact_position = place;
        now.frame.contact_dent = 1e-3f;
        now.field.dent = render::Ball(place, 0.012f);
        return now;
    };
    const glm::vec3 from(-0.025f, 0, 0), to(0.025f, 0.02f, 0);
    next(dented(from));
    const auto expect_done = [&](const render::Redraw& redraw, glm::vec3 place) {
        EXPECT_FALSE(redraw.all);
        EXPECT_TRUE(holds(redraw.tiles, under(place, 0.012f)));
        for (size_t b = 0; b < 100; ++b)
            EXPECT_TRUE(redraw.blocks[b] || glm::distance(stage_.blocks[b].centre, place) >= 0.012f) << b;
    };
    const render::Redraw moved = next(dented(to));
    expect_done(moved, from);
    expect_done(moved, to);
    expect_done(next(moment()), to);
}

TEST_F(DamageTest, a_puncture_is_drawn_at_once_with_what_an_overlay_shows_of_it) {
    next(moment());
    for (uint32_t i = 0; i < Damage::kTurns; ++i) {
        render::Moment now = moment();
        now.punctures = {glm::vec3(0.03f, -0.03f, 0)};
        const render::Redraw redraw = next(now);
        EXPECT_FALSE(redraw.all);
        EXPECT_TRUE(holds(redraw.tiles, under(now.punctures[0], Damage::kPunctureReach)));
        for (size_t b = 0; b < 100; ++b)
            EXPECT_TRUE(redraw.blocks[b] ||
                        glm::distance(stage_.blocks[b].centre, now.punctures[0]) >= Damage::kPunctureReach);
    }
}

TEST_F(DamageTest, more_punctures_than_can_be_followed_have_the_whole_picture_drawn) {
    next(moment());
    render::Moment now = moment();
    now.punctures.assign(Damage::kMostPunctures, glm::vec3(0));
    EXPECT_FALSE(next(now).all);
    now.punctures.emplace_back(0);
    EXPECT_TRUE(next(now).all);
}

TEST_F(DamageTest, shade_that_moves_clearly_is_drawn_at_once_and_faint_shade_in_turn) {
    const glm::vec3 tip(0, 0, 0.001f);
    render::Moment first = with_pen(tip);
    first.tool.clear();
    next(first);
    const auto extra = [&](float by) {
        uint32_t tiles = 0;
        for (uint32_t i = 0; i < Damage::kTurns; ++i) {
            render::Moment now = with_pen(tip + glm::vec3(by * float(i + 1), 0, 0));
            now.tool.clear();
            tiles += next(now).tiles.count();
        }
        return tiles - kTiles;
    };
    const uint32_t faint = extra(1e-6f), clear = extra(2e-3f);
    EXPECT_EQ(faint, 0u);
    EXPECT_GT(clear, 20u);
}

TEST_F(DamageTest, the_close_up_hides_what_lies_below_and_shows_it_when_it_ends) {
    next(moment());
    render::Moment now = moment();
    now.inset = vk::Rect2D{{64, 64}, {96, 80}};
    for (uint32_t i = 0; i < Damage::kTurns; ++i) {
        Tiles within(kWidth, kHeight);
        within.mark(*now.inset);
        within.keep(next(now).tiles);
        EXPECT_EQ(within.count(), 0u);
    }
    Tiles below(kWidth, kHeight);
    below.mark(*now.inset);
    EXPECT_TRUE(holds(next(moment()).tiles, below));
}

TEST_F(DamageTest, any_other_change_has_the_whole_picture_drawn) {
    const auto expect_whole = [&](const char* why, auto change) {
        next(moment());
        next(moment());
        render::Moment now = moment();
        change(now);
        EXPECT_TRUE(next(now).all) << why;
        EXPECT_EQ(next(now).all, now.whole) << why;
    };
    expect_whole("camera", [](render::Moment& m) { m.frame.clip_from_world[3][0] += 1e-4f; });
    expect_whole("size", [](render::Moment& m) { m.width = 100; });
    expect_whole("overlay", [](render::Moment& m) { m.frame.overlay = shared::kOverlayDepth; });
    expect_whole("band", [](render::Moment& m) { m.frame.overlay_band[3].x = 1; });
    expect_whole("wet", [](render::Moment& m) { m.frame.wet[2] = 0.5f; });
    expect_whole("finger", [](render::Moment& m) { m.frame.finger_count = 1; });
    expect_whole("prescribed", [](render::Moment& m) { m.frame.prescribed = 3; });
    expect_whole("outlines", [](render::Moment& m) { m.outline_zones = true; });
    expect_whole("highlight", [](render::Moment& m) { m.highlighted_cells = {7}; });
    expect_whole("asked for", [](render::Moment& m) { m.whole = true; });
}

TEST(Hull, holds_every_corner_of_a_tool_however_its_parts_move) {
    for (const render::Tool tool : {render::Tool::pen, render::Tool::roller, render::Tool::stamp}) {
        render::PenShape shape;
        shape.tool = tool;
        const render::PenMesh mesh = render::make_pen_mesh(shape);
        const auto hull = render::hull_of(mesh, shape);
        const auto held = [&](glm::vec3 p) {
            return std::ranges::any_of(
                hull, [&](const render::Ball& b) { return glm::distance(glm::vec3(b), p) <= b.w; });
        };
        for (size_t i = 0; i < mesh.opaque_count + mesh.clear_count; i += 3) {
            for (int k = 0; k < 4; ++k) {  // corners and middle
                glm::vec3 p(0);
                for (size_t j = 0; j < 3; ++j) {
                    const glm::vec3 corner = mesh.vertices[mesh.indices[i + j]].position;
                    p += k == 3 ? corner / 3.0f : int(j) == k ? corner : glm::vec3(0);
                }
                const uint32_t part = mesh.vertices[mesh.indices[i]].part;
                EXPECT_TRUE(held(p)) << int(tool);
                EXPECT_TRUE(!(part & shared::kMovesWithNeedles) || held(p + glm::vec3(0, 0, 3e-3f)))
                    << int(tool);
                if (!(part & shared::kMovesWithDrum)) continue;
                const float y = p.y, z = p.z + shared::kDrumRadius;  // a quarter of a turn
                EXPECT_TRUE(held({p.x, -z, y - shared::kDrumRadius})) << int(tool);
            }
        }
        EXPECT_LT(hull.size(), 60u);
    }
}

TEST(Shade, is_full_far_from_the_pen_and_least_under_it) {
    const shared::Frame frame = with_pen(glm::vec3(0)).frame;
    EXPECT_EQ(render::light_past_pen(frame, {0.5f, 0, 0}), glm::vec2(1));
    EXPECT_EQ(render::light_past_pen(moment().frame, {0, 0, 0}), glm::vec2(1));
    EXPECT_LT(render::light_past_pen(frame, {0, 0, 0}).x, 0.1f);
    EXPECT_NEAR(render::light_past_pen(frame, {0, 0, 0}).y, 0.55f, 1e-4f);
}

}  // namespace
