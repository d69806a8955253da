#version 460
#extension GL_GOOGLE_include_directive : require
// One step of light spreading under the skin: heat flow over the mesh's edges, kernel widths in millimetres. Red goes
// farther than green and blue: the caller adds the states after few, some and many steps with a weight per colour
// (sum of Gaussians, d'Eon & Luebke 2007).
#include "shaders/shared/picture.h"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Begin { uint begin[]; };
layout(binding = 1, scalar) readonly buffer Neighbours { uint neighbours[]; };
layout(binding = 2, scalar) readonly buffer Share { float share[]; };  // per vertex, taken from each neighbour
layout(binding = 3, scalar) readonly buffer From { vec4 from[]; };
layout(binding = 4, scalar) writeonly buffer To { vec4 to[]; };
layout(binding = 5, scalar) buffer Blurred { vec3 blurred[]; };
layout(push_constant, scalar) uniform Push {
    vec3 weight;
    uint stride;  // of `from` in vec4
    uint count;
};

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    vec3 own = from[i * stride].rgb;
    vec3 flow = vec3(0.0);
    for (uint k = begin[i]; k < begin[i + 1u]; ++k) flow += from[neighbours[k] * stride].rgb - own;
    vec3 next = own + share[i] * flow;
    to[i] = vec4(next, 0.0);
    blurred[i] += next * weight;
}
