// The high tier: light under the skin, energy, and what may not depend on the tier.

#include "engine/render/high_tier.h"
#include "shaders/shared/shine.h"
#include "tests/gpu/picture_stage.h"

#include <glm/gtc/packing.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>

namespace {

using render::Overlay;
using render::Tier;

TEST(Scatter, shares_of_each_colour_sum_to_one_for_every_skin) {
    for (uint8_t skin = 0; skin <= 6; ++skin) {
        glm::dvec3 sum(0);
        for (const glm::vec4& tap : render::scatter_kernel(skin).taps) {
            EXPECT_GE(std::min({tap.x, tap.y, tap.z}), 0.0f);
            sum += glm::dvec3(tap);
        }
        for (int k = 0; k < 3; ++k) EXPECT_NEAR(sum[k], 1.0, 1e-5) << int(skin);
    }
}

/// Standard deviation of the spread, mm.
glm::dvec3 width(uint8_t skin) {
    glm::dvec3 squares(0);
    for (const glm::vec4& tap : render::scatter_kernel(skin).taps)
        squares += glm::dvec3(tap) * double(tap.w * tap.w);
    return glm::sqrt(squares);
}

TEST(Scatter, red_goes_farthest_and_dark_skin_spreads_least) {
    for (uint8_t skin = 1; skin <= 6; ++skin) {
        const glm::dvec3 mm = width(skin);
        EXPECT_GT(mm.x, 1.5 * mm.y) << int(skin);
        EXPECT_GE(mm.y, mm.z) << int(skin);
        EXPECT_LE(mm.z, width(uint8_t(std::max(skin - 1, 1))).z * 1.001) << int(skin);
    }
    // d'Eon & Luebke's fit of measured skin (2007) has 1.1 mm for red along one axis.
    EXPECT_GT(width(2).x, 0.6);
    EXPECT_LT(width(2).x, 1.6);
    EXPECT_LT(width(6).y, 0.85 * width(1).y);
}

/// Share of an even white surrounding that white skin of roughness `alpha` sends to an eye at this cosine.
double furnace(double nv, double alpha) {
    constexpr int kRings = 400, kSectors = 200;
    const glm::dvec3 v{std::sqrt(1 - nv * nv), 0, nv};
    double sum = 0;
    for (int i = 0; i < kRings; ++i) {
        // Rings of equal cosine-weighted area near the horizon and the zenith alike.
        const double nl = std::sqrt((i + 0.5) / kRings), r = std::sqrt(1 - nl * nl);
        for (int j = 0; j < kSectors; ++j) {
            const double angle = 2 * std::numbers::pi * (j + 0.5) / kSectors;
            const glm::dvec3 l{r * std::cos(angle), r * std::sin(angle), nl}, h = glm::normalize(l + v);
            const double mirrored = shared::two_lobes(float(h.z), float(nl), float(nv), float(glm::dot(l, h)), float(alpha)) / nl;
            sum += mirrored + shared::entering(float(nl)) * shared::leaving(float(nv), float(alpha));
        }
    }
    return sum / (kRings * kSectors);  // each direction carries the same cosine-weighted light
}

TEST(Shine, skin_in_a_white_furnace_stays_white_within_two_percent) {
    for (double alpha : {0.20, 0.28, 0.36, 0.41}) {
        for (double nv : {1.0, 0.8, 0.6, 0.4, 0.25, 0.1, 0.05})
            EXPECT_NEAR(furnace(nv, alpha), 1.0, 0.02) << alpha << " " << nv;
    }
}

constexpr uint32_t kWidth = 320, kHeight = 240;

class RenderHigh : public PictureStage {
  protected:
    static render::SceneView scene(Tier tier) {
        render::SceneView scene;
        scene.camera = *render::named_view(*pad_, "front");
        scene.tier = tier;
        return scene;
    }
    static base::Image draw(const render::SceneView& scene) { return PictureStage::draw(scene, kWidth, kHeight); }
};

/// Light and depth as the surfaces would have left them, spread under skin of type II; 0.25 mm per pixel.
class Planted {
  public:
    static constexpr uint32_t kSize = 128;
    static constexpr double kPixel = 0.25;  // mm

    glm::vec3 light[kSize][kSize]{};
    double depth[kSize][kSize]{};  // mm

    Planted() {
        for (auto& row : depth) std::fill(std::begin(row), std::end(row), 300.0);
    }

