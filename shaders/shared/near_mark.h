// One puncture as it is drawn by itself: made by near_marks.comp, once per picture and view.
#ifndef EVENHAND_SHARED_NEAR_MARK_H
#define EVENHAND_SHARED_NEAR_MARK_H

#include "shaders/shared/picture.h"

SHARED_BEGIN

struct NearMark {
    vec4 clip;            // its middle, raised off the skin by its depth alone
    vec4 clip_across;     // what a mm along its sides adds
    vec4 clip_up;
    float reach;          // mm from its middle to the sides of its square
    float pixel;          // mm
    vec3 place;           // m
    vec3 normal;
    vec3 across, up;      // the square's sides on the skin, unit
    vec4 light;           // DrawnVertex::light and gloss
    vec2 uv, uv_across, uv_up;  // in the atlas, and what a mm adds
    float droplet;        // mm, radius; 0 = it does not bleed
    float strength;       // of its mark
    float seen;           // share of the key light
    float share;          // drawn here, the rest being the atlas'
    vec3 view;            // unit, to the eye
    vec3 half_key;        // unit, between it and the way to the key light; then the cosine between them
    float key_cosine;
    vec2 turn;            // cosine and sine of the way in which a hole is longer
    vec4 ragged;          // of its outline: cosine and sine of twice the angle, and of three times
    float size;           // mm, radius of a mark
    float dark;           // 0..1: how open its hole is
};

SHARED_END

#endif
