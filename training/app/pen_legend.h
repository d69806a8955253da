#pragma once

// What buttons or keys do that lead the pen (pen_words.h), as a strip over the picture, or as rows of the column where there is no room
// for one.

#include "training/app/pen_words.h"
#include "training/app/widgets.h"

#include <span>

namespace app {

/// Between `left` and `right`, ending at `foot`; returns where it begins, y.
float draw_pen_legend(const Style& style, std::span<const LegendRow> rows, float left, float right, float foot);
/// In the window at hand, line by line.
void list_pen_legend(const Style& style, std::span<const LegendRow> rows);

}  // namespace app
