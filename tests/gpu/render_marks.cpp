// Marks from near, lesions that stand out, and what a wipe leaves.

#include "engine/render/near_marks.h"
#include "engine/render/raised.h"
#include "engine/render/wipes.h"
#include "engine/track/response.h"
#include "tests/gpu/picture_stage.h"

#include <glm/geometric.hpp>

#include <cmath>
#include <map>
#include <numbers>

namespace {

using render::NearMarks;
using render::Tier;
using render::WipeTrace;

constexpr uint32_t kWidth = 240, kHeight = 180;

/// A puncture at a place in mm of the flat skin.
shared::Puncture pricked(const face::FaceAsset& skin, glm::dvec2 mm) {
    const auto hit = skin.index->closest(glm::dvec3(mm * 1e-3, 0), 1e-3);
    EXPECT_TRUE(hit);
    shared::Puncture p{};
    p.cell = skin.cells.find(hit->position, {0, 0, 1});
    p.triangle = hit->point.triangle;
    p.weights = uint32_t(hit->point.weights.y * 65535) | uint32_t(hit->point.weights.z * 65535) << 16;
    p.depth_tilt = 1600;
    return p;
}

/// The same as the picture's own copy of one whose droplet has come out.
shared::Puncture droplet(const face::FaceAsset& skin, glm::dvec2 mm) {
    shared::Puncture p = pricked(skin, mm);
    p.depth_tilt |= shared::kMarkBleeds;
    return p;
}

/// Looking straight down on a place in mm, with pixels of this size.
render::Camera above(glm::dvec2 mm, double pixel_mm) {
    render::Camera camera;
    camera.target = glm::dvec3(mm * 1e-3, 0);
    camera.distance = 0.06;
    camera.fov = 2 * std::atan(pixel_mm * 1e-3 * kHeight / (2 * camera.distance));
    return camera;
}

render::Sight sight_of(const render::Camera& camera) {
    return {camera.projection(double(kWidth) / kHeight) * camera.view(), glm::vec3(camera.eye()),
            float(2 * std::tan(camera.fov / 2) / kHeight)};
}

// --- which marks ---

TEST(NearMarks, a_mark_is_the_atlas_alone_beyond_the_limit_and_its_own_alone_well_within) {
    EXPECT_EQ(shared::drawn_near(0.08f, 0.08f), 0.0f);
    EXPECT_EQ(shared::drawn_near(0.06f, 0.08f), 1.0f);
    EXPECT_NEAR(shared::drawn_near(0.07f, 0.08f), 0.5f, 1e-5);
    EXPECT_EQ(shared::drawn_near(0.01f, 0.0f), 0.0f);
}

TEST(NearMarks, only_what_is_near_and_in_view_is_chosen) {
    const auto skin = flat_skin(2);
    NearMarks marks;
    marks.set_face(*skin);
    const shared::Puncture here = pricked(*skin, {0, 0}), there = pricked(*skin, {30, 0});
    marks.add(std::vector{here, there});
    std::vector<shared::Puncture> chosen, droplets;
    EXPECT_EQ(marks.choose(sight_of(above({0, 0}, 0.12)), 100, chosen, droplets), 0.0f) << "too far";
    EXPECT_TRUE(chosen.empty());
    EXPECT_NEAR(marks.choose(sight_of(above({0, 0}, 0.02)), 100, chosen, droplets), NearMarks::kLimit, 0.004);
    ASSERT_EQ(chosen.size(), 1u);
    EXPECT_EQ(chosen[0].triangle, here.triangle);
    EXPECT_TRUE(droplets.empty());
    marks.forget();
    EXPECT_EQ(marks.choose(sight_of(above({0, 0}, 0.02)), 100, chosen, droplets), 0.0f);
}

TEST(NearMarks, the_limit_falls_steadily_with_their_number_which_stays_bounded) {
    const auto skin = flat_skin(2);
    NearMarks marks;
    marks.set_face(*skin);
    constexpr uint32_t kMost = 400;
    float last = 1;
    for (int round = 0; round < 30; ++round) {
        std::vector<shared::Puncture> more;
        for (int i = 0; i < 25; ++i)
            more.push_back((i == 0 ? droplet : pricked)(*skin, {(i % 5 - 2) * 0.7, (i / 5 - 2) * 0.7}));
        marks.add(more);
        std::vector<shared::Puncture> chosen, droplets;
        const float limit = marks.choose(sight_of(above({0, 0}, 0.05)), kMost, chosen, droplets);
        EXPECT_LE(limit, last) << round;
        EXPECT_LE(chosen.size() + droplets.size(), kMost) << round;
        // Where all of a step goes at once, next to nothing of it was left.
        if (limit == 0 && last > 0) {
            EXPECT_LT(shared::drawn_near(0.05f, last), 0.35f) << round;
        }
        if (round < 4) {
            EXPECT_EQ(droplets.size(), size_t(round + 1));
        }
        last = limit;
    }
    EXPECT_EQ(last, 0.0f);
}

// --- pictures ---

class RenderMarks : public PictureStage {
  protected:
    static void SetUpTestSuite() {
        open();
        stage_skin(flat_skin(2));
        auto model = track::ResponseModel::load(places_);
        ASSERT_TRUE(model) << model.error().message;
        model_ = std::make_unique<track::ResponseModel>(std::move(*model));
        doses_ = std::make_unique<track::ResponseDoses>(*skin_, *model_);
    }
    static void TearDownTestSuite() {
        doses_.reset();
        PictureStage::TearDownTestSuite();
    }
    /// The first puncture from `time` s on that bleeds or does not.
    static shared::Puncture struck(glm::dvec2 mm, bool bleeding, double time = 1) {
        shared::Puncture p = pricked(*skin_, mm);
        for (p.time_us = uint32_t(time * 1e6); doses_->bleeds(p) != bleeding; ++p.time_us) {
        }
        return p;
    }
    static render::SceneView scene(double pixel_mm, Tier tier = Tier::cpu, glm::dvec2 mm = {0, 0}) {
        render::SceneView view;
        view.camera = above(mm, pixel_mm);
        view.plain_background = true;
        view.tier = tier;
        return view;
    }
    static base::Image draw(const render::SceneView& view) {
        return PictureStage::draw(view, kWidth, kHeight);
    }
    /// mm² that are redder by far than before: free blood.
    static double bloody(const base::Image& before, const base::Image& after, double pixel_mm) {
        size_t count = 0;
        for (uint32_t y = 0; y < kHeight; ++y)
            for (uint32_t x = 0; x < kWidth; ++x)
                count += pixel(after, x, y)[1] < 0.55 * pixel(before, x, y)[1];
        return double(count) * pixel_mm * pixel_mm;
    }
    /// Green that marks take from the picture, times mm².
    static double darkness(const base::Image& before, const base::Image& after, double pixel_mm) {
        double sum = 0;
        for (uint32_t y = 0; y < kHeight; ++y)
            for (uint32_t x = 0; x < kWidth; ++x) sum += pixel(before, x, y)[1] - pixel(after, x, y)[1];
        return sum * pixel_mm * pixel_mm;
    }

