// A vertex of a face that heals: raised, and its shares handed on. Who includes this says HEALED_BINDING.
#ifndef HEALED_VERTEX_GLSL
#define HEALED_VERTEX_GLSL

#include "shaders/shared/healed.h"
#include "shaders/picture.glsl"

layout(constant_id = 1) const uint kHealed = 0u;
layout(binding = HEALED_BINDING, scalar) readonly buffer HealedVertices { HealedVertex healed[]; };
layout(location = 6) out vec4 out_tint;
layout(location = 7) out vec4 out_dry;
layout(location = 8) out vec4 out_left;
layout(location = 9) out vec2 out_torn;
layout(location = 10) out vec3 out_along;

float facing(vec3 n, vec3 to) { return max(0.0, (dot(n, to) + 0.14) / 1.14); }

// `seen`: share of the key light. What the raised skin turns towards the lights it gains of theirs.
void raise(inout vec3 place, inout vec3 normal, inout vec3 light, float seen) {
    out_tint = vec4(1.0);
    out_dry = vec4(0.0);
    out_torn = vec2(0.0);
    out_left = vec4(1.0);
    out_along = vec3(1.0, 0.0, 0.0);
    if (kHealed == 0u) return;
    HealedVertex h = healed[gl_VertexIndex];
    vec4 clip = frame.clip_from_world * vec4(place, 1.0);
    out_tint = vec4(h.tint, h.lift);
    out_dry = unpackUnorm4x8(h.dry);
    out_left = unpackUnorm4x8(h.left);
    out_torn = unpackUnorm2x16(h.torn);
    out_along = unpackSnorm4x8(h.along).xyz;
    if ((clip.x / clip.w * 0.5 + 0.5) < frame.healed_from) return;
    vec3 before = normal;
    place += normal * h.lift;
    normal = unpack_normal(h.normal);
    vec3 was = frame.key_colour * (seen * facing(before, frame.key_to)) + frame.fill_colour * facing(before, frame.fill_to) +
               mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * before.y);
    vec3 now = frame.key_colour * (seen * facing(normal, frame.key_to)) + frame.fill_colour * facing(normal, frame.fill_to) +
               mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * normal.y);
    light *= clamp(now / max(was, vec3(1e-3)), 0.6, 1.6);
}

#endif
