// Adds one batch of punctures and contact records to the tallies, one record of each per invocation. The twin of
// track::Tracker::add; bounds of the batch are checked on the CPU.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/tally.h"

layout(local_size_x = 64) in;
layout(scalar, binding = 0) readonly buffer Punctures { Puncture punctures[]; };
layout(scalar, binding = 1) readonly buffer Contacts { ContactRecord contacts[]; };
layout(scalar, binding = 2) readonly buffer Cells { Cell cells[]; };
layout(scalar, binding = 3) buffer CellTallies { CellTally cell_tallies[]; };
layout(scalar, binding = 4) buffer NeighbourhoodTallies { NeighbourhoodTally neighbourhood_tallies[]; };
layout(scalar, binding = 5) buffer ZoneTallies { ZoneTally zone_tallies[]; };
layout(push_constant, scalar) uniform Batch { uint puncture_count; uint contact_count; };

// The low word wraps exactly as often as the final sum says, whatever the order; each wrap is seen by one invocation.
#define ADD_TO(sum, value)                                    \
    {                                                         \
        uint before = atomicAdd(sum.lo, value);               \
        if (before + value < before) atomicAdd(sum.hi, 1u);   \
    }

void add_to_cell(uint i, PunctureTerms p) {
    atomicAdd(cell_tallies[i].count, 1u);
    ADD_TO(cell_tallies[i].depth_sum, p.depth_um)
    atomicMax(cell_tallies[i].depth_max_um, p.depth_um);
    ADD_TO(cell_tallies[i].force_sum, p.force_mn)
    atomicMax(cell_tallies[i].force_peak_mn, p.force_mn);
    if (p.direction < kDirectionBins) atomicAdd(cell_tallies[i].direction[p.direction], 1u);
}

void add_to_neighbourhood(uint i, PunctureTerms p) {
    atomicAdd(neighbourhood_tallies[i].count, 1u);
    ADD_TO(neighbourhood_tallies[i].depth_sum, p.depth_um)
    ADD_TO(neighbourhood_tallies[i].force_sum, p.force_mn)
    if (p.direction < kDirectionBins) atomicAdd(neighbourhood_tallies[i].direction[p.direction], 1u);
}

void add_to_zone(uint i, bool judged, PunctureTerms p) {
    atomicAdd(zone_tallies[i].count, 1u);
    if (judged) atomicAdd(zone_tallies[i].judged, 1u);
    ADD_TO(zone_tallies[i].depth_sum, p.depth_um)
    ADD_TO(zone_tallies[i].depth_sum_of_squares, p.depth_squared)
    ADD_TO(zone_tallies[i].force_sum, p.force_mn)
    ADD_TO(zone_tallies[i].tilt_sum, p.tilt_cdeg)
    atomicMax(zone_tallies[i].depth_max_um, p.depth_um);
    atomicMax(zone_tallies[i].force_peak_mn, p.force_mn);
    if (p.direction < kDirectionBins) atomicAdd(zone_tallies[i].direction[p.direction], 1u);
}

void add_puncture(Puncture puncture) {
    PunctureTerms terms = puncture_terms(puncture);
    uint zone = 0u;
    bool judged = false;
    if (has_cell(puncture.cell)) {
        Cell cell = cells[puncture.cell];
        zone = cell.zone;
        judged = is_judged(cell);
        add_to_cell(puncture.cell, terms);
        if (judged) add_to_neighbourhood(cell.neighbourhood, terms);
    }
    add_to_zone(zone, judged, terms);
}

void add_contact(ContactRecord record) {
    if (!contact_touches(record)) return;
    uint zone = 0u;
    if (has_cell(record.cell)) {
        zone = cells[record.cell].zone;
        atomicAdd(cell_tallies[record.cell].contact_steps, 1u);
        atomicMax(cell_tallies[record.cell].force_peak_mn, record.force_mn);
    }
    atomicAdd(zone_tallies[zone].contact_steps, 1u);
    atomicMax(zone_tallies[zone].force_peak_mn, record.force_mn);
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i < puncture_count) add_puncture(punctures[i]);
    if (i < contact_count) add_contact(contacts[i]);
}
