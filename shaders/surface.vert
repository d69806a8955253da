#version 460
#extension GL_GOOGLE_include_directive : require
// Skin, dressing and trays: places what vertices.comp made.
#include "shaders/shared/picture.h"

layout(location = 0) in vec4 place;   // and highlight
layout(location = 1) in vec4 normal;  // and visibility of the key light
layout(location = 2) in vec4 light;   // and gloss or opacity
layout(location = 3) in vec4 overlay;
layout(location = 4) in vec2 uv;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };

layout(location = 0) out vec4 out_place;
layout(location = 1) out vec4 out_normal;
layout(location = 2) out vec4 out_light;
layout(location = 3) out vec4 out_overlay;
layout(location = 4) out vec2 out_uv;

#define HEALED_BINDING 2
#include "shaders/healed_vertex.glsl"

void main() {
    vec3 at = place.xyz, out_of = normal.xyz, lit = light.rgb;
    raise(at, out_of, lit, normal.w);
    gl_Position = frame.clip_from_world * vec4(at, 1.0);
    out_place = vec4(at, place.w);
    out_normal = vec4(out_of, normal.w);
    out_light = vec4(lit, light.a);
    out_overlay = overlay;
    out_uv = uv;
}
