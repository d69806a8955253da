#version 460
#extension GL_GOOGLE_include_directive : require
// Lays the skin out flat in the atlas.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(location = 0) in vec3 position;
layout(location = 1) in uint normal;
layout(location = 2) in vec4 look;
layout(location = 3) in uint tags;
layout(location = 4) in vec2 uv;

layout(location = 0) out vec3 out_rest;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out vec2 out_kind;  // gloss, lip

void main() {
    gl_Position = vec4(uv * 2.0 - 1.0, 0.0, 1.0);
    out_rest = position * 1e3;
    out_normal = unpack_normal(normal);
    out_kind = vec2(look.z, (tags & kTagLip) != 0u ? 1.0 : 0.0);
}
