#version 460
#extension GL_GOOGLE_include_directive : require
// near_marks.frag among the layers of the high tier: the skin's light stays what it is, its colour and mirror image change.
#include "shaders/near_marks.glsl"

layout(location = 0) out vec4 out_entering;
layout(location = 1) out vec4 out_albedo;  // square root
layout(location = 2) out vec4 out_radiance;
layout(location = 3) out vec4 out_overlay;

void main() {
    Mark mark = mark_here();
    out_entering = out_overlay = vec4(0.0);
    out_albedo = vec4(sqrt(clamp(skin_here() * mark.colour, 0.0, 1.0)), mark.cover);
    out_radiance = vec4(mark.shine, mark.mirrors);
}
