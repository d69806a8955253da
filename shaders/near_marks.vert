#version 460
#extension GL_GOOGLE_include_directive : require
// The squares that near_marks.comp placed.
#include "shaders/shared/near_mark.h"

layout(binding = 0, scalar) readonly buffer Marks { NearMark marks[]; };
layout(location = 0) out vec2 out_corner;  // mm from its middle, at rest
layout(location = 1) out flat uint out_mark;

void main() {
    uint i = uint(gl_VertexIndex) / 6u;
    int side = gl_VertexIndex % 6;
    side = side < 3 ? side : 6 - side;  // 0 1 2, 3 2 1
    out_corner = vec2((side & 1) * 2 - 1, (side >> 1) * 2 - 1) * marks[i].reach;
    out_mark = i;
    gl_Position = marks[i].clip + marks[i].clip_across * out_corner.x + marks[i].clip_up * out_corner.y;
}
