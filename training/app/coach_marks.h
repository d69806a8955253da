#pragma once

// What the coach draws on the face where the pen is: an arrow for the lean, a ring that fills with the force, a gauge along the
// path for the speed, arrows across a path that was gone one way only, a forbidding ring over skin to keep away from, an arrow out of
// the skin or into it for the depth, a tick where a zone is done. Each is told by its shape as well as by its colour, light on a
// dark rim, so that it is seen on all skin.

#include "engine/skin/simulation.h"
#include "training/app/projection.h"
#include "training/app/widgets.h"
#include "training/core/coach.h"

namespace app {

/// The pen on the picture.
struct PenOnPicture {
    ImVec2 tip;        ///< pixels, of the tip's centre on the skin
    float radius;      ///< pixels, of a ring that leaves the tip free
    ImVec2 way{1, 0};  ///< of its path, unit, to the right
    double force = 0, speed = 0;  ///< N, cm/s, as an eye follows them
};

/// `contact` touches. `shade` is the mark's colour.
void draw_coach_mark(ImDrawList& draw, const Style& style, ImU32 shade, const training::Cue& cue, const PenOnPicture& at,
                     const Projection& seen, const skin::Contact& contact, const face::FaceAsset& face);

}  // namespace app
