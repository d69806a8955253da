// The ribbon of outline.vert: black to one side, white to the other, soft where they end. A quiet one is narrow and faint.
vec4 outline_colour(float across, uint quiet) {
    float shade = smoothstep(-0.06, 0.06, across);
    if (quiet != 0u) return vec4(vec3(shade), 0.30 * (1.0 - smoothstep(0.5, 1.1, abs(across))));
    return vec4(vec3(shade), 1.0 - smoothstep(1.4, 1.85, abs(across)));
}
