// Makes content/skins/layer_kernel.csv: K(ρ, ν) = ∫₀^∞ (1−N(s)) J₀(sρ) ds of design.md 4, by composite
// Gauss-Legendre quadrature. Run once and commit the result; nothing that runs later calls libm's Bessel
// functions.

#include "tests/scenarios/layer_theory.h"

#include <fmt/format.h>

#include <cmath>

int main() {
    // Denser towards 1/2, where the layer hardens fastest: linear interpolation in ν then costs at most 0.15
    // % of a flat tip's stiffness (checked by tests/unit/skin_layer_kernel.cpp).
    const double poisson[] = {0.30, 0.325, 0.35, 0.375, 0.40, 0.42,  0.44,
                              0.45, 0.46,  0.47, 0.475, 0.48, 0.485, 0.49};
    fmt::print(
        "# K(rho, nu) = integral over s from 0 to infinity of (1 - N(s)) J0(s rho), rho = r/h; one column "
        "per nu\n");
    fmt::print(
        "# Layer bonded to a rigid base, kernel N: shared design, section 4. Made by make_layer_kernel.\n");
    fmt::print("rho");
    for (double nu : poisson) fmt::print(",{}", nu);
    fmt::print("\n");
    for (int i = 0; i <= 320; ++i) {
        fmt::print("{}", i / 20.0);
        for (double nu : poisson) fmt::print(",{:.17g}", scenarios::layer_integral(i / 20.0, nu));
        fmt::print("\n");
    }
}
