#version 460
#extension GL_GOOGLE_include_directive : require
// Tools among the high tier's layers.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"
#include "shaders/pen.glsl"

layout(location = 0) out vec4 out_entering;
layout(location = 1) out vec4 out_albedo;
layout(location = 2) out vec4 out_radiance;
layout(location = 3) out vec4 out_overlay;

void main() {
    out_radiance = tool_light();
    out_entering = out_albedo = out_overlay = vec4(0.0, 0.0, 0.0, out_radiance.a);
}
