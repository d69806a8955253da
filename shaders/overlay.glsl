// What is laid over the finished picture of skin: an overlay's map, and marks of what is pointed at. For fragment shaders
// that include shaders/shared/picture.h; colours are the picture's own (sRGB-encoded), after tone mapping in every tier.
#ifndef OVERLAY_GLSL
#define OVERLAY_GLSL

// Skin as dark clay that tells only form, the same for every skin type and tier, so that every colour of the map stands out
// from it by 4.5:1; on it the map, with a black line at either end of the target band, and hatched where it is too much.
// `told` is DrawnVertex::overlay; the vectors are unit and point away from the surface.
vec3 overlaid(vec4 told, vec3 normal, vec3 to_eye, vec3 to_lamp) {
    float facing = clamp(dot(normal, to_eye), 0.0, 1.0);
    float form = 0.45 * facing + 0.55 * clamp(0.45 + 0.55 * dot(normal, to_lamp), 0.0, 1.0);
    vec3 clay = vec3(0.162, 0.172, 0.180) * (form * mix(0.55, 1.0, told.w));
    float share = told.z;
    float touched = clamp((share - 0.5) / max(fwidth(share), 1e-4) + 0.5, 0.0, 1.0);
    float place = dot(told.xy, vec2(65280.0, 255.0)) / (65535.0 * max(share, 1e-3));
    float pixels = min(abs(place - 1.0 / 3.0), abs(place - 2.0 / 3.0)) / max(fwidth(place), 1e-4);
    if (touched == 0.0) return clay;
    vec3 shade = overlay_map(place) * mix(0.80, 1.0, smoothstep(0.2, 0.7, form));
    if (place > 2.0 / 3.0 && fract((gl_FragCoord.x + gl_FragCoord.y) / 7.0) < 0.25) shade *= 0.62;
    shade *= max(smoothstep(0.7, 1.5, pixels), 1.0 - smoothstep(0.55, 0.7, share));
    return mix(clay, shade, touched);
}

// Mark of what is pointed at, colour times share and share: a white line within two black ones, of which one stands out
// from whatever lies beside (sqrt(21) = 4.58 to 1 at worst), and a tint inside. `lit` is DrawnVertex::highlight.
vec4 pointed_at(float lit) {
    float pixels = abs(lit - 0.5) / max(fwidth(lit), 1e-5);
    float tint = 0.35 * step(0.5, lit), casing = 1.0 - smoothstep(3.2, 4.0, pixels), core = 1.0 - smoothstep(1.1, 1.7, pixels);
    vec4 mark = vec4(1.0, 0.25, 0.65, 1.0) * (tint * (1.0 - casing)) + vec4(0.0, 0.0, 0.0, casing);
    return mix(mark, vec4(1.0), core);
}

#endif
