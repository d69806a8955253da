#version 460
#extension GL_GOOGLE_include_directive : require
// A quiet room out of focus; a little noise hides the steps of 8 bits.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(location = 0) in vec2 place;
layout(location = 0) out vec4 colour;

void main() {
    float glow = exp(-dot(place * vec2(0.75, 0.9) - vec2(0.0, -0.15), place * vec2(0.75, 0.9) - vec2(0.0, -0.15)));
    vec3 shade = mix(vec3(0.118, 0.133, 0.152), vec3(0.365, 0.395, 0.425), glow);
    float noise = hash_unit(uvec2(gl_FragCoord.xy)) - 0.5;
    colour = vec4(shade + noise * (1.6 / 255.0), 1.0);
}
