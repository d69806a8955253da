#version 460
#extension GL_GOOGLE_include_directive : require
// A needle mark, and sometimes a droplet of blood, laid into the atlas: a square of its true size on the skin, stretched
// as the atlas stretches the triangle it lies in.
#include "shaders/shared/picture.h"
#include "shaders/shared/evidence.h"
#include "shaders/picture.glsl"

layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) readonly buffer Triangles { uint triangles[]; };
layout(binding = 2, scalar) readonly buffer Punctures { Puncture punctures[]; };


layout(location = 0) out vec2 out_corner;
layout(location = 1) out flat vec2 out_strength;

// Share of punctures that bleed, from the spots per cm2 of clinical.md 5.3 (A) over about 2,000 punctures per cm2.
float bleeding_share(float depth_mm) {
    if (depth_mm < 0.3) return 0.0;
    if (depth_mm < 0.5) return 0.0003;
    if (depth_mm < 1.0) return 0.0015;
    return depth_mm < 1.5 ? 0.006 : 0.03;
}

void main() {
    Puncture p = punctures[gl_InstanceIndex];
    uint t = p.triangle * 3u;
    RestVertex a = vertices[triangles[t]], b = vertices[triangles[t + 1u]], c = vertices[triangles[t + 2u]];
    vec2 w = vec2(p.weights & 0xffffu, p.weights >> 16) / 65535.0;
    vec2 middle = a.uv * (1.0 - w.x - w.y) + b.uv * w.x + c.uv * w.y;

    // uv per metre along two tangents of the triangle.
    vec3 e1 = b.position - a.position, e2 = c.position - a.position;
    vec3 s = normalize(e1), n = normalize(cross(e1, e2)), q = cross(n, s);
    mat2 edges = mat2(dot(e1, s), dot(e1, q), dot(e2, s), dot(e2, q));
    mat2 per_metre = mat2(b.uv - a.uv, c.uv - a.uv) * inverse(edges);

    float depth_mm = float(puncture_depth_um(p)) * 1e-3;
    float chance = hash_unit(uvec2(p.time_us, p.weights));
    bool bleeds = chance < bleeding_share(depth_mm);
    float size = bleeds ? mix(0.22e-3, 0.45e-3, hash_unit(uvec2(p.weights, p.cell))) : 0.15e-3;
    vec2 corner = vec2((gl_VertexIndex & 1) * 2 - 1, (gl_VertexIndex >> 1) * 2 - 1);
    vec2 reach = per_metre * (corner * size * 1.4);
    out_corner = corner * 1.4;
    out_strength = vec2(bleeds ? 0.6 : mix(0.25, 0.55, clamp(depth_mm, 0.0, 1.0)), bleeds ? 0.95 : 0.0);
    vec2 place = middle + reach;
    gl_Position = vec4(place * 2.0 - 1.0, 0.0, 1.0);
    if (p.depth_tilt == 0u && p.cell == kNoCell) gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
}
