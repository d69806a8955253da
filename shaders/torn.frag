#version 460
// A torn line's profile: strongest in its middle, round at its ends.
layout(location = 0) in vec2 at;
layout(location = 1) in flat float length_mm;
layout(location = 2) in flat float strength;
layout(location = 3) in flat float wide;
layout(location = 0) out vec4 share;

void main() {
    float r = length(vec2(at.x - clamp(at.x, 0.0, length_mm), at.y)) / wide;
    share = vec4(strength * (1.0 - smoothstep(0.4, 1.6, r)));
}
