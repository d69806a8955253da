// What the picture's passes hand to each other. Looks only: none of this is evidence.
#ifndef EVENHAND_SHARED_PICTURE_H
#define EVENHAND_SHARED_PICTURE_H

#include "shaders/shared/language.h"

#ifdef __cplusplus
#include <glm/common.hpp>
#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>
namespace shared {
using glm::clamp;
using glm::mat4;
using glm::mix;
using glm::vec2;
using glm::vec3;
using glm::vec4;
}
#endif

SHARED_BEGIN

SHARED_CONST uint kMaterialSkin = 0u;
SHARED_CONST uint kMaterialSilicone = 1u;
SHARED_CONST uint kMaterialHair = 2u;    // brows and lashes
SHARED_CONST uint kMaterialCloth = 3u;   // cap and drape
SHARED_CONST uint kMaterialTray = 4u;

SHARED_CONST uint kTagLip = 1u << 16;    // vermilion: furrows run across it

SHARED_CONST uint kMostPressurePoints = 256u;
SHARED_CONST uint kMostPins = 64u;
SHARED_CONST uint kKernelSamples = 512u;
SHARED_CONST uint kNoVertex = 0xffffffffu;

// What of the pen's doing reaches a block of vertices.
SHARED_CONST uint kReachNothing = 0u;
SHARED_CONST uint kReachShade = 1u;
SHARED_CONST uint kReachDent = 2u;       // and shade

SHARED_CONST float kDentReach = 0.04f;   // m: beyond this the layer's answer has died out

SHARED_CONST uint kOverlayNone = 0u;
SHARED_CONST uint kOverlayCoverage = 1u;
SHARED_CONST uint kOverlayEvenness = 2u;
SHARED_CONST uint kOverlayDepth = 3u;
SHARED_CONST uint kOverlayPressure = 4u;

// Lights of the treatment room, fixed to the patient's head: what they give a vertex is computed once per face.
SHARED_CONST uint kLightKey = 0u;
SHARED_CONST uint kLightFill = 1u;
SHARED_CONST uint kLightRim = 2u;
SHARED_CONST uint kLightSky = 3u;

// One vertex at rest.
struct RestVertex {
    vec3 position;   // m
    uint normal;     // octahedral, 2 x snorm16
    uint look;       // haemoglobin, melanin, gloss, occlusion: 4 x unorm8
    uint cell;       // nearest surface cell, or kNoCell
    uint tags;       // zone, material << 8, kTagLip
    vec2 uv;
    uint drawn;      // its place among the DrawnVertex
};

// Light that reaches a vertex, blurred under the skin where it is skin.
struct VertexLight {
    vec3 irradiance;
    uint visible;    // share of key, fill, rim, sky seen: 4 x unorm8
};

// One vertex of the present picture.
struct DrawnVertex {
    vec3 position;    // m, with the dent
    float highlight;  // 1 on a cell that is pointed at
    uint normal_xy;   // snorm16: x, y; then z and the share of the key light that is seen
    uint normal_z;
    uint light_rg;    // half floats: all light towards the eye but the key's mirror image; then blue, and gloss (skin) or
    uint light_b;     // opacity (hair)
    uint overlay;     // colour times share, and share: 4 x unorm8
    uint uv;          // 2 x unorm16
};

// One frame's constants.
struct Frame {
    mat4 clip_from_world;
    vec3 eye;
    float pixel_size;        // m per pixel at 1 m
    vec3 key_to, key_colour;     // unit vector to the light; its irradiance
    vec3 fill_to, fill_colour;
    vec3 rim_to, rim_colour;
    vec3 sky_above, sky_below;

    vec3 pen_tip;
    uint pen_shown;
    vec3 pen_axis;
    float pen_radius;
    vec3 pen_side;           // unit, across the axis
    float needle_depth;      // m beyond the rim

    vec3 contact_normal;
    uint contact_points;     // 0 = no dent
    vec3 contact_position;
    float contact_dent;      // m, greatest

    uint overlay;
    float overlay_low, overlay_high;
    uint prescribed;         // one bit per zone
    uint highlights;         // 1 = some cell is highlighted
    uint cell_count;
    float time_step;         // s that the skin's response moves on
    float albedo_melanin;    // this patient's mean melanosome share of the epidermis
    float albedo_blood;      // this patient's mean blood share of the dermis
    uint marks_shown;        // 1 = the atlas holds punctures
};

// The dent's pressure points and the displacement per newton at distance i / (kKernelSamples - 1) x kDentReach.
struct Dent {
    vec4 points[256];        // m; N
    float kernel[512];       // m / N
    vec2 pins[64];           // m on the plate
};

// Redness and overlay of a surface cell.
struct CellLook {
    float redness;           // 0..1 and above: share of a strong erythema
    float depth_mm;          // mean
};

// Viridis (CC0; polynomial fit by M. Zucker, public domain): dark violet, teal, yellow. Safe for the three common
// colour-vision deficiencies and unlike any skin.
SHARED_FUNCTION vec3 sequential_colour(float v) {
    vec3 c = vec3(-5.435455855934631f, 4.645852612178535f, 26.3124352495832f);
    c = c * v + vec3(4.776384997670288f, -13.74514537774601f, -65.35303263337234f);
    c = c * v + vec3(6.228269936347081f, 14.17993336680509f, 56.69055260068105f);
    c = c * v + vec3(-4.634230498983486f, -5.799100973351585f, -19.33244095627987f);
    c = c * v + vec3(-0.3308618287255563f, 0.214847559468213f, 0.09509516302823659f);
    c = c * v + vec3(0.1050930431085774f, 1.404613529898575f, 1.384590162594685f);
    c = c * v + vec3(0.2777273272234177f, 0.005407344544966578f, 0.3340998053353061f);
    return clamp(c, vec3(0.0f), vec3(1.0f));
}

// Blue, pale, orange: too little, as the mean, too much.
SHARED_FUNCTION vec3 diverging_colour(float v) {
    vec3 low = mix(vec3(0.10f, 0.22f, 0.50f), vec3(0.42f, 0.67f, 0.86f), clamp(v * 4.0f, 0.0f, 1.0f));
    vec3 middle = vec3(0.95f, 0.94f, 0.88f);
    vec3 high = mix(vec3(0.96f, 0.66f, 0.30f), vec3(0.62f, 0.26f, 0.02f), clamp(v * 4.0f - 3.0f, 0.0f, 1.0f));
    vec3 left = mix(low, middle, clamp(v * 4.0f - 1.0f, 0.0f, 1.0f));
    return mix(left, high, clamp(v * 4.0f - 2.0f, 0.0f, 1.0f));
}

// sRGB 0..1 of an overlay's value in [0, 1].
SHARED_FUNCTION vec3 overlay_map(uint overlay, float v) {
    float x = clamp(v, 0.0f, 1.0f);
    if (overlay == kOverlayEvenness) return diverging_colour(x);
    return sequential_colour(x);
}

SHARED_END

#endif
