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
#include "engine/mesh/surface_index.h"

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

/// Moves guesses (mm, canonical axes, on the skin of `head`) of the midline landmarks that have a definition
/// to where their definition puts them on the profile in the median plane, which the paired landmarks tell
/// (Farkas 1994, ch. 2; K). In this order, for the later ones are told by the earlier: pronasale and pogonion
/// the most prominent point, nasion and sublabiale the deepest, subnasale the deepest under the line from
/// pronasale to labiale superius, menton the lowest point of the chin; where the contour falls on into the
/// neck, where it has turned to within 15 degrees of level (A). A guess stays where the profile near it has
/// no such point. `held`: by index, not to be moved.
void place_by_definition(std::vector<NamedPlace>& places, const std::vector<bool>& held,
                         const mesh::SurfaceIndex& head);

/// Soft-tissue gnathion of the same profile: where it turns through 45 degrees between pogonion and menton.
/// Many sets of landmarks (Multi-PIE, iBUG) call it the chin point. Nothing where the places tell no profile.
std::optional<glm::dvec3> gnathion(const std::vector<NamedPlace>& places, const mesh::SurfaceIndex& head);

}  // namespace face
