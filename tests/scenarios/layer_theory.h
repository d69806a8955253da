#pragma once

// A soft layer on a rigid base by theory alone, for checking the contact solver and for making its table:
// direct quadrature of the layer's kernel, and flat punches by the integral equation of Hayes, Keer, Herrmann
// & Mockros (1972, J Biomech 5:541). Uses libm; never on the evidence path.

#include <cmath>
#include <utility>
#include <vector>

namespace scenarios {

/// 1 − N(s): what the rigid base takes away at wave number s/h. Falls as s² exp(−2s).
inline double layer_deficit(double s, double nu) {
    double c = 5.0 - 12.0 * nu + 8.0 * nu * nu, e = std::exp(-2.0 * s);
    double numerator = e * ((3.0 - 4.0 * nu) * e + 2.0 * s * s + 2.0 * s + c);
    return numerator / (0.5 * (3.0 - 4.0 * nu) * (1.0 + e * e) + (2.0 * s * s + c) * e);
}

/// Nodes and weights of Gauss-Legendre quadrature on [-1, 1] (Newton's iteration on the Legendre polynomial).
inline std::vector<std::pair<double, double>> gauss_legendre(int count) {
    std::vector<std::pair<double, double>> rule;
    for (int i = 0; i < count; ++i) {
        double x = std::cos(3.14159265358979323846 * (i + 0.75) / (count + 0.5)), derivative = 1.0;
        for (int iteration = 0; iteration < 8; ++iteration) {
            double p = 1.0, before = 0.0;
            for (int k = 0; k < count; ++k) {
                double next = ((2 * k + 1) * x * p - k * before) / (k + 1);
                before = std::exchange(p, next);
            }
            derivative = count * (x * p - before) / (x * x - 1.0);
            x -= p / derivative;
        }
        rule.emplace_back(x, 2.0 / ((1.0 - x * x) * derivative * derivative));
    }
    return rule;
}

/// ∫ f(s) ds from 0 to 25 in panels of 1/4: beyond, the deficit is below 1e-18.
template <typename Integrand>
double integrate_deficit(const Integrand& f) {
    static const std::vector<std::pair<double, double>> rule = gauss_legendre(12);
    double sum = 0;
    for (int panel = 0; panel < 100; ++panel)
        for (auto [x, weight] : rule) sum += 0.125 * weight * f(0.25 * (panel + 0.5) + 0.125 * x);
    return sum;
}

inline double layer_integral(double rho, double nu) {
    return integrate_deficit([&](double s) { return layer_deficit(s, nu) * ::j0(s * rho); });
}

/// φ of a frictionless flat disc of radius a on a layer of thickness h, at nodes x with weights w on [0, 1]:
/// φ(x) − (2a/πh) ∫₀¹ φ(t) ∫₀^∞ (1−N(s)) cos(s x a/h) cos(s t a/h) ds dt = 1 (Hayes and others).
struct DiscNode {
    double x, weight, phi;
};
inline std::vector<DiscNode> flat_disc(double a_over_h, double nu) {
    constexpr int kNodes = 24;
    std::vector<std::pair<double, double>> rule = gauss_legendre(kNodes);
    std::vector<std::vector<double>> rows(kNodes, std::vector<double>(kNodes + 1, 1.0));
    auto place = [&](int i) { return 0.5 * (1.0 + rule[static_cast<size_t>(i)].first); };
    for (int i = 0; i < kNodes; ++i)
        for (int j = 0; j < kNodes; ++j) {
            double overlap = integrate_deficit([&](double s) {
                return layer_deficit(s, nu) * std::cos(s * a_over_h * place(i)) *
                       std::cos(s * a_over_h * place(j));
            });
            double weight = 0.5 * rule[static_cast<size_t>(j)].second;
            rows[i][j] = (i == j ? 1.0 : 0.0) - 2.0 / 3.14159265358979323846 * a_over_h * overlap * weight;
        }
    for (int i = 0; i < kNodes; ++i)
        for (int r = 0; r < kNodes; ++r) {
            if (r == i) continue;
            double factor = rows[r][i] / rows[i][i];
            for (int c = i; c <= kNodes; ++c) rows[r][c] -= factor * rows[i][c];
        }
    std::vector<DiscNode> nodes;
    for (int i = 0; i < kNodes; ++i)
        nodes.push_back({place(i), 0.5 * rule[static_cast<size_t>(i)].second, rows[i][kNodes] / rows[i][i]});
    return nodes;
}

/// κ of P = 2 E a κ δ / (1−ν²); κ = ∫₀¹ φ.
inline double flat_disc_kappa(double a_over_h, double nu) {
    double kappa = 0;
    for (DiscNode node : flat_disc(a_over_h, nu)) kappa += node.weight * node.phi;
    return kappa;
}

/// Surface beside the disc, at r = `r_over_a` a > a, as a share of its dent:
/// u/δ = (2/π) [∫₀¹ φ(x)/sqrt(r²/a² − x²) dx − (a/h) ∫₀^∞ (1−N(s)) J₀(s r/h) ∫₀¹ φ(x) cos(s x a/h) dx ds].
inline double flat_disc_dent(const std::vector<DiscNode>& disc, double a_over_h, double nu, double r_over_a) {
    double free = 0;
    for (DiscNode node : disc) free += node.weight * node.phi / std::sqrt(r_over_a * r_over_a - node.x * node.x);
    double held = integrate_deficit([&](double s) {
        double sum = 0;
        for (DiscNode node : disc) sum += node.weight * node.phi * std::cos(s * node.x * a_over_h);
        return layer_deficit(s, nu) * ::j0(s * r_over_a * a_over_h) * sum;
    });
    return 2.0 / 3.14159265358979323846 * (free - a_over_h * held);
}

}  // namespace scenarios
