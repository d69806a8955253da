// A wipe as the atlas paints it: engine/render/wipes.h.
#ifndef EVENHAND_SHARED_WIPE_H
#define EVENHAND_SHARED_WIPE_H

#include "shaders/shared/language.h"

SHARED_BEGIN

struct Wipe {
    float width, path;    // m across and along
    float soft;           // m over which its sides and ends fade
    float film_step;      // m along the stroke
    uint lanes, steps;    // of the film
    uint seed;
};

// Share of light that a film of blood of so many um takes from green, that is, how much of it looks like blood: whole blood
// absorbs 285 per cm at 540 nm (haemoglobin of 150 g/l: clinical.md 5.1), and light crosses the film twice.
SHARED_CONST float kBloodVeil = 17.5f;  // um

SHARED_END

#endif
