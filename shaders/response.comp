#version 460
#extension GL_GOOGLE_include_directive : require
// Redness of every surface cell, for the picture only. A cell reddens towards a target that grows with the punctures it
// took and their depth (end points of clinical.md 5.3: even pink below 0.3 mm, strong erythema from 0.5 mm, A), with an
// onset of 20 s inside the 10-60 s of clinical.md 5.2 (A); it fades with a half-life of hours, which no session sees.
#include "shaders/shared/picture.h"
#include "shaders/shared/tally.h"
#include "shaders/picture.glsl"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Tallies { CellTally tallies[]; };
layout(binding = 2, scalar) readonly buffer Begin { uint begin[]; };
layout(binding = 3, scalar) readonly buffer Neighbours { uint neighbours[]; };
layout(binding = 4, scalar) buffer Looks { CellLook looks[]; };
layout(binding = 5, scalar) readonly buffer Cells { Cell cells[]; };

layout(binding = 6, scalar) readonly buffer Places { vec3 places[]; };
layout(push_constant, scalar) uniform Push {
    float time_step;  // s
    uint odd;         // which of a cell's two flares is the last one
};

const float kOnset = 20.0;             // s, A
const float kFullPerCell = 12.0;       // punctures per mm2 of 0.5 mm that reach most of the target, A
const float kHalfLife = 8.0 * 3600.0;  // s, for 0.5 mm: clinical.md 5.2, A
const float kRefill = 0.7;             // s in which pressed-out blood returns to 1/e, A

// No two square millimetres answer alike.
float own_target(uint cell) {
    float count = float(tallies[cell].count);
    if (count == 0.0) return 0.0;
    float depth_mm = float(tallies[cell].depth_sum.lo) * 1e-3 / count;
    float dose = count * (0.25 + 1.5 * depth_mm) / kFullPerCell;
    float uneven = 0.72 + 0.56 * hash_unit(uvec2(cell, 7u));
    return (1.0 - exp(-dose)) * (0.55 + 0.6 * min(depth_mm, 1.5)) * uneven;
}

// The rim presses its ring of skin empty of blood, the plate inside it less.
float pressed(vec3 place) {
    if (frame.contact_points == 0u) return 0.0;
    float away = (distance(place, frame.contact_position) - frame.pen_radius) * 1e3;
    float rim = exp(-away * away * 0.6), inside = 0.35 * (1.0 - smoothstep(-1.0, 0.0, away));
    return max(rim, inside) * smoothstep(0.05e-3, 0.5e-3, frame.contact_dent);
}

// What an overlay shows of a cell: all that fell on it and on those of its zone that touch it, about 7 mm2; and the share of
// them that anything fell on.
vec2 overlay_of(uint cell) {
    float count = 0.0, area = 0.0, sum = 0.0, touched = 0.0, all = 0.0;
    for (uint k = begin[cell]; k <= begin[cell + 1u]; ++k) {
        uint other = k < begin[cell + 1u] ? neighbours[k] : cell;
        if (cells[other].zone != cells[cell].zone) continue;
        count += float(tallies[other].count);
        touched += float(min(tallies[other].count, 1u));
        all += 1.0;
        area += float(cells[other].area_um2);
        sum += float(frame.overlay == kOverlayDepth ? tallies[other].depth_sum.lo : tallies[other].force_sum.lo);
    }
    if (count == 0.0) return vec2(0.0);
    bool density = frame.overlay == kOverlayCoverage || frame.overlay == kOverlayEvenness;
    return vec2(density ? count * 1e8 / area : sum * 1e-3 / count, touched / all);
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= frame.cell_count) return;
    // Redness flares into its surroundings, treated or not, over about 2 mm: each cell takes most of what is round it.
    float around = 0.0, degree = float(begin[i + 1u] - begin[i]);
    for (uint k = begin[i]; k < begin[i + 1u]; ++k) around += looks[neighbours[k]].flare[odd];
    around /= max(degree, 1.0);
    float own = own_target(i), flare = max(own, 0.94 * around);
    looks[i].flare[1u - odd] = flare;
    float target = mix(flare, around, 0.5), redness = looks[i].redness;
    float rate = target > redness ? 1.0 / kOnset : 0.6931 / kHalfLife;
    looks[i].redness = redness + (target - redness) * (1.0 - exp(-time_step * rate));
    looks[i].pale = max(pressed(places[i]), looks[i].pale * exp(-time_step / kRefill));
    looks[i].depth_mm = tallies[i].count == 0u ? 0.0 : float(tallies[i].depth_sum.lo) * 1e-3 / float(tallies[i].count);
    if (frame.overlay == kOverlayNone) return;
    vec2 shown = overlay_of(i);
    looks[i].overlay = shown.x;
    looks[i].touched = shown.y;
}
