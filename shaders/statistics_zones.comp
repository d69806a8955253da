// Adds up the neighbourhoods' shares, one workgroup per zone, and turns them into the zone's statistics.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/statistics.h"

const uint kLanes = 16u;  // more cost: the CPU driver runs the last line once for every eight lanes
layout(local_size_x = 16) in;
layout(scalar, binding = 0) readonly buffer Zones { ZoneSpan zones[]; };
layout(scalar, binding = 1) readonly buffer ZoneTallies { ZoneTally zone_tallies[]; };
layout(scalar, binding = 2) readonly buffer Shares { NeighbourhoodShare shares[]; };
layout(scalar, binding = 3) writeonly buffer Statistics { ZoneStats statistics[]; };

shared uint64_t covered[kLanes];
shared uint64_t evenness[kLanes];
shared uint64_t inequality[kLanes];

void main() {
    uint lane = gl_LocalInvocationID.x;
    uint z = gl_WorkGroupID.x;
    ZoneSpan zone = zones[z];
    covered[lane] = 0ul;
    evenness[lane] = 0ul;
    inequality[lane] = 0ul;
    for (uint k = lane; k < zone.count; k += kLanes) {
        NeighbourhoodShare share = shares[zone.first + k];
        covered[lane] += uint64_t(share.covered_um2);
        evenness[lane] += sum_value(share.evenness_q36);
        inequality[lane] += sum_value(share.inequality);
    }
    for (uint step = kLanes / 2u; step > 0u; step /= 2u) {
        barrier();
        if (lane < step) {
            covered[lane] += covered[lane + step];
            evenness[lane] += evenness[lane + step];
            inequality[lane] += inequality[lane + step];
        }
    }
    if (lane == 0u)
        statistics[z] = zone_statistics(zone_tallies[z], zone, covered[0], evenness[0], inequality[0]);
}
