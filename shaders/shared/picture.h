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
using glm::max;
using glm::mat4;
using glm::mix;
using glm::uvec3;
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

SHARED_CONST uint kMostPins = 64u;
SHARED_CONST uint kNoVertex = 0xffffffffu;

// What of the pen's doing reaches a block of vertices.
SHARED_CONST uint kReachNothing = 0u;
SHARED_CONST uint kReachShade = 1u;
SHARED_CONST uint kReachField = 2u;      // dents and draws skin, and shades it

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
    float raised;    // m along the normal that a raised lesion lifts what is drawn
};

// Light that reaches a vertex, blurred under the skin where it is skin.
struct VertexLight {
    vec3 irradiance;
    uint visible;    // share of key, fill, rim, sky seen: 4 x unorm8
};

// One vertex of the present picture.
struct DrawnVertex {
    vec3 position;    // m, with the dent
    float highlight;  // above 0.5 on cells that are pointed at
    uint normal_xy;   // snorm16: x, y; then z and the share of the key light that is seen
    uint normal_z;
    uint light_rg;    // half floats: all light towards the eye but the key's mirror image; then blue, and gloss (skin) or
    uint light_b;     // opacity (hair)
    uint overlay;     // 4 x unorm8: place on the map times share (high byte, low byte), share with data, share prescribed
    uint uv;          // 2 x unorm16
    uint visible;     // share of key, fill, rim, sky seen: 4 x unorm8
};

// A point of a border between zones, on the skin's triangle of these DrawnVertex.
struct OutlinePoint {
    uvec3 corners;
    vec2 weights;    // of the first two; the third's makes the sum 1
    uint ends;       // kOutlineFirst: no line comes from the point before, kOutlineLast: none goes to the next;
                     // from bit 8 the zone on one side, from bit 16 that on the other
};
SHARED_CONST uint kOutlineFirst = 1u;
SHARED_CONST uint kOutlineLast = 2u;
SHARED_CONST uint kOutlineAll = 0xffffu;

// Tools: what a draw shows, and how a part of it moves (bits beside its finish).
SHARED_CONST uint kToolBody = 0u;
SHARED_CONST uint kToolNeedles = 1u;
SHARED_CONST uint kToolFingers = 2u;
SHARED_CONST uint kMovesWithNeedles = 0x100u;
SHARED_CONST uint kMovesWithDrum = 0x200u;
SHARED_CONST float kDrumRadius = 0.010f;  // m, a roller's
SHARED_CONST uint kMostFingers = 4u;

// A gloved fingertip on the skin; the three are at right angles.
struct Finger {
    vec3 place;              // m, where its pad touches
    vec3 normal;             // out of the skin
    vec3 pointing;           // from the hand to the fingertip
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

    vec3 contact_position;
    uint contact_points;     // that press; 0 = the tip is lifted
    float contact_dent;      // m, greatest under the tip

    uint field_discs, field_groups, field_grips;  // loads of the SkinField
    float deepest;           // m, under any of them
    vec3 dent_place;         // middle of what they dent
    vec3 dent_normal;        // against which they dent it

    uint overlay;
    float overlay_low, overlay_high;
    uint prescribed;         // one bit per zone
    uint highlights;         // 1 = some cell is highlighted
    uint outlined_zone;      // whose border stands out, the others being quiet; kOutlineAll
    uint cell_count;
    float albedo_melanin;    // this patient's mean melanosome share of the epidermis
    float albedo_blood;      // this patient's mean blood share of the dermis
    vec3 mean_skin;          // this patient's mean skin or the pad's silicone, linear colour
    uint marks_shown;        // 1 = the atlas holds punctures
    float near_marks;        // mm: where a pixel is smaller on the skin, marks are drawn one by one; 0 = nowhere
    float drum_turn;         // rad that a roller's drum has turned
    uint finger_count;
    Finger fingers[4];
    uint per_pixel;          // 1 = tier high lights skin per pixel: DrawnVertex holds its albedo in place of its light
    vec2 overlay_band[32];   // per zone: the overlay's target band, in its unit
    float wet[32];           // per zone: 0 dry to 1 a film of gel or serum
    uint wipes;              // that the skin has seen
    float wipe_clock;        // s of session time, in steps
    float healed_from;       // share of the width: right of it a healing face is drawn, left of it the one before
    float healed_from_pixel; // the same in pixels
};

struct Plate {
    vec2 pins[64];           // m on the plate
};

// What is seen of a surface cell: its response (response.h) and the overlay.
struct CellLook {
    float redness;           // 0..1 and above: share of a strong erythema
    float pale;              // share of blood pressed out of it, 1 under the rim
    float wet;               // share under free blood that has run together
    float bruise, grey;      // shares bruised, and overworked
    float overlay;           // value of the overlay asked for, over the cell and those of its zone that touch it
    float touched;           // share of these that hold punctures
};

// Colour (sRGB 0..1) of a place on an overlay's map: below 1/3 less than the target band, to 2/3 within it, above too much.
// Pale, blue, orange: blue means on target in every mark of the program, and the three stay apart for the common
// colour-vision deficiencies. Each colour is light (luminance 0.39 and above), since skin under an overlay is dimmed and all
// that has data has a dark edge.
SHARED_FUNCTION vec3 overlay_map(float place) {
    float x = clamp(place, 0.0f, 1.0f) * 3.0f;
    vec3 thin = mix(vec3(0.99f, 0.99f, 0.97f), vec3(0.86f, 0.93f, 0.97f), clamp(x, 0.0f, 1.0f));
    vec3 within = mix(vec3(0.50f, 0.77f, 0.98f), vec3(0.38f, 0.71f, 0.95f), clamp(x - 1.0f, 0.0f, 1.0f));
    vec3 thick = mix(vec3(1.00f, 0.84f, 0.30f), vec3(1.00f, 0.68f, 0.22f), clamp(x - 2.0f, 0.0f, 1.0f));
    if (x < 1.0f) return thin;
    if (x <= 2.0f) return within;
    return thick;
}

// Place on the map of a value: its range's ends at 0 and 1, the target band's at 1/3 and 2/3, straight between them.
SHARED_FUNCTION float overlay_place(float value, float low, float high, float band_low, float band_high) {
    if (value < band_low) return clamp((value - low) / max(band_low - low, 1e-6f), 0.0f, 1.0f) / 3.0f;
    if (value <= band_high) return (1.0f + (value - band_low) / max(band_high - band_low, 1e-6f)) / 3.0f;
    return (2.0f + clamp((value - band_high) / max(high - band_high, 1e-6f), 0.0f, 1.0f)) / 3.0f;
}

SHARED_END

#endif
