#version 460
#extension GL_GOOGLE_include_directive : require
#include "shaders/outline.glsl"
layout(location = 0) in float across;
layout(location = 1) in flat uint quiet;
layout(location = 0) out vec4 colour;

void main() { colour = outline_colour(across, quiet); }
