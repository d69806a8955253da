// From tallies to the statistics of a zone, in integers only, so that the live panel, the CPU twin and the
// official score are the same number. Definitions: clinical.md 8 (evenness on 5 mm neighbourhoods) and 9,
// rows 10 and 12.
//
// Notation: a neighbourhood holds c punctures on area a (um^2); its zone holds N on A in K neighbourhoods. The ring about
// no-go skin is in no neighbourhood, so neither its area nor its punctures are in A and N.
// Bounds (tally.h): c <= N <= 2^26, 1 <= a <= 2^27, A <= 2e11 < 2^37.6.
//   Hence N A <= 1.35e19 < 2^64 = 1.84e19, and N a <= 2^53.
// Rounding: to the nearest, halves up, unless said otherwise. Without punctures every statistic is 0 but the
// area, the peak of the force and the time in contact.
#ifndef EVENHAND_SHARED_STATISTICS_H
#define EVENHAND_SHARED_STATISTICS_H

#include "shaders/shared/tally.h"

SHARED_BEGIN

struct ZoneStats {
    uint area_mm2;         // that may be needled
    uint punctures;        // of the whole zone
    uint density_per_cm2;  // of the area that may be needled
    uint coverage_e4;    // of the area: neighbourhoods that reach both half the zone's mean density and the
                         // floor
    uint density_cv_e4;  // area-weighted, the Poisson part removed: sqrt(max(0, CVw^2 - K/N))
    uint gini_e4;        // area-weighted, of the neighbourhoods' densities
    uint depth_mean_um;
    uint depth_cv_e4;
    uint depth_max_um;
    uint force_mean_mn;  // of punctures
    uint force_peak_mn;  // of punctures and contact
    uint tilt_mean_cdeg;
    uint direction_share_e4[6];  // of the punctures that have a direction
    uint contact_ms;
};

// What one neighbourhood adds to its zone's statistics.
struct NeighbourhoodShare {
    Sum64 evenness_q36;  // evenness_term_q36
    Sum64 inequality;    // sum of inequality_term over all neighbourhoods of the zone
    uint covered_um2;    // its area if it is covered, else 0
};

SHARED_FUNCTION uint saturate_to_uint(uint64_t value) {
    return value > 0xfffffffful ? 0xffffffffu : uint(value);
}

// part / whole x scale for scale < 2^32; 0 when whole is 0. Rounded exactly while whole x (scale + 1) < 2^64;
// beyond, rest and whole are halved until that holds, and since whole is then at least 2^63 / (scale + 1),
// the result moves by less than scale (scale + 1) / 2^62 before it is rounded: 2^-35 for a scale of 10^4,
// 0.003 for 10^8. The caller bounds part / whole x scale.
SHARED_FUNCTION uint64_t scaled_ratio(uint64_t part, uint64_t whole, uint64_t scale) {
    if (whole == 0ul) return 0ul;
    uint64_t quotient = part / whole;
    uint64_t rest = part - quotient * whole;
    uint64_t limit = 0xfffffffffffffffful / (scale + 1ul);
    while (whole > limit) {
        whole >>= 1;
        rest >>= 1;
    }
    return quotient * scale + (rest * scale + whole / 2ul) / whole;  // <= whole (scale + 1/2), within 2^64
}

SHARED_FUNCTION uint mean_of(Sum64 sum, uint count) {
    return uint(scaled_ratio(sum_value(sum), uint64_t(count), 1ul));
}

// Greatest r with r^2 <= value, one bit a turn.
SHARED_FUNCTION uint64_t integer_sqrt(uint64_t value) {
    uint64_t root = 0ul;
    uint64_t bit = 1ul << 62;
    while (bit > value) bit >>= 2;
    while (bit != 0ul) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
        bit >>= 2;
    }
    return root;
}

// (r + 1/2)^2 = r^2 + r + 1/4.
SHARED_FUNCTION uint64_t rounded_sqrt(uint64_t value) {
    uint64_t root = integer_sqrt(value);
    return value - root * root > root ? root + 1ul : root;
}

// c/a >= N/(2A) and c/a >= floor per cm^2 (1e8 um^2), exactly.
// Bounds: c A < 2^64, N a <= 2^53, c 1e8 < 2^53, floor a < 2^59.
SHARED_FUNCTION bool is_covered(uint c, uint a, uint N, uint64_t A, uint floor_per_cm2) {
    bool reaches_half_mean = uint64_t(c) * A >= (uint64_t(N) * uint64_t(a) + 1ul) / 2ul;
    bool reaches_floor = uint64_t(c) * 100000000ul >= uint64_t(floor_per_cm2) * uint64_t(a);
    return N != 0u && reaches_half_mean && reaches_floor;
}

// The neighbourhood's density over the zone's mean, c A / (N a), in 2^-36, rounded down.
// Long division, nine bits a turn: c A < 2^64 and N a <= 2^53, so a remainder << 9 is below 2^62. The whole
// part is held below 2^27 (only a neighbourhood smaller than 0.0015 mm^2 can reach it), so the result is
// below 2^63.
SHARED_FUNCTION uint64_t relative_density_q36(uint c, uint a, uint N, uint64_t A) {
    if (N == 0u) return 0ul;
    uint64_t divisor = uint64_t(N) * uint64_t(a);
    uint64_t dividend = uint64_t(c) * A;
    uint64_t result = dividend / divisor;
    uint64_t rest = dividend - result * divisor;
    if (result > 0x7fffffful) result = 0x7fffffful;
    for (uint turn = 0u; turn < 4u; ++turn) {
        rest <<= 9;
        uint64_t digit = rest / divisor;
        result = (result << 9) | digit;
        rest -= digit * divisor;
    }
    return result;
}

