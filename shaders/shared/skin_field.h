// How the skin moves, as the picture evaluates it: the sum of engine/skin's own answers over the loads that
// skin::Contact tells of. Loads press (the layer's kernel over discs, layer_kernel.h) and draw (the sheet's tensor over
// grips, membrane.h). What is seen is what needles meet: tests compare the two.
#ifndef EVENHAND_SHARED_SKIN_FIELD_H
#define EVENHAND_SHARED_SKIN_FIELD_H

#include "shaders/shared/language.h"

#ifdef __cplusplus
#include <glm/common.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
namespace shared {
using glm::vec2;
using glm::vec3;
}
#endif

SHARED_BEGIN

SHARED_CONST uint kMostDiscs = 512u;
SHARED_CONST uint kMostGroups = 64u;
SHARED_CONST uint kMostGrips = 8u;
SHARED_CONST uint kLayerSamples = 512u;
SHARED_CONST uint kSheetSamples = 256u;
SHARED_CONST float kDentReach = 0.04f;   // m: beyond this the layer's answer has died out

// A load spread evenly over a disc.
struct FieldDisc {
    vec3 place;      // m
    float strength;  // m^2: force times the layer's compliance
    float radius;    // m
};

// Discs that lie together. From afar they are one with the same load and the same second moment.
struct FieldGroup {
    FieldDisc all;
    float near2;     // m^2, squared distance from which they are
    uint first, count;
};

// A hold on the sheet of skin.
struct FieldGrip {
    vec3 points[7];      // m, each with a seventh of the load
    vec3 normal;         // of the skin there
    vec3 along, across;  // unit, in its plane
    vec2 pull;           // N of one point, as the sheet counts it
    float stiff;         // distances count 1/stiff along and stiff times across, displacements the inverse roots
    float near2;         // m^2 added to squared distances
    float reach;         // m from the middle point beyond which the skin moves unseen
};

struct SkinField {
    FieldDisc discs[512];
    FieldGroup groups[64];
    float layer[512];      // 1/m that the bond to bone takes off 1/r, at distance i / (kLayerSamples - 1) x kDentReach
    FieldGrip grips[8];
    vec2 sheet[2048];      // per grip, m/N and 1/(m N) at distance i / (kSheetSamples - 1) x its reach
};

// What the field asks of one vertex. The CPU driver takes words from a buffer lane by lane, whatever their width: so two of
// 64 bits.
struct FieldVertex {
    uint64_t place_xy;       // m, two floats, x first
    uint64_t place_z_facing; // z, then octahedral normal as in RestVertex but for its lowest bits: kFacingMoves, kFacingHair
};
SHARED_CONST uint kFacingMoves = 1u;        // skin, or what stands on it
SHARED_CONST uint kFacingHair = 1u << 16;   // stands on skin wherever it points

// How one vertex moves: halves, which are right to 2 um.
struct FieldShift {
    uint64_t shift_depth;  // mm: where to, and how far inwards
    uint64_t slope;        // of the depth, as smooth as vertices can tell; the last is 0
};

// Mean of 1/|x| over a disc of radius a, seen from its own plane at distance r: layer_kernel.h's disc_potential by the
// first terms of the elliptic integrals' series in (r/a)^2 or (a/r)^2 and a high power that makes the edge right.
SHARED_FUNCTION float disc_inverse(float r, float a) {
    bool inside = r < a;
    float x = inside ? r / a : a / r;
    float q = x * x, q2 = q * q, q3 = q2 * q, q7 = q3 * q3 * q;
    float c1 = inside ? -0.25f : 0.125f, c2 = inside ? -0.046875f : 0.046875f;
    float c3 = inside ? -0.01953125f : 0.0244140625f, c7 = inside ? -0.046974f : 0.0769505f;
    return (1.0f + c1 * q + c2 * q2 + c3 * q3 + c7 * q7) * (inside ? 2.0f / a : 1.0f / r);
}

SHARED_END

#endif
