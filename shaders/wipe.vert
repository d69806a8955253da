#version 460
#extension GL_GOOGLE_include_directive : require
// Lays the triangles under a wipe out flat in the atlas.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) readonly buffer Triangles { uint triangles[]; };
layout(binding = 2, scalar) readonly buffer Under { uvec3 under[]; };  // triangle, first and last of the points near it

layout(location = 0) out vec3 out_rest;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out flat uvec2 out_near;

void main() {
    uvec3 told = under[gl_VertexIndex / 3];
    uint first = told.x * 3u;
    RestVertex v = vertices[triangles[first + uint(gl_VertexIndex % 3)]];
    out_rest = v.position;
    out_normal = unpack_normal(v.normal);
    out_near = told.yz;
    gl_Position = vec4(v.uv * 2.0 - 1.0, 0.0, 1.0);
    // A triangle that spans the atlas lies on its cut.
    vec2 a = vertices[triangles[first]].uv, b = vertices[triangles[first + 1u]].uv, c = vertices[triangles[first + 2u]].uv;
    vec2 extent = max(a, max(b, c)) - min(a, min(b, c));
    if (max(extent.x, extent.y) > 0.2) gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
}
