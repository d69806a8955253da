#version 460
#extension GL_GOOGLE_include_directive : require
// Adds one light direction to every vertex: cosine times what the depth picture lets through. A soft light is a bundle
// of directions; the sky is a sphere of them.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 1, scalar) buffer Sums { vec4 sums[]; };  // per vertex: irradiance, then visibility of each light
layout(binding = 2) uniform sampler2DShadow depth_picture;
layout(push_constant, scalar) uniform Push {
    mat4 clip_from_world;
    vec3 to_light;
    float weight;     // of this direction in its light's visibility
    vec3 irradiance;  // perpendicular to the direction
    uint light;
    uint count;
};

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    vec3 normal = unpack_normal(vertices[i].normal);
    float facing = dot(normal, to_light);
    // Lifted off the surface by about a texel of the depth picture, so that a vertex does not shade itself.
    vec3 lifted = vertices[i].position + normal * 9e-4 + to_light * 5e-4;
    vec4 clip = clip_from_world * vec4(lifted, 1.0);
    float seen = texture(depth_picture, vec3(clip.xy * 0.5 + 0.5, clip.z));
    sums[2u * i].rgb += irradiance * (seen * max(facing, 0.0));
    if (light == kLightSky) {
        sums[2u * i + 1u].w += weight * seen * max(facing, 0.0);
    } else {
        sums[2u * i + 1u][light] += weight * seen;
    }
}