// CVw^2 = sum a (d - D)^2 / (A D^2) with d = c/a, D = N/A is sum (c/N) (c A / (N a)) - 1: one term of that
// sum, in 2^-36. The shares c/N sum to 1, so all terms together stay below the greatest relative density,
// 2^63, plus K/2.
SHARED_FUNCTION uint64_t evenness_term_q36(uint c, uint a, uint N, uint64_t A) {
    if (N == 0u) return 0ul;
    uint64_t density = relative_density_q36(c, a, N, A);
    uint64_t n = uint64_t(N);
    uint64_t quotient = density / n;
    uint64_t rest = density - quotient * n;  // < 2^26, so rest c < 2^52
    return quotient * uint64_t(c) + (rest * uint64_t(c) + n / 2ul) / n;
}

// The Gini index is the sum of |c_i a_j - c_j a_i| over ordered pairs, over 2 A N. Counting each pair once,
// where i is the denser, halves both. Row i sums to at most c_i A, all rows to N A < 2^64: exact.
SHARED_FUNCTION uint64_t inequality_term(uint c_i, uint a_i, uint c_j, uint a_j) {
    uint64_t own = uint64_t(c_i) * uint64_t(a_j);
    uint64_t other = uint64_t(c_j) * uint64_t(a_i);
    return own > other ? own - other : 0ul;
}

// sqrt(max(0, sum - 1 - K/N)) in 1e-4. x < 2^63 in 2^-36, so its whole part x 1e8 < 2^54, its fraction x 1e8
// < 2^63; K << 36 < 2^64 for K < 2^28. Against exact arithmetic the radicand is off by less than
// (K + 5)/2 2^-36 + 1e-8, which shows only where the CV is below 0.001.
SHARED_FUNCTION uint density_cv_e4(uint64_t evenness_q36, uint N, uint K) {
    if (N == 0u) return 0u;
    uint64_t expected = (1ul << 36) + ((uint64_t(K) << 36) + uint64_t(N) / 2ul) / uint64_t(N);
    if (evenness_q36 <= expected) return 0u;
    uint64_t x = evenness_q36 - expected;
    uint64_t square_e8 = (x >> 36) * 100000000ul + (((x & 0xffffffffful) * 100000000ul) >> 36);
    return saturate_to_uint(rounded_sqrt(square_e8));
}

// Standard deviation over mean in 1e-4. Deviations are taken from q = floor(mean), so that nothing large
// cancels: V = sum (d - q)^2 = sum d^2 - 2 q sum d + N q^2, each term below 2^26 2^16 2^17 = 2^59, and the
// variance is V/N - f^2 with f = mean - q. In 2^-32: V/N < 2^31 (depths of 16 bits) makes 2^63,
// (V mod N) << 32 < 2^58, f^2 < 2^64 before its shift. The deviation in 2^-16 is below 2^32, times N 2^58;
// sum d << 16 < 2^58. The deviation is known to 4e-5 um, so before rounding the result is off by less than
// 0.4 over the mean in um: nothing at depths that needles have.
SHARED_FUNCTION uint depth_cv_e4(ZoneTally t) {
    uint64_t n = uint64_t(t.count);
    uint64_t sum = sum_value(t.depth_sum);
    if (sum == 0ul) return 0u;
    uint64_t q = sum / n;
    uint64_t V = sum_value(t.depth_sum_of_squares) + n * q * q - 2ul * q * sum;
    uint64_t f_q32 = ((sum - q * n) << 32) / n;
    uint64_t f_squared_q32 = (f_q32 * f_q32) >> 32;
    uint64_t mean_square_q32 = ((V / n) << 32) + ((V % n) << 32) / n;
    uint64_t variance_q32 = mean_square_q32 > f_squared_q32 ? mean_square_q32 - f_squared_q32 : 0ul;
    return saturate_to_uint(scaled_ratio(integer_sqrt(variance_q32) * n, sum << 16, 10000ul));
}

// `covered_um2`, `evenness_q36`, `inequality`: sums of NeighbourhoodShare over the zone.
SHARED_FUNCTION ZoneStats zone_statistics(ZoneTally t, ZoneSpan zone, uint64_t covered_um2,
                                          uint64_t evenness_q36, uint64_t inequality) {
    ZoneStats s;
    uint64_t A = sum_value(zone.area_um2);
    uint N = t.judged;
    s.area_mm2 = uint((A + 500000ul) / 1000000ul);
    s.punctures = t.count;
    s.density_per_cm2 = saturate_to_uint(scaled_ratio(uint64_t(N), A, 100000000ul));
    s.coverage_e4 = uint(scaled_ratio(covered_um2, A, 10000ul));
    s.density_cv_e4 = density_cv_e4(evenness_q36, N, zone.count);
    s.gini_e4 = uint(scaled_ratio(inequality, A * uint64_t(N), 10000ul));
    s.depth_mean_um = mean_of(t.depth_sum, t.count);
    s.depth_cv_e4 = depth_cv_e4(t);
    s.depth_max_um = t.depth_max_um;
    s.force_mean_mn = mean_of(t.force_sum, t.count);
    s.force_peak_mn = t.force_peak_mn;
    s.tilt_mean_cdeg = mean_of(t.tilt_sum, t.count);
    uint directed = 0u;
    for (uint i = 0u; i < kDirectionBins; ++i) directed += t.direction[i];
    for (uint i = 0u; i < kDirectionBins; ++i)
        s.direction_share_e4[i] = uint(scaled_ratio(uint64_t(t.direction[i]), uint64_t(directed), 10000ul));
    s.contact_ms =
        saturate_to_uint(scaled_ratio(uint64_t(t.contact_steps), uint64_t(kContactStepsPerSecond), 1000ul));
    return s;
}

SHARED_END

#endif
