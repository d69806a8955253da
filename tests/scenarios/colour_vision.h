#pragma once

// How colours look to eyes of every kind: colour-vision deficiencies simulated after Machado, Oliveira & Fernandes 2009 (IEEE
// TVCG 15:1291, table 1, severity 1.0, in linear light), contrast as WCAG 2.2 defines it (relative luminance), distinctness as
// the colour difference of 1976 in CIE L*a*b* (D65), of which about 2.3 is just noticed (Mahy, Van Eycken & Oosterlinck 1994).
// Colours are sRGB, 0 to 1.

#include "engine/base/png.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace colour_vision {

inline constexpr double kReadable = 4.5;   ///< WCAG 2.2, 1.4.3: contrast of text
inline constexpr double kGraphics = 3.0;   ///< WCAG 2.2, 1.4.11: contrast of what is not text
inline constexpr double kDistinct = 20.0;  ///< colour difference, nine times what is just noticed: A

inline constexpr glm::dvec3 kLuminance{0.2126, 0.7152, 0.0722};

inline glm::dvec3 linear(glm::dvec3 c) {
    const auto one = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return {one(c.x), one(c.y), one(c.z)};
}

inline glm::dvec3 encoded(glm::dvec3 light) {
    const auto one = [](double v) { return v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055; };
    return {one(light.x), one(light.y), one(light.z)};
}

/// Rows of the matrix that linear light goes through.
struct Eyes {
    const char* name;
    glm::dvec3 red, green, blue;

    /// Linear light.
    glm::dvec3 see_light(glm::dvec3 light) const {
        return glm::clamp(glm::dvec3(glm::dot(red, light), glm::dot(green, light), glm::dot(blue, light)), 0.0, 1.0);
    }
    glm::dvec3 see(glm::dvec3 srgb) const { return see_light(linear(srgb)); }
};

inline const Eyes kEyes[] = {
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
/// No hue at all: a grey print, or eyes that see none.
inline const Eyes kGrey{"grey", kLuminance, kLuminance, kLuminance};
inline const Eyes kEyesAndGrey[] = {kEyes[0], kEyes[1], kEyes[2], kEyes[3], kGrey};

inline double seen_luminance(const Eyes& eyes, glm::dvec3 srgb) {
    return glm::dot(eyes.see(srgb), kLuminance);
}

inline double contrast(double a, double b) {
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

/// L*a*b* of a colour as these eyes see it.
inline glm::dvec3 lab(const Eyes& eyes, glm::dvec3 srgb) {
    const glm::dvec3 c = eyes.see(srgb);
    const glm::dvec3 xyz{glm::dot(c, {0.4124564, 0.3575761, 0.1804375}) / 0.95047,
                         glm::dot(c, {0.2126729, 0.7151522, 0.0721750}),
                         glm::dot(c, {0.0193339, 0.1191920, 0.9503041}) / 1.08883};
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    return {116 * f(xyz.y) - 16, 500 * (f(xyz.x) - f(xyz.y)), 200 * (f(xyz.y) - f(xyz.z))};
}

inline double difference(const Eyes& eyes, glm::dvec3 a, glm::dvec3 b) {
    return glm::distance(lab(eyes, a), lab(eyes, b));
}

inline glm::dvec3 pixel(const base::Image& image, uint32_t x, uint32_t y) {
    const uint8_t* p = &image.rgba[4 * (size_t{y} * image.width + x)];
    return glm::dvec3(p[0], p[1], p[2]) / 255.0;
}

/// The picture as these eyes see it.
inline base::Image as_seen(const Eyes& eyes, base::Image image) {
    for (uint32_t y = 0; y < image.height; ++y)
        for (uint32_t x = 0; x < image.width; ++x) {
            const glm::dvec3 seen = encoded(eyes.see(pixel(image, x, y)));
            for (int i = 0; i < 3; ++i) image.rgba[4 * (size_t{y} * image.width + x) + size_t(i)] = uint8_t(std::lround(seen[i] * 255));
        }
    return image;
}

/// Of each pixel as these eyes see it, row by row.
inline std::vector<double> luminances(const Eyes& eyes, const base::Image& image) {
    std::array<double, 256> light;
    for (size_t i = 0; i < light.size(); ++i) light[i] = linear(glm::dvec3(double(i) / 255)).x;
    std::vector<double> seen(size_t{image.width} * image.height);
    for (size_t i = 0; i < seen.size(); ++i) {
        const uint8_t* p = &image.rgba[4 * i];
        seen[i] = glm::dot(eyes.see_light({light[p[0]], light[p[1]], light[p[2]]}), kLuminance);
    }
    return seen;
}

/// By how much a mark on what was a bare picture stands out: from each place of its border, how well the mark's best pixel within
/// `reach` pixels contrasts with the bare picture there; of all places the worst. 0 where nothing was drawn.
inline double border_contrast(const base::Image& bare, const base::Image& marked, const Eyes& eyes, int reach = 4) {
    const std::vector<double> before = luminances(eyes, bare), after = luminances(eyes, marked);
    const int width = int(bare.width), height = int(bare.height);
    const auto changed = [&](int i) { return !std::equal(&bare.rgba[4 * size_t(i)], &bare.rgba[4 * size_t(i)] + 3, &marked.rgba[4 * size_t(i)]); };
    double worst = 0;
    for (int y = reach; y < height - reach; ++y) {
        for (int x = reach; x < width - reach; ++x) {
            const int i = y * width + x;
            if (!changed(i) || (changed(i - 1) && changed(i + 1) && changed(i - width) && changed(i + width))) continue;
            double best = 1;
            for (int dy = -reach; dy <= reach; ++dy)
                for (int near = i + dy * width - reach; near <= i + dy * width + reach; ++near)
                    if (changed(near)) best = std::max(best, contrast(before[size_t(i)], after[size_t(near)]));
            worst = worst == 0 ? best : std::min(worst, best);
        }
    }
    return worst;
}

}  // namespace colour_vision
