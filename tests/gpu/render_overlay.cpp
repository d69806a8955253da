// Whether overlays, outlines and marks can be told from skin of every type, by eyes of every kind. Contrast as WCAG 2.2
// defines it (relative luminance, "Contrast (Minimum)" 4.5:1); colour-vision deficiencies simulated after Machado, Oliveira &
// Fernandes 2009 (IEEE TVCG 15:1291, severity 1.0, in linear light); distinctness in CIE L*a*b* (D65), colour difference
// of 1976.

#include "engine/face/face_store.h"
#include "engine/render/renderer.h"
#include "shaders/shared/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

namespace fs = base::fs;
using render::Overlay;

constexpr uint32_t kSize = 256;
constexpr double kReadable = 4.5;  // WCAG 2.2, 1.4.3
constexpr double kGraphics = 3.0;  // WCAG 2.2, 1.4.11

glm::dvec3 linear(glm::dvec3 c) {
    const auto one = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return {one(c.x), one(c.y), one(c.z)};
}

double contrast(double a, double b) {
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

/// Machado et al. 2009, table 1, severity 1.0; rows.
struct Eyes {
    const char* name;
    glm::dvec3 red, green, blue;

    glm::dvec3 see(glm::dvec3 srgb) const {
        const glm::dvec3 light = linear(srgb);
        return glm::clamp(glm::dvec3(glm::dot(red, light), glm::dot(green, light), glm::dot(blue, light)), 0.0, 1.0);
    }
};
const Eyes kEyes[] = {
    {"normal", {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {"protanopia",
     {0.152286, 1.052583, -0.204868},
     {0.114503, 0.786281, 0.099216},
     {-0.003882, -0.048116, 1.051998}},
    {"deuteranopia",
     {0.367322, 0.860646, -0.227968},
     {0.280085, 0.672501, 0.047413},
     {-0.011820, 0.042940, 0.968881}},
    {"tritanopia",
     {1.255528, -0.076749, -0.178779},
     {-0.078411, 0.930809, 0.147602},
     {0.004733, 0.691367, 0.303900}},
};

double seen_luminance(const Eyes& eyes, glm::dvec3 srgb) {
    return glm::dot(eyes.see(srgb), glm::dvec3(0.2126, 0.7152, 0.0722));
}

/// L*a*b* of a colour as these eyes see it.
glm::dvec3 lab(const Eyes& eyes, glm::dvec3 srgb) {
    const glm::dvec3 c = eyes.see(srgb);
    const glm::dvec3 xyz{glm::dot(c, {0.4124564, 0.3575761, 0.1804375}) / 0.95047,
                         glm::dot(c, {0.2126729, 0.7151522, 0.0721750}),
                         glm::dot(c, {0.0193339, 0.1191920, 0.9503041}) / 1.08883};
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    return {116 * f(xyz.y) - 16, 500 * (f(xyz.x) - f(xyz.y)), 200 * (f(xyz.y) - f(xyz.z))};
}

glm::dvec3 map_colour(float place) {
    return glm::dvec3(shared::overlay_map(place));
}

TEST(OverlayMap, too_little_on_target_and_too_much_are_three_colours_for_every_kind_of_eye) {
    constexpr double kDistinct = 20;  // a just noticeable difference is about 2.3 (Mahy 1994)
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

/// The demo patient in each of the six skin types, treated in one round patch of the left cheek.
class OverlayOnSkin : public testing::TestWithParam<int> {
  protected:
    static void SetUpTestSuite() {
        setenv("EVENHAND_VALIDATION", "1", 1);
        setenv("EVENHAND_CACHE", EVENHAND_BINARY_DIR "/test_cache", 1);
        auto places = base::find_places(fs::path(EVENHAND_SOURCE_DIR) / "content");
        ASSERT_TRUE(places) << places.error().message;
        places_ = *places;
        places_.shaders = fs::path(EVENHAND_BINARY_DIR) / "shaders";
        auto device = gpu::Device::create();
        ASSERT_TRUE(device) << device.error().message;
        device_ = std::move(*device);
        auto renderer = render::Renderer::create(*device_, places_);
        ASSERT_TRUE(renderer) << renderer.error().message;
        renderer_ = std::move(*renderer);
        if (!face_) bake();
    }
    static void TearDownTestSuite() {
        renderer_.reset();
        device_.reset();
        staged_ = 0;
    }

    void SetUp() override {
        ASSERT_NE(renderer_, nullptr);
        ASSERT_NE(face_, nullptr);
        if (staged_ == GetParam()) return;
        // What the skin's type changes is its colour alone.
        face_->fitzpatrick = static_cast<uint8_t>(GetParam());
        auto staged = renderer_->set_face(face_);
        ASSERT_TRUE(staged) << staged.error().message;
        staged_ = GetParam();
        camera_ = *render::named_view(*face_, "zone:cheek_left");
        camera_.distance = 0.17;
        for (size_t i = 0; i < std::size(kPlaces); ++i) {
            const auto hit = face_->index->cast_front(camera_.eye(), camera_.ray(kPlaces[i].x, kPlaces[i].y, 1), 0, 2);
            ASSERT_TRUE(hit) << i;
            middles_[i] = hit->position;
        }
        find_skin();
        treat();
    }
    void TearDown() override { EXPECT_EQ(device_->validation_messages(), 0u); }

    /// The demo patient with few vertices, since it is not shape that is tested.
    static void bake() {
        auto text = base::read_text(places_.data / "faces/demo-woman.toml");
        ASSERT_TRUE(text) << text.error().message;
        const auto replace = [&](const std::string& key, const std::string& value) {
            const size_t at = text->find("\n" + key + " =");
            ASSERT_NE(at, std::string::npos) << key;
            text->replace(at, text->find('\n', at + 1) - at, "\n" + key + " = " + value);
        };
        replace("id", "\"overlay-test\"");
        replace("vertices", "20000");
        const fs::path file = fs::path(EVENHAND_BINARY_DIR) / "overlay-test.toml";
        ASSERT_TRUE(base::write_file(file, std::string_view(*text)));
        auto face = face::load(places_, file.string());
        ASSERT_TRUE(face) << face.error().message;
        face_ = std::const_pointer_cast<face::FaceAsset>(*face);
    }

    /// Treated patches of the cheek, as places of the picture: too little, on target, too much, and one whose upper half is
    /// on target and whose lower half is too little.
    enum Patch : size_t { little, target, much, halves };
    static constexpr glm::dvec2 kPlaces[] = {{0.40, 0.24}, {0.40, 0.50}, {0.40, 0.76}, {0.68, 0.42}};
    static constexpr double kPatch = 0.0065;  // m

    /// Plants punctures in all patches, alike in what each of the overlays shows.
    static void treat() {
        static constexpr uint32_t kCounts[] = {6, 30, 70}, kDepths_um[] = {100, 600, 1400}, kForces_mn[] = {150, 900, 1900};
        std::vector<shared::Puncture> punctures;
        for (uint32_t cell = 0; cell < face_->cells.size(); ++cell) {
            const glm::dvec3 seed = face_->cells.seed[cell];
            for (size_t patch = 0; patch < std::size(kPlaces); ++patch) {
                if (glm::distance(seed, middles_[patch]) > kPatch) continue;
                const size_t band = patch != halves ? patch : seed.y > middles_[patch].y ? target : little;
                for (uint32_t i = 0; i < kCounts[band]; ++i) {
                    shared::Puncture p{};
                    p.time_us = uint32_t(punctures.size());
                    p.cell = cell;
                    p.depth_tilt = kDepths_um[band];
                    p.force_needle = kForces_mn[band];
                    punctures.push_back(p);
                }
            }
        }
        renderer_->add(punctures, {}, 1);
    }

    render::SceneView scene(Overlay overlay) const {
        render::SceneView scene;
        scene.camera = camera_;
        scene.overlay = overlay;
        return scene;
    }

    base::Image draw(const render::SceneView& scene) const {
        auto image = renderer_->render_image(scene, kSize, kSize);
        EXPECT_TRUE(image) << image.error().message;
        return image ? *image : base::Image{kSize, kSize, std::vector<uint8_t>(kSize * kSize * 4)};
    }

    static glm::dvec3 pixel(const base::Image& image, uint32_t x, uint32_t y) {
        const uint8_t* p = &image.rgba[4 * (y * image.width + x)];
        return glm::dvec3(p[0], p[1], p[2]) / 255.0;
    }

    /// Pixels of scene() that show skin, with the patch that is nearest.
    struct Seen {
        uint32_t x, y;
        size_t patch;
        double away;  ///< m, from its middle
    };
    static void find_skin() {
        skin_.clear();
        for (uint32_t y = 4; y < kSize - 4; y += 4) {
            for (uint32_t x = 4; x < kSize - 4; x += 4) {
                const auto hit = face_->index->cast_front(
                    camera_.eye(), camera_.ray((x + 0.5) / kSize, (y + 0.5) / kSize, 1), 0, 2);
                if (!hit) continue;
                Seen seen{x, y, 0, 1};
                for (size_t i = 0; i < std::size(kPlaces); ++i) {
                    const double away = glm::distance(hit->position, middles_[i]);
                    if (away < seen.away) seen = {x, y, i, away};
                }
                skin_.push_back(seen);
            }
        }
    }

    /// Luminances, as these eyes see them, of pixels so far from the patch's middle, rising.
    static std::vector<double> ring(const base::Image& image, const Eyes& eyes, size_t patch, double from, double to) {
        std::vector<double> found;
        for (const Seen& seen : skin_)
            if (seen.patch == patch && seen.away >= from && seen.away < to)
                found.push_back(seen_luminance(eyes, pixel(image, seen.x, seen.y)));
        std::ranges::sort(found);
        EXPECT_GT(found.size(), 20u);
        return found;
    }
    static double share(const std::vector<double>& sorted, double s) {
        return sorted.empty() ? 0 : sorted[size_t(s * double(sorted.size() - 1))];
    }

    static inline base::Places places_;
    static inline std::shared_ptr<face::FaceAsset> face_;
    static inline int staged_ = 0;  ///< skin type on stage; 0 = none
    static inline std::unique_ptr<gpu::Device> device_;
    static inline std::unique_ptr<render::Renderer> renderer_;
    static inline render::Camera camera_;
    static inline glm::dvec3 middles_[std::size(kPlaces)];
    static inline std::vector<Seen> skin_;
};

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
