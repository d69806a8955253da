#pragma once

// Small plots of attempts over ImGui's draw list.

#include "training/app/widgets.h"
#include "training/core/progress.h"

namespace app {

/// Shares 0..1 from left to right in the order of attempts: the band of the quartiles, the median line, the trend's line where there
/// is a trend, dots. `mark`: a share drawn as a dashed line (a pass mark); below 0 = none. Returns the number of the dot
/// under the pointer, or -1.
int draw_course(ImDrawList& draw, ImVec2 from, ImVec2 to, const training::Course& course, double mark, const Style& style);

/// An arrow up or down, or a level line, in the trend's colour; nothing where there are too few.
void draw_trend(ImDrawList& draw, ImVec2 centre, float size, training::Trend::Says says);

}  // namespace app
