#pragma once

// Warps the canonical head to a patient's measures: radial basis functions (|r|^3 with a linear tail, lightly
// smoothed) through the anthropometric landmarks, so that one head gives many patients.

#include "engine/face/head_numbers.h"

#include <glm/mat3x3.hpp>

namespace face {

/// A patient's measures in mm. Heights are above the menton, widths from the midline.
struct HeadMeasures {
    double head_height = 0;  ///< vertex over menton
    double head_length = 0;  ///< glabella to opisthocranion
    double nasion = 0, pronasale = 0, subnasale = 0, labiale_superius = 0, stomion = 0, labiale_inferius = 0,
           sublabiale = 0, pogonion = 0;
    double nose_protrusion = 0;
    double alare = 0, cheilion = 0, endocanthion = 0, exocanthion = 0, zygion = 0, gonion = 0,
           frontotemporale = 0, eurion = 0, tragion = 0;
};

/// Where the landmarks of a patient with these measures lie (left and midline, mm), in the order of
/// numbers.landmarks.
std::vector<glm::dvec3> landmark_targets(const HeadNumbers& numbers, const HeadMeasures& measures);

class HeadWarp {
  public:
    HeadWarp(const HeadNumbers& numbers, const HeadMeasures& measures);

    /// mm to mm, both with y = 0 near the menton.
    glm::dvec3 at(glm::dvec3 p) const;

  private:
    double scale_;
    std::vector<glm::dvec3> centres_, weights_;
    glm::dvec3 shift_{0};
    glm::dmat3 tail_{0};
};

}  // namespace face
