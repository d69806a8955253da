#version 460
#extension GL_GOOGLE_include_directive : require
// Borders between clinical zones, as lines just above the skin.
#include "shaders/shared/picture.h"

layout(location = 0) in vec3 position;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };

void main() {
    gl_Position = frame.clip_from_world * vec4(position, 1.0);
    gl_Position.z -= 4e-5 * gl_Position.w;
}
