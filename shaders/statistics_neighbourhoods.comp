// What each neighbourhood adds to its zone's statistics, one invocation each. Evenness is worked out only where the zone
// has had punctures since `statistics` was last written (counts only grow), because its Gini row runs over all
// neighbourhoods of the zone: about 1 ms for a whole head on the CPU driver, 0.15 ms for the one zone under the pen.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/statistics.h"

layout(local_size_x = 64) in;
layout(scalar, binding = 0) readonly buffer Neighbourhoods { Neighbourhood neighbourhoods[]; };
layout(scalar, binding = 1) readonly buffer Zones { ZoneSpan zones[]; };
layout(scalar, binding = 2) readonly buffer NeighbourhoodTallies { NeighbourhoodTally neighbourhood_tallies[]; };
layout(scalar, binding = 3) readonly buffer ZoneTallies { ZoneTally zone_tallies[]; };
layout(scalar, binding = 4) buffer Shares { NeighbourhoodShare shares[]; };
layout(scalar, binding = 5) readonly buffer Statistics { ZoneStats statistics[]; };
layout(push_constant, scalar) uniform Request { uint neighbourhood_count; uint floor_per_cm2; };

uint64_t inequality_row(uint count, uint area, ZoneSpan zone) {
    uint64_t row = 0ul;
    for (uint j = zone.first; j < zone.first + zone.count; ++j)
        row += inequality_term(count, area, neighbourhood_tallies[j].count, neighbourhoods[j].area_um2);
    return row;
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= neighbourhood_count) return;
    Neighbourhood place = neighbourhoods[i];
    ZoneSpan zone = zones[place.zone];
    uint64_t zone_area = sum_value(zone.area_um2);
    uint zone_punctures = zone_tallies[place.zone].judged;
    uint count = neighbourhood_tallies[i].count;
    bool covered = is_covered(count, place.area_um2, zone_punctures, zone_area, floor_per_cm2);

    NeighbourhoodShare share = shares[i];
    share.covered_um2 = covered ? place.area_um2 : 0u;
    if (zone_tallies[place.zone].count != statistics[place.zone].punctures) {
        share.evenness_q36 = to_sum64(evenness_term_q36(count, place.area_um2, zone_punctures, zone_area));
        share.inequality = to_sum64(count == 0u ? 0ul : inequality_row(count, place.area_um2, zone));
    }
    shares[i] = share;
}
