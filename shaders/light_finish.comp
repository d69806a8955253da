#version 460
#extension GL_GOOGLE_include_directive : require
// Puts a vertex's light together: blurred irradiance where it is skin, its own elsewhere, and the lights' visibility.
#include "shaders/shared/picture.h"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) readonly buffer Sums { vec4 sums[]; };
layout(binding = 2, scalar) readonly buffer Blurred { vec3 blurred[]; };
layout(binding = 3, scalar) writeonly buffer Lights { VertexLight lights[]; };
layout(push_constant, scalar) uniform Push { uint count; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    bool skin = (vertices[i].tags >> 8 & 0xffu) <= kMaterialSilicone;
    lights[i].irradiance = skin ? blurred[i] : sums[2u * i].rgb;
    lights[i].visible = packUnorm4x8(sums[2u * i + 1u]);
}
