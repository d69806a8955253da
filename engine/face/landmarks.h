#pragma once

// Landmark files: where a person (or our guess) sees the anthropometric landmarks of a scan, in the scan's
// own unit and axes. The names are those of content/faces/head/landmarks.toml; right ones are told too.
//
//   version = 1
//   source = "guessed from scan.glb; correct what is wrong and import again with --landmarks"
//   [midline]
//   nasion = [0.0, 118.6, 111.4]
//   [left]                       # the patient's left
//   endocanthion = [16.6, 108.3, 93.5]
//   [right]
//   endocanthion = [-16.6, 108.3, 93.5]

#include "engine/base/files.h"
#include "engine/face/head_numbers.h"

namespace face {

/// A named place. Paired landmarks end in _left and _right.
struct NamedPlace {
    std::string name;
    glm::dvec3 place{0};
};

/// Any of the landmarks of `known`, each once; others are refused with line and column.
base::Result<std::vector<NamedPlace>> read_landmarks(const base::fs::path& path,
                                                     const std::vector<Landmark>& known);

/// The same form, in the order of `places`.
std::string landmarks_text(const std::vector<NamedPlace>& places, const std::string& source);

}  // namespace face
