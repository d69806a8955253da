// Mirror images in the skin's oily film and what they leave to the light that enters the skin, for the high tier. One text
// for the shaders and for the test that puts it into a white furnace. Light is told, as in the diffuse part, as irradiance
// over pi.
#ifndef EVENHAND_SHARED_SHINE_H
#define EVENHAND_SHARED_SHINE_H

#include "shaders/shared/language.h"

SHARED_BEGIN

SHARED_CONST float kSkinF0 = 0.028f;       // refractive index 1.40
SHARED_CONST float kSharpShare = 0.40f;    // of the two lobes: the film's, the rest is the horny layer's

SHARED_FUNCTION float schlick(float f0, float cosine) {
    float x = 1.0f - (cosine < 0.0f ? 0.0f : cosine > 1.0f ? 1.0f : cosine);
    float x2 = x * x;
    return f0 + (1.0f - f0) * x2 * x2 * x;
}

// GGX with Smith's height-correlated masking in Hammon's form (GDC 2017, slide 84), times pi, without Fresnel.
SHARED_FUNCTION float ggx(float nh, float nl, float nv, float alpha) {
    float a2 = alpha * alpha;
    float d = nh * nh * (a2 - 1.0f) + 1.0f;
    float spread = 2.0f * nl * nv * (1.0f - alpha) + (nl + nv) * alpha;
    return a2 / (d * d) * 0.5f / (spread > 1e-4f ? spread : 1e-4f);
}

// Share of the light from one direction that two lobes mirror to the eye, cosine included.
SHARED_FUNCTION float two_lobes(float nh, float nl, float nv, float lh, float alpha) {
    float wide = alpha * 1.7f < 0.9f ? alpha * 1.7f : 0.9f;
    float lobes = kSharpShare * ggx(nh, nl, nv, alpha) + (1.0f - kSharpShare) * ggx(nh, nl, nv, wide);
    return lobes * schlick(kSkinF0, lh) * nl;
}

// Share of an even surrounding that the two lobes mirror to the eye: their integral, fitted by us within 0.012.
SHARED_FUNCTION float mirrored_of_all(float nv, float alpha) {
    float x = 1.0f - (nv < 0.0f ? 0.0f : nv > 1.0f ? 1.0f : nv);
    float edge = 0.205f - 0.30f * alpha;
    return 0.0305f - 0.034f * alpha + (edge > 0.02f ? edge : 0.02f) * x * x * x * (0.7f + 0.3f * x);
}

// What is not mirrored enters and, but for what the skin swallows, leaves again. Scaled so that a white furnace stays white:
// 0.9257 is the share of an even surrounding that Schlick's Fresnel lets in.
SHARED_FUNCTION float entering(float nl) { return (1.0f - schlick(kSkinF0, nl)) / 0.9257f; }
SHARED_FUNCTION float leaving(float nv, float alpha) { return 1.0f - mirrored_of_all(nv, alpha); }

SHARED_END

#endif
