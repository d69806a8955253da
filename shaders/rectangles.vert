#version 460
#extension GL_EXT_scalar_block_layout : require
// Parts of the picture that are worked on again.
layout(constant_id = 0) const uint kFar = 0u;  // 1: as far as depth goes
layout(binding = 0, scalar) readonly buffer Rectangles { vec4 rectangles[]; };  // left, top, right, bottom in pixels
layout(push_constant) uniform Push { vec2 per_pixel; };

void main() {
    vec4 r = rectangles[gl_VertexIndex / 6];  // the CPU driver takes each instance of a draw for a draw of its own
    int k = gl_VertexIndex % 6;
    k = k < 3 ? k : 6 - k;  // 0 1 2, 3 2 1
    vec2 corner = vec2((k & 1) == 0 ? r.x : r.z, (k & 2) == 0 ? r.y : r.w);
    gl_Position = vec4(corner * per_pixel * 2.0 - 1.0, float(kFar), 1.0);
}
