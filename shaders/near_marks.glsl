// A needle mark and a droplet of blood as near eyes see them, in millimetres round their middle. For the fragment shaders of
// near_marks.vert.
#ifndef NEAR_MARKS_GLSL
#define NEAR_MARKS_GLSL

#include "shaders/shared/near_mark.h"
#include "shaders/picture.glsl"
#include "shaders/fine.glsl"

layout(constant_id = 0) const uint kDroplets = 0u;
layout(binding = 0, scalar) readonly buffer Marks { NearMark marks[]; };
layout(binding = 1, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 2) uniform sampler2D atlas;  // see fine.glsl
layout(location = 0) in vec2 corner;
layout(location = 1) in flat uint own;

// What covers the skin, colours as shares of the light that skin sends back there.
struct Mark {
    vec3 colour;
    float cover;
    vec3 shine;      // light mirrored from it
    float mirrors;   // share of the skin's own mirror image that it hides
};

void lay_over(inout Mark below, vec3 colour, float cover) {
    float sum = cover + below.cover * (1.0 - cover);
    below.colour = mix(below.colour, colour, cover / max(sum, 1e-4));
    below.cover = sum;
}

// Radius, as a share of a round one's, in this direction.
float ragged(vec2 direction) {
    float c = direction.x, d = direction.y;
    return 1.0 + dot(marks[own].ragged, vec4(c * c - d * d, 2.0 * c * d, c * (4.0 * c * c - 3.0), d * (3.0 - 4.0 * d * d)));
}

// The hole, closed to a slit along some direction; the lip that its punching raised; the reddened rim.
Mark needle_mark() {
    float strength = marks[own].strength, seen = marks[own].seen, size = marks[own].size, pixel = marks[own].pixel;
    vec3 normal = marks[own].normal;
    vec2 turn = marks[own].turn, at = vec2(turn.x * corner.x + turn.y * corner.y, turn.x * corner.y - turn.y * corner.x);
    float reach = length(at), uneven = ragged(at / max(reach, 1e-4)), r = reach / uneven;
    Mark mark = Mark(vec3(0.78, 0.53, 0.51), strength * (1.0 - smoothstep(0.55 * size, 1.7 * size, r)), vec3(0.0), 0.0);
    // A lip some micrometres high just outside the hole.
    float x = clamp((r - 0.62 * size) / (0.6 * size), -1.0, 1.0);
    float slope = 0.9 * x * (1.0 - x * x) * (1.0 - x * x) * (1.0 - smoothstep(0.015, 0.04, pixel));
    vec3 n = normalize(normal + (marks[own].across * corner.x + marks[own].up * corner.y) * (slope / max(reach, 1e-4)));
    float nl = dot(n, frame.key_to);
    mark.colour *= 1.0 + 0.7 * (nl - dot(normal, frame.key_to)) * seen;
    mark.shine = frame.key_colour * (skin_shine(clamp(dot(n, marks[own].half_key), 0.0, 1.0), marks[own].key_cosine,
                                                min(marks[own].light.w, 1.0), 0.0, 0.4) * max(nl, 0.0) * seen);
    float hole = 0.42 * size, blur = max(0.004, 0.6 * pixel);
    float dark = marks[own].dark * (1.0 - smoothstep(hole - blur, hole + blur, length(at * vec2(0.72, 1.45)) / uneven));
    mark.mirrors = max(mark.cover, dark);
    lay_over(mark, vec3(0.24, 0.050, 0.042), dark);
    mark.shine *= 1.0 - dark;
    return mark;
}

// A lamp of `radius` rad in a smooth drop; its edge is soft over a pixel.
vec3 lamp_in_drop(vec3 mirrored, vec3 to, vec3 colour, float radius, float blur) {
    float angle = acos(clamp(dot(mirrored, to), -1.0, 1.0));
    return colour * ((1.0 - smoothstep(radius - blur, radius + blur, angle)) / (radius * radius));
}

// A cap of blood that stands 60 degrees steep at its foot, and its soft shade beside it.
Mark droplet() {
    vec3 normal = marks[own].normal, v = marks[own].view;
    float radius = marks[own].droplet, seen = marks[own].seen, reach = max(length(corner), 1e-4);
    float pixel = 0.5 * (length(dFdx(corner)) + length(dFdy(corner))), blur = 0.75 * pixel / radius;
    float r = reach / (radius * ragged(corner / reach));
    vec2 to_lamp = vec2(dot(marks[own].across, frame.key_to), dot(marks[own].up, frame.key_to));
    float shade = 1.0 - smoothstep(0.95, 1.45, length(corner / radius + to_lamp * 0.15));
    Mark mark = Mark(vec3(0.55, 0.34, 0.33), 0.55 * shade, vec3(0.0), 0.0);
    float cover = 1.0 - smoothstep(1.0 - max(blur, 0.02), 1.0 + max(blur, 0.02), r);
    float steep = 0.85 * min(r, 1.0);
    vec3 outward = (marks[own].across * corner.x + marks[own].up * corner.y) / reach;
    vec3 n = normalize(normal * sqrt(1.0 - steep * steep) + outward * steep);
    // Thin at its foot, where skin shines through.
    vec3 blood = mix(vec3(0.66, 0.070, 0.055), vec3(0.50, 0.026, 0.024), 1.0 - smoothstep(0.45, 1.0, r));
    lay_over(mark, blood * (1.0 + 0.35 * dot(n - normal, frame.key_to) * seen), cover);
    vec3 mirrored = reflect(-v, n);
    float edge = 0.85 * blur + 0.03;
    vec3 room = mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * mirrored.y);
    room += lamp_in_drop(mirrored, frame.key_to, frame.key_colour * seen, 0.28, edge);
    room += lamp_in_drop(mirrored, frame.fill_to, frame.fill_colour, 0.35, edge);
    mark.shine = room * (fresnel(0.028, clamp(dot(n, v), 0.0, 1.0)) * cover);
    mark.mirrors = cover;
    return mark;
}

// What the skin sends back there without its mark.
vec3 skin_here() {
    return marks[own].light.rgb * tint_at(atlas, marks[own].uv + marks[own].uv_across * corner.x + marks[own].uv_up * corner.y);
}

Mark mark_here() {
    Mark mark;
    if (kDroplets == 1u) mark = droplet();
    else mark = needle_mark();
    mark.cover *= marks[own].share;
    mark.mirrors *= marks[own].share;
    return mark;
}

#endif
