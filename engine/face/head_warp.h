#pragma once

// Warps the canonical head to a patient's measures: radial basis functions (|r|^3 with a linear tail) through
// the anthropometric landmarks, so that one head gives many patients.

#include "engine/face/head_form.h"
#include "engine/face/head_numbers.h"

#include <glm/mat3x3.hpp>

#include <span>

namespace face {

/// A patient's measures in mm. Heights are above the menton, widths from the midline.
struct HeadMeasures {
    double head_height = 0;  ///< vertex over menton
    double head_length = 0;  ///< glabella to opisthocranion
    double nasion = 0, pronasale = 0, subnasale = 0, labiale_superius = 0, stomion = 0, labiale_inferius = 0,
           sublabiale = 0, pogonion = 0;
    double nose_protrusion = 0;  ///< subnasale to pronasale, along the nose's underside
    double alare = 0, cheilion = 0, endocanthion = 0, exocanthion = 0, zygion = 0, gonion = 0,
           frontotemporale = 0, eurion = 0, tragion = 0;
};

/// How far one side of a face differs from the other, mm. Widths stay as measured: both sides move alike.
struct HeadLean {
    double brow = 0, eye = 0, mouth = 0;  ///< left over right
    double nose = 0, jaw = 0;             ///< tip and chin to the left
};

/// Where the landmarks of a patient lie (left and midline, mm), in the order of numbers.landmarks, before any
/// lean.
std::vector<glm::dvec3> landmark_targets(const HeadNumbers& numbers, const HeadMeasures& measures,
                                         const HeadForm& form = {});

/// Left and midline places followed by the mirrored ones of the paired landmarks.
std::vector<glm::dvec3> both_sides(const std::vector<Landmark>& landmarks, std::span<const glm::dvec3> left);

/// Moves targets of both sides by the lean.
void lean_targets(const std::vector<Landmark>& landmarks, const HeadLean& lean,
                  std::span<glm::dvec3> targets);

class HeadWarp {
  public:
    /// Takes each of `from` to the same of `to`, and the anchors of skull and neck to their scaled places.
    /// `scale` is that of the whole head.
    HeadWarp(const HeadNumbers& numbers, const HeadMeasures& measures, std::vector<glm::dvec3> from,
             std::vector<glm::dvec3> to, double neck_width);

    /// mm to mm, both with y = 0 near the menton.
    glm::dvec3 at(glm::dvec3 p) const;

  private:
    double scale_;
    std::vector<glm::dvec3> centres_, weights_;
    glm::dvec3 shift_{0};
    glm::dmat3 tail_{0};
};

}  // namespace face
