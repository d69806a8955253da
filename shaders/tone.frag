#version 460
#extension GL_GOOGLE_include_directive : require
// Puts the high tier's picture together: light from under the skin times its colour, mirrored light, film, and over it what
// is not light but information.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"
#include "shaders/tone.glsl"

layout(binding = 0) uniform sampler2D scattered;  // times, and alpha: share of skin
layout(binding = 1) uniform sampler2D albedo;     // square root, times share of skin
layout(binding = 2) uniform sampler2D radiance;
layout(binding = 3) uniform sampler2D overlay;
layout(location = 0) in vec2 place;
layout(location = 0) out vec4 colour;

void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    vec4 under = texelFetch(scattered, p, 0), over = texelFetch(overlay, p, 0);
    vec3 root = texelFetch(albedo, p, 0).rgb / max(under.a, 1e-3);
    vec3 light = texelFetch(radiance, p, 0).rgb + under.rgb * root * root;
    float noise = hash_unit(uvec2(p)) - 0.5;  // hides the steps of 8 bits
    vec3 seen = to_srgb(filmic(light)) + noise * (1.0 / 255.0);
    colour = vec4(seen * over.a + over.rgb, 1.0);
}
