// Whether overlays, outlines and marks can be told from skin of every type, by eyes of every kind.

#include "shaders/shared/picture.h"
#include "tests/gpu/skin_of_all_types.h"

#include <gmock/gmock.h>

#include <cmath>

namespace {

using render::Overlay;

using colour_vision::contrast;
using colour_vision::Eyes;
using colour_vision::kDistinct;
using colour_vision::kEyes;
using colour_vision::kGraphics;
using colour_vision::kReadable;
using colour_vision::lab;
using colour_vision::pixel;
using colour_vision::seen_luminance;

constexpr uint32_t kSize = kSkinPixels;

glm::dvec3 map_colour(float place) {
    return glm::dvec3(shared::overlay_map(place));
}

TEST(OverlayMap, too_little_on_target_and_too_much_are_three_colours_for_every_kind_of_eye) {
    for (const Eyes& eyes : kEyes) {
        double least = 1e9;
        for (float a = 0; a <= 1; a += 0.05f) {
            for (float b = 0; b <= 1; b += 0.05f) {
                const auto band = [](float v) { return v < 1 / 3.0f ? 0 : v <= 2 / 3.0f ? 1 : 2; };
                if (band(a) == band(b)) continue;
                const double apart =
                    glm::distance(lab(eyes, map_colour(a)), lab(eyes, map_colour(b)));
                least = std::min(least, apart);
            }
        }
        RecordProperty(std::string("least_difference_") + eyes.name, std::to_string(least));
        EXPECT_GT(least, kDistinct) << eyes.name;
    }
}

TEST(OverlayMap, within_the_bands_value_is_told_by_lightness_in_one_direction) {
    for (const Eyes& eyes : kEyes)
        for (const auto& [from, to] : {std::pair{0.0f, 0.333f}, {0.334f, 0.666f}, {0.667f, 1.0f}})
            for (int i = 0; i < 10; ++i) {
                const float a = from + (to - from) * float(i) / 10, b = from + (to - from) * float(i + 1) / 10;
                EXPECT_GT(seen_luminance(eyes, map_colour(a)), seen_luminance(eyes, map_colour(b)))
                    << eyes.name << " " << a;
            }
}

/// Leaving a patch's middle in each of 16 directions its dark edge is crossed: luminance of the lightest of these crossings.
double edge_luminance(const base::Image& image, const Eyes& eyes, glm::dvec2 middle, double from, double to) {
    double lightest = 0;
    for (int direction = 0; direction < 16; ++direction) {
        const glm::dvec2 along{std::cos(direction * 0.3927), std::sin(direction * 0.3927)};
        double darkest = 1;
        for (double step = from; step < to; step += 0.5) {
            const glm::dvec2 place = middle + along * step;
            const uint8_t* p = &image.rgba[4 * (uint32_t(place.y) * image.width + uint32_t(place.x))];
            darkest = std::min(darkest, seen_luminance(eyes, glm::dvec3(p[0], p[1], p[2]) / 255.0));
        }
        lightest = std::max(lightest, darkest);
    }
    return lightest;
}

TEST_P(OverlayOnSkin, every_colour_of_the_map_stands_out_from_its_edge_and_from_the_skin_beyond) {
    const double pixels_per_m = kSize / (2 * std::tan(camera_.fov / 2) * camera_.distance);
    for (Overlay overlay : {Overlay::coverage, Overlay::depth, Overlay::pressure}) {
        const base::Image image = draw(scene(overlay));
        for (size_t patch : {little, target, much}) {
            for (const Eyes& eyes : kEyes) {
                // The darkest of the patch but its hatching's lines; the lightest place of its edge, and of the skin beyond.
                const double inside = share(ring(image, eyes, patch, 0, kPatch * 0.7), patch == much ? 0.45 : 0.05);
                const double edge = edge_luminance(image, eyes, kPlaces[patch] * double(kSize), kPatch * 0.9 * pixels_per_m,
                                                   kPatch * 1.6 * pixels_per_m);
                const double skin = share(ring(image, eyes, patch, kPatch * 1.5, kPatch * 1.75), 0.95);
                const std::string name = fmt::format("{}_{}_{}", render::overlay_name(overlay), patch, eyes.name);
                RecordProperty("edge_" + name, fmt::format("{:.2f}", contrast(inside, edge)));
                RecordProperty("skin_" + name, fmt::format("{:.2f}", contrast(inside, skin)));
                EXPECT_GT(inside, skin) << name;
                EXPECT_GE(contrast(inside, edge), kReadable) << name << ": " << inside << " within " << edge;
                EXPECT_GE(contrast(inside, skin), kGraphics) << name << ": " << inside << " on " << skin;
            }
        }
    }
}

TEST_P(OverlayOnSkin, skin_that_is_still_to_be_treated_differs_from_skin_that_is_not_meant_and_both_keep_the_hue) {
    render::SceneView view = scene(Overlay::depth);
    const base::Image meant = draw(view);
    view.prescribed.assign(face_->zones.size(), 0);
    view.prescribed[size_t(face_->find_zone("forehead"))] = 1;
    const base::Image other = draw(view), bare = draw(scene(Overlay::none));
    const auto mean = [&](const base::Image& image) {
        glm::dvec3 sum{0};
        double count = 0;
        for (const Seen& seen : skin_) {
            if (seen.away < kPatch * 1.5) continue;
            sum += pixel(image, seen.x, seen.y);
            ++count;
        }
        return sum / count;
    };
    for (const Eyes& eyes : kEyes) {
        const double apart = glm::distance(lab(eyes, mean(meant)), lab(eyes, mean(other)));
        RecordProperty(std::string("apart_") + eyes.name, fmt::format("{:.1f}", apart));
        EXPECT_GT(apart, 12) << eyes.name;  // five times what is just noticed
    }
    const auto hue = [](glm::dvec3 colour) {
        const glm::dvec3 c = lab(kEyes[0], colour);
        return std::atan2(c.z, c.y);
    };
    for (const base::Image* image : {&meant, &other}) EXPECT_NEAR(hue(mean(*image)), hue(mean(bare)), 0.35);
    EXPECT_GT(seen_luminance(kEyes[0], mean(other)), seen_luminance(kEyes[0], mean(meant)));
}

TEST_P(OverlayOnSkin, a_line_bounds_the_target_band) {
    const base::Image image = draw(scene(Overlay::depth));
    const auto column = uint32_t(kPlaces[halves].x * kSize), row = uint32_t(kPlaces[halves].y * kSize);
    for (const Eyes& eyes : kEyes) {
        // Down the patch's middle: the darkest pixel against the colours above and below the line.
        double darkest = 1;
        for (uint32_t y = row - 9; y < row + 9; ++y)
            darkest = std::min(darkest, seen_luminance(eyes, pixel(image, column, y)));
        for (uint32_t y : {row - 14, row + 14})
            EXPECT_GE(contrast(darkest, seen_luminance(eyes, pixel(image, column, y))), kReadable) << eyes.name;
    }
}

/// In grey the map's blue and orange are alike: what is too much is told by its hatching.
TEST_P(OverlayOnSkin, too_much_is_told_by_hatching_where_no_hue_is_seen) {
    const base::Image image = draw(scene(Overlay::depth));
    const auto striped = [&](size_t patch) {
        const std::vector<double> seen = ring(image, colour_vision::kGrey, patch, 0, kPatch * 0.7);
        return contrast(share(seen, 0.75), share(seen, 0.05));
    };
    RecordProperty("stripes_much", fmt::format("{:.2f}", striped(much)));
    RecordProperty("stripes_target", fmt::format("{:.2f}", striped(target)));
    EXPECT_GE(striped(much), 1.5);
    EXPECT_GE(striped(much), 1.3 * std::max(striped(target), striped(little)));
}

/// The greatest contrast to the bare picture within two pixels of a place: that of a line's better half.
double line_contrast(const base::Image& bare, const base::Image& marked, const Eyes& eyes, glm::dvec2 place) {
    double most = 1;
    for (int dy = -3; dy <= 3; ++dy) {
        for (int dx = -3; dx <= 3; ++dx) {
            const auto x = uint32_t(int(place.x) + dx), y = uint32_t(int(place.y) + dy);
            if (x >= bare.width || y >= bare.height) continue;
            const auto at = [&](const base::Image& image) {
                const uint8_t* p = &image.rgba[4 * (y * image.width + x)];
                return seen_luminance(eyes, glm::dvec3(p[0], p[1], p[2]) / 255.0);
            };
            most = std::max(most, contrast(at(marked), at(bare)));
        }
    }
    return most;
}

TEST_P(OverlayOnSkin, marks_that_point_at_skin_stand_out_from_it) {
    const render::SceneView plain = scene(Overlay::none);
    const base::Image bare = draw(plain);
    render::SceneView pointing = plain;
    constexpr double kReach = 0.011;
    for (uint32_t cell = 0; cell < face_->cells.size(); ++cell)
        if (glm::distance(face_->cells.seed[cell], middles_[target]) < kReach) pointing.highlighted_cells.push_back(cell);
    const base::Image marked = draw(pointing);
    for (const Eyes& eyes : kEyes) {
        // Leaving the middle in each direction the outline is crossed.
        double least = 1e9;
        for (int direction = 0; direction < 16; ++direction) {
            const glm::dvec2 along{std::cos(direction * 0.3927), std::sin(direction * 0.3927)};
            double most = 1;
            for (int step = 20; step < 60; ++step)
                most = std::max(most, line_contrast(bare, marked, eyes, kPlaces[target] * double(kSize) + along * double(step)));
            least = std::min(least, most);
        }
        RecordProperty(std::string("outline_") + eyes.name, fmt::format("{:.2f}", least));
        EXPECT_GE(least, kReadable) << eyes.name;
    }
}

/// Of a line's light core to its dark edge, about a place.
double own_contrast(const base::Image& marked, const Eyes& eyes, glm::dvec2 place) {
    double lightest = 0, darkest = 1;
    for (int dy = -3; dy <= 3; ++dy) {
        for (int dx = -3; dx <= 3; ++dx) {
            const uint8_t* p = &marked.rgba[4 * (size_t(int(place.y) + dy) * marked.width + size_t(int(place.x) + dx))];
            const double seen = seen_luminance(eyes, glm::dvec3(p[0], p[1], p[2]) / 255.0);
            lightest = std::max(lightest, seen);
            darkest = std::min(darkest, seen);
        }
    }
    return contrast(lightest, darkest);
}

TEST_P(OverlayOnSkin, zone_borders_stand_out_from_skin) {
    render::SceneView plain = scene(Overlay::none);
    plain.camera.distance = 0.3;
    const base::Image bare = draw(plain);
    render::SceneView outlined = plain;
    outlined.outline_zones = true;
    const base::Image image = draw(outlined);
    const glm::mat4 clip_from_world = plain.camera.projection(1) * plain.camera.view();
    std::vector<glm::dvec2> places;
    for (const face::ZoneBorder& border : face_->borders) {
        for (const glm::vec3 point : border.line) {
            const glm::vec4 clip = clip_from_world * glm::vec4(point, 1);
            const glm::dvec2 place = (glm::dvec2(clip.x, clip.y) / double(clip.w) * 0.5 + 0.5);
            if (place.x < 0.05 || place.x > 0.95 || place.y < 0.05 || place.y > 0.95) continue;
            const auto hit = face_->index->cast_front(plain.camera.eye(), plain.camera.ray(place.x, place.y, 1), 0, 2);
            if (hit && glm::distance(hit->position, glm::dvec3(point)) < 1e-3) places.push_back(place * double(kSize));
        }
    }
    ASSERT_GT(places.size(), 50u);
    for (const Eyes& eyes : kEyes) {
        std::vector<double> contrasts;
        double own = 1e9;
        for (const glm::dvec2 place : places) {
            contrasts.push_back(line_contrast(bare, image, eyes, place));
            own = std::min(own, own_contrast(image, eyes, place));
        }
        RecordProperty(std::string("border_own_") + eyes.name, fmt::format("{:.2f}", own));
        EXPECT_GE(own, kReadable) << eyes.name;
        std::ranges::sort(contrasts);
        // A light core between dark edges, all of which meet edges that are smoothed: where it turns sharply less is left.
        RecordProperty(std::string("border_tenth_") + eyes.name, fmt::format("{:.2f}", share(contrasts, 0.1)));
        RecordProperty(std::string("border_middle_") + eyes.name, fmt::format("{:.2f}", share(contrasts, 0.5)));
        RecordProperty(std::string("border_fiftieth_") + eyes.name, fmt::format("{:.2f}", share(contrasts, 0.02)));
        EXPECT_GE(share(contrasts, 0.1), kReadable) << eyes.name;
    }
}

TEST_P(OverlayOnSkin, an_overlay_is_the_same_in_every_tier) {
    render::SceneView view = scene(Overlay::depth);
    const base::Image cpu = draw(view);
    for (render::Tier tier : {render::Tier::low, render::Tier::high}) {
        view.tier = tier;
        const base::Image other = draw(view);
        double most = 0;
        for (const Seen& seen : skin_)
            if (seen.patch == target && (seen.away < kPatch * 0.6 || (seen.away > kPatch * 1.55 && seen.away < kPatch * 1.75)))
                most = std::max(most, glm::distance(pixel(cpu, seen.x, seen.y), pixel(other, seen.x, seen.y)));
        EXPECT_LT(most, 0.02) << "tier " << int(tier);
    }
}

// One suite for each type, so that each is put on stage once.
INSTANTIATE_TEST_SUITE_P(TypeI, OverlayOnSkin, testing::Values(1));
INSTANTIATE_TEST_SUITE_P(TypeII, OverlayOnSkin, testing::Values(2));
INSTANTIATE_TEST_SUITE_P(TypeIII, OverlayOnSkin, testing::Values(3));
INSTANTIATE_TEST_SUITE_P(TypeIV, OverlayOnSkin, testing::Values(4));
INSTANTIATE_TEST_SUITE_P(TypeV, OverlayOnSkin, testing::Values(5));
INSTANTIATE_TEST_SUITE_P(TypeVI, OverlayOnSkin, testing::Values(6));

}  // namespace
