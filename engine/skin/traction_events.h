#pragma once

// What procedure events say of the fingers: "traction_begin x y z dx dy dz" puts both (stretch.h: Hold),
// "finger_place N x y z dx dy dz" one (Stretch::place), "finger_lift N" and "traction_end" let go; metres,
// head frame, N = 1 or 2. A "traction_begin" with an empty value: somebody holds the skin ideally wherever
// the tip is. Any other value holds nothing: all fingers let go.

#include "engine/input/pen_sample.h"
#include "engine/skin/stretch.h"

namespace skin {

/// False for an event that is not about fingers. `ideally`: the skin is held without fingers of its own.
bool obey_traction(const input::ProcedureEvent& event, Stretch& stretch, bool& ideally);

}  // namespace skin
