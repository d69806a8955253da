#pragma once

// Sounds in words, over the foot of what the window shows, while the settings ask for them.

#include "training/app/screens.h"

namespace app {

/// Between `left` and `right` of the page, px; ends at `foot`.
void draw_subtitles(const Desk& desk, float left, float right, float foot);

}  // namespace app
