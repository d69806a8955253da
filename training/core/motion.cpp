#include "training/core/motion.h"

#include "engine/base/deterministic_math.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace training {
namespace {

constexpr double kRate_hz = 120;
constexpr double kCut_hz = 10;       // clinical.md 7.1 (D)
constexpr double kThreshold = 0.05;  // clinical.md 7.1 (D)
constexpr double kRamp = 0.4;        // s, clinical.md 7.1 (D)
constexpr size_t kPadding = 16;

template <typename Value>
void reverse_bits(std::vector<Value>& values) {
    for (size_t i = 1, j = 0; i < values.size(); ++i) {
        size_t bit = values.size() >> 1;
        for (; (j & bit) != 0; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(values[i], values[j]);
    }
}

/// Length of an amplitude spectrum whose first value is that of standing still.
double arc_length(const std::vector<double>& amplitudes) {
    double most = *std::max_element(amplitudes.begin(), amplitudes.end());
    if (!(most > 0)) return 0;
    auto counts = [&](double amplitude) { return amplitude >= kThreshold * most; };
    auto first = std::find_if(amplitudes.begin(), amplitudes.end(), counts);
    auto last = std::find_if(amplitudes.rbegin(), amplitudes.rend(), counts).base() - 1;
    if (first == last) return 0;
    double along = 1 / static_cast<double>(last - first), length = 0;
    for (auto at = first; at != last; ++at) {
        double rise = (*(at + 1) - *at) / most;
        length += std::sqrt(along * along + rise * rise);
    }
    return length;
}

}  // namespace

/// Fourier transform in place; the number of values is a power of two.
void Smoothness::transform(std::vector<Complex>& values) {
    if (turns_.size() < values.size() / 2) {
        turns_.resize(values.size() / 2);
        for (size_t k = 0; k < turns_.size(); ++k) {
            double angle = base::det::kPi * static_cast<double>(k) / static_cast<double>(turns_.size());
            turns_[k] = {base::det::cos(angle), -base::det::sin(angle)};
        }
    }
    reverse_bits(values);
    for (size_t half = 1; half < values.size(); half *= 2) {
        size_t stride = turns_.size() / half;
        for (size_t begin = 0; begin < values.size(); begin += 2 * half)
            for (size_t k = 0; k < half; ++k) {
                Complex turn = turns_[k * stride], &a = values[begin + k], &b = values[begin + k + half];
                Complex turned{b.re * turn.re - b.im * turn.im, b.re * turn.im + b.im * turn.re};
                b = {a.re - turned.re, a.im - turned.im};
                a = {a.re + turned.re, a.im + turned.im};
            }
    }
}

/// Two real signals of equal length share one transform.
Smoothness::Pair Smoothness::sparc_of(std::span<const double> first, std::span<const double> second,
                                      double rate_hz) {
    if (first.size() < 2) return {0, 0};
    size_t n = std::bit_ceil(first.size()) * kPadding;
    std::vector<Complex> values(n, Complex{0, 0});
    for (size_t i = 0; i < first.size(); ++i) values[i] = {first[i], second[i]};
    transform(values);
    auto bins = static_cast<size_t>(std::floor(kCut_hz / rate_hz * static_cast<double>(n))) + 1;
    bins = std::min(bins, n / 2);
    std::vector<double> a(bins), b(bins);
    for (size_t k = 0; k < bins; ++k) {
        Complex z = values[k], w = values[(n - k) % n];
        double a_re = z.re + w.re, a_im = z.im - w.im, b_re = z.im + w.im, b_im = w.re - z.re;
        a[k] = std::sqrt(a_re * a_re + a_im * a_im);
        b[k] = std::sqrt(b_re * b_re + b_im * b_im);
    }
    return {-arc_length(a), -arc_length(b)};
}

double Smoothness::sparc(std::span<const double> speeds, double rate_hz) {
    return sparc_of(speeds, std::vector<double>(speeds.size(), 0.0), rate_hz).first;
}

double Smoothness::sparc_gap(std::span<const uint32_t> speeds_um_s) {
    std::vector<double> ideal = ideal_glide(speeds_um_s.size()), faded(ideal);
    for (size_t i = 0; i < faded.size(); ++i) faded[i] *= static_cast<double>(speeds_um_s[i]) * 1e-6;
    Pair both = sparc_of(ideal, faded, kRate_hz);
    return both.first - both.second;
}

std::vector<double> ideal_glide(size_t count) {
    std::vector<double> speeds(count, 1.0);
    double seconds = static_cast<double>(count - std::min<size_t>(count, 1)) / kRate_hz;
    double ramp = std::min(kRamp, seconds / 2);
    for (size_t i = 0; i < count; ++i) {
        double since = static_cast<double>(std::min(i, count - 1 - i)) / kRate_hz;
        if (since < ramp) speeds[i] = 0.5 - 0.5 * base::det::cos(base::det::kPi * since / ramp);
    }
    return speeds;
}

}  // namespace training
