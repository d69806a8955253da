// What a needle leaves to see: how large it is, and whether a droplet stands on it. One text for the atlas' marks, for those
// drawn from near, and for what a wipe finds to spread.
#ifndef EVENHAND_SHARED_MARKS_H
#define EVENHAND_SHARED_MARKS_H

#include "shaders/shared/evidence.h"

SHARED_BEGIN

// Holes of about 70 um with a reddened rim (clinical.md 1.2: F1).
SHARED_CONST float kMarkRadius = 0.055f;  // mm

// In the picture's own copy of a puncture: its droplet was wiped away. Never in evidence.
SHARED_CONST uint kMarkWiped = 1u << 31;
// In the depth and tilt of the picture's own copy: a droplet that has come out (track::ResponseDoses says of which, and when).
SHARED_CONST uint kMarkBleeds = 1u << 31;

SHARED_FUNCTION float mark_chance(uint a, uint b) {
    uint x = (a * 0x9e3779b9u) ^ (b * 0x85ebca6bu);
    x ^= x >> 15;
    x *= 0x2c1b3c6du;
    x ^= x >> 12;
    return float(x & 0xffffu) * (1.0f / 65535.0f);
}

SHARED_FUNCTION bool mark_bleeds(Puncture p) { return (p.depth_tilt & kMarkBleeds) != 0u; }

// mm; droplets of 0.2 to 0.5 mm across (A).
SHARED_FUNCTION float droplet_radius(Puncture p) {
    float chance = mark_chance(p.weights, p.cell);
    return 0.10f + 0.15f * chance * chance;
}

SHARED_FUNCTION float mark_strength(Puncture p) {
    float depth_mm = float(puncture_depth_um(p)) * 1e-3f;
    return depth_mm < 1.0f ? 0.35f + 0.30f * depth_mm : 0.65f;
}

// Share of its mark that is drawn by itself, the rest being the atlas', where a pixel is `pixel_mm` large on the skin.
SHARED_FUNCTION float drawn_near(float pixel_mm, float limit_mm) {
    float share = (limit_mm - pixel_mm) * 4.0f / (limit_mm > 1e-6f ? limit_mm : 1e-6f);
    return share < 0.0f ? 0.0f : share > 1.0f ? 1.0f : share;
}

SHARED_END

#endif
