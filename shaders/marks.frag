#version 460
#extension GL_GOOGLE_include_directive : require
// Marks take the atlas' alpha; a droplet takes its blue as a cover, and its tilt as a dome that catches light.
#include "shaders/fine.glsl"

layout(constant_id = 0) const uint kDroplets = 0u;
layout(location = 0) in vec2 corner;
layout(location = 1) in flat float strength;
layout(location = 2) in flat vec3 across;
layout(location = 3) in flat vec3 up;
layout(location = 4) in flat vec3 normal;
layout(location = 0) out vec4 mark;

void main() {
    float r = length(corner);
    if (kDroplets == 0u) {
        mark = vec4(0.0, 0.0, 0.0, strength * (1.0 - smoothstep(0.5, 1.5, r)));
        return;
    }
    float cover = strength * (1.0 - smoothstep(0.8, 1.2, r));
    // A cap that stands 60 degrees steep at its foot.
    vec3 tilt = -(across * corner.x + up * corner.y) * 0.85 / max(r, 1.0), s, t;
    tangents(normal, s, t);
    mark = vec4(vec2(dot(tilt, s), dot(tilt, t)) * 0.5 + 0.5, 1.0, cover);
}
