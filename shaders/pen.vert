#version 460
#extension GL_GOOGLE_include_directive : require
// The pen: a turned body, and one instance of a needle per pin.
#include "shaders/shared/picture.h"

layout(location = 0) in vec3 position;  // m; z from the rim's plane along the axis, into the skin
layout(location = 1) in vec3 normal;
layout(location = 2) in uint part;
layout(constant_id = 0) const uint kNeedles = 0u;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Contact { Dent dent; };

layout(location = 0) out vec3 out_place;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out vec3 out_local;
layout(location = 3) out flat uint out_part;

void main() {
    vec3 side = frame.pen_side, other = cross(frame.pen_axis, side);
    vec3 local = position;
    if (kNeedles == 1u) local += vec3(dent.pins[gl_InstanceIndex], frame.needle_depth);
    out_local = local;
    out_place = frame.pen_tip + side * local.x + other * local.y + frame.pen_axis * local.z;
    out_normal = side * normal.x + other * normal.y + frame.pen_axis * normal.z;
    out_part = part;
    gl_Position = frame.clip_from_world * vec4(out_place, 1.0);
}
