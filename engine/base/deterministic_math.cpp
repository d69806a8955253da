#include "engine/base/deterministic_math.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace base::det {
namespace {

constexpr double kLn2Hi = 6.93147180369123816490e-01;  // ln 2 split so that k * kLn2Hi is exact for |k| < 2^20
constexpr double kLn2Lo = 1.90821492927058770002e-10;
constexpr double kHalfPiHi = 1.57079632673412561417e+00;  // pi/2 in three parts of 33 bits (Cody & Waite 1980)
constexpr double kHalfPiMid = 6.07710050630396597660e-11;
constexpr double kHalfPiLo = 2.02226624879595063154e-21;

double scale_by_power_of_two(double x, int k) {
    // Two factors, each a normal number, so that results down to the subnormals come out right.
    int half = k / 2;
    auto power = [](int e) { return std::bit_cast<double>(static_cast<uint64_t>(1023 + e) << 52); };
    return x * power(half) * power(k - half);
}

// Taylor series on |r| <= pi/4; the last term is below 1e-17.
double sin_kernel(double r) {
    double s = r * r;
    double sum = 0;
    for (int n = 19; n >= 3; n -= 2) sum = (sum + 1.0) * (-s / (n * (n - 1)));
    return r + r * sum;
}

double cos_kernel(double r) {
    double s = r * r;
    double sum = 0;
    for (int n = 18; n >= 2; n -= 2) sum = (sum + 1.0) * (-s / (n * (n - 1)));
    return 1.0 + sum;
}

struct Reduced {
    double r;
    int quadrant;
};

Reduced reduce(double x) {
    double k = std::floor(x / (kPi / 2) + 0.5);
    double r = ((x - k * kHalfPiHi) - k * kHalfPiMid) - k * kHalfPiLo;
    return {r, static_cast<int>(static_cast<int64_t>(k) & 3)};
}

// Arc tangent for 0 <= t <= 1: two half-angle steps, then Taylor's series.
double atan_unit(double t) {
    for (int i = 0; i < 2; ++i) t = t / (1.0 + std::sqrt(1.0 + t * t));
    double s = t * t;
    double sum = 0;
    for (int n = 25; n >= 3; n -= 2) sum = -s * (1.0 / n + sum);
    return 4.0 * (t + t * sum);
}

}  // namespace

double exp(double x) {
    if (std::isnan(x)) return x;
    if (x > 709.0) return std::numeric_limits<double>::infinity();
    if (x < -745.0) return 0.0;
    double k = std::floor(x / 0.69314718055994530942 + 0.5);
    double r = (x - k * kLn2Hi) - k * kLn2Lo;
    double sum = 0;
    for (int n = 16; n >= 1; --n) sum = (sum + 1.0) * (r / n);
    return scale_by_power_of_two(1.0 + sum, static_cast<int>(k));
}

double log(double x) {
    if (!(x > 0.0)) return x == 0.0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    int exponent = 0;
    double m = std::frexp(x, &exponent);  // exact
    if (m < 0.70710678118654752440) {
        m *= 2.0;
        --exponent;
    }
    // ln m = 2 artanh((m-1)/(m+1)), |argument| < 0.172
    double t = (m - 1.0) / (m + 1.0);
    double s = t * t;
    double sum = 0;
    for (int n = 23; n >= 3; n -= 2) sum = s * (1.0 / n + sum);
    double ln_m = 2.0 * (t + t * sum);
    return exponent * kLn2Hi + (ln_m + exponent * kLn2Lo);
}

double sin(double x) {
    auto [r, quadrant] = reduce(x);
    double value = (quadrant & 1) ? cos_kernel(r) : sin_kernel(r);
    return quadrant >= 2 ? -value : value;
}

double cos(double x) {
    auto [r, quadrant] = reduce(x);
    double value = (quadrant & 1) ? sin_kernel(r) : cos_kernel(r);
    return quadrant == 1 || quadrant == 2 ? -value : value;
}

double atan2(double y, double x) {
    double ax = std::fabs(x), ay = std::fabs(y);
    if (ax == 0.0 && ay == 0.0) return 0.0;
    double angle = ay <= ax ? atan_unit(ay / ax) : kPi / 2 - atan_unit(ax / ay);
    if (x < 0.0) angle = kPi - angle;
    return y < 0.0 ? -angle : angle;
}

double acos(double x) {
    x = std::clamp(x, -1.0, 1.0);
    return atan2(std::sqrt((1.0 - x) * (1.0 + x)), x);
}

double pow(double x, double y) {
    return exp(y * log(x));
}

/// Power series up to 2 (Abramowitz & Stegun 9.6.11, 9.6.13), beyond it the continued fraction of Steed and Temme (Temme
/// 1975, J Comput Phys 19:324), which loses nothing there.
BesselK bessel_k(double x) {
    constexpr double kEuler = 0.57721566490153286061;
    if (x <= 2.0) {
        double q = 0.25 * x * x, log_half = log(0.5 * x) + kEuler;
        double term = 1.0, term1 = 1.0, harmonic = 0.0;
        double i0 = 1.0, sum0 = 0.0, i1 = 1.0, sum1 = 1.0;  // sum1: H_k + H_{k+1}
        for (int k = 1; k < 20; ++k) {
            harmonic += 1.0 / k;
            term *= q / (double(k) * k);
            term1 *= q / (double(k) * (k + 1.0));
            i0 += term;
            sum0 += term * harmonic;
            i1 += term1;
            sum1 += term1 * (2.0 * harmonic + 1.0 / (k + 1.0));
            if (term * (1.0 + harmonic) < 1e-18) break;
        }
        return {sum0 - log_half * i0, 1.0 / x + 0.5 * x * (log_half * i1 - 0.5 * sum1)};
    }
    double b = 2.0 * (1.0 + x), d = 1.0 / b, h = d, delta = d;
    double q1 = 0.0, q2 = 1.0, a = -0.25, c = 0.25, q = 0.25;
    double s = 1.0 + q * delta;
    for (int i = 2; i < 200; ++i) {
        a -= 2.0 * (i - 1);
        c = -a * c / i;
        double next = (q1 - b * q2) / a;
        q1 = q2;
        q2 = next;
        q += c * next;
        b += 2.0;
        d = 1.0 / (b + a * d);
        delta = (b * d - 1.0) * delta;
        h += delta;
        double more = q * delta;
        s += more;
        if (std::fabs(more / s) < 1e-16) break;
    }
    double k0 = std::sqrt(kPi / (2.0 * x)) * exp(-x) / s;
    return {k0, k0 * (x + 0.5 - 0.25 * h) / x};
}

double smoothstep(double a, double b, double x) {
    double t = std::clamp((x - a) / (b - a), 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

}  // namespace base::det
