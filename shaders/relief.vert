#version 460
#extension GL_GOOGLE_include_directive : require
// Lays the skin out flat in the atlas, triangle by triangle, so that each knows what is painted on it.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) readonly buffer Triangles { uint triangles[]; };
layout(binding = 2, scalar) readonly buffer Tensions { uint tensions[]; };  // per vertex: direction 3 x snorm8, thinness

layout(location = 0) out vec3 out_rest;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out vec4 out_look;
layout(location = 3) out vec4 out_tension;  // w: 1 where skin is thin, as on lids
layout(location = 4) out float out_lip;
layout(location = 5) out flat uint out_triangle;

void main() {
    uint corner = uint(gl_VertexIndex);
    RestVertex v = vertices[triangles[corner]];
    out_rest = v.position * 1e3;
    out_normal = unpack_normal(v.normal);
    out_look = unpackUnorm4x8(v.look);
    uint packed = tensions[triangles[corner]];
    out_tension = vec4(unpackSnorm4x8(packed).xyz, float(packed >> 24) / 255.0);
    out_lip = (v.tags & kTagLip) != 0u ? 1.0 : 0.0;
    out_triangle = corner / 3u;
    gl_Position = vec4(v.uv * 2.0 - 1.0, 0.0, 1.0);
}
