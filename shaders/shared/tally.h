// What is counted, per surface cell, per 5 mm neighbourhood and per clinical zone. Every sum is an integer
// and every addition commutes, so the CPU and the GPU's atomics reach the same bits in any order and any
// number of pieces.
//
// Bounds that statistics.h proves its arithmetic with; Tracker and GpuTracker refuse more:
//   punctures in all         <= kMaxPunctures (67 million: three and a half hours of 36 pins at 150 Hz)
//   area of a zone           <= kMaxZoneArea_mm2
//   area of a neighbourhood  in 1..kMaxNeighbourhoodArea_um2
#ifndef EVENHAND_SHARED_TALLY_H
#define EVENHAND_SHARED_TALLY_H

#include "shaders/shared/evidence.h"

SHARED_BEGIN

SHARED_CONST uint kMaxPunctures = 1u << 26;
SHARED_CONST uint kMaxZoneArea_mm2 = 200000u;
SHARED_CONST uint kMaxNeighbourhoodArea_um2 = 1u << 27;
SHARED_CONST uint kContactStepsPerSecond = 120u;  // skin::kStepsPerSecond: what one ContactRecord lasts

// The ring of skin about no-go skin, where nobody may needle (clinical.md 2.4), is judged neither by density nor by coverage
// nor by evenness: its cells belong to no neighbourhood, and its punctures count to cell and zone alone.
SHARED_CONST uint kNoNeighbourhood = 0xffffffffu;

struct Cell {
    uint zone;
    uint neighbourhood;  // index into the map's neighbourhoods, or kNoNeighbourhood
    uint area_um2;
};

struct Neighbourhood {
    uint zone;
    uint area_um2;
};

// A 64-bit sum as two words: not every device has 64-bit atomics, and the carry needs none (tally.comp).
struct Sum64 {
    uint lo;
    uint hi;
};

// A zone's neighbourhoods are [first, first + count) of the map's; its area is theirs.
struct ZoneSpan {
    uint first;
    uint count;
    Sum64 area_um2;
};

// Depth, force and direction are those of the punctures; the peak also hears the contact records, so that
// pressing hard with the motor off shows.
struct CellTally {
    uint count;       // punctures
    Sum64 depth_sum;  // um
    uint depth_max_um;
    Sum64 force_sum;  // mN
    uint force_peak_mn;
    uint contact_steps;  // steps of 1/120 s with the tip's centre on this cell
    uint direction[6];   // punctures per direction bin (kDirectionBins); those standing still are in none
};

struct NeighbourhoodTally {
    uint count;
    Sum64 depth_sum;  // um
    Sum64 force_sum;  // mN
    uint direction[6];
};

struct ZoneTally {
    uint count;
    uint judged;                 // of these, in neighbourhoods
    Sum64 depth_sum;             // um
    Sum64 depth_sum_of_squares;  // um^2
    Sum64 force_sum;             // mN
    Sum64 tilt_sum;              // 0.01 degree
    uint depth_max_um;
    uint force_peak_mn;
    uint contact_steps;
    uint direction[6];
};

// What the tallies need of a puncture beside its cell, as it goes to the GPU by the million.
struct PunctureBrief {
    uint depth_tilt;    // as Puncture
    uint force_needle;  // as Puncture
};

// Punctures [begin, end) of those sorted by cell, at most kBulkRun; one invocation of tally_bulk.comp adds them up in words,
// their directions in bytes, and 64 invocations in words again: 64 x 128 x 65535 < 2^30.
struct PunctureRun {
    uint cell;  // or kNoCell
    uint begin;
    uint end;
};
SHARED_CONST uint kBulkRun = 128u;

// What one puncture adds. All below 2^32: depth and force are 16 bits wide, so the square fits.
struct PunctureTerms {
    uint depth_um;
    uint depth_squared;
    uint force_mn;
    uint tilt_cdeg;
    uint direction;  // >= kDirectionBins: none
};

SHARED_FUNCTION PunctureTerms puncture_terms(Puncture p) {
    PunctureTerms t;
    t.depth_um = puncture_depth_um(p);
    t.depth_squared = t.depth_um * t.depth_um;
    t.force_mn = puncture_force_mn(p);
    t.tilt_cdeg = puncture_tilt_cdeg(p);
    t.direction = puncture_direction(p);
    return t;
}

SHARED_FUNCTION PunctureBrief brief_of(Puncture p) {
    PunctureBrief b;
    b.depth_tilt = p.depth_tilt;
    b.force_needle = p.force_needle;
    return b;
}

SHARED_FUNCTION PunctureTerms brief_terms(PunctureBrief b) {
    Puncture p;
    p.time_us = 0u;
    p.cell = kNoCell;
    p.triangle = 0u;
    p.weights = 0u;
    p.depth_tilt = b.depth_tilt;
    p.force_needle = b.force_needle;
    return puncture_terms(p);
}

SHARED_FUNCTION uint64_t sum_value(Sum64 s) {
    return (uint64_t(s.hi) << 32) | uint64_t(s.lo);
}

SHARED_FUNCTION Sum64 to_sum64(uint64_t value) {
    Sum64 s;
    s.lo = uint(value & 0xfffffffful);
    s.hi = uint(value >> 32);
    return s;
}

// Punctures beyond the face's cells count to zone 0 alone.
SHARED_FUNCTION bool has_cell(uint cell) {
    return cell != kNoCell;
}
SHARED_FUNCTION bool is_judged(Cell cell) {
    return cell.neighbourhood != kNoNeighbourhood;
}
SHARED_FUNCTION bool contact_touches(ContactRecord r) {
    return (r.flags & kContactTouching) != 0u;
}

SHARED_END

#endif
