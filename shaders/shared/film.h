// Mirror images in the film over skin as the tiers that light vertices draw them. One text for the shaders and for the test
// that puts it into a white furnace. Light is told as irradiance over pi.
#ifndef EVENHAND_SHARED_FILM_H
#define EVENHAND_SHARED_FILM_H

#include "shaders/shared/language.h"

#ifdef __cplusplus
#include <algorithm>
#include <glm/common.hpp>
namespace shared {
using glm::clamp;
using glm::max;
using glm::mix;
}
#endif

SHARED_BEGIN

// Normal distribution of GGX times Kelemen and Szirmay-Kalos' visibility, without Fresnel, times pi.
SHARED_FUNCTION float specular_lobe(float nh, float lh, float alpha) {
    float a2 = alpha * alpha;
    float d = nh * nh * (a2 - 1.0f) + 1.0f;
    return a2 / (4.0f * d * d * max(lh * lh, 0.05f));
}

SHARED_FUNCTION float fresnel(float f0, float cosine) {
    float x = 1.0f - clamp(cosine, 0.0f, 1.0f);
    float x2 = x * x;
    return f0 + (1.0f - f0) * x2 * x2 * x;
}

// Share of the key light that the film mirrors to the eye, per cosine of its fall: two lobes, sharper where skin is oily,
// wider where relief is `lost` to large pixels, one sharp one on free blood.
SHARED_FUNCTION float skin_shine(float nh, float lh, float gloss, float lost, float blood) {
    float sharp = mix(0.38f, 0.16f, gloss) + 0.05f * lost;
    sharp = mix(sharp, 0.10f, blood);
    // 0.38 of the sharp specular_lobe and 0.62 of one 1.7 times as wide, over one division.
    float a = sharp * sharp, b = a * 2.89f;
    float d = nh * nh * (a - 1.0f) + 1.0f, e = nh * nh * (b - 1.0f) + 1.0f;
    d *= d;
    e *= e;
    float lobes = (0.38f * a * e + 0.62f * b * d) / (4.0f * d * e * max(lh * lh, 0.05f));
    return lobes * fresnel(0.028f, lh) * mix(0.5f + gloss * (0.5f + gloss), 1.6f, blood);
}

SHARED_END

#endif
