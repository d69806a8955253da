#version 460
#extension GL_GOOGLE_include_directive : require
// Skin after a wipe: its own relief where droplets stood, and what the pad left of them, in streaks along its way that
// gather in furrows. Needle marks stay. fine.glsl tells it from droplets by its half share at most.
#include "shaders/shared/marks.h"
#include "shaders/shared/wipe.h"

layout(push_constant, scalar) uniform Push { Wipe wipe; };
layout(binding = 3, scalar) readonly buffer Points { vec4 points[]; };  // m, and m along the stroke
layout(binding = 4, scalar) readonly buffer Film { float film[]; };     // um, [step * lanes + lane]
layout(binding = 5) uniform sampler2D clean;  // this level without marks

layout(location = 0) in vec3 rest;
layout(location = 1) in vec3 normal;
layout(location = 2) in flat uvec2 near;
layout(location = 0) out vec4 mark;  // alpha: share of what is there that gives way

float film_at(float along, float across) {
    vec2 at = vec2(across * 0.5 + 0.5, along / (wipe.film_step * float(wipe.steps))) * vec2(wipe.lanes, wipe.steps) - 0.5;
    at = clamp(at, vec2(0.0), vec2(wipe.lanes - 1u, wipe.steps - 1u));
    uvec2 low = uvec2(at), high = min(low + 1u, uvec2(wipe.lanes, wipe.steps) - 1u);
    vec2 t = at - vec2(low);
    uint below = low.y * wipe.lanes, above = high.y * wipe.lanes;
    return mix(mix(film[below + low.x], film[below + high.x], t.x), mix(film[above + low.x], film[above + high.x], t.x), t.y);
}

// Threads of the gauze: smooth across within `size` m, long along the way.
float threads(float along, float aside, float size) {
    vec2 at = vec2(aside / size, along / (size * 40.0));
    vec2 low = floor(at), t = at - low;
    t = t * t * (3.0 - 2.0 * t);
    uvec2 k = uvec2(ivec2(low));
    float a = mark_chance(k.x + wipe.seed, k.y), b = mark_chance(k.x + 1u + wipe.seed, k.y);
    float c = mark_chance(k.x + wipe.seed, k.y + 1u), d = mark_chance(k.x + 1u + wipe.seed, k.y + 1u);
    return mix(mix(a, b, t.x), mix(c, d, t.x), t.y);
}

void main() {
    float best = 1e9, along = 0.0;
    vec3 way = vec3(0.0), offset = vec3(0.0);
    for (uint i = near.x; i < near.y; ++i) {
        vec3 from = points[i].xyz, line = points[i + 1u].xyz - from;
        float size = length(line), t = clamp(dot(rest - from, line) / (size * size), 0.0, 1.0);
        vec3 w = rest - from - line * t;
        if (dot(w, w) < best) {
            best = dot(w, w);
            along = points[i].w + t * size;
            way = line / size;
            offset = w;
        }
    }
    float half_width = 0.5 * wipe.width, beyond = abs(dot(offset, way));
    float room = min(half_width - sqrt(best), min(along, wipe.path - along) - beyond);
    if (room <= 0.0) discard;
    float aside = dot(cross(normalize(normal), way), offset);
    vec4 own = texelFetch(clean, ivec2(gl_FragCoord.xy), 0);
    vec2 tilt = own.rg * 2.0 - 1.0;
    float streaks = (0.25 + 1.5 * threads(along, aside, 0.5e-3)) * (0.5 + threads(along, aside, 0.16e-3));
    float um = film_at(along, clamp(aside / half_width, -1.0, 1.0)) * streaks * (0.8 + 8.0 * dot(tilt, tilt));
    mark = vec4(own.rg, min(1.0 - exp(-um / kBloodVeil), 0.5), smoothstep(0.0, wipe.soft, room));
}