    std::vector<glm::vec3> spread(gpu::Device& device, const base::fs::path& shaders) const {
        using Usage = vk::ImageUsageFlagBits;
        const auto image = [&](vk::Format format, const char* name) {
            return gpu::Image(device,
                              {kSize, kSize, format,
                               Usage::eSampled | Usage::eColorAttachment | Usage::eTransferDst | Usage::eTransferSrc},
                              name);
        };
        const gpu::Image from = image(vk::Format::eR16G16B16A16Sfloat, "planted light"),
                         between = image(vk::Format::eR16G16B16A16Sfloat, "between"),
                         depths = image(vk::Format::eR32Sfloat, "planted depth");
        std::vector<uint64_t> texels;
        std::vector<float> places;
        for (uint32_t y = 0; y < kSize; ++y) {
            for (uint32_t x = 0; x < kSize; ++x) {
                texels.push_back(glm::packHalf4x16(glm::vec4(light[y][x], 0)));
                const double near = 20, far = 5000;
                places.push_back(float(far / (far - near) * (1 - near / depth[y][x])));
            }
        }
        gpu::upload(device, from, std::as_bytes(std::span(texels)));
        gpu::upload(device, depths, std::as_bytes(std::span(places)));
        render::ScatterPass pass(device, shaders);
        pass.set_skin(2);
        const gpu::Use any{vk::PipelineStageFlagBits2::eAllCommands,
                           vk::AccessFlagBits2::eMemoryRead | vk::AccessFlagBits2::eMemoryWrite};
        device.run([&](vk::CommandBuffer commands) {
            gpu::transition(commands, from, vk::ImageLayout::eShaderReadOnlyOptimal,
                            vk::ImageLayout::eColorAttachmentOptimal, any, any);
            gpu::transition(commands, between, vk::ImageLayout::eUndefined, vk::ImageLayout::eColorAttachmentOptimal, any,
                            any);
            const render::ScatterArea whole{{{0, 0}, {kSize, kSize}}, float(kPixel / 300)};
            pass.record(commands, from, between, depths, {&whole, 1});
        });
        const std::vector<std::byte> bytes =
            gpu::download(device, from, vk::ImageLayout::eShaderReadOnlyOptimal, sizeof(uint64_t));
        std::vector<glm::vec3> result;
        for (size_t i = 0; i < bytes.size(); i += 8) {
            uint64_t texel;
            std::memcpy(&texel, &bytes[i], 8);
            result.push_back(glm::vec3(glm::unpackHalf4x16(texel)));
        }
        return result;
    }
};

TEST_F(RenderHigh, evenly_lit_flat_skin_is_left_unchanged) {
    Planted planted;
    for (auto& row : planted.light) std::fill(std::begin(row), std::end(row), glm::vec3(0.75f, 0.5f, 0.3125f));
    for (glm::vec3 texel : planted.spread(*device_, places_.shaders)) {
        ASSERT_NEAR(texel.x, 0.75f, 1e-3);
        ASSERT_NEAR(texel.y, 0.5f, 1e-3);
        ASSERT_NEAR(texel.z, 0.3125f, 1e-3);
    }
}

TEST_F(RenderHigh, a_spot_of_light_loses_nothing_as_it_spreads) {
    Planted planted;
    for (int y = 60; y < 68; ++y) {
        for (int x = 60; x < 68; ++x) planted.light[y][x] = glm::vec3(1);
    }
    glm::dvec3 sum(0);
    const std::vector<glm::vec3> after = planted.spread(*device_, places_.shaders);
    for (glm::vec3 texel : after) sum += glm::dvec3(texel);
    for (int k = 0; k < 3; ++k) EXPECT_NEAR(sum[k], 64.0, 0.64) << k;
    RecordProperty("kept", std::to_string(sum.x / 64) + " " + std::to_string(sum.y / 64) + " " + std::to_string(sum.z / 64));
    const glm::vec3 beside = after[64 * Planted::kSize + 72];  // 1.1 mm from the spot's edge
    EXPECT_GT(beside.x, 2 * beside.y);
    EXPECT_GT(beside.x, 0.02f);
}

TEST_F(RenderHigh, no_light_bleeds_across_a_step_of_five_millimetres) {
    constexpr uint32_t kEdge = Planted::kSize / 2;
    const auto crossing = [&](double step_mm) {
        Planted planted;
        for (uint32_t y = 0; y < Planted::kSize; ++y) {
            for (uint32_t x = 0; x < Planted::kSize; ++x) {
                if (x < kEdge) planted.light[y][x] = glm::vec3(1);
                else planted.depth[y][x] = 300 + step_mm;
            }
        }
        return planted.spread(*device_, places_.shaders);
    };
    const auto row = [&](const std::vector<glm::vec3>& texels, uint32_t x) { return texels[kEdge * Planted::kSize + x]; };
    const std::vector<glm::vec3> level = crossing(0), step = crossing(5);
    EXPECT_GT(row(level, kEdge + 4).x, 0.05f) << "on level skin light crosses";
    float darkest_lit = 1, brightest_dark = 0;
    for (uint32_t x = 0; x < kEdge; ++x) darkest_lit = std::min(darkest_lit, row(step, x).x);
    for (uint32_t x = kEdge; x < Planted::kSize; ++x) brightest_dark = std::max(brightest_dark, row(step, x).x);
    RecordProperty("darkest_lit", std::to_string(darkest_lit));
    RecordProperty("brightest_dark", std::to_string(brightest_dark));
    EXPECT_GT(darkest_lit, 0.998f);
    EXPECT_LT(brightest_dark, 0.002f);
}

TEST_F(RenderHigh, two_pictures_are_equal_and_the_tiers_agree_on_background_and_on_what_is_light) {
    const base::Image first = draw(scene(Tier::high)), second = draw(scene(Tier::high)), cpu = draw(scene(Tier::cpu));
    EXPECT_EQ(first.rgba, second.rgba);
    for (uint32_t x : {2u, kWidth - 3}) EXPECT_LE(difference(first, cpu, x, 3), 3);
    EXPECT_LE(difference(first, cpu, kWidth / 2, kHeight / 2), 45);
    render::SceneView plain = scene(Tier::high), plain_cpu = scene(Tier::cpu);
    plain.plain_background = plain_cpu.plain_background = true;
    EXPECT_LE(difference(draw(plain), draw(plain_cpu), 2, 2), 2);
}

TEST_F(RenderHigh, overlays_have_the_same_colours_in_every_tier) {
    renderer_->add(punctures(30, [](uint32_t) { return true; }), {}, 1.0);
    for (Overlay overlay : {Overlay::coverage, Overlay::evenness, Overlay::depth, Overlay::pressure}) {
        base::Image images[3];
        for (Tier tier : {Tier::cpu, Tier::low, Tier::high}) {
            render::SceneView view = scene(tier);
            view.overlay = overlay;
            draw(view);
            images[size_t(tier)] = draw(view);
        }
        for (uint32_t y : {kHeight / 2, kHeight / 3, 2 * kHeight / 3}) {
            for (uint32_t x : {kWidth / 2, kWidth / 2 - 30, kWidth / 2 + 45}) {
                for (Tier tier : {Tier::low, Tier::high})
                    EXPECT_LE(difference(images[0], images[size_t(tier)], x, y), 2)
                        << render::overlay_name(overlay) << " " << x << " " << y << " tier " << int(tier);
            }
        }
    }
}

TEST_F(RenderHigh, a_tool_casts_a_soft_shadow_away_from_the_lamp) {
    render::SceneView view = scene(Tier::high);
    const base::Image before = draw(view);
    view.pen = render::PenView{};
    view.pen->tip = {0, 0, 0.004};
    const base::Image after = draw(view);
    // The lamp stands up and to the patient's left (+x, +y), so the shadow lies down and to the right of them.
    const double aspect = double(kWidth) / kHeight, half = std::tan(view.camera.fov / 2) * view.camera.distance;
    const auto at = [&](double x_m, double y_m) {
        return std::pair{uint32_t((x_m / (half * aspect) * 0.5 + 0.5) * kWidth), uint32_t((0.5 - y_m / half * 0.5) * kHeight)};
    };
    const auto darker = [&](std::pair<uint32_t, uint32_t> p) {
        return int(pixel(before, p.first, p.second)[1]) - int(pixel(after, p.first, p.second)[1]);
    };
    EXPECT_GT(darker(at(-0.022, -0.019)), 15);
    EXPECT_LT(std::abs(darker(at(0.030, 0.026))), 4);
}

TEST_F(RenderHigh, its_passes_are_timed_by_name) {
    renderer_->set_timing(true);
    for (int i = 0; i < 3; ++i) draw(scene(Tier::high));
    std::vector<std::string> names;
    for (const auto& [name, ms] : renderer_->pass_times()) {
        names.push_back(name);
        RecordProperty(name + "_ms", std::to_string(ms));
    }
    renderer_->set_timing(false);
    for (const char* pass : {"lamp", "surfaces", "scatter", "tone"}) EXPECT_THAT(names, testing::Contains(pass));
}

}  // namespace
