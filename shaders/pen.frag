#version 460
#extension GL_GOOGLE_include_directive : require
// Tools, straight into the picture.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"
#include "shaders/pen.glsl"

layout(location = 0) out vec4 colour;

void main() {
    vec4 light = tool_light();
    colour = vec4(to_picture(light.rgb), light.a);
}
