// Noise and scattered points in space, for what lies on skin: functions of the place at rest, so that neither mesh nor atlas
// shows. Integers hashed, the same on every device.
#ifndef NOISE_GLSL
#define NOISE_GLSL

uint hash_of(uvec3 at) {
    uint x = at.x * 0x9e3779b1u ^ at.y * 0x85ebca77u ^ at.z * 0xc2b2ae3du;
    x ^= x >> 15;
    x *= 0x2c1b3c6du;
    x ^= x >> 13;
    x *= 0x297a2d39u;
    return x ^ x >> 15;
}

// Three smooth noises in [-1, 1] on a lattice of size 1.
vec3 noise3(vec3 p) {
    vec3 low = floor(p), f = p - low;
    f = f * f * (3.0 - 2.0 * f);
    uvec3 base = uvec3(ivec3(low));
    vec3 sum = vec3(0.0);
    for (uint k = 0u; k < 8u; ++k) {
        uvec3 step = uvec3(k & 1u, k >> 1 & 1u, k >> 2);
        uint x = hash_of(base + step);
        vec3 w = mix(1.0 - f, f, vec3(step));
        sum += (w.x * w.y * w.z) * vec3(x & 1023u, x >> 10 & 1023u, x >> 20 & 1023u);
    }
    return sum * (2.0 / 1023.0) - 1.0;
}

struct Cells {
    vec3 near;    // along the surface from the nearest jittered point
    float near2;
    uint who;     // number of the nearest
    float near_surface;  // 1 = it lies on it, 0 = too far above or below to count
};

// Jittered points in space, dropped onto the surface through p; searched in 2x2x2 (after S. Gustavson).
Cells cells_at(vec3 p, vec3 n) {
    vec3 corner = floor(p - 0.5);
    ivec3 base = ivec3(corner);
    Cells c = Cells(vec3(1.0), 9.0, 0u, 0.0);
    for (int k = 0; k < 8; ++k) {
        ivec3 step = ivec3(k & 1, k >> 1 & 1, k >> 2);
        uint x = hash_of(uvec3(base + step));
        vec3 d = p - (corner + vec3(step) + vec3(x & 1023u, x >> 10 & 1023u, x >> 20 & 1023u) * (0.8 / 1023.0) + 0.1);
        float above = dot(d, n), on = 1.0 - smoothstep(0.24, 0.36, abs(above));
        d -= n * above;
        float d2 = dot(d, d);
        if (on > 0.0 && d2 < c.near2) c = Cells(d, d2, x, on);
    }
    return c;
}

#endif
