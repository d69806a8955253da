#version 460
#extension GL_GOOGLE_include_directive : require
// Needle marks from near, as the tiers draw them that light vertices.
#include "shaders/near_marks.glsl"

layout(location = 0) out vec4 colour;

void main() {
    Mark mark = mark_here();
    colour = vec4(to_picture(skin_here() * mark.colour + mark.shine), mark.cover);
}
