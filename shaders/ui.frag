#version 460
layout(location = 0) in vec2 uv;
layout(location = 1) in vec4 colour;
layout(binding = 0) uniform sampler2D picture;
layout(location = 0) out vec4 result;

void main() { result = colour * texture(picture, uv); }
