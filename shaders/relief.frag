#version 460
#extension GL_GOOGLE_include_directive : require
// The skin's relief, written once into the atlas: a net of furrows round small irregular plateaus, pores where skin is
// oily, creases across the lips. Functions of the place in millimetres, so neither the atlas' stretch nor the mesh shows.
#include "shaders/shared/picture.h"

layout(location = 0) in vec3 rest;  // mm
layout(location = 1) in vec3 normal;
layout(location = 2) in vec2 kind;
layout(location = 0) out vec4 texel;

struct Cells {
    vec3 near, next;  // to the nearest and second nearest jittered point
    float near2, next2;
    uint who;         // number of the nearest
};

// Jittered points, searched in 2x2x2 (after S. Gustavson).
Cells cells_at(vec3 p) {
    vec3 corner = floor(p - 0.5);
    ivec3 base = ivec3(corner);
    Cells c = Cells(vec3(1.0), vec3(1.0), 9.0, 9.0, 0u);
    for (int k = 0; k < 8; ++k) {
        ivec3 step = ivec3(k & 1, k >> 1 & 1, k >> 2);
        uvec3 at = uvec3(base + step);
        uint x = at.x * 0x9e3779b1u ^ at.y * 0x85ebca77u ^ at.z * 0xc2b2ae3du;
        x ^= x >> 15;
        x *= 0x2c1b3c6du;
        x ^= x >> 13;
        vec3 d = p - (corner + vec3(step) + vec3(x & 1023u, x >> 10 & 1023u, x >> 20 & 1023u) * (0.8 / 1023.0) + 0.1);
        float d2 = dot(d, d);
        if (d2 < c.near2) {
            c = Cells(d, c.near, d2, c.near2, x);
        } else if (d2 < c.next2) {
            c.next = d;
            c.next2 = d2;
        }
    }
    return c;
}

// Slope of plateaus with furrows between them.
vec3 furrows(vec3 p, float sharpness) {
    Cells c = cells_at(p);
    float f1 = inversesqrt(c.near2 + 1e-5), f2 = inversesqrt(c.next2 + 1e-5);
    float x = clamp((c.next2 * f2 - c.near2 * f1) * sharpness, 0.0, 1.0);
    return (c.next * f2 - c.near * f1) * (4.0 * x * (1.0 - x) * (1.0 - 0.5 * x));
}

// Slope of scattered pits.
vec3 pores(vec3 p) {
    Cells c = cells_at(p);
    float radius = 0.10 + 0.10 * float(c.who >> 24) / 255.0;
    float r = sqrt(c.near2);
    float x = clamp(r / radius, 0.0, 1.0);
    return c.near / max(r, 1e-3) * (6.75 * x * (1.0 - x) * (1.0 - x));
}

void main() {
    vec3 n = normalize(normal);
    vec3 slope;
    if (kind.y > 0.5) {
        slope = 0.9 * furrows(rest * vec3(0.85, 0.16, 0.35), 1.6) * vec3(1.0, 0.2, 0.5) + 0.35 * furrows(rest * vec3(2.4, 0.9, 1.4), 2.2);
    } else {
        slope = 0.42 * furrows(rest * 1.25, 2.6) + 0.22 * furrows(rest * 0.55 + 17.0, 3.2);
        slope += smoothstep(0.42, 0.75, kind.x) * 0.8 * pores(rest * 0.75);
    }
    slope -= n * dot(slope, n);
    texel = vec4(slope * 0.5 + 0.5, 0.0);
}
