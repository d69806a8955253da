#include "engine/skin/opening.h"

#include "engine/base/deterministic_math.h"

#include <array>
#include <cmath>

namespace skin {
namespace {

using base::det::kPi;

constexpr double kShear = 5.0 / 6.0;  // of a plate's section (Reissner)

/// Zeros of J_n (Abramowitz & Stegun 9.5): those of the sheet's modes, softest first but for the order n, and
/// the first one that is left out.
struct Zero {
    int order;
    double at;
};
constexpr std::array<Zero, 8> kZeros{{{0, 2.404825557695773},
                                      {0, 5.520078110286311},
                                      {0, 8.653727912911012},
                                      {1, 3.831705970207512},
                                      {1, 7.015586669815619},
                                      {2, 5.135622301840683},
                                      {2, 8.417244140399865},
                                      {3, 6.380161895923984}}};
constexpr double kTail = 7.588342434503804;

/// J_n by its power series: to 1e-10 for x up to 9.
double bessel_j(int order, double x) {
    double term = 1;
    for (int k = 1; k <= order; ++k) term *= 0.5 * x / k;
    double sum = term;
    for (int k = 1; k < 40; ++k) {
        term *= -0.25 * x * x / (k * (k + order));
        sum += term;
    }
    return sum;
}

/// cos nθ or sin nθ of a place.
double turned(int order, bool sine, glm::dvec2 place) {
    double r = std::sqrt(place.x * place.x + place.y * place.y);
    if (!(r > 0.0)) return order == 0 ? 1.0 : 0.0;
    double c = 1, s = 0;
    for (int k = 0; k < order; ++k) {
        double before = c;
        c = (c * place.x - s * place.y) / r;
        s = (s * place.x + before * place.y) / r;
    }
    return sine ? s : c;
}

}  // namespace

double sheet_stiffness(const SkinModel& skin, const face::TissueAt& tissue, double wave) {
    double t = tissue.epidermis + tissue.dermis, s2 = wave * wave;
    double modulus = skin.membrane_modulus, poisson = skin.membrane_poisson;
    double bending = modulus * t * t * t / (12.0 * (1.0 - poisson * poisson)) * s2;
    double shear = kShear * modulus * t / (2.0 * (1.0 + poisson));
    double turn = bending > 0.0 ? bending / (1.0 + bending / shear) : 0.0;
    return (skin.natural_tension * t + turn) * s2;
}

Sheet::Sheet(double radius, size_t fineness) : radius_(radius) {
    if (!(radius > 0.0)) return;
    patches_ = opening_points(radius, fineness);
    tail_wave_ = kTail / radius;
    std::vector<Mode> modes;
    for (Zero zero : kZeros) {
        modes.push_back(mode_of(zero.order, zero.at, false));
        if (zero.order > 0) modes.push_back(mode_of(zero.order, zero.at, true));
    }
    modes_ = std::make_shared<const std::vector<Mode>>(std::move(modes));
}

Sheet::Mode Sheet::mode_of(int order, double zero, bool sine) const {
    double edge = bessel_j(order + 1, zero);
    double norm = kPi * radius_ * radius_ * edge * edge * (order == 0 ? 1.0 : 0.5);
    Mode mode{zero / radius_, norm, {}};
    for (const TipPoint& patch : patches_) {
        double r = std::sqrt(patch.place.x * patch.place.x + patch.place.y * patch.place.y);
        mode.value.push_back(bessel_j(order, mode.wave * r) * turned(order, sine, patch.place));
    }
    return mode;
}

std::span<const double> Sheet::compliance(const SkinModel& skin, const face::TissueAt& tissue) {
    double tail = sheet_stiffness(skin, tissue, tail_wave_);
    if (patches_.empty() || !(tail > 0.0)) return {};
    size_t n = patches_.size();
    compliance_.assign(n * n, 0.0);
    for (size_t i = 0; i < n; ++i) compliance_[i * n + i] = 1.0 / (patches_[i].area * tail);
    for (const Mode& mode : *modes_) {
        double gives = 1.0 / (sheet_stiffness(skin, tissue, mode.wave) * mode.norm);
        for (size_t i = 0; i < n; ++i)
            for (size_t j = 0; j < n; ++j) compliance_[i * n + j] += gives * mode.value[i] * mode.value[j];
    }
    return compliance_;
}

}  // namespace skin
