// What is painted into the skin's atlas beyond its grain: moles, scars, spots, vessels. Looks only.
#ifndef EVENHAND_SHARED_DETAIL_H
#define EVENHAND_SHARED_DETAIL_H

#include "shaders/shared/picture.h"

SHARED_BEGIN

// face::SkinDetail in millimetres.
struct Detail {
    vec3 from;
    float radius;
    vec3 to;
    float height;        // above 0 raised, below 0 sunk
    float steepness;     // 0 = dome or bowl, 1 = wall
    float irregularity;
    float melanin;       // change of the share: 0 = none, 1 = twice
    float haemoglobin;
    float gloss;
    uint seed;           // kDetailSeed bits of it; the flags below
};

// A line that goes on in another detail neither tapers at that end nor reaches beyond it.
SHARED_CONST uint kDetailSeed = 0x3fffffffu;
SHARED_CONST uint kDetailGoesOnBefore = 0x40000000u;
SHARED_CONST uint kDetailGoesOnAfter = 0x80000000u;

// How far from its line a detail may still show, as a multiple of its radius.
SHARED_CONST float kDetailReach = 1.9f;

// What relief.frag knows of the whole face.
struct SkinPaint {
    float melanin;       // mean melanosome share of the epidermis
    float blood;         // mean blood share of the dermis
    float freckles;      // 0 none to 1
    uint silicone;       // 1 = a practice pad
};

SHARED_END

#endif