    static constexpr double kOut = 7;  // s: droplets of needles at 1 s have come out
    static inline std::unique_ptr<track::ResponseModel> model_;
    static inline std::unique_ptr<track::ResponseDoses> doses_;
};

TEST_F(RenderMarks, a_droplet_has_its_true_size_and_a_sharp_edge_at_any_zoom_in_every_tier) {
    const shared::Puncture p = struck({0, 0}, true);
    const double radius = shared::droplet_radius(p), area = std::numbers::pi * radius * radius;
    for (Tier tier : {Tier::cpu, Tier::low, Tier::high})
        for (double mm : {0.04, 0.01, 0.005}) {
            const base::Image before = draw(scene(mm, tier));
            renderer_->add({&p, 1}, {}, kOut);
            const base::Image after = draw(scene(mm, tier));
            EXPECT_EQ(renderer_->work().near_marks, 2u) << "a droplet on its mark";
            EXPECT_NEAR(bloody(before, after, mm), area, 0.2 * area) << int(tier) << " " << mm;
            // From blood to skin along a row from the middle: sharp however large it is drawn.
            uint32_t between = 0;
            for (uint32_t x = kWidth / 2; x < kWidth; ++x) {
                const double share =
                    pixel(after, x, kHeight / 2)[1] / double(pixel(before, x, kHeight / 2)[1]);
                between += share > 0.5 && share < 0.75;
            }
            EXPECT_LE(between, 5u) << int(tier) << " " << mm;
            renderer_->clear_evidence();
        }
}

TEST_F(RenderMarks, going_nearer_neither_doubles_nor_loses_marks) {
    std::vector<shared::Puncture> punctures;
    for (int i = 0; i < 49; ++i)
        punctures.push_back(struck({(i % 7 - 3) * 0.4, (i / 7 - 3) * 0.4}, false));
    std::vector<double> amounts;
    for (double mm : {0.10, 0.078, 0.07, 0.062, 0.05, 0.03}) {
        const base::Image before = draw(scene(mm));
        renderer_->add(punctures, {}, kOut);
        amounts.push_back(darkness(before, draw(scene(mm)), mm));
        renderer_->clear_evidence();
    }
    for (size_t i = 1; i < amounts.size(); ++i) {
        RecordProperty("step_" + std::to_string(i), std::to_string(amounts[i] / amounts[i - 1]));
        EXPECT_NEAR(amounts[i] / amounts[i - 1], 1.0, 0.30) << i;
    }
    EXPECT_NEAR(amounts.back() / amounts.front(), 1.0, 0.5);
}

TEST_F(RenderMarks, the_inset_has_them_while_the_large_picture_is_too_far_and_overlays_have_none) {
    const shared::Puncture p = struck({0, 0}, true);
    renderer_->add({&p, 1}, {}, kOut);
    render::SceneView view = scene(0.3);
    draw(view);
    EXPECT_EQ(renderer_->work().near_marks, 0u);
    view.inset = render::Inset{above({0, 0}, 0.01), 0, 0, 0.5, 0.5};
    draw(view);
    EXPECT_EQ(renderer_->work().near_marks, 2u);
    render::SceneView overlaid = scene(0.01);
    overlaid.overlay = render::Overlay::depth;
    draw(overlaid);
    EXPECT_EQ(renderer_->work().near_marks, 0u);
}

TEST_F(RenderMarks, they_go_down_with_the_dent_as_the_skin_does) {
    auto kernel = skin::LayerKernel::load(places_);
    ASSERT_TRUE(kernel) << kernel.error().message;
    skin::Contact contact{};
    contact.touching = true;
    contact.normal = {0, 0, 1};
    contact.dent = 1.5e-3;
    contact.tissue = contact.dent_tissue = {1e-4, 1e-3, 12.5e-3, 20e3, 0.45};
    contact.stiffness = 20e3;
    for (int i = 0; i < 16; ++i)
        contact.points.push_back(
            {{3e-3 * std::cos(i * 0.3927), 3e-3 * std::sin(i * 0.3927), 0}, 0.3 / 16, 5e-6});
    std::vector<shared::Puncture> punctures;
    for (int i = 0; i < 7; ++i) punctures.push_back(struck({4, (i - 3) * 0.15}, true));
    // Seen from the side: mm to the right that its blood lies.
    const auto place = [&](double mm, bool pressed) {
        render::SceneView view = scene(mm, Tier::cpu, {4, 0});
        view.camera.yaw = 1.0;
        if (pressed) view.contact = &contact, view.kernel = &*kernel;
        const base::Image before = draw(view);
        renderer_->add(punctures, {}, kOut);
        const base::Image after = draw(view);
        renderer_->clear_evidence();
        double sum = 0, weight = 0;
        for (uint32_t y = 0; y < kHeight; ++y)
            for (uint32_t x = 0; x < kWidth; ++x) {
                const double dark = std::max(pixel(before, x, y)[1] - pixel(after, x, y)[1] - 5, 0);
                sum += dark * (x - kWidth / 2.0) * mm;
                weight += dark;
            }
        EXPECT_GT(weight, 0) << mm;
        return sum / weight;
    };
    const double near = place(0.03, true) - place(0.03, false), far = place(0.1, true) - place(0.1, false);
    EXPECT_GT(near, 0.3) << "it moves";
    EXPECT_NEAR(near, far, 0.06) << "as the atlas's does, which lies in the skin";
}

// --- raised lesions ---

face::SkinDetail bump(glm::vec2 mm, float radius_mm, float height_mm) {
    face::SkinDetail d = spot(mm, radius_mm);
    d.height = height_mm * 1e-3f;
    return d;
}

TEST(RaisedLesions, a_dome_has_its_height_in_the_middle_and_none_outside) {
    const face::SkinDetail dome = bump({3, 0}, 2, 0.5f);
    const render::RaisedLesions lesions({&dome, 1});
    EXPECT_NEAR(lesions.height({3e-3f, 0, 0}), 0.5e-3, 1e-8);
    EXPECT_NEAR(lesions.height({4e-3f, 0, 0}), 0.25e-3, 1e-8) << "half way down a soft dome";
    EXPECT_EQ(lesions.height({5.001e-3f, 0, 0}), 0.0f);
    EXPECT_EQ(lesions.height({0, 0, 0}), 0.0f);
}

TEST(RaisedLesions, low_or_narrow_ones_and_pits_stay_flat_but_parts_count_together) {
    const std::vector<face::SkinDetail> flat{bump({0, 0}, 2, 0.25f), bump({10, 0}, 0.3f, 0.6f),
                                             bump({20, 0}, 2, -0.8f)};
    EXPECT_TRUE(render::RaisedLesions(flat).empty());
    const std::vector<face::SkinDetail> together{bump({0, 0}, 3, 0.2f), bump({0.5f, 0}, 1, 0.15f)};
    EXPECT_GT(render::RaisedLesions(together).height({0.5e-3f, 0, 0}), 0.3e-3f);
}

TEST(RaisedSkin, is_finer_under_the_lesion_closed_and_elsewhere_the_face_itself) {
    auto skin = flat_skin(2);
    skin->details = {bump({0, 0}, 2, 0.6f)};
    const render::RaisedSkin raised = render::raise_lesions(*skin);
    const size_t own = skin->mesh.vertex_count();
    ASSERT_EQ(raised.heights.size(), own + raised.halves.size());
    std::vector<glm::dvec3> places = skin->mesh.positions;
    for (glm::uvec2 half : raised.halves) places.push_back((places[half.x] + places[half.y]) * 0.5);
    float most = 0;
    for (size_t i = 0; i < places.size(); ++i) {
        most = std::max(most, raised.heights[i]);
        if (glm::length(places[i]) > 2.0e-3) {
            EXPECT_EQ(raised.heights[i], 0.0f) << i;
        }
    }
    EXPECT_NEAR(most, 0.6e-3, 0.03e-3);

    std::map<std::pair<uint32_t, uint32_t>, int> before, after;
    const auto count = [](const std::vector<glm::uvec3>& triangles, auto& sides) {
        for (glm::uvec3 t : triangles)
            for (int k = 0; k < 3; ++k) ++sides[std::minmax(t[k], t[(k + 1) % 3])];
    };
    count(skin->mesh.triangles, before);
    count(raised.triangles, after);
    const auto open = [](const auto& sides) {
        return std::ranges::count_if(sides, [](const auto& s) { return s.second == 1; });
    };
    EXPECT_EQ(open(after), open(before)) << "no gap";
    double area = 0, flat_area = 0;
    for (glm::uvec3 t : raised.triangles) {
        const glm::dvec3 cross = glm::cross(places[t.y] - places[t.x], places[t.z] - places[t.x]);
        EXPECT_GT(cross.z, 0) << "not turned over";
        area += cross.z / 2;
        double longest = 0, farthest = 0;
        for (int k = 0; k < 3; ++k) {
            longest = std::max(longest, glm::distance(places[t[k]], places[t[(k + 1) % 3]]));
            farthest = std::max(farthest, glm::length(places[t[k]]));
        }
        if (farthest < 1.9e-3) {
            EXPECT_LE(longest, 2 * render::RaisedSkin::kFineEdge);
        }
    }
    for (uint32_t t = 0; t < skin->mesh.triangle_count(); ++t)
        flat_area += mesh::triangle_area(skin->mesh, t);
    EXPECT_NEAR(area, flat_area, 1e-9);
    const auto same = std::ranges::count_if(skin->mesh.triangles, [&](glm::uvec3 t) {
        return std::ranges::find(raised.triangles, t) != raised.triangles.end();
    });
    EXPECT_GT(double(same), 0.9 * double(skin->mesh.triangle_count()));
}

TEST_F(RenderMarks, a_keloid_stands_out_from_the_side_and_leaves_the_skin_around_it_as_it_was) {
    const auto from_side = [&] {
        render::SceneView view = scene(0.03);
        view.camera.yaw = std::numbers::pi / 2 - 0.002;  // all but edge on
        const base::Image image = draw(view);
        // Columns of skin above the plain background, in the middle.
        const uint8_t* back = pixel(image, 2, 2);
        uint32_t skin = 0;
        for (uint32_t x = 0; x < kWidth; ++x) {
            const uint8_t* p = pixel(image, x, kHeight / 2);
            skin += std::abs(p[0] - back[0]) + std::abs(p[2] - back[2]) > 40;
        }
        return skin;
    };
    const uint32_t flat_side = from_side();
    const base::Image flat = draw(scene(0.06));
    auto marked = flat_skin(2);
    marked->details = {bump({0, 0}, 2, 0.9f)};
    stage_skin(marked);
    const uint32_t raised_side = from_side();
    const base::Image raised = draw(scene(0.06));
    stage_skin(flat_skin(2));
    // 0.9 mm are 30 pixels, of which the sheet's own slant takes few.
    EXPECT_NEAR(double(raised_side) - flat_side, 30, 6);
    int most = 0;
    for (uint32_t y = 0; y < kHeight; ++y)
        for (uint32_t x = 0; x < kWidth; ++x) {
            const double mm = 0.06 * std::hypot(x + 0.5 - kWidth / 2.0, y + 0.5 - kHeight / 2.0);
            if (mm > 6) most = std::max(most, difference(flat, raised, x, y));
        }
    RecordProperty("most_outside", std::to_string(most));
    EXPECT_LE(most, 2) << "two widths of the farthest spread of light beyond its border";
    EXPECT_GT(difference(flat, raised, kWidth / 2 - 18, kHeight / 2 - 0), 4) << "and the lesion is there";
}

// --- wipes ---

render::WipeStroke stroke(double from_mm, double to_mm, double width_mm, double time) {
    render::WipeStroke wipe;
    for (int i = 0; i <= 20; ++i) wipe.path.push_back({(from_mm + (to_mm - from_mm) * i / 20) * 1e-3, 0, 0});
    wipe.width = width_mm * 1e-3;
    wipe.time = time;
    return wipe;
}

render::Spill droplet(double x_mm, double y_mm) {
    return {{float(x_mm * 1e-3), float(y_mm * 1e-3), 0}, {0, 0, 1}, 0.2e-3f};
}

TEST(Wipe, a_droplet_leaves_a_streak_behind_it_that_thins_to_a_third_over_its_length) {
    const render::Spill spill = droplet(-5, 2);
    const WipeTrace trace = render::trace_wipe(stroke(-15, 15, 10, 1), {&spill, 1});
    EXPECT_NEAR(trace.length, 30e-3, 1e-6);
    const auto film = [&](double along_mm, double aside_mm) {
        const auto step = uint32_t(along_mm * 1e-3 / WipeTrace::kStep);
        const auto lane = uint32_t((aside_mm / 10 + 0.5) * trace.lanes);
        return double(trace.film[step * trace.lanes + lane]);
    };
    EXPECT_EQ(film(9, 2), 0) << "before it";
    EXPECT_EQ(film(12, -2), 0) << "beside it; its left is +y";
    EXPECT_GT(film(10.5, 2), 0.5);
    EXPECT_NEAR(film(12 + WipeTrace::kThinning * 1e3, 2) / film(12, 2), std::exp(-1), 0.01);
}

TEST(Wipe, no_blood_is_lost_or_made) {
    std::vector<render::Spill> spills;
    for (int i = 0; i < 40; ++i) spills.push_back(droplet(-14 + 0.3 * i, -4.5 + 0.23 * i));
    spills.push_back(droplet(0, 9));  // off the stroke
    const WipeTrace trace = render::trace_wipe(stroke(-15, 60, 10, 1), spills);
    double left = 0;
    const double area_mm2 = double(WipeTrace::kStep) * trace.width / trace.lanes * 1e6;
    for (float um : trace.film) left += um * 1e-3 * area_mm2;
    const double out = 40 * WipeTrace::kOozes * render::droplet_volume_mm3(0.2) * (1 - WipeTrace::kTaken);
    // What is still carried 45 mm on, nine times kThinning, is next to nothing.
    EXPECT_NEAR(left, out, 0.002 * out);
}

TEST(Wipe, the_same_stroke_gives_the_same_trace_and_the_mirrored_one_its_mirror_image) {
    const std::vector<render::Spill> spills{droplet(-3, 1.3), droplet(4, -2.1)},
        mirrored{droplet(-3, -1.3), droplet(4, 2.1)};
    const WipeTrace a = render::trace_wipe(stroke(-15, 15, 10, 1), spills),
                    b = render::trace_wipe(stroke(-15, 15, 10, 1), spills),
                    c = render::trace_wipe(stroke(-15, 15, 10, 1), mirrored);
    EXPECT_EQ(a.film, b.film);
    for (uint32_t step = 0; step < a.steps; ++step)
        for (uint32_t lane = 0; lane < a.lanes; ++lane)
            EXPECT_EQ(a.film[step * a.lanes + lane], c.film[step * a.lanes + a.lanes - 1 - lane]);
}

TEST(Wipe, strokes_that_go_nowhere_or_on_for_ever_are_taken_for_what_they_are) {
    EXPECT_TRUE(render::trace_wipe({}, {}).points.empty());
    render::WipeStroke still;
    still.path.assign(50, glm::dvec3(0.01));
    const WipeTrace trace = render::trace_wipe(still, {});
    EXPECT_LT(trace.points.size(), 2u);
    EXPECT_FALSE(render::place_on(trace, glm::vec3(0.01f), {0, 0, 1}));
    render::WipeStroke far;
    for (int i = 0; i < 3000; ++i) far.path.push_back({i * 5e-3, 0, 0});
    EXPECT_LE(render::trace_wipe(far, {}).length, 1.001f);
}

TEST_F(RenderMarks, a_wipe_takes_droplets_that_were_there_smears_them_on_and_leaves_later_ones) {
    std::vector<shared::Puncture> punctures;
    for (int i = 0; i < 9; ++i) punctures.push_back(struck({-4, (i - 4) * 0.5}, true));
    for (int i = 0; i < 3; ++i) punctures.push_back(struck({-4 + 0.8 * i, 3.5}, true, 9));
    const double mm = 0.09;
    const base::Image clean = draw(scene(mm));
    renderer_->add(punctures, {}, 15);
    const base::Image pricked_skin = draw(scene(mm));
    const double drops = bloody(clean, pricked_skin, mm);
    const render::WipeStroke wipe = stroke(-8, 8, 9, 8);
    render::SceneView view = scene(mm);
    view.wipes = {&wipe, 1};
    renderer_->clear_evidence();
    renderer_->add(punctures, {}, 15);
    const base::Image wiped = draw(view);
    EXPECT_LT(bloody(clean, wiped, mm), 0.5 * drops);
    EXPECT_GT(bloody(clean, wiped, mm), 0.03 * drops) << "the later droplets stay";
    const auto redness = [&](const base::Image& image, double x_mm) {
        double sum = 0;
        const auto column = uint32_t(kWidth / 2 + x_mm / mm);
        for (uint32_t y = kHeight / 2 - 20; y < kHeight / 2 + 20; ++y)
            sum += pixel(image, column, y)[0] - pixel(image, column, y)[1];
        return sum / 40;
    };
    const auto smear = [&](double x_mm) { return redness(wiped, x_mm) - redness(pricked_skin, x_mm); };
    EXPECT_GT(smear(-2.5), 2);
    EXPECT_GT(smear(-2.5), smear(6.5) + 1.5) << "thinned along the stroke";
    EXPECT_LT(std::abs(smear(-6.5)), 0.5) << "before the droplets nothing";
    EXPECT_EQ(draw(view).rgba, wiped.rgba) << "painted once";

    // From near the smear stays, and where a droplet was wiped away a mark is left.
    render::SceneView near = scene(0.03, Tier::cpu, {-4, 0});
    near.wipes = view.wipes;
    const base::Image close = draw(near);
    renderer_->clear_evidence();
    const base::Image bare = draw(scene(0.03, Tier::cpu, {-4, 0}));
    EXPECT_LT(bloody(bare, close, 0.03), 0.5 * drops);
    EXPECT_GT(darkness(bare, close, 0.03), 0);
    EXPECT_EQ(draw(scene(mm)).rgba, clean.rgba) << "forgotten with the evidence";
}

TEST_F(RenderMarks, skin_is_drier_where_it_was_wiped_and_wet_again_after_minutes) {
    const render::WipeStroke wipe = stroke(-8, 8, 6, 5);
    const auto green = [&](double time, bool wiped) {
        render::SceneView view = scene(0.09);
        view.wet.assign(skin_->zones.size(), 1);
        view.time = time;
        if (wiped) view.wipes = {&wipe, 1};
        const base::Image image = draw(view);
        return glm::ivec2(pixel(image, kWidth / 2, kHeight / 2)[1],
                          pixel(image, kWidth / 2, kHeight / 2 - 70)[1]);
    };
    const glm::ivec2 wet = green(5, false), fresh = green(5, true), later = green(900, true);
    EXPECT_GT(fresh.x, wet.x + 2) << "a wet film darkens skin";
    EXPECT_LE(std::abs(fresh.y - wet.y), 1) << "beside the stroke nothing changes";
    EXPECT_LE(std::abs(later.x - wet.x), 1);
}

}  // namespace
