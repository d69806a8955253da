// What healing hands to the picture: signs per surface cell, lines that pins tore, and what follows for a vertex. Looks only.
#ifndef EVENHAND_SHARED_HEALED_H
#define EVENHAND_SHARED_HEALED_H

#include "shaders/shared/language.h"

#ifdef __cplusplus
#include <glm/vec3.hpp>
namespace shared {
using glm::vec3;
}
#endif

SHARED_BEGIN

// Signs on one surface cell (track::HealedCell); shares 0..1.
struct HealedLook {
    float redness;       // share of a strong redness
    float swelling_mm;
    float dryness;
    float peeling;
    float marks;         // share of puncture marks still open
    float scabs;         // share of crusts still there
    float pigment;       // melanin added: 1 = as much again
    float vessels;       // broken capillaries
    float relief;        // share left of furrows, fine lines and scars
    float paint;         // share left of a scar's own colour
    float fresh_tracks;  // torn lines while they are red
    float tracks;        // torn lines that stay
};

// A line that a pin tore: it ends at a place of a triangle and comes from `back`.
struct Scratch {
    uint triangle;   // of the rest mesh
    uint weights;    // as Puncture::weights
    vec3 back;       // m along the skin at rest
    float strength;  // 0..1
};

// One vertex while a face heals.
struct HealedVertex {
    float lift;          // m that the skin is raised, along the normal
    uint normal;         // octahedral, of the raised skin
    vec3 tint;           // of the diffuse colour
    uint along;          // tension line, 3 x snorm8
    uint dry;            // dryness, peeling, vessels, gloss: 4 x unorm8
    uint left;           // marks, crusts, relief, paint left: 4 x unorm8
    uint torn;           // torn lines while red, and that stay: 2 x unorm16
};

SHARED_END

#endif
