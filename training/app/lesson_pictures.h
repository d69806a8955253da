#pragma once

// Pictures of lessons: a few strokes each, drawn at any size, so that they are sharp on every screen.

#include "training/app/widgets.h"

#include <string_view>

namespace app {

/// The picture `id` of training::lesson_pictures() in the square of `side` px at `at`.
void draw_lesson_picture(ImDrawList& draw, std::string_view id, ImVec2 at, float side);

}  // namespace app
