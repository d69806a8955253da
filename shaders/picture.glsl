// Small functions that several passes share.
#ifndef PICTURE_GLSL
#define PICTURE_GLSL

#include "shaders/shared/film.h"

vec3 unpack_normal(uint packed) {
    vec2 e = unpackSnorm2x16(packed);
    vec3 n = vec3(e, 1.0 - abs(e.x) - abs(e.y));
    float t = max(-n.z, 0.0);
    n.x += n.x >= 0.0 ? -t : t;
    n.y += n.y >= 0.0 ? -t : t;
    return normalize(n);
}

uint pack_normal(vec3 n) {
    vec2 e = n.xy / (abs(n.x) + abs(n.y) + abs(n.z));
    if (n.z < 0.0) e = (1.0 - abs(e.yx)) * vec2(e.x >= 0.0 ? 1.0 : -1.0, e.y >= 0.0 ? 1.0 : -1.0);
    return packSnorm2x16(e);
}

// As the high tier's to_srgb(filmic()), about: curve and transfer function in one, a rational in the square root. Here
// lightness is a weighted sum of square roots, which for skin, blood and cloth comes near that of the luminance.
vec3 to_picture(vec3 light) {
    const float kept = 0.90;  // tone.glsl's share of colour, times what the transfer function differs from a square root
    vec3 s = sqrt(max(light, 0.0));
    float y = max(dot(s, vec3(0.32, 0.56, 0.12)), 1e-3);
    float above = (1.16707 * y + 0.931583) * y - 0.011146;
    float below = (1.37896 * y + 0.042042) * y + 1.0;
    return clamp(mix(vec3(y), s, kept) * (max(above, 0.0) / (below * y)), 0.0, 1.0);
}

// Light from the rest of the face: what of the room is hidden (1 - `open`) is mostly other skin, lit on the whole about 0.6
// as well as skin that faces the lamp.
vec3 bounced(vec3 albedo, vec3 key_colour, float open) { return albedo * key_colour * (0.6 * (1.0 - open)); }

float hash_unit(uvec2 p) {
    uint x = p.x * 0x9e3779b9u ^ p.y * 0x85ebca6bu;
    x ^= x >> 15;
    x *= 0x2c1b3c6du;
    x ^= x >> 12;
    return float(x & 0xffffu) * (1.0 / 65535.0);
}

#endif
