#pragma once

// Seeded random numbers, the same on every machine (std:: distributions are not). Passed in, never global.

#include <cstdint>

namespace base {

/// xoshiro256** (Blackman & Vigna 2018), seeded through splitmix64.
class Random {
  public:
    explicit Random(uint64_t seed);

    uint64_t next();
    /// Uniform in [0, 1).
    double uniform();
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform integer in [0, n), n > 0, without modulo bias.
    uint32_t below(uint32_t n);
    /// Normal with mean 0 and standard deviation 1 (Marsaglia's polar method on deterministic log).
    double normal();

  private:
    uint64_t state_[4];
};

}  // namespace base
