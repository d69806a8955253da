#version 460
#extension GL_GOOGLE_include_directive : require
// Tools: body, one instance of a needle per pin, or one of a gloved fingertip per finger.
#include "shaders/shared/picture.h"

layout(location = 0) in vec3 position;  // m; z from the rim's plane along the axis, into the skin
layout(location = 1) in vec3 normal;
layout(location = 2) in uint part;
layout(constant_id = 0) const uint kWhat = 0u;  // kToolBody, kToolNeedles, kToolFingers
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Pins { Plate plate; };

layout(location = 0) out vec3 out_place;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out vec3 out_local;
layout(location = 3) out flat uint out_part;

void main() {
    vec3 side = frame.pen_side, other = cross(frame.pen_axis, side), axis = frame.pen_axis, foot = frame.pen_tip;
    vec3 local = position, turned = normal;
    if (kWhat == kToolNeedles) local += vec3(plate.pins[gl_InstanceIndex], frame.needle_depth);
    if (kWhat == kToolFingers) {
        axis = frame.fingers[gl_InstanceIndex].normal;
        other = frame.fingers[gl_InstanceIndex].pointing;
        side = cross(other, axis);
        foot = frame.fingers[gl_InstanceIndex].place;
    }
    if ((part & kMovesWithNeedles) != 0u) local.z += frame.needle_depth;
    if ((part & kMovesWithDrum) != 0u) {
        float c = cos(frame.drum_turn), s = sin(frame.drum_turn);
        mat2 turn = mat2(c, s, -s, c);
        vec2 middle = vec2(0.0, -kDrumRadius);
        local.yz = turn * (local.yz - middle) + middle;
        turned.yz = turn * turned.yz;
    }
    out_local = local;
    out_place = foot + side * local.x + other * local.y + axis * local.z;
    out_normal = side * turned.x + other * turned.y + axis * turned.z;
    out_part = part & 0xffu;
    gl_Position = frame.clip_from_world * vec4(out_place, 1.0);
}
