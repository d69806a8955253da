// What is laid over the finished picture of skin: an overlay's map, and marks of what is pointed at. For fragment shaders
// that include shaders/shared/picture.h; colours are the picture's own (sRGB-encoded), after tone mapping in every tier.
#ifndef OVERLAY_GLSL
#define OVERLAY_GLSL

#include "shaders/picture.glsl"

const float kTouched = 0.06;  // least share of a place's surroundings with data where the map's edge begins: under one cell's
const float kCasing = 2.3;    // pixels that the edge is wide
const vec3 kEdge = vec3(0.035, 0.040, 0.045);
const vec3 kLuminance709 = vec3(0.2126, 0.7152, 0.0722);

// Squared, a colour of the picture is about linear.
float luminance(vec3 seen) { return dot(seen * seen, kLuminance709); }

// Skin under a map is this patient's own in another exposure: within the prescribed zones so dark that every colour of the
// map stands out from it, and cool and almost grey, since needles are still to go there; beside them nearer to what it is.
// `lit` is linear light, `mean_skin` the patient's own colour.
vec3 under_map(vec3 lit, vec3 mean_skin, float prescribed) {
    vec3 seen = to_picture(lit);
    float own = luminance(to_picture(mean_skin)), y = max(luminance(seen), 1e-4);
    float most = mix(0.30, 0.105, prescribed) * mix(0.42, 1.0, smoothstep(0.0, 0.45, own));
    float told = y / own;
    told = mix(told, sqrt(told), 0.45);  // shadows stay open, and no lamp's glare
    told = told < 0.7 ? told : 0.7 + 0.3 * (1.0 - exp((0.7 - told) / 0.3));
    vec3 hue = seen * seen / y;
    return sqrt(most * told * mix(hue, vec3(0.95, 1.01, 1.08), mix(0.05, 0.42, prescribed)));
}

// The map on it, with a dark edge round all that has data, from which every colour of the map stands out by 4.5:1, a black
// line at either end of the target band, and hatched where it is too much. `told` is DrawnVertex::overlay, `light` the
// vertices' and `relieved` the pixel's diffuse light; the vectors are unit and point away from the surface.
vec3 overlaid(vec4 told, vec3 light, vec3 relieved, vec3 mean_skin, vec3 normal, vec3 to_eye, vec3 to_lamp) {
    vec3 skin = under_map(relieved, mean_skin, told.w);
    float share = told.z;
    float inward = (share - kTouched) / max(length(vec2(dFdx(share), dFdy(share))), 1e-4);  // pixels
    float place = dot(told.xy, vec2(65280.0, 255.0)) / (65535.0 * max(share, 1e-3));
    float pixels = min(abs(place - 1.0 / 3.0), abs(place - 2.0 / 3.0)) / max(fwidth(place), 1e-4);
    if (inward < -1.0) return skin;
    float form = 0.4 * clamp(dot(normal, to_eye), 0.0, 1.0) + 0.6 * clamp(0.4 + 0.6 * dot(normal, to_lamp), 0.0, 1.0);
    form *= clamp(dot(relieved, kLuminance709) / max(dot(light, kLuminance709), 1e-4), 0.5, 1.15);  // pores and folds
    vec3 shade = overlay_map(place) * mix(0.76, 1.0, smoothstep(0.30, 0.82, form));
    if (place > 2.0 / 3.0 && fract((gl_FragCoord.x + gl_FragCoord.y) / 7.0) < 0.25) shade *= 0.62;
    shade *= smoothstep(0.7, 1.5, pixels);
    vec3 seen = mix(kEdge, shade, clamp(inward - kCasing + 0.5, 0.0, 1.0));
    return mix(skin, seen, clamp(inward + 0.5, 0.0, 1.0));
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
