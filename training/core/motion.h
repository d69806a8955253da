#pragma once

// How smooth a stroke is: the spectral arc length (SPARC) of its speed. Balasubramanian, Melendez-Calderon, Roby-Brami &
// Burdet 2015, J NeuroEng Rehabil 12:112 (K-h): the length of the normalised amplitude spectrum of the speed, cut off at
// 10 Hz or where it last reaches 0.05; 0 would be perfectly smooth, more negative is less so. Published limits are not
// used: a perfect glide scores -2.1 to -2.3 (clinical.md 7.1, D), so that a stroke is held against the glide that it should
// have been.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace training {

/// A glide of even speed 1 that takes `count` of 120 samples a second and begins and ends with a raised cosine of 0.4 s (less
/// where it is shorter than 0.8 s).
std::vector<double> ideal_glide(size_t count);

/// Measures smoothness; keeps the tables that it needs for it.
class Smoothness {
  public:
    /// SPARC of speeds at even times, `rate_hz` a second, by a spectrum of at least 16 times as many points. 0 for fewer than
    /// two speeds or none above 0. Cost: some 0.2 ms for 3 s of 120 a second.
    double sparc(std::span<const double> speeds, double rate_hz);

    /// SPARC of the ideal glide of the same duration less that of the speeds, whose ends are faded in and out like the
    /// ideal's, so that a stroke that touches down in flight and one that starts from rest are alike. 0 for an even speed,
    /// whatever it is; rises with ripple. `speeds_um_s`: 120 a second.
    double sparc_gap(std::span<const uint32_t> speeds_um_s);

  private:
    struct Complex {
        double re, im;
    };
    struct Pair {
        double first, second;
    };
    Pair sparc_of(std::span<const double> first, std::span<const double> second, double rate_hz);
    void transform(std::vector<Complex>& values);

    std::vector<Complex> turns_;  ///< e^(-2πik/n) for k < n/2 of the greatest n so far
};

}  // namespace training
