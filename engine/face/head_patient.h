#pragma once

// One patient of the generated head: what the file says, and how the canonical head becomes this one. Forms
// and ageing shape the canonical skin; then a seeded asymmetry; then the warp, which holds the landmarks of
// that very skin to the patient's measures, so that none of the former moves them off.

#include "engine/base/toml.h"
#include "engine/face/head_shape.h"
#include "engine/face/head_warp.h"

#include <array>

namespace face {

struct HeadPatient {
    std::string id, name;
    bool male = false;
    double age = 30;
    uint8_t fitzpatrick = 2;
    std::string hair;  ///< one of hair_colours(); what is usual for the skin type where the file says nothing
    size_t vertices = 0;
    uint64_t seed = 0;
    HeadMeasures measures;
    HeadForm form;
};

/// What content/faces/*.toml with kind "head" says.
base::Result<HeadPatient> read_patient(const toml::table& table, const std::string& file);

/// No face is symmetric. Slow waves move every place by a few tenths of a millimetre, each in its own
/// direction; and one brow, one eye, one corner of the mouth stands higher, nose and chin lean to a side.
class Asymmetry {
  public:
    explicit Asymmetry(uint64_t seed);

    /// Before the warp, mm.
    glm::dvec3 at(glm::dvec3 p) const;
    const HeadLean& lean() const { return lean_; }

  private:
    struct Wave {
        glm::dvec3 pace, move;
        double phase;
    };
    std::array<Wave, 22> waves_{};
    HeadLean lean_;
    double brow_push_ = 0;  // mm, what the waves leave of the brows' lean
};

/// Canonical skin (mm) to the patient's: mm with y = 0 at the menton, or metres in the head frame.
class PatientPlacement {
  public:
    PatientPlacement(const HeadNumbers& numbers, const HeadShape& shape, const HeadPatient& patient);

    glm::dvec3 millimetres(glm::dvec3 canonical) const { return warp_.at(asymmetry_.at(canonical)); }
    /// Whole micrometres.
    glm::dvec3 operator()(glm::dvec3 canonical) const;
    /// Midway between the tragions, mm.
    glm::dvec3 origin() const { return origin_; }
    /// Where the landmarks lie on the patient's skin, mm: left and midline ones in the order of
    /// numbers.landmarks, then the right ones of those that are paired.
    std::vector<glm::dvec3> landmarks() const;

  private:
    Asymmetry asymmetry_;
    std::vector<glm::dvec3> skin_;  // landmarks on the canonical skin, both sides
    HeadWarp warp_;
    glm::dvec3 origin_{0};
};

}  // namespace face
