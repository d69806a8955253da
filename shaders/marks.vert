#version 460
#extension GL_GOOGLE_include_directive : require
// A needle mark, or a droplet of blood, laid into the atlas: a square of its true size on the skin, stretched as the atlas
// stretches the triangle it lies in.
#include "shaders/shared/picture.h"
#include "shaders/shared/marks.h"

layout(constant_id = 0) const uint kDroplets = 0u;  // 1: droplets alone, 0: marks
layout(push_constant) uniform Push { vec2 texels; };  // of this level of the atlas' upper half
layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) readonly buffer Triangles { uint triangles[]; };
layout(binding = 2, scalar) readonly buffer Punctures { Puncture punctures[]; };

layout(location = 0) out vec2 out_corner;   // in radii
layout(location = 1) out flat float out_strength;
layout(location = 2) out flat vec3 out_across;  // the square's sides on the skin, unit
layout(location = 3) out flat vec3 out_up;
layout(location = 4) out flat vec3 out_normal;

void main() {
    Puncture p = punctures[gl_VertexIndex / 6];  // the CPU driver is slow with many instances of four vertices
    uint t = p.triangle * 3u;
    RestVertex a = vertices[triangles[t]], b = vertices[triangles[t + 1u]], c = vertices[triangles[t + 2u]];
    vec2 w = vec2(p.weights & 0xffffu, p.weights >> 16) / 65535.0;
    vec2 middle = a.uv * (1.0 - w.x - w.y) + b.uv * w.x + c.uv * w.y;

    // uv per metre along two tangents of the triangle.
    vec3 e1 = b.position - a.position, e2 = c.position - a.position;
    vec3 s = normalize(e1), n = normalize(cross(e1, e2)), q = cross(n, s);
    mat2 edges = mat2(dot(e1, s), dot(e1, q), dot(e2, s), dot(e2, q));
    mat2 per_metre = mat2(b.uv - a.uv, c.uv - a.uv) * inverse(edges);

    bool bleeds = mark_bleeds(p);
    float radius = (kDroplets == 1u ? droplet_radius(p) : kMarkRadius) * 1e-3;
    // What is smaller than a texel keeps its amount, not its size.
    float texel = 1.0 / max(sqrt(abs(determinant(per_metre)) * texels.x * texels.y), 1.0);
    float drawn = max(radius, 0.6 * texel);
    float share = radius / drawn;
    int side = gl_VertexIndex % 6;
    side = side < 3 ? side : 6 - side;  // 0 1 2, 3 2 1
    vec2 corner = vec2((side & 1) * 2 - 1, (side >> 1) * 2 - 1) * 1.6;
    out_corner = corner;
    out_strength = kDroplets == 1u ? share * share : mark_strength(p) * share * share;
    out_across = s;
    out_up = q;
    out_normal = n;
    vec2 place = middle + per_metre * (corner * drawn);
    gl_Position = vec4(place * 2.0 - 1.0, 0.0, 1.0);
    bool nowhere = p.depth_tilt == 0u && p.cell == kNoCell;
    if (nowhere || (kDroplets == 1u) != bleeds) gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
}
