// How one surface cell of skin answers to needles while one works: redness, blood, bruise, pallor. Integers only, so that
// picture (GPU), measures and tests (CPU) are one number. Figures: content/skins/response.toml.
//
// Nothing is stepped. A cell keeps what it showed when it was last pricked, pressed or wiped; what it shows at a later tick is
// a closed form of that and the time since. So the answer depends on the evidence alone, not on how often anyone looked, and
// what comes within one tick may come in any order and in any number of pieces.
//
// Levels are in 2^-16: of redness 1 = strong erythema, of blood, bruise, pallor and overwork 1 = all of the cell.
#ifndef EVENHAND_SHARED_RESPONSE_H
#define EVENHAND_SHARED_RESPONSE_H

#include "shaders/shared/evidence.h"

SHARED_BEGIN

SHARED_CONST uint kTickUs = 100000u;
SHARED_CONST uint kTicksPerSecond = 10u;
SHARED_CONST uint kLevel = 1u << 16;
SHARED_CONST uint kMostLevel = (1u << 17) - 1u;
SHARED_CONST uint kFadePoints = 4u;
SHARED_CONST uint kFlareRounds = 4u;  // cells beyond what was pricked that redden with it

// Rates: halvings per tick in 2^-32.
struct ResponseCurves {
    uint redness_most;    // level that no number of needles exceeds
    uint onset_rate;
    uint plateau;         // ticks after the last needle for which redness stays
    uint fade_depth_um[4], fade_half[4];  // mean depth, rising, and ticks in which redness then halves
    uint flare_share;     // level of redness that untouched skin takes from strong redness all round it
    uint seep_rate;       // blood that comes out of fresh channels; then that after a wipe
    uint reseep_rate;
    uint clot_rate;       // of what still bleeds after a wipe
    uint wet_from, wet_span;    // bleeding channels per mm2, in 2^-24, from which blood runs together; to where all is wet
    uint grey_from, grey_span;  // punctures per mm2, in 2^-8, from which skin is overworked
    uint bruise_rate;
    uint refill_rate;     // of pressed-out blood
};

// What fell on one cell within one tick. Sums saturate.
struct CellDose {
    uint cell, tick;
    uint count, depth_um;  // punctures, and their depth in all
    uint redness;          // halvings of the redness still to come, in 2^-16
    uint seeping;          // channels that can bleed, per mm2, in 2^-24
    uint work;             // punctures per mm2, in 2^-8
    uint spots;            // punctures that bleed
    uint bruise;           // halvings of skin not yet bruised, in 2^-12
    uint pale;             // level of blood pressed out
    uint wiped;            // 1 = a pad took away what lay on it, after what the tick brought
};

struct CellResponse {
    uint count, depth_um, redness_dose, seeping, work, spots, bruise_dose;  // sums of doses
    uint redness, redness_tick;  // level at the tick of the last puncture
    uint wet, wet_tick, wet_aim, wet_rate;
    uint bruise, bruise_tick;
    uint pale, pale_tick;
};

// What a cell shows at a tick.
struct CellSigns {
    uint redness;
    uint wet;        // share under free blood
    uint confluent;  // share whose bleeding runs together, wiped or not
    uint bruise;
    uint grey;       // share overworked
    uint pale;
};

SHARED_FUNCTION uint tick_of(uint time_us) { return time_us / kTickUs; }
SHARED_FUNCTION uint least_of(uint a, uint b) { return a < b ? a : b; }
SHARED_FUNCTION uint most_of(uint a, uint b) { return a > b ? a : b; }
SHARED_FUNCTION uint sum_of(uint a, uint b) { return a > 0xffffffffu - b ? 0xffffffffu : a + b; }
// a x level / 1, for levels.
SHARED_FUNCTION uint share_of(uint a, uint level) { return uint((uint64_t(a) * uint64_t(level)) >> 16); }

// 2^-x in 2^-15, x in 2^-16. Falls nowhere short of monotone; off by at most one unit: 1 - f (c1 - f (c2 - f (c3 - f c4))) is
// within 1e-6 of 2^-f on [0, 1] and exact at its ends.
SHARED_FUNCTION uint halved(uint x) {
    uint whole = x >> 16;
    if (whole >= 16u) return 0u;
    uint64_t f = uint64_t(x & 0xffffu) << 16;
    uint64_t a = 228758282ul - ((29397881ul * f) >> 32);
    a = 1028589918ul - ((a * f) >> 32);
    a = 2976713165ul - ((a * f) >> 32);
    return (32768u - uint(((a * f) >> 32) >> 17)) >> whole;
}

// After so many ticks.
SHARED_FUNCTION uint halved_after(uint ticks, uint rate) {
    uint64_t x = (uint64_t(ticks) * uint64_t(rate)) >> 16;
    return halved(x >= 1048576ul ? 1048576u : uint(x));
}

// `part` in 2^-15, level below 2^17: fits.
SHARED_FUNCTION uint left_of(uint level, uint part) { return (level * part) >> 15; }

// From `level` towards `aim`, which it does not exceed; `part` of the way is left. Exact at none and at all of it.
SHARED_FUNCTION uint nearer(uint level, uint aim, uint part) {
    return level >= aim ? level : aim - left_of(aim - level, part);
}

SHARED_FUNCTION uint ticks_since(uint then, uint now) { return now > then ? now - then : 0u; }

SHARED_FUNCTION uint ramp(uint value, uint from, uint span) {
    if (value <= from) return 0u;
    return value - from >= span ? kLevel : uint((uint64_t(value - from) << 16) / uint64_t(span));
}

