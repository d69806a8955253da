#pragma once

// Four numbers that a processor handles at a time, with SSE2 or without.

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace base {

using Four = float __attribute__((vector_size(16)));
using FourWhole = int32_t __attribute__((vector_size(16)));

inline Four spread(float v) {
    return Four{v, v, v, v};
}
/// A bit for each of four comparisons that holds.
inline uint32_t lanes_of(FourWhole comparisons) {
#if defined(__SSE2__)
    return static_cast<uint32_t>(_mm_movemask_ps(std::bit_cast<__m128>(comparisons)));
#else
    uint32_t lanes = 0;
    for (uint32_t k = 0; k < 4; ++k) lanes |= (comparisons[k] ? 1u : 0u) << k;
    return lanes;
#endif
}

}  // namespace base
