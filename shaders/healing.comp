#version 460
#extension GL_GOOGLE_include_directive : require
// Vertices of a face that heals: the signs of the cells round each (track::HealingCourse), blended by distance so that no cell
// shows, as a change of colour, a raised skin and shares for the pixels.
#include "shaders/shared/picture.h"
#include "shaders/shared/healed.h"
#include "shaders/picture.glsl"
#include "shaders/noise.glsl"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { uint count; };
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 2, scalar) readonly buffer Colours { vec3 colours[]; };
layout(binding = 3, scalar) readonly buffer Begin { uint begin[]; };
layout(binding = 4, scalar) readonly buffer Neighbours { uint neighbours[]; };
layout(binding = 5, scalar) readonly buffer Places { vec3 places[]; };  // of the cells
layout(binding = 6, scalar) readonly buffer Looks { HealedLook looks[]; };
layout(binding = 7, scalar) readonly buffer Tensions { uint tensions[]; };  // of the vertices, 3 x snorm8
layout(binding = 8, scalar) writeonly buffer Healed { HealedVertex healed[]; };

#include "shaders/skin_colour.glsl"

const float kFalling = 6.2e5;  // 1/m2: cells count by their distance, with a standard deviation of 0.9 mm

const HealedLook kWell = HealedLook(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0);

struct Around {
    HealedLook look;
    vec3 slope;  // of the swelling, mm per m
};

void add(inout HealedLook sum, HealedLook one, float share) {
    sum.redness += one.redness * share;
    sum.swelling_mm += one.swelling_mm * share;
    sum.dryness += one.dryness * share;
    sum.peeling += one.peeling * share;
    sum.marks += one.marks * share;
    sum.scabs += one.scabs * share;
    sum.pigment += one.pigment * share;
    sum.vessels += one.vessels * share;
    sum.relief += one.relief * share;
    sum.paint += one.paint * share;
    sum.fresh_tracks += one.fresh_tracks * share;
    sum.tracks += one.tracks * share;
}

Around around(uint cell, vec3 place) {
    Around a = Around(HealedLook(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), vec3(0.0));
    float all = 0.0, spread = 0.0;
    vec3 middle = vec3(0.0);
    for (uint k = begin[cell]; k <= begin[cell + 1u]; ++k) {
        uint other = k < begin[cell + 1u] ? neighbours[k] : cell;
        vec3 d = places[other] - place;
        float near = exp(-dot(d, d) * kFalling);
        add(a.look, looks[other], near);
        all += near;
        middle += d * near;
    }
    middle /= all;
    float swelling = a.look.swelling_mm / all;
    for (uint k = begin[cell]; k <= begin[cell + 1u]; ++k) {
        uint other = k < begin[cell + 1u] ? neighbours[k] : cell;
        vec3 d = places[other] - place - middle;
        float near = exp(-dot(places[other] - place, places[other] - place) * kFalling);
        a.slope += d * (near * (looks[other].swelling_mm - swelling));
        spread += dot(d, d) * near;
    }
    a.slope /= max(0.5 * spread, 1e-9);
    HealedLook mean = HealedLook(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    add(mean, a.look, 1.0 / all);
    a.look = mean;
    return a;
}

// What redness and pigment change of the skin's colour; blotched by millimetres, as no two patches of skin answer alike.
vec3 tint_of(RestVertex rest, vec4 look, HealedLook h) {
    vec3 mm = rest.position * 1e3;
    vec3 broad = noise3(mm / 7.0), fine = noise3(mm / 2.6 + 40.0);
    float redness = h.redness * (1.0 + 0.16 * broad.x + 0.12 * fine.x);
    float pigment = h.pigment * clamp(1.0 + 0.55 * broad.y + 0.40 * fine.y, 0.1, 2.0);
    if ((rest.tags >> 8 & 0xffu) == kMaterialSilicone) return mix(vec3(1.0), vec3(1.0, 0.69, 0.71), min(redness, 1.0) * 0.6);
    float melanin = frame.albedo_melanin * melanin_share(look.y, frame.albedo_melanin);
    float blood = frame.albedo_blood * blood_share(look.x);
    vec3 before = skin_colour(melanin, blood);
    vec3 now = skin_colour(melanin * (1.0 + pigment), blood * (1.0 + 1.9 * redness));
    // Under much melanin redness is told by a darker, warmer tone rather than by red (clinical.md 5.1, K-h).
    float dark = smoothstep(0.08, 0.20, frame.albedo_melanin) * min(redness, 1.0);
    return now / max(before, vec3(1e-4)) * (1.0 - dark * vec3(0.02, 0.17, 0.20));
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    RestVertex rest = vertices[i];
    vec3 normal = unpack_normal(rest.normal);
    Around a = Around(kWell, vec3(0.0));
    if (rest.cell != kNoVertex) a = around(rest.cell, rest.position);
    HealedLook h = a.look;
    HealedVertex v;
    v.lift = h.swelling_mm * 1e-3;
    vec3 slope = (a.slope - normal * dot(a.slope, normal)) * 1e-3;
    v.normal = pack_normal(normalize(normal - slope));
    v.tint = tint_of(rest, unpackUnorm4x8(rest.look), h);
    v.along = tensions[i];
    float taut = smoothstep(0.1, 1.2, h.swelling_mm);
    v.dry = packUnorm4x8(vec4(h.dryness, h.peeling, h.vessels, taut));
    v.left = packUnorm4x8(vec4(h.marks, h.scabs, h.relief, h.paint));
    v.torn = packUnorm2x16(vec2(h.fresh_tracks, h.tracks));
    healed[rest.drawn] = v;
}
