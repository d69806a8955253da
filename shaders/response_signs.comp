#version 460
#extension GL_GOOGLE_include_directive : require
// What every cell shows at a tick, in rounds: first each by itself, then its redness with its surroundings' (response.h).
#include "shaders/shared/response.h"

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kRound = 0u;  // 0: by itself; then kFlareRounds that spread, and one that is seen
layout(scalar, binding = 0) readonly buffer Responses { CellResponse responses[]; };
layout(scalar, binding = 1) uniform Curves { ResponseCurves curves; };
layout(scalar, binding = 2) buffer Signs { CellSigns signs[]; };
layout(scalar, binding = 3) readonly buffer From { uint from[]; };
layout(scalar, binding = 4) writeonly buffer To { uint to[]; };
layout(scalar, binding = 5) readonly buffer Begin { uint begin[]; };
layout(scalar, binding = 6) readonly buffer Neighbours { uint neighbours[]; };
layout(scalar, binding = 7) readonly buffer Blocks { uint blocks[]; };  // of 64 cells, that are computed anew
layout(push_constant, scalar) uniform Push { uint cell_count; uint tick; };

void main() {
    uint i = blocks[gl_WorkGroupID.x] * 64u + gl_LocalInvocationID.x;
    if (i >= cell_count) return;
    if (kRound == 0u) {
        // Untouched: what it shows is what the buffer was filled with.
        if (responses[i].count == 0u && responses[i].pale == 0u && responses[i].bruise_dose == 0u) return;
        CellSigns s = signs_at(responses[i], tick, curves);
        signs[i] = s;
        to[i] = s.redness;
        return;
    }
    uint around = 0u, degree = begin[i + 1u] - begin[i];
    for (uint k = begin[i]; k < begin[i + 1u]; ++k) around += from[neighbours[k]];
    to[i] = kRound <= kFlareRounds ? flared(signs[i].redness, around, degree, curves) : seen_redness(from[i], around, degree);
}
