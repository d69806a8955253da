// A neighbourhood's tally as the sum of its cells', one invocation each, after tally_bulk.comp.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/tally.h"

layout(local_size_x = 64) in;
layout(scalar, binding = 0) readonly buffer Begin { uint begin[]; };      // of a neighbourhood's cells, and one more
layout(scalar, binding = 1) readonly buffer Members { uint members[]; };  // cells by neighbourhood
layout(scalar, binding = 2) readonly buffer CellTallies { CellTally cell_tallies[]; };
layout(scalar, binding = 3) writeonly buffer NeighbourhoodTallies { NeighbourhoodTally neighbourhood_tallies[]; };
layout(push_constant, scalar) uniform Request { uint neighbourhood_count; };

void main() {
    uint n = gl_GlobalInvocationID.x;
    if (n >= neighbourhood_count) return;
    NeighbourhoodTally sum;
    sum.count = 0u;
    for (uint bin = 0u; bin < kDirectionBins; ++bin) sum.direction[bin] = 0u;
    uint64_t depth = 0ul;
    uint64_t force = 0ul;
    for (uint k = begin[n]; k < begin[n + 1u]; ++k) {
        CellTally cell = cell_tallies[members[k]];
        sum.count += cell.count;
        depth += sum_value(cell.depth_sum);
        force += sum_value(cell.force_sum);
        for (uint bin = 0u; bin < kDirectionBins; ++bin) sum.direction[bin] += cell.direction[bin];
    }
    sum.depth_sum = to_sum64(depth);
    sum.force_sum = to_sum64(force);
    neighbourhood_tallies[n] = sum;
}
