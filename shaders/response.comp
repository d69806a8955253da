#version 460
#extension GL_GOOGLE_include_directive : require
// What is seen of every surface cell: its response (response.h), whose parts that have edges are softened over the cells that
// touch it, and the overlay. Of the picture alone.
#include "shaders/shared/picture.h"
#include "shaders/shared/response.h"
#include "shaders/shared/tally.h"
#include "shaders/picture.glsl"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Tallies { CellTally tallies[]; };
layout(binding = 2, scalar) readonly buffer Begin { uint begin[]; };
layout(binding = 3, scalar) readonly buffer Neighbours { uint neighbours[]; };
layout(binding = 4, scalar) buffer Looks { CellLook looks[]; };
layout(binding = 5, scalar) readonly buffer Cells { Cell cells[]; };
layout(binding = 6, scalar) readonly buffer Signs { CellSigns signs[]; };
layout(binding = 7, scalar) readonly buffer Seen { uint seen[]; };  // redness
layout(binding = 8, scalar) readonly buffer Blocks { uint blocks[]; };  // of 64 cells, whose look is computed anew

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

vec4 levels_of(CellSigns s) { return vec4(s.pale, s.wet, s.bruise, s.grey) / float(kLevel); }

// Half its own and half of what touches it.
vec4 softened(uint cell) {
    vec4 around = vec4(0.0);
    for (uint k = begin[cell]; k < begin[cell + 1u]; ++k) around += levels_of(signs[neighbours[k]]);
    return mix(levels_of(signs[cell]), around / max(float(begin[cell + 1u] - begin[cell]), 1.0), 0.5);
}

void main() {
    uint i = blocks[gl_WorkGroupID.x] * 64u + gl_LocalInvocationID.x;
    if (i >= frame.cell_count) return;
    // No two square millimetres answer alike.
    float uneven = 0.85 + 0.30 * hash_unit(uvec2(i, 7u));
    looks[i].redness = float(seen[i]) / float(kLevel) * uneven;
    vec4 levels = softened(i);
    looks[i].pale = levels.x;
    looks[i].wet = levels.y;
    looks[i].bruise = levels.z;
    looks[i].grey = levels.w;
    if (frame.overlay == kOverlayNone) return;
    vec2 shown = overlay_of(i);
    looks[i].overlay = shown.x;
    looks[i].touched = shown.y;
}
