// What the passes of the high tier hand to each other. Looks only.
#ifndef EVENHAND_SHARED_HIGH_H
#define EVENHAND_SHARED_HIGH_H

#include "shaders/shared/picture.h"

SHARED_BEGIN

SHARED_CONST uint kScatterTaps = 25u;    // odd; the first is the pixel itself

// How the clinic lamp sees the scene: parallel, so places on its picture are metres.
struct Lamp {
    mat4 clip_from_world;
    vec3 across, up;         // unit, span its picture
    float half_width;        // m, of the square that it sees
    float depth;             // m, from nearest to farthest
    float spread;            // tangent of the angle under which the lamp's radius is seen
    vec3 through;            // m, widths to which light of each colour travels in skin: red glows through an ear
};

// Light under the skin spreads by this kernel, first along one axis of the picture, then along the other.
struct Scatter {
    vec4 taps[25];           // share of red, green, blue; mm from the pixel
};

SHARED_END

#endif
