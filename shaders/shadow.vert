#version 460
// Depth as one light direction sees it, for the light that a face receives.

layout(location = 0) in vec3 position;
layout(push_constant) uniform Push { mat4 clip_from_world; };

void main() { gl_Position = clip_from_world * vec4(position, 1.0); }
