#version 460
layout(location = 0) in vec2 corner;
layout(location = 1) in flat vec2 strength;  // of the mark; of blood
layout(location = 0) out vec4 mark;

void main() {
    float r = length(corner);
    float needle = strength.x * (1.0 - smoothstep(0.45, 1.25, r)) * 0.5;
    float blood = strength.y * (1.0 - smoothstep(0.75, 1.05, r));
    mark = vec4(0.0, 0.0, 0.0, max(needle, blood));
}
