// The ribbon of outline.vert: a light core between dark edges, so that one of the two stands out from whatever lies below
// (sqrt(21) = 4.58 to 1 at worst). Each is more than a pixel wide after its soft rim. A quiet one is narrow and faint.
vec4 outline_colour(float across, uint quiet) {
    float away = abs(across);
    if (quiet != 0u) return vec4(vec3(smoothstep(-0.06, 0.06, across)), 0.30 * (1.0 - smoothstep(0.5, 1.1, away)));
    return vec4(vec3(1.0 - smoothstep(1.15, 1.6, away)), 1.0 - smoothstep(3.0, 3.4, away));
}
