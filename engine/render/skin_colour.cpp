#include "engine/render/skin_colour.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace render {

namespace {

constexpr int kFirst = 400, kStep = 10, kBands = 31;  // nm

// Molar extinction of oxygenated and deoxygenated haemoglobin, per cm per mol/l (S. Prahl, OMLC tabulation).
constexpr double kOxygenated[kBands] = {266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209,
                                        26629,  23684,  20933,  20035,  24202,  39957, 53236, 43016,
                                        32613,  44496,  50104,  14401,  3200,   1506,  942,   610,
                                        442,    368,    320,    294,    278,    276,   290};
constexpr double kDeoxygenated[kBands] = {223296, 303956, 407560, 528600, 413280, 103292, 23389, 16156,
                                          14550,  16684,  20862,  25774,  31590,  39036,  46592, 53412,
                                          53788,  45072,  37020,  28324,  14677,  9444,   6510,  5149,
                                          4345,   3750,   3227,   2795,   2408,   2052,   1794};
// CIE standard illuminant D65.
constexpr double kDaylight[kBands] = {82.75,  91.49,  93.43,  86.68,  104.86, 117.01, 117.81, 114.86,
                                      115.92, 108.81, 109.35, 107.80, 104.79, 107.69, 104.41, 104.05,
                                      100.00, 96.33,  95.79,  88.69,  90.01,  89.60,  87.70,  83.29,
                                      83.70,  80.03,  80.21,  82.28,  78.28,  69.72,  71.61};

double bump(double nm, double centre, double below, double above) {
    const double t = (nm - centre) / (nm < centre ? below : above);
    return std::exp(-0.5 * t * t);
}

/// CIE 1931 colour matching functions (Wyman, Sloan & Shirley 2013, multi-lobe fit).
glm::dvec3 observer(double nm) {
    return {1.056 * bump(nm, 599.8, 37.9, 31.0) + 0.362 * bump(nm, 442.0, 16.0, 26.7) -
                0.065 * bump(nm, 501.1, 20.4, 26.2),
            0.821 * bump(nm, 568.8, 46.9, 40.5) + 0.286 * bump(nm, 530.9, 16.3, 31.1),
            1.217 * bump(nm, 437.0, 11.8, 36.0) + 0.681 * bump(nm, 459.0, 26.0, 13.8)};
}

/// Diffuse reflectance of a half-space (Flock, Wilson & Patterson 1989), refractive index 1.4.
double reflectance(double absorption, double scattering) {
    constexpr double kBoundary = 3.25;  // (1 + r) / (1 - r), internal diffuse reflection r = 0.53
    const double albedo = scattering / (absorption + scattering);
    const double root = std::sqrt(3 * (1 - albedo));
    return albedo / (1 + 2 * kBoundary * (1 - albedo) + (1 + 2 * kBoundary / 3) * root);
}

/// Share of light of one wavelength that leaves skin again. Absorption and reduced scattering per cm,
/// clinical.md 5.1.
double spectral_reflectance(int band, double melanin, double blood) {
    constexpr double kEpidermis_cm = 0.006,
                     kOblique = 1.4;  // light crosses it slanted, twice; fitted to measured skin, see the test
    // What the horny layer scatters back before any pigment is met: it keeps dark skin from the colour of paint (A).
    constexpr double kHorny = 0.034;
    constexpr double kOxygen = 0.72;
    // Carotene and bilirubin in the horny layer, fat and blood: an absorbance that yellows all skin a little. Its band is
    // known (450 to 490 nm, K-h), its amount is fitted to measured b* (A).
    constexpr double kCarotene = 0.04;
    const double nm = kFirst + band * kStep;
    const double base = 0.244 + 85.3 * std::exp(-(nm - 154) / 66.2);
    const double pigment = 6.6e11 * std::pow(nm, -3.33);
    const double extinction = kOxygen * kOxygenated[band] + (1 - kOxygen) * kDeoxygenated[band];
    const double haemoglobin = 2.303 * extinction * 150 / 64500;  // 150 g/l, 64,500 g/mol
    const double scattering = 2e12 * std::pow(nm, -4) + 2e5 * std::pow(nm, -1.5);
    const double epidermis = melanin * pigment + (1 - melanin) * base;
    const double dermis = blood * haemoglobin + (1 - blood) * base;
    const double below = std::exp(-2 * kOblique * kEpidermis_cm * epidermis) * reflectance(dermis, scattering);
    return kHorny + (1 - kHorny) * below * std::exp(-kCarotene * bump(nm, 462, 60, 34));
}

}  // namespace

glm::vec3 skin_colour(double melanin, double blood) {
    glm::dvec3 xyz{0};
    double white = 0;
    for (int band = 0; band < kBands; ++band) {
        const glm::dvec3 seen = observer(kFirst + band * kStep) * kDaylight[band];
        xyz += seen * spectral_reflectance(band, melanin, blood);
        white += seen.y;
    }
    xyz /= white;
    const glm::dvec3 rgb{3.2406 * xyz.x - 1.5372 * xyz.y - 0.4986 * xyz.z,
                         -0.9689 * xyz.x + 1.8758 * xyz.y + 0.0415 * xyz.z,
                         0.0557 * xyz.x - 0.2040 * xyz.y + 1.0570 * xyz.z};
    return glm::vec3(std::max(rgb.x, 0.002), std::max(rgb.y, 0.002), std::max(rgb.z, 0.002));
}

std::vector<glm::vec3> skin_colour_table() {
    std::vector<glm::vec3> table;
    for (uint32_t m = 0; m < kColourSteps; ++m) {
        for (uint32_t b = 0; b < kColourSteps; ++b) {
            const double u = double(m) / (kColourSteps - 1), v = double(b) / (kColourSteps - 1);
            table.push_back(skin_colour(u * u * kMelaninMost, v * v * kBloodMost));
        }
    }
    return table;
}

double melanin_of(uint8_t fitzpatrick) {
    constexpr double kShare[] = {0.025, 0.010, 0.023, 0.042, 0.087, 0.17, 0.285};
    return kShare[std::min<uint8_t>(fitzpatrick, 6)];
}

double blood_of(uint8_t fitzpatrick) {
    constexpr double kShare[] = {0.016, 0.0145, 0.018, 0.017, 0.0150, 0.0130, 0.010};
    return kShare[std::min<uint8_t>(fitzpatrick, 6)];
}

}  // namespace render
