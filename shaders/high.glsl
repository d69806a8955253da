// What the surfaces of the high tier share: the lamp's soft shadow and the room as smooth things mirror it.
#ifndef HIGH_GLSL
#define HIGH_GLSL

#include "shaders/shared/shine.h"

// Different for neighbouring pixels, without visible grain (J. Jimenez, Advanced Warfare, 2014).
float pixel_noise(vec2 pixel) { return fract(52.9829189 * fract(dot(pixel, vec2(0.06711056, 0.00583715)))); }

vec2 vogel(uint k, uint count, float turn) {
    float r = sqrt((float(k) + 0.5) / float(count)), angle = float(k) * 2.399963 + turn;
    return r * vec2(cos(angle), sin(angle));
}

const uint kShadowTaps = 16u;

// x: share of the lamp that is seen (percentage-closer soft shadows, R. Fernando 2005). y: m of flesh between this place and
// the side that faces the lamp.
vec2 lamp_seen(sampler2D map, sampler2DShadow compare, Lamp lamp, vec3 to_lamp, vec3 place, vec3 normal, float noise) {
    float turn = noise * 6.2831853;
    float facing = dot(normal, to_lamp);
    vec3 lifted = place + normal * mix(1.6e-3, 0.6e-3, clamp(facing, 0.0, 1.0));
    vec4 clip = lamp.clip_from_world * vec4(lifted, 1.0);
    vec2 at = clip.xy * 0.5 + 0.5;
    float uv_per_m = 0.5 / lamp.half_width;
    // The surface's own plane on the lamp's picture: depth per metre.
    vec2 tilt = vec2(dot(normal, lamp.across), dot(normal, lamp.up)) / max(facing, 0.12);

    float gap_sum = 0.0, blockers = 0.0, flesh = 0.0;
    const float search = 0.12 * lamp.spread;
    for (uint k = 0u; k < kShadowTaps; ++k) {
        vec2 d = vogel(k, kShadowTaps, turn);
        d *= length(d) * search;
        float gap = (clip.z - textureLod(map, at + d * uv_per_m, 0.0).r) * lamp.depth + dot(tilt, d);
        // Only what stands inside the lamp's cone hides a part of it.
        if (gap > length(d) / lamp.spread * 0.8 && gap > 0.4e-3) {
            gap_sum += gap;
            blockers += 1.0;
        }
    }
    vec4 straight = lamp.clip_from_world * vec4(place - normal * 0.3e-3, 1.0);
    for (uint k = 0u; k < 4u; ++k)
        flesh += max(straight.z - textureLod(map, straight.xy * 0.5 + 0.5 + vogel(k, 4u, turn) * 0.8e-3 * uv_per_m, 0.0).r, 0.0);
    flesh *= 0.25 * lamp.depth;
    if (blockers == 0.0) return vec2(1.0, flesh);

    float radius = clamp(gap_sum / blockers * lamp.spread, 0.4e-3, search);
    float seen = 0.0;
    for (uint k = 0u; k < kShadowTaps; ++k) {
        vec2 d = vogel(k, kShadowTaps, turn) * radius;
        float nearer = (dot(tilt, d) - 0.15e-3 - 0.35 * length(d)) / lamp.depth;
        seen += textureLod(compare, vec3(at + d * uv_per_m, clip.z + min(nearer, 0.0)), 0.0);
    }
    return vec2(seen / float(kShadowTaps), flesh);
}

// A quiet treatment room: bright ceiling, dim floor, three soft lamps. `alpha`: roughness of the mirror.
vec3 room(Frame frame, vec3 direction, float alpha, vec3 lamps_seen) {
    vec3 sky = mix(frame.sky_below, frame.sky_above, smoothstep(-0.25 - alpha, 0.35 + alpha, direction.y));
    float sharp = 2.0 / (alpha * alpha + 0.045);
    // A lamp's irradiance over pi, spread over its lobe.
    float bright = 0.25 * sharp;
    vec3 lamps = frame.key_colour * (lamps_seen.x * exp((dot(direction, frame.key_to) - 1.0) * sharp)) +
                 frame.fill_colour * (lamps_seen.y * exp((dot(direction, frame.fill_to) - 1.0) * sharp)) +
                 frame.rim_colour * (lamps_seen.z * exp((dot(direction, frame.rim_to) - 1.0) * sharp));
    return sky + lamps * bright;
}

#endif
