#version 460
#extension GL_GOOGLE_include_directive : require
// Redness of every surface cell, for the picture only. A cell reddens towards a target that grows with the punctures it
// took and their depth (end points of clinical.md 5.3: even pink below 0.3 mm, strong erythema from 0.5 mm, A), with an
// onset of 20 s inside the 10-60 s of clinical.md 5.2 (A); it fades with a half-life of hours, which no session sees.
#include "shaders/shared/picture.h"
#include "shaders/shared/tally.h"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Tallies { CellTally tallies[]; };
layout(binding = 2, scalar) readonly buffer Begin { uint begin[]; };
layout(binding = 3, scalar) readonly buffer Neighbours { uint neighbours[]; };
layout(binding = 4, scalar) buffer Looks { CellLook looks[]; };

const float kOnset = 20.0;             // s, A
const float kFullPerCell = 12.0;       // punctures per mm2 of 0.5 mm that reach most of the target, A
const float kHalfLife = 8.0 * 3600.0;  // s, for 0.5 mm: clinical.md 5.2, A

float target_of(uint cell) {
    float count = float(tallies[cell].count);
    if (count == 0.0) return 0.0;
    float depth_mm = float(tallies[cell].depth_sum.lo) * 1e-3 / count;
    float dose = count * (0.25 + 1.5 * depth_mm) / kFullPerCell;
    return (1.0 - exp(-dose)) * (0.55 + 0.6 * min(depth_mm, 1.5));
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= frame.cell_count) return;
    float around = 0.0;
    for (uint k = begin[i]; k < begin[i + 1u]; ++k) around += target_of(neighbours[k]);
    float own = target_of(i);
    float degree = float(begin[i + 1u] - begin[i]);
    float target = degree > 0.0 ? mix(own, around / degree, 0.5) : own;
    float redness = looks[i].redness;
    float rate = target > redness ? 1.0 / kOnset : 0.6931 / kHalfLife;
    redness += (target - redness) * (1.0 - exp(-frame.time_step * rate));
    looks[i].redness = redness;
    looks[i].depth_mm = tallies[i].count == 0u ? 0.0 : float(tallies[i].depth_sum.lo) * 1e-3 / float(tallies[i].count);
}
