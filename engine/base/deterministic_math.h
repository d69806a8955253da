#pragma once

// Transcendental functions that give the same bits on every machine. libm's differ between versions and processors, so
// nothing on the evidence path (faces, contact, scoring) calls them. Built from + - * / sqrt alone, which IEEE 754
// rounds exactly; compile with -ffp-contract=off. std::sqrt, std::floor, std::fabs are exact and may be used as they are.

namespace base::det {

inline constexpr double kPi = 3.141592653589793238462643383279502884;

/// e^x. Relative error below 1e-14 for |x| < 700; 0 below -745, infinity above 709.
double exp(double x);
/// Natural logarithm for x > 0. Absolute error below 1e-14 near 1, relative elsewhere.
double log(double x);
/// Sine and cosine, x in radians, |x| < 1e5. Absolute error below 1e-14.
double sin(double x);
double cos(double x);
/// Angle of (x, y) in (-pi, pi]; atan2(0, 0) is 0. Absolute error below 1e-14.
double atan2(double y, double x);
/// Arc cosine; x is clamped to [-1, 1]. Absolute error below 1e-13.
double acos(double x);
/// x^y for x > 0.
double pow(double x, double y);
/// Modified Bessel functions of the second kind of orders 0 and 1, x > 0. Relative error below 1e-13.
struct BesselK {
    double k0, k1;
};
BesselK bessel_k(double x);
/// Hermite step: 0 at a, 1 at b, smooth between; a may exceed b (then it falls).
double smoothstep(double a, double b, double x);

}  // namespace base::det
