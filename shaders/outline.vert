#version 460
#extension GL_GOOGLE_include_directive : require
// Borders between clinical zones, as ribbons just above the skin: outline.glsl.
#include "shaders/shared/picture.h"

layout(location = 0) out float across;  // pixels from the ribbon's middle
layout(location = 1) out flat uint quiet;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Points { OutlinePoint points[]; };
layout(binding = 2, scalar) readonly buffer Drawn { DrawnVertex drawn[]; };

const float kHalfWidth = 3.4;      // pixels, the soft edge included
const float kMostSlant = 2.5;      // where the skin is seen more edge on, the ribbon becomes narrower

vec3 place_of(uint i) {
    OutlinePoint p = points[i];
    return p.weights.x * drawn[p.corners.x].position + p.weights.y * drawn[p.corners.y].position +
           (1.0 - p.weights.x - p.weights.y) * drawn[p.corners.z].position;
}

vec3 normal_of(uint i) {
    DrawnVertex v = drawn[points[i].corners.x];
    return vec3(unpackSnorm2x16(v.normal_xy), unpackSnorm2x16(v.normal_z).x);
}

void main() {
    uint i = uint(gl_VertexIndex) / 2u;
    bool first = (points[i].ends & kOutlineFirst) != 0u, last = (points[i].ends & kOutlineLast) != 0u;
    vec3 place = place_of(i), along = (last ? place : place_of(i + 1u)) - (first ? place : place_of(i - 1u));
    vec3 aside = normalize(cross(normal_of(i), along) + 1e-12);
    uint zones = points[i].ends >> 8;
    bool beside = (zones & 0xffu) == frame.outlined_zone || zones >> 8 == frame.outlined_zone;
    // On a map the borders of zones that are not meant to be treated stay quiet.
    bool meant = frame.overlay == kOverlayNone || ((frame.prescribed >> (zones & 0xffu) | frame.prescribed >> (zones >> 8)) & 1u) != 0u;
    quiet = (frame.outlined_zone == kOutlineAll && meant) || (beside && frame.outlined_zone != 0u) ? 0u : 1u;
    across = (gl_VertexIndex & 1) == 0 ? -kHalfWidth : kHalfWidth;

    // As far aside in the skin as gives the width on the picture, so that the skin hides neither line.
    mat4 rows = transpose(frame.clip_from_world);
    vec2 pixel = frame.pixel_size * vec2(length(rows[0].xyz), length(rows[1].xyz));  // in clip space at w = 1
    vec3 raised = place + normalize(frame.eye - place) * 3e-4;  // chords cut through hollows by less than this
    vec4 here = frame.clip_from_world * vec4(raised, 1.0);
    vec4 step_along = frame.clip_from_world * vec4(along, 0.0), step_aside = frame.clip_from_world * vec4(aside, 0.0);
    vec2 line = (step_along.xy - here.xy / here.w * step_along.w) / pixel;
    vec2 moved = (step_aside.xy - here.xy / here.w * step_aside.w) / (here.w * pixel);  // pixels per metre
    vec2 away = vec2(-line.y, line.x) / max(length(line), 1e-9);
    float metres = min(kHalfWidth / max(abs(dot(moved, away)), 1e-3), kMostSlant * kHalfWidth * frame.pixel_size * here.w);
    gl_Position = here + step_aside * (across < 0.0 ? -metres : metres);
    gl_Position.z -= 4e-5 * gl_Position.w;
}
