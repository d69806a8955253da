#pragma once

// Colour of skin from what absorbs in it: melanin in the epidermis over blood in the dermis. Spectra and
// ranges: clinical.md 5.1; computed once at start, looked up per vertex.

#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace render {

inline constexpr uint32_t kColourSteps = 64;  ///< per axis; as in vertices.comp
inline constexpr double kMelaninMost = 0.5;   ///< melanosome share of the epidermis
inline constexpr double kBloodMost = 0.16;    ///< blood share of the dermis

/// Linear sRGB reflectance of skin with the given melanosome share of the epidermis and blood share of the
/// dermis.
glm::vec3 skin_colour(double melanin, double blood);

/// skin_colour over both shares, each axis spaced by square root: entry [m * kColourSteps + b].
std::vector<glm::vec3> skin_colour_table();

/// Mean melanosome share of the epidermis for Fitzpatrick I..VI (1..6): clinical.md 5.1 "Proposed", less by up to a quarter so
/// that a lit cheek in the picture has the colour that cheeks measure (A).
double melanin_of(uint8_t fitzpatrick);
/// Mean blood share of the facial dermis, fitted likewise (A; inside 0.2-5 % of clinical.md 5.1).
double blood_of(uint8_t fitzpatrick);

}  // namespace render
