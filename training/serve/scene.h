#pragma once

// A session's face and punctures for a browser to turn round: small enough to send, whole enough to look at. A picture and no
// evidence: the skin is thinned out, places are rounded to `kSceneStep_um`, of many punctures some are shown, and it says so.
//
// Bytes: "EHSCENE1", the header's length (uint32, little-endian), the header (JSON, below), then the arrays that it counts, in this
// order, each as planes of bytes: for 16 bits the low bytes, then the high ones. A plane's values follow on each other (each is
// the difference to the one before, in its own width), which deflate likes.
//
//   for each of "meshes" {name, colour, vertices, triangles, painted}:
//     x, y, z (uint16 each, steps from "origin_um"), the normal's two octahedral coordinates (int8 each),
//     painted: red, green, blue (uint8 each, sRGB); then 3 x triangles corners (uint16), each as one more than the highest so far
//     less itself, not differences
//   "punctures" {shown, all, counts}: x, y, z, then the kind of each (uint8, not differences): Kind below
//   for each of "faults" {id, name, verdict, cells, shown}: x, y, z of places on the skin
//
// and "step_um", "zones" [{id, name, counts}]; counts are of all punctures, by kind.

#include "training/core/score.h"
#include "training/core/session.h"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace serve {

/// How deep a puncture went beside its zone's band in the rubric, with the rubric's tolerance. `unjudged`: of skin that is not
/// prescribed, or for which the rubric has no band.
enum class DepthKind : uint8_t { shallow, in_band, deep, unjudged };

inline constexpr uint32_t kSceneStep_um = 20;
inline constexpr size_t kMostScenePunctures = 60'000, kMostScenePlaces = 240;  ///< shown, in all; places of one fault
inline constexpr size_t kSceneTriangles = 30'000;                             ///< of the skin

struct SceneSource {
    const training::Recording& recording;
    const training::Stage& stage;
    const training::Rubric& rubric;                 ///< as it holds for device and scope
    const training::Score& score;                   ///< whose lines are called as they are to be read
    const training::Phrases& words;                 ///< for the names of zones
    std::span<const std::array<uint8_t, 3>> colours;  ///< of each vertex of the face's mesh, sRGB
};

std::string scene(const SceneSource& source);

/// "gzip" form of bytes. `level`: 1 quick .. 9 small.
std::string gzipped(std::string_view bytes, int level);

}  // namespace serve
