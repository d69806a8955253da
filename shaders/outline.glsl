// The ribbon of outline.vert: black to one side, white to the other, soft where they end.
vec4 outline_colour(float across) {
    float shade = smoothstep(-0.06, 0.06, across);
    return vec4(vec3(shade), 1.0 - smoothstep(1.4, 1.85, abs(across)));
}
