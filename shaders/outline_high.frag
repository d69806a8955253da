#version 460
#extension GL_GOOGLE_include_directive : require
// outline.frag among the overlays of the high tier.
#include "shaders/outline.glsl"
layout(location = 0) in float across;
layout(location = 1) in flat uint quiet;
layout(location = 0) out vec4 out_entering;
layout(location = 1) out vec4 out_albedo;
layout(location = 2) out vec4 out_radiance;
layout(location = 3) out vec4 out_overlay;

void main() {
    out_entering = out_albedo = out_radiance = vec4(0.0);
    out_overlay = outline_colour(across, quiet);
}
