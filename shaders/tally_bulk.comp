// Adds many punctures to the cells and zones: tally.comp's twin for whole sessions. An atomic costs far more than an
// addition (on a CPU driver most of the time), so the punctures come sorted by cell, each invocation adds up a run of one
// cell's, and its workgroup adds up what goes to one zone. Neighbourhoods follow from their cells
// (tally_neighbourhoods.comp).
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/tally.h"

layout(local_size_x = 64) in;
layout(scalar, binding = 0) readonly buffer Runs { PunctureRun runs[]; };
layout(scalar, binding = 1) readonly buffer Briefs { PunctureBrief briefs[]; };
layout(scalar, binding = 2) readonly buffer Cells { Cell cells[]; };
layout(scalar, binding = 3) buffer CellTallies { CellTally cell_tallies[]; };
layout(scalar, binding = 4) buffer ZoneTallies { ZoneTally zone_tallies[]; };
layout(push_constant, scalar) uniform Batch { uint run_count; };

#define ADD_TO(sum, value)                                    \
    {                                                         \
        uint before = atomicAdd(sum.lo, value);               \
        if (before + value < before) atomicAdd(sum.hi, 1u);   \
    }

// What a run's records sum to: words hold it (tally.h).
struct Run {
    uint count, judged, depth, force, tilt, depth_max, force_peak;
    uint64_t depth_squared;
    uint directions_0_to_3, directions_4_to_5;  // a byte each
};

shared uint group_zone;
shared uint group_count, group_judged, group_depth, group_force, group_tilt, group_depth_max, group_force_peak;
shared Sum64 group_depth_squared;
shared uint group_direction[kDirectionBins];

uint direction_of(Run run, uint bin) {
    return bin < 4u ? (run.directions_0_to_3 >> (8u * bin)) & 0xffu : (run.directions_4_to_5 >> (8u * bin - 32u)) & 0xffu;
}

void add_squares_to_group(uint64_t squares) {
    Sum64 value = to_sum64(squares);
    ADD_TO(group_depth_squared, value.lo)
    atomicAdd(group_depth_squared.hi, value.hi);
}

void add_squares_to_zone(uint zone, uint64_t squares) {
    Sum64 value = to_sum64(squares);
    ADD_TO(zone_tallies[zone].depth_sum_of_squares, value.lo)
    if (value.hi != 0u) atomicAdd(zone_tallies[zone].depth_sum_of_squares.hi, value.hi);
}

void add_to_group(Run run) {
    atomicAdd(group_count, run.count);
    atomicAdd(group_judged, run.judged);
    atomicAdd(group_depth, run.depth);
    atomicAdd(group_force, run.force);
    atomicAdd(group_tilt, run.tilt);
    atomicMax(group_depth_max, run.depth_max);
    atomicMax(group_force_peak, run.force_peak);
    add_squares_to_group(run.depth_squared);
    for (uint bin = 0u; bin < kDirectionBins; ++bin) atomicAdd(group_direction[bin], direction_of(run, bin));
}

void add_to_zone(uint zone, Run run) {
    atomicAdd(zone_tallies[zone].count, run.count);
    atomicAdd(zone_tallies[zone].judged, run.judged);
    ADD_TO(zone_tallies[zone].depth_sum, run.depth)
    ADD_TO(zone_tallies[zone].force_sum, run.force)
    ADD_TO(zone_tallies[zone].tilt_sum, run.tilt)
    atomicMax(zone_tallies[zone].depth_max_um, run.depth_max);
    atomicMax(zone_tallies[zone].force_peak_mn, run.force_peak);
    add_squares_to_zone(zone, run.depth_squared);
    for (uint bin = 0u; bin < kDirectionBins; ++bin) {
        uint some = direction_of(run, bin);
        if (some != 0u) atomicAdd(zone_tallies[zone].direction[bin], some);
    }
}

void add_group_to_zone() {
    if (group_count == 0u) return;
    uint zone = group_zone;
    atomicAdd(zone_tallies[zone].count, group_count);
    atomicAdd(zone_tallies[zone].judged, group_judged);
    ADD_TO(zone_tallies[zone].depth_sum, group_depth)
    ADD_TO(zone_tallies[zone].force_sum, group_force)
    ADD_TO(zone_tallies[zone].tilt_sum, group_tilt)
    atomicMax(zone_tallies[zone].depth_max_um, group_depth_max);
    atomicMax(zone_tallies[zone].force_peak_mn, group_force_peak);
    add_squares_to_zone(zone, sum_value(group_depth_squared));
    for (uint bin = 0u; bin < kDirectionBins; ++bin) atomicAdd(zone_tallies[zone].direction[bin], group_direction[bin]);
}

void add_to_cell(uint i, Run run) {
    atomicAdd(cell_tallies[i].count, run.count);
    ADD_TO(cell_tallies[i].depth_sum, run.depth)
    atomicMax(cell_tallies[i].depth_max_um, run.depth_max);
    ADD_TO(cell_tallies[i].force_sum, run.force)
    atomicMax(cell_tallies[i].force_peak_mn, run.force_peak);
    for (uint bin = 0u; bin < kDirectionBins; ++bin) {
        uint some = direction_of(run, bin);
        if (some != 0u) atomicAdd(cell_tallies[i].direction[bin], some);
    }
}

uint zone_of(uint cell) {
    return has_cell(cell) ? cells[cell].zone : 0u;
}

Run sum_of(PunctureRun place) {
    Run run = Run(0u, 0u, 0u, 0u, 0u, 0u, 0u, 0ul, 0u, 0u);
    for (uint i = place.begin; i < place.end; ++i) {
        PunctureTerms p = brief_terms(briefs[i]);
        run.count += 1u;
        run.depth += p.depth_um;
        run.force += p.force_mn;
        run.tilt += p.tilt_cdeg;
        run.depth_max = max(run.depth_max, p.depth_um);
        run.force_peak = max(run.force_peak, p.force_mn);
        run.depth_squared += uint64_t(p.depth_squared);
        if (p.direction < 4u)
            run.directions_0_to_3 += 1u << (8u * p.direction);
        else if (p.direction < kDirectionBins)
            run.directions_4_to_5 += 1u << (8u * p.direction - 32u);
    }
    if (has_cell(place.cell) && is_judged(cells[place.cell])) run.judged = run.count;
    return run;
}

void main() {
    uint lane = gl_LocalInvocationID.x;
    if (lane == 0u) {
        group_zone = zone_of(runs[gl_GlobalInvocationID.x].cell);
        group_count = group_judged = group_depth = group_force = group_tilt = group_depth_max = group_force_peak = 0u;
        group_depth_squared = to_sum64(0ul);
    }
    if (lane < kDirectionBins) group_direction[lane] = 0u;
    barrier();

    if (gl_GlobalInvocationID.x < run_count) {
        PunctureRun place = runs[gl_GlobalInvocationID.x];
        Run run = sum_of(place);
        uint zone = zone_of(place.cell);
        if (has_cell(place.cell)) add_to_cell(place.cell, run);
        if (zone == group_zone)
            add_to_group(run);
        else
            add_to_zone(zone, run);
    }
    barrier();
    if (lane == 0u) add_group_to_zone();
}
