#version 460
#extension GL_GOOGLE_include_directive : require
// background.frag's room in linear light, such that tone.frag makes it the same colours.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"
#include "shaders/tone.glsl"

layout(location = 0) in vec2 place;
layout(location = 0) out vec4 out_entering;
layout(location = 1) out vec4 out_albedo;
layout(location = 2) out vec4 out_radiance;
layout(location = 3) out vec4 out_overlay;

void main() {
    out_entering = out_albedo = out_overlay = vec4(0.0, 0.0, 0.0, 1.0);
    out_radiance = vec4(from_picture(backdrop(place)), 1.0);
}
