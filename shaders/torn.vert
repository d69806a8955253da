#version 460
#extension GL_GOOGLE_include_directive : require
// A line that a pin tore, laid into its own picture of the skin: stretched as that stretches the triangle it lies in.
#include "shaders/shared/picture.h"
#include "shaders/shared/healed.h"

layout(push_constant) uniform Push { vec2 texels; };
layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) readonly buffer Triangles { uint triangles[]; };
layout(binding = 2, scalar) readonly buffer Lines { Scratch lines[]; };

layout(location = 0) out vec2 out_at;      // mm along and across
layout(location = 1) out flat float out_length;  // mm
layout(location = 2) out flat float out_strength;
layout(location = 3) out flat float out_wide;    // mm, half a width

const float kHalfWidth = 0.11;  // mm; a line finer than a texel keeps its amount, not its width

void main() {
    Scratch line = lines[gl_VertexIndex / 6];
    uint t = line.triangle * 3u;
    RestVertex a = vertices[triangles[t]], b = vertices[triangles[t + 1u]], c = vertices[triangles[t + 2u]];
    vec2 w = vec2(line.weights & 0xffffu, line.weights >> 16) / 65535.0;
    vec2 uv = a.uv * (1.0 - w.x - w.y) + b.uv * w.x + c.uv * w.y;
    vec3 e1 = b.position - a.position, e2 = c.position - a.position;
    vec3 s = normalize(e1), n = normalize(cross(e1, e2)), q = cross(n, s);
    mat2 edges = mat2(dot(e1, s), dot(e1, q), dot(e2, s), dot(e2, q));
    mat2 per_metre = mat2(b.uv - a.uv, c.uv - a.uv) * inverse(edges);

    vec2 back = vec2(dot(line.back, s), dot(line.back, q));
    float length_m = max(length(back), 1e-6);
    vec2 along = back / length_m, across = vec2(-along.y, along.x);
    float texel_mm = 1e3 / max(sqrt(abs(determinant(per_metre)) * texels.x * texels.y), 1.0);
    float wide = max(kHalfWidth, 0.7 * texel_mm), reach = 2.0 * wide;
    int side = gl_VertexIndex % 6;
    side = side < 3 ? side : 6 - side;  // 0 1 2, 3 2 1
    vec2 at = vec2((side & 1) == 0 ? -reach : length_m * 1e3 + reach, (side >> 1) == 0 ? -reach : reach);
    out_at = at;
    out_length = length_m * 1e3;
    out_strength = line.strength * kHalfWidth / wide;
    out_wide = wide;
    gl_Position = vec4((uv + per_metre * ((along * at.x + across * at.y) * 1e-3)) * 2.0 - 1.0, 0.0, 1.0);
}