// Ticks in which redness halves: straight between the points, level beyond them.
SHARED_FUNCTION uint fade_half_of(uint depth_um, ResponseCurves k) {
    if (depth_um <= k.fade_depth_um[0]) return k.fade_half[0];
    for (uint i = 1u; i < kFadePoints; ++i) {
        uint low = k.fade_depth_um[i - 1u], high = k.fade_depth_um[i];
        if (depth_um >= high) continue;
        uint64_t rise = uint64_t(k.fade_half[i] - k.fade_half[i - 1u]) * uint64_t(depth_um - low);
        return k.fade_half[i - 1u] + uint(rise / uint64_t(high - low));
    }
    return k.fade_half[kFadePoints - 1u];
}

SHARED_FUNCTION uint redness_aim(CellResponse c, ResponseCurves k) {
    return k.redness_most - left_of(k.redness_most, halved(c.redness_dose));
}

SHARED_FUNCTION uint redness_at(CellResponse c, uint tick, ResponseCurves k) {
    if (c.count == 0u) return 0u;
    uint since = ticks_since(c.redness_tick, tick);
    uint level = nearer(c.redness, redness_aim(c, k), halved_after(since, k.onset_rate));
    if (since <= k.plateau) return level;
    uint64_t x = (uint64_t(since - k.plateau) << 16) / uint64_t(fade_half_of(c.depth_um / c.count, k));
    return left_of(level, halved(x >= 1048576ul ? 1048576u : uint(x)));
}

SHARED_FUNCTION uint wet_at(CellResponse c, uint tick) {
    return nearer(c.wet, c.wet_aim, halved_after(ticks_since(c.wet_tick, tick), c.wet_rate));
}

SHARED_FUNCTION uint bruise_aim(CellResponse c) {
    uint dose = least_of(c.bruise_dose, 1u << 16);
    return kLevel - left_of(kLevel, halved(dose << 4));
}

SHARED_FUNCTION uint bruise_at(CellResponse c, uint tick, ResponseCurves k) {
    return nearer(c.bruise, bruise_aim(c), halved_after(ticks_since(c.bruise_tick, tick), k.bruise_rate));
}

SHARED_FUNCTION uint pale_at(CellResponse c, uint tick, ResponseCurves k) {
    return left_of(c.pale, halved_after(ticks_since(c.pale_tick, tick), k.refill_rate));
}

SHARED_FUNCTION uint confluent_of(CellResponse c, ResponseCurves k) { return ramp(c.seeping, k.wet_from, k.wet_span); }

// Ticks of one cell's doses never fall.
SHARED_FUNCTION CellResponse respond(CellResponse c, CellDose d, ResponseCurves k) {
    if (d.pale != 0u) {
        c.pale = most_of(d.pale, pale_at(c, d.tick, k));
        c.pale_tick = most_of(c.pale_tick, d.tick);
    }
    if (d.bruise != 0u) {
        c.bruise = bruise_at(c, d.tick, k);
        c.bruise_tick = most_of(c.bruise_tick, d.tick);
        c.bruise_dose = sum_of(c.bruise_dose, d.bruise);
    }
    if (d.count != 0u) {
        c.redness = redness_at(c, d.tick, k);
        c.redness_tick = most_of(c.redness_tick, d.tick);
        c.count = sum_of(c.count, d.count);
        c.depth_um = sum_of(c.depth_um, d.depth_um);
        c.redness_dose = sum_of(c.redness_dose, d.redness);
        c.work = sum_of(c.work, d.work);
        c.spots = sum_of(c.spots, d.spots);
        c.seeping = sum_of(c.seeping, d.seeping);
        c.wet = wet_at(c, d.tick);
        c.wet_tick = most_of(c.wet_tick, d.tick);
        c.wet_aim = confluent_of(c, k);
        c.wet_rate = k.seep_rate;
    }
    if (d.wiped != 0u) {
        uint since = ticks_since(c.redness_tick, d.tick);
        c.wet = 0u;
        c.wet_tick = most_of(c.wet_tick, d.tick);
        c.wet_aim = left_of(c.wet_aim, halved_after(since, k.clot_rate));
        // Punctures of the same tick may still come: they bleed as if they had come first.
        if (since > 0u) c.wet_rate = k.reseep_rate;
    }
    return c;
}

SHARED_FUNCTION CellSigns signs_at(CellResponse c, uint tick, ResponseCurves k) {
    CellSigns s;
    s.redness = redness_at(c, tick, k);
    s.wet = wet_at(c, tick);
    s.confluent = confluent_of(c, k);
    s.bruise = bruise_at(c, tick, k);
    s.grey = ramp(c.work, k.grey_from, k.grey_span);
    s.pale = pale_at(c, tick, k);
    return s;
}

// Redness spreads into its surroundings, treated or not: in each of kFlareRounds a cell takes a share of the mean of those that
// touch it, or keeps its own. What is seen in the end is half its own and half theirs: vessels do not end where a cell does.
SHARED_FUNCTION uint flared(uint own, uint around_sum, uint degree, ResponseCurves k) {
    return degree == 0u ? own : most_of(own, share_of(around_sum / degree, k.flare_share));
}
SHARED_FUNCTION uint seen_redness(uint own, uint around_sum, uint degree) {
    return degree == 0u ? own : (own + around_sum / degree) / 2u;
}

SHARED_END

#endif
